//! The checkpoints in between: unfinished tiles and entries of theirs are carried too.
//!
//! A ledger that made several checkpoints since the last push has shown them to
//! witnesses and auditors, who may ask for the tiles of those sizes. All of an
//! unfinished file is the beginning of the one that is carried anyway; only which
//! widths there are has to be looked up, at a place that can list them.

use chancery_chain::bundle::encode_entry_bundle;
use chancery_chain::tile::{self, TILE_WIDTH, TilePath, width_at};

use super::tiles::{self, WIDTH, tile_width};
use super::{CarryError, Carrying, Tally, unit};

impl Carrying<'_> {
    /// Carries the unfinished files of checkpoints between the one that is at the
    /// other place and the one that is carried.
    pub(super) fn interim(&self, tally: &Tally) -> Result<(), CarryError> {
        let size = self.published.checkpoint.size();
        for (level, index, width) in tile::partial_tiles(size) {
            let before = self.covered(tile_width(level, index, self.before()));
            let hashes = self.tiles.edge(level, index);
            let full = tile::tile_path(level, index, TILE_WIDTH);
            for between in self.widths(&full, before, width)? {
                if let Some(part) = hashes.get(..usize::from(between)) {
                    let path = tile::tile_path(level, index, between);
                    self.put(&path, &tiles::encode(part), tally)?;
                }
            }
        }
        self.interim_entries(size.get() / WIDTH, tally)
    }

    fn interim_entries(&self, index: u64, tally: &Tally) -> Result<(), CarryError> {
        let width = width_at(index, self.published.checkpoint.size());
        let before = self.covered(width_at(index, self.before()));
        let full = tile::entries_path(index, TILE_WIDTH);
        let widths = self.widths(&full, before, width)?;
        if widths.is_empty() {
            return Ok(());
        }
        let leaves = self.tiles.leaves(self.from, index)?;
        let envelopes = unit::fetch_entries(self.from, index, width, &leaves)?;
        for between in widths {
            let part = envelopes.iter().take(usize::from(between));
            let bundle = encode_entry_bundle(part.map(Vec::as_slice));
            self.put(&tile::entries_path(index, between), &bundle, tally)?;
        }
        Ok(())
    }

    /// Returns up to which width files are at the other place already.
    fn covered(&self, before: u16) -> u16 {
        if self.every { 0 } else { before }
    }

    /// Returns the widths between these two in which a tile or bundle is there.
    fn widths(&self, full: &str, before: u16, width: u16) -> Result<Vec<u16>, CarryError> {
        let listed = self.from.list(&format!("{full}.p"))?.unwrap_or_default();
        let widths = listed
            .iter()
            .filter_map(|path| match tile::parse_path(path) {
                Some(TilePath::Tree { width, .. } | TilePath::Entries { width, .. }) => Some(width),
                _ => None,
            });
        Ok(widths
            .filter(|between| before < *between && *between < width)
            .collect())
    }
}
