//! Order: following the positions that entries say they have.
//!
//! One wrong position must not make all later ones look wrong. After a fault
//! two continuations are open, the old count and the new one, and the next
//! entry decides. This module reports nothing.

use crate::position::Seq;

/// The positions that may come next.
#[derive(Debug, Default)]
pub(super) struct Order {
    expected: u64,
    /// The position that would follow, if the last fault was an entry taken out or put in.
    other: Option<u64>,
    skipped: Option<(Seq, Seq)>,
}

impl Order {
    /// Returns the position that should come next.
    pub(super) fn expected(&self) -> Seq {
        Seq::new(self.expected)
    }

    /// Takes the position of the next entry; returns whether it follows.
    pub(super) fn follow(&mut self, found: Seq) -> bool {
        let found = found.get();
        let follows = found == self.expected || Some(found) == self.other;
        if follows {
            if found > self.expected {
                let first = self.expected.saturating_sub(1);
                self.skipped = Some((Seq::new(first), Seq::new(found.saturating_sub(2))));
            }
            self.expected = found.saturating_add(1);
            self.other = None;
        } else {
            self.expected = self.expected.saturating_add(1);
            self.other = Some(found.saturating_add(1));
        }
        follows
    }

    /// Takes note of an entry whose position cannot be read.
    pub(super) fn unreadable(&mut self) {
        self.expected = self.expected.saturating_add(1);
        self.other = self.other.map(|other| other.saturating_add(1));
    }

    /// Takes note of a gap; returns the first position in it that was not already
    /// seen in another place, if there is one.
    pub(super) fn missing(&mut self, first: Seq, last: Seq) -> Option<Seq> {
        let seen = self.expected.max(self.other.unwrap_or(0));
        let moved = seen <= last.get().saturating_add(1);
        let from = if moved {
            seen.max(first.get())
        } else {
            first.get()
        };
        self.expected = last.get().saturating_add(1);
        self.other = None;
        (from <= last.get()).then_some(Seq::new(from))
    }

    /// Takes note that the entries up to `last` were not looked at.
    pub(super) fn skip(&mut self, last: Seq) {
        self.expected = last.get().saturating_add(1);
        self.other = None;
    }

    /// Returns and forgets the positions that were passed over, once that is certain.
    pub(super) fn take_skipped(&mut self) -> Option<(Seq, Seq)> {
        self.skipped.take()
    }
}
