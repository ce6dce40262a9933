//! Comparing a roll here with a copy elsewhere: which entries are not the same.
//!
//! Only tiles are read, a few for each entry that differs. What an entry's body
//! should be is in its envelope, and so in the tree.

use std::collections::BTreeMap;

use chancery_chain::proof::{Consistency, Differing, differing, root_at};
use chancery_chain::tile::{self, TILE_WIDTH};
use chancery_chain::{Checkpoint, Frontier, Size, TreeHash};

use crate::carry::{CarryError, fetch_tile, tile_width};
use crate::place::Place;

/// How many levels of the tree one tile spans.
const SPAN: u32 = 8;

/// Why two rolls were not compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompareError<E: std::error::Error + 'static> {
    /// The copy's tiles cannot be had.
    #[error(transparent)]
    There(#[from] CarryError),
    /// The roll's own tiles cannot be had.
    #[error("the tiles here cannot be read")]
    Here(#[source] E),
}

/// What a comparison came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// How many entries both have, and were compared.
    pub size: Size,
    /// Those that differ.
    pub differing: Differing,
    /// Whether the copy's tiles lead to the root of its checkpoint.
    pub sound: bool,
    /// How many tiles of the copy were read.
    pub tiles: usize,
}

/// Compares the first entries of the roll here, of which `here` gives the hashes up to
/// `size`, with those of the copy that has this checkpoint.
///
/// # Errors
/// Tiles of the one or the other cannot be had.
pub fn compare<E: std::error::Error + 'static>(
    size: Size,
    here: &mut dyn FnMut(u32, u64) -> Result<TreeHash, E>,
    there: &Place,
    checkpoint: &Checkpoint,
) -> Result<Compared, CompareError<E>> {
    let mut tiles = TileNodes::of(there, checkpoint.size());
    let common = size.min(checkpoint.size());
    let sound = tiles.lead_to(common, checkpoint)?;
    let mut ours = |level, index| here(level, index).map_err(CompareError::Here);
    let mut theirs = |level, index| tiles.node(level, index).map_err(CompareError::There);
    let differing = differing(common, &mut ours, &mut theirs)?;
    Ok(Compared {
        size: common,
        differing,
        sound,
        tiles: tiles.read,
    })
}

/// The hashes of a tree, from tiles at a place.
struct TileNodes<'a> {
    place: &'a Place,
    size: Size,
    known: BTreeMap<(u8, u64), Vec<TreeHash>>,
    read: usize,
}

impl<'a> TileNodes<'a> {
    /// How many tiles are held at once.
    const HELD: usize = 1024;

    fn of(place: &'a Place, size: Size) -> Self {
        Self {
            place,
            size,
            known: BTreeMap::new(),
            read: 0,
        }
    }

    /// Returns whether the first leaves are those of the tree with the checkpoint's root.
    fn lead_to(&mut self, common: Size, checkpoint: &Checkpoint) -> Result<bool, CarryError> {
        let mut nodes = |level, index| self.node(level, index);
        let root = root_at(common, &mut nodes)?;
        if common == checkpoint.size() {
            return Ok(root == checkpoint.root());
        }
        let proof = Consistency::make(common, checkpoint.size(), &mut nodes)?;
        Ok(proof.is_none_or(|proof| proof.check(root, checkpoint.root()).is_ok()))
    }

    fn node(&mut self, level: u32, index: u64) -> Result<TreeHash, CarryError> {
        let (above, within) = (level / SPAN, level % SPAN);
        let first = index << within;
        let (tile, place) = (first / u64::from(TILE_WIDTH), first % u64::from(TILE_WIDTH));
        // No tree that can be kept has a level beyond these.
        let above = u8::try_from(above).unwrap_or(u8::MAX);
        let hashes = self.tile(above, tile)?;
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let hashes = hashes.get(place..place.saturating_add(1 << within));
        let hashes = hashes.ok_or_else(|| CarryError::Missing {
            place: self.place.to_string(),
            file: tile::tile_path(above, tile, TILE_WIDTH),
        })?;
        let mut inside = Frontier::new();
        for hash in hashes {
            inside.push(*hash);
        }
        Ok(inside.root())
    }

    fn tile(&mut self, level: u8, index: u64) -> Result<Vec<TreeHash>, CarryError> {
        if let Some(hashes) = self.known.get(&(level, index)) {
            return Ok(hashes.clone());
        }
        let width = tile_width(level, index, self.size);
        let hashes = fetch_tile(self.place, level, index, width)?;
        self.read += 1;
        if self.known.len() >= Self::HELD {
            // Those of the leaves are not come back to.
            self.known.retain(|(level, _), _| *level > 0);
        }
        self.known.insert((level, index), hashes.clone());
        Ok(hashes)
    }
}
