//! `store.mark`: up to which size the store was known to be on the disk.
//!
//! From there the roll is applied when the ledger is opened. The mark proves
//! nothing about entries; without a valid mark the store is made anew.

use std::path::Path;

use chancery_chain::Size;

use crate::files::{self, FileError};

/// The bytes of a mark.
pub const MARK_LENGTH: usize = 32;
const MAGIC: &[u8; 8] = b"CHANMRK1";

/// How far the store had come at its last sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// How many entries the store held.
    pub size: Size,
    /// How long the engine's file was.
    pub file_length: u64,
}

impl Mark {
    /// Returns the mark's bytes: magic, size, length, and eight bytes of BLAKE3 over these.
    pub fn encode(&self) -> [u8; MARK_LENGTH] {
        let mut bytes = [0; MARK_LENGTH];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..16].copy_from_slice(&self.size.get().to_be_bytes());
        bytes[16..24].copy_from_slice(&self.file_length.to_be_bytes());
        let check = check(&bytes[..24]);
        bytes[24..].copy_from_slice(&check);
        bytes
    }

    /// Returns the mark that these bytes are, or `None` if they are none.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; MARK_LENGTH] = bytes.try_into().ok()?;
        if &bytes[..8] != MAGIC || bytes[24..] != check(&bytes[..24]) {
            return None;
        }
        Some(Self {
            size: Size::new(number(&bytes[8..16])?),
            file_length: number(&bytes[16..24])?,
        })
    }

    /// Reads the mark of the ledger in `folder`: `None` if there is no valid one.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn read(folder: &Path) -> Result<Option<Self>, FileError> {
        // What is longer is no mark, however long.
        let bytes = files::read_start_if_there(&folder.join(MARK_FILE), MARK_LENGTH + 1)?;
        Ok(bytes.as_deref().and_then(Self::decode))
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<(), FileError> {
        files::replace(&folder.join(MARK_FILE), &self.encode())
    }
}

/// The name of the mark's file in the ledger's folder.
pub(crate) const MARK_FILE: &str = "store.mark";

fn check(bytes: &[u8]) -> [u8; 8] {
    let mut short = [0; 8];
    short.copy_from_slice(&blake3::hash(bytes).as_bytes()[..8]);
    short
}

fn number(bytes: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_mark_reads_back_and_a_changed_one_does_not() {
        let mark = Mark {
            size: Size::new(300),
            file_length: 4096,
        };
        let bytes = mark.encode();

        assert_eq!(Mark::decode(&bytes), Some(mark));
        for at in 0..bytes.len() {
            let mut changed = bytes;
            changed[at] ^= 1;
            assert_eq!(Mark::decode(&changed), None, "byte {at}");
        }
        assert_eq!(Mark::decode(&bytes[..31]), None);
    }
}
