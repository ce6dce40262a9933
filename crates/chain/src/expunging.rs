//! Expunging: the entries by which bodies are destroyed, and who must agree.
//!
//! An expunging names one record whose body and salt are destroyed, its id if
//! it had one, by whose authority, and why. All of it is public and stays for
//! ever: the words that were destroyed must not stand here. A quorum says how
//! many keepers have to agree to that. Nothing is destroyed in this crate.

use crate::envelope::Envelope;
use crate::kind::Kind;
use crate::payload::MalformedPayload;
use crate::position::Seq;

/// The longest id of a record, in bytes.
pub const MAX_ID: usize = 128;
/// The longest authority, in bytes.
pub const MAX_AUTHORITY: usize = 128;
/// The longest reason, in bytes.
pub const MAX_REASON: usize = 140;

/// What an expunging says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expunging {
    /// The record whose body was destroyed.
    pub seq: Seq,
    /// The id that was chosen for it; empty if none was. Others name it by this still.
    pub id: String,
    /// By whose authority: the id of a record that says so, or words.
    pub authority: String,
    /// Why.
    pub reason: String,
}

/// How many keepers must agree before a body is destroyed or this number changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quorum(u8);

impl Expunging {
    /// Returns what an entry says, by its encoded envelope, if it is an expunging.
    pub fn said_by(envelope: &[u8]) -> Option<Self> {
        // Most entries are none, and need not be decoded.
        if Envelope::kind_of(envelope) != Some(Kind::EXPUNGING) {
            return None;
        }
        Self::decode(&Envelope::decode(envelope).ok()?.payload).ok()
    }

    /// Returns the payload of an expunging: u64 position, and id, authority and
    /// reason, each behind its length as u8.
    ///
    /// # Errors
    /// A text is too long or not printable, or there is no authority or reason.
    pub fn encode(&self) -> Result<Vec<u8>, MalformedPayload> {
        self.check()?;
        let mut bytes = self.seq.get().to_be_bytes().to_vec();
        for text in [&self.id, &self.authority, &self.reason] {
            let length = u8::try_from(text.len()).map_err(|_| MalformedPayload::Expunging)?;
            bytes.push(length);
            bytes.extend(text.as_bytes());
        }
        Ok(bytes)
    }

    /// Reads the payload of an expunging.
    ///
    /// # Errors
    /// The length is wrong, or a text is none that may stand there.
    pub fn decode(payload: &[u8]) -> Result<Self, MalformedPayload> {
        let (seq, rest) = payload
            .split_first_chunk::<8>()
            .ok_or(MalformedPayload::Length)?;
        let (id, rest) = text(rest)?;
        let (authority, rest) = text(rest)?;
        let (reason, rest) = text(rest)?;
        if !rest.is_empty() {
            return Err(MalformedPayload::Length);
        }
        let read = Self {
            seq: Seq::new(u64::from_be_bytes(*seq)),
            id,
            authority,
            reason,
        };
        read.check()?;
        Ok(read)
    }

    fn check(&self) -> Result<(), MalformedPayload> {
        let fits = self.id.len() <= MAX_ID
            && (1..=MAX_AUTHORITY).contains(&self.authority.len())
            && (1..=MAX_REASON).contains(&self.reason.len());
        let texts = [&self.id, &self.authority, &self.reason];
        let printable = !texts.iter().any(|text| text.chars().any(char::is_control));
        if fits && printable {
            Ok(())
        } else {
            Err(MalformedPayload::Expunging)
        }
    }
}

impl Quorum {
    /// The quorum of a ledger that does not say: one keeper.
    pub const ONE: Self = Self(1);

    /// Returns the quorum of this many keepers, if that is at least one.
    pub const fn new(keepers: u8) -> Option<Self> {
        if keepers == 0 {
            None
        } else {
            Some(Self(keepers))
        }
    }

    /// Returns how many keepers must agree.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// Returns the payload of a quorum entry: u8 keepers.
    pub fn encode(self) -> Vec<u8> {
        vec![self.0]
    }

    /// Reads the payload of a quorum entry.
    ///
    /// # Errors
    /// The length is wrong, or the number is zero.
    pub fn decode(payload: &[u8]) -> Result<Self, MalformedPayload> {
        let &[keepers] = payload else {
            return Err(MalformedPayload::Length);
        };
        Self::new(keepers).ok_or(MalformedPayload::Quorum)
    }
}

