//! The roll's files, read whole, by several threads at once.
//!
//! How many bytes were read is counted here. Which files there should be is
//! for the inventory to say.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use chancery_chain::{Finding, Size};

use super::inventory::named;
use crate::files::{self, FileError};
use crate::floor::{claim, note};
use crate::roll::reader::ReadError;
use crate::roll::{CHECKPOINT_FILE, at, is_without_bodies, longest, read_file};
use crate::tail::TAIL_FILE;
use crate::tail::frame::{HEADER_LENGTH, Header};

/// The files under a roll's folder.
#[derive(Debug)]
pub(crate) struct RollFiles {
    roll: PathBuf,
    bytes: AtomicU64,
    /// Whether the copy says that bodies were left out of it, and is to be believed.
    pub(super) without_bodies: bool,
    /// Whether the roll is not the ledger's own.
    elsewhere: bool,
}

impl RollFiles {
    pub(crate) fn of(roll: &Path) -> Self {
        Self {
            roll: roll.to_owned(),
            bytes: AtomicU64::new(0),
            without_bodies: is_without_bodies(roll),
            elsewhere: false,
        }
    }

    /// Returns the files of a roll of which nothing is known: what is longer than it
    /// can be, or no plain file, is as good as missing.
    pub(crate) fn elsewhere(roll: &Path) -> Self {
        Self {
            elsewhere: true,
            ..Self::of(roll)
        }
    }

    /// Returns the folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.roll
    }

    /// Returns how many bytes were read.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Counts bytes that were read elsewhere.
    pub(super) fn add_bytes(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Reads a tile or bundle, if it is there. What is longer than it can be, or no plain
    /// file, cannot be read.
    pub(super) fn read(&self, relative: &str, findings: &mut Vec<Finding>) -> Option<Vec<u8>> {
        let bytes = if self.elsewhere {
            let path = at(&self.roll, relative);
            files::read_at_most(&path, longest(relative).unwrap_or_default())
        } else {
            read_file(&self.roll, relative)
        };
        match bytes {
            Ok(bytes) => {
                self.add_bytes(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64));
                bytes
            }
            Err(fault) => {
                let message = format!("the file cannot be read: {}", fault.source);
                findings.push(named(Finding::damage("file-unreadable", message), relative));
                None
            }
        }
    }

    /// Returns how many entries are in bundles by now, if a writer has put more
    /// there since `settled`: unfinished files of before may be gone.
    pub(super) fn moved_on(&self, settled: Size) -> Option<Size> {
        let bytes = files::read_start(&self.roll.join("tail"), HEADER_LENGTH).ok()?;
        let now = Size::new(Header::decode(&bytes)?.first.get());
        (now > settled).then_some(now)
    }

    /// Returns whether a writer has moved on since the bundles ended at `settled`
    /// and the roll's checkpoint was of the size `published`.
    pub(super) fn has_moved(&self, settled: Size, published: Size) -> bool {
        let now = note(&self.roll.join(CHECKPOINT_FILE))
            .ok()
            .flatten()
            .and_then(|note| claim(&note));
        let now = now.map_or(Size::EMPTY, |claim| claim.size);
        now > published || self.moved_on(settled).is_some()
    }
}

/// Returns the finding that there is no tail, or none that can be read.
pub(super) fn no_tail(folder: &Path, fault: &ReadError) -> Finding {
    match fault {
        ReadError::File(fault) => unreadable(folder, fault),
        _ => Finding::damage("file-missing", format!("no tail: {fault}")).file(TAIL_FILE),
    }
}

/// Returns the finding that a file beside the tiles and bundles cannot be read.
pub(super) fn unreadable(folder: &Path, fault: &FileError) -> Finding {
    let message = format!("the file cannot be read: {}", fault.source);
    let relative = fault.path.strip_prefix(folder).unwrap_or(&fault.path);
    let finding = Finding::damage("file-unreadable", message);
    finding.file(relative.display().to_string())
}
