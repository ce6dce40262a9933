//! Writing the roll: frames to the tail, and what has gathered there to bundles.
//!
//! Until a new tail has been put in its place the old one holds everything, so
//! that stopping anywhere in between loses nothing: bundles that reach beyond
//! the tail's first entry are written again.

use std::path::{Path, PathBuf};

use chancery_chain::bundle::{encode_body_bundle, encode_entry_bundle};
use chancery_chain::head::Head;
use chancery_chain::seal::Entry;
use chancery_chain::tile::{Tile, TileBuilder, bodies_path, entries_path, partial_paths};
use chancery_chain::tree::leaf_hash;
use chancery_chain::{Seq, Size};

use super::bundles::{self, BundleError};
use super::{BUNDLE, ROLL_FOLDER, at, partial_bodies, place};
use crate::fault::step;
use crate::files::{self, FileError};
use crate::tail::frame::{self, Header, TooLong};
use crate::tail::write::TailWriter;

/// Once the tail is this long, the next submission goes to a new one.
pub(crate) const LONGEST_TAIL: u64 = 16 << 20;

/// The longest that a tail can be: so long that a new one is begun, then a submission as
/// long as one may be, and what is taken of the disk beforehand.
pub(super) const LONGEST_READ: u64 =
    LONGEST_TAIL + frame::frame_length(frame::MAX_PAYLOAD) as u64 + (2 << 20);

/// The roll, open for appending.
#[derive(Debug)]
pub(crate) struct RollWriter {
    roll: PathBuf,
    tail: TailWriter,
    /// The entries in the tail.
    pending: Vec<Entry>,
    /// The tree over the entries in bundles.
    settled: TileBuilder,
    head: Head,
}

