//! Deciding: which keys may sign, what is destroyed, and how many must agree.
//!
//! What is refused here would be found by every audit: those who agree are weighed
//! by the same rules ([`chancery_chain::authority`]). Keepers whose keys are kept
//! elsewhere are asked by a [`Request`], and their approvals brought back.

use chancery_chain::payload::MalformedPayload;
use chancery_chain::request::{Keeper, NoRequest, Request};
use chancery_chain::{
    Act, Approval, BadApproval, Decision, Digest, Draft, Envelope, Instant, KeyPayload, Keyring,
    Nonce, Origin, PrivateKey, Quorum, Revocation, Role, Seq, Size,
};

use crate::ledger::{Ledger, Receipt, SubmitError};

/// What is to be decided, and who agreed to it beforehand.
#[derive(Clone, Debug, Default)]
pub struct Resolution {
    /// What is decided, in order.
    pub acts: Vec<Act>,
    /// The approvals of keepers besides whoever closes the submission.
    pub approvals: Vec<Approval>,
    /// The files in custody that are destroyed with the bodies.
    pub sources: Vec<Digest>,
    /// Whether fewer keepers may be left than have to agree.
    pub below_quorum: bool,
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecideError {
    /// The key is no keeper's, and does not revoke itself alone.
    #[error("this key may not decide that: it is not enrolled as a keeper, or was revoked")]
    NotAKeeper,
    /// What keepers approved of is closed by an archivist or a keeper.
    #[error("this key is not enrolled as an archivist or a keeper of {}", origin.as_str())]
    NotASigner {
        /// The ledger's name.
        origin: Origin,
    },
    /// Fewer keepers agree than have to.
    #[error(
        "{quorum} keepers must agree to that, and {keepers} {}",
        if *keepers == 1 { "does" } else { "do" }
    )]
    Quorum {
        /// How many must agree.
        quorum: u8,
        /// How many do.
        keepers: usize,
    },
    /// An approval does not count.
    #[error("an approval does not count")]
    Approval(#[source] BadApproval),
    /// Fewer keepers would be left than have to agree.
    #[error("{keepers} would be left of the {quorum} keepers who must agree")]
    TooFew {
        /// How many must agree.
        quorum: u8,
        /// How many there would be.
        keepers: usize,
    },
    /// There are fewer keepers than would have to agree.
    #[error(
        "{quorum} keepers would have to agree, and there {} {keepers}",
        if *keepers == 1 { "is" } else { "are" }
    )]
    TooMany {
        /// How many would have to agree.
        quorum: u8,
        /// How many there are.
        keepers: usize,
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
    /// What is to be in doubt is not there yet.
    #[error("there is no entry {0} yet, from which on the key could be in doubt")]
    NotYet(Seq),
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
    /// So many keepers must agree already.
    #[error("{0} is how many keepers must agree already")]
    SameQuorum(u8),
    /// Something in it cannot be kept.
    #[error(transparent)]
    Malformed(#[from] MalformedPayload),
    /// It cannot be written down as a request.
    #[error(transparent)]
    Request(#[from] NoRequest),
    /// It was not recorded.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl Ledger {
    /// Records what was decided, as one submission that `key` closes, and destroys the
    /// bodies that are expunged in it.
    ///
    /// # Errors
    /// It may not be decided so, or was not recorded; or it was, and the destruction is
    /// completed when the ledger is opened the next time.
    pub fn decide(
        mut self,
        resolution: Resolution,
        key: &dyn PrivateKey,
        now: Instant,
    ) -> Result<(Self, Receipt), DecideError> {
        let seq = self.may_decide(&resolution, key)?;
        let recorded_at = self.moment(now, false)?;
        let before = self.head();
        let destroys = |act: &Act| matches!(act, Act::Expunge(_));
        let expunged = resolution.acts.iter().filter(|act| destroys(act)).count();
        let acts = resolution.acts.into_iter().map(Draft::Act);
        let approvals = resolution.approvals.into_iter().map(Draft::Approval);
        let drafts = acts.chain(approvals).collect();
        let entries = self.sealed(seq, key, recorded_at, drafts);
        let entries = entries.map_err(SubmitError::from)?;
        let after = if expunged > 0 {
            let destroyed = self.destroy(&entries, resolution.sources);
            let (ledger, after) = destroyed.map_err(SubmitError::from)?;
            self = ledger;
            after
        } else {
            let appended = self.store_mut().append(&entries);
            appended.map_err(SubmitError::from)?
        };
        let envelopes = entries
            .iter()
            .map(|entry| Envelope::decode(&entry.envelope));
        self.learn(envelopes.flatten());
        Ok((self, Receipt::between(&before, &after, expunged)))
    }

    /// Returns the key entry by which this key may close what is decided.
    ///
    /// # Errors
    /// It may not be decided so.
    pub fn may_decide(
        &self,
        resolution: &Resolution,
        key: &dyn PrivateKey,
    ) -> Result<Seq, DecideError> {
        let seq = self.closer(resolution, key)?;
        let (keyring, size) = (self.keyring(), self.head().size);
        check(keyring, size, &resolution.acts, resolution.below_quorum)?;
        self.weigh(resolution, seq)?;
        Ok(seq)
    }

    /// Returns the key entry by which this key closes what is decided.
    fn closer(&self, resolution: &Resolution, key: &dyn PrivateKey) -> Result<Seq, DecideError> {
        let mut roles = [Role::Keeper, Role::Archivist].into_iter();
        if let Some(seq) = roles.find_map(|role| self.in_force(role, key)) {
            return Ok(seq);
        }
        if !resolution.approvals.is_empty() {
            let origin = self.origin().clone();
            return Err(DecideError::NotASigner { origin });
        }
        // A log's key ends itself, if nothing else; weighing tells.
        let log = self.in_force(Role::Log, key);
        log.ok_or(DecideError::NotAKeeper)
    }

    /// Asks whether those who agree may decide this, as every audit will.
    fn weigh(&self, resolution: &Resolution, closer: Seq) -> Result<(), DecideError> {
        let place = self.head().size.next_seq();
        let mut decision = Decision::new();
        for act in &resolution.acts {
            decision.decide(act.kind(), &act.encode()?);
        }
        for approval in &resolution.approvals {
            decision.approve(place, approval.clone());
        }
        let weighed = decision.weigh(self.origin(), self.keyring(), place, Some(closer));
        if let Some((_, fault)) = weighed.faults.first() {
            return Err(DecideError::Approval(*fault));
        }
        let (keepers, quorum) = (weighed.keepers.len(), self.keyring().quorum().get());
        if keepers == 0 && !decision.is_own_end(closer) {
            return Err(DecideError::NotAKeeper);
        }
        if decision.needs_quorum() && keepers < usize::from(quorum) {
            return Err(DecideError::Quorum { quorum, keepers });
        }
        Ok(())
    }
}

/// Returns a request to the keepers of `origin` in force after `size` entries, for
/// these acts; `nonce` is random.
///
/// # Errors
/// They could not be decided, whoever agrees.
pub fn request(
    origin: &Origin,
    keyring: &Keyring,
    size: Size,
    acts: Vec<Act>,
    nonce: Nonce,
) -> Result<Request, DecideError> {
    // Whether so few keepers may be left is asked when it is enacted.
    check(keyring, size, &acts, true)?;
    let keepers = keyring.in_force(Role::Keeper, size.next_seq());
    let keepers = keepers.map(|(_, known)| Keeper {
        key: known.key,
        name: known.name.clone(),
    });
    let several = acts.iter().any(Act::needs_quorum);
    let quorum = if several {
        keyring.quorum()
    } else {
        Quorum::ONE
    };
    let (origin, keepers) = (origin.clone(), keepers.collect());
    Ok(Request::new(origin, nonce, quorum, keepers, acts)?)
}

/// Asks whether these acts can follow `size` entries, whoever agrees to them.
fn check(
    keyring: &Keyring,
    size: Size,
    acts: &[Act],
    below_quorum: bool,
) -> Result<(), DecideError> {
    let place = size.next_seq();
    let mut after = keyring.clone();
    for (at, act) in (place.get()..).map(Seq::new).zip(acts) {
        match act {
            Act::Enrol(key) => {
                check_enrolment(&after, key, at)?;
                after.enrol(at, key.clone());
            }
            Act::Revoke(revocation) => {
                check_revocation(&after, revocation, at)?;
                after.revoke(at, revocation);
            }
            Act::SetQuorum(quorum) if *quorum == after.quorum() => {
                return Err(DecideError::SameQuorum(quorum.get()));
            }
            Act::SetQuorum(quorum) => after.set_quorum(*quorum),
            _ => {}
        }
    }
    let added = u64::try_from(acts.len()).unwrap_or(u64::MAX);
    let next = Seq::new(place.get().saturating_add(added).saturating_add(1));
    for role in [Role::Log, Role::Keeper] {
        if after.in_force(role, next).next().is_none() {
            return Err(DecideError::Last { role });
        }
    }
    let keepers = after.in_force(Role::Keeper, next).count();
    let quorum = after.quorum();
    if keepers >= usize::from(quorum.get()) {
        return Ok(());
    }
    let fewer = keepers < keyring.in_force(Role::Keeper, place).count();
    let (more, quorum) = (quorum > keyring.quorum(), quorum.get());
    if more {
        return Err(DecideError::TooMany { quorum, keepers });
    }
    if fewer && !below_quorum {
        return Err(DecideError::TooFew { quorum, keepers });
    }
    Ok(())
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
    Ok(())
}

fn check_revocation(
    keyring: &Keyring,
    revocation: &Revocation,
    at: Seq,
) -> Result<(), DecideError> {
    let (seq, since) = (revocation.key, revocation.since);
    if let Some(since) = since.filter(|since| *since > at) {
        return Err(DecideError::NotYet(since));
    }
    let enrolled = keyring.enrolled(seq).ok_or(DecideError::NotAKey(seq))?;
    match &enrolled.revoked {
        Some(revoked) if since.is_none_or(|since| since >= revoked.since) => {
            let at = revoked.at;
            Err(DecideError::Revoked { seq, at })
        }
        _ => Ok(()),
    }
}
