//! The chain of the two contenders that are not a ledger: each record is bound
//! to the one before it by a BLAKE3 hash, and by nothing else.

use chancery_core::record::{Record, SCHEMA};

use crate::contender::Failure;

/// The hash that a record ends in.
pub(crate) type Link = [u8; 32];

/// What the first record follows.
pub(crate) const NO_LINK: Link = [0; 32];

/// Whoever vouched for the records, in a ledger; here nobody did.
pub(crate) const NOBODY: u64 = 0;

/// Returns the hash of a record that follows `previous`.
pub(crate) fn link(previous: &Link, seq: u64, kind: u16, body: &[u8]) -> Link {
    let mut hasher = blake3::Hasher::new();
    hasher.update(previous);
    hasher.update(&seq.to_be_bytes());
    hasher.update(&kind.to_be_bytes());
    hasher.update(body);
    *hasher.finalize().as_bytes()
}

/// Returns the record that was kept as these bytes.
pub(crate) fn decode(kind: u16, body: &[u8]) -> Result<Record, Failure> {
    Ok(Record::decode(kind, SCHEMA, body)?)
}
