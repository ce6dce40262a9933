//! Checkpoints: how far the ledger goes, signed, to be kept elsewhere.

use chancery_chain::checkpoint::Checkpoint;
use chancery_chain::note::Note;
use chancery_chain::{NotSigned, PrivateKey, Role};
use chancery_store::{CheckpointError, SettleError};

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
    /// The key does not sign.
    #[error("the checkpoint cannot be signed")]
    Note(#[from] NotSigned),
    /// The note cannot be put down.
    #[error("the checkpoint cannot be written")]
    Put(#[from] CheckpointError),
}

impl Ledger {
    /// Settles the roll, signs how far it goes, and puts the note down.
    ///
    /// # Errors
    /// Nothing was signed, or the note could not be written.
    pub fn checkpoint(&mut self, key: &dyn PrivateKey) -> Result<Note, SignError> {
        let public = key.public();
        if !self
            .keyring()
            .in_force(Role::Log, self.head().size.next_seq())
            .any(|(_, known)| known.key == public)
        {
            return Err(SignError::NotTheLogKey);
        }
        let settled = self.store_mut().settle()?;
        let checkpoint = Checkpoint::new(self.origin(), settled.size, settled.root);
        let note = checkpoint.sign(key)?;
        let note = self.still_cosigned(note);
        self.store_mut()
            .put_checkpoint(note.to_string().as_bytes())?;
        Ok(note)
    }
}
