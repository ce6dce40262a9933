//! Settling for a checkpoint: everything into bundles, read back, hashed again.
//!
//! What is signed is what stands on the disk, not what memory holds. The note
//! itself is made by the caller.

use chancery_chain::tile::TileBuilder;
use chancery_chain::tree::{TreeHash, leaf_hash};
use chancery_chain::{Envelope, Finding, Hash, Seq, Size};

use super::{State, Store};
use crate::engine::EngineError;
use crate::fault::step;
use crate::files::{self, FileError};
use crate::floor::claim;
use crate::roll::bundles::BundleError;
use crate::roll::reader::{ReadError, RollReader};
use crate::roll::{BUNDLE, CHECKPOINT_FILE, ROLL_FOLDER, at};

/// What a checkpoint is to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// How many entries there are.
    pub size: Size,
    /// The root of the tree over them.
    pub root: TreeHash,
}

/// Why nothing is to be signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettleError {
    /// An earlier write failed; the store must be opened anew.
    #[error("an earlier write to this ledger failed: it must be opened anew")]
    Poisoned,
    /// The bundles and tiles cannot be written.
    #[error("the tail cannot be put into bundles")]
    RollOver(#[from] BundleError),
    /// What was written cannot be read back, or is not what was written.
    #[error("the roll does not read back as it was written")]
    ReadBack(#[from] ReadError),
    /// The working copy could not be made durable.
    #[error("the working copy cannot be made durable")]
    Engine(#[from] EngineError),
}

/// Why a checkpoint was not put down.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The note is none, or says something else than the roll; nothing was written.
    #[error("the note is no checkpoint of this ledger as it is settled")]
    Other,
    /// A file cannot be written; opening the store anew mends what was half done.
    #[error(transparent)]
    File(#[from] FileError),
}

impl Store {
    /// Puts everything into bundles and tiles, makes them durable, reads back
    /// what came since the last checkpoint, and returns what to sign.
    ///
    /// # Errors
    /// Something cannot be written or does not read back; nothing may be signed.
    pub fn settle(&mut self) -> Result<Settled, SettleError> {
        if self.state == State::Poisoned {
            return Err(SettleError::Poisoned);
        }
        self.roll_over()?;
        if self.state == State::Sound {
            self.sync_engine()?;
        }
        let since = self.published.get() / BUNDLE * BUNDLE;
        let tree = self.read_back(Size::new(since))?;
        let size = tree.size();
        let root = tree.root();
        if (size, root) != (self.head().size, self.roll.tree().root()) {
            let last = size.last_seq().unwrap_or(Seq::FIRST);
            return Err(unlike(last, "the root has changed since it was written").into());
        }
        Ok(Settled { size, root })
    }

    /// Puts down the signed note that says what [`Self::settle`] returned: first
    /// in the ledger's folder, then in the roll.
    ///
    /// # Errors
    /// The note says something else, or a file cannot be written.
    pub fn put_checkpoint(&mut self, note: &[u8]) -> Result<(), CheckpointError> {
        let claim = claim(note).ok_or(CheckpointError::Other)?;
        let tree = self.roll.tree();
        if (claim.size, claim.root) != (tree.size(), tree.root()) {
            return Err(CheckpointError::Other);
        }
        let published = self.folder.join(ROLL_FOLDER).join(CHECKPOINT_FILE);
        // What is prepared tells verifying that the roll's is not simply lost.
        files::prepare(&published, note)?;
        step("checkpoint-prepared")?;
        files::replace(&self.folder.join(CHECKPOINT_FILE), note)?;
        step("checkpoint-kept")?;
        files::put_prepared(&published)?;
        step("checkpoint-published")?;
        let before = std::mem::replace(&mut self.published, claim.size);
        self.roll.clear_away(before, claim.size)?;
        Ok(())
    }

    /// Reads the bundles and tiles from entry `since` on, and returns the tree
    /// over all entries as the files have it.
    fn read_back(&self, since: Size) -> Result<TileBuilder, ReadError> {
        let reader = RollReader::open(&self.folder)?;
        let mut tree = reader.tree_of_first(since)?;
        let mut previous = match since.last_seq() {
            Some(last) => Hash::of_envelope(&reader.entry(last)?.envelope),
            None => Hash::ZERO,
        };
        for item in reader.entries(since.next_seq()) {
            let (seq, entry) = item?;
            let envelope = Envelope::decode(&entry.envelope).ok();
            if envelope.is_none_or(|envelope| envelope.previous != previous) {
                return Err(unlike(seq, "does not follow the entry before it"));
            }
            previous = Hash::of_envelope(&entry.envelope);
            for tile in tree.push(leaf_hash(&entry.envelope)) {
                self.compare(&tile, seq)?;
            }
        }
        let last = reader.size().last_seq().unwrap_or(Seq::FIRST);
        for tile in tree.partial() {
            self.compare(&tile, last)?;
        }
        Ok(tree)
    }

    fn compare(&self, tile: &chancery_chain::tile::Tile, seq: Seq) -> Result<(), ReadError> {
        let path = at(&self.folder.join(ROLL_FOLDER), &tile.path());
        if files::read(&path)? == tile.encode() {
            return Ok(());
        }
        Err(unlike(seq, &format!("is not what {} says", tile.path())))
    }
}

fn unlike(seq: Seq, what: &str) -> ReadError {
    let finding = Finding::damage("entry-damaged", format!("entry {seq}: {what}")).at(seq);
    ReadError::Damaged {
        findings: vec![finding],
    }
}
