//! Source files that are missing or altered here, fetched from a copy elsewhere.
//!
//! Which files there should be is said by records whose bodies are here: what was
//! expunged is asked for no more. A file is taken if it has the digest that the
//! record says, and put in its place durably; what stood there is kept aside.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use chancery_chain::{Digest, Finding};
use chancery_store::repair::RepairError;
use chancery_store::{FileError, Lock, RollReader, SOURCES_ASIDE};

use super::Elsewhere;
use crate::custody::{Custody, FOLDER};
use crate::spoken::{SourceFile, source_files};

/// Restores the source files; returns what was done, and why some were not.
pub(super) fn restore(
    folder: &Path,
    from: &Elsewhere<'_>,
) -> Result<(Vec<Finding>, Vec<Finding>), RepairError> {
    let _lock = Lock::take(folder)?;
    let roll = RollReader::open(folder)?;
    let mut files = source_files(&roll, roll.size())?;
    files.sort_by_key(|file| file.entry);
    let custody = Custody::of(folder);
    let mut aside = Aside::of(folder);
    let (mut done, mut left) = (Vec::new(), Vec::new());
    for file in files.iter().filter(|file| !is_whole(&custody, file)) {
        let place = format!("{FOLDER}/{}", file.digest);
        match fetch(file, from) {
            Ok(Some(bytes)) => {
                let path = custody.path(&file.digest);
                aside
                    .take(&path)
                    .map_err(|error| failed("keep aside", &path, error))?;
                custody
                    .take(&file.digest, &bytes)
                    .map_err(|error| failed("write", &path, error))?;
                let name = &from.copy.name;
                let message = format!(
                    "the source file of entry {} was restored from {name}",
                    file.entry
                );
                let notice = Finding::notice("source-restored", message);
                done.push(notice.at(file.entry).file(place));
            }
            // That it is missing, verifying says.
            Ok(None) => {}
            Err(why) => {
                let finding = Finding::damage("copy-damaged", why);
                left.push(finding.at(file.entry).file(from.copy.name.clone()));
            }
        }
    }
    done.extend(aside.told());
    Ok((done, left))
}

fn is_whole(custody: &Custody, file: &SourceFile) -> bool {
    let held = custody.digest(&file.digest);
    held.is_ok_and(|(digest, length)| digest == file.digest && length == file.length)
}

/// Fetches a file, which is nothing to go by until it was hashed here.
fn fetch(file: &SourceFile, from: &Elsewhere<'_>) -> Result<Option<Vec<u8>>, String> {
    let Some(bytes) = (from.source)(file)? else {
        return Ok(None);
    };
    if Digest::of(&bytes) == file.digest && bytes.len() as u64 == file.length {
        return Ok(Some(bytes));
    }
    Err(format!(
        "the source file {} there is not what the record says",
        file.digest
    ))
}

fn failed(action: &'static str, path: &Path, source: io::Error) -> RepairError {
    let path = path.to_owned();
    RepairError::File(FileError {
        action,
        path,
        source,
    })
}

/// Where altered files are moved to; the folder is made for the first of them.
struct Aside {
    ledger: PathBuf,
    made: Option<PathBuf>,
}

impl Aside {
    fn of(ledger: &Path) -> Self {
        Self {
            ledger: ledger.to_owned(),
            made: None,
        }
    }

    /// Moves what stands at a place aside, if anything does.
    fn take(&mut self, path: &Path) -> io::Result<()> {
        if fs::symlink_metadata(path).is_err() {
            return Ok(());
        }
        let folder = match &self.made {
            Some(folder) => folder.clone(),
            None => self.make()?,
        };
        fs::rename(path, folder.join(path.file_name().unwrap_or_default()))?;
        File::open(&folder)?.sync_all()
    }

    fn make(&mut self) -> io::Result<PathBuf> {
        let numbered = (1..u32::MAX).map(|number| format!("{SOURCES_ASIDE}-{number}"));
        for name in numbered {
            let folder = self.ledger.join(name);
            match fs::create_dir(&folder) {
                Ok(()) => {
                    File::open(&self.ledger)?.sync_all()?;
                    self.made = Some(folder.clone());
                    return Ok(folder);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    fn told(self) -> Option<Finding> {
        let name = self.made?.file_name()?.to_string_lossy().into_owned();
        let message = format!("what was altered of the source files is kept as {name}");
        Some(Finding::notice("sources-kept", message).file(name))
    }
}
