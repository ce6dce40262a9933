//! The store, open for writing: the roll first, then the engine.
//!
//! One process at a time has it. What is appended is recorded once it is synced
//! in the roll; the engine follows and may be behind after a crash. Opening is
//! in `open`, checkpoints in `settle`; who may append what is for the ledger
//! to say.

mod check;
mod open;
mod settle;
pub(crate) mod whole;
pub(crate) mod working;

use std::path::{Path, PathBuf};

use chancery_chain::head::Head;
use chancery_chain::seal::Entry;
use chancery_chain::{Envelope, Seq, Size, Slot};

pub use check::DoesNotFollow;
pub use open::OpenError;
pub use settle::{CheckpointError, SettleError, Settled};

use crate::engine::{Engine, EngineError, IndexPair};
use crate::fault::step;
use crate::files::FileError;
use crate::lock::Lock;
use crate::roll::bundles::BundleError;
use crate::roll::reader::{ReadError, RollReader};
use crate::roll::writer::{RecordError, RollWriter};
use crate::tail::frame::TooLong;

/// What the ledger wants to look up later, entry by entry: keys, and what to
/// find under them. It must give the same for the same entry.
pub type IndexOf = dyn Fn(Seq, &Envelope, &Slot) -> Vec<IndexPair>;

/// The engine is synced when the tail has grown by so much.
const SYNC_EVERY: u64 = 4 << 20;

/// A ledger's entries, open for appending.
pub struct Store {
    folder: PathBuf,
    roll: RollWriter,
    pub(crate) engine: Engine,
    index: Box<IndexOf>,
    /// The size of the checkpoint whose unfinished tiles are published.
    published: Size,
    /// How long the tail was when the engine was last synced.
    synced: u64,
    state: State,
    lock: Lock,
}

/// What the store may still be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Sound,
    /// A write to the roll failed: nobody knows what is on the disk.
    Poisoned,
    /// The roll is whole, and the engine does not hold what it should.
    Behind,
}

