//! The lock: one writer at a time.
//!
//! The system holds the lock and lets go of it when the process ends, however
//! it ends; the file's text only says who holds it, for people. Readers take
//! no lock.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;
use std::time::SystemTime;

use crate::files::{FileError, Told as _};

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
        let locked = rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive);
        match locked {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => return Err(held(&mut file)),
            Err(errno) => Err(io::Error::from(errno)).told("lock", &path)?,
        }
        sign(&mut file).told("write", &path)?;
        Ok(Self { _file: file })
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
