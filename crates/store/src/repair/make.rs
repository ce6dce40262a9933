//! Making a roll anew in the workshop, and putting it in the place of the old one.

use std::path::{Path, PathBuf};

use chancery_chain::{Finding, Seq, Severity, Size};

use super::lost::lost;
use super::merge::Merge;
use super::{RepairError, WORKSHOP};
use crate::files::{self, FileError};
use crate::floor::{Floor, claim};
use crate::roll::writer::{RecordError, RollWriter};
use crate::roll::{CHECKPOINT_FILE, ROLL_FOLDER};
use crate::verify::{Report, verify_whole_roll};

/// A roll that was made in the workshop, and is whole.
pub(super) struct Made {
    pub(super) size: Size,
    pub(super) report: Report,
    /// Whether the old roll holds a body that was to be destroyed.
    pub(super) holds_expunged: bool,
    /// What was taken from a copy elsewhere, as notices.
    pub(super) taken: Vec<Finding>,
    /// What of that copy could not be taken.
    pub(super) left: Vec<Finding>,
}

/// Makes a roll in the workshop, with the checkpoint, and verifies it. If that fails,
/// nothing is left of it.
pub(super) fn make_roll(
    folder: &Path,
    merge: Merge,
    floor: &Floor,
    before: Option<&Report>,
) -> Result<Made, RepairError> {
    let workshop = folder.join(WORKSHOP);
    if workshop.exists() {
        files::remove_folder(&workshop)?;
    }
    let made = make_in(&workshop, merge, floor, before);
    if made.is_err() {
        // What failed is of no use; if it cannot be removed, it is in no one's way.
        let _ = files::remove_folder(&workshop);
    }
    made
}

fn make_in(
    workshop: &Path,
    mut merge: Merge,
    floor: &Floor,
    before: Option<&Report>,
) -> Result<Made, RepairError> {
    let later = merge.other().and_then(|other| other.note());
    let notes = [later, floor.best()].map(|note| note.map(<[u8]>::to_vec));
    let notes = notes.into_iter().flatten();
    let mut notes = notes.filter_map(|note| Some((claim(&note)?.size, note)));
    let notes = [notes.next(), notes.next()];
    let published: Vec<Size> = notes.iter().flatten().map(|(size, _)| *size).collect();
    let mut size = write_entries(&mut merge, workshop, &published)?;
    if merge.begins_anew(size) {
        files::remove_folder(workshop)?;
        size = write_entries(&mut merge, workshop, &published)?;
    }
    let least = floor
        .size()
        .max(before.map_or(Size::EMPTY, |report| seen(report, size)));
    if size < least {
        let stuck = merge.stuck().unwrap_or(size.next_seq());
        return Err(is_lost(&mut merge, stuck, least));
    }
    let mut notes = notes.into_iter().flatten();
    if let Some((_, note)) = notes.find(|(covered, _)| *covered <= size) {
        put_checkpoint(workshop, &note)?;
    }
    let report = verify_whole_roll(workshop)?;
    if report.is_damaged() {
        let findings = report.findings;
        return Err(RepairError::NotWhole { findings });
    }
    let known = before.map_or(Size::EMPTY, |before| before.size);
    let other = merge.other();
    let taken = other.map(|other| {
        merge
            .taken()
            .clone()
            .notices(&other.name, known.max(floor.size()))
    });
    Ok(Made {
        size,
        report,
        holds_expunged: merge.holds_expunged(),
        taken: taken.unwrap_or_default(),
        left: other.map(|other| other.left(size)).unwrap_or_default(),
    })
}

/// Returns which of so many entries are lost.
fn is_lost(merge: &mut Merge, stuck: Seq, size: Size) -> RepairError {
    let lost = lost(merge, size);
    let firsts = lost.iter().filter_map(|lost| Some(lost.entries?.0));
    let first = firsts.min().unwrap_or(stuck);
    let place = merge.other().map(|other| other.name.clone());
    RepairError::Lost {
        first,
        size,
        place,
        lost,
    }
}

/// Puts the checkpoint into the workshop, at both of its places.
fn put_checkpoint(workshop: &Path, note: &[u8]) -> Result<(), FileError> {
    files::replace(&workshop.join(CHECKPOINT_FILE), note)?;
    files::replace(&workshop.join(ROLL_FOLDER).join(CHECKPOINT_FILE), note)
}

/// Returns how many entries there were at least, if some that are damaged stand
/// beyond those that were recovered.
fn seen(before: &Report, recovered: Size) -> Size {
    let damage = before
        .findings
        .iter()
        .filter(|found| found.severity == Severity::Damage);
    // Of a submission that cannot be read at all no more is known than that it was there.
    let unread = damage.clone().filter(|found| found.code == "frame-damaged");
    let mut unread = unread.filter_map(|found| found.entries);
    let one_more = Size::ending_at(recovered.next_seq()).filter(|size| {
        unread.any(|(first, last)| first == recovered.next_seq() && size.holds(last))
    });
    let beyond = damage.filter_map(|found| Size::ending_at(found.entries?.1));
    let beyond = beyond.filter(|size| *size > recovered).max();
    let beyond = beyond.map(|size| size.min(before.size));
    beyond.max(one_more).unwrap_or(Size::EMPTY)
}

/// Writes the proven entries, submission by submission, and returns how many.
fn write_entries(
    merge: &mut Merge,
    workshop: &Path,
    published: &[Size],
) -> Result<Size, RepairError> {
    let mut roll = RollWriter::create_at(&workshop.join(ROLL_FOLDER))?;
    while let Some((submission, head)) = merge.submission(&roll.head()) {
        match roll.append(&submission, head) {
            Ok(()) => {}
            Err(RecordError::File(fault)) => return Err(fault.into()),
            // A frame held it before, so that one does again.
            Err(RecordError::TooLong(_)) => break,
        }
        let size = roll.head().size;
        if roll.is_long() || published.contains(&size) {
            let kept = published.iter().filter(|published| **published <= size);
            roll.roll_over(kept.copied().max().unwrap_or(Size::EMPTY))?;
        }
    }
    Ok(roll.head().size)
}

/// Puts the new roll in the place of the old one, which is kept aside.
pub(super) fn exchange(folder: &Path) -> Result<PathBuf, FileError> {
    let workshop = &folder.join(WORKSHOP);
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
