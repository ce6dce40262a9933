//! The Merkle tree over all envelopes: RFC 6962, with SHA-256.
//!
//! Leaves are whole envelopes. The tree is never kept here: a [`Frontier`]
//! holds its right edge, which is all that growing it and telling its root
//! takes. Where the hashes lie in files is said by [`crate::tile`].

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::position::Size;

/// The largest tree that a frontier can be made for; far more than can be kept.
const LARGEST: u64 = u64::MAX / 2;

/// A hash in the tree: of a leaf, or of two hashes below it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreeHash([u8; 32]);

/// The right edge of a tree: the roots of its perfect subtrees, largest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    roots: Vec<TreeHash>,
}

impl TreeHash {
    /// Returns the hash with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns the hash as 64 hexadecimal digits; its `Display` is base64, as checkpoints have it.
    pub fn to_hex(&self) -> String {
        crate::hash::Hex(&self.0).to_string()
    }

    /// Returns the hash that this standard base64 text stands for, if it is one.
    pub fn from_base64(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for TreeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for TreeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TreeHash({})", self.to_hex())
    }
}

/// Returns the hash of a leaf: SHA-256 of 0x00 and the leaf.
pub fn leaf_hash(leaf: &[u8]) -> TreeHash {
    TreeHash(
        Sha256::new()
            .chain_update([0])
            .chain_update(leaf)
            .finalize()
            .into(),
    )
}

/// Returns the hash over two: SHA-256 of 0x01, the left one and the right one.
pub fn node_hash(left: &TreeHash, right: &TreeHash) -> TreeHash {
    TreeHash(
        Sha256::new()
            .chain_update([1])
            .chain_update(left.0)
            .chain_update(right.0)
            .finalize()
            .into(),
    )
}

/// Returns the root of the tree without leaves: SHA-256 of nothing.
pub fn empty_root() -> TreeHash {
    TreeHash(Sha256::digest([]).into())
}

impl Frontier {
    /// Returns the frontier of the tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the frontier with these parts, if they can belong together: a
    /// size has as many perfect subtrees as its binary form has ones.
    pub fn from_parts(size: Size, roots: Vec<TreeHash>) -> Option<Self> {
        let size = size.get();
        let fits = size <= LARGEST && size.count_ones() as usize == roots.len();
        fits.then_some(Self { size, roots })
    }

    /// Returns the size, and the roots of the perfect subtrees, largest first.
    pub fn parts(&self) -> (Size, &[TreeHash]) {
        (self.size(), &self.roots)
    }

    /// Adds a leaf, by its hash.
    pub fn push(&mut self, leaf: TreeHash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// Returns how many leaves the tree has.
    pub fn size(&self) -> Size {
        Size::new(self.size)
    }

    /// Returns the root of the tree.
    pub fn root(&self) -> TreeHash {
        self.roots
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node_hash(&left, &right))
            .unwrap_or_else(empty_root)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::testing::shared;

    /// The tree as RFC 6962 defines it.
    fn defined(leaves: &[TreeHash]) -> TreeHash {
        match leaves {
            [] => empty_root(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                node_hash(&defined(left), &defined(right))
            }
        }
    }

    fn grown(leaves: &[TreeHash]) -> Frontier {
        let mut frontier = Frontier::new();
        for leaf in leaves {
            frontier.push(*leaf);
        }
        frontier
    }

    fn unhex(text: &str) -> Vec<u8> {
        (0..text.len() / 2)
            .map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
            .collect()
    }

    #[test]
    fn the_published_roots_come_out() {
        let Some(file) = shared("vectors/rfc6962-roots/roots.json") else {
            return;
        };
        let file: Value = serde_json::from_str(&file).unwrap();
        let list = |name: &str| file[name].as_array().unwrap().clone();
        let mut frontier = Frontier::new();
        let mut roots = vec![frontier.root().to_hex()];
        for leaf in list("leaf_inputs_hex") {
            frontier.push(leaf_hash(&unhex(leaf.as_str().unwrap())));
            roots.push(frontier.root().to_hex());
        }

        assert_eq!(roots, list("root_hashes_hex_by_tree_size"));
    }

    #[test]
    fn the_published_subtrees_come_out() {
        let Some(file) = shared("vectors/rfc6962-roots/mtc-subtree-accumulated.json") else {
            return;
        };
        let file: Value = serde_json::from_str(&file).unwrap();
        let leaves: Vec<_> = (0u8..130).map(|leaf| leaf_hash(&[leaf])).collect();
        let mut all = Sha256::new();
        for end in 0usize..=130 {
            for start in 0..=end {
                let length = (end - start).next_power_of_two();
                if start == 0 || start == end || start % length == 0 {
                    let root = grown(&leaves[start..end]).root().to_hex();
                    all.update(format!("[{start}, {end}) {root}\n"));
                }
            }
        }

        let found = TreeHash(all.finalize().into()).to_hex();
        assert_eq!(found, file["lines"]["subtree_hash"]["sha256_of_all_lines"]);
    }

    #[test]
    fn a_frontier_is_made_only_of_parts_that_belong_together() {
        let hash = leaf_hash(b"leaf");

        assert!(Frontier::from_parts(Size::new(5), vec![hash, hash]).is_some());
        assert!(Frontier::from_parts(Size::new(5), vec![hash]).is_none());
        assert!(Frontier::from_parts(Size::new(u64::MAX), vec![hash; 64]).is_none());
    }

    #[test]
    fn a_hash_reads_back_from_its_base64() {
        let hash = leaf_hash(b"leaf");

        assert_eq!(TreeHash::from_base64(&hash.to_string()), Some(hash));
        assert_eq!(TreeHash::from_base64("AAAA"), None);
        assert_eq!(format!("{hash:?}"), format!("TreeHash({})", hash.to_hex()));
    }

    proptest! {
        #[test]
        fn a_grown_tree_is_the_one_that_is_defined(leaves in 0u32..700, split in 0u32..700) {
            let leaves: Vec<_> = (0..leaves)
                .map(|leaf| leaf_hash(&leaf.to_be_bytes()))
                .collect();
            let split = leaves.len().min(split as usize);
            let half = grown(&leaves[..split]);
            let (size, roots) = half.parts();
            let mut frontier = Frontier::from_parts(size, roots.to_vec()).unwrap();
            leaves[split..].iter().for_each(|leaf| frontier.push(*leaf));

            prop_assert_eq!(frontier.root(), defined(&leaves));
        }
    }
}
