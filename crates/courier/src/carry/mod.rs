//! Carrying a roll: all that a checkpoint covers, from one place to another.
//!
//! Nothing is put down that does not hash to the root of the checkpoint: tiles
//! by the tiles above them, envelopes by the tiles, bodies by the envelopes. Nothing
//! is put down at all where the other place has a checkpoint of a longer ledger or
//! of another one. The checkpoint comes last, so that whoever fetches while it
//! is under way finds the old one and all that it covers. Who signed the checkpoint
//! is not asked here.
//!
//! Bodies can be left out. A place without them says so in a file, which is put there
//! first of all; a place that has bodies, and one that says that it has none, stay what
//! they are: what was to be left out is never put there by oversight.

mod bodies;
mod error;
mod expunged;
mod founding;
mod interim;
mod mirror;
mod prune;
mod sources;
mod tiles;
mod unit;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use chancery_chain::{Checkpoint, Note, Size, TreeHash};

use crate::place::Place;
pub use bodies::{WITHOUT_BODIES, is_without_bodies};
pub use error::CarryError;
pub use expunged::Destroyed;
pub use mirror::mirror;
pub use sources::{CarriedSources, SourceFile, carry_sources, remove_sources, source};
use tiles::Tiles;
pub(crate) use tiles::{fetch_tile, tile_width};

/// The name of the checkpoint, in a roll.
pub const CHECKPOINT: &str = "checkpoint";
/// How long a checkpoint may be: it has room for the cosignatures of many witnesses.
const MOST_NOTE: u64 = 64 << 10;
/// How many files are under way at once where one end is far.
const AT_ONCE: u64 = 8;

/// A checkpoint, as it was signed and as it reads.
#[derive(Clone, Debug)]
pub struct Published {
    /// The bytes of the note.
    pub bytes: Vec<u8>,
    /// The note.
    pub note: Note,
    /// What it says.
    pub checkpoint: Checkpoint,
}

/// What was carried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Files that were put down.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files that were there already.
    pub there: u64,
    /// Bundles of bodies in which some were destroyed since, and which were replaced.
    pub expunged: u64,
    /// Which bundles these are.
    changed: BTreeSet<u64>,
}

/// A roll about to be carried: its checkpoint and the upper tiles are read and true.
#[derive(Debug)]
pub struct Carrying<'a> {
    from: &'a Place,
    to: &'a Place,
    published: Published,
    tiles: Tiles,
    before: Option<Published>,
    /// Whether bundles that the other place should have are looked at all the same.
    every: bool,
    /// Whether bodies are left out.
    without_bodies: bool,
}

/// Returns the checkpoint that lies at a place, if there is one.
///
/// # Errors
/// The place cannot be asked, or what lies there is no checkpoint.
pub fn published(place: &Place) -> Result<Option<Published>, CarryError> {
    let Some(bytes) = place.get(CHECKPOINT, MOST_NOTE)? else {
        return Ok(None);
    };
    let bad = || CarryError::BadCheckpoint {
        place: place.to_string(),
    };
    let note = Note::parse(&bytes).map_err(|_| bad())?;
    let checkpoint = Checkpoint::parse(note.text()).map_err(|_| bad())?;
    Ok(Some(Published {
        bytes,
        note,
        checkpoint,
    }))
}

impl<'a> Carrying<'a> {
    /// Reads both checkpoints and the upper tiles, and makes sure that the roll at
    /// `from` is what its checkpoint says and goes on from the one at `to`. With `every`,
    /// files that are covered by the latter are looked at as well. Nothing is written.
    ///
    /// # Errors
    /// It is not so, or a place cannot be asked.
    pub fn begin(from: &'a Place, to: &'a Place, every: bool) -> Result<Self, CarryError> {
        let published = self::published(from)?.ok_or_else(|| CarryError::NoCheckpoint {
            place: from.to_string(),
        })?;
        let before = self::published(to)?;
        let (size, root) = (published.checkpoint.size(), published.checkpoint.root());
        if let Some(before) = &before {
            let there = before.checkpoint.size();
            if there > size {
                let place = to.to_string();
                return Err(CarryError::Ahead { place, there, size });
            }
        }
        let tiles = Tiles::read(from, size, root)?;
        let without_bodies = is_without_bodies(from)?;
        let carrying = Self {
            from,
            to,
            published,
            tiles,
            before,
            every,
            without_bodies,
        };
        carrying.check_growth()?;
        Ok(carrying)
    }

    /// Returns the checkpoint that is carried.
    pub fn published(&self) -> &Published {
        &self.published
    }

    /// Returns the size of the checkpoint that is at the other place.
    pub fn before(&self) -> Size {
        let before = self.before.as_ref();
        before.map_or(Size::EMPTY, |before| before.checkpoint.size())
    }

    /// Leaves bodies out, as is done of itself where the one place has none.
    #[must_use]
    pub fn leaving_out_bodies(mut self) -> Self {
        self.without_bodies = true;
        self
    }

