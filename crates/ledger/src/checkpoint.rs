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
    #[error("this key is not a log key of this ledger that is in force")]
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
    /// Settles the roll, signs how far it goes with each of these keys, and puts the
    /// note down. While a log key is being replaced, both sign.
    ///
    /// # Errors
    /// Nothing was signed, or the note could not be written.
    pub fn checkpoint(&mut self, keys: &[&dyn PrivateKey]) -> Result<Note, SignError> {
        let is_log = |key: &&dyn PrivateKey| self.in_force(Role::Log, *key).is_some();
        let (first, others) = keys.split_first().ok_or(SignError::NotTheLogKey)?;
        if !keys.iter().all(is_log) {
            return Err(SignError::NotTheLogKey);
        }
        let settled = self.store_mut().settle()?;
        let checkpoint = Checkpoint::new(self.origin(), settled.size, settled.root);
        let mut note = checkpoint.sign(*first)?;
        for key in others {
            note = note.signed(self.origin().as_str(), *key)?;
        }
        let note = self.still_cosigned(note);
        self.store_mut()
            .put_checkpoint(note.to_string().as_bytes())?;
        Ok(note)
    }
}
