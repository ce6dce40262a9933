//! The signers: whose key signature makes a note a checkpoint of this ledger.
//!
//! The ledger's entries say so: its origin, and the log keys that they enrol and
//! revoke. What a checkpoint says of the tree is compared elsewhere.

use chancery_chain::{Checkpoint, Keyring, Note, Origin};

use crate::keys;
use crate::roll::reader::{ReadError, RollReader};
use crate::verify::Report;

/// The origin of a ledger, and the keys that sign its checkpoints.
pub(crate) struct Signers {
    origin: Origin,
    keyring: Keyring,
}

impl Signers {
    /// Returns the signers of a ledger of this name, with these keys.
    pub(crate) fn new(origin: Origin, keyring: Keyring) -> Self {
        Self { origin, keyring }
    }

    /// Returns the signers of a ledger; none if its first entry names no origin.
    pub(crate) fn of(reader: &RollReader) -> Result<Option<Self>, ReadError> {
        let (origin, keyring) = keys::read(reader)?;
        Ok(origin.map(|origin| Self { origin, keyring }))
    }

    /// Returns the signers that verifying found; none if the origin is lost.
    pub(crate) fn found(report: &Report) -> Option<Self> {
        let keyring = report.keyring.clone();
        let origin = report.origin.clone()?;
        Some(Self { origin, keyring })
    }

    /// Returns whether a note is a checkpoint of this ledger, signed by a key that
    /// could sign one of its size.
    pub(crate) fn signed(&self, note: &[u8]) -> bool {
        let Ok(note) = Note::parse(note) else {
            return false;
        };
        let Ok(checkpoint) = Checkpoint::parse(note.text()) else {
            return false;
        };
        let keys = self.keyring.log_keys_at(&self.origin, checkpoint.size());
        checkpoint.origin() == self.origin.as_str() && note.verify(&keys).is_ok()
    }
}
