//! Merging the copies, entry by entry, by what the chain proves.
//!
//! An entry is taken if it follows the one taken before and the entry after it,
//! in either copy, carries its hash; a closing, which may be the last, proves
//! itself by its key signature. Where the copies agree there is nothing to
//! choose, and verifying the whole shows whether they are right. Bodies are taken
//! from whichever copy has the one that the envelope names, but for those that an
//! expunging in either copy names: they are not brought back.

use std::path::Path;

use chancery_chain::head::Head;
use chancery_chain::payload::closing_is_signed;
use chancery_chain::seal::Entry;
use chancery_chain::{Closing, Hash, Keyring, Kind, Origin, Seq, Size, Slot};

use super::source::{Candidate, RollCopy, StoreCopy};
use crate::expunge::{Destroyed, expunged};
use crate::files::FileError;

/// Both copies, and how far they have been merged.
pub(super) struct Merge {
    roll: Option<RollCopy>,
    store: StoreCopy,
    origin: Option<Origin>,
    keyring: Keyring,
    stuck: Option<Seq>,
    /// What expungings name, true or not: verifying the whole shows that.
    expunged: Destroyed,
    /// Whether the roll holds a body that was expunged.
    holds_expunged: bool,
}

impl Merge {
    pub(super) fn of(folder: &Path) -> Result<Self, FileError> {
        let mut merge = Self {
            roll: RollCopy::open(folder)?,
            store: StoreCopy::open(folder)?,
            origin: None,
            keyring: Keyring::new(),
            stuck: None,
            expunged: Destroyed::new(),
            holds_expunged: false,
        };
        merge.look_for_expungings();
        Ok(merge)
    }

    /// Returns whether the roll holds a body that was to be destroyed.
    pub(super) fn holds_expunged(&self) -> bool {
        self.holds_expunged
    }

    fn look_for_expungings(&mut self) {
        let roll = self.roll.as_ref().map_or(Size::EMPTY, RollCopy::size);
        for by in (0..roll.max(self.store.size()).get()).map(Seq::new) {
            for candidate in self.at(by) {
                if let Some(seq) = expunged(by, &candidate.bytes) {
                    self.expunged.entry(seq).or_insert(by);
                }
            }
        }
    }

    /// Returns the submission that follows `head`, with the head after it, or
    /// `None` if not all of it can be proven.
    pub(super) fn submission(
        &mut self,
        head: &Head,
    ) -> Result<Option<(Vec<Entry>, Head)>, FileError> {
        let mut entries = Vec::new();
        let mut next = *head;
        loop {
            let seq = next.size.next_seq();
            let Some((candidate, slot)) = self.proven(seq, next.hash) else {
                self.stuck = Some(seq);
                return Ok(None);
            };
            self.learn(&candidate);
            next.hash = candidate.hash;
            next.size = Size::new(seq.get() + 1);
            next.recorded_at = candidate.envelope.recorded_at;
            entries.push(Entry {
                envelope: candidate.bytes,
                slot,
            });
            if candidate.envelope.kind == Kind::CLOSING {
                next.submissions += 1;
                return Ok(Some((entries, next)));
            }
        }
    }

    /// Returns the entry at `seq` that follows `previous`, with its body.
    fn proven(&mut self, seq: Seq, previous: Hash) -> Option<(Candidate, Slot)> {
        let here = self.at(seq);
        let mut following: Vec<_> = here
            .iter()
            .filter(|one| one.envelope.seq == seq && one.envelope.previous == previous)
            .cloned()
            .collect();
        if following.iter().any(|one| one.hash != following[0].hash) {
            let after = self.at(Seq::new(seq.get() + 1));
            let carried = |one: &Candidate| {
                let carried = after.iter().any(|next| next.envelope.previous == one.hash);
                carried || self.is_signed(one)
            };
            following.retain(carried);
        }
        let chosen = following.into_iter().next()?;
        if !chosen.envelope.kind.is_record() {
            return Some((chosen, Slot::None));
        }
        let slots: Vec<_> = here.into_iter().filter_map(|one| one.slot).collect();
        let body = Some(chosen.envelope.body_hash);
        if let Some(by) = self.expunged.get(&seq) {
            self.holds_expunged |= matches!(slots.first(), Some(Slot::Body { .. }));
            return Some((chosen, Slot::Expunged(*by)));
        }
        let held = slots.iter().find(|slot| slot.body_hash() == body);
        // In a damaged bundle anything may look like a body that was destroyed:
        // that is believed only where neither copy has the body.
        let expunged = || slots.iter().find(|slot| matches!(slot, Slot::Expunged(_)));
        let slot = held.or_else(expunged)?.clone();
        Some((chosen, slot))
    }

    /// Returns the first entry that could not be proven, if that was why it ended.
    pub(super) fn stuck(&self) -> Option<Seq> {
        self.stuck
    }

    /// Takes note of the origin and the keys, by which closings are signed.
    fn learn(&mut self, taken: &Candidate) {
        let envelope = &taken.envelope;
        if envelope.kind == Kind::FOUNDING {
            self.origin = Origin::decode(&envelope.payload).ok();
        }
        // What does not read is damage, which verifying the whole will tell.
        let _ = self.keyring.learn(envelope);
    }

    /// Returns whether a candidate is a closing with a valid key signature.
    fn is_signed(&self, candidate: &Candidate) -> bool {
        let closing = Closing::decode(&candidate.envelope.payload).ok();
        let closing = closing.filter(|_| candidate.envelope.kind == Kind::CLOSING);
        let key = closing.and_then(|closing| self.keyring.get(closing.signer));
        match (&self.origin, key) {
            (Some(origin), Some(key)) => closing_is_signed(origin, &candidate.bytes, &key.key),
            _ => false,
        }
    }

    fn at(&mut self, seq: Seq) -> Vec<Candidate> {
        let roll = self.roll.as_mut().and_then(|roll| roll.at(seq));
        roll.into_iter().chain(self.store.at(seq)).collect()
    }
}
