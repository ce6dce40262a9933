//! Tiles: how the tree and its leaves lie in files, after c2sp.org/tlog-tiles.
//!
//! A tile is up to 256 hashes of one level; a bundle is up to 256 entries, or
//! the body slots of as many. This module names the files, relative to the
//! roll, and cuts a growing tree into tiles; it opens no file. What is inside
//! a bundle is in [`crate::bundle`].

use crate::position::Size;
use crate::tree::{Frontier, TreeHash, node_hash};

/// How many hashes a full tile has, and how many entries a full bundle.
pub const TILE_WIDTH: u16 = 256;
/// The levels that a tree of fewer than 2^64 leaves can have.
const LEVELS: u8 = 8;
/// The last level that a path may name.
const LAST_LEVEL: u8 = 63;

/// What a file of the roll holds, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TilePath {
    /// A tile of hashes.
    Tree {
        /// The level, from zero for the leaves' hashes.
        level: u8,
        /// The index of the tile in its level.
        index: u64,
        /// How many hashes it has, 256 if it is full.
        width: u16,
    },
    /// A bundle of entries.
    Entries {
        /// The index of the bundle.
        index: u64,
        /// How many entries it has, 256 if it is full.
        width: u16,
    },
    /// A bundle of body slots.
    Bodies {
        /// The index of the bundle.
        index: u64,
        /// How many slots it has, 256 if it is full.
        width: u16,
    },
}

/// A tile with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// The level, from zero for the leaves' hashes.
    pub level: u8,
    /// The index of the tile in its level.
    pub index: u64,
    /// Its hashes, 256 if it is full.
    pub hashes: Vec<TreeHash>,
}

/// Cuts a growing tree into tiles, holding no more than the right-hand tile of each level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TileBuilder {
    size: u64,
    /// The hashes of the unfinished tile of each level, at most 255 each.
    edge: Vec<Vec<TreeHash>>,
}

/// Returns the path of a tile, like `tile/0/x001/234.p/5`; a width of 256 is a full tile's.
pub fn tile_path(level: u8, index: u64, width: u16) -> String {
    format!("tile/{level}/{}", numbered(index, width))
}

/// Returns the path of a bundle of entries, like `tile/entries/x001/234`.
pub fn entries_path(index: u64, width: u16) -> String {
    format!("tile/entries/{}", numbered(index, width))
}

/// Returns the path of a bundle of body slots, like `bodies/x001/234`.
pub fn bodies_path(index: u64, width: u16) -> String {
    format!("bodies/{}", numbered(index, width))
}

/// Returns what the file at this path holds, if it is the path of a tile or
/// bundle in its one right spelling.
pub fn parse_path(path: &str) -> Option<TilePath> {
    if let Some(rest) = path.strip_prefix("bodies/") {
        let (index, width) = parse_numbered(rest)?;
        return Some(TilePath::Bodies { index, width });
    }
    let rest = path.strip_prefix("tile/")?;
    if let Some(rest) = rest.strip_prefix("entries/") {
        let (index, width) = parse_numbered(rest)?;
        return Some(TilePath::Entries { index, width });
    }
    let (level, rest) = rest.split_once('/')?;
    let level = u8::try_from(decimal(level)?).ok()?;
    if level > LAST_LEVEL {
        return None;
    }
    let (index, width) = parse_numbered(rest)?;
    Some(TilePath::Tree {
        level,
        index,
        width,
    })
}

impl Tile {
    /// Returns the path of this tile, relative to the roll.
    pub fn path(&self) -> String {
        tile_path(self.level, self.index, self.width())
    }

    /// Returns how many hashes it has.
    pub fn width(&self) -> u16 {
        u16::try_from(self.hashes.len()).unwrap_or(u16::MAX)
    }

    /// Returns the bytes of the tile: its hashes, one after the other.
    pub fn encode(&self) -> Vec<u8> {
        self.hashes.iter().flat_map(|h| *h.as_bytes()).collect()
    }
}

/// Returns the hashes that a tile's bytes are: 1 to 256 of them, and nothing more.
pub fn decode_tile(bytes: &[u8]) -> Option<Vec<TreeHash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    let fits = rest.is_empty() && (1..=usize::from(TILE_WIDTH)).contains(&hashes.len());
    fits.then(|| hashes.iter().copied().map(TreeHash::from_bytes).collect())
}

impl TileBuilder {
    /// Returns the builder of a tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a builder that goes on where a tree of this size ends.
    ///
    /// `read` is asked for each unfinished tile by level, index and width; the
    /// builder is `None` if one is not there or has another width, or if the size
    /// is beyond anything that can be kept.
    pub fn resume(
        size: Size,
        mut read: impl FnMut(u8, u64, u16) -> Option<Vec<TreeHash>>,
    ) -> Option<Self> {
        if size.get() > u64::MAX / 2 {
            return None;
        }
        let mut builder = Self {
            size: size.get(),
            edge: Vec::new(),
        };
        for (level, index, width) in partial_tiles(size) {
            let hashes = read(level, index, width)?;
            if hashes.len() != usize::from(width) {
                return None;
            }
            builder.edge.resize(usize::from(level), Vec::new());
            builder.edge.push(hashes);
        }
        Some(builder)
    }

