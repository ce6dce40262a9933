//! The commands that carry a ledger between places, and what they have in common.

pub mod clone;
pub mod push;

use std::path::Path;
use std::sync::Mutex;

use chancery_chain::{Expunging, Size};
use chancery_courier::carry::{Carried, Published, SourceFile, mirror, remove_sources};
use chancery_courier::{CarryError, Carrying, Copy, Place, PlaceError};
use chancery_ledger::spoken;
use chancery_store::{ReadError, RollReader};

use crate::args::{RollArgs, RollCommand};
use crate::context::Context;
use crate::explain;
use crate::failure::{Exit, Failure};
use crate::progress::Progress;
use crate::view::say;

/// The largest source file that is fetched: it is held in memory while it is hashed.
const LARGEST_SOURCE: u64 = 1 << 30;

/// Does what is asked of the roll.
///
/// # Errors
/// As the command that is asked for.
pub fn run(context: &mut Context, args: &RollArgs) -> Result<(), Failure> {
    match &args.command {
        RollCommand::Push(args) => push::run(context, args),
    }
}

/// Returns the copy that the command line names.
pub(crate) fn copy(text: &str) -> Result<Copy, Failure> {
    Copy::parse(text).map_err(|error| place_failure(&error))
}

/// Fetches all that a copy's checkpoint covers into the folder `roll`, as it is.
pub(crate) fn mirrored(
    copy: &Copy,
    published: &Published,
    roll: &Path,
    quiet: bool,
) -> Result<(), Failure> {
    let (to, size) = (Place::folder(roll), published.checkpoint.size());
    with_progress("fetching", quiet, |progress| {
        mirror(&copy.roll, &to, size, progress)
    })
    .map_err(|error| failure(&error))
}

/// Explains why a roll was not carried.
pub(crate) fn failure(error: &CarryError) -> Failure {
    match error {
        CarryError::Place(error) => place_failure(error),
        CarryError::NoCheckpoint { .. } => Failure::of(Exit::No, error)
            .hint("`chancery checkpoint` makes one; what it covers can be carried"),
        CarryError::Ahead { .. } => Failure::of(Exit::No, error)
            .hint("nothing was changed; if this is not an old copy, somebody cut it"),
        CarryError::Fork { .. } => Failure::of(Exit::No, error)
            .hint("nothing was changed; keep both checkpoints: together they are evidence"),
        CarryError::HasBodies { .. } => Failure::of(Exit::Refused, error)
            .hint("nothing was changed; a copy without bodies needs a place of its own"),
        CarryError::LeavesBodiesOut { .. } => Failure::of(Exit::Refused, error).hint(
            "nothing was changed; the whole needs a place of its own, or `roll push --without-bodies`",
        ),
        CarryError::Uncovered { .. } => Failure::of(Exit::Refused, error)
            .hint("the next checkpoint covers it: the ledger's keeper makes it, and publishes it"),
        _ => Failure::of(Exit::No, error),
    }
}

/// Refuses to carry bundles in which bodies were destroyed without the entry that says so:
/// at the other place they would be damage.
fn check_destroyed(reader: &RollReader, covered: Size, hint: &str) -> Result<(), Failure> {
    for item in reader.entries(covered.next_seq()) {
        let (by, entry) = item.map_err(|error| explain::read(&error))?;
        let said = Expunging::said_by(&entry.envelope);
        // What no checkpoint covers is not carried, destroyed or not.
        if let Some(said) = said.filter(|said| covered.holds(said.seq)) {
            let entry = said.seq;
            let error = CarryError::Uncovered { entry, by };
            return Err(Failure::of(Exit::Refused, &error).hint(hint));
        }
    }
    Ok(())
}

/// Removes at the other place the source files that were destroyed with the bodies that
/// spoke of them, while these bodies can still tell; `reader` reads what is there or here.
/// Returns how many there were.
fn remove_destroyed(
    carrying: &Carrying<'_>,
    carried: &Carried,
    (from, to): (&Place, &Place),
    reader: &dyn Fn() -> Result<RollReader, ReadError>,
) -> Result<u64, Failure> {
    // A clone that was interrupted before it had source files is no ledger that could be read.
    if to.as_folder().is_some_and(|folder| !folder.is_dir()) {
        return Ok(0);
    }
    let destroyed = carrying.destroyed(carried);
    let destroyed = destroyed.map_err(|error| failure(&error))?;
    if destroyed.is_empty() {
        return Ok(0);
    }
    let bodies = destroyed.into_iter().map(|gone| (gone.seq, gone.slot));
    let digests = reader().and_then(|reader| spoken::destroyed_files(&reader, &bodies.collect()));
    let digests = digests.map_err(|error| explain::read(&error))?;
    remove_sources(from, to, &digests).map_err(|error| failure(&error))
}

/// Returns how many source files are gone, in words; nothing if none is.
fn told_gone(gone: u64) -> Option<String> {
    let one = "destroyed source file";
    let files = say::counted(gone, gone, one, "destroyed source files");
    (gone > 0).then(|| format!("  removed: {files}"))
}

/// Explains why a place did not do what it was asked.
pub(crate) fn place_failure(error: &PlaceError) -> Failure {
    match error {
        PlaceError::NoPlace { .. } => Failure::of(Exit::Usage, error)
            .hint("name a folder, http://…, https://… or s3://BUCKET/PREFIX"),
        PlaceError::Unsealed { .. } => {
            Failure::of(Exit::Refused, error).hint("use https; http is for this machine only")
        }
        PlaceError::TooLong { .. } => Failure::of(Exit::No, error),
        _ => Failure::of(Exit::System, error)
            .hint("what was carried so far stays; the same command goes on from there"),
    }
}

/// Returns the source files, and refuses those that are too large to be carried.
pub(crate) fn carried_sources(files: &[spoken::SourceFile]) -> Result<Vec<SourceFile>, Failure> {
    let small = |file: &spoken::SourceFile| {
        if file.length > LARGEST_SOURCE {
            let message = format!(
                "the source file of entry {} has {} bytes, more than can be carried",
                file.entry, file.length
            );
            return Err(Failure::new(Exit::Refused, message));
        }
        Ok(SourceFile {
            digest: file.digest,
            length: file.length,
        })
    };
    files.iter().map(small).collect()
}

/// Runs something that tells its progress from several threads.
pub(crate) fn with_progress<T>(
    what: &'static str,
    quiet: bool,
    run: impl FnOnce(&(dyn Fn(u64, u64) + Sync)) -> T,
) -> T {
    let bar = Mutex::new(Progress::new(what, "entries", quiet));
    run(&|done, total| {
        if let Ok(mut bar) = bar.lock() {
            bar.at(done, total);
        }
    })
}

/// Returns what was put down, in words.
fn told(carried: &Carried) -> String {
    let files = say::counted(carried.files, carried.files, "file", "files");
    let mut text = format!("{files}, {} bytes", carried.bytes);
    if carried.there > 0 {
        text.push_str(&format!("; {} there already", carried.there));
    }
    text
}
