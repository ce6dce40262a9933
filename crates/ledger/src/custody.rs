//! Custody: source files, kept under the BLAKE3 digest of their bytes.
//!
//! A file is written beside its place, synced, and moved there; what is there
//! is whole. Which record speaks of a file is not known here.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chancery_chain::Digest;
use chancery_core::record::Source;

/// The folder's name inside a ledger.
pub const FOLDER: &str = chancery_store::SOURCES_FOLDER;

/// The source files of one ledger.
#[derive(Clone, Debug)]
pub struct Custody {
    folder: PathBuf,
}

/// The text of a source, or why there is none to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeldText {
    /// The text, as it was taken in.
    Text(String),
    /// The source has no file in custody.
    NotHeld,
    /// Its file is no text.
    NotText,
    /// The file that should be in custody is missing or cannot be read.
    Missing,
    /// The file in custody is not the one that was taken in.
    Altered,
}

impl Custody {
    /// Returns the custody of the ledger in `ledger`.
    pub fn of(ledger: &Path) -> Self {
        Self {
            folder: ledger.join(FOLDER),
        }
    }

    /// Returns where the file with this digest is, or would be.
    pub fn path(&self, digest: &Digest) -> PathBuf {
        self.folder.join(digest.to_string())
    }

    /// Takes a file's bytes in, if they are not held whole already.
    ///
    /// # Errors
    /// The system cannot write; nothing unfinished stands at the file's place.
    pub fn take(&self, digest: &Digest, bytes: &[u8]) -> io::Result<()> {
        let place = self.path(digest);
        fs::create_dir_all(&self.folder)?;
        if !self.digest(digest).is_ok_and(|(held, _)| held == *digest) {
            let unfinished = self.folder.join(format!(".{digest}.new"));
            let mut file = File::create(&unfinished)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&unfinished, &place)?;
        }
        // The names must last too, also those that a killed writer left unsynced.
        File::open(&self.folder)?.sync_all()?;
        match self
            .folder
            .parent()
            .filter(|ledger| !ledger.as_os_str().is_empty())
        {
            Some(ledger) => File::open(ledger)?.sync_all(),
            None => File::open(".")?.sync_all(),
        }
    }

    /// Returns the bytes held under this digest.
    ///
    /// # Errors
    /// The file is missing, cannot be read, or is not what it was.
    pub fn read(&self, digest: &Digest) -> io::Result<Vec<u8>> {
        let bytes = fs::read(self.path(digest))?;
        if Digest::of(&bytes) == *digest {
            return Ok(bytes);
        }
        Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the file was altered",
        ))
    }

    /// Returns the digest of what is held under this one, and its length; the
    /// file is read in pieces.
    ///
    /// # Errors
    /// The file is missing or cannot be read.
    pub fn digest(&self, digest: &Digest) -> io::Result<(Digest, u64)> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(File::open(self.path(digest))?)?;
        let found = Digest::from_bytes(*hasher.finalize().as_bytes());
        Ok((found, hasher.count()))
    }

    /// Returns the text of a source, as it reads.
    pub fn text(&self, source: &Source) -> HeldText {
        let Some(file) = &source.file else {
            return HeldText::NotHeld;
        };
        let media_type = source.media_type.as_deref();
        if media_type.is_some_and(|name| !name.starts_with("text/")) {
            return HeldText::NotText;
        }
        match self.read(&Digest::from_bytes(file.digest)) {
            Ok(bytes) => String::from_utf8(bytes).map_or(HeldText::NotText, HeldText::Text),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => HeldText::Altered,
            Err(_) => HeldText::Missing,
        }
    }

    /// Returns the names of all files in the folder, sorted.
    ///
    /// # Errors
    /// The folder cannot be read; one that is missing is empty.
    pub fn names(&self) -> io::Result<Vec<String>> {
        let mut names = match fs::read_dir(&self.folder) {
            Ok(files) => files
                .map(|file| Ok(file?.file_name().to_string_lossy().into_owned()))
                .collect::<io::Result<Vec<_>>>()?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        names.sort();
        Ok(names)
    }
}
