//! Reading the roll without a lock, beside a writer.
//!
//! A reader sees the ledger as it was when it was opened, and never half a
//! submission; nor a body that is being destroyed, once the ledger says so. It checks
//! the form of what it reads and the frames of the tail, not the chain: that is what
//! verifying is for.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chancery_chain::head::Head;
use chancery_chain::seal::Entry;
use chancery_chain::tile::{TILE_WIDTH, TileBuilder};
use chancery_chain::tree::{TreeHash, leaf_hash};
use chancery_chain::{Envelope, Finding, Hash, Seq, Size};

use super::bundles::{self, BundleError};
use super::writer::LONGEST_READ;
use super::{ROLL_FOLDER, place, tree_at, width_at};
use crate::files::{self, FileError};
use crate::floor::Floor;
use crate::tail::frame::{HEADER_LENGTH, Header};
use crate::tail::parse::{self, Tail};

/// How often a reader looks again when a writer is at work.
const PATIENCE: u32 = 5;

/// Why the roll cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// There is no roll in this folder.
    #[error("{} holds no ledger: it has no roll/tail", folder.display())]
    NoLedger {
        /// The folder that was looked at.
        folder: PathBuf,
    },
    /// The tail is damaged; `chancery verify` names every entry concerned.
    #[error(
        "the roll is damaged: {}; run `chancery verify`, then `chancery repair`",
        first_of(findings)
    )]
    Damaged {
        /// What is wrong with it.
        findings: Vec<Finding>,
    },
    /// A bundle is missing or damaged.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// An entry that was asked for is beyond the end.
    #[error("there is no entry {seq}: the ledger has {size}")]
    NoEntry {
        /// The entry that was asked for.
        seq: Seq,
        /// How many there are.
        size: Size,
    },
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
}

/// The roll, as it was when it was opened.
#[derive(Debug)]
pub struct RollReader {
    roll: PathBuf,
    settled: Size,
    tail: Vec<Entry>,
    head: Head,
    /// What is being destroyed, and may be there still.
    going: super::going::Going,
}

/// The entries of a roll, in order.
#[derive(Debug)]
pub struct Entries<'a> {
    reader: &'a RollReader,
    next: Seq,
    bundle: std::vec::IntoIter<Entry>,
    failed: bool,
}

impl RollReader {
    /// Opens the roll of the ledger in `folder`.
    ///
    /// # Errors
    /// There is none, or it is damaged so that it cannot be said how far it goes.
    pub fn open(folder: &Path) -> Result<Self, ReadError> {
        let reader = Self::open_envelopes(folder)?;
        let last = reader.size().last_seq();
        last.map(|last| reader.entry(last)).transpose()?;
        Ok(reader)
    }

