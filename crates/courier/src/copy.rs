//! A copy of a ledger: where its roll lies, and where its source files.
//!
//! A roll that was pushed has its source files in a folder `sources` within; a
//! ledger's own folder has the two beside each other, and may be named by its roll.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::error::PlaceError;
use crate::place::Place;

/// The name of a ledger's roll.
const ROLL: &str = "roll";
/// The name of the folder of source files.
const SOURCES: &str = "sources";
/// Where source files lie from a ledger's own roll.
const BESIDE: &str = "../sources";
/// The file that only a ledger's own roll has.
const TAIL: &str = "tail";

/// A copy of a ledger at some place.
#[derive(Debug)]
pub struct Copy {
    /// Where its roll lies.
    pub roll: Place,
    /// Where its source files lie.
    pub sources: Place,
    name: String,
}

impl Copy {
    /// Returns the copy at the place that a text names: a roll, or in a folder of
    /// this machine also a whole ledger, or its roll where it lies.
    ///
    /// # Errors
    /// The text names no place.
    pub fn parse(text: &str) -> Result<Self, PlaceError> {
        let roll = Place::parse(text)?;
        if let Some(folder) = roll.as_folder() {
            return Ok(Self::folder(folder));
        }
        let name = roll.to_string();
        let sources = format!("{}/{SOURCES}", text.trim_end_matches('/'));
        Ok(Self {
            roll,
            sources: Place::parse(&sources)?,
            name,
        })
    }

    /// Returns the copy in a folder of this machine, whatever its name: text or not.
    pub fn folder(folder: &Path) -> Self {
        let (roll, sources) = near(folder);
        Self {
            roll: Place::folder(&roll),
            sources: Place::folder(&sources),
            name: folder.display().to_string(),
        }
    }

    /// Returns whether the copy is a whole ledger, which others write to.
    pub fn is_ledger(&self) -> bool {
        let folder = self.roll.as_folder();
        folder.is_some_and(|roll| roll.join(TAIL).exists())
    }

    /// Returns the folder of the ledger that the copy is, or whose own roll it is; nothing
    /// if it is neither, or if that cannot be told by its name.
    pub fn ledger(&self) -> Option<PathBuf> {
        let roll = self.roll.as_folder().filter(|_| self.is_ledger())?;
        let named = roll.file_name().is_some_and(|name| name == ROLL);
        roll.parent().filter(|_| named).map(Path::to_owned)
    }

    /// Returns whether the copy is a ledger's own roll, apart from its source files:
    /// none of them is within, and nobody took any away.
    ///
    /// # Errors
    /// The place cannot be asked.
    pub fn is_roll_alone(&self) -> Result<bool, PlaceError> {
        match self.sources.as_folder() {
            // Of a whole ledger the source files would lie within.
            Some(sources) => Ok(sources.ends_with(BESIDE) && !sources.is_dir()),
            None => Ok(self.roll.length(TAIL)?.is_some()),
        }
    }
}

/// Returns where roll and source files lie of what a folder of this machine holds.
fn near(folder: &Path) -> (PathBuf, PathBuf) {
    let (inner, within) = (folder.join(ROLL), folder.join(SOURCES));
    if inner.is_dir() {
        return (inner, within);
    }
    // Only a ledger's own roll has a tail; what was pushed has its source files within.
    if folder.join(TAIL).exists() && !within.exists() {
        return (folder.to_owned(), folder.join(BESIDE));
    }
    (folder.to_owned(), within)
}

impl fmt::Display for Copy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.name)
    }
}
