//! One bundle of entries with its tile and its bodies: what is carried in one go.

use chancery_chain::bundle::{
    decode_body_bundle, decode_entry_bundle, encode_body_bundle, encode_entry_bundle,
};
use chancery_chain::envelope::{MAX_BODY, MAX_ENVELOPE};
use chancery_chain::expunging::Expunging;
use chancery_chain::tile::{self, TILE_WIDTH, width_at};
use chancery_chain::tree::leaf_hash;
use chancery_chain::{Envelope, Size, Slot, TreeHash};

use super::tiles::{self, WIDTH, damaged};
use super::{CarryError, Carrying, Tally};
use crate::place::Place;

/// The longest an entry can be in its bundle, and a body in its.
pub(super) const LONGEST_ENTRY: u64 = 2 + MAX_ENVELOPE as u64;
pub(super) const LONGEST_SLOT: u64 = 1 + 32 + 4 + MAX_BODY as u64;

/// A bundle that was fetched and found true.
#[derive(Debug)]
pub(crate) struct Bundle {
    pub(crate) envelopes: Vec<Vec<u8>>,
    pub(crate) slots: Vec<Slot>,
}

impl Carrying<'_> {
    /// Carries a bundle with its tile and bodies, and returns the bundles in which
    /// its entries say that a body was destroyed; and itself, if such bodies may lie in
    /// the file that it takes the place of.
    pub(super) fn unit(&self, index: u64, tally: &Tally) -> Result<Vec<u64>, CarryError> {
        let width = width_at(index, self.published.checkpoint.size());
        let leaves = self.tiles.leaves(self.from, index)?;
        // What an earlier attempt brought home is looked at rather than fetched.
        let held = self
            .to
            .as_folder()
            .filter(|_| self.from.as_folder().is_none());
        let held = held.and_then(|_| self.bundle(self.to, index, &leaves).ok());
        let bundle = match held {
            Some(bundle) => bundle,
            None => self.bundle(self.from, index, &leaves)?,
        };
        self.put(
            &tile::tile_path(0, index, width),
            &tiles::encode(&leaves),
            tally,
        )?;
        let envelopes = bundle.envelopes.iter().map(Vec::as_slice);
        let entries = encode_entry_bundle(envelopes);
        self.put(&tile::entries_path(index, width), &entries, tally)?;
        // What the checkpoint there covers was done before that was put there.
        let done = if self.every {
            Size::EMPTY
        } else {
            self.before()
        };
        let mut changed = destroyed(&bundle.envelopes, done);
        if !self.without_bodies {
            let path = tile::bodies_path(index, width);
            let bodies = encode_body_bundle(&bundle.slots);
            if self.may_hide(&path, &bundle.slots, &bodies)? {
                changed.push(index);
            } else {
                self.put(&path, &bodies, tally)?;
            }
        }
        Ok(changed)
    }

    /// Fetches a bundle from a place, with its bodies unless they are left out, as far as
    /// the leaves vouch for them.
    pub(super) fn bundle(
        &self,
        from: &Place,
        index: u64,
        leaves: &[TreeHash],
    ) -> Result<Bundle, CarryError> {
        let width = width_at(index, self.published.checkpoint.size());
        let envelopes = fetch_entries(from, index, width, leaves)?;
        let mut slots = Vec::new();
        if !self.without_bodies {
            slots = fetch_slots(from, index, width, &envelopes)?;
            self.check_expunged(index, &envelopes, &slots)?;
        }
        Ok(Bundle { envelopes, slots })
    }
}

/// Fetches the envelopes of a bundle, and compares them with their leaves.
pub(super) fn fetch_entries(
    from: &Place,
    index: u64,
    width: u16,
    leaves: &[TreeHash],
) -> Result<Vec<Vec<u8>>, CarryError> {
    let (path, bytes) = either(from, index, width, LONGEST_ENTRY, tile::entries_path)?;
    let envelopes = decode_entry_bundle(&bytes).map_err(|fault| damaged(from, &path, &fault))?;
    let envelopes: Vec<_> = envelopes
        .iter()
        .take(leaves.len())
        .map(|bytes| bytes.to_vec())
        .collect();
    if envelopes.len() != leaves.len() {
        return Err(damaged(from, &path, &"it does not have so many entries"));
    }
    let pairs = envelopes.iter().zip(leaves);
    if let Some(place) = pairs
        .clone()
        .position(|(bytes, leaf)| leaf_hash(bytes) != *leaf)
    {
        let what = format!("entry {} is not the one in the tree", seq(index, place));
        return Err(damaged(from, &path, &what));
    }
    Ok(envelopes)
}

/// Fetches the body slots of a bundle, and compares them with their envelopes.
pub(super) fn fetch_slots(
    from: &Place,
    index: u64,
    width: u16,
    envelopes: &[Vec<u8>],
) -> Result<Vec<Slot>, CarryError> {
    let (path, bytes) = either(from, index, width, LONGEST_SLOT, tile::bodies_path)?;
    let mut slots = decode_body_bundle(&bytes).map_err(|fault| damaged(from, &path, &fault))?;
    slots.truncate(envelopes.len());
    if slots.len() != envelopes.len() {
        return Err(damaged(from, &path, &"it does not have so many bodies"));
    }
    let mut pairs = envelopes.iter().zip(&slots);
    if let Some(place) = pairs.position(|(envelope, slot)| !belongs(envelope, slot)) {
        let what = format!(
            "the body of entry {} is not the one that it had",
            seq(index, place)
        );
        return Err(damaged(from, &path, &what));
    }
    Ok(slots)
}

/// Fetches a file of a bundle: of this width, or the full one that took its place.
fn either(
    from: &Place,
    index: u64,
    width: u16,
    longest: u64,
    path: fn(u64, u16) -> String,
) -> Result<(String, Vec<u8>), CarryError> {
    for wide in [width, TILE_WIDTH] {
        let file = path(index, wide);
        if let Some(bytes) = from.get(&file, u64::from(wide) * longest)? {
            return Ok((file, bytes));
        }
    }
    Err(CarryError::Missing {
        place: from.to_string(),
        file: path(index, width),
    })
}

/// Returns whether a slot is what the envelope says that it should be, or says that
/// the body was destroyed, of which the envelope tells nothing.
pub(crate) fn belongs(envelope: &[u8], slot: &Slot) -> bool {
    let Ok(envelope) = Envelope::decode(envelope) else {
        return false;
    };
    match slot {
        Slot::None => !envelope.kind.is_record(),
        Slot::Expunged(_) => envelope.kind.is_record(),
        Slot::Body { .. } => slot.body_hash() == Some(envelope.body_hash),
    }
}

/// Returns the bundles in which these entries say that a body was destroyed, as far as
/// they come after the first `done`.
fn destroyed(envelopes: &[Vec<u8>], done: Size) -> Vec<u64> {
    let is_new = |bytes: &[u8]| {
        let envelope = Envelope::decode(bytes);
        envelope.is_ok_and(|envelope| !done.holds(envelope.seq))
    };
    let said = envelopes
        .iter()
        .filter_map(|bytes| Expunging::said_by(bytes).filter(|_| is_new(bytes)));
    said.map(|said| said.seq.get() / WIDTH).collect()
}

pub(super) fn seq(index: u64, place: usize) -> u64 {
    index * WIDTH + place as u64
}
