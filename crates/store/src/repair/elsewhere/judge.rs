//! Comparing a copy elsewhere with what is here, entry by entry, in one pass.
//!
//! The copy falls into runs of entries each of which carries the hash of the one
//! before. A run is proven up to the last place at which something here agrees with
//! it. Nothing is believed here for what it says of itself: a copy may claim any
//! size, and the pass ends where nothing more is found.

use chancery_chain::tree::leaf_hash;
use chancery_chain::{Envelope, Frontier, Hash, Keyring, Kind, Origin, Seq, Size, TreeHash};

use super::origin;
use crate::floor::Claim;
use crate::repair::source::{Candidate, Own, RollCopy};
use crate::repair::taken::Ranges;
use crate::roll::BUNDLE;

/// So many entries in a row may be missing before no more are looked for.
const PATIENCE: u64 = 64 * BUNDLE;

/// What the comparison came to.
pub(super) struct Judged {
    /// The places at which what is here proves the copy's entries.
    pub(super) proven: Ranges,
    /// The last entry of the run that the last proven one is in.
    pub(super) reach: Seq,
    /// The first entry, after the last that is proven, at which something else is
    /// here that other entries here bear out.
    pub(super) other: Option<Seq>,
    /// How many entries the copy has.
    pub(super) end: Size,
    /// The copy's name for its ledger.
    pub(super) origin: Option<Origin>,
    /// The end of the first submission.
    pub(super) founded: Option<Seq>,
    /// What entries say of keys, and whether it is the copy's entry.
    pub(super) learnt: Vec<(Envelope, bool)>,
    /// The roots over so many of the copy's first entries as the checkpoints claim.
    pub(super) roots: [Option<TreeHash>; 2],
}

struct Judge {
    judged: Judged,
    claims: [Option<Claim>; 2],
    /// The copy's entry before.
    before: Option<(Seq, Hash)>,
    /// The hashes of the entries here before.
    here_before: Vec<Hash>,
    /// Where the run began that the copy's entry before is in.
    start: Seq,
    /// The last place in this run at which something here agrees.
    agreed: Option<Seq>,
    /// The tree over the copy, while it is one run from the first entry on.
    tree: Option<Frontier>,
}

/// Compares a copy with what is here; the first of the claims is the checkpoint's
/// here, the second the copy's own.
pub(super) fn compare(copy: &mut RollCopy, own: &mut Own, claims: [Option<Claim>; 2]) -> Judged {
    let mut judge = Judge::new(claims);
    let mut missing = 0;
    // Two more, since what is here may show in the entry after.
    for seq in (0..copy.size().get().saturating_add(2)).map(Seq::new) {
        let there = copy.at(seq);
        missing = if there.is_some() { 0 } else { missing + 1 };
        if missing > PATIENCE {
            break;
        }
        let (here, leaf) = (own.at(seq), own.leaf(seq));
        judge.look(seq, there.as_ref(), &here, leaf);
    }
    judge.end_run();
    judge.judged
}

impl Judge {
    fn new(claims: [Option<Claim>; 2]) -> Self {
        Self {
            judged: Judged {
                proven: Ranges::default(),
                reach: Seq::FIRST,
                other: None,
                end: Size::EMPTY,
                origin: None,
                founded: None,
                learnt: Vec::new(),
                roots: [None; 2],
            },
            claims,
            before: None,
            here_before: Vec::new(),
            start: Seq::FIRST,
            agreed: None,
            tree: Some(Frontier::new()),
        }
    }

    fn look(
        &mut self,
        seq: Seq,
        there: Option<&Candidate>,
        here: &[Candidate],
        leaf: Option<TreeHash>,
    ) {
        self.look_back(seq, here);
        let previous = self.before.map_or(Hash::ZERO, |(_, hash)| hash);
        let follows = there.is_some_and(|there| there.envelope.previous == previous);
        if !follows || (self.before.is_none() && seq != Seq::FIRST) {
            self.end_run();
            self.start = seq;
        }
        self.before = there.map(|there| (seq, there.hash));
        match there {
            Some(there) => self.look_at(there, here, leaf),
            None => self.tree = None,
        }
        self.here_before = here.iter().map(|one| one.hash).collect();
        self.learn(there, here);
    }

    /// Looks at what the entries here say of the entry before them.
    fn look_back(&mut self, seq: Seq, here: &[Candidate]) {
        let there = self.before.map(|(_, hash)| hash);
        let carried = |hash: &Hash| here.iter().any(|one| one.envelope.previous == *hash);
        if let Some((seq, hash)) = self.before
            && carried(&hash)
        {
            self.agree(seq);
        }
        // Damage does not come about twice in the same way, or with its hash in the
        // next entry: what is borne out so was appended here.
        let [first, second] = [0, 1].map(|at| self.here_before.get(at));
        let both = first.is_some() && first == second;
        let mut borne_out = self.here_before.iter().filter(|hash| both || carried(hash));
        let differs = borne_out.any(|hash| Some(*hash) != there);
        if let Some(before) = seq.get().checked_sub(1).filter(|_| differs) {
            self.judged.other.get_or_insert(Seq::new(before));
        }
    }

    fn look_at(&mut self, there: &Candidate, here: &[Candidate], leaf: Option<TreeHash>) {
        let seq = there.envelope.seq;
        let its_leaf = leaf_hash(&there.bytes);
        if leaf == Some(its_leaf) || here.iter().any(|one| one.hash == there.hash) {
            self.agree(seq);
        }
        self.judged.end = Size::ending_at(seq).unwrap_or(self.judged.end);
        self.grow(seq, its_leaf);
    }

    /// Adds a leaf to the tree over the copy, and compares it with the checkpoints.
    fn grow(&mut self, seq: Seq, leaf: TreeHash) {
        let Some(tree) = &mut self.tree else {
            return;
        };
        tree.push(leaf);
        let size = tree.size();
        let claimed = self
            .claims
            .map(|claim| claim.is_some_and(|claim| claim.size == size));
        if !claimed.contains(&true) {
            return;
        }
        let root = tree.root();
        for (claimed, found) in claimed.iter().zip(&mut self.judged.roots) {
            *found = claimed.then_some(root).or(*found);
        }
        if self.claims[0] == Some(Claim { size, root }) {
            self.agree(seq);
        }
    }

    fn agree(&mut self, seq: Seq) {
        if seq >= self.start {
            self.agreed = Some(seq);
            self.judged.other = self.judged.other.filter(|other| *other > seq);
        }
    }

    /// Ends a run of entries, of which what was agreed to is proven.
    fn end_run(&mut self) {
        if let (Some(agreed), Some((last, _))) = (self.agreed.take(), self.before) {
            self.judged.proven.extend(self.start, agreed);
            self.judged.reach = last;
        }
        self.tree = self.tree.take().filter(|tree| tree.size() == Size::EMPTY);
    }

    fn learn(&mut self, there: Option<&Candidate>, here: &[Candidate]) {
        let here = here.iter().map(|one| (one, false));
        for (one, elsewhere) in there.map(|there| (there, true)).into_iter().chain(here) {
            let kind = one.envelope.kind;
            if self.judged.founded.is_none() && kind == Kind::CLOSING {
                self.judged.founded = Some(one.envelope.seq);
            }
            if elsewhere && self.judged.origin.is_none() {
                self.judged.origin = origin(&one.envelope);
            }
            if Keyring::learns(kind) {
                self.judged.learnt.push((one.envelope.clone(), elsewhere));
            }
        }
    }
}