    /// Opens it for whoever reads no body: this may be a copy that has none.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_envelopes(folder: &Path) -> Result<Self, ReadError> {
        let tail = read_tail(folder)?;
        if tail.is_damaged() {
            let findings = tail.findings;
            return Err(ReadError::Damaged { findings });
        }
        let mut reader = Self::over(folder, tail)?;
        reader.going = super::going::Going::of(folder, &reader)?;
        let first = reader.settled.next_seq();
        reader.going.leave_out(first, &mut reader.tail);
        Ok(reader)
    }

    /// Returns the reader of a roll whose tail has been read, and is not damaged. It reads
    /// what is there, also what is being destroyed.
    pub(crate) fn over(folder: &Path, tail: Tail) -> Result<Self, ReadError> {
        let settled = tail.header.map_or(0, |header| header.first.get());
        let frames = tail.frames.into_iter();
        let mut reader = Self {
            roll: folder.join(ROLL_FOLDER),
            settled: Size::new(settled),
            tail: frames.flat_map(|frame| frame.entries).collect(),
            head: Head::EMPTY,
            going: super::going::Going::default(),
        };
        let size = Size::new(settled.saturating_add(reader.tail.len() as u64));
        if let Some(last) = size.last_seq() {
            reader.head.size = size;
            reader.head = head_after(last, &reader.envelope(last)?)?;
        }
        Ok(reader)
    }

    /// Returns how many entries there are.
    pub fn size(&self) -> Size {
        self.head.size
    }

    /// Returns how far the ledger goes.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Returns how many entries are in bundles, and not in the tail.
    pub fn settled(&self) -> Size {
        self.settled
    }

    /// Returns the entries from `from` on.
    pub fn entries(&self, from: Seq) -> Entries<'_> {
        Entries {
            reader: self,
            next: from,
            bundle: Vec::new().into_iter(),
            failed: false,
        }
    }

    /// Returns the entry at `seq`.
    ///
    /// # Errors
    /// There is no such entry, or its bundle cannot be read.
    pub fn entry(&self, seq: Seq) -> Result<Entry, ReadError> {
        let size = self.head.size;
        let missing = || ReadError::NoEntry { seq, size };
        if let Some(at) = seq.get().checked_sub(self.settled.get()) {
            let entry = usize::try_from(at).ok().and_then(|at| self.tail.get(at));
            return entry.cloned().ok_or_else(missing);
        }
        let (index, within) = place(seq);
        let entry = self.bundle(index)?.into_iter().nth(within);
        entry.ok_or_else(missing)
    }

    /// Returns the tree over all entries, from the tiles and the tail.
    ///
    /// # Errors
    /// A tile is missing or damaged.
    pub fn tree(&self) -> Result<TileBuilder, ReadError> {
        let mut tree = self.settled_tree(self.settled)?;
        for entry in &self.tail {
            tree.push(leaf_hash(&entry.envelope));
        }
        Ok(tree)
    }

    /// Returns the root of the tree over the first `size` entries.
    ///
    /// # Errors
    /// There are not so many, or a tile is missing or damaged.
    pub fn root_at(&self, size: Size) -> Result<TreeHash, ReadError> {
        let seq = size.next_seq();
        if size > self.head.size {
            let size = self.head.size;
            return Err(ReadError::NoEntry { seq, size });
        }
        let mut tree = self.settled_tree(size.min(self.settled))?;
        let rest = size.get().saturating_sub(self.settled.get());
        for entry in self.tail.iter().take(usize::try_from(rest).unwrap_or(0)) {
            tree.push(leaf_hash(&entry.envelope));
        }
        Ok(tree.root())
    }

    /// Returns the entries that are in the tail.
    pub(crate) fn pending(&self) -> &[Entry] {
        &self.tail
    }

    /// Returns the tree over the entries in bundles.
    pub(crate) fn tree_of_bundles(&self) -> Result<TileBuilder, ReadError> {
        self.settled_tree(self.settled)
    }

    /// Returns the tree over the first entries, all of them in bundles.
    pub(crate) fn tree_of_first(&self, size: Size) -> Result<TileBuilder, ReadError> {
        self.settled_tree(size)
    }

    fn settled_tree(&self, size: Size) -> Result<TileBuilder, ReadError> {
        for _ in 0..PATIENCE {
            if let Some(tree) = tree_at(&self.roll, size, self.settled_now()?)? {
                return Ok(tree);
            }
            pause();
        }
        let what = "tiles at the right edge are missing or damaged".to_owned();
        let file = format!("{ROLL_FOLDER}/tile");
        Err(BundleError::Malformed { file, what }.into())
    }

    /// Returns the entries of a bundle that this reader's size covers.
    fn bundle(&self, index: u64) -> Result<Vec<Entry>, ReadError> {
        let mut entries = self.patiently(index, bundles::read)?;
        let first = Seq::new(index * u64::from(TILE_WIDTH));
        self.going.leave_out(first, &mut entries);
        Ok(entries)
    }

    /// Returns the encoded envelope of the entry at `seq`, whose body is not read.
    ///
    /// # Errors
    /// As [`Self::entry`].
    pub fn envelope(&self, seq: Seq) -> Result<Vec<u8>, ReadError> {
        let size = self.head.size;
        let missing = || ReadError::NoEntry { seq, size };
        if !self.settled.holds(seq) {
            return self.entry(seq).map(|entry| entry.envelope);
        }
        let (index, within) = place(seq);
        let envelopes = self.patiently(index, bundles::envelopes)?;
        envelopes.into_iter().nth(within).ok_or_else(missing)
    }

    /// Hands on the encoded envelopes from `from` on, in order; no body is read.
    pub(crate) fn each_envelope(
        &self,
        from: Seq,
        each: &mut dyn FnMut(Seq, &[u8]),
    ) -> Result<(), ReadError> {
        let (first, _) = place(from);
        for index in first..self.settled.get().div_ceil(u64::from(TILE_WIDTH)) {
            let begin = index * u64::from(TILE_WIDTH);
            let envelopes = self.patiently(index, bundles::envelopes)?;
            let placed = (begin..).map(Seq::new).zip(&envelopes);
            placed
                .filter(|(seq, _)| *seq >= from)
                .for_each(|(seq, bytes)| each(seq, bytes));
        }
        let tail = (self.settled.get()..).map(Seq::new).zip(&self.tail);
        tail.filter(|(seq, _)| *seq >= from)
            .for_each(|(seq, entry)| each(seq, &entry.envelope));
        Ok(())
    }

    /// Reads a bundle in the width that this reader's size covers.
    fn patiently<T>(
        &self,
        index: u64,
        read: fn(&Path, u64, u16) -> Result<Vec<T>, BundleError>,
    ) -> Result<Vec<T>, ReadError> {
        let width = width_at(index, self.settled);
        let mut outcome = read(&self.roll, index, width);
        for _ in 0..PATIENCE {
            if !outcome.as_ref().is_err_and(BundleError::is_missing) {
                break;
            }
            // A writer may have put a fuller bundle in its place meanwhile.
            let wider = width_at(index, self.settled_now()?);
            outcome = read(&self.roll, index, wider.max(width));
            if outcome.is_err() {
                pause();
            }
        }
        let mut entries = outcome?;
        entries.truncate(usize::from(width));
        Ok(entries)
    }

    /// Returns the folder of the roll.
    pub(crate) fn folder(&self) -> &Path {
        &self.roll
    }

    /// Returns how many entries are in bundles by now.
    pub(super) fn settled_now(&self) -> Result<Size, FileError> {
        let path = self.roll.join("tail");
        let bytes = files::read_start(&path, HEADER_LENGTH)?;
        let header = Header::decode(&bytes);
        Ok(header.map_or(self.settled, |header| Size::new(header.first.get())))
    }

    /// Returns what comes from `next` on in one piece: a bundle, or the tail.
    fn piece(&self, next: Seq) -> Result<Vec<Entry>, ReadError> {
        if let Some(at) = next.get().checked_sub(self.settled.get()) {
            let from = usize::try_from(at).unwrap_or(usize::MAX);
            let rest = self.tail.get(from..).unwrap_or_default();
            return Ok(rest.iter().take(usize::from(TILE_WIDTH)).cloned().collect());
        }
        let (index, within) = place(next);
        let mut entries = self.bundle(index)?;
        entries.drain(..within.min(entries.len()));
        Ok(entries)
    }
}

