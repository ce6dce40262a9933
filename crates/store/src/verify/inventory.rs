//! The inventory: which files there are under the roll, and which were accounted for.
//!
//! A file that nothing accounts for at the end is a stray one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chancery_chain::tile::{self, TilePath};
use chancery_chain::{Finding, Size};

use super::files::RollFiles;
use crate::files::{self, FileError};
use crate::roll::{BUNDLE, ROLL_FOLDER, WITHOUT_BODIES_FILE};

/// What a file is part of: a tile of some level, a bundle of entries or of bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sort {
    Tree(u8),
    Entries,
    Bodies,
}

/// The files under the roll.
#[derive(Debug)]
pub(crate) struct Inventory {
    pub(crate) files: Arc<RollFiles>,
    /// The widths in which each tile or bundle is there.
    parts: BTreeMap<(Sort, u64), BTreeSet<u16>>,
    others: BTreeSet<String>,
}

impl Sort {
    /// Returns the path, relative to the roll.
    pub(crate) fn path(self, index: u64, width: u16) -> String {
        match self {
            Self::Tree(level) => tile::tile_path(level, index, width),
            Self::Entries => tile::entries_path(index, width),
            Self::Bodies => tile::bodies_path(index, width),
        }
    }
}

impl Inventory {
    pub(crate) fn take(roll: &Path) -> Result<Self, FileError> {
        Self::list(RollFiles::of(roll))
    }

    /// Takes the inventory of a roll whose files may be of any sort and length.
    pub(crate) fn take_with_care(roll: &Path) -> Result<Self, FileError> {
        Self::list(RollFiles::elsewhere(roll))
    }

    fn list(files: RollFiles) -> Result<Self, FileError> {
        let roll = files.folder().to_owned();
        let mut inventory = Self {
            files: Arc::new(files),
            parts: BTreeMap::new(),
            others: BTreeSet::new(),
        };
        // Beside each other, the parts of a roll may be links to where they lie.
        for part in files::list(&roll)? {
            if part.is_dir() {
                for path in files::walk(&part)? {
                    inventory.add(&path);
                }
            } else {
                inventory.add(&part);
            }
        }
        Ok(inventory)
    }

    fn add(&mut self, path: &Path) {
        let Ok(relative) = path.strip_prefix(self.files.folder()) else {
            return;
        };
        let names = relative.iter().map(|name| name.to_string_lossy());
        let name = names.collect::<Vec<_>>().join("/");
        let (sort, index, width) = match tile::parse_path(&name) {
            Some(TilePath::Tree {
                level,
                index,
                width,
            }) => (Sort::Tree(level), index, width),
            Some(TilePath::Entries { index, width }) => (Sort::Entries, index, width),
            Some(TilePath::Bodies { index, width }) => (Sort::Bodies, index, width),
            None => {
                self.others.insert(name);
                return;
            }
        };
        self.parts.entry((sort, index)).or_default().insert(width);
    }

    /// Returns how many entries the bundles hold, by their names alone.
    pub(super) fn settled(&self) -> Size {
        self.held(&[Sort::Entries])
    }

    /// Returns of how many entries there is something: a bundle or a leaf.
    pub(crate) fn reaches(&self) -> Size {
        self.held(&[Sort::Entries, Sort::Bodies, Sort::Tree(0)])
    }

    fn held(&self, sorts: &[Sort]) -> Size {
        let bundles = self
            .parts
            .iter()
            .filter(|((sort, _), _)| sorts.contains(sort));
        let ends = bundles.filter_map(|((_, index), widths)| {
            let width = u64::from(*widths.last()?);
            index.checked_mul(BUNDLE)?.checked_add(width)
        });
        Size::new(ends.max().unwrap_or(0))
    }

    /// Returns whether any bundle of the first entries has no file with its bodies.
    pub(super) fn lacks_bodies(&self, settled: Size) -> bool {
        let mut bundles = 0..settled.get().div_ceil(BUNDLE);
        bundles.any(|index| !self.parts.contains_key(&(Sort::Bodies, index)))
    }

    /// Returns the widths in which a tile or bundle is there, and accounts for them.
    pub(super) fn account(&mut self, sort: Sort, index: u64) -> BTreeSet<u16> {
        self.parts.remove(&(sort, index)).unwrap_or_default()
    }

    /// Says that a file that had been accounted for was not looked at.
    pub(super) fn leave(&mut self, sort: Sort, index: u64, width: u16) {
        self.parts.entry((sort, index)).or_default().insert(width);
    }

    /// Accounts for a file that is no tile or bundle; returns whether it is there.
    pub(super) fn account_other(&mut self, name: &str) -> bool {
        self.others.remove(name)
    }

    /// Returns a notice for each file that nothing accounted for; `lacking` says whether
    /// there are bundles without their bodies.
    pub(super) fn strays(self, lacking: bool) -> Vec<Finding> {
        let parts = self.parts.into_iter().flat_map(|((sort, index), widths)| {
            let paths = widths.into_iter().map(move |width| sort.path(index, width));
            paths.collect::<Vec<_>>()
        });
        let stray = |name: String| {
            let message = match name.as_str() {
                WITHOUT_BODIES_FILE if lacking => {
                    "the file says that bodies were left out, which no ledger with a working \
                     copy does: it is not believed"
                }
                WITHOUT_BODIES_FILE => {
                    "the file says that bodies were left out, and none is; `roll push` obeys it"
                }
                _ => "the file is no part of the roll",
            };
            named(Finding::notice("stray-file", message), &name)
        };
        self.others.into_iter().chain(parts).map(stray).collect()
    }
}

/// Names a file of the roll in a finding.
pub(super) fn named(finding: Finding, relative: &str) -> Finding {
    finding.file(format!("{ROLL_FOLDER}/{relative}"))
}
