//! The envelope: the small, public part of an entry, which the chain and the
//! tree are built over.
//!
//! Its bytes are written here by hand and nowhere else, big-endian, in one
//! fixed order, so that one envelope has one encoding; `docs/format.md`
//! describes them. What the payload of each chain kind means is in
//! [`crate::payload`]; what the body says is not the chain's affair.

use crate::hash::{BodyHash, Hash};
use crate::kind::Kind;
use crate::position::{Instant, Seq};

/// The most bytes that an envelope may take.
pub const MAX_ENVELOPE: usize = 512;
/// The most bytes that a body may take.
pub const MAX_BODY: usize = 65_536;
/// The version of the envelope's format that this program writes.
pub const VERSION: u8 = 1;
/// The bytes of an envelope before its payload.
pub const FIXED_LENGTH: usize = 1 + 8 + 8 + 8 + 2 + 2 + 32 + 4 + 32;

/// The small, public part of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The entry's position.
    pub seq: Seq,
    /// When the submission was recorded; the same for all its entries.
    pub recorded_at: Instant,
    /// The number of the submission, from zero.
    pub submission: u64,
    /// What sort of entry this is.
    pub kind: Kind,
    /// The version of the body's encoding; zero for the chain's own kinds.
    pub schema: u16,
    /// The hash of the envelope before; zeros in entry 0.
    pub previous: Hash,
    /// The length of the body in bytes; zero for the chain's own kinds.
    pub body_length: u32,
    /// The hash of salt and body; zeros for the chain's own kinds.
    pub body_hash: BodyHash,
    /// The content of the chain's own kinds; empty for records.
    pub payload: Vec<u8>,
}

/// Why bytes are no envelope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MalformedEnvelope {
    /// Fewer bytes than the fixed part, or more than [`MAX_ENVELOPE`].
    #[error("an envelope has {FIXED_LENGTH} to {MAX_ENVELOPE} bytes, this has {found}")]
    Length {
        /// How many bytes there are.
        found: usize,
    },
    /// A version that this program does not read.
    #[error("envelope version {found} is not known, only {VERSION}")]
    Version {
        /// The version that stands there.
        found: u8,
    },
    /// A record with a payload, or without a body's length or hash.
    #[error("a record's envelope has a body and no payload")]
    RecordShape,
    /// One of the chain's own kinds with a body.
    #[error("an envelope of the chain's own kinds has no body and schema 0")]
    ChainShape,
    /// A body longer than [`MAX_BODY`].
    #[error("a body has at most {MAX_BODY} bytes, this one claims {found}")]
    BodyLength {
        /// The length that stands there.
        found: u32,
    },
}

