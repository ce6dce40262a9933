//! Which part of a ledger is verified: some levels, or some entries.
//!
//! Entries are verified by the bundle: a part begins and ends where one does.

use std::cell::Cell;
use std::collections::BTreeSet;

use chancery_chain::tile::TILE_WIDTH;
use chancery_chain::{Checkpoint, Note, Seq, Size};
use chancery_store::verify::{Kept, Levels};

use super::sample::{Amount, Drawn};

/// A part of what there is to verify; without more, all of it.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// For what.
    pub levels: Levels,
    /// Which entries.
    pub extent: Extent,
}

/// Which entries are verified. Those of the tail, of an unfinished bundle, and of
/// bundles with a key in them always are.
#[derive(Clone, Debug, Default)]
pub enum Extent {
    /// All.
    #[default]
    Whole,
    /// From the first to the last, and what shares a bundle with them.
    Between(Seq, Seq),
    /// Those that a checkpoint does not cover: what it covers is taken as
    /// verified, if the tree extends it.
    Since(Kept),
    /// Some, drawn by the chance that the seed gives.
    Sample {
        /// How many.
        amount: Amount,
        /// Thirty-two random bytes.
        seed: [u8; 32],
    },
}

impl Extent {
    /// Returns whether these are all entries.
    pub fn is_whole(&self) -> bool {
        matches!(self, Self::Whole)
    }

    /// Returns the checkpoint whose entries are taken as verified.
    pub(super) fn since(&self) -> Option<&Kept> {
        match self {
            Self::Since(kept) => Some(kept),
            _ => None,
        }
    }

    /// Returns how many entries the checkpoint covers, by its own word.
    pub(super) fn covered(&self) -> Size {
        let covered = self.since().and_then(|kept| {
            let note = Note::parse(&kept.note).ok()?;
            Some(Checkpoint::parse(note.text()).ok()?.size())
        });
        covered.unwrap_or(Size::EMPTY)
    }

    /// Chooses from so many bundles, and takes note of what was drawn.
    pub(super) fn choose(&self, bundles: u64, drawn: &Cell<Option<Drawn>>) -> BTreeSet<u64> {
        let width = u64::from(TILE_WIDTH);
        match self {
            Self::Whole => (0..bundles).collect(),
            Self::Between(first, last) => {
                let end = (last.get() / width).saturating_add(1).min(bundles);
                (first.get() / width..end).collect()
            }
            Self::Since(_) => (self.covered().get() / width..bundles).collect(),
            Self::Sample { amount, seed } => {
                let chosen = amount.draw(bundles, seed);
                let found = Drawn {
                    bundles: chosen.len() as u64,
                    of: bundles,
                };
                drawn.set(Some(found));
                chosen
            }
        }
    }
}
