//! The audit: whether entries are what was appended, in order and unaltered.
//!
//! [`Audit`] is fed every entry from the first and reports every fault as a
//! [`Finding`], naming the entry that was altered and not its innocent
//! neighbour. For this it waits with each entry until the next one has come:
//! the hash that the next one carries, the leaf in the tile, and the key
//! signature of a closing are three witnesses, and the fault is where they
//! point. It cannot tell whether entries were cut off the end; for that,
//! compare its outcome with a checkpoint that was kept elsewhere.
//!
//! What needs no other entry is done in [`examined`], which may be done for many
//! at once. The witnesses are weighed in `weigh`; positions are followed in `order`;
//! what the entries say (submissions, keys, closings) is checked in `fold` and
//! `closing`.

mod bodies;
mod closing;
pub mod examined;
mod flags;
mod fold;
mod order;
mod submission;
#[cfg(test)]
mod tests;
mod weigh;

use crate::finding::Finding;
use crate::hash::Hash;
use crate::head::Head;
use crate::keyring::Keyring;
use crate::payload::Origin;
use crate::position::{Seq, Size};
use crate::slot::Slot;
use crate::tree::{Frontier, TreeHash};

use examined::{Body, Examined};
use fold::Fold;
use order::Order;
use weigh::{Leaf, Run, Waiting};

/// What an audit checks besides the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checks {
    /// Whether leaves are hashed, and compared with those in the tiles.
    pub tree: bool,
    /// Whether bodies are compared with their hashes, and missed if they are not there.
    pub bodies: bool,
    /// Whether the key signatures of closings are verified.
    pub signatures: bool,
}

/// The verifying fold over a ledger's entries.
#[derive(Debug)]
pub struct Audit {
    checks: Checks,
    /// The position that should come next.
    next: Seq,
    /// The right edge of the tree over the bytes as they stand, while none was missing.
    frontier: Option<Frontier>,
    last_hash: Hash,
    /// The last entry and its hash, if that was not looked at.
    skipped: Option<(Seq, Hash)>,
    order: Order,
    /// The last entry, until the next one has borne witness.
    waiting: Option<Waiting>,
    run: Option<Run>,
    fold: Fold,
    findings: Vec<Finding>,
}

/// What an audit came to.
#[derive(Clone, Debug)]
pub struct Audited {
    /// How many entries were seen, or should have been.
    pub size: Size,
    /// The hash of the last entry's bytes as they stand.
    pub hash: Hash,
    /// The right edge of the tree over the bytes as they stand; `None` if some were missing.
    pub frontier: Option<Frontier>,
    /// The head after the last complete submission.
    pub closed: Head,
    /// The ledger's name, if entry 0 could be read.
    pub origin: Option<Origin>,
    /// The head hash after submission 0, if its closing could be read.
    pub founding: Option<Hash>,
    /// The keys enrolled.
    pub keyring: Keyring,
    /// Everything found, in the order of finding.
    pub findings: Vec<Finding>,
}

impl Default for Checks {
    fn default() -> Self {
        Self {
            tree: true,
            bodies: true,
            signatures: true,
        }
    }
}

impl Default for Audit {
    fn default() -> Self {
        Self::new()
    }
}

impl Audit {
    /// Returns an audit that checks everything.
    pub fn new() -> Self {
        Self::with(Checks::default())
    }

    /// Returns an audit that checks the chain and this.
    pub fn with(checks: Checks) -> Self {
        Self {
            checks,
            next: Seq::FIRST,
            frontier: checks.tree.then(Frontier::new),
            last_hash: Hash::ZERO,
            skipped: None,
            order: Order::default(),
            waiting: None,
            run: None,
            fold: Fold::default(),
            findings: Vec::new(),
        }
    }

    /// Returns the audit without a tree of its own, for a caller that grows one.
    #[must_use]
    pub fn without_frontier(self) -> Self {
        Self {
            frontier: None,
            ..self
        }
    }

    /// Takes the entry at the next position: the envelope's bytes as they stand,
    /// its body slot, and what the tile says that the leaf's hash is.
    ///
    /// `slot` is `None` where none could be read, `leaf` where there is no tile.
    /// Positions left out are taken as missing.
    pub fn entry(&mut self, at: Seq, bytes: &[u8], slot: Option<&Slot>, leaf: Option<TreeHash>) {
        self.take(at, Examined::of(bytes, slot, self.checks), leaf);
    }

    /// Takes the entry at the next position, which has been examined by itself,
    /// as [`Self::entry`] does.
    pub fn take(&mut self, at: Seq, entry: Examined, leaf: Option<TreeHash>) {
        if at > self.next {
            self.missing(self.next, Seq::new(at.get() - 1), None);
        }
        self.grow(at, entry.leaf);
        self.last_hash = entry.hash;
        let body = entry.body.clone();
        let waiting = self.read(at, entry, leaf);
        if let Some(envelope) = &waiting.envelope {
            let moved = envelope.seq != at;
            self.check_body(waiting.name, moved, body);
        }
        self.weigh_next(waiting);
    }

