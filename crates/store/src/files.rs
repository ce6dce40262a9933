//! Files: read whole, replaced whole, made durable.
//!
//! Every write that must survive a power cut goes through here, so that the
//! order "write, sync, rename, sync the folder" stands in one place. What the
//! bytes mean is the affair of the other modules.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Something that the file system refused.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {}", path.display())]
pub struct FileError {
    /// What was to be done, as a verb: `read`.
    pub action: &'static str,
    /// The file or folder.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

impl FileError {
    /// Returns whether the file is simply not there.
    pub fn is_missing(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }
}

/// Adds the action and the path to a system error.
pub(crate) trait Told<T> {
    fn told(self, action: &'static str, path: &Path) -> Result<T, FileError>;
}

impl<T> Told<T> for io::Result<T> {
    fn told(self, action: &'static str, path: &Path) -> Result<T, FileError> {
        self.map_err(|source| FileError {
            action,
            path: path.to_owned(),
            source,
        })
    }
}

/// Returns the bytes of the file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    let read = || {
        let mut bytes = Vec::new();
        open_plain(path)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().told("read", path)
}

/// Opens a plain file: to open a pipe would wait for ever for somebody to write to it.
///
/// # Errors
/// It is not there, cannot be read, or is no plain file.
pub fn open_plain(path: &Path) -> io::Result<File> {
    if fs::metadata(path)?.is_file() {
        return File::open(path);
    }
    Err(io::Error::other("it is no plain file"))
}

/// Returns the bytes of the file, or `None` if there is no such file.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, FileError> {
    match read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(fault) if fault.is_missing() => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Returns the bytes of the file, or `None` if there is no such file; one of more than
/// `most` bytes cannot be read.
pub(crate) fn read_no_more_than(path: &Path, most: u64) -> Result<Option<Vec<u8>>, FileError> {
    let length = usize::try_from(most.saturating_add(1)).unwrap_or(usize::MAX);
    match read_start_if_there(path, length)? {
        Some(bytes) if bytes.len() as u64 > most => {
            Err(io::Error::other("it is longer than it can be")).told("read", path)
        }
        bytes => Ok(bytes),
    }
}

/// Returns the bytes of the file, or `None` if there is no plain file of at most
/// `most` bytes.
pub(crate) fn read_at_most(path: &Path, most: u64) -> Result<Option<Vec<u8>>, FileError> {
    let Ok(found) = fs::metadata(path) else {
        return Ok(None);
    };
    if !found.is_file() || found.len() > most {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes))
        .told("read", path)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= most))
}

/// Makes the folder, and those above it, if they are not there.
pub(crate) fn make_folder(path: &Path) -> Result<(), FileError> {
    fs::create_dir_all(path).told("make the folder", path)
}

/// Renames a file or folder, which must lie on the same file system.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), FileError> {
    fs::rename(from, to).told("rename", from)
}

/// Removes a file, if it is there.
pub(crate) fn remove(path: &Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.told("remove", path),
    }
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(path: &Path) -> Result<(), FileError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .told("sync the folder", path)
}

/// Writes a file beside the others under a name of its own, without a sync,
/// and gives it its name: whoever looks sees all of it or nothing.
pub(crate) fn put(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let temporary = temporary(path);
    fs::write(&temporary, bytes).told("write", &temporary)?;
    rename(&temporary, path)
}

/// Replaces a file so that after a power cut either the old or the new bytes stand there.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    prepare(path, bytes)?;
    put_prepared(path)
}

/// Writes durably, under another name, what is to be put at `path`.
pub(crate) fn prepare(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let temporary = temporary(path);
    File::create(&temporary)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .told("write", &temporary)
}

/// Puts what was prepared in its place, durably.
pub(crate) fn put_prepared(path: &Path) -> Result<(), FileError> {
    rename(&temporary(path), path)?;
    sync_folder(parent(path))
}

/// Removes what was prepared to be put at `path`, if anything was.
pub(crate) fn forget_prepared(path: &Path) -> Result<(), FileError> {
    remove(&temporary(path))
}

