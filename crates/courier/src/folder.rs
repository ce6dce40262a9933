//! A folder as a place: files under a path of this machine.
//!
//! A file is written beside its place and then given its name, so that nobody reads
//! half of one. That it lasts is made sure of for all of them at once: thousands of
//! short files take minutes to sync one by one.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::error::PlaceError;
use crate::place::Carrier;

/// What the name of a file ends in until the file is whole.
const TEMPORARY: &str = ".new";

#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    fn at(&self, path: &str) -> PathBuf {
        let parts = path.split('/').filter(|part| !part.is_empty());
        parts.fold(self.root.clone(), |path, part| path.join(part))
    }
}

impl Carrier for Folder {
    fn get(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, PlaceError> {
        let path = self.at(path);
        let Some(file) = if_there(File::open(&path)).told("read", &path)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        let limited = file.take(most.saturating_add(1)).read_to_end(&mut bytes);
        limited.told("read", &path)?;
        if bytes.len() as u64 > most {
            let place = path.display().to_string();
            return Err(PlaceError::TooLong { place, most });
        }
        Ok(Some(bytes))
    }

    fn length(&self, path: &str) -> Result<Option<u64>, PlaceError> {
        let path = self.at(path);
        let found = if_there(fs::metadata(&path)).told("look at", &path)?;
        Ok(found.filter(fs::Metadata::is_file).map(|found| found.len()))
    }

    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), PlaceError> {
        let path = self.at(path);
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).told("make the folder", folder)?;
        let temporary = temporary(&path);
        fs::write(&temporary, bytes).told("write", &temporary)?;
        fs::rename(&temporary, &path).told("rename", &temporary)
    }

    fn sync(&self) -> Result<(), PlaceError> {
        let found = if_there(File::open(&self.root)).told("open", &self.root)?;
        let Some(folder) = found else {
            return Ok(());
        };
        if sync_file_system(&folder) {
            return Ok(());
        }
        for path in self.list("")?.unwrap_or_default() {
            let path = self.at(&path);
            let synced = File::open(&path).and_then(|file| file.sync_all());
            synced.told("sync", &path)?;
            if let Some(folder) = path.parent() {
                let synced = File::open(folder).and_then(|folder| folder.sync_all());
                synced.told("sync the folder", folder)?;
            }
        }
        Ok(())
    }

    fn delete(&self, path: &str) -> Result<(), PlaceError> {
        let path = self.at(path);
        if_there(fs::remove_file(&path)).told("remove", &path)?;
        // Whoever was stopped while putting it there has left a part of it.
        let temporary = temporary(&path);
        if_there(fs::remove_file(&temporary)).told("remove", &temporary)?;
        // A folder with something else in it stays.
        if let Some(folder) = path.parent().filter(|folder| *folder != self.root) {
            let _ = fs::remove_dir(folder);
        }
        Ok(())
    }

    fn list(&self, folder: &str) -> Result<Option<Vec<String>>, PlaceError> {
        let mut found = Vec::new();
        let mut open = vec![folder.trim_matches('/').to_owned()];
        while let Some(next) = open.pop() {
            let path = self.at(&next);
            let Some(items) = if_there(fs::read_dir(&path)).told("list", &path)? else {
                continue;
            };
            for item in items {
                let item = item.told("list", &path)?;
                let name = item.file_name().to_string_lossy().into_owned();
                let below = if next.is_empty() {
                    name
                } else {
                    format!("{next}/{name}")
                };
                let kind = item.file_type().told("look at", &item.path())?;
                let is_folder = kind.is_dir();
                let paths = if is_folder { &mut open } else { &mut found };
                paths.push(below);
            }
        }
        Ok(Some(found))
    }
}

/// Returns the name that a file has until it is whole.
fn temporary(path: &Path) -> PathBuf {
    let mut temporary = path.to_owned().into_os_string();
    temporary.push(TEMPORARY);
    PathBuf::from(temporary)
}

/// Syncs all that was written to the file system that a folder is on, which only
/// Linux offers; returns whether it did.
#[cfg(target_os = "linux")]
fn sync_file_system(folder: &File) -> bool {
    rustix::fs::syncfs(folder).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn sync_file_system(_folder: &File) -> bool {
    false
}

/// Makes `None` of what is not there.
fn if_there<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        // A file where a folder was looked for is not there either.
        Err(fault)
            if matches!(
                fault.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(fault) => Err(fault),
    }
}

/// Adds the action and the path to a system error.
trait Told<T> {
    fn told(self, action: &'static str, path: &Path) -> Result<T, PlaceError>;
}

impl<T> Told<T> for io::Result<T> {
    fn told(self, action: &'static str, path: &Path) -> Result<T, PlaceError> {
        self.map_err(|source| PlaceError::File {
            action,
            path: path.to_owned(),
            source,
        })
    }
}
