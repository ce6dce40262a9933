//! Expunging: destroying bodies in every file, once the ledger says so.
//!
//! The submission that says so is recorded first; only then is anything
//! destroyed, so that wherever it stops the ledger says why a body is not there.
//! A marker stands until all is done, and whoever opens the ledger completes it.
//! Who may say so, and how many must agree, is for the ledger to ask.

mod bundles;
mod marker;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use chancery_chain::seal::Entry;
use chancery_chain::{Digest, Expunging, Finding, Head, Seq, Size, Slot};

use crate::engine::STORE_FOLDER;
use crate::fault::step;
use crate::files::{self, FileError, Told as _};
use crate::floor::Floor;
use crate::repair::WORKSHOP;
use crate::roll::ROLL_FOLDER;
use crate::roll::reader::{ReadError, RollReader, read_tail};
use crate::roll::writer::RollWriter;
use crate::store::{AppendError, OpenError, Store, whole, working};

pub(crate) use marker::Marker;

/// The folder of the source files, in the ledger's folder.
pub const SOURCES_FOLDER: &str = "sources";

/// The first letters of what is kept aside in the ledger's folder, after damage
/// or by a writer that was stopped: it may hold any body.
const KEPT_ASIDE: [&str; 5] = [
    "store.aside",
    "store.copy",
    "roll.damaged",
    "tail.torn",
    SOURCES_ASIDE,
];

/// The first letters of the folders that damaged source files are moved to.
pub const SOURCES_ASIDE: &str = "sources.damaged";

/// Why bodies were not destroyed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExpungeError {
    /// The submission was not recorded, and nothing was destroyed; after
    /// [`AppendError::Record`] opening the ledger anew tells.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The roll is damaged, and the working copy, which may hold what is damaged as it
    /// was appended, would be made anew from it; nothing was recorded.
    #[error(
        "nothing was recorded, and nothing destroyed: the roll does not hold {} as it was appended, and \
         the store would be made anew from it",
        whole::named(entries)
    )]
    Damaged {
        /// The entries.
        entries: Vec<Seq>,
    },
    /// The roll could not be looked at; nothing was recorded.
    #[error("nothing was recorded, and nothing destroyed")]
    Roll {
        /// What failed.
        source: ReadError,
    },
    /// What is to come could not be marked; nothing was recorded.
    #[error("nothing was recorded")]
    Marker {
        /// What failed.
        source: FileError,
    },
    /// The expunging is recorded, and not every file could be gone through. The
    /// next opening of the ledger goes on.
    #[error("the expunging is recorded, and the destruction of the body not complete")]
    Incomplete {
        /// What failed.
        source: OpenError,
    },
}

impl Store {
    /// Records a submission of expungings, and destroys the bodies that they name in
    /// every file of the ledger, and these source files. Returns the store, opened anew.
    ///
    /// # Errors
    /// It was not recorded, if the roll is damaged above all; or it was, and the
    /// destruction is completed when the ledger is opened the next time.
    pub fn expunge(
        mut self,
        submission: &[Entry],
        sources: Vec<Digest>,
    ) -> Result<(Self, Head), ExpungeError> {
        let from = self.head().size.next_seq();
        self.roll_is_whole(submission)?;
        let marker = Marker { from, sources };
        let marked = marker.write(self.folder());
        marked
            .and_then(|()| step("expunging-marked"))
            .map_err(|source| ExpungeError::Marker { source })?;
        let head = match self.append(submission) {
            Ok(head) => head,
            // It may have been recorded: the marker stays until that is known.
            Err(fault @ AppendError::Record { .. }) => return Err(fault.into()),
            Err(fault) => {
                let removed = Marker::remove(self.folder());
                removed.map_err(|source| ExpungeError::Marker { source })?;
                return Err(fault.into());
            }
        };
        let incomplete = |source| ExpungeError::Incomplete { source };
        let (store, _) = self.reopen().map_err(incomplete)?;
        Ok((store, head))
    }

    /// Looks whether the roll holds all as it was appended, but for the bodies that this
    /// submission destroys.
    fn roll_is_whole(&self, submission: &[Entry]) -> Result<(), ExpungeError> {
        let places = (self.head().size.get()..).map(Seq::new).zip(submission);
        let to_go = places.filter_map(|(by, entry)| expunged(by, &entry.envelope));
        let reader = RollReader::open(self.folder());
        let doubtful = reader.and_then(|reader| whole::doubtful(&reader, &to_go.collect()));
        let doubtful = doubtful.map_err(|source| ExpungeError::Roll { source })?;
        if doubtful.is_empty() {
            return Ok(());
        }
        let entries = doubtful.iter().map(|one| one.seq).collect();
        Err(ExpungeError::Damaged { entries })
    }
}

/// What was destroyed: the records, each with the expunging.
pub(crate) type Destroyed = BTreeMap<Seq, Seq>;

/// Completes what a marker says is under way in the ledger of `folder`, of which
/// `reader` reads a roll that is in order. Returns what was destroyed; the working
/// copy is then gone, and the marker stays until there is another.
pub(crate) fn complete(folder: &Path, reader: &RollReader) -> Result<Option<Destroyed>, OpenError> {
    let Some(marker) = Marker::read(folder)? else {
        return Ok(None);
    };
    let destroyed = expungings(reader, marker.from)?;
    if destroyed.is_empty() {
        // It was stopped before it was recorded.
        Marker::remove(folder)?;
        return Ok(None);
    }
    let to_go = destroyed.keys().copied().collect();
    working::holds_nothing_more(folder, reader, &to_go)?;
    let settled = roll_over(folder, reader)?;
    let roll = folder.join(ROLL_FOLDER);
    bundles::destroy(&roll, &destroyed, settled).map_err(ReadError::from)?;
    check(folder, &destroyed)?;
    remove_copies(folder)?;
    for digest in &marker.sources {
        remove_source(folder, digest)?;
    }
    Ok(Some(destroyed))
}

