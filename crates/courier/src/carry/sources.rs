//! Source files: carried by their digests, which are their names.

use chancery_chain::Digest;

use super::CarryError;
use crate::place::Place;

/// A source file that records speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its digest.
    pub digest: Digest,
    /// Its length in bytes.
    pub length: u64,
}

/// What became of the source files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CarriedSources {
    /// How many were put down.
    pub files: u64,
    /// How many were there already.
    pub there: u64,
    /// Those that the one place does not have.
    pub missing: Vec<Digest>,
}

/// Carries source files from one folder of them to another. What is there already is
/// left as it is: by its length, and in a folder of this machine by its bytes.
///
/// # Errors
/// A file is not what the record says, or a place fails.
pub fn carry_sources(
    from: &Place,
    to: &Place,
    files: &[SourceFile],
) -> Result<CarriedSources, CarryError> {
    let mut carried = CarriedSources::default();
    for file in files {
        let name = file.digest.to_string();
        if is_there(to, file)? {
            carried.there += 1;
            continue;
        }
        let Some(bytes) = source(from, file)? else {
            carried.missing.push(file.digest);
            continue;
        };
        to.put(&name, &bytes)?;
        carried.files += 1;
    }
    Ok(carried)
}

/// Removes source files that were destroyed with what spoke of them: those of these that
/// the one place does not hold any more. Returns how many were at the other.
///
/// # Errors
/// A place fails, or the other one does not let go of them.
pub fn remove_sources(from: &Place, to: &Place, digests: &[Digest]) -> Result<u64, CarryError> {
    let mut removed = 0;
    for digest in digests {
        let name = digest.to_string();
        if from.length(&name)?.is_some() {
            continue;
        }
        if to.length(&name)?.is_some() {
            removed += 1;
        }
        to.delete(&name)?;
    }
    if removed > 0 {
        // The bodies that tell which files these are go next.
        to.sync()?;
    }
    Ok(removed)
}

/// Returns a source file from a folder of them, if it is there and what the record says.
///
/// # Errors
/// It is another, or the place fails.
pub fn source(from: &Place, file: &SourceFile) -> Result<Option<Vec<u8>>, CarryError> {
    let Some(bytes) = from.get(&file.digest.to_string(), file.length)? else {
        return Ok(None);
    };
    if Digest::of(&bytes) == file.digest && bytes.len() as u64 == file.length {
        return Ok(Some(bytes));
    }
    Err(CarryError::OtherSource {
        place: from.to_string(),
        digest: file.digest,
    })
}

/// Returns whether a file is there: by its length, and in a folder by its bytes.
fn is_there(to: &Place, file: &SourceFile) -> Result<bool, CarryError> {
    let name = file.digest.to_string();
    if to.length(&name)? != Some(file.length) {
        return Ok(false);
    }
    if to.as_folder().is_none() {
        return Ok(true);
    }
    let held = to.get(&name, file.length)?;
    Ok(held.is_some_and(|bytes| Digest::of(&bytes) == file.digest))
}