/// Returns the folder that a path lies in.
pub(crate) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Makes these files, and their names, durable.
///
/// Many files are cheaper to sync with all else on their file system, which
/// only Linux offers; a few are cheaper one by one.
pub(crate) fn sync_files(folder: &Path, files: &[PathBuf]) -> Result<(), FileError> {
    const FEW: usize = 24;
    if files.len() > FEW && sync_file_system(folder) {
        return Ok(());
    }
    let mut folders: Vec<&Path> = Vec::new();
    for path in files {
        File::open(path)
            .and_then(|file| file.sync_all())
            .told("sync", path)?;
        for above in path.ancestors().skip(1) {
            if !above.starts_with(folder) {
                break;
            }
            if !folders.contains(&above) {
                folders.push(above);
            }
        }
    }
    folders.into_iter().try_for_each(sync_folder)
}

#[cfg(target_os = "linux")]
fn sync_file_system(folder: &Path) -> bool {
    File::open(folder).is_ok_and(|folder| rustix::fs::syncfs(&folder).is_ok())
}

#[cfg(not(target_os = "linux"))]
fn sync_file_system(_folder: &Path) -> bool {
    false
}

/// Returns the first of `stem-1`, `stem-2`, … that does not exist yet.
pub(crate) fn unused(stem: &Path) -> PathBuf {
    let numbered = (1..u32::MAX).map(|number| {
        let mut name = stem.as_os_str().to_owned();
        name.push(format!("-{number}"));
        PathBuf::from(name)
    });
    let mut unused = numbered.filter(|path| fs::symlink_metadata(path).is_err());
    unused.next().unwrap_or_else(|| stem.to_owned())
}

/// Copies a folder with all that is in it, and makes the copy durable.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result<(), FileError> {
    make_folder(to)?;
    let mut files = Vec::new();
    for path in walk(from)? {
        let Ok(relative) = path.strip_prefix(from) else {
            continue;
        };
        let target = to.join(relative);
        make_folder(parent(&target))?;
        open_plain(&path)
            .and_then(|_| fs::copy(&path, &target))
            .told("copy", &path)?;
        files.push(target);
    }
    sync_files(to, &files)
}

/// Makes the first of `stem-1`, `stem-2`, … that does not exist yet, as a folder that
/// nobody else can look into.
pub(crate) fn make_unused_folder(stem: &Path) -> Result<PathBuf, FileError> {
    let mut builder = fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    loop {
        let path = unused(stem);
        match builder.create(&path) {
            // Somebody else has made it meanwhile.
            Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.told("make the folder", &path).map(|()| path),
        }
    }
}

/// Removes a folder with all that is in it.
pub(crate) fn remove_folder(path: &Path) -> Result<(), FileError> {
    fs::remove_dir_all(path).told("remove", path)
}

/// Returns what lies in a folder itself, sorted.
pub(crate) fn list(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let items = fs::read_dir(folder).told("list", folder)?;
    let paths = items.map(|item| item.map(|item| item.path()));
    let mut paths = paths.collect::<io::Result<Vec<_>>>().told("list", folder)?;
    paths.sort();
    Ok(paths)
}

/// Returns all files under a folder, sorted, those in folders below included.
pub(crate) fn walk(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        let items = match fs::read_dir(&next).told("list", &next) {
            // A writer has cleared it away since it was listed.
            Err(fault) if fault.is_missing() && next != folder => continue,
            items => items?,
        };
        for item in items {
            let item = item.told("list", &next)?;
            let path = item.path();
            if item.file_type().told("look at", &path)?.is_dir() {
                open.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Returns under which name a file is written until it is whole.
pub(crate) fn unfinished(path: &Path) -> PathBuf {
    temporary(path)
}

fn temporary(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(TEMPORARY);
    PathBuf::from(name)
}

/// What the name of a file ends in until the file is whole.
const TEMPORARY: &str = ".new";

/// Returns the first bytes of a file, at most `length` of them.
pub(crate) fn read_start(path: &Path, length: usize) -> Result<Vec<u8>, FileError> {
    let read = || {
        let file = open_plain(path)?;
        let there = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        // Else the bytes would be moved, and be there twice, as they come in.
        let mut bytes = Vec::with_capacity(there.min(length).saturating_add(1));
        file.take(length as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().told("read", path)
}

/// Returns the first bytes of a file, at most `length` of them, or `None` if there is
/// no such file.
pub(crate) fn read_start_if_there(
    path: &Path,
    length: usize,
) -> Result<Option<Vec<u8>>, FileError> {
    match read_start(path, length) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(fault) if fault.is_missing() => Ok(None),
        Err(fault) => Err(fault),
    }
}