/// Reads a text behind its length off the front of `bytes`.
fn text(bytes: &[u8]) -> Result<(String, &[u8]), MalformedPayload> {
    let (length, rest) = bytes.split_first().ok_or(MalformedPayload::Length)?;
    let (text, rest) = rest
        .split_at_checked(usize::from(*length))
        .ok_or(MalformedPayload::Length)?;
    let text = std::str::from_utf8(text).map_err(|_| MalformedPayload::Expunging)?;
    Ok((text.to_owned(), rest))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::hash::{BodyHash, Hash};
    use crate::position::Instant;

    fn expunging() -> Expunging {
        Expunging {
            seq: Seq::new(6),
            id: "note-verbale".to_owned(),
            authority: "decision-12".to_owned(),
            reason: "names a person under protection".to_owned(),
        }
    }

    #[test]
    fn an_envelope_says_what_is_expunged_if_it_is_of_that_kind() {
        let envelope = |kind: Kind| Envelope {
            seq: Seq::new(9),
            recorded_at: Instant::from_micros(5),
            submission: 3,
            kind,
            schema: 0,
            previous: Hash::ZERO,
            body_length: 0,
            body_hash: BodyHash::ZERO,
            payload: expunging().encode().unwrap(),
        };
        let bytes = envelope(Kind::EXPUNGING).encode();

        assert_eq!(Expunging::said_by(&bytes), Some(expunging()));
        assert_eq!(Expunging::said_by(&envelope(Kind::MESSAGE).encode()), None);
        assert_eq!(Expunging::said_by(&bytes[..bytes.len() - 1]), None);
        assert_eq!(Expunging::said_by(&[]), None);
    }

    #[test]
    fn an_expunging_reads_back_and_no_beginning_of_it_does() {
        let payload = expunging().encode().unwrap();

        assert_eq!(Expunging::decode(&payload), Ok(expunging()));
        for length in 0..payload.len() {
            assert!(Expunging::decode(&payload[..length]).is_err(), "{length}");
        }
        let longer = [payload, vec![0]].concat();
        assert_eq!(Expunging::decode(&longer), Err(MalformedPayload::Length));
    }

    #[test]
    fn the_longest_expunging_fits_into_an_envelope() {
        let longest = Expunging {
            seq: Seq::new(u64::MAX),
            id: "i".repeat(MAX_ID),
            authority: "a".repeat(MAX_AUTHORITY),
            reason: "r".repeat(MAX_REASON),
        };

        let payload = longest.encode().unwrap();

        let room = crate::envelope::MAX_ENVELOPE - crate::envelope::FIXED_LENGTH;
        assert!(payload.len() <= room, "{}", payload.len());
        assert_eq!(Expunging::decode(&payload), Ok(longest));
    }

    #[test]
    fn an_expunging_without_authority_or_reason_or_of_two_lines_is_none() {
        let none = [
            Expunging {
                authority: String::new(),
                ..expunging()
            },
            Expunging {
                reason: String::new(),
                ..expunging()
            },
            Expunging {
                reason: "two\nlines".to_owned(),
                ..expunging()
            },
            Expunging {
                id: "i".repeat(MAX_ID + 1),
                ..expunging()
            },
            Expunging {
                authority: "a".repeat(MAX_AUTHORITY + 1),
                ..expunging()
            },
            Expunging {
                reason: "r".repeat(MAX_REASON + 1),
                ..expunging()
            },
        ];

        for one in none {
            assert_eq!(one.encode(), Err(MalformedPayload::Expunging), "{one:?}");
        }
        let mut payload = expunging().encode().unwrap();
        payload[9] = b'\n';
        assert_eq!(
            Expunging::decode(&payload),
            Err(MalformedPayload::Expunging)
        );
    }

    #[test]
    fn a_quorum_is_one_byte_that_is_not_zero() {
        assert_eq!(Quorum::decode(&[3]).map(Quorum::get), Ok(3));
        assert_eq!(Quorum::decode(&[0]), Err(MalformedPayload::Quorum));
        assert_eq!(Quorum::decode(&[]), Err(MalformedPayload::Length));
        assert_eq!(Quorum::decode(&[1, 1]), Err(MalformedPayload::Length));
        assert_eq!(Quorum::new(0), None);
    }
}
