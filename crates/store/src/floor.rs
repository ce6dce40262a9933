//! The floor: how many entries the ledger is known to have had.
//!
//! The mark and the checkpoints were made when so many entries were on the
//! disk. A tail that ends before is damaged, however well it reads.

use std::path::Path;

use chancery_chain::note::MAX_NOTE;
use chancery_chain::{Checkpoint, Note, Size, TreeHash};

use crate::files::{self, FileError};
use crate::mark::Mark;
use crate::roll::{CHECKPOINT_FILE, ROLL_FOLDER};
use crate::signers::Signers;

/// What was said of the ledger's size beside the roll's entries.
#[derive(Clone, Debug)]
pub(crate) struct Floor {
    /// The store's mark, if it is valid.
    pub(crate) mark: Option<Mark>,
    /// The bytes of the checkpoint in the ledger's folder.
    pub(crate) kept: Option<Vec<u8>>,
    /// The bytes of the checkpoint in the roll.
    pub(crate) published: Option<Vec<u8>>,
    /// Whether the one in the ledger's folder was about to be put into the roll.
    pub(crate) awaited: bool,
}

/// What a checkpoint says of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) size: Size,
    pub(crate) root: TreeHash,
}

impl Floor {
    pub(crate) fn read(folder: &Path) -> Result<Self, FileError> {
        let (floor, faults) = Self::read_around(folder);
        faults.into_iter().next().map_or(Ok(floor), Err)
    }

    /// Reads what can be read, and returns why the rest cannot.
    pub(crate) fn read_around(folder: &Path) -> (Self, Vec<FileError>) {
        let mut faults = Vec::new();
        let mark = Mark::read(folder).unwrap_or_else(|fault| {
            faults.push(fault);
            None
        });
        let mut note = |path: &Path| {
            note(path).unwrap_or_else(|fault| {
                let known = faults.iter().any(|known| known.path == fault.path);
                faults.extend((!known).then_some(fault));
                None
            })
        };
        // A writer replaces the one in the ledger's folder first: read last, it
        // is never the older of the two.
        let path = folder.join(ROLL_FOLDER).join(CHECKPOINT_FILE);
        let mut published = note(&path);
        let kept = note(&folder.join(CHECKPOINT_FILE));
        let awaited = kept.is_some() && note(&files::unfinished(&path)) == kept;
        if published.is_none() && kept.is_some() && !awaited {
            published = note(&path);
        }
        let floor = Self {
            mark,
            kept,
            published,
            awaited,
        };
        (floor, faults)
    }

    /// Returns the size that the ledger has at least.
    pub(crate) fn size(&self) -> Size {
        let marked = self.mark.map_or(Size::EMPTY, |mark| mark.size);
        self.claim().map_or(marked, |claim| claim.size.max(marked))
    }

    /// Returns what the checkpoint says: the one in the ledger's folder, which is
    /// written first, or else the one in the roll.
    pub(crate) fn claim(&self) -> Option<Claim> {
        let kept = self.kept.as_deref().and_then(claim);
        kept.or_else(|| self.published.as_deref().and_then(claim))
    }

    /// Returns the floor without the checkpoint in the ledger's folder, if the one
    /// in the roll is to be believed and that one is not, or is older.
    pub(crate) fn believed(mut self, signers: &Signers) -> Self {
        let size = |note: &Option<Vec<u8>>| {
            let signed = note.as_deref().filter(|note| signers.signed(note));
            signed.and_then(claim).map(|claim| claim.size)
        };
        if size(&self.published) > size(&self.kept) {
            self.kept = None;
        }
        self
    }

    /// Returns whether the checkpoint in the ledger's folder is about to be put
    /// into the roll, or was when the power failed.
    pub(crate) fn is_ahead(&self) -> bool {
        let size = |note: &Option<Vec<u8>>| note.as_deref().and_then(claim).map(|claim| claim.size);
        self.awaited || size(&self.kept) > size(&self.published)
    }

    /// Returns the checkpoint that [`Self::claim`] speaks of, as it was signed.
    pub(crate) fn best(&self) -> Option<&[u8]> {
        let both = [self.kept.as_deref(), self.published.as_deref()];
        let readable = |note: &&[u8]| claim(note).is_some();
        both.into_iter().flatten().find(readable)
    }
}

/// Reads a checkpoint, and no more of what is longer than a signed note can be than
/// shows that it is none.
pub(crate) fn note(path: &Path) -> Result<Option<Vec<u8>>, FileError> {
    files::read_start_if_there(path, MAX_NOTE + 1)
}

/// Returns what a checkpoint says, whoever signed it.
pub(crate) fn claim(bytes: &[u8]) -> Option<Claim> {
    let note = Note::parse(bytes).ok()?;
    let checkpoint = Checkpoint::parse(note.text()).ok()?;
    Some(Claim {
        size: checkpoint.size(),
        root: checkpoint.root(),
    })
}
