//! Superseded files: unfinished forms of tiles and bundles that are full by now.
//!
//! Whoever holds an older checkpoint may ask for the unfinished files of its size.
//! [c2sp.org/tlog-tiles](https://c2sp.org/tlog-tiles) lets each of them go once the
//! full one can be had, and not before. So nothing is removed here until the tail's
//! header says that what is full lies in bundles, which were synced before it was
//! written; a reader that finds an unfinished file gone finds the full one. What
//! stopping in between leaves behind is cleared away by the next opening.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chancery_chain::Size;
use chancery_chain::tile::{self, TILE_WIDTH, TilePath};

use super::{BUNDLE, at};
use crate::fault::step;
use crate::files::{self, FileError};

/// How many tiles or bundles lie in one folder.
const TOGETHER: u64 = 1000;
/// So many entries behind the right edge, an opening looks for what was left behind:
/// no tail grows so long.
const REACH: u64 = TOGETHER * BUNDLE;
/// The levels of tiles that a ledger can have.
const LEVELS: u8 = 8;

/// Removes what is superseded in a roll of which `settled` entries are in bundles,
/// and `from` were before, but for the unfinished files of the size `kept`: of that
/// one is the checkpoint that lies there for all to see.
pub(crate) fn collect(roll: &Path, from: Size, settled: Size, kept: Size) -> Result<(), FileError> {
    let kept: Vec<_> = tile::partial_paths(kept)
        .iter()
        .map(|path| at(roll, path))
        .collect();
    for folder in folders(roll, from, settled)? {
        for path in files::list(&folder)? {
            if !kept.contains(&path) {
                files::remove(&path)?;
                step("superseded-file-removed")?;
            }
        }
        // While there is one that is kept, the folder stays.
        let _ = std::fs::remove_dir(&folder);
    }
    Ok(())
}

/// Removes what a writer that was stopped left behind at the right edge of the last
/// checkpoint, which is of this size.
pub(crate) fn collect_left_over(roll: &Path, published: Size) -> Result<(), FileError> {
    let from = Size::new(published.get().saturating_sub(REACH));
    collect(roll, from, published, published)
}

/// Returns the folders of unfinished files near the right edge whose full form is there.
fn folders(roll: &Path, from: Size, settled: Size) -> Result<Vec<PathBuf>, FileError> {
    let mut shelves = BTreeSet::new();
    for level in 0..LEVELS {
        for shelf in tile::full(level, from) / TOGETHER..=tile::full(level, settled) / TOGETHER {
            let first = shelf * TOGETHER;
            shelves.insert(tile::tile_path(level, first, TILE_WIDTH));
            if level == 0 {
                shelves.insert(tile::entries_path(first, TILE_WIDTH));
                shelves.insert(tile::bodies_path(first, TILE_WIDTH));
            }
        }
    }
    let mut found = Vec::new();
    for first in shelves {
        let first = at(roll, &first);
        let shelf = files::parent(&first);
        if shelf.is_dir() {
            let items = files::list(shelf)?.into_iter();
            found.extend(items.filter(|path| is_superseded(roll, path, settled)));
        }
    }
    Ok(found)
}

/// Returns whether this is a folder of unfinished files of something that is full.
fn is_superseded(roll: &Path, folder: &Path, settled: Size) -> bool {
    let Ok(relative) = folder.strip_prefix(roll) else {
        return false;
    };
    let names = relative.iter().map(|name| name.to_string_lossy());
    let one = format!("{}/1", names.collect::<Vec<_>>().join("/"));
    let is_full = match tile::parse_path(&one) {
        Some(TilePath::Tree { level, index, .. }) => index < tile::full(level, settled),
        Some(TilePath::Entries { index, .. } | TilePath::Bodies { index, .. }) => {
            index < tile::full(0, settled)
        }
        None => false,
    };
    is_full && folder.is_dir()
}
