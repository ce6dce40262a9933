//! The copies that a repair takes entries from, each read as far as it can be.
//!
//! A copy gives what stands at a place, true or not. Proof is asked for by the
//! merge. A copy that is not this ledger's own is read with care: its files may
//! have any length.

use std::path::Path;
use std::sync::Arc;

use chancery_chain::seal::Entry;
use chancery_chain::{Envelope, Finding, Hash, Seq, Size, Slot, TreeHash};

use crate::engine::{Engine, STORE_FOLDER};
use crate::files::{self, FileError};
use crate::roll::reader::read_tail;
use crate::roll::{ROLL_FOLDER, place, width_at};
use crate::tail::parse::{self, Tail};
use crate::verify::files::RollFiles;
use crate::verify::inventory::Inventory;
use crate::verify::part::{self, Part};

/// The longest tail that is read of a copy that is not this ledger's own.
const LONGEST_TAIL_ELSEWHERE: u64 = 256 << 20;

/// What a copy holds at a place.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) bytes: Vec<u8>,
    pub(super) envelope: Envelope,
    pub(super) hash: Hash,
    /// Whether it is from a copy that is not this ledger's own.
    pub(super) elsewhere: bool,
}

/// A roll, damaged or not.
pub(super) struct RollCopy {
    files: Arc<RollFiles>,
    tail: Option<Tail>,
    settled: Size,
    bundle: Option<(u64, Part)>,
    /// What of it was not read, and why.
    pub(super) unread: Option<Finding>,
}

/// The store, damaged or not, in a copy that sled may rewrite.
pub(crate) struct StoreCopy {
    engine: Option<Engine>,
    folder: std::path::PathBuf,
    last: Option<(Seq, Entry)>,
}

/// This ledger's own two copies.
pub(super) struct Own {
    roll: Option<RollCopy>,
    store: StoreCopy,
}

impl Candidate {
    /// Returns what these bytes are, if they are an envelope that belongs at `seq`.
    fn at(seq: Seq, bytes: &[u8]) -> Option<Self> {
        let envelope = Envelope::decode(bytes).ok()?;
        (envelope.seq == seq).then(|| Self {
            envelope,
            hash: Hash::of_envelope(bytes),
            bytes: bytes.to_vec(),
            elsewhere: false,
        })
    }
}

impl RollCopy {
    /// Opens the roll of the ledger in `folder`, if there is one.
    fn own(folder: &Path) -> Result<Option<Self>, FileError> {
        let roll = folder.join(ROLL_FOLDER);
        if !roll.is_dir() {
            return Ok(None);
        }
        let inventory = Inventory::take(&roll)?;
        Ok(Some(Self::of(inventory, read_tail(folder).ok())))
    }

    /// Opens a roll that lies elsewhere, of which nothing is known.
    pub(super) fn elsewhere(roll: &Path) -> Result<Self, FileError> {
        let inventory = Inventory::take_with_care(roll)?;
        let path = roll.join("tail");
        let tail = files::read_at_most(&path, LONGEST_TAIL_ELSEWHERE)?;
        let unread = (tail.is_none() && path.exists()).then(|| {
            let message = "its tail is longer than a tail can be, and was not read";
            Finding::damage("copy-damaged", message)
        });
        let tail = tail.map(|bytes| parse::parse(&bytes, Size::EMPTY));
        let mut copy = Self::of(inventory, tail);
        copy.unread = unread;
        Ok(copy)
    }

    fn of(inventory: Inventory, tail: Option<Tail>) -> Self {
        // What is wrong was said by verifying; here it is only read around.
        let mut settled = part::settled(tail.as_ref(), &inventory, &mut Vec::new());
        if tail.as_ref().is_none_or(|tail| tail.header.is_none()) {
            // Bodies and leaves are of use without their entries.
            settled = settled.max(inventory.reaches());
        }
        Self {
            files: inventory.files,
            tail,
            settled,
            bundle: None,
            unread: None,
        }
    }

    /// Returns the entry that stands at `seq`.
    pub(super) fn at(&mut self, seq: Seq) -> Option<Candidate> {
        if !self.settled.holds(seq) {
            return Candidate::at(seq, &self.in_tail(seq)?.envelope);
        }
        let (part, within) = self.part(seq)?;
        Candidate::at(seq, part.envelopes.get(within)?.as_ref()?)
    }

    /// Returns the body slot that stands at `seq`, whatever became of its entry.
    pub(super) fn slot(&mut self, seq: Seq) -> Option<Slot> {
        if !self.settled.holds(seq) {
            return Some(self.in_tail(seq)?.slot.clone());
        }
        let (part, within) = self.part(seq)?;
        part.slots.get(within)?.clone()
    }

