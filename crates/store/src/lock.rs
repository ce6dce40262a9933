//! The lock: one writer at a time.
//!
//! The system holds the lock and lets go of it when the process ends, however
//! it ends; the file's text only says who holds it, for people. Readers take
//! no lock; only whoever copies the store keeps writers out meanwhile, and
//! writes nothing for it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;
use std::time::SystemTime;

use rustix::fs::FlockOperation;

use crate::files::{self, FileError, Told as _};

/// The lock, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why the lock was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// Another process holds it: try again when it has ended.
    #[error("another process is writing to this ledger ({holder})")]
    Held {
        /// Who holds it, in the holder's words.
        holder: String,
        /// Since when.
        since: Option<SystemTime>,
    },
    /// The lock file cannot be opened or written.
    #[error(transparent)]
    File(#[from] FileError),
}

impl Lock {
    /// Takes the lock of the ledger in `folder`.
    ///
    /// # Errors
    /// Another process holds it, or the folder cannot be written to.
    pub fn take(folder: &Path) -> Result<Self, LockError> {
        let path = folder.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .told("open", &path)?;
        lock(&mut file, FlockOperation::NonBlockingLockExclusive, &path)?;
        sign(&mut file).told("write", &path)?;
        Ok(Self { _file: file })
    }

    /// Keeps writers out of the ledger in `folder` until it is dropped, beside others who
    /// do so, and changes no file. Returns nothing if no writer was ever there, who
    /// would have left the file.
    ///
    /// # Errors
    /// A writer is at work, or the lock cannot be read.
    pub fn keep_writers_out(folder: &Path) -> Result<Option<Self>, LockError> {
        let path = folder.join("lock");
        let opened = files::open_plain(&path);
        if opened
            .as_ref()
            .is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
        {
            return Ok(None);
        }
        let mut file = opened.told("open", &path)?;
        lock(&mut file, FlockOperation::NonBlockingLockShared, &path)?;
        Ok(Some(Self { _file: file }))
    }
}

fn lock(file: &mut File, how: FlockOperation, path: &Path) -> Result<(), LockError> {
    match rustix::fs::flock(&*file, how) {
        Ok(()) => Ok(()),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(held(file)),
        Err(errno) => Ok(Err(io::Error::from(errno)).told("lock", path)?),
    }
}

/// Says in the file who holds the lock; the file's time says since when.
fn sign(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "process {}", std::process::id())
}

fn held(file: &mut File) -> LockError {
    const LONGEST: u64 = 200;
    let mut text = String::new();
    // Whoever holds the lock may be writing its name just now.
    let _ = file.take(LONGEST).read_to_string(&mut text);
    let since = file.metadata().and_then(|meta| meta.modified()).ok();
    let holder = match text.trim() {
        "" => "it has not said who it is".to_owned(),
        name => name.to_owned(),
    };
    LockError::Held { holder, since }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn writers_are_kept_out_without_a_word_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lock");
        assert!(Lock::keep_writers_out(folder.path()).unwrap().is_none());
        assert!(!file.exists());
        let writer = Lock::take(folder.path()).unwrap();
        assert!(Lock::keep_writers_out(folder.path()).is_err());
        drop(writer);
        std::fs::write(&file, "process 1").unwrap();

        let one = Lock::keep_writers_out(folder.path()).unwrap();
        let other = Lock::keep_writers_out(folder.path()).unwrap();

        assert!(one.is_some() && other.is_some());
        assert!(Lock::take(folder.path()).is_err());
        assert_eq!(std::fs::read(file).unwrap(), b"process 1");
    }

    #[test]
    fn a_second_writer_is_told_who_the_first_is() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::take(folder.path()).unwrap();

        let second = Lock::take(folder.path()).unwrap_err();

        let own = format!("process {}", std::process::id());
        assert!(matches!(second, LockError::Held { ref holder, since: Some(_) } if *holder == own));
        drop(first);
        assert!(Lock::take(folder.path()).is_ok());
    }
}
