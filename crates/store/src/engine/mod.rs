//! The engine: the working copy of the entries in sled, with an index for the ledger.
//!
//! Nothing here is the record: the roll is. The engine is never believed about
//! where the ledger ends, and is made again from the roll when in doubt. sled
//! appears in this module and nowhere else.

pub(crate) mod guard;
pub(crate) mod roster;
mod run;

use std::fs::File;
use std::path::{Path, PathBuf};

use chancery_chain::head::Head;
use chancery_chain::seal::Entry;
use chancery_chain::{Hash, Instant, Seq, Size, Slot};

pub use guard::EngineError;
use guard::guarded;
use run::OpenRun;

use crate::files::Told as _;
use crate::mark::Mark;

/// The folder of the store, in the ledger's folder.
pub(crate) const STORE_FOLDER: &str = "store";
const CACHE: u64 = 64 << 20;
/// Once so many bytes of values are gathered they are handed to sled.
const BATCH: usize = 4 << 20;
const META_KEY: &[u8] = b"m";
const META_LENGTH: usize = 8 + 32 + 8 + 8;

/// What the ledger wants to find again: a key, and what to find under it.
pub type IndexPair = (Vec<u8>, Vec<u8>);

#[derive(Debug)]
pub(crate) struct Engine {
    db: sled::Db,
    folder: PathBuf,
    run: OpenRun,
}

impl Engine {
    /// Opens sled on the folder, or makes it.
    pub(crate) fn open(folder: &Path) -> Result<Self, EngineError> {
        let config = sled::Config::new()
            .path(folder)
            .cache_capacity(CACHE)
            .flush_every_ms(None);
        let db = guarded(|| config.open())?;
        // Opening puts a new snapshot in the place of the old one.
        roster::note(folder);
        Ok(Self {
            db,
            folder: folder.to_owned(),
            run: OpenRun::default(),
        })
    }

    /// Returns the head of which the engine has all entries, by its own word.
    pub(crate) fn head(&self) -> Result<Option<Head>, EngineError> {
        let value = guarded(|| self.db.get(META_KEY))?;
        Ok(value.as_deref().and_then(decode_head))
    }

    /// Adds entries that begin at `first`, with the index pairs that `index`
    /// gives, and notes that the ledger goes as far as `head`, if it is given.
    ///
    /// `first` must follow the entries applied before, or be a multiple of
    /// [`run::RUN`], so that runs begin where they did before.
    pub(crate) fn apply(
        &mut self,
        first: Seq,
        entries: &[Entry],
        head: Option<&Head>,
        mut index: impl FnMut(Seq, &Entry) -> Vec<IndexPair>,
    ) -> Result<(), EngineError> {
        let (mut runs, mut found) = (Vec::new(), Vec::new());
        let mut gathered = 0;
        for (seq, entry) in (first.get()..).map(Seq::new).zip(entries) {
            self.run.push(seq, entry, &mut runs);
            for (key, value) in index(seq, entry) {
                found.push((index_key(&key), value));
            }
            gathered += entry.envelope.len() + slot_length(&entry.slot);
            if gathered > BATCH {
                self.insert(runs.drain(..).chain(found.drain(..)))?;
                gathered = 0;
            }
        }
        let head = head.map(|head| (META_KEY.to_vec(), encode_head(head)));
        self.insert(runs.into_iter().chain(found).chain(head))
    }

    /// Takes up the run that the next entry goes into, when the ledger has this size.
    pub(crate) fn goes_on(&mut self, size: Size) -> Result<(), EngineError> {
        self.run = OpenRun::default();
        let mut ignored = Vec::new();
        for number in run_start(size).get()..size.get() {
            let seq = Seq::new(number);
            let entry = self.entry(seq)?.ok_or_else(|| EngineError::Malformed {
                what: format!("it lacks entry {seq}"),
            })?;
            self.run.push(seq, &entry, &mut ignored);
        }
        Ok(())
    }

    /// Returns the entry at `seq`, if the engine has it and it reads.
    pub(crate) fn entry(&self, seq: Seq) -> Result<Option<Entry>, EngineError> {
        let from = Seq::new(seq.get() / run::RUN * run::RUN);
        let range = run::run_key(from)..=run::run_key(seq);
        let Some((key, value)) = guarded(|| self.db.range(range).next_back().transpose())? else {
            return Ok(None);
        };
        let Some(first) = run::run_first(&key) else {
            return Ok(None);
        };
        let entries = run::entries(first, &value, |key| self.get(&key))?;
        let at = usize::try_from(seq.get() - first.get()).unwrap_or(usize::MAX);
        Ok(entries.and_then(|entries| entries.into_iter().nth(at)))
    }