    /// Adds a leaf by its hash and returns the tiles that it fills, lowest level first.
    pub fn push(&mut self, leaf: TreeHash) -> Vec<Tile> {
        let mut full = Vec::new();
        self.size += 1;
        let (mut hash, mut reach) = (leaf, self.size);
        for level in 0..LEVELS {
            if self.edge.len() <= usize::from(level) {
                self.edge.push(Vec::new());
            }
            let Some(edge) = self.edge.get_mut(usize::from(level)) else {
                break;
            };
            edge.push(hash);
            if edge.len() < usize::from(TILE_WIDTH) {
                break;
            }
            reach >>= 8;
            let hashes = std::mem::take(edge);
            hash = subtree_root(&hashes);
            full.push(Tile {
                level,
                index: reach - 1,
                hashes,
            });
        }
        full
    }

    /// Returns how many leaves the tree has.
    pub fn size(&self) -> Size {
        Size::new(self.size)
    }

    /// Returns the unfinished tiles, lowest level first; none is empty.
    pub fn partial(&self) -> Vec<Tile> {
        partial_tiles(self.size())
            .filter_map(|(level, index, _)| {
                let hashes = self.edge.get(usize::from(level))?.clone();
                Some(Tile {
                    level,
                    index,
                    hashes,
                })
            })
            .collect()
    }

    /// Returns the right edge of the tree.
    pub fn frontier(&self) -> Frontier {
        let mut roots = Vec::new();
        for hashes in self.edge.iter().rev() {
            let mut within = Frontier::new();
            for hash in hashes {
                within.push(*hash);
            }
            roots.extend_from_slice(within.parts().1);
        }
        Frontier::from_parts(self.size(), roots).unwrap_or_default()
    }

    /// Returns the root of the tree.
    pub fn root(&self) -> TreeHash {
        self.frontier().root()
    }
}

/// Returns level, index and width of the unfinished tiles of a tree of this size,
/// lowest level first.
pub fn partial_tiles(size: Size) -> impl Iterator<Item = (u8, u64, u16)> {
    (0..LEVELS).filter_map(move |level| {
        let below = size.get() >> (8 * u32::from(level));
        let width = u16::try_from(below % 256).unwrap_or(0);
        (width > 0).then_some((level, below / 256, width))
    })
}

/// Returns the paths of the unfinished files of a roll of this size: its tiles, its bundle
/// of entries, and last that of bodies.
pub fn partial_paths(size: Size) -> Vec<String> {
    let tiles = partial_tiles(size).map(|(level, index, width)| tile_path(level, index, width));
    let mut paths: Vec<_> = tiles.collect();
    let index = size.get() / u64::from(TILE_WIDTH);
    let width = width_at(index, size);
    if width > 0 {
        paths.extend([entries_path(index, width), bodies_path(index, width)]);
    }
    paths
}

/// Returns how many entries bundle `index` has in a tree of this size.
pub fn width_at(index: u64, size: Size) -> u16 {
    let before = index.saturating_mul(u64::from(TILE_WIDTH));
    let rest = size.get().saturating_sub(before);
    u16::try_from(rest).map_or(TILE_WIDTH, |rest| rest.min(TILE_WIDTH))
}

/// Returns how many tiles of a level, or at level 0 bundles, are full in a tree of this size.
pub fn full(level: u8, size: Size) -> u64 {
    let hashes = size.get().checked_shr(8 * u32::from(level)).unwrap_or(0);
    hashes / u64::from(TILE_WIDTH)
}

/// Returns the root over the hashes of a full tile, or of any perfect subtree.
fn subtree_root(hashes: &[TreeHash]) -> TreeHash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row
            .as_chunks::<2>()
            .0
            .iter()
            .map(|[left, right]| node_hash(left, right))
            .collect();
    }
    row.first().copied().unwrap_or_else(crate::tree::empty_root)
}

/// Returns the index in elements of three digits, all but the last led by an
/// `x`, and the width if the tile is not full.
fn numbered(index: u64, width: u16) -> String {
    let mut text = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        text = format!("x{:03}/{text}", rest % 1000);
        rest /= 1000;
    }
    if width < TILE_WIDTH {
        text = format!("{text}.p/{width}");
    }
    text
}

fn parse_numbered(text: &str) -> Option<(u64, u16)> {
    let (number, width) = match text.split_once(".p/") {
        Some((number, width)) => (number, u16::try_from(decimal(width)?).ok()?),
        None => (text, TILE_WIDTH),
    };
    let mut index: u64 = 0;
    for element in number.split('/') {
        let digits = element.strip_prefix('x').unwrap_or(element);
        index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    }
    // One index has one spelling: whatever was read must be written the same.
    let known = (1..=TILE_WIDTH).contains(&width) && numbered(index, width) == text;
    known.then_some((index, width))
}

/// Returns the number that this text is, without signs or needless zeros.
fn decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests;
