//! Bodies that were destroyed since: their bundles are replaced at the other place.
//!
//! A bundle of bodies is the one file that changes once it is full. Whatever says
//! that one did comes later in the ledger; it is carried in the same go if the
//! checkpoint covers it, for which whoever pushes has to see.
//!
//! Which source file went with a body stands in the body alone. The one that still lies
//! at the other place is therefore read there before its bundle is replaced; it proves
//! itself by its hash. So nothing has to be known of what was pushed before, and whoever
//! was interrupted finds it again.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Mutex;

use chancery_chain::bundle::{decode_body_bundle, encode_body_bundle};
use chancery_chain::tile::{self, TILE_WIDTH, TilePath, width_at};
use chancery_chain::{Expunging, Seq, Slot};

use super::tiles::{WIDTH, damaged};
use super::unit::{Bundle, LONGEST_SLOT, belongs, fetch_entries, seq};
use super::{Carried, CarryError, Carrying, Tally, side_by_side};
use crate::error::PlaceError;

/// A body that lies at the other place still, and was destroyed since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destroyed {
    /// Whose it was.
    pub seq: Seq,
    /// The body with its salt: what the entry's envelope has the hash of.
    pub slot: Slot,
}

impl Carrying<'_> {
    /// Returns the bodies that were destroyed since and lie at the other place still, in
    /// whichever file: what they speak of has to go before they do.
    ///
    /// # Errors
    /// A bundle is missing or damaged at the one place, or a place cannot be asked.
    pub fn destroyed(&self, carried: &Carried) -> Result<Vec<Destroyed>, CarryError> {
        let found = Mutex::new(BTreeMap::new());
        for index in &carried.changed {
            let Some((path, bundle)) = self.remaining(*index)? else {
                continue;
            };
            let mut paths = self.other_forms(*index)?;
            paths.push(path);
            self.each(&paths, &|path| {
                let destroyed = self.destroyed_in(path, *index, &bundle)?;
                if let Ok(mut found) = found.lock() {
                    found.extend(destroyed);
                }
                Ok(())
            })?;
        }
        let found = found.into_inner().unwrap_or_default().into_iter();
        Ok(found.map(|(seq, slot)| Destroyed { seq, slot }).collect())
    }

    /// Replaces the bundles in which bodies were destroyed, and removes every
    /// unfinished form of them: the words must be nowhere at the other place.
    ///
    /// # Errors
    /// A bundle is missing or damaged at the one place, or the other does not take it.
    pub fn replace(&self, mut carried: Carried) -> Result<Carried, CarryError> {
        let tally = Tally::default();
        for index in &carried.changed {
            let Some((path, bundle)) = self.remaining(*index)? else {
                continue;
            };
            self.put(&path, &encode_body_bundle(&bundle.slots), &tally)?;
            let others = self.other_forms(*index)?;
            self.each(&others, &|path| Ok(self.to.delete(path)?))?;
        }
        let replaced = tally.carried();
        carried.files += replaced.files;
        carried.bytes += replaced.bytes;
        carried.there += replaced.there;
        carried.expunged = carried.changed.len() as u64;
        Ok(carried)
    }

    /// Makes sure that what a bundle says was destroyed was destroyed by an entry that the
    /// checkpoint covers. Were it taken on trust, the body would be lost at the other place,
    /// or would only be missing there.
    pub(super) fn check_expunged(
        &self,
        index: u64,
        envelopes: &[Vec<u8>],
        slots: &[Slot],
    ) -> Result<(), CarryError> {
        let size = self.published.checkpoint.size();
        let mut known = BTreeMap::from([(index, envelopes.to_vec())]);
        for (place, slot) in slots.iter().enumerate() {
            let Slot::Expunged(by) = *slot else {
                continue;
            };
            let entry = Seq::new(seq(index, place));
            if !size.holds(by) {
                return Err(CarryError::Uncovered { entry, by });
            }
            let there = by.get() / WIDTH;
            if let Entry::Vacant(unknown) = known.entry(there) {
                let leaves = self.tiles.leaves(self.from, there)?;
                let width = width_at(there, size);
                unknown.insert(fetch_entries(self.from, there, width, &leaves)?);
            }
            let within = usize::try_from(by.get() % WIDTH).unwrap_or(usize::MAX);
            let said = known.get(&there).and_then(|there| there.get(within));
            let said = said.and_then(|bytes| Expunging::said_by(bytes));
            if said.is_none_or(|said| said.seq != entry) {
                let path = tile::bodies_path(index, width_at(index, size));
                let what = format!("entry {by} did not destroy the body of entry {entry}");
                return Err(damaged(self.from, &path, &what));
            }
        }
        Ok(())
    }

    /// Returns whether putting these bodies down would hide some that were destroyed
    /// since: the file that is there is another one.
    pub(super) fn may_hide(
        &self,
        path: &str,
        slots: &[Slot],
        bodies: &[u8],
    ) -> Result<bool, CarryError> {
        if !slots.iter().any(|slot| matches!(slot, Slot::Expunged(_))) {
            return Ok(false);
        }
        match self.to.get(path, WIDTH * LONGEST_SLOT) {
            Ok(found) => Ok(found.is_some_and(|found| found != bodies)),
            Err(PlaceError::TooLong { .. }) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the path of a bundle of bodies, and what is left of it.
    fn remaining(&self, index: u64) -> Result<Option<(String, Bundle)>, CarryError> {
        let width = width_at(index, self.published.checkpoint.size());
        if width == 0 {
            return Ok(None);
        }
        let leaves = self.tiles.leaves(self.from, index)?;
        let bundle = self.bundle(self.from, index, &leaves)?;
        Ok(Some((tile::bodies_path(index, width), bundle)))
    }

    /// Returns the bodies in a file at the other place that are no more in the bundle;
    /// what is damaged there has none that could be proven.
    fn destroyed_in(
        &self,
        path: &str,
        index: u64,
        bundle: &Bundle,
    ) -> Result<Vec<(Seq, Slot)>, CarryError> {
        let bytes = match self.to.get(path, WIDTH * LONGEST_SLOT) {
            Ok(Some(bytes)) => bytes,
            Ok(None) | Err(PlaceError::TooLong { .. }) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let there = decode_body_bundle(&bytes).unwrap_or_default();
        let seqs = (index * WIDTH..).map(Seq::new);
        let entries = seqs.zip(bundle.envelopes.iter().zip(&bundle.slots));
        let pairs = entries.zip(there);
        let gone = pairs.filter(|((_, (envelope, slot)), there)| {
            let destroyed = matches!(slot, Slot::Expunged(_));
            destroyed && matches!(there, Slot::Body { .. }) && belongs(envelope, there)
        });
        Ok(gone.map(|((seq, _), there)| (seq, there)).collect())
    }

    /// Returns the paths that other widths of a bundle of bodies have, or may have
    /// where the place cannot tell.
    fn other_forms(&self, index: u64) -> Result<Vec<String>, CarryError> {
        let width = width_at(index, self.published.checkpoint.size());
        let folder = format!("{}.p", tile::bodies_path(index, TILE_WIDTH));
        let Some(listed) = self.to.list(&folder)? else {
            let widths = (1..TILE_WIDTH).filter(|other| *other != width);
            return Ok(widths
                .map(|other| tile::bodies_path(index, other))
                .collect());
        };
        let is_other = |path: &String| match tile::parse_path(path) {
            Some(TilePath::Bodies { width: other, .. }) => other != width,
            _ => false,
        };
        Ok(listed.into_iter().filter(is_other).collect())
    }

    /// Does something for each of these paths at the other place.
    fn each(
        &self,
        paths: &[String],
        action: &(dyn Fn(&str) -> Result<(), CarryError> + Sync),
    ) -> Result<(), CarryError> {
        let near = self.to.as_folder().is_some();
        side_by_side(near, 0, paths.len() as u64, &|at| {
            let path = usize::try_from(at).ok().and_then(|at| paths.get(at));
            path.map_or(Ok(()), |path| action(path))
        })
    }
}
