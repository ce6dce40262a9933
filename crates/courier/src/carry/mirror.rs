//! Mirroring: a roll fetched as it is, damage and all, so that it can be looked at.

use std::sync::atomic::{AtomicU64, Ordering};

use chancery_chain::Size;
use chancery_chain::tile::{self, width_at};

use super::tiles::{WIDTH, tile_width};
use super::unit::{LONGEST_ENTRY, LONGEST_SLOT};
use super::{CarryError, WITHOUT_BODIES, is_without_bodies, side_by_side};
use crate::error::PlaceError;
use crate::place::Place;

/// After so many files that are not there, the rest is not asked for: a checkpoint
/// can claim any size.
const MOST_MISSING: u64 = 1000;

/// Fetches all files that a checkpoint of this size covers, as they are; one that is
/// not there is left out, and one that is too long is left empty.
///
/// # Errors
/// A place fails, or hardly anything of what is claimed is there.
pub fn mirror(
    from: &Place,
    to: &Place,
    size: Size,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<(), CarryError> {
    let missing = AtomicU64::new(0);
    let near = from.as_folder().is_some();
    let one = |path: &str, most: u64| one(from, to, path, most, &missing);
    let without_bodies = is_without_bodies(from)?;
    if without_bodies {
        to.put(WITHOUT_BODIES, &[])?;
    }
    for level in 1..8 {
        let hashes = size.get().checked_shr(8 * u32::from(level)).unwrap_or(0);
        for index in 0..hashes.div_ceil(WIDTH) {
            let width = tile_width(level, index, size);
            one(&tile::tile_path(level, index, width), u64::from(width) * 32)?;
        }
    }
    side_by_side(near, 0, size.get().div_ceil(WIDTH), &|index| {
        let width = width_at(index, size);
        let wide = u64::from(width);
        one(&tile::tile_path(0, index, width), wide * 32)?;
        one(&tile::entries_path(index, width), wide * LONGEST_ENTRY)?;
        // Where bodies are left out, hardly any are there: that is no reason to stop.
        if !without_bodies {
            one(&tile::bodies_path(index, width), wide * LONGEST_SLOT)?;
        }
        progress(((index + 1) * WIDTH).min(size.get()), size.get());
        Ok(())
    })
}

fn one(
    from: &Place,
    to: &Place,
    path: &str,
    most: u64,
    missing: &AtomicU64,
) -> Result<(), CarryError> {
    match from.get(path, most) {
        Ok(Some(bytes)) => Ok(to.put(path, &bytes)?),
        // An empty file stands for one that has another length than it can have.
        Err(PlaceError::TooLong { .. }) => Ok(to.put(path, &[])?),
        Ok(None) if missing.fetch_add(1, Ordering::Relaxed) < MOST_MISSING => Ok(()),
        Ok(None) => Err(CarryError::Missing {
            place: from.to_string(),
            file: path.to_owned(),
        }),
        Err(error) => Err(error.into()),
    }
}
