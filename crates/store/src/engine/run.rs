//! Runs: up to sixteen entries in one value of the store.
//!
//! sled is quickest with a few kilobytes to a value, and keeps values that make
//! a tree node longer than 128 KiB in files that it never syncs. So entries are
//! kept in runs of at most [`LONGEST`] bytes, and one that is longer by itself
//! is cut into chunks. Where runs begin depends on the entries alone, so that
//! applying the same entries again writes the same keys.

use chancery_chain::Seq;
use chancery_chain::seal::Entry;

use crate::tail::frame::{decode_entries, decode_entry, encode_entry};

/// The most bytes of entries in one value.
pub(super) const LONGEST: usize = 7 * 1024;
/// A run begins at every multiple of this.
pub(super) const RUN: u64 = 16;
/// The first byte of a value that holds whole entries.
const WHOLE: u8 = 0;
/// The first byte of a value that holds the beginning of one long entry.
const CHUNKED: u8 = 1;
/// The longest entry: lengths, envelope, salt and body.
const LONGEST_ENTRY: usize = 2 + 512 + 1 + 32 + 4 + 65_536;

/// The run that the next entry may go into.
#[derive(Debug, Default)]
pub(super) struct OpenRun {
    first: u64,
    bytes: Vec<u8>,
}

/// A key and its value.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

impl OpenRun {
    /// Adds an entry, and adds to `out` what the store must hold for it.
    ///
    /// A value that is written again with more entries stands twice in `out`;
    /// the later one counts.
    pub(super) fn push(&mut self, seq: Seq, entry: &Entry, out: &mut Vec<Pair>) {
        let mut bytes = Vec::with_capacity(entry.envelope.len() + 64);
        encode_entry(&entry.envelope, &entry.slot, &mut bytes);
        let number = seq.get();
        let full = self.bytes.len() + bytes.len() > LONGEST;
        if number.is_multiple_of(RUN) || full || self.bytes.is_empty() {
            self.first = number;
            self.bytes.clear();
            self.bytes.push(WHOLE);
        }
        if bytes.len() >= LONGEST {
            self.bytes.clear();
            return chunk(seq, &bytes, out);
        }
        self.bytes.extend(bytes);
        let key = run_key(Seq::new(self.first));
        match out.last_mut() {
            Some((last, value)) if *last == key => value.clone_from(&self.bytes),
            _ => out.push((key, self.bytes.clone())),
        }
    }
}

/// Returns the key of the run that begins with this entry.
pub(super) fn run_key(seq: Seq) -> Vec<u8> {
    let mut key = vec![b'e'];
    key.extend(seq.get().to_be_bytes());
    key
}

/// Returns the position of the first entry of the run under this key.
pub(super) fn run_first(key: &[u8]) -> Option<Seq> {
    let (prefix, number) = key.split_first()?;
    let number: [u8; 8] = number.try_into().ok()?;
    (*prefix == b'e').then(|| Seq::new(u64::from_be_bytes(number)))
}

/// Returns the entries of a value; `more` gives the chunks of a long entry.
pub(super) fn entries<E>(
    first: Seq,
    value: &[u8],
    mut more: impl FnMut(Vec<u8>) -> Result<Option<Vec<u8>>, E>,
) -> Result<Option<Vec<Entry>>, E> {
    let Some((tag, rest)) = value.split_first() else {
        return Ok(None);
    };
    if *tag == WHOLE {
        let (entries, left) = decode_entries(rest);
        return Ok((left == 0 && !entries.is_empty()).then_some(entries));
    }
    let Some((length, beginning)) = rest.split_first_chunk::<4>() else {
        return Ok(None);
    };
    let length = u32::from_be_bytes(*length) as usize;
    if *tag != CHUNKED || length > LONGEST_ENTRY {
        return Ok(None);
    }
    let mut bytes = beginning.to_vec();
    for number in 1_u32.. {
        if bytes.len() >= length {
            break;
        }
        match more(chunk_key(first, number))? {
            Some(chunk) if !chunk.is_empty() => bytes.extend(chunk),
            _ => return Ok(None),
        }
    }
    let one = decode_entry(&bytes).filter(|(_, left)| left.is_empty() && bytes.len() == length);
    Ok(one.map(|(entry, _)| vec![entry]))
}

fn chunk(seq: Seq, bytes: &[u8], out: &mut Vec<Pair>) {
    for (number, part) in (0_u32..).zip(bytes.chunks(LONGEST)) {
        if number == 0 {
            let mut value = vec![CHUNKED];
            let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            value.extend(length.to_be_bytes());
            value.extend(part);
            out.push((run_key(seq), value));
        } else {
            out.push((chunk_key(seq, number), part.to_vec()));
        }
    }
}

fn chunk_key(seq: Seq, number: u32) -> Vec<u8> {
    let mut key = vec![b'c'];
    key.extend(seq.get().to_be_bytes());
    key.extend(number.to_be_bytes());
    key
}
