//! What a witness remembers: of each log the last checkpoint that it cosigned.
//!
//! One file for each log, a signed note that anybody can read. It is replaced so
//! that after a power cut the old or the new one stands there, and durably
//! before a cosignature leaves the house. A witness that forgets could be led
//! back, so that a folder is never taken for a new one: [`Memory::create`] makes
//! it, [`Memory::open`] does not.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use chancery_chain::{Checkpoint, Hex, Note, VerifierKey};
use sha2::{Digest as _, Sha256};

/// The folder with a file for each log.
const LOGS: &str = "logs";
/// The folder with checkpoints that contradict what was cosigned.
const EVIDENCE: &str = "evidence";
/// The file that the one witness at work holds.
const LOCK: &str = "lock";
/// How much evidence is kept; one piece is enough to convict.
const MOST_EVIDENCE: usize = 1_000;

/// The folder of a witness, held by one at a time.
#[derive(Debug)]
pub struct Memory {
    folder: PathBuf,
    _lock: File,
}

/// Why the memory cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MemoryError {
    /// The folder was never made a witness's.
    #[error("{} is no witness's folder", folder.display())]
    NotOne {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder is a witness's already.
    #[error("{} is a witness's folder already", folder.display())]
    Exists {
        /// The folder.
        folder: PathBuf,
    },
    /// Another witness works in the folder.
    #[error("another witness is at work in {}", folder.display())]
    Held {
        /// The folder.
        folder: PathBuf,
    },
    /// What was remembered of a log is not what this witness cosigned.
    #[error("{} is not a checkpoint that this witness cosigned", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was to be done, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Memory {
    /// Makes a folder for a new witness, who has seen nothing yet.
    ///
    /// # Errors
    /// It is one already, or cannot be made.
    pub fn create(folder: &Path) -> Result<(), MemoryError> {
        let logs = folder.join(LOGS);
        if logs.exists() {
            let folder = folder.to_owned();
            return Err(MemoryError::Exists { folder });
        }
        fs::create_dir_all(&logs).map_err(told("make the folder", &logs))?;
        sync(folder)
    }

    /// Opens the folder of a witness, and holds it.
    ///
    /// # Errors
    /// It is none, or another witness is at work in it.
    pub fn open(folder: &Path) -> Result<Self, MemoryError> {
        if !folder.join(LOGS).is_dir() {
            let folder = folder.to_owned();
            return Err(MemoryError::NotOne { folder });
        }
        let path = folder.join(LOCK);
        let lock = File::create(&path).map_err(told("open", &path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                let folder = folder.to_owned();
                return Err(MemoryError::Held { folder });
            }
            Err(fs::TryLockError::Error(source)) => return Err(told("lock", &path)(source)),
        }
        Ok(Self {
            folder: folder.to_owned(),
            _lock: lock,
        })
    }

    /// Returns the last checkpoint of this log that the witness with this key cosigned.
    ///
    /// # Errors
    /// The file cannot be read, or is not what the witness wrote.
    pub fn last(&self, origin: &str, own: &VerifierKey) -> Result<Option<Checkpoint>, MemoryError> {
        let note = self.note(origin, own)?;
        Ok(note.and_then(|note| Checkpoint::parse(note.text()).ok()))
    }

    /// Returns the same, as it was signed.
    ///
    /// # Errors
    /// As [`Self::last`].
    pub fn note(&self, origin: &str, own: &VerifierKey) -> Result<Option<Note>, MemoryError> {
        let file = self.file(origin);
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(told("read", &file)(source)),
        };
        let is_own = |note: &Note| {
            let checkpoint = Checkpoint::parse(note.text());
            let named = checkpoint.is_ok_and(|checkpoint| checkpoint.origin() == origin);
            named && note.signers(&[own]).is_ok()
        };
        let note = Note::parse(&bytes).ok().filter(is_own);
        note.map(Some).ok_or(MemoryError::Damaged { file })
    }

    /// Remembers a cosigned checkpoint as the last of its log: once this returns,
    /// it survives a power cut.
    ///
    /// # Errors
    /// It is not known whether it is remembered: nothing may be cosigned.
    pub fn put(&self, origin: &str, note: &Note) -> Result<(), MemoryError> {
        replace(&self.file(origin), note.to_string().as_bytes())
    }

    /// Keeps a checkpoint that a log signed and that contradicts another one of
    /// the same size.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn keep_evidence(&self, note: &Note) -> Result<(), MemoryError> {
        let folder = self.folder.join(EVIDENCE);
        fs::create_dir_all(&folder).map_err(told("make the folder", &folder))?;
        let file = folder.join(name_of(note.text()));
        let kept = fs::read_dir(&folder).map_err(told("list", &folder))?;
        if file.exists() || kept.count() >= MOST_EVIDENCE {
            return Ok(());
        }
        replace(&file, note.to_string().as_bytes())
    }

    fn file(&self, origin: &str) -> PathBuf {
        self.folder.join(LOGS).join(name_of(origin))
    }
}

/// Returns the name under which a log is kept, and asked for by others: the
/// SHA-256 of its origin, which may hold any characters, in hexadecimal.
pub(crate) fn name_of(origin: &str) -> String {
    Hex(&Sha256::digest(origin)).to_string()
}

/// Replaces a file so that after a power cut either the old or the new bytes stand there.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), MemoryError> {
    let temporary = path.with_extension("new");
    File::create(&temporary)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .map_err(told("write", &temporary))?;
    fs::rename(&temporary, path).map_err(told("rename", &temporary))?;
    path.parent().map_or(Ok(()), sync)
}

/// Makes the names in a folder durable.
fn sync(folder: &Path) -> Result<(), MemoryError> {
    let synced = File::open(folder).and_then(|file| file.sync_all());
    synced.map_err(told("sync the folder", folder))
}

fn told(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> MemoryError {
    let path = path.to_owned();
    move |source| MemoryError::File {
        action,
        path,
        source,
    }
}
