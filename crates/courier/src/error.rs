//! Why a place did not do what it was asked.

use std::io;
use std::path::PathBuf;

/// Why a file was not fetched from a place, or not put there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlaceError {
    /// The text names no place that files can be carried to or from.
    #[error("{text} is no place to carry files to or from: {why}")]
    NoPlace {
        /// The text as given.
        text: String,
        /// What is wrong with it.
        why: String,
    },

    /// Something may not be sent where anybody on the way could read it.
    #[error("nothing is sent to {place} over http, which anybody on the way can read")]
    Unsealed {
        /// The place.
        place: String,
    },

    /// The place cannot be reached, or broke off.
    #[error("{place} cannot be reached, or broke off")]
    Unreachable {
        /// The address that was asked.
        place: String,
        /// What the network or the store said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    /// The place was reached, and answered no.
    #[error("{place} answered {status}")]
    Refused {
        /// The address that was asked.
        place: String,
        /// The status of HTTP.
        status: u16,
    },

    /// The file is longer than it can rightly be; it was not read further.
    #[error("{place} is longer than the {most} bytes that it can have")]
    TooLong {
        /// The address of the file.
        place: String,
        /// How long it may be.
        most: u64,
    },

    /// A file of a folder cannot be read or written.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was to be done, as a verb.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl PlaceError {
    /// Returns whether asking again, later, may help.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused { status, .. } => *status >= 500 || *status == 429,
            _ => false,
        }
    }
}
