//! A copy that is not this ledger's own, and how much of it is believed.
//!
//! The hash of an entry stands for all entries before it. So where an entry here,
//! or the leaf in a tile, or the root under the checkpoint, agrees with the copy,
//! everything that leads up to that place in the copy is proven. What comes after
//! the last such place is believed as far as submissions follow that keys of this
//! ledger signed. The rest of the copy is as if it were not there; a body proves
//! itself.

mod judge;

use std::path::PathBuf;

use chancery_chain::payload::closing_is_signed;
use chancery_chain::{
    Checkpoint, Closing, Finding, Keyring, Kind, Note, Origin, Role, Seq, Size, Slot,
};

use super::RepairError;
use super::source::{Candidate, Own, RollCopy};
use super::taken::Ranges;
use crate::files;
use crate::floor::{Claim, claim};
use crate::roll::CHECKPOINT_FILE;
use crate::signers::Signers;
use judge::Judged;

/// The longest checkpoint that is read: it has room for many witnesses.
const LONGEST_NOTE: u64 = 64 << 10;

/// A roll that lies elsewhere, on this machine.
#[derive(Clone, Debug)]
pub struct OtherCopy {
    /// The folder of the roll.
    pub roll: PathBuf,
    /// What to call it.
    pub name: String,
}

/// A copy elsewhere, as far as it is believed.
pub(super) struct Elsewhere {
    pub(super) name: String,
    copy: RollCopy,
    proven: Ranges,
    /// Up to where signed submissions follow what is proven.
    signed: Size,
    /// How many entries it has, believed or not.
    end: Size,
    /// Its checkpoint, if it is a later one of this ledger.
    note: Option<Vec<u8>>,
}

impl Elsewhere {
    /// Compares a copy with what is here, the ledger's checkpoint among it, and says
    /// how much of the copy is believed.
    ///
    /// # Errors
    /// It is a copy of another ledger, or has another history, or nothing says that
    /// it is one of this ledger.
    pub(super) fn judge(
        other: &OtherCopy,
        own: &mut Own,
        checkpoint: Option<&[u8]>,
    ) -> Result<Self, RepairError> {
        let mut copy = RollCopy::elsewhere(&other.roll)?;
        let note = files::read_at_most(&other.roll.join(CHECKPOINT_FILE), LONGEST_NOTE)?;
        let claims = [checkpoint, note.as_deref()].map(|note| note.and_then(claim));
        let judged = judge::compare(&mut copy, own, claims);
        let name = other.name.clone();
        let Some(last) = judged.proven.last() else {
            return Err(unrelated(name, &judged, own, checkpoint));
        };
        let mut keys = Keys::known(&judged);
        let signed = keys.signed_after(last, &judged, &mut copy);
        let parts = last.get() + 1;
        if signed.get() > parts {
            let other = judged.other.filter(|other| other.get() <= signed.get());
            let first = Seq::new(parts);
            if other.is_some() || keys.signed_here(own, first, signed) {
                return Err(RepairError::OtherHistory { place: name, first });
            }
            let here = claims[0].filter(|_| checkpoint.is_some_and(|note| keys.are_under(note)));
            if let Some(size) = contradicted(&judged, here, signed) {
                return Err(RepairError::OtherCheckpoint { place: name, size });
            }
        }
        let note = keys.later_checkpoint(note, claims, &judged, signed);
        Ok(Self {
            name,
            copy,
            proven: judged.proven,
            signed,
            end: judged.end,
            note,
        })
    }

    /// Returns the entry at `seq`, if it is to be believed.
    pub(super) fn at(&mut self, seq: Seq) -> Option<Candidate> {
        let believed =
            self.proven.has(seq) || (Some(seq) > self.proven.last() && self.signed.holds(seq));
        let mut found = self.copy.at(seq).filter(|_| believed)?;
        found.elsewhere = true;
        Some(found)
    }

    /// Returns the body slot at `seq`, which is worth what its hash is.
    pub(super) fn slot(&mut self, seq: Seq) -> Option<Slot> {
        self.copy.slot(seq)
    }

    /// Returns how far the copy is believed.
    pub(super) fn size(&self) -> Size {
        self.signed
    }

    /// Returns its checkpoint, if that is a later one of this ledger.
    pub(super) fn note(&self) -> Option<&[u8]> {
        self.note.as_deref()
    }

    /// Returns what could not be taken of the copy, where `taken` entries are now here.
    pub(super) fn left(&self, taken: Size) -> Vec<Finding> {
        let unread = self.copy.unread.clone();
        let beyond = self.end.last_seq().filter(|last| !taken.holds(*last));
        let beyond = beyond.map(|last| {
            let message = "the copy goes on, and this of it is not proven, or lacks its bodies";
            Finding::damage("copy-beyond", message).between(taken.next_seq(), last)
        });
        let found = unread.into_iter().chain(beyond);
        found
            .map(|finding| finding.file(self.name.clone()))
            .collect()
    }
}