    /// Takes note that the entries from `first` to `last` were not looked at,
    /// but for what binds them to the others: the hash that the first carries,
    /// and that of the last. Nothing else is said of them, and none counts as lost.
    pub fn skip(&mut self, first: Seq, last: Seq, ends: Option<(Hash, Hash)>) {
        self.weigh_before_skipped(first, ends.map(|(previous, _)| previous));
        self.frontier = None;
        self.next = Seq::new(last.get().saturating_add(1));
        self.last_hash = ends.map_or(Hash::ZERO, |(_, hash)| hash);
        self.skipped = ends.map(|(_, hash)| (last, hash));
        self.order.skip(last);
        self.fold.bodies.skip(first, last);
        self.fold.unsettle();
    }

    /// Takes note that the entries from `first` to `last` could not be read.
    ///
    /// With their leaves from the tiles, the root can still be told.
    pub fn missing(&mut self, first: Seq, last: Seq, leaves: Option<&[TreeHash]>) {
        self.weigh_last();
        let count = last.get().saturating_sub(first.get()).saturating_add(1);
        match leaves {
            Some(leaves) if leaves.len() as u64 == count && first == self.next => {
                for leaf in leaves {
                    self.frontier.iter_mut().for_each(|f| f.push(*leaf));
                }
            }
            _ => self.frontier = None,
        }
        self.next = Seq::new(last.get().saturating_add(1));
        self.last_hash = Hash::ZERO;
        self.skipped = None;
        // An entry that was taken out moves those after it up: it was named
        // already, and the empty place at the end is not another.
        if let Some(first) = self.order.missing(first, last) {
            let finding = Finding::damage("entry-missing", "no entry can be read here");
            self.findings.push(finding.between(first, last));
        }
        self.fold.lose(first, last);
    }

    /// Returns how many entries were seen, or should have been.
    pub fn size(&self) -> Size {
        Size::new(self.next.get())
    }

    /// Returns the hash of the last entry's bytes as they stand; zeros if there is none.
    pub fn hash(&self) -> Hash {
        self.last_hash
    }

    /// Ends the audit: weighs the last entry, and says what is left open.
    pub fn finish(mut self) -> Audited {
        self.weigh_last();
        self.flush_run("leaf-mismatch");
        self.fold.finish(&mut self.findings);
        Audited {
            size: self.size(),
            hash: self.last_hash,
            closed: self.fold.closed,
            origin: self.fold.origin.take(),
            founding: self.fold.founding,
            keyring: self.fold.certain_keys(),
            frontier: self.frontier,
            findings: self.findings,
        }
    }

    /// Adds a leaf to the tree, if it follows; an entry too many cannot be in it.
    fn grow(&mut self, at: Seq, leaf: Option<TreeHash>) {
        match (&mut self.frontier, leaf) {
            (Some(frontier), Some(leaf)) if at == self.next => frontier.push(leaf),
            (frontier, _) => *frontier = None,
        }
        self.next = Seq::new(at.get().saturating_add(1));
    }

    /// Follows the position of an entry; a fault of that or of its form is reported.
    fn read(&mut self, at: Seq, mut entry: Examined, leaf: Option<TreeHash>) -> Waiting {
        let mut waiting = Waiting::new(at, entry.hash, Leaf::compare(leaf, entry.leaf));
        waiting.witness = entry.witness();
        let envelope = match entry.envelope {
            Ok(envelope) => envelope,
            Err(fault) => {
                self.order.unreadable();
                let finding = Finding::damage("envelope-malformed", fault.to_string());
                self.findings.push(finding.at(at));
                return waiting;
            }
        };
        let expected = self.order.expected();
        if self.order.follow(envelope.seq) {
            waiting.name = envelope.seq;
        } else {
            let message = format!("entry {} stands in the place of {expected}", envelope.seq);
            let finding = Finding::damage("seq-mismatch", message).at(expected);
            self.findings.push(finding.values(expected, envelope.seq));
            waiting.name = expected;
            waiting.misplaced = true;
        }
        if let Some((first, last)) = self.order.take_skipped() {
            self.fold.lose(first, last);
        }
        if envelope.seq != at {
            // The tile's leaf is that of another entry: it bears no witness against this one.
            waiting.leaf = waiting.leaf.unless_differing();
        }
        waiting.envelope = Some(envelope);
        waiting
    }

    /// Reports what is wrong with the body of the entry of this name; `moved`
    /// says whether the entry stands where another should.
    fn check_body(&mut self, name: Seq, moved: bool, body: Body) {
        let fault = match body {
            Body::Sound => None,
            Body::Held => {
                self.fold.bodies.held(name);
                None
            }
            Body::Faulty(finding) => Some(*finding),
            Body::Expunged(by) => self.fold.bodies.destroyed(name, by),
        };
        let Some(finding) = fault else { return };
        // Where an entry was taken out or put in, the slots no longer stand
        // beside their envelopes; the fault in the order was reported.
        let finding = if moved {
            Finding::notice("body-unchecked", "the slot here is another entry's")
        } else {
            finding
        };
        self.report_joined(finding.at(name));
    }

    /// Reports a finding, or lengthens the last one if it says the same of the entry before.
    fn report_joined(&mut self, finding: Finding) {
        if let (Some(last), Some((seq, _))) = (self.findings.last_mut(), finding.entries)
            && last.message == finding.message
            && last.expected.is_none()
            && finding.expected.is_none()
            && let Some((_, end)) = &mut last.entries
            && end.get().checked_add(1) == Some(seq.get())
        {
            *end = seq;
            return;
        }
        self.findings.push(finding);
    }
}
