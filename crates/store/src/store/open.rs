//! Opening the store: looking at everything cheap before trusting it.
//!
//! The roll is the record: when it is damaged the store does not open, and says
//! what mends it. The working copy is not: when it is in doubt it is set aside
//! and made again from the roll.

use std::path::Path;

use chancery_chain::seal::Entry;
use chancery_chain::tree::{TreeHash, leaf_hash};
use chancery_chain::{Envelope, Finding, Hash, Seq, Size};

use super::{AppendError, IndexOf, State, Store};
use crate::engine::{Engine, STORE_FOLDER};
use crate::files::{self, FileError};
use crate::floor::Floor;
use crate::lock::{Lock, LockError};
use crate::mark::Mark;
use crate::roll::reader::{ReadError, RollReader, read_tail};
use crate::roll::writer::RollWriter;
use crate::roll::{BUNDLE, CHECKPOINT_FILE, ROLL_FOLDER};
use crate::tail::TAIL_FILE;
use crate::{EngineError, engine};

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
    /// The checkpoint file does not read.
    #[error("the file `checkpoint` is damaged; run `chancery verify`, then `chancery repair`")]
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

/// Why the working copy was not simply used.
enum Doubt {
    /// It is made again, for this reason.
    Remake(String),
    /// The roll fails, or the disk.
    Fatal(OpenError),
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
        set_aside(folder)?;
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
        let lock = Lock::take(folder)?;
        let floor = Floor::read(folder)?;
        let tail = read_tail(folder)?;
        if tail.is_damaged() {
            let findings = tail.findings;
            return Err(ReadError::Damaged { findings }.into());
        }
        let mut notices = tail.findings.clone();
        let (end, remains) = (tail.end, tail.remains.clone());
        let reader = RollReader::over(folder, tail)?;
        check_edge(&reader)?;
        compare_checkpoint(&floor, &reader)?;

