//! Authority: whether those who signed a submission may decide what it decides.
//!
//! Keepers decide: one who is in force signs the closing, or approves of the acts
//! in an entry of the same submission, which an archivist may then close. The
//! audit asks here of what was appended, and the ledger before it appends.

use std::collections::BTreeMap;

use crate::envelope::Envelope;
use crate::keyring::Keyring;
use crate::kind::Kind;
use crate::payload::{Act, ActsHash, ActsHasher, Approval, Origin, Role};
use crate::position::Seq;

/// The most approvals that a submission may have.
pub const MAX_APPROVALS: usize = 255;

/// What a submission decides, and who says to approve of it.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// Boxed, since most submissions decide nothing.
    acts: Option<Box<ActsHasher>>,
    revokes: Revokes,
    needs_quorum: bool,
    approvals: Vec<(Seq, Approval)>,
    too_many: Option<Seq>,
}

/// Why an approval does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadApproval {
    /// Nothing is decided that could be approved of.
    #[error("the submission decides nothing that could be approved of")]
    Idle,
    /// More approvals than a submission may have.
    #[error("a submission has at most {MAX_APPROVALS} approvals")]
    TooMany,
    /// No earlier entry enrolled such a key.
    #[error("no key in force was enrolled by entry {0}")]
    Unknown(Seq),
    /// The key is no keeper's.
    #[error("the key of entry {0} is not a keeper's")]
    NotAKeeper(Seq),
    /// The keeper's key was revoked before.
    #[error("the keeper's key was revoked by entry {0}")]
    Revoked(Seq),
    /// The signature is not the keeper's, or is over something else.
    #[error("the approval is not that of the key of entry {0}, or of something else")]
    Invalid(Seq),
    /// It was used already: an old approval, brought in a second time.
    #[error("the approval was used before")]
    Replayed,
}

/// What a decision came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weighed {
    /// The keepers behind it, whoever closed it included: each public key once,
    /// with the position of its key entry.
    pub keepers: BTreeMap<[u8; 32], Seq>,
    /// The approvals that do not count, by the positions of their entries.
    pub faults: Vec<(Seq, BadApproval)>,
}

/// Which keys the acts revoke, if they do nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Revokes {
    #[default]
    Nothing,
    One(Seq),
    More,
}

impl BadApproval {
    /// Returns the stable name of the finding.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Idle | Self::TooMany => "approval-misplaced",
            Self::Unknown(_) => "approver-unknown",
            Self::NotAKeeper(_) => "approver-role",
            Self::Revoked(_) => "approver-revoked",
            Self::Invalid(_) => "approval-invalid",
            Self::Replayed => "approval-replayed",
        }
    }

    /// Returns the key entry by which the approval was judged, if by one.
    pub const fn key(&self) -> Option<Seq> {
        match self {
            Self::Unknown(key) | Self::NotAKeeper(key) | Self::Invalid(key) => Some(*key),
            Self::Idle | Self::TooMany | Self::Revoked(_) | Self::Replayed => None,
        }
    }
}

impl Decision {
    /// Returns a decision of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an entry of the submission, whatever it is.
    pub fn take(&mut self, envelope: &Envelope) {
        if envelope.kind.is_act() {
            self.decide(envelope.kind, &envelope.payload);
        } else if envelope.kind == Kind::APPROVAL
            && let Ok(approval) = Approval::decode(&envelope.payload)
        {
            self.approve(envelope.seq, approval);
        }
    }

    /// Adds an act.
    pub fn decide(&mut self, kind: Kind, payload: &[u8]) {
        self.acts.get_or_insert_default().add(kind, payload);
        let act = Act::decode(kind, payload).ok();
        self.needs_quorum |= act.as_ref().is_some_and(Act::needs_quorum);
        let revoked = match act {
            Some(Act::Revoke(revocation)) => Some(revocation.key),
            _ => None,
        };
        self.revokes = match (self.revokes, revoked) {
            (Revokes::Nothing, Some(key)) => Revokes::One(key),
            (Revokes::One(before), Some(key)) if before == key => Revokes::One(key),
            _ => Revokes::More,
        };
    }

    /// Adds an approval, whose entry has this position.
    pub fn approve(&mut self, seq: Seq, approval: Approval) {
        if self.approvals.len() < MAX_APPROVALS {
            self.approvals.push((seq, approval));
        } else {
            self.too_many.get_or_insert(seq);
        }
    }

    /// Returns whether as many keepers must agree as the quorum in force says.
    pub fn needs_quorum(&self) -> bool {
        self.needs_quorum
    }

    /// Returns whether nothing is decided.
    pub fn is_empty(&self) -> bool {
        self.acts.is_none()
    }

    /// Returns the hash of the acts, which approvals are of.
    pub fn acts(&self) -> ActsHash {
        let acts = self.acts.as_ref();
        acts.map_or_else(|| ActsHasher::new().finish(), |acts| acts.finish())
    }

    /// Returns the approvals, with the positions of their entries.
    pub fn approvals(&self) -> &[(Seq, Approval)] {
        &self.approvals
    }

    /// Returns whether nothing is decided but that the key of the entry at `signer` is
    /// revoked, which whoever has the key may.
    pub fn is_own_end(&self, signer: Seq) -> bool {
        self.revokes == Revokes::One(signer)
    }

    /// Weighs the approvals of a submission that begins at `first`, by the keys that
    /// were enrolled and the numbers that were used before it.
    ///
    /// `closer` is the signer of the closing, if its signature is valid.
    pub fn weigh(
        &self,
        origin: &Origin,
        keyring: &Keyring,
        first: Seq,
        closer: Option<Seq>,
    ) -> Weighed {
        let mut weighed = Weighed::default();
        let acts = self.acts();
        for (seq, approval) in &self.approvals {
            let judged = if self.is_empty() {
                Err(BadApproval::Idle)
            } else {
                approver(approval, origin, &acts, keyring, first)
            };
            match judged {
                Ok(keeper) => drop(weighed.keepers.insert(keeper, approval.keeper)),
                Err(fault) => weighed.faults.push((*seq, fault)),
            }
        }
        let too_many = self.too_many.map(|seq| (seq, BadApproval::TooMany));
        weighed.faults.extend(too_many);
        let mut keepers = keyring.in_force(Role::Keeper, first);
        if let Some((seq, key)) = keepers.find(|(seq, _)| Some(*seq) == closer) {
            weighed.keepers.insert(key.key.to_bytes(), seq);
        }
        weighed
    }
}

/// Returns the keeper who gave an approval, if it counts.
fn approver(
    approval: &Approval,
    origin: &Origin,
    acts: &ActsHash,
    keyring: &Keyring,
    first: Seq,
) -> Result<[u8; 32], BadApproval> {
    let keeper = approval.keeper;
    let enrolled = keyring.enrolled(keeper).filter(|_| keeper < first);
    let enrolled = enrolled.ok_or(BadApproval::Unknown(keeper))?;
    if enrolled.key.role != Role::Keeper {
        return Err(BadApproval::NotAKeeper(keeper));
    }
    if !approval.is_by(origin, acts, &enrolled.key.key) {
        return Err(BadApproval::Invalid(keeper));
    }
    if let Some(revoked) = enrolled
        .revoked
        .as_ref()
        .filter(|_| !enrolled.signs_at(first))
    {
        return Err(BadApproval::Revoked(revoked.at));
    }
    if keyring.is_spent(&approval.nonce) {
        return Err(BadApproval::Replayed);
    }
    Ok(enrolled.key.key.to_bytes())
}