/// Destroys the bodies that any expunging names, in a ledger that is otherwise in
/// order; the caller holds the lock. The working copy is then gone.
pub(crate) fn complete_all(folder: &Path) -> Result<Option<Destroyed>, OpenError> {
    let reader = RollReader::open(folder)?;
    let begun = Marker::read(folder)?.map_or_else(Vec::new, |marker| marker.sources);
    let from = Seq::FIRST;
    let marker = Marker {
        from,
        sources: begun,
    };
    marker.write(folder)?;
    let destroyed = complete(folder, &reader)?;
    Marker::remove(folder)?;
    Ok(destroyed)
}

/// Completes what was begun and not completed, in a ledger whose roll was made anew;
/// the caller holds the lock. If anything was, the working copy is then gone.
pub(crate) fn complete_begun(folder: &Path) -> Result<Destroyed, OpenError> {
    let destroyed = complete(folder, &RollReader::open(folder)?)?;
    if destroyed.is_some() {
        // Without a working copy there is nothing left that the next opening could miss.
        Marker::remove(folder)?;
    }
    Ok(destroyed.unwrap_or_default())
}

/// Returns the notices that these bodies were destroyed only now.
pub(crate) fn completed(destroyed: &Destroyed) -> impl Iterator<Item = Finding> {
    destroyed.iter().map(|(seq, by)| {
        let message =
            format!("the body of entry {seq}, expunged by entry {by}, was destroyed only now");
        Finding::notice("expunging-completed", message).at(*seq)
    })
}

/// Returns what the expungings from `from` on name; the first of several counts.
pub(crate) fn expungings(reader: &RollReader, from: Seq) -> Result<Destroyed, ReadError> {
    let mut found = Destroyed::new();
    for item in reader.entries(from) {
        let (by, entry) = item?;
        if let Some(seq) = expunged(by, &entry.envelope) {
            found.entry(seq).or_insert(by);
        }
    }
    Ok(found)
}

/// Returns the record that the entry at `by` expunges, if it is an expunging of one before it.
pub(crate) fn expunged(by: Seq, envelope: &[u8]) -> Option<Seq> {
    let said = Expunging::said_by(envelope)?;
    (said.seq < by).then_some(said.seq)
}

/// Returns the names of what is kept aside in the ledger's folder, and goes when a
/// body is destroyed.
///
/// # Errors
/// The folder cannot be listed.
pub fn kept_aside(folder: &Path) -> Result<Vec<String>, FileError> {
    let mut names = Vec::new();
    for item in std::fs::read_dir(folder).told("list", folder)? {
        let name = item.told("list", folder)?.file_name();
        let name = name.to_string_lossy().into_owned();
        if name == WORKSHOP || KEPT_ASIDE.iter().any(|first| name.starts_with(first)) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Puts what is in the tail into bundles, and a new tail in its place.
fn roll_over(folder: &Path, reader: &RollReader) -> Result<Size, OpenError> {
    let floor = Floor::read(folder)?;
    let published = floor.claim().map_or(Size::EMPTY, |claim| claim.size);
    let tail = read_tail(folder)?;
    let settled = reader.tree_of_bundles()?;
    let pending = reader.pending().to_vec();
    let mut roll = RollWriter::resume(folder, tail.end, pending, settled, reader.head())?;
    roll.roll_over(published).map_err(ReadError::from)?;
    Ok(roll.settled())
}

/// Looks whether the bodies are gone indeed.
fn check(folder: &Path, destroyed: &Destroyed) -> Result<(), ReadError> {
    // One that was opened as readers open it would not see them.
    let reader = RollReader::over(folder, read_tail(folder)?)?;
    for (seq, by) in destroyed {
        if matches!(reader.entry(*seq)?.slot, Slot::Body { .. }) {
            let message = format!("the body is still there, and entry {by} was to destroy it");
            let finding = Finding::damage("body-not-destroyed", message).at(*seq);
            let findings = vec![finding];
            return Err(ReadError::Damaged { findings });
        }
    }
    Ok(())
}

/// Removes the working copy, which keeps old pages, and what is kept aside.
fn remove_copies(folder: &Path) -> Result<(), FileError> {
    remove_kept_aside(folder)?;
    remove_all(folder, vec![STORE_FOLDER.to_owned()])
}

/// Removes what is kept aside in the ledger's folder.
pub(crate) fn remove_kept_aside(folder: &Path) -> Result<(), FileError> {
    remove_all(folder, kept_aside(folder)?)
}

fn remove_all(folder: &Path, names: Vec<String>) -> Result<(), FileError> {
    for name in names {
        let path = folder.join(name);
        if path.is_dir() {
            files::remove_folder(&path)?;
        } else {
            files::remove(&path)?;
        }
        files::sync_folder(folder)?;
        step("copy-removed")?;
    }
    Ok(())
}

fn remove_source(folder: &Path, digest: &Digest) -> Result<(), FileError> {
    let sources = folder.join(SOURCES_FOLDER);
    if !sources.is_dir() {
        return Ok(());
    }
    files::remove(&sources.join(digest.to_string()))?;
    files::remove(&sources.join(format!(".{digest}.new")))?;
    files::sync_folder(&sources)?;
    step("source-removed")
}
