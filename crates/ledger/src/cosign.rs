//! Cosignatures: what witnesses put under the ledger's last checkpoint.
//!
//! Witnesses are asked by whoever speaks to a network. Here the proofs that they
//! want are made, and what they signed is put beside the log's own key signature.
//! Only a checkpoint that was just made is to be cosigned, while the ledger is
//! held open: then whatever is appended later is later than the cosignature.

use chancery_chain::proof::Consistency;
use chancery_chain::{Note, Size, TreeHash};
use chancery_store::{CheckpointError, ReadError, RollReader};

use crate::ledger::Ledger;

impl Ledger {
    /// Returns the last checkpoint, as it lies in the roll.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn last_checkpoint(&self) -> Result<Option<Note>, ReadError> {
        let note = RollReader::open(self.store().folder())?.checkpoint()?;
        Ok(note.and_then(|note| Note::parse(&note).ok()))
    }

    /// Proves that the first `to` entries, of which all are under the last
    /// checkpoint, begin with the first `from`.
    ///
    /// # Errors
    /// A tile cannot be read.
    pub fn growth(&self, from: Size, to: Size) -> Result<Vec<TreeHash>, ReadError> {
        let roll = RollReader::open(self.store().folder())?;
        let nodes = &mut |level, index| roll.node(level, index);
        let proof = Consistency::make(from, to, nodes)?;
        Ok(proof.map_or_else(Vec::new, |proof| proof.hashes))
    }

    /// Puts the last checkpoint down again with what witnesses signed.
    ///
    /// # Errors
    /// The note is not the last checkpoint, or cannot be written.
    pub fn put_cosigned(&mut self, note: &Note) -> Result<(), CheckpointError> {
        let bytes = note.to_string().into_bytes();
        self.store_mut().put_checkpoint(&bytes)
    }

    /// Returns a new checkpoint with the cosignatures that the last one has, if
    /// nothing was appended since: they are as true of it.
    pub(crate) fn still_cosigned(&self, mut note: Note) -> Note {
        // One that cannot be read is about to be replaced.
        let last = self.last_checkpoint().ok().flatten();
        let Some(last) = last.filter(|last| last.text() == note.text()) else {
            return note;
        };
        let own = self.origin().as_str();
        for signature in last.signatures().iter().filter(|it| it.name != own) {
            note.add(signature.clone());
        }
        note
    }
}