/// Returns why nothing of a copy is proven.
fn unrelated(
    place: String,
    judged: &Judged,
    own: &mut Own,
    checkpoint: Option<&[u8]>,
) -> RepairError {
    let first = own.at(Seq::FIRST);
    let founded = first.iter().find_map(|one| origin(&one.envelope));
    let named = || {
        let note = Note::parse(checkpoint?).ok()?;
        Origin::new(Checkpoint::parse(note.text()).ok()?.origin()).ok()
    };
    match (founded.or_else(named), &judged.origin) {
        (Some(here), Some(there)) if here != *there => RepairError::OtherLedger {
            place,
            here: here.as_str().to_owned(),
            there: there.as_str().to_owned(),
        },
        (_, None) if judged.end == Size::EMPTY => RepairError::Unreadable { place },
        _ if judged.other.is_some() => RepairError::OtherHistory {
            place,
            first: Seq::FIRST,
        },
        _ => RepairError::Unproven { place },
    }
}

/// Returns the size of the checkpoint here, if it covers entries that only the copy
/// has, and is over others.
fn contradicted(judged: &Judged, here: Option<Claim>, signed: Size) -> Option<Size> {
    let here = here.filter(|here| here.size <= signed)?;
    let proven = judged.proven.last().and_then(Size::ending_at);
    let differs = judged.roots[0].is_some_and(|root| root != here.root);
    (differs && Some(here.size) > proven).then_some(here.size)
}

fn origin(envelope: &chancery_chain::Envelope) -> Option<Origin> {
    let founding = envelope.kind == Kind::FOUNDING;
    Origin::decode(&envelope.payload).ok().filter(|_| founding)
}

/// The keys of this ledger, as far as proven entries say.
struct Keys {
    origin: Option<Origin>,
    keyring: Keyring,
}

impl Keys {
    fn known(judged: &Judged) -> Self {
        let mut keyring = Keyring::new();
        for (envelope, elsewhere) in &judged.learnt {
            if judged.proven.has(envelope.seq) == *elsewhere {
                // What does not read is damage, which verifying the whole will tell.
                let _ = keyring.learn(envelope);
            }
        }
        let origin = judged.origin.clone();
        Self { origin, keyring }
    }

    /// Returns up to where signed submissions follow the last entry that is proven.
    fn signed_after(&mut self, last: Seq, judged: &Judged, copy: &mut RollCopy) -> Size {
        let proven = Size::ending_at(last).unwrap_or(Size::EMPTY);
        // Before the founding is proven, nobody's keys are known to be this ledger's.
        if judged.founded.is_none_or(|founded| founded > last) {
            return proven;
        }
        let (mut signed, mut said) = (proven, Vec::new());
        for seq in (proven.get()..=judged.reach.get()).map(Seq::new) {
            let Some(entry) = copy.at(seq) else { break };
            if entry.envelope.kind == Kind::CLOSING {
                if !self.signed(&entry) {
                    break;
                }
                signed = Size::new(seq.get() + 1);
                // A key counts once what enrolled it is signed.
                for envelope in said.drain(..) {
                    let _ = self.keyring.learn(&envelope);
                }
            } else if Keyring::learns(entry.envelope.kind) {
                said.push(entry.envelope);
            }
        }
        signed
    }

    /// Returns whether something else than the copy has was signed here: past the last
    /// proven entry no closing is the copy's.
    fn signed_here(&self, own: &mut Own, first: Seq, signed: Size) -> bool {
        let mut places = (first.get()..=signed.get()).map(Seq::new);
        places.any(|seq| own.at(seq).iter().any(|one| self.signed(one)))
    }

    fn signed(&self, closing: &Candidate) -> bool {
        let closes = closing.envelope.kind == Kind::CLOSING;
        let said = Closing::decode(&closing.envelope.payload);
        let Some(said) = said.ok().filter(|_| closes) else {
            return false;
        };
        let key = self.keyring.enrolled(said.signer);
        let key = key.filter(|key| key.key.role != Role::Log && key.signs_at(said.first));
        match (&self.origin, key) {
            (Some(origin), Some(key)) => closing_is_signed(origin, &closing.bytes, &key.key.key),
            _ => false,
        }
    }

    /// Returns the copy's checkpoint, if it is over more entries than the one here,
    /// over those that are believed, and signed by this ledger's key.
    fn later_checkpoint(
        &self,
        note: Option<Vec<u8>>,
        [here, there]: [Option<Claim>; 2],
        judged: &Judged,
        signed: Size,
    ) -> Option<Vec<u8>> {
        let there = there.filter(|there| there.size <= signed)?;
        let later = here.is_none_or(|here| here.size < there.size);
        let true_root = judged.roots[1] == Some(there.root);
        note.filter(|note| later && true_root && self.are_under(note))
    }

    /// Returns whether a note is a checkpoint that one of these keys signed.
    fn are_under(&self, note: &[u8]) -> bool {
        let keyring = self.keyring.clone();
        let signers = self
            .origin
            .clone()
            .map(|origin| Signers::new(origin, keyring));
        signers.is_some_and(|signers| signers.signed(note))
    }
}
