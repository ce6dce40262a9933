//! Checkpoints: how far the ledger goes, signed, to be kept elsewhere.

use chancery_chain::Role;
use chancery_chain::checkpoint::Checkpoint;
use chancery_chain::note::Note;
use chancery_store::{CheckpointError, SettleError};
use ed25519_dalek::SigningKey;

use crate::ledger::Ledger;

/// Why no checkpoint was made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The key is not the ledger's log key.
    #[error("this key is not the log key of this ledger")]
    NotTheLogKey,
    /// What was written does not read back.
    #[error("the roll cannot be made ready for a checkpoint")]
    Settle(#[from] SettleError),
    /// The note cannot be made: the origin is no name for a note.
    #[error("the checkpoint cannot be signed")]
    Note,
    /// The note cannot be put down.
    #[error("the checkpoint cannot be written")]
    Put(#[from] CheckpointError),
}

impl Ledger {
    /// Settles the roll, signs how far it goes, and puts the note down.
    ///
    /// # Errors
    /// Nothing was signed, or the note could not be written.
    pub fn checkpoint(&mut self, key: &SigningKey) -> Result<Note, SignError> {
        let public = key.verifying_key();
        if !self
            .keyring()
            .of_role(Role::Log)
            .any(|(_, known)| known.key == public)
        {
            return Err(SignError::NotTheLogKey);
        }
        let settled = self.store_mut().settle()?;
        let checkpoint = Checkpoint::new(self.origin(), settled.size, settled.root);
        let note = checkpoint.sign(key).ok_or(SignError::Note)?;
        let note = self.still_cosigned(note);
        self.store_mut()
            .put_checkpoint(note.to_string().as_bytes())?;
        Ok(note)
    }
}
