//! Bodies that were destroyed since: their bundles are replaced at the other place.
//!
//! A bundle of bodies is the one file that changes once it is full. Whatever says
//! that one did comes later in the ledger; it is carried in the same go if the
//! checkpoint covers it, for which whoever pushes has to see.

use std::collections::BTreeSet;

use chancery_chain::bundle::encode_body_bundle;
use chancery_chain::tile::{self, TILE_WIDTH, TilePath, width_at};

use super::{CarryError, Carrying, Tally};

impl Carrying<'_> {
    /// Replaces the bundles in which bodies were destroyed, and removes every
    /// unfinished form of them: the words must be nowhere at the other place. Returns
    /// how many there are.
    pub(super) fn replace_expunged(
        &self,
        changed: Vec<u64>,
        tally: &Tally,
    ) -> Result<u64, CarryError> {
        let size = self.published.checkpoint.size();
        if self.without_bodies {
            return Ok(0);
        }
        let changed: BTreeSet<u64> = changed.into_iter().collect();
        for index in &changed {
            let index = *index;
            let width = width_at(index, size);
            if width == 0 {
                continue;
            }
            let leaves = self.tiles.leaves(self.from, index)?;
            let bundle = self.bundle(self.from, index, &leaves)?;
            let path = tile::bodies_path(index, width);
            self.put(&path, &encode_body_bundle(&bundle.slots), tally)?;
            for other in self.other_forms(index, width)? {
                self.to.delete(&other)?;
            }
        }
        Ok(changed.len() as u64)
    }

    /// Returns the paths that other widths of a bundle of bodies have, or may have
    /// where the place cannot tell.
    fn other_forms(&self, index: u64, width: u16) -> Result<Vec<String>, CarryError> {
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
}
