//! The body slot: how a body is kept beside the envelope that vouches for it.
//!
//! A slot is one byte that says what follows: 0, nothing (the entry has no
//! body); 1, the salt, the length and the body; 2, the position of the entry
//! by which the body was destroyed. Slots are not hashed: the envelope's body
//! hash binds what is in them.

use crate::envelope::MAX_BODY;
use crate::hash::BodyHash;
use crate::position::Seq;

/// What stands in the place of an entry's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The entry has no body: it is one of the chain's own.
    None,
    /// The body and the salt that its hash was made with.
    Body {
        /// Thirty-two random bytes.
        salt: [u8; 32],
        /// The body's bytes.
        body: Vec<u8>,
    },
    /// The body was destroyed by the entry at this position.
    Expunged(Seq),
}

/// Bytes that are no body slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no body slot can be read here")]
pub struct MalformedSlot;

impl Slot {
    /// Adds the bytes of this slot to `out`.
    pub fn encode_into(&self, out: &mut Vec<u8>) {
        match self {
            Self::None => out.push(0),
            Self::Body { salt, body } => {
                out.push(1);
                out.extend(salt);
                // A body longer than `MAX_BODY` is refused long before this.
                out.extend(u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes());
                out.extend(body);
            }
            Self::Expunged(by) => {
                out.push(2);
                out.extend(by.get().to_be_bytes());
            }
        }
    }

    /// Reads one slot off the front of `bytes` and returns it with what is left.
    ///
    /// # Errors
    /// The bytes end too early, or claim a body longer than [`MAX_BODY`].
    pub fn decode(bytes: &[u8]) -> Result<(Self, &[u8]), MalformedSlot> {
        let (tag, rest) = bytes.split_first().ok_or(MalformedSlot)?;
        match tag {
            0 => Ok((Self::None, rest)),
            1 => {
                let (salt, rest) = rest.split_first_chunk::<32>().ok_or(MalformedSlot)?;
                let (length, rest) = rest.split_first_chunk::<4>().ok_or(MalformedSlot)?;
                let length = u32::from_be_bytes(*length) as usize;
                if length > MAX_BODY || length > rest.len() {
                    return Err(MalformedSlot);
                }
                let (body, rest) = rest.split_at(length);
                Ok((
                    Self::Body {
                        salt: *salt,
                        body: body.to_vec(),
                    },
                    rest,
                ))
            }
            2 => {
                let (by, rest) = rest.split_first_chunk::<8>().ok_or(MalformedSlot)?;
                Ok((Self::Expunged(Seq::new(u64::from_be_bytes(*by))), rest))
            }
            _ => Err(MalformedSlot),
        }
    }

    /// Returns the hash of the salt and body held here, if they are.
    pub fn body_hash(&self) -> Option<BodyHash> {
        match self {
            Self::Body { salt, body } => Some(BodyHash::of(salt, body)),
            Self::None | Self::Expunged(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(length: usize) -> Slot {
        Slot::Body {
            salt: [9; 32],
            body: vec![1; length],
        }
    }

    fn encoded(slot: &Slot) -> Vec<u8> {
        let mut bytes = Vec::new();
        slot.encode_into(&mut bytes);
        bytes
    }

    #[test]
    fn a_slot_reads_as_it_was_written_and_no_beginning_of_it_does() {
        for written in [Slot::None, slot(3), Slot::Expunged(Seq::new(7))] {
            let bytes = encoded(&written);
            let more = [&bytes[..], b"more"].concat();

            assert_eq!(Slot::decode(&more), Ok((written, &b"more"[..])));
            for length in 0..bytes.len() {
                assert_eq!(Slot::decode(&bytes[..length]), Err(MalformedSlot));
            }
        }
    }

    #[test]
    fn a_body_is_as_long_as_it_may_be_and_no_longer() {
        let longest = slot(65_536);

        assert_eq!(Slot::decode(&encoded(&longest)), Ok((longest, &[][..])));
        assert_eq!(Slot::decode(&encoded(&slot(65_537))), Err(MalformedSlot));
    }

    #[test]
    fn only_a_body_that_is_there_has_a_hash() {
        let hash = BodyHash::of(&[9; 32], &[1; 3]);

        assert_eq!(slot(3).body_hash(), Some(hash));
        assert_eq!(Slot::None.body_hash(), None);
        assert_eq!(Slot::Expunged(Seq::new(7)).body_hash(), None);
    }
}
