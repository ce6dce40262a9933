//! Bodies that are not there: destroyed by an entry that says so, or missing.
//!
//! A slot that says that its body was destroyed is believed only if the entry
//! it names is an expunging of that very record; an expunging of a record whose
//! body is still there has not been carried out. Both are known only once all
//! entries have been seen.

use std::collections::{BTreeMap, BTreeSet};

use crate::expunging::Expunging;
use crate::finding::Finding;
use crate::position::Seq;

/// What is known so far of bodies that are not there, or should not be.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    /// Slots that say that their body was destroyed, each with the entry that is to have done it.
    destroyed: BTreeMap<Seq, Seq>,
    /// What expungings say: the record, and the expunging.
    expungings: BTreeSet<(Seq, Seq)>,
    /// Entries of the chain's own, which have no body.
    own: Marks,
    /// Records whose bodies are there, as they were appended.
    held: Marks,
    /// Entries that were not looked at.
    skipped: Vec<(Seq, Seq)>,
}

/// Positions that are marked, a bit for each.
#[derive(Debug, Default)]
struct Marks(BTreeMap<u64, u64>);

impl Bodies {
    /// Takes note of an entry that may be believed.
    pub(super) fn entry(&mut self, seq: Seq, is_record: bool) {
        if !is_record {
            self.own.mark(seq);
        }
    }

    /// Takes note that the body of a record is there, as it was appended.
    pub(super) fn held(&mut self, seq: Seq) {
        self.held.mark(seq);
    }

    /// Takes note that nobody looked at the entries from `first` to `last`.
    pub(super) fn skip(&mut self, first: Seq, last: Seq) {
        self.skipped.push((first, last));
    }

    /// Takes note of a slot that says that the entry at `by` destroyed its body, and
    /// returns what is to be said of that at once.
    pub(super) fn destroyed(&mut self, seq: Seq, by: Seq) -> Option<Finding> {
        if by <= seq {
            let message = "the body is not there, and no later entry is said to have destroyed it";
            return Some(Finding::damage("body-missing", message));
        }
        self.destroyed.insert(seq, by);
        None
    }

    /// Takes an expunging, and returns what is wrong with it.
    pub(super) fn expunging(&mut self, by: Seq, expunging: &Expunging) -> Option<Finding> {
        let seq = expunging.seq;
        if seq >= by || self.own.holds(seq) {
            let message = format!("the entry destroys entry {seq}, which is no record before it");
            return Some(Finding::damage("expunging-misplaced", message).at(by));
        }
        self.expungings.insert((seq, by));
        None
    }

    /// Says which bodies were destroyed as the ledger says, which are missing, and
    /// which are still there; `is_lost` says of which entries nothing is known.
    pub(super) fn finish(&self, is_lost: impl Fn(Seq) -> bool, findings: &mut Vec<Finding>) {
        for (seq, by) in &self.destroyed {
            if self.expungings.contains(&(*seq, *by)) {
                let message = format!("the body was destroyed: expunged by entry {by}");
                findings.push(Finding::notice("body-expunged", message).at(*seq));
            } else if !is_lost(*by) && !self.is_skipped(*by) {
                let message = format!("the body is not there, and entry {by} did not destroy it");
                findings.push(Finding::damage("body-missing", message).at(*seq));
            }
        }
        for (seq, by) in &self.expungings {
            if self.held.holds(*seq) {
                let message = format!("the body is still there, and entry {by} was to destroy it");
                findings.push(Finding::damage("body-not-destroyed", message).at(*seq));
            }
        }
    }

    /// Returns whether there are entries that nobody looked at.
    pub(super) fn has_skipped(&self) -> bool {
        !self.skipped.is_empty()
    }

    fn is_skipped(&self, seq: Seq) -> bool {
        let holds = |(first, last): &(Seq, Seq)| (*first..=*last).contains(&seq);
        self.skipped.iter().any(holds)
    }
}

impl Marks {
    fn mark(&mut self, seq: Seq) {
        *self.0.entry(seq.get() / 64).or_default() |= 1 << (seq.get() % 64);
    }

    fn holds(&self, seq: Seq) -> bool {
        let word = self.0.get(&(seq.get() / 64)).copied().unwrap_or(0);
        word & (1 << (seq.get() % 64)) != 0
    }
}
