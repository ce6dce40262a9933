//! The roll: the ledger as static files, and the record of what was appended.
//!
//! Bundles of 256 entries and of their body slots, the tiles of the tree over
//! them, and the tail with what came since. Where the files lie is said by
//! `chancery_chain::tile`; here they are read and written.

pub(crate) mod bundles;
mod going;
mod nodes;
pub mod reader;
mod superseded;
pub(crate) mod writer;

use std::path::{Path, PathBuf};

use chancery_chain::envelope::{MAX_BODY, MAX_ENVELOPE};
use chancery_chain::tile::{self, TILE_WIDTH, TileBuilder, TilePath};
use chancery_chain::{Seq, Size, TreeHash};

use crate::engine::STORE_FOLDER;
use crate::files::{self, FileError};
use crate::mark::MARK_FILE;
use bundles::BundleError;
pub(crate) use chancery_chain::tile::width_at;
pub(crate) use superseded::{collect, collect_left_over};

/// The folder of the roll, in the ledger's folder.
pub(crate) const ROLL_FOLDER: &str = "roll";
/// The name of the last checkpoint, in the ledger's folder and in the roll's.
pub(crate) const CHECKPOINT_FILE: &str = "checkpoint";
/// The name of the file by which a copy of a roll says that bodies were left out of it.
pub(crate) const WITHOUT_BODIES_FILE: &str = "without-bodies";
/// How many entries a full bundle has.
pub(crate) const BUNDLE: u64 = TILE_WIDTH as u64;

/// Returns whether a roll is a copy that was made without bodies: it says so, and there
/// is no working copy beside it, which such a copy never has. Else whoever destroys the
/// bodies need only write the file that says so.
pub(crate) fn is_without_bodies(roll: &Path) -> bool {
    let folder = files::parent(roll);
    let works = [STORE_FOLDER, MARK_FILE]
        .iter()
        .any(|name| folder.join(name).exists());
    roll.join(WITHOUT_BODIES_FILE).is_file() && !works
}

/// Returns where a file of the roll lies, by its path relative to the roll.
pub(crate) fn at(roll: &Path, relative: &str) -> PathBuf {
    relative
        .split('/')
        .fold(roll.to_owned(), |path, name| path.join(name))
}

/// Reads a tile or bundle, if it is there; one that is longer than it can be cannot be read.
pub(crate) fn read_file(roll: &Path, relative: &str) -> Result<Option<Vec<u8>>, FileError> {
    let most = longest(relative).unwrap_or_default();
    files::read_no_more_than(&at(roll, relative), most.saturating_add(SLACK))
}

/// So much more is read of a file than it can have: what is wrong with one that is a
/// little longer is told by what it holds.
const SLACK: u64 = 64 << 10;

/// Returns how long a tile or bundle can be.
pub(crate) fn longest(relative: &str) -> Option<u64> {
    let (width, each) = match tile::parse_path(relative)? {
        TilePath::Tree { width, .. } => (width, 32),
        TilePath::Entries { width, .. } => (width, 2 + MAX_ENVELOPE),
        TilePath::Bodies { width, .. } => (width, 1 + 32 + 4 + MAX_BODY),
    };
    Some(u64::from(width) * each as u64)
}

/// Returns the bundle that an entry is in, and its place there.
pub(crate) fn place(seq: Seq) -> (u64, usize) {
    let within = usize::try_from(seq.get() % BUNDLE).unwrap_or(0);
    (seq.get() / BUNDLE, within)
}

/// Returns the unfinished bundle of bodies of such a roll, if there is one.
pub(crate) fn partial_bodies(settled: Size) -> Option<String> {
    let index = settled.get() / BUNDLE;
    let width = width_at(index, settled);
    (width > 0).then(|| tile::bodies_path(index, width))
}

/// Returns the first `width` hashes of a tile, from the file of that width or
/// from one that has more; `settled` says how far the tiles go.
pub(crate) fn read_tile(
    roll: &Path,
    level: u8,
    index: u64,
    width: u16,
    settled: Size,
) -> Result<Option<Vec<TreeHash>>, FileError> {
    let below = settled.get().checked_shr(8 * u32::from(level)).unwrap_or(0);
    for wide in [width, width_at(index, Size::new(below)), TILE_WIDTH] {
        if wide < width {
            continue;
        }
        let Some(bytes) = read_file(roll, &tile::tile_path(level, index, wide))? else {
            continue;
        };
        let hashes = tile::decode_tile(&bytes).filter(|hashes| hashes.len() == usize::from(wide));
        return Ok(hashes.map(|mut hashes| {
            hashes.truncate(usize::from(width));
            hashes
        }));
    }
    Ok(None)
}

/// Returns the tree over the first `size` entries, of which all are in bundles,
/// or `None` if a tile that it takes is missing or malformed.
pub(crate) fn tree_at(
    roll: &Path,
    size: Size,
    settled: Size,
) -> Result<Option<TileBuilder>, FileError> {
    let mut fault = None;
    let tree = TileBuilder::resume(size, |level, index, width| {
        read_tile(roll, level, index, width, settled).unwrap_or_else(|error| {
            fault = Some(error);
            None
        })
    });
    fault.map_or(Ok(tree), Err)
}
