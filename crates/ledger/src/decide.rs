//! Deciding: which keys may sign, as keepers decide it.
//!
//! What is refused here would be found by every audit. What one keeper may not
//! decide alone is not decided here; who approved of what is weighed in `chain`.

use chancery_chain::{Act, Draft, Envelope, Instant, KeyPayload, Keyring, PrivateKey, Role, Seq};

use crate::ledger::{Ledger, Receipt, SubmitError};

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecideError {
    /// The key is no keeper's, and does not revoke itself alone.
    #[error("this key may not decide that: it is not enrolled as a keeper, or was revoked")]
    NotAKeeper,
    /// As many keepers must agree as one is not.
    #[error("{quorum} keepers must agree to that, and one cannot decide it alone")]
    Quorum {
        /// How many must agree.
        quorum: u8,
    },
    /// The key is in force in this role already.
    #[error("this key is enrolled as {} already, by entry {seq}", role.name())]
    Enrolled {
        /// Its role.
        role: Role,
        /// The entry that enrols it.
        seq: Seq,
    },
    /// The key was revoked before: whoever else may have it would have it still.
    #[error("this key was revoked by entry {at}, and cannot be enrolled again")]
    WasRevoked {
        /// What revoked it.
        at: Seq,
    },
    /// No entry enrols such a key.
    #[error("entry {0} enrols no key")]
    NotAKey(Seq),
    /// The key was revoked before, and no less of what it signed would be in doubt.
    #[error("the key of entry {seq} was revoked by entry {at}")]
    Revoked {
        /// The key.
        seq: Seq,
        /// What revoked it.
        at: Seq,
    },
    /// It is the last key of a role without which nothing more could be done.
    #[error("this is the last {} key in force", role.name())]
    Last {
        /// The role.
        role: Role,
    },
    /// It was not recorded.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl Ledger {
    /// Records that keys are enrolled and revoked, as one submission.
    ///
    /// # Errors
    /// It may not be decided so, or was not recorded.
    pub fn decide(
        &mut self,
        acts: Vec<Act>,
        key: &dyn PrivateKey,
        now: Instant,
    ) -> Result<Receipt, DecideError> {
        let seq = self.decides(&acts, key).ok_or(DecideError::NotAKeeper)?;
        self.check(&acts)?;
        let recorded_at = self.moment(now, false)?;
        let before = self.head();
        let drafts = acts.into_iter().map(Draft::Act).collect();
        let entries = self.sealed(seq, key, recorded_at, drafts);
        let entries = entries.map_err(SubmitError::from)?;
        let after = self.store_mut().append(&entries);
        let after = after.map_err(SubmitError::from)?;
        let envelopes = entries
            .iter()
            .map(|entry| Envelope::decode(&entry.envelope));
        self.learn(envelopes.flatten());
        Ok(Receipt::between(&before, &after, 0))
    }

    /// Returns the key entry by which this key may decide these acts.
    fn decides(&self, acts: &[Act], key: &dyn PrivateKey) -> Option<Seq> {
        if let Some(keeper) = self.in_force(Role::Keeper, key) {
            return Some(keeper);
        }
        // Whoever has a key may end it.
        let own = Role::ALL
            .into_iter()
            .find_map(|role| self.in_force(role, key))?;
        let ends = |act: &Act| matches!(act, Act::Revoke(revocation) if revocation.key == own);
        acts.iter().all(ends).then_some(own)
    }

    fn check(&self, acts: &[Act]) -> Result<(), DecideError> {
        let place = self.head().size.next_seq();
        let mut after = self.keyring().clone();
        for (at, act) in (place.get()..).map(Seq::new).zip(acts) {
            match act {
                Act::Enrol(key) => {
                    check_enrolment(&after, key, at)?;
                    after.enrol(at, key.clone());
                }
                Act::Revoke(revocation) => {
                    check_revocation(&after, revocation.key, revocation.since)?;
                    after.revoke(at, revocation);
                }
                _ => {}
            }
        }
        let next = Seq::new(
            place
                .get()
                .saturating_add(acts.len() as u64)
                .saturating_add(1),
        );
        for role in [Role::Log, Role::Keeper] {
            if after.in_force(role, next).next().is_none() {
                return Err(DecideError::Last { role });
            }
        }
        Ok(())
    }
}

fn check_enrolment(keyring: &Keyring, key: &KeyPayload, at: Seq) -> Result<(), DecideError> {
    let role = key.role;
    let mut same = keyring.in_force(role, at);
    if let Some((seq, _)) = same.find(|(_, known)| known.key == key.key) {
        return Err(DecideError::Enrolled { role, seq });
    }
    let mut ended = keyring.iter().filter(|(_, one)| one.key.key == key.key);
    if let Some(revoked) = ended.find_map(|(_, one)| one.revoked.as_ref()) {
        return Err(DecideError::WasRevoked { at: revoked.at });
    }
    let quorum = keyring.quorum().get();
    if role == Role::Keeper && quorum > 1 {
        return Err(DecideError::Quorum { quorum });
    }
    Ok(())
}

fn check_revocation(keyring: &Keyring, seq: Seq, since: Option<Seq>) -> Result<(), DecideError> {
    let enrolled = keyring.enrolled(seq).ok_or(DecideError::NotAKey(seq))?;
    match &enrolled.revoked {
        Some(revoked) if since.is_none_or(|since| since >= revoked.since) => {
            let at = revoked.at;
            Err(DecideError::Revoked { seq, at })
        }
        _ => Ok(()),
    }
}