/// Why a submission was not recorded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordError {
    #[error(transparent)]
    TooLong(#[from] TooLong),
    #[error(transparent)]
    File(#[from] FileError),
}

impl RollWriter {
    /// Makes a roll without entries in the folder of a ledger.
    pub(crate) fn create(folder: &Path) -> Result<Self, FileError> {
        Self::create_at(&folder.join(ROLL_FOLDER))
    }

    /// Makes a roll without entries at this path.
    pub(crate) fn create_at(roll: &Path) -> Result<Self, FileError> {
        files::make_folder(roll)?;
        let header = header(&Head::EMPTY);
        let tail = TailWriter::create(&roll.join("tail"), header)?;
        files::sync_folder(files::parent(roll))?;
        Ok(Self {
            roll: roll.to_owned(),
            tail,
            pending: Vec::new(),
            settled: TileBuilder::new(),
            head: Head::EMPTY,
        })
    }

    /// Goes on with a roll that was read: its tail's entries and their end, the
    /// tree over the bundles, and the head.
    pub(crate) fn resume(
        folder: &Path,
        end: usize,
        pending: Vec<Entry>,
        settled: TileBuilder,
        head: Head,
    ) -> Result<Self, FileError> {
        let roll = folder.join(ROLL_FOLDER);
        Ok(Self {
            tail: TailWriter::open(&roll.join("tail"), end)?,
            roll,
            pending,
            settled,
            head,
        })
    }

    pub(crate) fn head(&self) -> Head {
        self.head
    }

    /// Returns how many entries are in bundles.
    pub(crate) fn settled(&self) -> Size {
        self.settled.size()
    }

    /// Returns the tree over the entries in bundles.
    pub(crate) fn tree(&self) -> &TileBuilder {
        &self.settled
    }

    pub(crate) fn tail(&mut self) -> &mut TailWriter {
        &mut self.tail
    }

    /// Returns the entry at `seq`, if it is in the tail.
    pub(crate) fn pending(&self, seq: Seq) -> Option<&Entry> {
        let at = seq.get().checked_sub(self.settled().get())?;
        self.pending.get(usize::try_from(at).ok()?)
    }

    /// Records a submission, after which the head is `head`.
    pub(crate) fn append(&mut self, entries: &[Entry], head: Head) -> Result<(), RecordError> {
        let frame = frame::encode(entries)?;
        self.tail.append(&frame)?;
        self.pending.extend_from_slice(entries);
        self.head = head;
        Ok(())
    }

    /// Returns whether the tail is long enough to be put into bundles.
    pub(crate) fn is_long(&self) -> bool {
        self.tail.used() >= LONGEST_TAIL
    }

    /// Puts the tail's entries into bundles and begins a new tail. Unfinished
    /// files of the size `kept` stay: the published checkpoint needs them. So do the
    /// tiles and entries of earlier checkpoints, until they are full.
    pub(crate) fn roll_over(&mut self, kept: Size) -> Result<(), BundleError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let mut written = self.write_bundles()?;
        step("bundles-written")?;
        let tree = self.write_tiles(&mut written)?;
        step("tiles-written")?;
        files::sync_files(&self.roll, &written)?;
        step("bundles-synced")?;
        self.tail = TailWriter::create(&self.roll.join("tail"), header(&self.head))?;
        let before = self.settled();
        self.settled = tree;
        self.pending.clear();
        // No checkpoint was made of the size before, or it is the one that is kept.
        Ok(self.forget(partial_paths(before), &[self.settled(), kept])?)
    }

    /// Removes what the checkpoint of the size `before` alone needed, now that there
    /// is one of the size `now`: its bodies, and what is full by now.
    pub(crate) fn clear_away(&self, before: Size, now: Size) -> Result<(), FileError> {
        let bodies = partial_bodies(before).into_iter().collect();
        self.forget(bodies, &[self.settled(), now])?;
        super::collect(&self.roll, before, self.settled(), now)
    }

    /// Removes unfinished files, but for those that these sizes need.
    fn forget(&self, paths: Vec<String>, kept: &[Size]) -> Result<(), FileError> {
        let kept: Vec<_> = kept.iter().flat_map(|size| partial_paths(*size)).collect();
        for path in paths {
            if kept.contains(&path) {
                continue;
            }
            let path = at(&self.roll, &path);
            files::remove(&path)?;
            // While there are others in it, the folder stays.
            let _ = std::fs::remove_dir(files::parent(&path));
            step("old-file-removed")?;
        }
        Ok(())
    }

    fn write_bundles(&self) -> Result<Vec<PathBuf>, BundleError> {
        let (mut index, width) = place(self.settled().next_seq());
        let mut written = Vec::new();
        let mut bundle = Vec::new();
        if width > 0 {
            let width = u16::try_from(width).unwrap_or(0);
            bundle = bundles::read(&self.roll, index, width)?;
        }
        for entry in &self.pending {
            bundle.push(entry.clone());
            if bundle.len() as u64 == BUNDLE {
                self.write_bundle(index, &bundle, &mut written)?;
                bundle.clear();
                index += 1;
            }
        }
        if !bundle.is_empty() {
            self.write_bundle(index, &bundle, &mut written)?;
        }
        Ok(written)
    }

    fn write_bundle(
        &self,
        index: u64,
        entries: &[Entry],
        written: &mut Vec<PathBuf>,
    ) -> Result<(), FileError> {
        let width = u16::try_from(entries.len()).unwrap_or(u16::MAX);
        let envelopes = entries.iter().map(|entry| entry.envelope.as_slice());
        let envelopes = encode_entry_bundle(envelopes);
        self.put(&entries_path(index, width), &envelopes, written)?;
        let slots = encode_body_bundle(entries.iter().map(|entry| &entry.slot));
        self.put(&bodies_path(index, width), &slots, written)
    }

    fn write_tiles(&self, written: &mut Vec<PathBuf>) -> Result<TileBuilder, FileError> {
        let mut tree = self.settled.clone();
        for entry in &self.pending {
            for tile in tree.push(leaf_hash(&entry.envelope)) {
                self.put_tile(&tile, written)?;
            }
        }
        for tile in tree.partial() {
            self.put_tile(&tile, written)?;
        }
        Ok(tree)
    }

    fn put_tile(&self, tile: &Tile, written: &mut Vec<PathBuf>) -> Result<(), FileError> {
        self.put(&tile.path(), &tile.encode(), written)
    }

    fn put(
        &self,
        relative: &str,
        bytes: &[u8],
        written: &mut Vec<PathBuf>,
    ) -> Result<(), FileError> {
        let path = at(&self.roll, relative);
        files::make_folder(files::parent(&path))?;
        files::put(&path, bytes)?;
        written.push(path);
        step("roll-file-put")
    }
}

fn header(head: &Head) -> Header {
    Header {
        first: head.size.next_seq(),
        previous: head.hash,
    }
}
