//! Bundles: up to 256 entries, or their body slots, in one file.
//!
//! An entry bundle is what c2sp.org/tlog-tiles says: for each entry its length
//! as u16, big-endian, and the envelope. A body bundle is the slots of the same
//! entries, one after the other. Whether what stands there is true is for
//! [`crate::audit`] to say.

use crate::envelope::{FIXED_LENGTH, MAX_ENVELOPE};
use crate::slot::Slot;
use crate::tree::{TreeHash, leaf_hash};

/// Bytes that are no bundle, from some place on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bundle cannot be read from its entry {entry} on, at byte {offset}")]
pub struct MalformedBundle {
    /// The place in the bundle, from zero, of the first entry that cannot be read.
    pub entry: usize,
    /// The byte at which that entry begins.
    pub offset: usize,
}

/// Adds one encoded envelope to an entry bundle.
///
/// An envelope has at most [`MAX_ENVELOPE`] bytes, so that its length always fits.
pub fn push_entry(bundle: &mut Vec<u8>, envelope: &[u8]) {
    let length = u16::try_from(envelope.len()).unwrap_or(u16::MAX);
    bundle.extend(length.to_be_bytes());
    bundle.extend(envelope);
}

/// Returns the entry bundle of these encoded envelopes.
pub fn encode_entry_bundle<'a>(envelopes: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut bundle = Vec::new();
    for envelope in envelopes {
        push_entry(&mut bundle, envelope);
    }
    bundle
}

/// Returns the body bundle of these slots.
pub fn encode_body_bundle<'a>(slots: impl IntoIterator<Item = &'a Slot>) -> Vec<u8> {
    let mut bundle = Vec::new();
    for slot in slots {
        slot.encode_into(&mut bundle);
    }
    bundle
}

/// Returns the envelopes' bytes in an entry bundle, all of it.
///
/// There may be more than 256: a bundle with an entry too many is read as it
/// stands, so that the entry can be named.
///
/// # Errors
/// A length is none that an envelope has, or the bytes end too early;
/// [`readable_entries`] gives what stands before.
pub fn decode_entry_bundle(bytes: &[u8]) -> Result<Vec<&[u8]>, MalformedBundle> {
    let (entries, fault) = readable_entries(bytes);
    fault.map_or(Ok(entries), Err)
}

/// Returns the slots in a body bundle, all of it.
///
/// # Errors
/// The bytes are no slot; [`readable_slots`] gives what stands before.
pub fn decode_body_bundle(bytes: &[u8]) -> Result<Vec<Slot>, MalformedBundle> {
    let (slots, fault) = readable_slots(bytes);
    fault.map_or(Ok(slots), Err)
}

/// Returns the envelopes' bytes up to where the bundle cannot be read, and that place.
pub fn readable_entries(bytes: &[u8]) -> (Vec<&[u8]>, Option<MalformedBundle>) {
    let mut entries = Vec::with_capacity(256.min(bytes.len() / FIXED_LENGTH));
    let mut rest = bytes;
    while !rest.is_empty() {
        let Some((envelope, after)) = split_entry(rest) else {
            let fault = MalformedBundle {
                entry: entries.len(),
                offset: bytes.len() - rest.len(),
            };
            return (entries, Some(fault));
        };
        entries.push(envelope);
        rest = after;
    }
    (entries, None)
}

/// Returns the envelopes' bytes of a bundle whose lengths may be damaged: one
/// place for each leaf, `None` where no entry can be made out.
///
/// Where the length that stands there does not give the entry whose leaf is in
/// the tile, another length that does is looked for; and where none does, the
/// entry itself is damaged and the one after it shows where it ends.
pub fn recover_entries<'a>(bytes: &'a [u8], leaves: &[TreeHash]) -> Vec<Option<&'a [u8]>> {
    let mut entries = Vec::with_capacity(leaves.len());
    let mut rest = bytes;
    for (place, leaf) in leaves.iter().enumerate() {
        let found = entry_of_leaf(rest, leaf)
            .or_else(|| entry_before(rest, leaves.get(place + 1)))
            .or_else(|| split_entry(rest));
        let Some((envelope, after)) = found else {
            break;
        };
        entries.push(Some(envelope));
        rest = after;
    }
    entries.resize(leaves.len(), None);
    entries
}

/// Returns the slots up to where the bundle cannot be read, and that place.
pub fn readable_slots(bytes: &[u8]) -> (Vec<Slot>, Option<MalformedBundle>) {
    let mut slots = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let Ok((slot, after)) = Slot::decode(rest) else {
            let fault = MalformedBundle {
                entry: slots.len(),
                offset: bytes.len() - rest.len(),
            };
            return (slots, Some(fault));
        };
        slots.push(slot);
        rest = after;
    }
    (slots, None)
}

