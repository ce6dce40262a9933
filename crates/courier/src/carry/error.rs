//! Why a roll was not carried.

use chancery_chain::{Digest, Seq, Size};

use crate::error::PlaceError;

/// Why a roll was not carried, or not all of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CarryError {
    /// A place did not do what it was asked.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// There is no checkpoint, so that nothing says what there is to carry.
    #[error("there is no checkpoint at {place}")]
    NoCheckpoint {
        /// The place.
        place: String,
    },
    /// What lies where the checkpoint should be is none.
    #[error("what lies at {place}/checkpoint is no checkpoint")]
    BadCheckpoint {
        /// The place.
        place: String,
    },
    /// The other place is ahead: what is here is old, or was cut.
    #[error("{place} has a checkpoint of {there} entries already, and this one is of {size}")]
    Ahead {
        /// The place.
        place: String,
        /// How many entries it has.
        there: Size,
        /// How many are here.
        size: Size,
    },
    /// The other place has another history.
    #[error(
        "{place} has another history: its first {there} entries are not the first {there} here"
    )]
    Fork {
        /// The place.
        place: String,
        /// How many entries it has.
        there: Size,
    },
    /// Bodies were to be left out, and the other place has some.
    #[error("{place} has bodies")]
    HasBodies {
        /// The place.
        place: String,
    },
    /// Bodies were to be carried, and the other place says that it has none.
    #[error("{place} says that bodies are left out of it")]
    LeavesBodiesOut {
        /// The place.
        place: String,
    },
    /// A body was destroyed, and the checkpoint is of before that: by itself it vouches
    /// for a body that is not there.
    #[error("entry {entry} was destroyed by entry {by}, which no checkpoint covers yet")]
    Uncovered {
        /// The entry.
        entry: Seq,
        /// The expunging.
        by: Seq,
    },
    /// A file is not there that the checkpoint covers.
    #[error("{file} is missing at {place}")]
    Missing {
        /// The place.
        place: String,
        /// The file, relative to the roll.
        file: String,
    },
    /// A file does not hash to what the checkpoint vouches for.
    #[error("{file} at {place} is damaged: {what}")]
    Damaged {
        /// The place.
        place: String,
        /// The file, relative to the roll.
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// A source file is not the one of which the record speaks.
    #[error("the source file {digest} at {place} is not what the record says")]
    OtherSource {
        /// The place.
        place: String,
        /// The digest that it should have.
        digest: Digest,
    },
}
