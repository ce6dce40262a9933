//! Nodes of the tree, read from the tiles: what proofs are made of.
//!
//! Only what is in bundles has tiles. Whoever proves something proves it under
//! a checkpoint, and whatever a checkpoint covers is in bundles.

use chancery_chain::tile::{self, TILE_WIDTH};
use chancery_chain::{Frontier, TreeHash};

use super::reader::{ReadError, RollReader};
use super::{BundleError, ROLL_FOLDER, read_tile};
use crate::files;
use crate::roll::CHECKPOINT_FILE;

/// How many levels of the tree one tile spans.
const SPAN: u32 = 8;

impl RollReader {
    /// Returns the hash of the perfect subtree of this level, from zero for
    /// leaves, at this index in its level.
    ///
    /// # Errors
    /// The tile is missing or damaged, or does not reach so far.
    pub fn node(&self, level: u32, index: u64) -> Result<TreeHash, ReadError> {
        let (tile_level, within) = (level / SPAN, level % SPAN);
        let first = index << within;
        let (tile_index, place) = (first / u64::from(TILE_WIDTH), first % u64::from(TILE_WIDTH));
        let end = place + (1 << within);
        let missing = |level| {
            let path = tile::tile_path(level, tile_index, TILE_WIDTH);
            let file = format!("{ROLL_FOLDER}/{path}");
            let what = "a tile that the proof takes is missing or damaged".to_owned();
            BundleError::Malformed { file, what }
        };
        // No tree that can be kept has a level beyond these.
        let tile_level = u8::try_from(tile_level).map_err(|_| missing(u8::MAX))?;
        let width = u16::try_from(end).map_err(|_| missing(tile_level))?;
        let roll = self.folder();
        let hashes = read_tile(roll, tile_level, tile_index, width, self.settled_now()?)?;
        let hashes = hashes.ok_or_else(|| missing(tile_level))?;
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let mut within = Frontier::new();
        for hash in hashes.iter().skip(place) {
            within.push(*hash);
        }
        Ok(within.root())
    }

    /// Returns the checkpoint that lies in the roll, as it was signed, if there is one.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn checkpoint(&self) -> Result<Option<Vec<u8>>, ReadError> {
        Ok(files::read_if_there(&self.folder().join(CHECKPOINT_FILE))?)
    }
}
