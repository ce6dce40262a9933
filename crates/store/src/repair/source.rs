//! The copies that a repair takes entries from, each read as far as it can be.
//!
//! A copy gives what stands at a place, true or not. Proof is asked for by the
//! merge.

use std::path::Path;
use std::sync::Arc;

use chancery_chain::seal::Entry;
use chancery_chain::{Envelope, Hash, Seq, Size, Slot};

use crate::engine::{Engine, STORE_FOLDER};
use crate::files::{self, FileError};
use crate::roll::reader::read_tail;
use crate::roll::{ROLL_FOLDER, place, width_at};
use crate::tail::parse::Tail;
use crate::verify::files::RollFiles;
use crate::verify::inventory::Inventory;
use crate::verify::part::{self, Part};

/// What a copy holds at a place.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) bytes: Vec<u8>,
    pub(super) envelope: Envelope,
    pub(super) hash: Hash,
    pub(super) slot: Option<Slot>,
}

/// The roll, damaged or not.
pub(super) struct RollCopy {
    files: Arc<RollFiles>,
    tail: Option<Tail>,
    settled: Size,
    bundle: Option<(u64, Part)>,
}

/// The store, damaged or not, in a copy that sled may rewrite.
pub(super) struct StoreCopy {
    engine: Option<Engine>,
    folder: std::path::PathBuf,
}

impl Candidate {
    fn new(bytes: &[u8], slot: Option<Slot>) -> Option<Self> {
        Some(Self {
            envelope: Envelope::decode(bytes).ok()?,
            hash: Hash::of_envelope(bytes),
            bytes: bytes.to_vec(),
            slot,
        })
    }
}

impl RollCopy {
    /// Opens the roll, if there is one.
    pub(super) fn open(folder: &Path) -> Result<Option<Self>, FileError> {
        let roll = folder.join(ROLL_FOLDER);
        if !roll.is_dir() {
            return Ok(None);
        }
        let inventory = Inventory::take(&roll)?;
        let tail = read_tail(folder).ok();
        // What is wrong was said by verifying; here it is only read around.
        let settled = part::settled(tail.as_ref(), &inventory, &mut Vec::new());
        Ok(Some(Self {
            files: inventory.files,
            tail,
            settled,
            bundle: None,
        }))
    }

    pub(super) fn at(&mut self, seq: Seq) -> Option<Candidate> {
        if !self.settled.holds(seq) {
            return self.in_tail(seq);
        }
        let (index, within) = place(seq);
        if self.bundle.as_ref().is_none_or(|(held, _)| *held != index) {
            let width = width_at(index, self.settled);
            let part = Part::read(&self.files, &mut Vec::new(), index, width, true);
            self.bundle = Some((index, part));
        }
        let (_, part) = self.bundle.as_ref()?;
        let bytes = part.envelopes.get(within)?.as_ref()?;
        let slot = part.slots.get(within).cloned().flatten();
        Candidate::new(bytes, slot)
    }

    /// Returns how many entries there are, by the word of what can be read.
    pub(super) fn size(&self) -> Size {
        let tail = self.tail.as_ref().map_or(Size::EMPTY, Tail::size);
        self.settled.max(tail)
    }

    fn in_tail(&self, seq: Seq) -> Option<Candidate> {
        let frames = self.tail.as_ref()?.frames.iter();
        let mut found = frames.filter_map(|frame| {
            let at = seq.get().checked_sub(frame.first.get())?;
            frame.entries.get(usize::try_from(at).ok()?)
        });
        let entry = found.next()?;
        Candidate::new(&entry.envelope, Some(entry.slot.clone()))
    }
}

/// Returns how many entries the store says that it holds, if it opens and these
/// are more than `size`. It is a copy that is opened.
pub(crate) fn store_beyond(folder: &Path, size: Size) -> Result<Option<Size>, FileError> {
    let store = StoreCopy::open(folder)?;
    Ok(Some(store.size()).filter(|held| *held > size))
}

impl StoreCopy {
    /// Copies the store and opens the copy, as far as there is one that opens.
    pub(super) fn open(folder: &Path) -> Result<Self, FileError> {
        let copy = files::unused(&folder.join("store.copy"));
        let store = folder.join(STORE_FOLDER);
        let mut opened = Self {
            engine: None,
            folder: copy,
        };
        if store.is_dir() {
            files::copy_folder(&store, &opened.folder)?;
            opened.engine = Engine::open(&opened.folder).ok();
        }
        Ok(opened)
    }

    /// Returns how many entries the store says that it holds.
    pub(super) fn size(&self) -> Size {
        let head = self.engine.as_ref().and_then(|engine| engine.head().ok()?);
        head.map_or(Size::EMPTY, |head| head.size)
    }

    pub(super) fn at(&self, seq: Seq) -> Option<Candidate> {
        let Entry { envelope, slot } = self.engine.as_ref()?.entry(seq).ok()??;
        Candidate::new(&envelope, Some(slot))
    }
}

impl Drop for StoreCopy {
    fn drop(&mut self) {
        self.engine = None;
        // A copy that cannot be removed is in no one's way.
        let _ = files::remove_folder(&self.folder);
    }
}
