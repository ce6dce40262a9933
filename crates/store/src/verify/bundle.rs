//! Reading a bundle that may be damaged, so that the entry can be named.
//!
//! In a whole bundle the lengths lead from entry to entry. In a damaged one the
//! leaves in the tile, and the lengths that the envelopes give for their bodies,
//! show where the next one begins.

use std::ops::Range;

use chancery_chain::bundle::decode_entry_bundle;
use chancery_chain::envelope::{FIXED_LENGTH, MAX_ENVELOPE};
use chancery_chain::tree::leaf_hash;
use chancery_chain::{Envelope, Slot, TreeHash};

/// Returns where each envelope stands in an entry bundle, `None` for those that
/// cannot be made out, and whether the bundle reads as it should.
pub(super) fn envelopes(
    bytes: &[u8],
    width: usize,
    leaves: Option<&[TreeHash]>,
) -> (Vec<Option<Range<usize>>>, bool) {
    if let Ok(found) = decode_entry_bundle(bytes)
        && (found.len() == width || leaves.is_none())
    {
        let whole = found.len() == width;
        return (in_order(found.iter().map(|envelope| envelope.len())), whole);
    }
    let leaves = leaves.unwrap_or_default();
    (led_by_leaves(bytes, width, leaves), false)
}

fn in_order(lengths: impl Iterator<Item = usize>) -> Vec<Option<Range<usize>>> {
    let mut at = 0;
    let ranges = lengths.map(|length| {
        let range = at + 2..at + 2 + length;
        at = range.end;
        Some(range)
    });
    ranges.collect()
}

fn led_by_leaves(bytes: &[u8], width: usize, leaves: &[TreeHash]) -> Vec<Option<Range<usize>>> {
    let mut found = Vec::new();
    let mut at = 0;
    for place in 0..width {
        let (this, next) = (leaves.get(place), leaves.get(place + 1));
        let range = this
            .and_then(|leaf| with_leaf(bytes, at, leaf))
            .or_else(|| before_leaf(bytes, at, next))
            .or_else(|| by_length(bytes, at));
        at = range.as_ref().map_or(at, |range| range.end);
        found.push(range);
    }
    if at < bytes.len()
        && let Ok(more) = decode_entry_bundle(&bytes[at..])
    {
        // Entries too many: they are given as they stand.
        let shifted = in_order(more.iter().map(|envelope| envelope.len())).into_iter();
        found.extend(shifted.map(|range| range.map(|range| range.start + at..range.end + at)));
    }
    found
}

/// Returns the envelope that begins at `at` and has this leaf, whatever its length says.
fn with_leaf(bytes: &[u8], at: usize, leaf: &TreeHash) -> Option<Range<usize>> {
    let fits = |range: &Range<usize>| bytes.get(range.clone()).map(leaf_hash) == Some(*leaf);
    let said = by_length(bytes, at);
    said.filter(|range| fits(range))
        .or_else(|| lengths(at).find(fits))
}

/// Returns what stands between `at` and the entry that has the next leaf.
fn before_leaf(bytes: &[u8], at: usize, next: Option<&TreeHash>) -> Option<Range<usize>> {
    let fits = |range: &Range<usize>| {
        let follows = by_length(bytes, range.end).and_then(|range| bytes.get(range));
        follows.map(leaf_hash).as_ref() == next
    };
    next?;
    let said = by_length(bytes, at);
    said.filter(|range| fits(range))
        .or_else(|| lengths(at).find(fits))
}

fn by_length(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let length = bytes.get(at..)?.first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    let range = at + 2..at + 2 + length;
    let fits = (FIXED_LENGTH..=MAX_ENVELOPE).contains(&length) && range.end <= bytes.len();
    fits.then_some(range)
}

fn lengths(at: usize) -> impl Iterator<Item = Range<usize>> {
    (FIXED_LENGTH..=MAX_ENVELOPE).map(move |length| at + 2..at + 2 + length)
}

/// Returns the slots of a body bundle, `None` for those that cannot be made out,
/// and whether the bundle reads as it should.
pub(super) fn slots(bytes: &[u8], envelopes: &[Option<Envelope>]) -> (Vec<Option<Slot>>, bool) {
    let mut found = Vec::new();
    let mut rest = bytes;
    let mut whole = true;
    for envelope in envelopes {
        let (slot, after) = slot(rest, envelope.as_ref());
        whole &= slot.is_some();
        rest = after;
        found.push(slot);
    }
    (found, whole && rest.is_empty())
}

/// Returns the slot at the front of `bytes`, if it is one that this envelope
/// may have, and what comes after it.
fn slot<'a>(bytes: &'a [u8], envelope: Option<&Envelope>) -> (Option<Slot>, &'a [u8]) {
    let read = Slot::decode(bytes).ok();
    let Some(envelope) = envelope else {
        return read.map_or((None, bytes), |(slot, rest)| (Some(slot), rest));
    };
    if let Some(rest) = behind_an_altered_tag(bytes, envelope) {
        return (None, rest);
    }
    let fits = |slot: &Slot| match slot {
        Slot::None => !envelope.kind.is_record(),
        Slot::Body { body, .. } => body.len() == envelope.body_length as usize,
        Slot::Expunged(_) => envelope.kind.is_record(),
    };
    if let Some((slot, rest)) = read
        && fits(&slot)
    {
        return (Some(slot), rest);
    }
    // A record's body may have been taken out, and the slot of one without left in its place.
    let without_body = matches!(Slot::decode(bytes), Ok((Slot::None, _)));
    let length = if envelope.kind.is_record() && !without_body {
        length_with_body(envelope)
    } else {
        1
    };
    (None, bytes.get(length..).unwrap_or_default())
}

/// Returns what comes after a slot that holds the right body behind another tag than that
/// of one: else whatever stands there would be taken for the slots after it.
fn behind_an_altered_tag<'a>(bytes: &'a [u8], envelope: &Envelope) -> Option<&'a [u8]> {
    if !envelope.kind.is_record() || bytes.first() == Some(&1) {
        return None;
    }
    let (slot, rest) = bytes.split_at_checked(length_with_body(envelope))?;
    let slot = [&[1], slot.get(1..)?].concat();
    let (slot, _) = Slot::decode(&slot).ok()?;
    (slot.body_hash() == Some(envelope.body_hash)).then_some(rest)
}

/// Returns how long the slot of a record is that has its body.
fn length_with_body(envelope: &Envelope) -> usize {
    1 + 32 + 4 + envelope.body_length as usize
}
