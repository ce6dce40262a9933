//! Copies without bodies, which say so.
//!
//! Such a place witnesses that nothing is changed and tells nothing of what was said.
//! The file that says so is put there before anything else, so that what an
//! interrupted push leaves is never taken for a place that lost its bodies.

use chancery_chain::tile::{self, TILE_WIDTH};

use super::{CarryError, Carrying};
use crate::error::PlaceError;
use crate::place::Place;

/// The name of the file by which a roll says that bodies were left out of it.
pub const WITHOUT_BODIES: &str = "without-bodies";

/// How many bundles a push may have under way at once, and more.
const BEGUN: u64 = 32;

/// Returns whether the roll at a place says that bodies were left out of it.
///
/// # Errors
/// The place cannot be asked.
pub fn is_without_bodies(place: &Place) -> Result<bool, CarryError> {
    match place.get(WITHOUT_BODIES, 0) {
        Ok(found) => Ok(found.is_some()),
        // The file is empty; what somebody wrote into it does not matter.
        Err(PlaceError::TooLong { .. }) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

impl Carrying<'_> {
    /// Makes sure that the other place has bodies, or has none, as what is carried, and
    /// lets it say so.
    pub(super) fn settle_bodies(&self) -> Result<(), CarryError> {
        let place = self.to.to_string();
        match (self.without_bodies, is_without_bodies(self.to)?) {
            (true, true) | (false, false) => Ok(()),
            (false, true) => Err(CarryError::LeavesBodiesOut { place }),
            (true, false) if self.has_bodies()? => Err(CarryError::HasBodies { place }),
            (true, false) => {
                self.to.put(WITHOUT_BODIES, &[])?;
                Ok(self.to.sync()?)
            }
        }
    }

    /// Returns whether there are bodies at the other place: under its checkpoint, or of
    /// a push that was interrupted before there was one.
    fn has_bodies(&self) -> Result<bool, CarryError> {
        if self.before.is_some() {
            return Ok(true);
        }
        if let Some(listed) = self.to.list("bodies")? {
            return Ok(!listed.is_empty());
        }
        // A web server cannot tell what it has. A push begins with the first bundles,
        // several at once, and in whatever width the first had then.
        let full = (0..BEGUN).map(|index| tile::bodies_path(index, TILE_WIDTH));
        let unfinished = (1..TILE_WIDTH).map(|width| tile::bodies_path(0, width));
        for path in full.chain(unfinished) {
            if self.to.length(&path)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
