//! What of an entry can be looked up: ids, and the content of records.
//!
//! The store keeps these pairs without knowing what they mean, and asks for
//! them anew when it is made again from the roll.

use chancery_chain::{Envelope, Expunging, Kind, Seq, Slot};
use chancery_core::record::{Record, RecordKind};

/// The key under which an id is found.
pub(crate) fn id_key(id: &str) -> Vec<u8> {
    [b"i", id.as_bytes()].concat()
}

/// The key under which a record is found by its [`content`].
pub(crate) fn content_key(content: &[u8]) -> Vec<u8> {
    let digest = chancery_chain::Digest::of(content);
    [b"c".as_slice(), digest.as_bytes()].concat()
}

/// The key under which the expunging of a record with this id is found.
pub(crate) fn expunged_key(id: &str) -> Vec<u8> {
    [b"x", id.as_bytes()].concat()
}

/// Reads the value under an [`expunged_key`]: the record, and the expunging.
pub(crate) fn read_expunged(bytes: &[u8]) -> Option<(Seq, Seq)> {
    let (seq, by) = bytes.split_first_chunk::<8>()?;
    let by: [u8; 8] = by.try_into().ok()?;
    let seq = Seq::new(u64::from_be_bytes(*seq));
    Some((seq, Seq::new(u64::from_be_bytes(by))))
}

/// Returns what two sendings of one record have in common: everything but the
/// name that its file came under, and where its quotes were found.
pub(crate) fn content(record: &Record) -> Vec<u8> {
    let mut plain = record.clone();
    plain.forget_positions();
    if let Record::Source(source) = &mut plain
        && let Some(file) = &mut source.file
    {
        file.name.clear();
    }
    let mut bytes = record.kind().number().to_be_bytes().to_vec();
    bytes.extend(plain.encode());
    bytes
}

/// Returns the pairs of key and value under which an entry is to be found.
pub(crate) fn pairs(seq: Seq, envelope: &Envelope, slot: &Slot) -> Vec<(Vec<u8>, Vec<u8>)> {
    if envelope.kind == Kind::EXPUNGING {
        let said = Expunging::decode(&envelope.payload).ok();
        let said = said.filter(|said| !said.id.is_empty());
        let pair = |said: Expunging| {
            let both = [said.seq, seq].map(|seq| seq.get().to_be_bytes());
            (expunged_key(&said.id), both.concat())
        };
        return said.map(pair).into_iter().collect();
    }
    let Slot::Body { body, .. } = slot else {
        return Vec::new();
    };
    // A record of a newer program's has no pairs: it cannot be referred to by this one.
    let Ok(record) = Record::decode(envelope.kind.get(), envelope.schema, body) else {
        return Vec::new();
    };
    let place = place(seq, record.kind());
    match record.id() {
        Some(id) => vec![(id_key(id.as_str()), place)],
        None => vec![(content_key(&content(&record)), place)],
    }
}

/// Reads the value of a pair.
pub(crate) fn read_place(bytes: &[u8]) -> Option<(Seq, RecordKind)> {
    let (seq, kind) = bytes.split_first_chunk::<8>()?;
    let kind = RecordKind::from_number(u16::from_be_bytes(kind.try_into().ok()?))?;
    Some((Seq::new(u64::from_be_bytes(*seq)), kind))
}

fn place(seq: Seq, kind: RecordKind) -> Vec<u8> {
    [
        seq.get().to_be_bytes().as_slice(),
        &kind.number().to_be_bytes(),
    ]
    .concat()
}
