//! Merging the copies, entry by entry, by what the chain proves.
//!
//! An entry is taken if it follows the one taken before and the entry after it,
//! in any copy, carries its hash; a closing, which may be the last, proves
//! itself by its key signature. Where the copies agree there is nothing to
//! choose, and verifying the whole shows whether they are right. Of a copy that is
//! not this ledger's own only what is believed comes here (`elsewhere`). Bodies are
//! taken from whichever copy has the one that the envelope names, but for those that
//! an expunging in any copy names: they are not brought back.

use std::collections::BTreeSet;

use chancery_chain::head::Head;
use chancery_chain::payload::closing_is_signed;
use chancery_chain::seal::Entry;
use chancery_chain::{Closing, Envelope, Hash, Keyring, Kind, Origin, Seq, Size, Slot};

use super::elsewhere::Elsewhere;
use super::source::{Candidate, Own};
use super::taken::Taken;
use crate::expunge::{Destroyed, expunged};

/// The copies, and how far they have been merged.
pub(super) struct Merge {
    own: Own,
    other: Option<Elsewhere>,
    origin: Option<Origin>,
    keyring: Keyring,
    stuck: Option<Seq>,
    /// What expungings name, true or not: verifying the whole shows that.
    expunged: Destroyed,
    /// What is named by expungings that cannot be recovered themselves.
    withheld: BTreeSet<Seq>,
    /// Whether the roll holds a body that was expunged.
    holds_expunged: bool,
    taken: Taken,
}

impl Merge {
    pub(super) fn of(own: Own, other: Option<Elsewhere>) -> Self {
        let mut merge = Self {
            own,
            other,
            origin: None,
            keyring: Keyring::new(),
            stuck: None,
            expunged: Destroyed::new(),
            withheld: BTreeSet::new(),
            holds_expunged: false,
            taken: Taken::default(),
        };
        merge.look_for_expungings();
        merge
    }

    /// Begins anew, if an expunging lies beyond the `size` entries that could be
    /// recovered. The body that it names then counts only where it lies in the roll,
    /// from where nothing is brought back. Returns whether there is such a one.
    pub(super) fn begins_anew(&mut self, size: Size) -> bool {
        let beyond = |by: &Seq| !size.holds(*by);
        let named = self.expunged.iter().filter(|(_, by)| beyond(by));
        let withheld: BTreeSet<Seq> = named.map(|(seq, _)| *seq).collect();
        if withheld.is_empty() {
            return false;
        }
        self.expunged.retain(|_, by| !beyond(by));
        self.withheld = withheld;
        self.holds_expunged = false;
        self.keyring = Keyring::new();
        self.taken = Taken::default();
        self.stuck = None;
        true
    }

    /// Returns whether the roll holds a body that was to be destroyed.
    pub(super) fn holds_expunged(&self) -> bool {
        self.holds_expunged
    }

    /// Returns the copy that is not this ledger's own.
    pub(super) fn other(&self) -> Option<&Elsewhere> {
        self.other.as_ref()
    }

    /// Returns what was taken from that copy.
    pub(super) fn taken(&self) -> &Taken {
        &self.taken
    }

    /// Returns how many entries there may be, by the word of what is believed.
    pub(super) fn size(&self) -> Size {
        let other = self.other.as_ref().map_or(Size::EMPTY, Elsewhere::size);
        self.own.size().max(other)
    }

    fn look_for_expungings(&mut self) {
        for by in (0..self.size().get()).map(Seq::new) {
            for candidate in self.at(by) {
                if let Some(seq) = expunged(by, &candidate.bytes) {
                    self.expunged.entry(seq).or_insert(by);
                }
            }
        }
    }

    /// Returns the submission that follows `head`, with the head after it, or
    /// `None` if not all of it can be proven.
    pub(super) fn submission(&mut self, head: &Head) -> Option<(Vec<Entry>, Head)> {
        let mut entries = Vec::new();
        let mut next = *head;
        loop {
            let seq = next.size.next_seq();
            let Some((candidate, slot)) = self.proven(seq, next.hash) else {
                self.stuck = Some(seq);
                return None;
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
                return Some((entries, next));
            }
        }
    }

    /// Returns the entry at `seq` that follows `previous`, with its body.
    fn proven(&mut self, seq: Seq, previous: Hash) -> Option<(Candidate, Slot)> {
        let mut following = self.at(seq);
        following.retain(|one| one.envelope.previous == previous);
        if following.iter().any(|one| one.hash != following[0].hash) {
            let after = self.at(Seq::new(seq.get() + 1));
            following.retain(|one| self.bears_out(&after, one));
        }
        let chosen = following.into_iter().next()?;
        let (slot, elsewhere) = self.slot(seq, &chosen.envelope)?;
        if chosen.elsewhere {
            self.taken.entries.push(seq);
        } else if elsewhere {
            self.taken.bodies.push(seq);
        }
        Some((chosen, slot))
    }

    /// Returns whether an entry after this one carries its hash, or it is signed.
    pub(super) fn bears_out(&self, after: &[Candidate], one: &Candidate) -> bool {
        let carried = after.iter().any(|next| next.envelope.previous == one.hash);
        carried || self.is_signed(one)
    }

    /// Returns the body slot that belongs to an envelope, and whether only the copy
    /// elsewhere has it.
    pub(super) fn slot(&mut self, seq: Seq, envelope: &Envelope) -> Option<(Slot, bool)> {
        if !envelope.kind.is_record() {
            return Some((Slot::None, false));
        }
        let roll = self.own.slot_in_roll(seq);
        if let Some(by) = self.expunged.get(&seq) {
            self.holds_expunged |= matches!(roll, Some(Slot::Body { .. }));
            return Some((Slot::Expunged(*by), false));
        }
        let is_its = |slot: &Slot| slot.body_hash() == Some(envelope.body_hash);
        if self.withheld.contains(&seq) {
            return roll.filter(is_its).map(|slot| (slot, false));
        }
        let own: Vec<_> = roll
            .into_iter()
            .chain(self.own.slot_in_store(seq))
            .collect();
        if let Some(held) = own.iter().find(|slot| is_its(slot)) {
            return Some((held.clone(), false));
        }
        let there = self.other.as_mut().and_then(|other| other.slot(seq));
        if let Some(held) = there.filter(is_its) {
            return Some((held, true));
        }
        // In a damaged bundle anything may look like a body that was destroyed:
        // that is believed only where no copy has the body.
        let mut expunged = own
            .into_iter()
            .filter(|slot| matches!(slot, Slot::Expunged(_)));
        Some((expunged.next()?, false))
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

    /// Returns the entries that stand at `seq`, those of the own copies first.
    pub(super) fn at(&mut self, seq: Seq) -> Vec<Candidate> {
        let mut here = self.own.at(seq);
        here.extend(self.other.as_mut().and_then(|other| other.at(seq)));
        here
    }
}
