//! The signers: whose key signature makes a note a checkpoint of this ledger.
//!
//! The ledger's first entries say so: its origin, and the log keys that it was
//! founded with. What a checkpoint says of the tree is compared elsewhere.

use chancery_chain::{
    Checkpoint, Envelope, KeyPayload, Keyring, Kind, Note, Origin, Seq, VerifierKey,
};

use crate::roll::reader::{ReadError, RollReader};
use crate::verify::Report;

/// The origin of a ledger, and the keys that sign its checkpoints.
pub(crate) struct Signers {
    origin: Origin,
    keys: Vec<VerifierKey>,
}

impl Signers {
    /// Returns the signers that the ledger was founded with; none if its first
    /// entry names no origin.
    pub(crate) fn of(reader: &RollReader) -> Result<Option<Self>, ReadError> {
        let mut origin = None;
        let mut keyring = Keyring::new();
        for item in reader.entries(Seq::FIRST) {
            let (seq, entry) = item?;
            match Envelope::decode(&entry.envelope) {
                Ok(founding) if founding.kind == Kind::FOUNDING => {
                    origin = Origin::decode(&founding.payload).ok();
                }
                Ok(key) if key.kind == Kind::KEY => {
                    if let Ok(key) = KeyPayload::decode(&key.payload) {
                        keyring.enrol(seq, key);
                    }
                }
                _ => break,
            }
        }
        Ok(origin.map(|origin| Self::new(origin, &keyring)))
    }

    /// Returns the signers that verifying found; none if the origin is lost.
    pub(crate) fn found(report: &Report) -> Option<Self> {
        Some(Self::new(report.origin.clone()?, &report.keyring))
    }

    fn new(origin: Origin, keyring: &Keyring) -> Self {
        let keys = keyring.log_keys(&origin);
        Self { origin, keys }
    }

    /// Returns whether a note is a checkpoint of this ledger, signed by one of them.
    pub(crate) fn signed(&self, note: &[u8]) -> bool {
        let Ok(note) = Note::parse(note) else {
            return false;
        };
        let named = Checkpoint::parse(note.text());
        named.is_ok_and(|checkpoint| checkpoint.origin() == self.origin.as_str())
            && note.verify(&self.keys).is_ok()
    }
}