/// Returns the entry at the front that has this leaf, whatever its length is said to be.
fn entry_of_leaf<'a>(bytes: &'a [u8], leaf: &TreeHash) -> Option<(&'a [u8], &'a [u8])> {
    let stated = split_entry(bytes).filter(|(envelope, _)| leaf_hash(envelope) == *leaf);
    stated.or_else(|| lengths(bytes).find(|(envelope, _)| leaf_hash(envelope) == *leaf))
}

/// Returns the entry at the front, if one with this leaf stands directly behind it.
fn entry_before<'a>(bytes: &'a [u8], next: Option<&TreeHash>) -> Option<(&'a [u8], &'a [u8])> {
    let next = next?;
    let followed =
        |rest: &[u8]| split_entry(rest).is_some_and(|(envelope, _)| leaf_hash(envelope) == *next);
    let stated = split_entry(bytes).filter(|(_, rest)| followed(rest));
    stated.or_else(|| lengths(bytes).find(|(_, rest)| followed(rest)))
}

/// Returns the entry at the front at every length that an envelope can have.
fn lengths(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let rest = bytes.get(2..).unwrap_or_default();
    (FIXED_LENGTH..=MAX_ENVELOPE).filter_map(|length| rest.split_at_checked(length))
}

fn split_entry(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    if !(FIXED_LENGTH..=MAX_ENVELOPE).contains(&length) {
        return None;
    }
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::position::Seq;

    #[test]
    fn an_entry_bundle_reads_back() {
        let entries = [vec![1; FIXED_LENGTH], vec![2; MAX_ENVELOPE]];
        let bundle = encode_entry_bundle(entries.iter().map(Vec::as_slice));

        assert_eq!(decode_entry_bundle(&bundle).unwrap(), entries);
    }

    #[test]
    fn a_body_bundle_reads_back() {
        let body = Slot::Body {
            salt: [9; 32],
            body: vec![1, 2, 3],
        };
        let slots = [Slot::None, body, Slot::Expunged(Seq::new(7))];

        assert_eq!(
            decode_body_bundle(&encode_body_bundle(&slots)).unwrap(),
            slots
        );
    }

    #[test]
    fn a_bundle_that_cannot_be_read_says_from_where() {
        let mut bundle = encode_entry_bundle([&[1; 100][..], &[2; 100][..]]);
        bundle[102] = 0xff;

        let fault = MalformedBundle {
            entry: 1,
            offset: 102,
        };
        assert_eq!(decode_entry_bundle(&bundle), Err(fault));
        assert_eq!(readable_entries(&bundle).0, [&[1; 100][..]]);
        assert!(decode_body_bundle(&[0, 3]).is_err());
        assert!(decode_body_bundle(&[1; 37]).is_err());
        assert!(decode_entry_bundle(&[0]).is_err());
    }

    #[test]
    fn entries_with_a_damaged_length_are_made_out_by_their_leaves() {
        let entries: Vec<_> = (0..5u8).map(|n| vec![n; 100 + usize::from(n)]).collect();
        let leaves: Vec<_> = entries.iter().map(|e| leaf_hash(e)).collect();
        let good = encode_entry_bundle(entries.iter().map(Vec::as_slice));
        for at in 0..good.len() {
            let mut bundle = good.clone();
            bundle[at] ^= 1;

            let found = recover_entries(&bundle, &leaves);

            let same = |place: &usize| found[*place] == Some(&entries[*place][..]);
            let right = (0..5).filter(same).count();
            assert!(right >= 4, "byte {at}: {right}");
            assert!(found.iter().all(Option::is_some), "byte {at}");
        }
    }

    #[test]
    fn slots_that_cannot_be_read_say_from_where() {
        let slots = [Slot::None, Slot::Expunged(Seq::new(7))];
        let mut bundle = encode_body_bundle(&slots);
        bundle.extend([3, 0, 0]);

        let (read, fault) = readable_slots(&bundle);

        let (entry, offset) = (2, 10);
        assert_eq!(fault, Some(MalformedBundle { entry, offset }));
        assert_eq!(read, slots);
    }

    #[test]
    fn an_entry_damaged_with_its_length_ends_where_the_next_one_begins() {
        let entries: Vec<_> = (0..3u8).map(|n| vec![n; 100 + usize::from(n)]).collect();
        let leaves: Vec<_> = entries.iter().map(|e| leaf_hash(e)).collect();
        let mut bundle = encode_entry_bundle(entries.iter().map(Vec::as_slice));
        // The length of the second entry, and its first byte.
        bundle[103] ^= 8;
        bundle[104] ^= 8;

        let found = recover_entries(&bundle, &leaves);

        let mut damaged = entries[1].clone();
        damaged[0] ^= 8;
        let expected = [&entries[0], &damaged, &entries[2]];
        assert_eq!(found, expected.map(|entry| Some(&entry[..])));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..2_000),
        ) {
            readable_entries(&bytes);
            readable_slots(&bytes);
            recover_entries(&bytes, &[leaf_hash(b"leaf"); 3]);
        }
    }
}