    /// Returns what the ledger's index holds under `key`.
    pub(crate) fn lookup(&self, key: &[u8]) -> Result<Option<Vec<u8>>, EngineError> {
        self.get(&index_key(key))
    }

    /// Returns the runs from the first on: where each begins and its entries,
    /// or `None` in their place if they do not read.
    pub(crate) fn runs(
        &self,
    ) -> impl Iterator<Item = Result<(Seq, Option<Vec<Entry>>), EngineError>> + '_ {
        let mut next = Some(Seq::FIRST);
        std::iter::from_fn(move || {
            let from = next.take()?;
            let found = guarded(|| {
                let range = run::run_key(from)..=run::run_key(Seq::new(u64::MAX));
                self.db.range(range).next().transpose()
            });
            let (key, value) = match found {
                Ok(pair) => pair?,
                Err(fault) => return Some(Err(fault)),
            };
            let first = run::run_first(&key)?;
            next = first.get().checked_add(1).map(Seq::new);
            let entries = run::entries(first, &value, |key| self.get(&key));
            Some(entries.map(|entries| (first, entries)))
        })
    }

    /// Makes all that was applied durable, and returns the mark that says so.
    pub(crate) fn sync(&self, size: Size) -> Result<Mark, EngineError> {
        guarded(|| self.db.flush())?;
        // On Linux, sled's own flush does not wait for the disk.
        let path = engine_file(&self.folder);
        let file = File::open(&path).told("open", &path)?;
        file.sync_data().told("sync", &path)?;
        let file_length = file.metadata().told("look at", &path)?.len();
        crate::files::sync_folder(&self.folder)?;
        roster::note(&self.folder);
        Ok(Mark { size, file_length })
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, EngineError> {
        Ok(guarded(|| self.db.get(key))?.map(|value| value.to_vec()))
    }

    fn insert(&self, pairs: impl Iterator<Item = run::Pair>) -> Result<(), EngineError> {
        let mut batch = sled::Batch::default();
        for (key, value) in pairs {
            batch.insert(key, value);
        }
        guarded(|| self.db.apply_batch(batch))
    }
}

/// Returns the file in which sled keeps everything that is kept here.
pub(crate) fn engine_file(folder: &Path) -> PathBuf {
    folder.join("db")
}

/// Returns the file in which sled keeps the settings that `db` was written with.
pub(crate) fn settings_file(folder: &Path) -> PathBuf {
    folder.join("conf")
}

/// Returns the position from which entries can be applied again, so that the
/// runs begin where they did.
pub(crate) const fn run_start(size: Size) -> Seq {
    Seq::new(size.get() / run::RUN * run::RUN)
}

/// Returns how many bytes a body slot takes.
fn slot_length(slot: &Slot) -> usize {
    match slot {
        Slot::None => 1,
        Slot::Body { body, .. } => 1 + 32 + 4 + body.len(),
        Slot::Expunged(_) => 9,
    }
}

fn index_key(key: &[u8]) -> Vec<u8> {
    let mut full = vec![b'i'];
    full.extend(key);
    full
}

fn encode_head(head: &Head) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(META_LENGTH);
    bytes.extend(head.size.get().to_be_bytes());
    bytes.extend(head.hash.as_bytes());
    bytes.extend(head.submissions.to_be_bytes());
    bytes.extend(head.recorded_at.micros().to_be_bytes());
    bytes
}

fn decode_head(bytes: &[u8]) -> Option<Head> {
    let (size, rest) = bytes.split_first_chunk::<8>()?;
    let (hash, rest) = rest.split_first_chunk::<32>()?;
    let (submissions, rest) = rest.split_first_chunk::<8>()?;
    let recorded_at: [u8; 8] = rest.try_into().ok()?;
    Some(Head {
        size: Size::new(u64::from_be_bytes(*size)),
        hash: Hash::from_bytes(*hash),
        submissions: u64::from_be_bytes(*submissions),
        recorded_at: Instant::from_micros(u64::from_be_bytes(recorded_at)),
    })
}