    /// Returns the leaf that the tile has for the entry at `seq`.
    fn leaf(&mut self, seq: Seq) -> Option<TreeHash> {
        if !self.settled.holds(seq) {
            return None;
        }
        let (part, within) = self.part(seq)?;
        part.leaves.as_ref()?.get(within).copied()
    }

    /// Returns how many entries there are, by the word of what can be read.
    pub(super) fn size(&self) -> Size {
        let tail = self.tail.as_ref().map_or(Size::EMPTY, Tail::size);
        self.settled.max(tail)
    }

    fn part(&mut self, seq: Seq) -> Option<(&Part, usize)> {
        let (index, within) = place(seq);
        if self.bundle.as_ref().is_none_or(|(held, _)| *held != index) {
            let width = width_at(index, self.settled);
            let part = Part::read(&self.files, &mut Vec::new(), index, width, true);
            self.bundle = Some((index, part));
        }
        let (_, part) = self.bundle.as_ref()?;
        Some((part, within))
    }

    fn in_tail(&self, seq: Seq) -> Option<&Entry> {
        let frames = self.tail.as_ref()?.frames.iter();
        let mut found = frames.filter_map(|frame| {
            let at = seq.get().checked_sub(frame.first.get())?;
            frame.entries.get(usize::try_from(at).ok()?)
        });
        found.next()
    }
}

impl StoreCopy {
    /// Copies the store and opens the copy, as far as there is one that opens.
    pub(crate) fn open(folder: &Path) -> Result<Self, FileError> {
        let copy = files::unused(&folder.join("store.copy"));
        let store = folder.join(STORE_FOLDER);
        let mut opened = Self {
            engine: None,
            folder: copy,
            last: None,
        };
        if store.is_dir() {
            files::copy_folder(&store, &opened.folder)?;
            opened.engine = Engine::open(&opened.folder).ok();
        }
        Ok(opened)
    }

    /// Returns whether there is a store that opens.
    pub(crate) fn opens(&self) -> bool {
        self.engine.is_some()
    }

    /// Returns how many entries the store says that it holds.
    pub(crate) fn size(&self) -> Size {
        let head = self.engine.as_ref().and_then(|engine| engine.head().ok()?);
        head.map_or(Size::EMPTY, |head| head.size)
    }

    /// Returns what the store holds at `seq`.
    pub(crate) fn entry(&mut self, seq: Seq) -> Option<&Entry> {
        if self.last.as_ref().is_none_or(|(last, _)| *last != seq) {
            let entry = self.engine.as_ref()?.entry(seq).ok()??;
            self.last = Some((seq, entry));
        }
        self.last.as_ref().map(|(_, entry)| entry)
    }
}

impl Drop for StoreCopy {
    fn drop(&mut self) {
        self.engine = None;
        // A copy that cannot be removed is in no one's way.
        let _ = files::remove_folder(&self.folder);
    }
}

impl Own {
    /// Opens the copies of the ledger in `folder`, as far as they are there.
    pub(super) fn open(folder: &Path) -> Result<Self, FileError> {
        Ok(Self {
            roll: RollCopy::own(folder)?,
            store: StoreCopy::open(folder)?,
        })
    }

    /// Returns the entries that stand at `seq`, the roll's first.
    pub(super) fn at(&mut self, seq: Seq) -> Vec<Candidate> {
        let roll = self.roll.as_mut().and_then(|roll| roll.at(seq));
        let store = self.store.entry(seq);
        let store = store.and_then(|entry| Candidate::at(seq, &entry.envelope));
        roll.into_iter().chain(store).collect()
    }

    /// Returns the roll's body slot at `seq`.
    pub(super) fn slot_in_roll(&mut self, seq: Seq) -> Option<Slot> {
        self.roll.as_mut()?.slot(seq)
    }

    /// Returns the store's body slot at `seq`.
    pub(super) fn slot_in_store(&mut self, seq: Seq) -> Option<Slot> {
        self.store.entry(seq).map(|entry| entry.slot.clone())
    }

    /// Returns the leaf that the roll's tile has for the entry at `seq`.
    pub(super) fn leaf(&mut self, seq: Seq) -> Option<TreeHash> {
        self.roll.as_mut()?.leaf(seq)
    }

    /// Returns how many entries there are, by the word of both.
    pub(super) fn size(&self) -> Size {
        let roll = self.roll.as_ref().map_or(Size::EMPTY, RollCopy::size);
        roll.max(self.store.size())
    }

    /// Returns how many entries the store says that it holds.
    pub(super) fn size_of_store(&self) -> Size {
        self.store.size()
    }
}
