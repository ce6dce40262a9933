//! Repair: making what is damaged again from what is whole.
//!
//! Nothing is guessed. An entry is taken from the roll or from the store only if
//! the chain proves it; what was damaged is kept aside; what is made is verified
//! before it takes its place. Deciding that something is damaged is verifying's
//! affair.

mod merge;
pub(crate) mod source;

use std::path::{Path, PathBuf};

use chancery_chain::{Finding, Seq, Severity, Size};

use crate::expunge;
use crate::files::{self, FileError};
use crate::floor::Floor;
use crate::lock::{Lock, LockError};
use crate::roll::bundles::BundleError;
use crate::roll::reader::{ReadError, RollReader};
use crate::roll::writer::{RecordError, RollWriter};
use crate::roll::{CHECKPOINT_FILE, ROLL_FOLDER};
use crate::signers::Signers;
use crate::store::{IndexOf, OpenError, working};
use crate::verify::{Report, VerifyError, verify_whole_roll};
use merge::Merge;

/// The folder in which a roll is made before it takes its place.
pub(crate) const WORKSHOP: &str = "repair.new";

/// What a repair did.
#[derive(Debug)]
pub struct Repaired {
    /// What was done, in sentences, as notices.
    pub done: Vec<Finding>,
    /// What verifying says now.
    pub report: Report,
}