impl Envelope {
    /// Returns the bytes of this envelope.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(FIXED_LENGTH + self.payload.len());
        bytes.push(VERSION);
        bytes.extend(self.seq.get().to_be_bytes());
        bytes.extend(self.recorded_at.micros().to_be_bytes());
        bytes.extend(self.submission.to_be_bytes());
        bytes.extend(self.kind.get().to_be_bytes());
        bytes.extend(self.schema.to_be_bytes());
        bytes.extend(self.previous.as_bytes());
        bytes.extend(self.body_length.to_be_bytes());
        bytes.extend(self.body_hash.as_bytes());
        bytes.extend(&self.payload);
        bytes
    }

    /// Returns the kind of an encoded envelope, which stands at a fixed place; nothing else
    /// of it is read.
    pub fn kind_of(bytes: &[u8]) -> Option<Kind> {
        let kind = bytes.get(25..27)?.try_into().ok()?;
        Some(Kind::new(u16::from_be_bytes(kind)))
    }

    /// Returns the envelope that `bytes` are, all of them.
    ///
    /// # Errors
    /// The bytes are no envelope of this version; nothing is known of the entry.
    pub fn decode(bytes: &[u8]) -> Result<Self, MalformedEnvelope> {
        if !(FIXED_LENGTH..=MAX_ENVELOPE).contains(&bytes.len()) {
            return Err(MalformedEnvelope::Length { found: bytes.len() });
        }
        if bytes[0] != VERSION {
            return Err(MalformedEnvelope::Version { found: bytes[0] });
        }
        let envelope = Self {
            seq: Seq::new(u64::from_be_bytes(array(bytes, 1))),
            recorded_at: Instant::from_micros(u64::from_be_bytes(array(bytes, 9))),
            submission: u64::from_be_bytes(array(bytes, 17)),
            kind: Kind::new(u16::from_be_bytes(array(bytes, 25))),
            schema: u16::from_be_bytes(array(bytes, 27)),
            previous: Hash::from_bytes(array(bytes, 29)),
            body_length: u32::from_be_bytes(array(bytes, 61)),
            body_hash: BodyHash::from_bytes(array(bytes, 65)),
            payload: bytes[FIXED_LENGTH..].to_vec(),
        };
        envelope.well_formed()?;
        Ok(envelope)
    }

    fn well_formed(&self) -> Result<(), MalformedEnvelope> {
        if self.body_length as usize > MAX_BODY {
            return Err(MalformedEnvelope::BodyLength {
                found: self.body_length,
            });
        }
        let bodiless = self.body_length == 0 && self.body_hash == BodyHash::ZERO;
        if self.kind.is_record() {
            if bodiless || !self.payload.is_empty() {
                return Err(MalformedEnvelope::RecordShape);
            }
        } else if !bodiless || self.schema != 0 {
            return Err(MalformedEnvelope::ChainShape);
        }
        Ok(())
    }
}

/// Returns the `N` bytes at `at`, which the caller has made sure are there.
fn array<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[at..at + N]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Envelope {
        Envelope {
            seq: Seq::new(5),
            recorded_at: Instant::from_micros(1_000),
            submission: 1,
            kind: Kind::FIRST_RECORD,
            schema: 1,
            previous: Hash::from_bytes([7; 32]),
            body_length: 3,
            body_hash: BodyHash::from_bytes([9; 32]),
            payload: Vec::new(),
        }
    }

    fn chain_entry() -> Envelope {
        Envelope {
            kind: Kind::KEY,
            schema: 0,
            body_length: 0,
            body_hash: BodyHash::ZERO,
            payload: vec![1, 2, 3],
            ..record()
        }
    }

    fn read(envelope: &Envelope) -> Result<Envelope, MalformedEnvelope> {
        Envelope::decode(&envelope.encode())
    }

    #[test]
    fn an_envelope_reads_as_it_was_written() {
        for written in [record(), chain_entry()] {
            assert_eq!(read(&written), Ok(written));
        }
    }

    #[test]
    fn a_record_has_a_body_and_no_payload() {
        let empty = Envelope {
            body_length: 0,
            ..record()
        };
        let bodiless = Envelope {
            body_hash: BodyHash::ZERO,
            ..empty.clone()
        };
        let laden = Envelope {
            payload: vec![1],
            ..record()
        };

        assert_eq!(read(&empty), Ok(empty));
        assert_eq!(read(&bodiless), Err(MalformedEnvelope::RecordShape));
        assert_eq!(read(&laden), Err(MalformedEnvelope::RecordShape));
    }

    #[test]
    fn an_envelope_of_the_chains_own_kinds_has_no_body_and_no_schema() {
        let with_schema = Envelope {
            schema: 1,
            ..chain_entry()
        };
        let with_length = Envelope {
            body_length: 3,
            ..chain_entry()
        };
        let with_hash = Envelope {
            body_hash: record().body_hash,
            ..chain_entry()
        };

        for shape in [with_schema, with_length, with_hash] {
            assert_eq!(read(&shape), Err(MalformedEnvelope::ChainShape));
        }
    }

    #[test]
    fn a_body_is_as_long_as_it_may_be_and_no_longer() {
        let of = |body_length| Envelope {
            body_length,
            ..record()
        };

        assert!(read(&of(65_536)).is_ok());
        let found = 65_537;
        assert_eq!(
            read(&of(found)),
            Err(MalformedEnvelope::BodyLength { found })
        );
    }
}
