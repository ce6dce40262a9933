//! Opening the store: looking at everything cheap before trusting it.
//!
//! The roll is the record: when it is damaged the store does not open, and says
//! what mends it. The working copy is not: looking at
//! it, and making it again when it is in doubt, is in `working`.

use std::path::Path;

use chancery_chain::seal::Entry;
use chancery_chain::tree::{TreeHash, leaf_hash};
use chancery_chain::{Envelope, Finding, Hash, Seq, Size};

use super::{AppendError, IndexOf, State, Store, working};
use crate::engine::{Engine, EngineError, STORE_FOLDER};
use crate::expunge::{self, Marker};
use crate::fault::step;
use crate::files::{self, FileError};
use crate::floor::Floor;
use crate::lock::{Lock, LockError};
use crate::roll::reader::{ReadError, RollReader, read_tail};
use crate::roll::writer::RollWriter;
use crate::roll::{BUNDLE, CHECKPOINT_FILE, ROLL_FOLDER, collect_left_over};
use crate::signers::Signers;
use crate::tail::TAIL_FILE;

/// Why the store was not opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The lock was not taken.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The roll is missing, damaged, or cannot be read.
    #[error(transparent)]
    Roll(#[from] ReadError),
    /// There is a ledger in the folder already.
    #[error("there is a ledger in this folder already")]
    Exists,
    /// The checkpoint in the ledger's folder does not read, or it differs from the
    /// one in the roll and is not a later one that the ledger's key signed.
    #[error(
        "a file `checkpoint` is damaged, or is not the last; run `chancery verify`, then `chancery repair`"
    )]
    CheckpointDamaged,
    /// The ledger has another root than when the checkpoint was made: its
    /// history was changed, or the checkpoint belongs to another ledger.
    #[error(
        "the first {size} entries are not those of the checkpoint: root {found}, not {expected}; run `chancery verify`"
    )]
    Rewritten {
        /// The size of the checkpoint.
        size: Size,
        /// The root that the checkpoint gives.
        expected: TreeHash,
        /// The root that the roll has.
        found: TreeHash,
    },
    /// The working copy cannot be made, even anew.
    #[error("the working copy cannot be made from the roll")]
    Engine(#[from] EngineError),
    /// The first submission was not recorded.
    #[error("the first submission cannot be recorded")]
    Founding(#[from] AppendError),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

impl Store {
    /// Makes a ledger in `folder` that begins with the submission `founding`.
    ///
    /// # Errors
    /// There is one already, or the folder cannot be written to.
    pub fn create(
        folder: &Path,
        founding: &[Entry],
        index: Box<IndexOf>,
    ) -> Result<Self, OpenError> {
        files::make_folder(folder)?;
        let lock = Lock::take(folder)?;
        match RollReader::open(folder) {
            Err(ReadError::NoLedger { .. }) => {}
            // Making it was interrupted before anything was recorded.
            Ok(reader) if reader.size() == Size::EMPTY => {}
            _ => return Err(OpenError::Exists),
        }
        let roll = RollWriter::create(folder)?;
        working::set_aside(folder)?;
        let engine = Engine::open(&folder.join(STORE_FOLDER))?;
        let mut store = Self::new(folder, roll, engine, index, Size::EMPTY, lock);
        store.append(founding)?;
        store.sync_engine()?;
        files::sync_folder(folder)?;
        Ok(store)
    }

    /// Opens the ledger in `folder` for appending, and says what is worth
    /// knowing: what was set aside, what was made again.
    ///
    /// # Errors
    /// Another process has it, or the roll or the checkpoint is damaged.
    pub fn open(folder: &Path, index: Box<IndexOf>) -> Result<(Self, Vec<Finding>), OpenError> {
        if !folder.join(ROLL_FOLDER).join("tail").exists() {
            let folder = folder.to_owned();
            return Err(ReadError::NoLedger { folder }.into());
        }
        Self::open_locked(folder, index, Lock::take(folder)?)
    }

    /// Lets go of everything but the lock, and opens the ledger again.
    pub(crate) fn reopen(self) -> Result<(Self, Vec<Finding>), OpenError> {
        let Self {
            folder,
            roll,
            engine,
            index,
            lock,
            ..
        } = self;
        // sled's files must be closed before they are opened, or removed.
        drop((roll, engine));
        Self::open_locked(&folder, index, lock)
    }

    fn open_locked(
        folder: &Path,
        index: Box<IndexOf>,
        lock: Lock,
    ) -> Result<(Self, Vec<Finding>), OpenError> {
        let mut sound = Sound::look(folder)?;
        let destroyed = expunge::complete(folder, &sound.reader)?;
        if destroyed.is_some() {
            sound = Sound::look(folder)?;
        }
        let Sound {
            floor,
            reader,
            end,
            remains,
            mut notices,
        } = sound;
        let unpublished = unpublished(&floor, &reader)?;

        let engine = match &destroyed {
            Some(destroyed) => {
                notices.extend(expunge::completed(destroyed));
                working::remake(folder, &reader, &*index)?
            }
            None => working::open(folder, &floor, &reader, &*index, &mut notices)?,
        };
        let settled = reader.tree_of_bundles()?;
        let pending = reader.pending().to_vec();
        let mut roll = RollWriter::resume(folder, end, pending, settled, reader.head())?;
        if let Some(remains) = remains {
            keep_remains(folder, remains.clone())?;
            roll.tail().clear(remains)?;
        }
        publish_again(folder, unpublished, &mut notices)?;
        let published = floor.claim().map_or(Size::EMPTY, |claim| claim.size);
        collect_left_over(&folder.join(ROLL_FOLDER), published)?;
        let mut store = Self::new(folder, roll, engine, index, published, lock);
        if floor.mark.is_none_or(|mark| mark.size != store.head().size) {
            store.sync_engine()?;
        }
        if destroyed.is_some() {
            step("store-remade")?;
            Marker::remove(folder)?;
        }
        Ok((store, notices))
    }

    fn new(
        folder: &Path,
        mut roll: RollWriter,
        engine: Engine,
        index: Box<IndexOf>,
        published: Size,
        lock: Lock,
    ) -> Self {
        Self {
            folder: folder.to_owned(),
            synced: roll.tail().used(),
            roll,
            engine,
            index,
            published,
            state: State::Sound,
            lock,
        }
    }
}

/// A roll that is in order as far as is cheap to see.
struct Sound {
    floor: Floor,
    reader: RollReader,
    /// Where the tail's last frame ends.
    end: usize,
    /// What is left behind it of a submission that was never recorded.
    remains: Option<std::ops::Range<usize>>,
    notices: Vec<Finding>,
}

impl Sound {
    fn look(folder: &Path) -> Result<Self, OpenError> {
        let floor = Floor::read(folder)?;
        let tail = read_tail(folder)?;
        if tail.is_damaged() {
            let findings = tail.findings;
            return Err(ReadError::Damaged { findings }.into());
        }
        let notices = tail.findings.clone();
        let (end, remains) = (tail.end, tail.remains.clone());
        let reader = RollReader::over(folder, tail)?;
        check_edge(&reader)?;
        compare_checkpoint(&floor, &reader)?;
        Ok(Self {
            floor,
            reader,
            end,
            remains,
            notices,
        })
    }
}

/// Checks the roll's right edge: the last bundle against its tile, and that the
/// chain holds from there through the tail.
fn check_edge(reader: &RollReader) -> Result<(), ReadError> {
    let settled = reader.settled();
    let start = settled.get().saturating_sub(1) / BUNDLE * BUNDLE;
    let tree = reader.tree_of_bundles()?;
    let mut again = reader.tree_of_first(Size::new(start))?;
    let mut previous = None;
    for item in reader.entries(Seq::new(start)) {
        let (seq, entry) = item?;
        let envelope = Envelope::decode(&entry.envelope).ok();
        let follows = envelope.is_some_and(|envelope| {
            envelope.seq == seq && previous.is_none_or(|hash| envelope.previous == hash)
        });
        if !follows {
            return Err(damaged(seq, "does not follow the entry before it"));
        }
        previous = Some(Hash::of_envelope(&entry.envelope));
        if settled.holds(seq) {
            again.push(leaf_hash(&entry.envelope));
        }
    }
    if again.root() != tree.root() {
        let last = settled.last_seq().unwrap_or(Seq::FIRST);
        return Err(damaged(last, "or one beside it is not what the tiles say"));
    }
    Ok(())
}

fn damaged(seq: Seq, what: &str) -> ReadError {
    let finding = Finding::damage("entry-damaged", format!("entry {seq} {what}")).at(seq);
    ReadError::Damaged {
        findings: vec![finding],
    }
}

fn compare_checkpoint(floor: &Floor, reader: &RollReader) -> Result<(), OpenError> {
    let kept = floor.kept.as_deref();
    if kept.is_some_and(|bytes| crate::floor::claim(bytes).is_none()) {
        return Err(OpenError::CheckpointDamaged);
    }
    let Some(claim) = floor.claim() else {
        return Ok(());
    };
    // The parser of the tail has made sure that the ledger is not shorter.
    let found = reader.root_at(claim.size)?;
    if found == claim.root {
        return Ok(());
    }
    Err(OpenError::Rewritten {
        size: claim.size,
        expected: claim.root,
        found,
    })
}

/// Returns the checkpoint that the roll does not have yet: the power may have
/// failed between its two places. An altered one is never spread.
fn unpublished<'f>(floor: &'f Floor, reader: &RollReader) -> Result<Option<&'f [u8]>, OpenError> {
    let Some(kept) = floor
        .kept
        .as_deref()
        .filter(|_| floor.published != floor.kept)
    else {
        return Ok(None);
    };
    let signers = Signers::of(reader)?;
    if floor.is_ahead() && signers.is_some_and(|signers| signers.signed(kept)) {
        return Ok(Some(kept));
    }
    Err(OpenError::CheckpointDamaged)
}

/// Puts a checkpoint into the roll that is not there yet.
fn publish_again(
    folder: &Path,
    unpublished: Option<&[u8]>,
    notices: &mut Vec<Finding>,
) -> Result<(), FileError> {
    let path = folder.join(ROLL_FOLDER).join(CHECKPOINT_FILE);
    let Some(kept) = unpublished else {
        // A writer may have been stopped before it put down what it had prepared.
        return files::forget_prepared(&path);
    };
    files::replace(&path, kept)?;
    notices.push(
        Finding::notice(
            "checkpoint-published",
            "the roll did not have the ledger's last checkpoint yet, which was put in its place",
        )
        .file("roll/checkpoint"),
    );
    Ok(())
}

/// Copies what is left of a submission that was never recorded to a file of its own.
fn keep_remains(folder: &Path, remains: std::ops::Range<usize>) -> Result<(), FileError> {
    let bytes = files::read(&files_tail(folder))?;
    let aside = files::unused(&folder.join("tail.torn"));
    files::replace(&aside, bytes.get(remains).unwrap_or_default())
}

fn files_tail(folder: &Path) -> std::path::PathBuf {
    crate::roll::at(folder, TAIL_FILE)
}
