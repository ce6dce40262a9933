//! Cuts: up to where the ledger is read, when it is asked what was known.
//!
//! A cut always falls on the end of a submission. It is decided by position
//! alone: what is appended later never moves it.

use chancery_chain::{Hash, Instant, Seq, Size, TreeHash};
use chancery_store::{ReadError, RollReader};

use crate::history::{self, HistoryError, Submission};

/// Where knowledge is to end, as a user says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownAt {
    /// At the head.
    Head,
    /// At this size.
    Size(Size),
    /// At the end of the submission that holds the entry whose hash begins so, in hexadecimal.
    Entry(String),
    /// At a checkpoint: this size, and the root it must have.
    Checkpoint(Size, TreeHash),
    /// At the last submission recorded before this moment: the end of a day.
    Before(Instant),
}

/// A cut: the size, and what a reader needs to check that it is the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// How many entries are read.
    pub size: Size,
    /// The root of the tree over them.
    pub root: TreeHash,
    /// The hash of the last of them.
    pub head: Hash,
}

/// Why there is no such cut.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CutError {
    /// The size falls inside a submission.
    #[error("size {size} is inside a submission: it begins at {before} and ends at {after}")]
    Inside {
        /// The size that was asked for.
        size: Size,
        /// The end of the submission before.
        before: Size,
        /// The end of the submission.
        after: Size,
    },
    /// The ledger is not so long.
    #[error("the ledger has {held} entries, not {size}")]
    Beyond {
        /// The size that was asked for.
        size: Size,
        /// How many there are.
        held: Size,
    },
    /// No entry has this hash.
    #[error("no entry of this ledger has the hash {0}")]
    NoSuchEntry(String),
    /// Several entries' hashes begin so.
    #[error("the hashes of entries {first} and {second} both begin with {digits}")]
    AmbiguousEntry {
        /// What was given.
        digits: String,
        /// The first entry.
        first: Seq,
        /// The second.
        second: Seq,
    },
    /// The ledger is shorter than a checkpoint of it.
    #[error("the ledger has {held} entries, the checkpoint says {size}: entries are missing")]
    Cut {
        /// The checkpoint's size.
        size: Size,
        /// How many there are.
        held: Size,
    },
    /// The ledger has another root at the checkpoint's size.
    #[error("at size {size} this ledger has the root {found}, the checkpoint says {expected}")]
    OtherRoot {
        /// The checkpoint's size.
        size: Size,
        /// Its root.
        expected: TreeHash,
        /// The ledger's.
        found: TreeHash,
    },
    /// Nothing had been recorded by then.
    #[error("nothing was recorded by then: the ledger was founded later")]
    BeforeFounding,
    /// The ledger cannot be read.
    #[error(transparent)]
    History(#[from] HistoryError),
}

impl From<ReadError> for CutError {
    fn from(error: ReadError) -> Self {
        Self::History(error.into())
    }
}

/// Returns the cut that a user means.
///
/// # Errors
/// There is none there, or the ledger cannot be read.
pub fn resolve(roll: &RollReader, known_at: &KnownAt) -> Result<Cut, CutError> {
    let size = match known_at {
        KnownAt::Head => roll.size(),
        KnownAt::Checkpoint(size, _) if *size > roll.size() => {
            return Err(CutError::Cut {
                size: *size,
                held: roll.size(),
            });
        }
        KnownAt::Size(size) | KnownAt::Checkpoint(size, _) => at_size(roll, *size)?,
        KnownAt::Entry(digits) => at_entry(roll, digits)?,
        KnownAt::Before(moment) => before(roll, *moment)?,
    };
    let root = roll.root_at(size)?;
    if let KnownAt::Checkpoint(size, expected) = known_at
        && root != *expected
    {
        return Err(CutError::OtherRoot {
            size: *size,
            expected: *expected,
            found: root,
        });
    }
    let head = match size.last_seq() {
        Some(last) => Hash::of_envelope(&roll.entry(last)?.envelope),
        None => Hash::ZERO,
    };
    tracing::info!(size = size.get(), %root, %head, "reads up to this cut");
    Ok(Cut { size, root, head })
}

fn at_size(roll: &RollReader, size: Size) -> Result<Size, CutError> {
    if size == Size::EMPTY {
        return Err(CutError::BeforeFounding);
    }
    if size > roll.size() {
        return Err(CutError::Beyond {
            size,
            held: roll.size(),
        });
    }
    if size == roll.size() {
        return Ok(size);
    }
    let submissions = history::submissions(roll)?;
    let after = submissions.partition_point(|submission| submission.end() < size);
    let end = submissions.get(after).map_or(roll.size(), Submission::end);
    let before = after
        .checked_sub(1)
        .map_or(Size::EMPTY, |at| submissions[at].end());
    if end == size && size > Size::EMPTY {
        return Ok(size);
    }
    Err(CutError::Inside {
        size,
        before,
        after: end,
    })
}

fn at_entry(roll: &RollReader, digits: &str) -> Result<Size, CutError> {
    let mut found = None;
    for entry in roll.entries(Seq::FIRST) {
        let (seq, entry) = entry?;
        let hash = Hash::of_envelope(&entry.envelope).to_string();
        if !hash.starts_with(digits) {
            continue;
        }
        if let Some(first) = found {
            let (digits, second) = (digits.to_owned(), seq);
            return Err(CutError::AmbiguousEntry {
                digits,
                first,
                second,
            });
        }
        found = Some(seq);
    }
    let seq = found.ok_or_else(|| CutError::NoSuchEntry(digits.to_owned()))?;
    let submissions = history::submissions(roll)?;
    let holding = submissions.iter().find(|submission| submission.last >= seq);
    Ok(holding.map_or(roll.size(), Submission::end))
}

fn before(roll: &RollReader, moment: Instant) -> Result<Size, CutError> {
    let submissions = history::submissions(roll)?;
    let after = submissions.partition_point(|submission| submission.recorded_at < moment);
    let last = after.checked_sub(1).ok_or(CutError::BeforeFounding)?;
    Ok(submissions[last].end())
}