/// Why a submission was not recorded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// The entries do not follow the head, or do not belong together; nothing
    /// was written.
    #[error(transparent)]
    DoesNotFollow(#[from] DoesNotFollow),
    /// The submission is too long for a frame; nothing was written.
    #[error(transparent)]
    TooLong(#[from] TooLong),
    /// The write failed, and it is not known what is on the disk: whether the
    /// submission is recorded shows when the store is opened anew.
    #[error("the submission may not be recorded; open the ledger anew before it is trusted")]
    Record {
        /// What failed.
        source: FileError,
    },
    /// An earlier write failed; the store must be opened anew.
    #[error("an earlier write to this ledger failed: it must be opened anew")]
    Poisoned,
    /// The tail was full and could not be put into bundles; nothing was appended.
    #[error("the tail is full and cannot be put into bundles")]
    RollOver {
        /// What failed.
        source: BundleError,
    },
    /// The working copy could not be made durable; nothing was appended.
    #[error("the working copy cannot be made durable")]
    Engine {
        /// What failed.
        source: EngineError,
    },
}

impl Store {
    /// Returns the ledger's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns how far the ledger goes.
    pub fn head(&self) -> Head {
        self.roll.head()
    }

    /// Records a submission: once this returns it survives a power cut.
    ///
    /// # Errors
    /// It was not recorded; after [`AppendError::Record`] the store must be
    /// opened anew to know.
    pub fn append(&mut self, submission: &[Entry]) -> Result<Head, AppendError> {
        if self.state != State::Sound {
            return Err(AppendError::Poisoned);
        }
        let head = check::follows(&self.head(), submission)?;
        self.make_room()?;
        let first = self.head().size.next_seq();
        match self.roll.append(submission, head) {
            Ok(()) => {}
            Err(RecordError::TooLong(fault)) => return Err(fault.into()),
            Err(RecordError::File(source)) => {
                self.state = State::Poisoned;
                return Err(AppendError::Record { source });
            }
        }
        // Recorded. Whatever happens to the working copy can be mended from the
        // roll, so that it must not look as if the submission had failed.
        if let Err(fault) = self.follow(first, submission, &head) {
            tracing::warn!(%fault, "the working copy did not follow the roll");
            self.state = State::Behind;
        }
        Ok(head)
    }

    /// Returns the entry at `seq`, or `None` if the ledger does not go so far.
    ///
    /// # Errors
    /// Neither the working copy nor the roll can be read at this place.
    pub fn entry(&self, seq: Seq) -> Result<Option<Entry>, ReadError> {
        if !self.head().size.holds(seq) {
            return Ok(None);
        }
        if let Some(entry) = self.roll.pending(seq) {
            return Ok(Some(entry.clone()));
        }
        match self.engine.entry(seq) {
            Ok(Some(entry)) if check::stands_at(&entry, seq) => return Ok(Some(entry)),
            Ok(_) => tracing::warn!(%seq, "the working copy lacks an entry; the roll is read"),
            Err(fault) => tracing::warn!(%seq, %fault, "the working copy fails; the roll is read"),
        }
        RollReader::open(&self.folder)?.entry(seq).map(Some)
    }

    /// Returns what the ledger's index holds under `key`.
    ///
    /// # Errors
    /// The working copy cannot be read; opening the store anew mends it.
    pub fn lookup(&self, key: &[u8]) -> Result<Option<Vec<u8>>, EngineError> {
        if self.state == State::Behind {
            let what = "it did not follow the roll".to_owned();
            return Err(EngineError::Malformed { what });
        }
        self.engine.lookup(key)
    }

    /// Makes the working copy durable and lets go of the ledger.
    ///
    /// Nothing is lost if this fails or is left out: opening takes longer.
    ///
    /// # Errors
    /// The working copy could not be made durable.
    pub fn close(mut self) -> Result<(), EngineError> {
        // A long tail would be read whole by every reader until the next submission.
        if self.state == State::Sound
            && self.roll.is_long()
            && let Err(fault) = self.roll_over()
        {
            tracing::warn!(%fault, "the tail was not put into bundles; the next submission will");
            return Ok(());
        }
        match self.state {
            State::Sound => self.sync_engine(),
            State::Poisoned | State::Behind => Ok(()),
        }
    }

    /// Does what is due before a submission is written, so that a failure of it
    /// is never taken for a failure to record.
    fn make_room(&mut self) -> Result<(), AppendError> {
        if self.roll.is_long() {
            self.roll_over()
                .map_err(|source| AppendError::RollOver { source })?;
        }
        if self.roll.tail().used() >= self.synced + SYNC_EVERY {
            self.sync_engine()
                .map_err(|source| AppendError::Engine { source })?;
        }
        Ok(())
    }

    fn roll_over(&mut self) -> Result<(), BundleError> {
        self.roll
            .roll_over(self.published)
            .inspect_err(|_| self.state = State::Poisoned)?;
        self.synced = 0;
        Ok(())
    }

    fn follow(&mut self, first: Seq, submission: &[Entry], head: &Head) -> Result<(), EngineError> {
        let index = &self.index;
        self.engine
            .apply(first, submission, Some(head), |seq, entry| {
                pairs(index, seq, entry)
            })
    }

    fn sync_engine(&mut self) -> Result<(), EngineError> {
        let mark = self
            .engine
            .sync(self.roll.head().size)
            .inspect_err(|_| self.state = State::Behind)?;
        step("engine-synced")?;
        mark.write(&self.folder)?;
        step("mark-written")?;
        self.synced = self.roll.tail().used();
        Ok(())
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("folder", &self.folder)
            .field("head", &self.head())
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// Returns the index pairs of an entry; none if its envelope does not read.
fn pairs(index: &IndexOf, seq: Seq, entry: &Entry) -> Vec<IndexPair> {
    Envelope::decode(&entry.envelope)
        .map(|envelope| index(seq, &envelope, &entry.slot))
        .unwrap_or_default()
}