        let engine = open_engine(folder, &floor, &reader, &*index, &mut notices)?;
        let settled = reader.tree_of_bundles()?;
        let pending = reader.pending().to_vec();
        let mut roll = RollWriter::resume(folder, end, pending, settled, reader.head())?;
        if let Some(remains) = remains {
            keep_remains(folder, remains.clone())?;
            roll.tail().clear(remains)?;
        }
        publish_again(folder, &floor, &mut notices)?;
        let published = floor.claim().map_or(Size::EMPTY, |claim| claim.size);
        let mut store = Self::new(folder, roll, engine, index, published, lock);
        if floor.mark.is_none_or(|mark| mark.size != store.head().size) {
            store.sync_engine()?;
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
            _lock: lock,
        }
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

/// Puts the checkpoint into the roll again if it is not the ledger's own: the
/// power may have failed between the two.
fn publish_again(
    folder: &Path,
    floor: &Floor,
    notices: &mut Vec<Finding>,
) -> Result<(), FileError> {
    let Some(kept) = floor.kept.as_deref() else {
        return Ok(());
    };
    if floor.published.as_deref() == Some(kept) {
        return Ok(());
    }
    let path = folder.join(ROLL_FOLDER).join(CHECKPOINT_FILE);
    files::replace(&path, kept)?;
    notices.push(
        Finding::notice(
            "checkpoint-published",
            "the roll had another checkpoint than the ledger's own, which was put in its place",
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

fn open_engine(
    folder: &Path,
    floor: &Floor,
    reader: &RollReader,
    index: &IndexOf,
    notices: &mut Vec<Finding>,
) -> Result<Engine, OpenError> {
    let why = match usable(folder, floor.mark, reader, index) {
        Ok(engine) => return Ok(engine),
        Err(Doubt::Fatal(fault)) => return Err(fault),
        Err(Doubt::Remake(why)) => why,
    };
    let aside = set_aside(folder)?;
    let kept = aside.map_or_else(String::new, |name| {
        format!("; the old one is kept as {name}")
    });
    let message = format!("the store was made again from the roll, since {why}{kept}");
    notices.push(Finding::notice("store-remade", message).file(STORE_FOLDER));
    remake(folder, reader, index)
}

/// Makes the working copy anew from the roll; there must be none.
pub(crate) fn remake(
    folder: &Path,
    reader: &RollReader,
    index: &IndexOf,
) -> Result<Engine, OpenError> {
    let mut engine = Engine::open(&folder.join(STORE_FOLDER))?;
    apply_from(&mut engine, Seq::FIRST, reader, index)?;
    engine.sync(reader.size())?.write(folder)?;
    Ok(engine)
}

/// Opens the working copy and brings it to the roll's end, if there is no
/// reason to doubt it.
fn usable(
    folder: &Path,
    mark: Option<Mark>,
    reader: &RollReader,
    index: &IndexOf,
) -> Result<Engine, Doubt> {
    let mark = mark.ok_or_else(|| remake_since("it has no valid mark"))?;
    look_at_file(folder, &mark)?;
    let doubt = |fault: EngineError| Doubt::Remake(fault.to_string());
    let mut engine = Engine::open(&folder.join(STORE_FOLDER)).map_err(doubt)?;
    let head = engine.head().map_err(doubt)?;
    let head = head.ok_or_else(|| remake_since("it opened empty"))?;
    if head.size < mark.size {
        return Err(remake_since("it lost entries that had been synced"));
    }
    if head.size > reader.size() {
        return Err(Doubt::Fatal(roll_is_short(reader.size(), head.size).into()));
    }
    let last = head.size.last_seq().map(|last| reader.entry(last));
    let last = last
        .transpose()
        .map_err(|fault| Doubt::Fatal(fault.into()))?;
    let hash = last.map_or(Hash::ZERO, |entry| Hash::of_envelope(&entry.envelope));
    if hash != head.hash {
        return Err(remake_since("it ends in another entry than the roll"));
    }
    if mark.size < reader.size() {
        let from = engine::run_start(mark.size);
        match apply_from(&mut engine, from, reader, index) {
            Err(OpenError::Engine(fault)) => return Err(doubt(fault)),
            other => other.map_err(Doubt::Fatal)?,
        }
    }
    engine.goes_on(reader.size()).map_err(doubt)?;
    Ok(engine)
}

/// Looks at sled's file before sled does: a damaged one opens empty, and
/// opening rewrites it.
fn look_at_file(folder: &Path, mark: &Mark) -> Result<(), Doubt> {
    let path = engine::engine_file(&folder.join(STORE_FOLDER));
    let Ok(found) = std::fs::metadata(&path) else {
        return Err(remake_since("its file is missing"));
    };
    if found.len() == 0 {
        return Err(remake_since("its file is empty"));
    }
    if found.len() < mark.file_length {
        return Err(remake_since("its file is shorter than when it was synced"));
    }
    Ok(())
}

fn remake_since(why: &str) -> Doubt {
    Doubt::Remake(why.to_owned())
}

/// The store follows the roll: what it holds and the roll does not, the roll lost.
fn roll_is_short(roll: Size, store: Size) -> ReadError {
    let lost = store.last_seq().unwrap_or(Seq::FIRST);
    let finding = Finding::damage(
        "tail-short",
        "the tail ends before entries that the store holds",
    )
    .file(TAIL_FILE)
    .between(roll.next_seq(), lost)
    .values(store, roll);
    ReadError::Damaged {
        findings: vec![finding],
    }
}

fn apply_from(
    engine: &mut Engine,
    from: Seq,
    reader: &RollReader,
    index: &IndexOf,
) -> Result<(), OpenError> {
    const AT_ONCE: usize = 1024;
    let find = |seq: Seq, entry: &Entry| super::pairs(index, seq, entry);
    let mut first = from;
    let mut entries = Vec::new();
    for item in reader.entries(from) {
        entries.push(item?.1);
        if entries.len() == AT_ONCE {
            engine.apply(first, &entries, None, find)?;
            first = Seq::new(first.get() + AT_ONCE as u64);
            entries.clear();
        }
    }
    engine.apply(first, &entries, Some(&reader.head()), find)?;
    Ok(())
}

/// Moves the working copy out of the way and returns its new name, if there is
/// anything in it. It may be all that is left of something.
pub(crate) fn set_aside(folder: &Path) -> Result<Option<String>, FileError> {
    let store = folder.join(STORE_FOLDER);
    if !store.exists() {
        return Ok(None);
    }
    let aside = files::unused(&folder.join("store.aside"));
    files::rename(&store, &aside)?;
    files::sync_folder(folder)?;
    let name = aside
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    Ok(name)
}
