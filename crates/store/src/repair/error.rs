//! Why a repair was not made.

use chancery_chain::{Finding, Seq, Size};

use crate::files::FileError;
use crate::lock::LockError;
use crate::roll::bundles::BundleError;
use crate::roll::reader::ReadError;
use crate::store::OpenError;
use crate::verify::VerifyError;

/// Why a repair was not made. What was damaged is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RepairError {
    /// Another process is writing.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// No copy holds a proven entry at some place.
    #[error(
        "entry {first} cannot be recovered from {}, and {size} entries were there; nothing was changed",
        among(place.as_deref())
    )]
    Lost {
        /// The first entry that is lost.
        first: Seq,
        /// How many entries there were.
        size: Size,
        /// The copy elsewhere that was asked too, if one was.
        place: Option<String>,
        /// Every entry and body that is lost.
        lost: Vec<Finding>,
    },
    /// What was made does not verify; it was thrown away.
    #[error("what could be recovered does not verify as a whole; nothing was changed")]
    NotWhole {
        /// What is wrong with what could be recovered.
        findings: Vec<Finding>,
    },
    /// The copy elsewhere is of another ledger.
    #[error("{place} is a copy of {there}, and this ledger is {here}; nothing was changed")]
    OtherLedger {
        /// The copy.
        place: String,
        /// The origin of this ledger.
        here: String,
        /// The origin of the copy.
        there: String,
    },
    /// The copy elsewhere is of this ledger's origin, and parts from it.
    #[error(
        "{place} has another history: from entry {first} on its entries are not those here; nothing was changed"
    )]
    OtherHistory {
        /// The copy.
        place: String,
        /// The first entry in which the two differ.
        first: Seq,
    },
    /// The copy elsewhere is not what this ledger's checkpoint was made over.
    #[error(
        "{place} has another history: its first {size} entries are not those of the checkpoint here; nothing was changed"
    )]
    OtherCheckpoint {
        /// The copy.
        place: String,
        /// The size of the checkpoint.
        size: Size,
    },
    /// No entry can be read of the copy elsewhere.
    #[error("no entry can be read at {place}; nothing was changed")]
    Unreadable {
        /// The copy.
        place: String,
    },
    /// Nothing here says whether the copy elsewhere is one of this ledger.
    #[error("nothing that is left of this ledger proves what lies at {place}; nothing was changed")]
    Unproven {
        /// The copy.
        place: String,
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

fn among(place: Option<&str>) -> String {
    match place {
        None => "either copy".to_owned(),
        Some(place) => format!("either copy, nor from {place}"),
    }
}
