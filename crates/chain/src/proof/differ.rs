//! Comparing two trees: exactly which leaves differ, with few hashes read.
//!
//! Where two nodes are equal, so are all leaves under them; where they differ,
//! their children are looked at. For k leaves that differ among n this takes O(k log n)
//! hashes. A tree is not believed about its own inside: children that do not give
//! the hash above them are told, and not gone into.

use super::{Nodes, root_of};
use crate::position::{Seq, Size};
use crate::tree::{TreeHash, node_hash};

/// Leaves that differ, in ranges, the first and the last included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differing {
    /// The leaves that differ.
    pub leaves: Vec<(Seq, Seq)>,
    /// The leaves under a node of the other tree whose children do not give its
    /// hash: what they are there cannot be said.
    pub unsound: Vec<(Seq, Seq)>,
}

/// Compares the first `size` leaves of two trees.
///
/// # Errors
/// A hash of one of them cannot be had.
pub fn differing<E>(
    size: Size,
    here: &mut Nodes<'_, E>,
    there: &mut Nodes<'_, E>,
) -> Result<Differing, E> {
    let mut differing = Differing::default();
    let mut start = 0;
    while start < size.get() {
        let level = (size.get() - start).ilog2();
        let index = start >> level;
        let (ours, theirs) = (here(level, index)?, there(level, index)?);
        if ours != theirs {
            descend(level, index, theirs, here, there, &mut differing)?;
        }
        start += 1 << level;
    }
    Ok(differing)
}

/// Returns the root over the first `size` leaves.
///
/// # Errors
/// A hash cannot be had.
pub fn root_at<E>(size: Size, nodes: &mut Nodes<'_, E>) -> Result<TreeHash, E> {
    root_of(0, size.get(), nodes)
}

/// Goes into a node in which the two differ; it is as deep as the tree, some 60
/// levels at most.
fn descend<E>(
    level: u32,
    index: u64,
    theirs: TreeHash,
    here: &mut Nodes<'_, E>,
    there: &mut Nodes<'_, E>,
    differing: &mut Differing,
) -> Result<(), E> {
    if level == 0 {
        extend(&mut differing.leaves, index, index);
        return Ok(());
    }
    let below = level - 1;
    let (left, right) = (index * 2, index * 2 + 1);
    let (their_left, their_right) = (there(below, left)?, there(below, right)?);
    if node_hash(&their_left, &their_right) != theirs {
        let first = index << level;
        extend(&mut differing.unsound, first, first + (1 << level) - 1);
        return Ok(());
    }
    for (place, theirs) in [(left, their_left), (right, their_right)] {
        if here(below, place)? != theirs {
            descend(below, place, theirs, here, there, differing)?;
        }
    }
    Ok(())
}

