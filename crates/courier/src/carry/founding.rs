//! How a roll begins: the hash that its first submission ends in.

use chancery_chain::tile::width_at;
use chancery_chain::{Envelope, Hash, Kind};

use super::unit::fetch_entries;
use super::{CarryError, Carrying};

impl Carrying<'_> {
    /// Returns the hash that the first submission ends in, as far as the first bundle
    /// has it: whoever knows it from elsewhere can tell another ledger by it before
    /// anything is carried. Whether all that follows is true, verifying tells.
    ///
    /// # Errors
    /// The first bundle is missing or damaged, or the place cannot be asked.
    pub fn founding(&self) -> Result<Option<Hash>, CarryError> {
        let width = width_at(0, self.published.checkpoint.size());
        if width == 0 {
            return Ok(None);
        }
        let leaves = self.tiles.leaves(self.from, 0)?;
        let envelopes = fetch_entries(self.from, 0, width, &leaves)?;
        let closing = envelopes.iter().find(|bytes| {
            Envelope::decode(bytes).is_ok_and(|envelope| envelope.kind == Kind::CLOSING)
        });
        Ok(closing.map(|bytes| Hash::of_envelope(bytes)))
    }
}
