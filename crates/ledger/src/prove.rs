//! Proving: that an entry is in this ledger, to somebody who does not hold it.
//!
//! A proof is made under the last checkpoint. It shows that the entry is under
//! the root that the log key signed; whether that root is the one that others
//! were shown is for witnesses and for older checkpoints to say.

use chancery_chain::proof::{Inclusion, ProofFile};
use chancery_chain::seal::Entry;
use chancery_chain::{Checkpoint, Keyring, Note, Origin, Seq, Size, Slot};
use chancery_store::{ReadError, RollReader};

/// Why no proof was made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProveError {
    /// No checkpoint was made yet, or none that reads.
    #[error("there is no checkpoint to prove anything under")]
    NoCheckpoint,
    /// The checkpoint is not signed by this ledger's log key.
    #[error("the checkpoint in the roll is not signed by a log key of this ledger")]
    Unsigned,
    /// The entry was appended after the checkpoint.
    #[error("entry {seq} is not under the last checkpoint, which covers {size} entries")]
    NotCovered {
        /// The entry.
        seq: Seq,
        /// How many entries the checkpoint covers.
        size: Size,
    },
    /// The ledger is not the one that was signed.
    #[error("the ledger does not have the root that its checkpoint says")]
    OtherRoot,
    /// The body was destroyed.
    #[error(
        "the body of entry {seq} was destroyed by entry {by}; its envelope can be proved without"
    )]
    Expunged {
        /// The entry.
        seq: Seq,
        /// The entry that destroyed it.
        by: Seq,
    },
    /// The roll cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Proves that the entry at `seq` is in the ledger, showing its body if `with_body`.
///
/// # Errors
/// It is not under the last checkpoint, or the roll cannot be read or is damaged.
pub fn prove(
    roll: &RollReader,
    origin: &Origin,
    keyring: &Keyring,
    seq: Seq,
    with_body: bool,
) -> Result<ProofFile, ProveError> {
    let (note, checkpoint) = signed(roll, origin, keyring)?;
    let size = checkpoint.size();
    let nodes = &mut |level, index| roll.node(level, index);
    let inclusion = Inclusion::make(seq, size, nodes)?;
    let inclusion = inclusion.ok_or(ProveError::NotCovered { seq, size })?;
    let entry = if with_body {
        roll.entry(seq)?
    } else {
        let (envelope, slot) = (roll.envelope(seq)?, Slot::None);
        Entry { envelope, slot }
    };
    // What does not follow from what was signed is not given out as if it did.
    let leaf = chancery_chain::tree::leaf_hash(&entry.envelope);
    let holds = inclusion.check(leaf, checkpoint.root());
    holds.map_err(|_| ProveError::OtherRoot)?;
    let slot = match entry.slot {
        Slot::Expunged(by) => return Err(ProveError::Expunged { seq, by }),
        slot => slot,
    };
    Ok(ProofFile {
        envelope: entry.envelope,
        slot,
        seq,
        hashes: inclusion.hashes,
        checkpoint: note,
    })
}

/// Returns the last checkpoint of the roll, as it was signed and as it reads.
///
/// # Errors
/// There is none, or the ledger's log key did not sign it.
pub fn signed(
    roll: &RollReader,
    origin: &Origin,
    keyring: &Keyring,
) -> Result<(Note, Checkpoint), ProveError> {
    let note = roll.checkpoint()?;
    let note = note.and_then(|note| Note::parse(&note).ok());
    let note = note.ok_or(ProveError::NoCheckpoint)?;
    let checkpoint = Checkpoint::parse(note.text()).map_err(|_| ProveError::NoCheckpoint)?;
    // A key that was revoked since signed it rightly.
    let keys = keyring.log_keys_at(origin, checkpoint.size());
    if note.verify(&keys).is_err() {
        return Err(ProveError::Unsigned);
    }
    Ok((note, checkpoint))
}
