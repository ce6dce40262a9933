//! The bytes of the tail: its header, and a frame for each submission.
//!
//! A frame begins at a multiple of eight with a head of eight bytes, so that
//! the head lies in one sector, and ends in eight bytes that are not zero, so
//! that a sector which did not reach the disk can be told. This module encodes
//! and decodes; it does not judge what a broken frame means.

use chancery_chain::envelope::MAX_ENVELOPE;
use chancery_chain::seal::Entry;
use chancery_chain::{Hash, Seq, Slot};

/// The bytes of the tail's header.
pub const HEADER_LENGTH: usize = 64;
/// The bytes of a frame's head.
pub const HEAD_LENGTH: usize = 8;
/// The most bytes of entries that a frame may hold.
pub const MAX_PAYLOAD: usize = 1 << 30;
/// The last bytes of every frame.
pub const END: &[u8; 8] = b"FRAMEEND";
const CHECK_LENGTH: usize = 32;
const MAGIC: &[u8; 8] = b"CHANTAIL";
const VERSION: u64 = 1;
const HEAD_CONTEXT: &[u8] = b"chancery frame head v1";

/// Where a tail begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The position of the first entry that the tail may hold.
    pub first: Seq,
    /// The hash of the envelope before it; zeros if there is none.
    pub previous: Hash,
}

/// A submission that is too long for a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a submission has at most {MAX_PAYLOAD} bytes, this one has {found}")]
pub struct TooLong {
    /// How many bytes it has.
    pub found: usize,
}

impl Header {
    /// Returns the header's bytes: magic, version, first, previous, check.
    pub fn encode(&self) -> [u8; HEADER_LENGTH] {
        let mut bytes = [0; HEADER_LENGTH];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..16].copy_from_slice(&VERSION.to_be_bytes());
        bytes[16..24].copy_from_slice(&self.first.get().to_be_bytes());
        bytes[24..56].copy_from_slice(self.previous.as_bytes());
        let check = blake3::hash(&bytes[..56]);
        bytes[56..].copy_from_slice(&check.as_bytes()[..8]);
        bytes
    }

    /// Returns the header that `bytes` begin with, or `None` if they begin with none.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.first_chunk::<HEADER_LENGTH>()?;
        let version = u64::from_be_bytes(*bytes[8..].first_chunk()?);
        let check = blake3::hash(&bytes[..56]);
        if &bytes[..8] != MAGIC || version != VERSION || bytes[56..] != check.as_bytes()[..8] {
            return None;
        }
        Some(Self {
            first: Seq::new(u64::from_be_bytes(*bytes[16..].first_chunk()?)),
            previous: Hash::from_bytes(*bytes[24..].first_chunk()?),
        })
    }
}

/// Returns the frame of a submission.
///
/// # Errors
/// The submission is longer than a frame can hold.
pub fn encode(entries: &[Entry]) -> Result<Vec<u8>, TooLong> {
    let mut bytes = vec![0; HEAD_LENGTH];
    for entry in entries {
        encode_entry(&entry.envelope, &entry.slot, &mut bytes);
        if bytes.len() - HEAD_LENGTH > MAX_PAYLOAD {
            let found = bytes.len() - HEAD_LENGTH;
            return Err(TooLong { found });
        }
    }
    let payload = bytes.len() - HEAD_LENGTH;
    let length = u32::try_from(payload).map_err(|_| TooLong { found: payload })?;
    bytes[..HEAD_LENGTH].copy_from_slice(&head(length));
    let check = blake3::hash(&bytes);
    bytes.extend(check.as_bytes());
    bytes.resize(frame_length(payload) - END.len(), 0);
    bytes.extend(END);
    Ok(bytes)
}

/// Adds an entry as tail and bundles of the store hold it: u16 length, envelope, slot.
pub(crate) fn encode_entry(envelope: &[u8], slot: &Slot, out: &mut Vec<u8>) {
    // An envelope of more than `MAX_ENVELOPE` bytes is refused long before this.
    let length = u16::try_from(envelope.len()).unwrap_or(u16::MAX);
    out.extend(length.to_be_bytes());
    out.extend(envelope);
    slot.encode_into(out);
}

/// Reads one entry off the front of `bytes` and returns it with what is left.
pub(crate) fn decode_entry(bytes: &[u8]) -> Option<(Entry, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length > MAX_ENVELOPE || length > rest.len() {
        return None;
    }
    let (envelope, rest) = rest.split_at(length);
    let (slot, rest) = Slot::decode(rest).ok()?;
    let envelope = envelope.to_vec();
    Some((Entry { envelope, slot }, rest))
}

/// Returns the entries of a payload as far as they can be read, and how many
/// bytes at its end could not.
pub(crate) fn decode_entries(mut payload: &[u8]) -> (Vec<Entry>, usize) {
    let mut entries = Vec::new();
    while let Some((entry, rest)) = decode_entry(payload) {
        entries.push(entry);
        payload = rest;
    }
    (entries, payload.len())
}

/// Returns the length that a frame's head gives for the payload, if the head is whole.
pub fn decode_head(bytes: &[u8]) -> Option<usize> {
    let bytes = bytes.first_chunk::<HEAD_LENGTH>()?;
    let length = u32::from_be_bytes(*bytes.first_chunk()?);
    let payload = usize::try_from(length).ok()?;
    let fits = (1..=MAX_PAYLOAD).contains(&payload);
    (fits && *bytes == head(length)).then_some(payload)
}

/// Returns how many bytes the frame of a payload of this length takes.
pub const fn frame_length(payload: usize) -> usize {
    (HEAD_LENGTH + payload + CHECK_LENGTH).next_multiple_of(8) + END.len()
}

/// Returns whether a frame of this payload length is as it was written.
pub(crate) fn is_whole(frame: &[u8], payload: usize) -> bool {
    let checked = HEAD_LENGTH + payload;
    let Some((content, rest)) = frame.split_at_checked(checked) else {
        return false;
    };
    let Some((check, rest)) = rest.split_at_checked(CHECK_LENGTH) else {
        return false;
    };
    let Some((padding, end)) = rest.split_last_chunk::<8>() else {
        return false;
    };
    end == END && padding.iter().all(|byte| *byte == 0) && check == blake3::hash(content).as_bytes()
}

fn head(length: u32) -> [u8; HEAD_LENGTH] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(HEAD_CONTEXT);
    hasher.update(&length.to_be_bytes());
    let mut bytes = [0; HEAD_LENGTH];
    bytes[..4].copy_from_slice(&length.to_be_bytes());
    bytes[4..].copy_from_slice(&hasher.finalize().as_bytes()[..4]);
    bytes
}
