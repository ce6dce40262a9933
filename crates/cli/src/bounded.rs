//! Files that others give: no more is read of them than they can have.
//!
//! A file that is named on the command line may be a pipe, and never end. One
//! in a ledger's folder is a plain file, or is not read: nobody may write to a pipe.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use chancery_store::open_plain;

/// So much is read of a file that holds one key.
pub(crate) const KEY: usize = 64 << 10;
/// So much is read of a file that a person wrote, or that holds certificates.
pub(crate) const TEXT: usize = 4 << 20;

/// Returns the bytes of a file, or of a pipe, of at most so many.
///
/// # Errors
/// It cannot be read, or is longer.
pub(crate) fn read(path: &Path, most: usize) -> io::Result<Vec<u8>> {
    within(File::open(path)?, most)
}

/// Returns the first bytes of a file, or of a pipe, at most so many.
///
/// # Errors
/// It cannot be read.
pub(crate) fn start(path: &Path, most: usize) -> io::Result<Vec<u8>> {
    start_of(File::open(path)?, most)
}

/// Returns the bytes of a plain file of at most so many.
///
/// # Errors
/// It is none, cannot be read, or is longer.
pub(crate) fn plain(path: &Path, most: usize) -> io::Result<Vec<u8>> {
    within(open_plain(path)?, most)
}

fn within(file: File, most: usize) -> io::Result<Vec<u8>> {
    let bytes = start_of(file, most.saturating_add(1))?;
    if bytes.len() > most {
        let why = format!("it has more than {most} bytes");
        return Err(io::Error::new(io::ErrorKind::InvalidData, why));
    }
    Ok(bytes)
}

fn start_of(file: File, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_may_be_there() {
        let endless = Path::new("/dev/zero");

        assert!(read(endless, 1000).is_err());
        assert!(plain(endless, 1000).is_err());
        assert_eq!(
            start(endless, 1000).map(|bytes| bytes.len()).ok(),
            Some(1000)
        );
    }
}
