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
        use std::fmt::Write;
        self.0.iter().fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
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
