//! A place: where a roll lies, near or far.
//!
//! Which of the three kinds a text names is decided here, once. What each kind does
//! stands in a module of its own.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::bucket::Bucket;
use crate::error::PlaceError;
use crate::folder::Folder;
use crate::web::Web;

/// What every kind of place can do. A path is relative, its parts joined by `/`.
pub(crate) trait Carrier: Send + Sync {
    /// Returns a file of at most `most` bytes, or `None` if there is none.
    fn get(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, PlaceError>;
    /// Returns how long a file is, or `None` if there is none.
    fn length(&self, path: &str) -> Result<Option<u64>, PlaceError>;
    /// Puts a file in its place: whoever looks sees all of it or what was there before.
    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), PlaceError>;
    /// Removes a file, if it is there.
    fn delete(&self, path: &str) -> Result<(), PlaceError>;
    /// Makes what was put there last, where that does not go without saying.
    fn sync(&self) -> Result<(), PlaceError> {
        Ok(())
    }
    /// Says so if nothing may be sent there, before anything is asked.
    fn check_writable(&self) -> Result<(), PlaceError> {
        Ok(())
    }
    /// Returns the paths of all files under a folder, or `None` if the place cannot tell.
    fn list(&self, folder: &str) -> Result<Option<Vec<String>>, PlaceError>;
}

/// A folder, a web server's address, or a bucket with a prefix.
pub struct Place {
    name: String,
    carrier: Box<dyn Carrier>,
    folder: Option<PathBuf>,
}

impl Place {
    /// Returns the place that a text names: `http://…` and `https://…` are addresses,
    /// `s3://BUCKET/PREFIX` is in an object store, and everything else is a folder.
    ///
    /// Nothing is asked of the place yet. Keys and region of an object store come
    /// from the environment (`AWS_ACCESS_KEY_ID`, …), as does the address of one
    /// that is not Amazon's (`AWS_ENDPOINT_URL`).
    ///
    /// # Errors
    /// The address does not read, or is of a kind that is not known.
    pub fn parse(text: &str) -> Result<Self, PlaceError> {
        match text.split_once("://") {
            Some(("http" | "https", _)) => {
                let web = Web::new(text)?;
                Ok(Self::far(&web.name(), Box::new(web)))
            }
            Some(("s3", rest)) => Ok(Self::far(text, Box::new(Bucket::new(text, rest)?))),
            Some((scheme, _)) => Err(PlaceError::NoPlace {
                text: text.to_owned(),
                why: format!("{scheme} is none of http, https and s3"),
            }),
            None => Ok(Self::folder(Path::new(text))),
        }
    }

    /// Returns the place that something else than a folder is.
    pub(crate) fn far(name: &str, carrier: Box<dyn Carrier>) -> Self {
        Self {
            name: name.trim_end_matches('/').to_owned(),
            carrier,
            folder: None,
        }
    }

    /// Returns the place that a folder is; it need not be there yet.
    pub fn folder(path: &Path) -> Self {
        Self {
            name: path.display().to_string(),
            carrier: Box::new(Folder::new(path)),
            folder: Some(path.to_owned()),
        }
    }

    /// Returns the folder that this place is, if it is one.
    pub fn as_folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Returns a file of at most `most` bytes, or `None` if there is none.
    ///
    /// # Errors
    /// The place cannot be asked, or the file is longer.
    pub fn get(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, PlaceError> {
        self.carrier.get(path, most)
    }

    /// Returns how long a file is as the place tells it, or `None` if there is none.
    ///
    /// # Errors
    /// The place cannot be asked.
    pub fn length(&self, path: &str) -> Result<Option<u64>, PlaceError> {
        self.carrier.length(path)
    }

    /// Makes sure that what was put here outlasts a power cut, as far as this machine
    /// has a say in it.
    ///
    /// # Errors
    /// It cannot be made sure of.
    pub fn sync(&self) -> Result<(), PlaceError> {
        self.carrier.sync()
    }

    /// Makes sure that files may be sent to this place at all; it is not asked.
    ///
    /// # Errors
    /// They could be read on their way.
    pub fn check_writable(&self) -> Result<(), PlaceError> {
        self.carrier.check_writable()
    }

    /// Puts a file in its place, in one step.
    ///
    /// # Errors
    /// The place does not take it; what was there before may still be there.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<(), PlaceError> {
        self.carrier.put(path, bytes)
    }

    /// Removes a file, if it is there.
    ///
    /// # Errors
    /// The place does not let go of it.
    pub fn delete(&self, path: &str) -> Result<(), PlaceError> {
        self.carrier.delete(path)
    }

    /// Returns the paths of all files under a folder, sorted; `None` if the place
    /// cannot tell, as web servers cannot.
    ///
    /// # Errors
    /// The place cannot be asked.
    pub fn list(&self, folder: &str) -> Result<Option<Vec<String>>, PlaceError> {
        let mut paths = self.carrier.list(folder)?;
        if let Some(paths) = &mut paths {
            paths.sort();
        }
        Ok(paths)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.name)
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Place({})", self.name)
    }
}
