//! Clearing away: unfinished files that a full one has taken the place of.
//!
//! Whoever holds an older checkpoint may still ask for the unfinished tiles of its
//! size, so that these stay until the full tile is there, as c2sp.org/tlog-tiles has
//! it, and go with the full one's checkpoint. Bodies are not part of that; only those
//! of the last checkpoint stay.

use chancery_chain::Size;
use chancery_chain::tile::{self, TILE_WIDTH, TilePath, width_at};

use super::tiles::WIDTH;
use super::{CarryError, Carrying};

impl Carrying<'_> {
    /// Removes the unfinished files of the checkpoint that was at the other place
    /// before, as far as they are superseded, and those of earlier ones beside them if
    /// the place can list these; with `thorough`, all that lie there. Returns how many
    /// were removed or may have been.
    ///
    /// # Errors
    /// The place cannot be asked, or does not let go of them.
    pub fn prune(&self, thorough: bool) -> Result<u64, CarryError> {
        let size = self.published.checkpoint.size();
        let listed = if thorough { self.listed()? } else { None };
        let candidates = match listed {
            Some(listed) => listed,
            None => self.edge_before()?,
        };
        let mut removed = 0;
        for path in candidates {
            if is_superseded(&path, size) {
                self.to.delete(&path)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Returns the unfinished files of the checkpoint before, with what lies beside
    /// those that are superseded: earlier checkpoints were of the same tiles.
    fn edge_before(&self) -> Result<Vec<String>, CarryError> {
        let size = self.published.checkpoint.size();
        let mut paths = Vec::new();
        for path in tile::partial_paths(self.before()) {
            let beside = match path.rsplit_once('/') {
                Some((folder, _)) if is_superseded(&path, size) => self.to.list(folder)?,
                _ => None,
            };
            match beside {
                Some(listed) => paths.extend(listed),
                None => paths.push(path),
            }
        }
        Ok(paths)
    }

    fn listed(&self) -> Result<Option<Vec<String>>, CarryError> {
        let (tiles, bodies) = (self.to.list("tile")?, self.to.list("bodies")?);
        let Some((mut all, bodies)) = tiles.zip(bodies) else {
            return Ok(None);
        };
        all.extend(bodies);
        Ok(Some(all))
    }
}

/// Returns whether a file is an unfinished one that a roll of this size does
/// without.
fn is_superseded(path: &str, size: Size) -> bool {
    let full = |level: u8, index: u64| index < tile::full(level, size);
    match tile::parse_path(path) {
        Some(TilePath::Tree {
            level,
            index,
            width,
        }) => width < TILE_WIDTH && full(level, index),
        Some(TilePath::Entries { index, width }) => width < TILE_WIDTH && full(0, index),
        Some(TilePath::Bodies { index, width }) => {
            let covered = index < size.get().div_ceil(WIDTH);
            width < TILE_WIDTH && covered && width != width_at(index, size)
        }
        None => false,
    }
}
