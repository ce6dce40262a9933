//! Weighing: which entry is to blame where two do not fit together.
//!
//! That the hash of entry N is not the one that N + 1 carries says only that
//! one of the two was altered. The leaves in the tile and the key signature of
//! a closing say which; without them, a break on both sides of an entry does,
//! and a single break is reported with both entries.

use super::Audit;
use super::examined::Witness;
use super::fold::Signed;
use super::submission::unsigned;
use crate::envelope::Envelope;
use crate::finding::Finding;
use crate::hash::Hash;
use crate::position::Seq;
use crate::tree::TreeHash;

/// What the tile says about an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaf {
    Absent,
    Agrees,
    Differs { expected: TreeHash, found: TreeHash },
}

/// How an entry fits the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// It follows, or what was wrong has been reported.
    Settled,
    /// It does not follow, and it is the one to blame.
    Blamed,
    /// It does not follow this one, and which of the two is to blame is not known yet.
    Open(Seq),
}

/// An entry that waits for the next one to bear witness.
#[derive(Debug)]
pub(super) struct Waiting {
    /// The position it is named by in findings.
    pub(super) name: Seq,
    /// Its envelope, if it could be read.
    pub(super) envelope: Option<Envelope>,
    /// What its key signature is verified by, if it is a closing.
    pub(super) witness: Witness,
    /// Whether it says that its position is another.
    pub(super) misplaced: bool,
    pub(super) leaf: Leaf,
    hash: Hash,
    left: Left,
}

/// Consecutive entries that the chain vouches for and the tile does not.
#[derive(Debug)]
pub(super) struct Run {
    first: Seq,
    last: Seq,
    expected: TreeHash,
    found: TreeHash,
}

/// How an entry goes with the one after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    Holds,
    Broken,
    Unknown,
}

impl Leaf {
    pub(super) fn compare(leaf: Option<TreeHash>, found: Option<TreeHash>) -> Self {
        match (leaf, found) {
            (Some(expected), Some(found)) if expected == found => Self::Agrees,
            (Some(expected), Some(found)) => Self::Differs { expected, found },
            _ => Self::Absent,
        }
    }

    pub(super) fn unless_differing(self) -> Self {
        if self.differs() { Self::Absent } else { self }
    }

    fn differs(self) -> bool {
        matches!(self, Self::Differs { .. })
    }
}

impl Waiting {
    pub(super) fn new(name: Seq, hash: Hash, leaf: Leaf) -> Self {
        Self {
            name,
            envelope: None,
            witness: Witness::default(),
            misplaced: false,
            leaf,
            hash,
            left: Left::Settled,
        }
    }

    /// Returns whether a finding has already been made that explains a break beside it.
    fn reported(&self) -> bool {
        self.misplaced || self.envelope.is_none()
    }
}

impl Audit {
    /// Weighs the entry that waits, now that the next one is there, which waits in its turn.
    pub(super) fn weigh_next(&mut self, mut next: Waiting) {
        match self.waiting.take() {
            Some(last) => {
                let link = match &next.envelope {
                    None => Link::Unknown,
                    Some(envelope) if envelope.previous == last.hash => Link::Holds,
                    Some(_) => Link::Broken,
                };
                self.weigh(last, link, Some(&mut next));
            }
            None => self.weigh_first(&mut next),
        }
        self.waiting = Some(next);
    }

    /// Weighs the entry that waits, if no other follows it.
    pub(super) fn weigh_last(&mut self) {
        if let Some(last) = self.waiting.take() {
            self.weigh(last, Link::Unknown, None);
        }
    }

    /// Weighs the entry that waits, if those that follow it are not looked at:
    /// of the first of them no more is known than the hash that it carries.
    pub(super) fn weigh_before_skipped(&mut self, first: Seq, previous: Option<Hash>) {
        let Some(last) = self.waiting.take() else {
            return;
        };
        let (name, found) = (last.name, last.hash);
        let told = match last.left {
            Left::Settled => false,
            Left::Blamed => true,
            // As one entry that fits on neither side, unless it is signed.
            Left::Open(_) => self.signed(&last) != Signed::Valid,
        };
        let silent = told || last.reported() || last.leaf.differs();
        let link = match previous {
            None => Link::Unknown,
            Some(previous) if previous == found => Link::Holds,
            Some(_) => Link::Broken,
        };
        self.weigh(last, link, None);
        if let Some(expected) = previous.filter(|previous| *previous != found && !silent) {
            let message = "the second does not follow the first";
            self.findings
                .push(broken(name, first, message).values(expected, found));
        }
    }

    /// Ends a run of entries whose leaves differ.
    pub(super) fn flush_run(&mut self, code: &'static str) {
        let Some(run) = self.run.take() else { return };
        let message = match code {
            "tile-mismatch" => "the tile is wrong: the entries after these vouch for them",
            _ => "the entry is not the one whose leaf is in the tile",
        };
        let finding = Finding::damage(code, message).between(run.first, run.last);
        let one = run.first == run.last;
        self.findings.push(if one {
            finding.values(run.expected, run.found)
        } else {
            finding
        });
    }

