//! Adopting: a roll that was carried here gets what a ledger has beside it.
//!
//! A roll as it is published has a checkpoint, tiles and bundles, and no tail. A
//! tail without entries is put there, which goes on from the last entry that the
//! checkpoint covers; and the checkpoint in the ledger's folder. Whether the roll is
//! true is for verifying to say.

use std::path::Path;

use chancery_chain::bundle::readable_entries;
use chancery_chain::tile::entries_path;
use chancery_chain::{Hash, Size};

use crate::files::{self, FileError};
use crate::floor::claim;
use crate::roll::reader::read_tail;
use crate::roll::{CHECKPOINT_FILE, ROLL_FOLDER, at, place, width_at};
use crate::tail::frame::Header;
use crate::tail::write::TailWriter;

/// Why a roll was not adopted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AdoptError {
    /// The note is no checkpoint.
    #[error("the note is no checkpoint")]
    NoCheckpoint,
    /// The folder holds entries that the checkpoint does not cover: they would be lost.
    #[error("the ledger in {} has entries of its own", folder.display())]
    OwnEntries {
        /// The ledger's folder.
        folder: std::path::PathBuf,
    },
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Makes the roll in `folder`, of which `note` is the checkpoint, one that can be
/// read and written to. The checkpoint is put into the ledger's folder, not into the roll.
///
/// # Errors
/// There are entries in the tail already, or a file cannot be written.
pub fn adopt(folder: &Path, note: &[u8]) -> Result<(), AdoptError> {
    let size = claim(note).ok_or(AdoptError::NoCheckpoint)?.size;
    check_no_own_entries(folder, size)?;
    let roll = folder.join(ROLL_FOLDER);
    files::make_folder(&roll)?;
    let header = Header {
        first: size.next_seq(),
        previous: last_hash(&roll, size)?,
    };
    let _ = TailWriter::create(&roll.join("tail"), header)?;
    files::replace(&folder.join(CHECKPOINT_FILE), note)?;
    Ok(())
}

/// Makes sure that no entry in the tail is lost when a roll of this size is adopted:
/// whoever carries one here asks before it puts anything down.
///
/// # Errors
/// There are entries in the tail.
pub fn check_no_own_entries(folder: &Path, size: Size) -> Result<(), AdoptError> {
    let Ok(tail) = read_tail(folder) else {
        return Ok(());
    };
    if tail.frames.is_empty() && tail.size() <= size {
        return Ok(());
    }
    let folder = folder.to_owned();
    Err(AdoptError::OwnEntries { folder })
}

/// Returns the hash of the last entry as its bundle has it; zeros if there is none,
/// or none that can be read.
fn last_hash(roll: &Path, size: Size) -> Result<Hash, FileError> {
    let Some(last) = size.last_seq() else {
        return Ok(Hash::ZERO);
    };
    let (index, within) = place(last);
    let path = at(roll, &entries_path(index, width_at(index, size)));
    let bytes = files::read_if_there(&path)?.unwrap_or_default();
    let (entries, _) = readable_entries(&bytes);
    let last = entries.get(within);
    Ok(last.map_or(Hash::ZERO, |bytes| Hash::of_envelope(bytes)))
}
