//! Proofs: that an entry is in a tree, and that a tree only grew.
//!
//! They are those of RFC 6962, checked as RFC 9162 (2.1.3.2 and 2.1.4.2) tells.
//! To make one, the hashes of perfect subtrees are asked for, a few for each
//! doubling of the tree; where these lie is said by [`crate::tile`]. A proof is
//! worth what the root is worth, and that is a checkpoint's affair.

mod differ;
mod file;

use crate::position::{Seq, Size};
use crate::tree::{TreeHash, empty_root, node_hash};

pub use differ::{Differing, differing, root_at};
pub use file::{MalformedProof, NotProved, ProofFile, Proved};

/// The most hashes a proof can have: one for each level of a tree of 2^63 leaves,
/// and one more for the start of a consistency proof.
pub const LONGEST: usize = 64;

/// The hashes that lead from a leaf to the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// The leaf's position.
    pub seq: Seq,
    /// The size of the tree.
    pub size: Size,
    /// The hashes, from the leaf's neighbour upward.
    pub hashes: Vec<TreeHash>,
}

/// The hashes that show that one tree is the beginning of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consistency {
    /// The size of the smaller tree.
    pub from: Size,
    /// The size of the larger tree.
    pub to: Size,
    /// The hashes, in the order of RFC 6962.
    pub hashes: Vec<TreeHash>,
}

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadProof {
    /// It speaks of a leaf beyond the tree, or of a larger tree as the smaller.
    #[error("the proof is of a leaf or a tree that the tree cannot hold")]
    OutOfRange,
    /// From nothing everything follows, so that it would prove nothing.
    #[error("a proof from a tree without leaves proves nothing")]
    FromNothing,
    /// It has more or fewer hashes than such a proof has.
    #[error("the proof has {found} hashes where {expected} are needed")]
    Length {
        /// How many are needed.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// It leads to another root.
    #[error("the proof leads to the root {found}, not to {expected}")]
    OtherRoot {
        /// The root that was to be proved.
        expected: TreeHash,
        /// Where the proof leads.
        found: TreeHash,
    },
}

/// Returns the hash of the perfect subtree of this level, from zero for leaves,
/// at this index in its level; `None` if it cannot be had.
pub type Nodes<'a, E> = dyn FnMut(u32, u64) -> Result<TreeHash, E> + 'a;

impl Inclusion {
    /// Makes the proof that the leaf at `seq` is in the tree of this size.
    ///
    /// `Ok(None)` if the tree does not reach so far.
    ///
    /// # Errors
    /// A hash cannot be had.
    pub fn make<E>(seq: Seq, size: Size, nodes: &mut Nodes<'_, E>) -> Result<Option<Self>, E> {
        if !size.holds(seq) {
            return Ok(None);
        }
        let mut stretches = Vec::new();
        let (mut start, mut end) = (0, size.get());
        while end - start > 1 {
            let middle = start + split(end - start);
            if seq.get() < middle {
                stretches.push((middle, end));
                end = middle;
            } else {
                stretches.push((start, middle));
                start = middle;
            }
        }
        let hashes = stretches.into_iter().rev();
        let hashes = hashes.map(|(start, end)| root_of(start, end, nodes));
        Ok(Some(Self {
            seq,
            size,
            hashes: hashes.collect::<Result<_, E>>()?,
        }))
    }

    /// Checks that a leaf with this hash is in the tree with this root.
    ///
    /// # Errors
    /// The proof does not show it.
    pub fn check(&self, leaf: TreeHash, root: TreeHash) -> Result<(), BadProof> {
        if !self.size.holds(self.seq) {
            return Err(BadProof::OutOfRange);
        }
        let (mut place, mut last) = (self.seq.get(), self.size.get() - 1);
        // Counted first, so that no hash is looked at beyond those that are needed.
        length_is(self.hashes.len(), steps(place, last))?;
        let mut hash = leaf;
        for other in &self.hashes {
            // What is last in its level is last in all above it: the levels that RFC 9162
            // skips there, since they have no hash, need not be counted.
            if place % 2 == 1 || place == last {
                hash = node_hash(other, &hash);
            } else {
                hash = node_hash(&hash, other);
            }
            (place, last) = (place / 2, last / 2);
        }
        root_is(root, hash)
    }
}

impl Consistency {
    /// Makes the proof that the tree of size `from` is the beginning of that of size `to`.
    ///
    /// `Ok(None)` if there is none: the first is empty, or the larger.
    ///
    /// # Errors
    /// A hash cannot be had.
    pub fn make<E>(from: Size, to: Size, nodes: &mut Nodes<'_, E>) -> Result<Option<Self>, E> {
        let (old, new) = (from.get(), to.get());
        if old == 0 || old > new {
            return Ok(None);
        }
        let mut stretches = Vec::new();
        let (mut start, mut end, mut is_beginning) = (0, new, true);
        while end != old {
            let middle = start + split(end - start);
            if old <= middle {
                stretches.push((middle, end));
                end = middle;
            } else {
                stretches.push((start, middle));
                start = middle;
                is_beginning = false;
            }
        }
        // Whoever checks knows the root of the smaller tree, if that is all of it.
        if !is_beginning {
            stretches.push((start, end));
        }
        let hashes = stretches.into_iter().rev();
        let hashes = hashes.map(|(start, end)| root_of(start, end, nodes));
        Ok(Some(Self {
            from,
            to,
            hashes: hashes.collect::<Result<_, E>>()?,
        }))
    }

    /// Checks that the tree with the root `old` is the beginning of the one with the root `new`.
    ///
    /// # Errors
    /// The proof does not show it. A proof from size zero is refused, since it
    /// would show nothing.
    pub fn check(&self, old: TreeHash, new: TreeHash) -> Result<(), BadProof> {
        let (from, to) = (self.from.get(), self.to.get());
        if from == 0 {
            return Err(BadProof::FromNothing);
        }
        if from > to {
            return Err(BadProof::OutOfRange);
        }
        if from == to {
            length_is(self.hashes.len(), 0)?;
            return root_is(old, new);
        }
        // Both trees have the perfect subtree that the smaller one ends in.
        let level = from.trailing_zeros();
        let (mut place, mut last) = ((from - 1) >> level, (to - 1) >> level);
        let given = usize::from(!from.is_power_of_two());
        length_is(self.hashes.len(), given + steps(place, last))?;
        let first = self.hashes.first().filter(|_| given == 1);
        let first = first.copied().unwrap_or(old);
        let (mut before, mut after) = (first, first);
        for other in self.hashes.iter().skip(given) {
            if place % 2 == 1 || place == last {
                before = node_hash(other, &before);
                after = node_hash(other, &after);
            } else {
                after = node_hash(&after, other);
            }
            (place, last) = (place / 2, last / 2);
        }
        root_is(old, before)?;
        root_is(new, after)
    }
}

/// Returns the root over the leaves from `start` to before `end`, a stretch that
/// begins at a multiple of the least power of two that is as long as it.
fn root_of<E>(start: u64, end: u64, nodes: &mut Nodes<'_, E>) -> Result<TreeHash, E> {
    let (mut start, mut parts) = (start, Vec::new());
    while start < end {
        let level = (end - start).ilog2();
        parts.push(nodes(level, start >> level)?);
        start += 1 << level;
    }
    let parts = parts.into_iter().rev();
    let root = parts.reduce(|right, left| node_hash(&left, &right));
    Ok(root.unwrap_or_else(empty_root))
}

/// Returns how many leaves are in the left half of a tree of two or more: the
/// largest power of two below its size.
const fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// Returns how many hashes lead from a node to the root, by its place and that
/// of the last one in its level.
fn steps(place: u64, last: u64) -> usize {
    let apart = u64::BITS - (place ^ last).leading_zeros();
    let shared = place.checked_shr(apart).unwrap_or(0);
    (apart + shared.count_ones()) as usize
}

fn length_is(found: usize, expected: usize) -> Result<(), BadProof> {
    if found == expected {
        return Ok(());
    }
    Err(BadProof::Length { expected, found })
}

fn root_is(expected: TreeHash, found: TreeHash) -> Result<(), BadProof> {
    if found == expected {
        return Ok(());
    }
    Err(BadProof::OtherRoot { expected, found })
}

#[cfg(test)]
mod tests;