    /// Entry 0 follows nothing, and says so with zeros.
    fn weigh_first(&mut self, first: &mut Waiting) {
        let Some(envelope) = &first.envelope else {
            return;
        };
        if let Some((before, hash)) = self.skipped.take()
            && envelope.previous != hash
            && !first.misplaced
            && !first.leaf.differs()
        {
            let finding = broken(before, first.name, "the second does not follow the first");
            self.findings.push(finding.values(envelope.previous, hash));
        }
        if first.name == Seq::FIRST && !first.misplaced && envelope.previous != Hash::ZERO {
            first.left = Left::Blamed;
            if !first.leaf.differs() {
                let finding = broken(first.name, first.name, "the first entry follows nothing");
                self.findings
                    .push(finding.values(Hash::ZERO, envelope.previous));
            }
        }
    }

    fn weigh(&mut self, last: Waiting, link: Link, next: Option<&mut Waiting>) {
        let signed = self.signed(&last);
        let mut sound = self.weigh_leaf(&last, link, next.as_deref(), signed);
        sound &= self.weigh_left(&last, link, next.as_deref(), signed);
        if link == Link::Broken
            && let Some(next) = next
        {
            sound &= self.weigh_break(&last, next, signed);
        }
        if sound && link == Link::Unknown && last.leaf == Leaf::Absent && signed == Signed::Invalid
        {
            // Nothing vouches for what else it says: the signature alone is reported.
            self.findings.push(unsigned(last.name));
            sound = false;
        }
        if last.misplaced {
            sound &= link == Link::Holds;
            self.fold.unsettle();
        }
        match last.envelope {
            None => self.fold.lose(last.name, last.name),
            Some(envelope) if sound => {
                self.fold
                    .entry(&envelope, last.hash, signed, &mut self.findings);
            }
            Some(envelope) => self.fold.doubtful(last.name, &envelope),
        }
    }

    fn signed(&self, last: &Waiting) -> Signed {
        match &last.envelope {
            Some(envelope) if self.checks.signatures => self.fold.signed(&last.witness, envelope),
            _ => Signed::NotAsked,
        }
    }

    /// Weighs what the tile says; returns whether the entry may be believed.
    fn weigh_leaf(
        &mut self,
        last: &Waiting,
        link: Link,
        next: Option<&Waiting>,
        signed: Signed,
    ) -> bool {
        let Leaf::Differs { expected, found } = last.leaf else {
            self.flush_run("leaf-mismatch");
            return true;
        };
        let holds = link == Link::Holds || (link == Link::Unknown && signed == Signed::Valid);
        let believed = holds && last.left != Left::Blamed && last.envelope.is_some();
        if !believed && self.run.is_some() {
            self.flush_run("leaf-mismatch");
        }
        match &mut self.run {
            Some(run) => run.last = last.name,
            None => {
                self.run = Some(Run {
                    first: last.name,
                    last: last.name,
                    expected,
                    found,
                });
            }
        }
        if !believed {
            self.flush_run("leaf-mismatch");
        } else if !next.is_some_and(|next| next.leaf.differs()) {
            self.flush_run("tile-mismatch");
        }
        believed
    }

    /// Settles a break before this entry that was left open; returns whether it may be believed.
    fn weigh_left(
        &mut self,
        last: &Waiting,
        link: Link,
        next: Option<&Waiting>,
        signed: Signed,
    ) -> bool {
        let Left::Open(before) = last.left else {
            return last.left == Left::Settled;
        };
        let alone = "the entry fits neither its neighbours nor its place";
        let (first, end, message) = match signed {
            Signed::Valid => (before, before, "the entry is not the one that was followed"),
            Signed::Invalid => (last.name, last.name, alone),
            _ if link == Link::Broken && next.is_none_or(|next| !next.leaf.differs()) => {
                (last.name, last.name, alone)
            }
            _ => (before, last.name, "the second does not follow the first"),
        };
        self.findings.push(broken(first, end, message));
        signed == Signed::Valid
    }

    /// Weighs a break between two entries; returns whether the first may be believed.
    fn weigh_break(&mut self, last: &Waiting, next: &mut Waiting, signed: Signed) -> bool {
        if last.reported() || last.leaf.differs() || last.left == Left::Blamed {
            return false;
        }
        if next.misplaced {
            return true;
        }
        if next.leaf.differs() {
            next.left = Left::Blamed;
            return true;
        }
        if matches!(last.left, Left::Open(_)) && signed != Signed::Valid {
            // Reported already, as one entry that fits on neither side.
            return false;
        }
        let believed = last.leaf == Leaf::Agrees || signed == Signed::Valid;
        let doubted = signed == Signed::Invalid;
        match (believed, next.leaf == Leaf::Agrees) {
            (true, true) => {
                let message = "the second does not follow the first, though the tile has both";
                self.break_found(last, next, (last.name, next.name), message);
            }
            (true, false) => {
                next.left = Left::Blamed;
                let message = "the entry does not follow the one before it";
                self.break_found(last, next, (next.name, next.name), message);
            }
            (false, next_believed) if next_believed || doubted => {
                let message = "the entry is not the one that the next one follows";
                self.break_found(last, next, (last.name, last.name), message);
            }
            _ => next.left = Left::Open(last.name),
        }
        believed
    }

    fn break_found(
        &mut self,
        last: &Waiting,
        next: &Waiting,
        entries: (Seq, Seq),
        message: &'static str,
    ) {
        let finding = broken(entries.0, entries.1, message);
        let carried = next.envelope.as_ref().map(|envelope| envelope.previous);
        self.findings.push(match carried {
            Some(expected) => finding.values(expected, last.hash),
            None => finding,
        });
    }
}

fn broken(first: Seq, last: Seq, message: &'static str) -> Finding {
    Finding::damage("chain-broken", message).between(first, last)
}