impl Iterator for Entries<'_> {
    type Item = Result<(Seq, Entry), ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || !self.reader.size().holds(self.next) {
            return None;
        }
        if self.bundle.len() == 0 {
            match self.reader.piece(self.next) {
                Ok(entries) => self.bundle = entries.into_iter(),
                Err(error) => {
                    self.failed = true;
                    return Some(Err(error));
                }
            }
        }
        let entry = self.bundle.next()?;
        let seq = self.next;
        self.next = Seq::new(seq.get() + 1);
        Some(Ok((seq, entry)))
    }
}

/// Reads and parses the tail; looks again if a writer may be in the middle of it.
pub(crate) fn read_tail(folder: &Path) -> Result<Tail, ReadError> {
    read_tail_above(folder, &|| Floor::read(folder))
}

/// Reads and parses the tail, whatever became of the files that tell how far it goes at least.
pub(crate) fn read_tail_around(folder: &Path) -> Result<Tail, ReadError> {
    read_tail_above(folder, &|| Ok(Floor::read_around(folder).0))
}

fn read_tail_above(
    folder: &Path,
    floor: &dyn Fn() -> Result<Floor, FileError>,
) -> Result<Tail, ReadError> {
    let path = folder.join(ROLL_FOLDER).join("tail");
    let mut before: Option<(Vec<u8>, Tail)> = None;
    for _ in 0..PATIENCE {
        // First the floor, then the tail: the tail may only have grown since.
        let floor = floor()?;
        let Some(bytes) = files::read_no_more_than(&path, LONGEST_READ)? else {
            let folder = folder.to_owned();
            return Err(ReadError::NoLedger { folder });
        };
        if let Some((_, tail)) = before.take_if(|(before, _)| *before == bytes) {
            return Ok(tail);
        }
        let tail = parse::parse(&bytes, floor.size());
        if tail.findings.is_empty() {
            return Ok(tail);
        }
        before = Some((bytes, tail));
        pause();
    }
    let folder = folder.to_owned();
    before
        .map(|(_, tail)| tail)
        .ok_or(ReadError::NoLedger { folder })
}

/// Returns the head of the ledger that ends with this envelope.
fn head_after(last: Seq, bytes: &[u8]) -> Result<Head, BundleError> {
    let malformed = || BundleError::Malformed {
        file: ROLL_FOLDER.to_owned(),
        what: format!("entry {last} has an envelope that does not read"),
    };
    let envelope = Envelope::decode(bytes).map_err(|_| malformed())?;
    Ok(Head {
        size: Size::ending_at(last).ok_or_else(malformed)?,
        hash: Hash::of_envelope(bytes),
        submissions: envelope.submission.saturating_add(1),
        recorded_at: envelope.recorded_at,
    })
}

fn pause() {
    // A writer needs some milliseconds for a frame; a test has no writer.
    const LONG: u64 = if cfg!(test) { 0 } else { 20 };
    std::thread::sleep(Duration::from_millis(LONG));
}

fn first_of(findings: &[Finding]) -> &str {
    let damage = chancery_chain::Severity::Damage;
    let first = findings.iter().find(|found| found.severity == damage);
    first.map_or("it does not read", |finding| &finding.message)
}
