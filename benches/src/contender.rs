//! What each contender must be able to do with the same records.

use std::error::Error;
use std::path::Path;

use chancery_core::record::Record;
use chancery_core::replay::Readings;

/// Whatever went wrong: a benchmark that fails says so and stops.
pub(crate) type Failure = Box<dyn Error>;

/// Something that keeps records, durably, so that a change shows.
pub(crate) trait Contender: Sized {
    /// Makes one without records in a folder that is not there yet.
    fn create(folder: &Path) -> Result<Self, Failure>;

    /// Opens it for appending.
    fn open(folder: &Path) -> Result<Self, Failure>;

    /// Appends records as one submission; once this returns, they survive a power cut.
    ///
    /// The first of them must come to stand at `first`.
    fn append(&mut self, first: u64, records: Vec<Record>) -> Result<(), Failure>;

    /// Lets go of it, everything in its place.
    fn close(self) -> Result<(), Failure>;

    /// Opens it for reading only, as far as to know where it ends.
    fn look(folder: &Path) -> Result<(), Failure>;

    /// Checks that nothing was changed, and returns how many records were checked.
    fn verify(folder: &Path) -> Result<u64, Failure>;

    /// Reads and decodes all records.
    fn readings(folder: &Path) -> Result<Readings, Failure>;
}
