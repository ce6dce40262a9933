//! Destroying bodies in the bundles of a roll.
//!
//! A bundle may lie there in several widths, and a writer that was stopped may
//! have left others: every file that may hold a body is gone through. Each is
//! replaced as a whole, so that a reader sees the old one or the new one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chancery_chain::bundle::{decode_body_bundle, encode_body_bundle};
use chancery_chain::tile::{TILE_WIDTH, bodies_path};
use chancery_chain::{Seq, Size, Slot};

use crate::fault::step;
use crate::files::{self, FileError, Told as _};
use crate::roll::bundles::BundleError;
use crate::roll::{BUNDLE, ROLL_FOLDER, at, place, width_at};

/// Destroys the bodies of these records, each by the expunging beside it, in the
/// roll at `roll` of which `settled` entries are in bundles.
pub(super) fn destroy(
    roll: &Path,
    expungings: &BTreeMap<Seq, Seq>,
    settled: Size,
) -> Result<(), BundleError> {
    let mut by_bundle: BTreeMap<u64, Vec<(usize, Seq)>> = BTreeMap::new();
    for (seq, by) in expungings.iter().filter(|(seq, _)| settled.holds(**seq)) {
        let (index, within) = place(*seq);
        by_bundle.entry(index).or_default().push((within, *by));
    }
    for (index, places) in by_bundle {
        destroy_in(roll, index, width_at(index, settled), &places)?;
    }
    Ok(())
}

fn destroy_in(
    roll: &Path,
    index: u64,
    width: u16,
    places: &[(usize, Seq)],
) -> Result<(), BundleError> {
    let needed = at(roll, &bodies_path(index, width));
    remove_unfinished(roll, index)?;
    let mut files = files_of(roll, index)?;
    // First the one that is read: where it stops, the others are still to be gone through.
    files.sort_by_key(|path| *path != needed);
    for path in files {
        let slots = decode_body_bundle(&files::read(&path)?);
        match slots {
            Ok(slots) => replace(&path, slots, places)?,
            Err(fault) if path == needed => {
                let file = format!("{ROLL_FOLDER}/{}", bodies_path(index, width));
                let what = fault.to_string();
                return Err(BundleError::Malformed { file, what });
            }
            // Nobody needs it, and what it holds cannot be told.
            Err(_) => files::remove(&path)?,
        }
        step("bundle-gone-through")?;
    }
    Ok(())
}

/// Removes what a writer that was stopped left unfinished, before what is written now
/// takes the same names.
fn remove_unfinished(roll: &Path, index: u64) -> Result<(), FileError> {
    let unfinished = |path: &PathBuf| path.extension().is_some_and(|end| end == "new");
    for path in files_of(roll, index)?.into_iter().filter(unfinished) {
        files::remove(&path)?;
    }
    Ok(())
}

/// Puts a bundle without these bodies in the place of one, if it holds any of them.
fn replace(path: &Path, mut slots: Vec<Slot>, places: &[(usize, Seq)]) -> Result<(), FileError> {
    let mut destroyed = false;
    for (within, by) in places {
        if let Some(slot @ Slot::Body { .. }) = slots.get_mut(*within) {
            *slot = Slot::Expunged(*by);
            destroyed = true;
        }
    }
    if destroyed {
        files::prepare(path, &encode_body_bundle(&slots))?;
        step("bundle-prepared")?;
        files::put_prepared(path)?;
    }
    Ok(())
}

/// Returns every file that holds slots of a bundle, in whatever width, and those
/// that a writer left unfinished.
fn files_of(roll: &Path, index: u64) -> Result<Vec<PathBuf>, FileError> {
    let full = at(roll, &bodies_path(index, TILE_WIDTH));
    let unfinished = files::unfinished(&full);
    let mut found: Vec<_> = [full, unfinished]
        .into_iter()
        .filter(|path| path.is_file())
        .collect();
    // The widths below 256 lie in a folder of their own.
    let one = at(roll, &bodies_path(index, 1));
    let folder = files::parent(&one);
    if folder.is_dir() {
        for item in std::fs::read_dir(folder).told("list", folder)? {
            found.push(item.told("list", folder)?.path());
        }
    }
    found.sort();
    Ok(found)
}

const _: () = assert!(BUNDLE == TILE_WIDTH as u64);
