//! A roll that is no more than that, laid out so that it can be verified like one
//! in a ledger.
//!
//! A folder is not copied: links lead to its files. What lies far away is fetched
//! first, as it is. The layout is gone when the verifying is done.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use chancery_courier::carry::{self, Published, WITHOUT_BODIES};
use chancery_courier::{CarryError, Copy, Place};
use chancery_ledger::copies::{leave_sources_out, verify_bare};
use chancery_ledger::spoken::source_files;
use chancery_ledger::verify::{Against, Part, Verified};
use chancery_store::RollReader;
use chancery_store::verify::VerifyError;
use tempfile::TempDir;

use super::super::copying::{carried_sources, copy, failure, mirrored, place_failure};
use crate::args::VerifyArgs;
use crate::failure::{Exit, Failure};

/// A roll that is laid out in a folder, which is removed in the end.
pub(super) struct Bare {
    pub(super) folder: TempDir,
    /// Whether it is one that has no source files by its nature.
    alone: bool,
}

impl Bare {
    /// Verifies the roll, or a part of it.
    pub(super) fn verify(
        &self,
        against: &Against,
        part: &Part,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Verified, VerifyError> {
        let mut verified = verify_bare(self.folder.path(), against, part, progress)?;
        if self.alone {
            leave_sources_out(&mut verified);
        }
        Ok(verified)
    }
}

/// Lays out the roll that is to be verified, if it is not a ledger's.
pub(super) fn of(args: &VerifyArgs, quiet: bool) -> Result<Option<Bare>, Failure> {
    let Some(place) = &args.roll else {
        return Ok(None);
    };
    if args.part.record == Some(None) {
        let message = "with --roll there is no ledger to record it in";
        return Err(Failure::new(Exit::Usage, message).hint("name a file: --record FILE"));
    }
    lay_out(place, quiet).map(Some)
}

fn lay_out(place: &str, quiet: bool) -> Result<Bare, Failure> {
    let copy = copy(place)?;
    let published = carry::published(&copy.roll).map_err(|error| failure(&error))?;
    let folder = TempDir::with_prefix("chancery-")?;
    let roll = folder.path().join("roll");
    fs::create_dir(&roll)?;
    match (copy.roll.as_folder(), published) {
        (Some(near), published) if copy.is_ledger() => {
            link(near, &roll, &["tile", "bodies", WITHOUT_BODIES, "tail"])?;
            // That there is a working copy tells that this is no copy without bodies.
            if let Some(ledger) = fs::canonicalize(near)?.parent() {
                link(ledger, folder.path(), &["store"])?;
            }
            put_checkpoint(folder.path(), published.as_ref())?;
            link_sources(&copy, folder.path())?;
        }
        (_, None) => {
            let place = copy.to_string();
            return Err(failure(&CarryError::NoCheckpoint { place })
                .hint("name a place that a roll was pushed to, or a ledger's folder"));
        }
        (Some(near), Some(published)) => {
            link(near, &roll, &["tile", "bodies", WITHOUT_BODIES])?;
            adopt(folder.path(), &published)?;
            link_sources(&copy, folder.path())?;
        }
        (None, Some(published)) => {
            mirrored(&copy, &published, &roll, quiet)?;
            adopt(folder.path(), &published)?;
            fetch_sources(&copy, folder.path())?;
        }
    }
    let alone = copy.is_roll_alone();
    let alone = alone.map_err(|error| place_failure(&error))?;
    Ok(Bare { folder, alone })
}

fn link(from: &Path, to: &Path, names: &[&str]) -> Result<(), Failure> {
    let from = fs::canonicalize(from)?;
    for name in names {
        if from.join(name).exists() {
            symlink(from.join(name), to.join(name))?;
        }
    }
    Ok(())
}

fn link_sources(copy: &Copy, folder: &Path) -> Result<(), Failure> {
    match copy.sources.as_folder().filter(|sources| sources.is_dir()) {
        Some(sources) => Ok(symlink(fs::canonicalize(sources)?, folder.join("sources"))?),
        None => Ok(()),
    }
}

/// Makes a tail for a roll that was published without one.
fn adopt(folder: &Path, published: &Published) -> Result<(), Failure> {
    chancery_store::adopt(folder, &published.bytes)
        .map_err(|error| Failure::of(Exit::System, &error))?;
    put_checkpoint(folder, Some(published))
}

fn put_checkpoint(folder: &Path, published: Option<&Published>) -> Result<(), Failure> {
    if let Some(published) = published {
        fs::write(folder.join("checkpoint"), &published.bytes)?;
        fs::write(folder.join("roll/checkpoint"), &published.bytes)?;
    }
    Ok(())
}

/// Fetches the source files that the records speak of, as far as these can be read;
/// what is not fetched, verifying misses.
fn fetch_sources(copy: &Copy, folder: &Path) -> Result<(), Failure> {
    let Ok(reader) = RollReader::open(folder) else {
        return Ok(());
    };
    let Ok(files) = source_files(&reader, reader.size()) else {
        return Ok(());
    };
    let to = Place::folder(&folder.join("sources"));
    for file in carried_sources(&files)? {
        let name = file.digest.to_string();
        let found = copy.sources.get(&name, file.length);
        if let Some(bytes) = found.map_err(|error| failure(&error.into()))? {
            to.put(&name, &bytes)
                .map_err(|error| failure(&error.into()))?;
        }
    }
    Ok(())
}