/// Adds leaves to those before, which come earlier.
fn extend(ranges: &mut Vec<(Seq, Seq)>, first: u64, last: u64) {
    if let Some((_, end)) = ranges.last_mut()
        && end.get() + 1 == first
    {
        *end = Seq::new(last);
        return;
    }
    ranges.push((Seq::new(first), Seq::new(last)));
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;
    use crate::tree::leaf_hash;

    /// A tree whose nodes are counted as they are read.
    struct Counted {
        leaves: Vec<TreeHash>,
        read: usize,
    }

    impl Counted {
        fn of(leaves: &[u64]) -> Self {
            let leaves = leaves.iter().map(|leaf| leaf_hash(&leaf.to_be_bytes()));
            Self {
                leaves: leaves.collect(),
                read: 0,
            }
        }

        fn node(&mut self, level: u32, index: u64) -> TreeHash {
            self.read += 1;
            let width = 1_usize << level;
            let first = usize::try_from(index).unwrap() * width;
            let mut row = self.leaves[first..first + width].to_vec();
            while row.len() > 1 {
                row = row
                    .chunks(2)
                    .map(|two| node_hash(&two[0], &two[1]))
                    .collect();
            }
            row[0]
        }
    }

    fn compare(here: &mut Counted, there: &mut Counted, size: u64) -> Differing {
        let compared = differing(
            Size::new(size),
            &mut |level, index| Ok::<_, Infallible>(here.node(level, index)),
            &mut |level, index| Ok(there.node(level, index)),
        );
        compared.unwrap()
    }

    proptest! {
        #[test]
        fn exactly_the_leaves_that_differ_are_named(
            size in 1_u64..400,
            changed in proptest::collection::btree_set(0_u64..400, 0..12),
            more in 0_u64..50,
        ) {
            let leaves: Vec<u64> = (0..size + more).collect();
            let mut other = leaves.clone();
            for place in changed.iter().filter(|place| **place < size) {
                other[usize::try_from(*place).unwrap()] += 1000;
            }

            let found = compare(&mut Counted::of(&leaves[..usize::try_from(size).unwrap()]), &mut Counted::of(&other), size);

            let named: Vec<u64> = found.leaves.iter().flat_map(|(first, last)| first.get()..=last.get()).collect();
            let expected: Vec<u64> = changed.into_iter().filter(|place| *place < size).collect();
            prop_assert_eq!(named, expected);
            prop_assert!(found.unsound.is_empty());
        }
    }

    #[test]
    fn few_hashes_are_read_for_few_differences() {
        let size: u32 = 1 << 14;
        let leaves: Vec<u64> = (0..u64::from(size)).collect();
        let mut other = leaves.clone();
        for place in [3, 9_000, 16_000] {
            other[place] = 7_777_777;
        }
        let (mut here, mut there) = (Counted::of(&leaves), Counted::of(&other));

        let found = compare(&mut here, &mut there, u64::from(size));

        assert_eq!(found.leaves.len(), 3);
        // Two for each level and difference, and the root.
        let most = 1 + 3 * 2 * 14;
        assert!(
            here.read <= most && there.read <= most,
            "{} {}",
            here.read,
            there.read
        );
    }

    #[test]
    fn leaves_that_differ_side_by_side_are_one_range() {
        let leaves: Vec<u64> = (0..16).collect();
        let mut other = leaves.clone();
        for place in [0, 1, 5, 6, 7, 8, 10] {
            other[place] += 1000;
        }

        let found = compare(&mut Counted::of(&leaves), &mut Counted::of(&other), 16);

        let range = |(first, last)| (Seq::new(first), Seq::new(last));
        assert_eq!(found.leaves, [(0, 1), (5, 8), (10, 10)].map(range));
    }

    #[test]
    fn a_part_of_a_tree_that_contradicts_itself_is_told_by_its_leaves() {
        let leaves: Vec<u64> = (0..8).collect();
        let mut other = leaves.clone();
        other[7] = 1000;
        let (mut here, mut there) = (Counted::of(&leaves), Counted::of(&other));

        let found = differing(
            Size::new(8),
            &mut |level, index| Ok::<_, Infallible>(here.node(level, index)),
            &mut |level, index| match (level, index) {
                (0, 6) => Ok(there.node(0, 5)),
                _ => Ok(there.node(level, index)),
            },
        );

        let found = found.unwrap();
        assert_eq!(found.unsound, [(Seq::new(6), Seq::new(7))]);
        assert_eq!(found.leaves, []);
    }

    #[test]
    fn a_tree_that_contradicts_itself_is_not_gone_into() {
        let leaves: Vec<u64> = (0..8).collect();
        let (mut here, mut there) = (Counted::of(&leaves), Counted::of(&leaves));

        let found = differing(
            Size::new(8),
            &mut |level, index| Ok::<_, Infallible>(here.node(level, index)),
            &mut |level, index| match (level, index) {
                (3, 0) => Ok(there.node(0, 5)),
                _ => Ok(there.node(level, index)),
            },
        );

        let found = found.unwrap();
        assert_eq!(found.unsound, [(Seq::new(0), Seq::new(7))]);
        assert_eq!(found.leaves, []);
    }
}
