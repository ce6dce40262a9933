//! The tiles of a roll at a place, each believed only once a tile above it, or the
//! root of the checkpoint, has its hash.
//!
//! Tiles above the leaves are held in memory: a ledger of a million entries has
//! 128 KiB of them. Those of the leaves are read as they are needed.

use std::collections::BTreeMap;

use chancery_chain::tile::{self, TILE_WIDTH, TileBuilder, width_at};
use chancery_chain::{Frontier, Size, TreeHash};

use super::CarryError;
use crate::place::Place;

/// How many hashes a full tile has.
pub(super) const WIDTH: u64 = TILE_WIDTH as u64;

/// The tiles of a tree, as far as they were read and found true.
#[derive(Debug)]
pub(super) struct Tiles {
    /// All tiles above the leaves, and the unfinished one of the leaves.
    known: BTreeMap<(u8, u64), Vec<TreeHash>>,
}

impl Tiles {
    /// Reads the tiles above the leaves of the tree with this size and root.
    pub(super) fn read(from: &Place, size: Size, root: TreeHash) -> Result<Self, CarryError> {
        let mut tiles = Self {
            known: BTreeMap::new(),
        };
        for (level, index, width) in tile::partial_tiles(size) {
            let hashes = fetch_tile(from, level, index, width)?;
            tiles.known.insert((level, index), hashes);
        }
        let edge = |level, index, _| tiles.known.get(&(level, index)).cloned();
        let tree = TileBuilder::resume(size, edge);
        if tree.is_none_or(|tree| tree.root() != root) {
            return Err(CarryError::Damaged {
                place: from.to_string(),
                file: super::CHECKPOINT.to_owned(),
                what: "the tiles at the right edge do not lead to its root".to_owned(),
            });
        }
        for level in (1..8).rev() {
            for index in 0..hashes_in(size, level) / WIDTH {
                let hashes = tiles.full(from, level, index)?;
                tiles.known.insert((level, index), hashes);
            }
        }
        Ok(tiles)
    }

    /// Returns the hashes of the leaves in a bundle.
    pub(super) fn leaves(&self, from: &Place, index: u64) -> Result<Vec<TreeHash>, CarryError> {
        match self.known.get(&(0, index)) {
            Some(hashes) => Ok(hashes.clone()),
            None => self.full(from, 0, index),
        }
    }

    /// Returns the hashes of an unfinished tile.
    pub(super) fn edge(&self, level: u8, index: u64) -> &[TreeHash] {
        self.known.get(&(level, index)).map_or(&[], Vec::as_slice)
    }

    /// Returns the root of the tree when it had `size` leaves, which is no more
    /// than it has now.
    pub(super) fn root_at(&self, from: &Place, size: Size) -> Result<TreeHash, CarryError> {
        let mut fault = None;
        let tree = TileBuilder::resume(size, |level, index, width| {
            let hashes = match (self.known.get(&(level, index)), level) {
                (Some(hashes), _) => Some(hashes.clone()),
                (None, 0) => self
                    .full(from, 0, index)
                    .map_err(|error| fault = Some(error))
                    .ok(),
                _ => None,
            };
            hashes.map(|mut hashes| {
                hashes.truncate(usize::from(width));
                hashes
            })
        });
        if let Some(fault) = fault {
            return Err(fault);
        }
        Ok(tree.map_or_else(chancery_chain::tree::empty_root, |tree| tree.root()))
    }

    /// Returns path, bytes, level and end of every tile above the leaves.
    pub(super) fn upper(&self) -> impl Iterator<Item = (String, Vec<u8>, u8, u64)> {
        let upper = self.known.iter().filter(|((level, _), _)| *level > 0);
        upper.map(|((level, index), hashes)| {
            let width = u16::try_from(hashes.len()).unwrap_or(TILE_WIDTH);
            let path = tile::tile_path(*level, *index, width);
            let end = index * WIDTH + u64::from(width);
            (path, encode(hashes), *level, end)
        })
    }

    /// Reads a full tile and compares it with the one above it.
    fn full(&self, from: &Place, level: u8, index: u64) -> Result<Vec<TreeHash>, CarryError> {
        let hashes = fetch_tile(from, level, index, TILE_WIDTH)?;
        let mut within = Frontier::new();
        for hash in &hashes {
            within.push(*hash);
        }
        let above = self.known.get(&(level + 1, index / WIDTH));
        let place = usize::try_from(index % WIDTH).unwrap_or(usize::MAX);
        let vouched = above.and_then(|above| above.get(place));
        if vouched == Some(&within.root()) {
            return Ok(hashes);
        }
        let what = "its hashes are not those of the tile above it";
        let path = tile::tile_path(level, index, TILE_WIDTH);
        Err(damaged(from, &path, &what))
    }
}

/// Returns the bytes of a tile.
pub(super) fn encode(hashes: &[TreeHash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

pub(super) fn damaged(place: &Place, file: &str, what: &impl ToString) -> CarryError {
    CarryError::Damaged {
        place: place.to_string(),
        file: file.to_owned(),
        what: what.to_string(),
    }
}

/// Returns how many hashes there are on a level of the tiles.
fn hashes_in(size: Size, level: u8) -> u64 {
    size.get().checked_shr(8 * u32::from(level)).unwrap_or(0)
}

/// Returns how many hashes a tile has in a tree of this size.
pub(crate) fn tile_width(level: u8, index: u64, size: Size) -> u16 {
    width_at(index, Size::new(hashes_in(size, level)))
}

/// Fetches a tile; an unfinished one may have been replaced by the full one.
pub(crate) fn fetch_tile(
    from: &Place,
    level: u8,
    index: u64,
    width: u16,
) -> Result<Vec<TreeHash>, CarryError> {
    let path = tile::tile_path(level, index, width);
    let mut found = from.get(&path, u64::from(width) * 32)?;
    if found.is_none() && width < TILE_WIDTH {
        let full = tile::tile_path(level, index, TILE_WIDTH);
        found = from.get(&full, WIDTH * 32)?;
    }
    let bytes = found.ok_or_else(|| CarryError::Missing {
        place: from.to_string(),
        file: path.clone(),
    })?;
    let hashes = tile::decode_tile(&bytes).filter(|hashes| hashes.len() >= usize::from(width));
    let mut hashes = hashes.ok_or_else(|| damaged(from, &path, &"it is no tile of that width"))?;
    hashes.truncate(usize::from(width));
    Ok(hashes)
}
