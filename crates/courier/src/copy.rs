//! A copy of a ledger: where its roll lies, and where its source files.
//!
//! A roll that was pushed has its source files in a folder `sources` within; a
//! ledger's own folder has the two beside each other.

use std::fmt;

use crate::error::PlaceError;
use crate::place::Place;

/// The name of the folder of source files.
const SOURCES: &str = "sources";

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
    /// this machine also a whole ledger.
    ///
    /// # Errors
    /// The text names no place.
    pub fn parse(text: &str) -> Result<Self, PlaceError> {
        let roll = Place::parse(text)?;
        let name = roll.to_string();
        if let Some(folder) = roll.as_folder() {
            let (inner, beside) = (folder.join("roll"), folder.join(SOURCES));
            let roll = if inner.is_dir() { &inner } else { folder };
            return Ok(Self {
                roll: Place::folder(roll),
                sources: Place::folder(&beside),
                name,
            });
        }
        let sources = format!("{}/{SOURCES}", text.trim_end_matches('/'));
        Ok(Self {
            roll,
            sources: Place::parse(&sources)?,
            name,
        })
    }

    /// Returns whether the copy is a whole ledger, which others write to.
    pub fn is_ledger(&self) -> bool {
        let folder = self.roll.as_folder();
        folder.is_some_and(|roll| roll.join("tail").exists())
    }
}

impl fmt::Display for Copy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.name)
    }
}