    /// Returns whether bodies are left out.
    pub fn is_without_bodies(&self) -> bool {
        self.without_bodies
    }

    /// Carries everything but the checkpoint, bundle by bundle; what is there and
    /// the same is left as it is. Bodies that were destroyed since lie at the other place
    /// still: [`Self::destroyed`] tells them, and [`Self::replace`] has to follow.
    ///
    /// # Errors
    /// Something is missing or damaged at the one place, or the other does not take
    /// it. What was carried so far stays, and need not be carried again.
    pub fn files(&self, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<Carried, CarryError> {
        let size = self.published.checkpoint.size();
        let bundles = size.get().div_ceil(tiles::WIDTH);
        let first = if self.every {
            0
        } else {
            self.before().get() / tiles::WIDTH
        };
        let tally = Tally::default();
        self.settle_bodies()?;
        self.upper_tiles(&tally)?;
        let changed = Mutex::new(BTreeSet::new());
        let near = self.from.as_folder().is_some() && self.to.as_folder().is_some();
        side_by_side(near, first, bundles, &|index| {
            let expunged = self.unit(index, &tally)?;
            if let Ok(mut changed) = changed.lock() {
                changed.extend(expunged);
            }
            progress(((index + 1) * tiles::WIDTH).min(size.get()), size.get());
            Ok(())
        })?;
        self.interim(&tally)?;
        let mut carried = tally.carried();
        if !self.without_bodies {
            carried.changed = changed.into_inner().unwrap_or_default();
        }
        Ok(carried)
    }

    /// Puts the checkpoint down, once all that it covers is there to stay: from now
    /// on the other place has this roll.
    ///
    /// # Errors
    /// The place does not take it.
    pub fn publish(&self) -> Result<(), CarryError> {
        let there = self.before.as_ref().map(|before| &before.bytes);
        if there != Some(&self.published.bytes) {
            self.to.sync()?;
            self.to.put(CHECKPOINT, &self.published.bytes)?;
        }
        Ok(self.to.sync()?)
    }

    /// Makes sure that the tree of the checkpoint at the other place is the
    /// beginning of this one.
    fn check_growth(&self) -> Result<(), CarryError> {
        let Some(before) = &self.before else {
            return Ok(());
        };
        let there = before.checkpoint.size();
        let root: TreeHash = self.tiles.root_at(self.from, there)?;
        if root == before.checkpoint.root() {
            return Ok(());
        }
        Err(CarryError::Fork {
            place: self.to.to_string(),
            there,
        })
    }

    fn upper_tiles(&self, tally: &Tally) -> Result<(), CarryError> {
        let before = self.before();
        for (path, bytes, level, end) in self.tiles.upper() {
            let covered = before.get().checked_shr(8 * u32::from(level)).unwrap_or(0) >= end;
            if self.every || !covered {
                self.put(&path, &bytes, tally)?;
            }
        }
        Ok(())
    }

    /// Puts a file down, unless it is there already.
    fn put(&self, path: &str, bytes: &[u8], tally: &Tally) -> Result<(), CarryError> {
        let length = bytes.len() as u64;
        let same = match self.to.as_folder() {
            Some(_) => {
                // A longer file is another one, and need not be read.
                let there = self.to.length(path)? == Some(length);
                there && self.to.get(path, length)?.as_deref() == Some(bytes)
            }
            None => self.to.length(path)? == Some(length),
        };
        if same {
            tally.there.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        self.to.put(path, bytes)?;
        tally.files.fetch_add(1, Ordering::Relaxed);
        tally.bytes.fetch_add(length, Ordering::Relaxed);
        Ok(())
    }
}

/// What was carried so far, counted by several threads.
#[derive(Debug, Default)]
struct Tally {
    files: AtomicU64,
    bytes: AtomicU64,
    there: AtomicU64,
}

impl Tally {
    fn carried(&self) -> Carried {
        Carried {
            files: self.files.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            there: self.there.load(Ordering::Relaxed),
            ..Carried::default()
        }
    }
}

/// Does something for each index, several at once unless all is near, and
/// returns the first fault.
fn side_by_side(
    near: bool,
    first: u64,
    end: u64,
    each: &(dyn Fn(u64) -> Result<(), CarryError> + Sync),
) -> Result<(), CarryError> {
    let workers = if near { 1 } else { AT_ONCE };
    let next = AtomicU64::new(first);
    let stop = AtomicBool::new(false);
    let fault = Mutex::new(None);
    let work = || {
        while !stop.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= end {
                return;
            }
            if let Err(error) = each(index) {
                stop.store(true, Ordering::Relaxed);
                if let Ok(mut fault) = fault.lock() {
                    fault.get_or_insert(error);
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..workers.min(end.saturating_sub(first)) {
            scope.spawn(work);
        }
        work();
    });
    let fault = fault.into_inner().unwrap_or_default();
    fault.map_or(Ok(()), Err)
}