/// Why a repair was not made. What was damaged is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RepairError {
    /// Another process is writing.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// Neither copy holds a proven entry at some place.
    #[error(
        "entry {first} cannot be recovered from either copy, and {size} entries were there; nothing was changed"
    )]
    Lost {
        /// The first entry that is lost.
        first: Seq,
        /// How many entries there were.
        size: Size,
    },
    /// What was made does not verify; it was thrown away.
    #[error("what could be recovered does not verify as a whole; nothing was changed")]
    NotWhole {
        /// What is wrong with what could be recovered.
        findings: Vec<Finding>,
    },
    /// Verifying came to nothing.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The roll, from which the store is to be made, cannot be read.
    #[error(transparent)]
    Roll(#[from] ReadError),
    /// The store cannot be made.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// A bundle cannot be written.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Makes the roll of the ledger in `folder` anew, if it is damaged, out of the
/// entries of the roll and the store that the chain proves.
///
/// # Errors
/// Something is lost in both copies, or a file cannot be written.
pub fn repair_roll(folder: &Path) -> Result<Repaired, RepairError> {
    let _lock = Lock::take(folder)?;
    let before = verify(folder);
    if let Some(repaired) = destroyed(folder, before.as_ref().ok())? {
        return Ok(repaired);
    }
    let whole = before.as_ref().ok().filter(|report| !report.is_damaged());
    // What the store holds beyond the roll, the roll has lost, though it is in order.
    if let Some(report) = whole
        && source::store_beyond(folder, report.size)?.is_none()
    {
        return Ok(nothing_to_repair(report.clone()));
    }
    let workshop = folder.join(WORKSHOP);
    if workshop.exists() {
        files::remove_folder(&workshop)?;
    }
    let outcome = make_roll(folder, &workshop, before.as_ref().ok());
    let (size, report, holds_expunged) = match outcome {
        Ok(made) => made,
        Err(fault) => {
            // What failed is of no use; if it cannot be removed, it is in no one's way.
            let _ = files::remove_folder(&workshop);
            return Err(fault);
        }
    };
    if let Some(before) = whole.filter(|before| before.size >= size) {
        // What the store says that it holds besides cannot be proven.
        files::remove_folder(&workshop)?;
        return Ok(nothing_to_repair(before.clone()));
    }
    let aside = exchange(folder, &workshop)?;
    let kept = if holds_expunged {
        files::remove_folder(&folder.join(&aside))?;
        "what was damaged is gone, since it held what was expunged".to_owned()
    } else {
        format!("what was damaged is kept as {}", aside.display())
    };
    let message = format!("the roll was made anew, {size} entries; {kept}");
    let done = vec![Finding::notice("roll-remade", message).file(ROLL_FOLDER)];
    Ok(Repaired { done, report })
}

/// Completes the destruction of bodies that an expunging names, if nothing but that is
/// to be done, so that none of them is kept aside.
fn destroyed(folder: &Path, before: Option<&Report>) -> Result<Option<Repaired>, RepairError> {
    let Some(before) = before else {
        return Ok(None);
    };
    let mut damage = before.findings.iter();
    let is_damage = |found: &&Finding| found.severity == Severity::Damage;
    let other = |found: &Finding| found.code != "body-not-destroyed";
    if !before.is_damaged() || damage.by_ref().filter(is_damage).any(other) {
        return Ok(None);
    }
    let Some(destroyed) = expunge::complete_all(folder)? else {
        return Ok(None);
    };
    let done = expunge::completed(&destroyed).collect();
    let report = verify(folder)?;
    Ok(Some(Repaired { done, report }))
}

fn nothing_to_repair(report: Report) -> Repaired {
    let message = "the roll is whole; nothing was done";
    let done = vec![Finding::notice("nothing-to-repair", message)];
    Repaired { done, report }
}

/// Makes the store of the ledger in `folder` anew from the roll.
///
/// # Errors
/// The roll is damaged, or a file cannot be written.
pub fn repair_store(folder: &Path, index: &IndexOf) -> Result<Vec<Finding>, RepairError> {
    let _lock = Lock::take(folder)?;
    let reader = RollReader::open(folder)?;
    let kept = working::put_away(folder, &reader)?;
    let _ = working::remake(folder, &reader, index)?;
    let message = format!("the store was made anew, {} entries{kept}", reader.size());
    Ok(vec![Finding::notice("store-remade", message).file("store")])
}

fn verify(folder: &Path) -> Result<Report, VerifyError> {
    verify_whole_roll(folder)
}

/// Makes a roll in the workshop, with the checkpoint, and verifies it.
fn make_roll(
    folder: &Path,
    workshop: &Path,
    before: Option<&Report>,
) -> Result<(Size, Report, bool), RepairError> {
    let mut floor = Floor::read(folder)?;
    if let Some(signers) = before.and_then(Signers::found) {
        floor = floor.believed(&signers);
    }
    let claim = floor.claim();
    let mut merge = Merge::of(folder)?;
    let size = write_entries(&mut merge, workshop, claim.map(|claim| claim.size))?;
    let least = floor
        .size()
        .max(before.map_or(Size::EMPTY, |report| seen(report, size)));
    if size < least {
        let first = merge.stuck().unwrap_or(size.next_seq());
        return Err(RepairError::Lost { first, size: least });
    }
    if let Some(note) = floor.best() {
        files::replace(&workshop.join(CHECKPOINT_FILE), note)?;
        let published = workshop.join(ROLL_FOLDER).join(CHECKPOINT_FILE);
        files::replace(&published, note)?;
    }
    let report = verify(workshop)?;
    if report.is_damaged() {
        let findings = report.findings;
        return Err(RepairError::NotWhole { findings });
    }
    Ok((size, report, merge.holds_expunged()))
}

/// Returns how many entries there were at least, if some that are damaged stand
/// beyond those that were recovered.
fn seen(before: &Report, recovered: Size) -> Size {
    let damage = before
        .findings
        .iter()
        .filter(|found| found.severity == Severity::Damage);
    let beyond = damage.filter_map(|found| Size::ending_at(found.entries?.1));
    beyond
        .filter(|size| *size > recovered)
        .max()
        .map_or(Size::EMPTY, |size| size.min(before.size))
}

/// Writes the proven entries, submission by submission, and returns how many.
fn write_entries(
    merge: &mut Merge,
    workshop: &Path,
    published: Option<Size>,
) -> Result<Size, RepairError> {
    let kept = published.unwrap_or(Size::EMPTY);
    let mut roll = RollWriter::create_at(&workshop.join(ROLL_FOLDER))?;
    while let Some((submission, head)) = merge.submission(&roll.head())? {
        match roll.append(&submission, head) {
            Ok(()) => {}
            Err(RecordError::File(fault)) => return Err(fault.into()),
            // A frame held it before, so that one does again.
            Err(RecordError::TooLong(_)) => break,
        }
        if roll.is_long() || Some(roll.head().size) == published {
            roll.roll_over(kept)?;
        }
    }
    Ok(roll.head().size)
}

/// Puts the new roll in the place of the old one, which is kept aside.
fn exchange(folder: &Path, workshop: &Path) -> Result<PathBuf, FileError> {
    let roll = folder.join(ROLL_FOLDER);
    let aside = files::unused(&folder.join("roll.damaged"));
    if roll.exists() {
        files::rename(&roll, &aside)?;
    }
    files::rename(&workshop.join(ROLL_FOLDER), &roll)?;
    let kept = workshop.join(CHECKPOINT_FILE);
    if kept.exists() {
        let checkpoint = folder.join(CHECKPOINT_FILE);
        if checkpoint.exists() && files::read(&checkpoint)? != files::read(&kept)? {
            let old = files::unused(&folder.join("checkpoint.damaged"));
            files::rename(&checkpoint, &old)?;
        }
        files::rename(&kept, &checkpoint)?;
    }
    files::sync_folder(folder)?;
    files::remove_folder(workshop)?;
    let name = aside.file_name().map(PathBuf::from);
    Ok(name.unwrap_or(aside))
}
