//! Verifying the roll: every byte of every file under it, and every fault named.
//!
//! Entries go through the chain's audit; tiles are computed again and compared;
//! nothing is changed, no lock is taken. Verifying never stops at a fault, works
//! on every core, and holds a few bundles and the tail in memory, however long
//! the roll is.

pub mod ahead;
pub mod asked;
pub(crate) mod bundle;
pub(crate) mod files;
pub(crate) mod inventory;
mod notes;
pub(crate) mod part;
mod pass;
mod piece;
mod tree;
mod working;

use std::path::Path;

use chancery_chain::head::Head;
use chancery_chain::{
    Envelope, Finding, Hash, Keyring, Kind, Origin, Seq, Severity, Size, Slot, TreeHash,
};

pub use asked::{Asked, Choice, Level, Levels};

pub use working::verify_store;

use crate::files::FileError;

/// What verifying came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// Everything found, by place as far as it has one.
    pub findings: Vec<Finding>,
    /// How many entries there are, or should be.
    pub size: Size,
    /// The head after the last complete submission.
    pub head: Head,
    /// The root of the tree, if it can be told.
    pub root: Option<TreeHash>,
    /// The ledger's name, if entry 0 can be read.
    pub origin: Option<Origin>,
    /// The head hash after submission 0, if it can be read.
    pub founding: Option<Hash>,
    /// The keys enrolled.
    pub keyring: Keyring,
    /// What was looked at.
    pub checked: Checked,
    /// Which entries were looked at, in ranges; none of the store's.
    pub covered: Vec<(Seq, Seq)>,
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Entries read and hashed.
    pub entries: u64,
    /// Bodies compared with their hashes.
    pub bodies: u64,
    /// Tiles computed again and compared.
    pub tiles: u64,
    /// Key signatures verified, those of checkpoints included.
    pub signatures: u64,
    /// Bytes read.
    pub bytes: u64,
}

/// A checkpoint that was kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What to call it in findings.
    pub name: String,
    /// The signed note.
    pub note: Vec<u8>,
}

/// Is told how many entries are done, and how many there are.
pub type Progress<'a> = dyn FnMut(u64, u64) + 'a;
/// Makes something of an envelope and the body that it names, on whichever thread.
pub type Read<T> = dyn Fn(&Envelope, &Slot) -> T + Sync;
/// Is given every entry, in order, by its kind, with what was made of it: nothing
/// if it has no body, or another than it should have, or was not asked for.
pub type Each<'a, T> = dyn FnMut(Seq, Kind, Option<T>) + 'a;

/// Why verifying came to nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// There is no roll in this folder.
    #[error("{} holds no ledger: it has no folder roll", folder.display())]
    NoLedger {
        /// The folder that was looked at.
        folder: std::path::PathBuf,
    },
    /// There is no store in this folder.
    #[error("{} holds no store", folder.display())]
    NoStore {
        /// The folder that was looked at.
        folder: std::path::PathBuf,
    },
    /// A writer is at work, so that the store cannot be copied as it is.
    #[error(transparent)]
    Lock(#[from] crate::lock::LockError),
    /// The folder cannot be listed, or a copy not made.
    #[error(transparent)]
    File(#[from] FileError),
}

impl Report {
    /// Returns the worst severity found, or `None` if nothing was.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|found| found.severity).max()
    }

    /// Returns whether anything is damaged.
    pub fn is_damaged(&self) -> bool {
        self.worst() == Some(Severity::Damage)
    }
}

/// Verifies the roll of the ledger in `folder`, as far as it is asked, and
/// compares it with checkpoints that were kept elsewhere.
///
/// # Errors
/// There is no roll, or it cannot be listed. Whatever is wrong with its files
/// is a finding.
pub fn verify_roll<'a, T: Send>(
    folder: &Path,
    asked: &'a Asked<'a>,
    progress: &'a mut Progress<'a>,
    read: &Read<T>,
    each: &'a mut Each<'a, T>,
) -> Result<Report, VerifyError> {
    let roll = folder.join(crate::roll::ROLL_FOLDER);
    if !roll.is_dir() {
        let folder = folder.to_owned();
        return Err(VerifyError::NoLedger { folder });
    }
    Ok(pass::Pass::new(folder, asked, progress, each)?.run(read))
}

/// Verifies everything under the roll of the ledger in `folder`, whatever the
/// records say.
///
/// # Errors
/// There is no roll, or it cannot be listed.
pub fn verify_whole_roll(folder: &Path) -> Result<Report, VerifyError> {
    let asked = Asked::default();
    let nothing = &|_: &Envelope, _: &Slot| ();
    verify_roll(folder, &asked, &mut |_, _| {}, nothing, &mut |_, _, _| {})
}
