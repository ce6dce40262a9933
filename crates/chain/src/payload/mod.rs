//! What the chain's own entries carry: the origin, the keys and what becomes of
//! them, the approvals, the closings.
//!
//! Payloads are fixed bytes inside the envelope, so that whoever holds the
//! envelopes alone, without one body, can check every key signature. Here are
//! the origin and the message; each of the others has a module.

pub mod act;
pub mod approval;
mod closing;
mod key;
mod revocation;

pub use act::{Act, ActsHash, ActsHasher};
pub use approval::{Approval, Nonce, approval_message};
pub use closing::{Closing, closing_is_signed, closing_message, sign_closing};
pub use key::{KeyPayload, Role};
pub use revocation::Revocation;

use crate::kind::Kind;

/// The longest origin, in bytes.
pub const MAX_ORIGIN: usize = 128;
/// The longest name of a key, in bytes.
pub const MAX_KEY_NAME: usize = 64;
/// The longest message of a submission, in bytes.
pub const MAX_MESSAGE: usize = 400;
/// The longest reason of a revocation, in bytes.
pub const MAX_REASON: usize = 200;
/// What the message of a closing's signature begins with, after a zero byte.
pub const CLOSE_CONTEXT: &[u8] = b"chancery/close/v1";
/// What the message of an approval's signature begins with, after a zero byte.
pub const APPROVE_CONTEXT: &[u8] = b"chancery/approve/v1";

/// Why a payload does not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MalformedPayload {
    /// The bytes end too early or go on too long.
    #[error("the payload has the wrong length")]
    Length,
    /// The origin is empty, too long, or has white space or a plus sign.
    #[error("an origin has 1 to {MAX_ORIGIN} bytes, without white space or '+'")]
    Origin,
    /// The number stands for no role.
    #[error("no role has the number {0}")]
    Role(u8),
    /// The name is empty, too long, no UTF-8, or has control characters.
    #[error("a key's name has 1 to {MAX_KEY_NAME} bytes of printable text")]
    KeyName,
    /// The message is empty, too long, no UTF-8, or has control characters.
    #[error("a message has 1 to {MAX_MESSAGE} bytes of printable text on one line")]
    Message,
    /// A text of an expunging is empty, too long, no UTF-8, or has control characters.
    #[error("an expunging has an authority and a reason, printable and on one line each")]
    Expunging,
    /// A quorum of no keepers.
    #[error("a quorum is of one keeper at least")]
    Quorum,
    /// The reason is too long, no UTF-8, or has control characters.
    #[error("a reason has at most {MAX_REASON} bytes of printable text on one line")]
    Reason,
    /// The entry decides nothing that keepers approve of.
    #[error("kind {0} is nothing that keepers decide")]
    NoAct(Kind),
    /// The 32 bytes are no Ed25519 public key.
    #[error("the bytes are no Ed25519 public key")]
    Key,
}

/// The name of a ledger, unlike any other's: like `archive.example/syria`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin(String);

impl Origin {
    /// Returns the origin with this name.
    ///
    /// # Errors
    /// It is empty, longer than [`MAX_ORIGIN`] bytes, or has white space, control
    /// characters or a plus sign, which the signed-note format forbids in key names.
    pub fn new(name: &str) -> Result<Self, MalformedPayload> {
        let fits = (1..=MAX_ORIGIN).contains(&name.len());
        let plain = !name
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '+');
        if fits && plain {
            Ok(Self(name.to_owned()))
        } else {
            Err(MalformedPayload::Origin)
        }
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the payload of a founding entry: u16 length, origin.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = length_prefix(&self.0);
        bytes.extend(self.0.as_bytes());
        bytes
    }

    /// Reads the payload of a founding entry.
    ///
    /// # Errors
    /// The length is wrong, or the name is none.
    pub fn decode(payload: &[u8]) -> Result<Self, MalformedPayload> {
        let (length, name) = payload
            .split_first_chunk::<2>()
            .ok_or(MalformedPayload::Length)?;
        if usize::from(u16::from_be_bytes(*length)) != name.len() {
            return Err(MalformedPayload::Length);
        }
        Self::new(std::str::from_utf8(name).map_err(|_| MalformedPayload::Origin)?)
    }
}

/// Returns the payload of a message entry: the text.
///
/// # Errors
/// The text is empty, too long, or not printable.
pub fn encode_message(text: &str) -> Result<Vec<u8>, MalformedPayload> {
    let fits = (1..=MAX_MESSAGE).contains(&text.len()) && is_printable(text);
    let bytes = fits.then(|| text.as_bytes().to_vec());
    bytes.ok_or(MalformedPayload::Message)
}

/// Reads the payload of a message entry.
///
/// # Errors
/// The bytes are no message.
pub fn decode_message(payload: &[u8]) -> Result<String, MalformedPayload> {
    let text = std::str::from_utf8(payload).map_err(|_| MalformedPayload::Message)?;
    encode_message(text).map(|_| text.to_owned())
}

/// Returns what a key signs that speaks for a ledger: a zero byte, the context,
/// the origin behind its length as u16, and the rest.
///
/// The zero byte keeps it from ever being the text of a signed note.
fn statement(context: &[u8], origin: &Origin, rest: &[&[u8]]) -> Vec<u8> {
    let mut message = vec![0];
    message.extend(context);
    message.extend(origin.encode());
    message.extend(rest.concat());
    message
}

fn length_prefix(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    length.to_be_bytes().to_vec()
}

fn is_printable(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_of_words_and_not_too_long() {
        let longest = "x".repeat(MAX_MESSAGE);

        assert_eq!(decode_message(longest.as_bytes()), Ok(longest.clone()));
        for wrong in ["", "two\nlines", &format!("{longest}x")] {
            let read = decode_message(wrong.as_bytes());
            assert_eq!(read, Err(MalformedPayload::Message), "{wrong:?}");
            assert_eq!(encode_message(wrong), Err(MalformedPayload::Message));
        }
    }

    #[test]
    fn an_origin_is_a_name_that_a_key_may_have() {
        let longest = "x".repeat(MAX_ORIGIN);

        assert!(Origin::new(&longest).is_ok());
        let longer = format!("{longest}x");
        for wrong in ["", "a b", "a\u{2003}b", "a\nb", "a\u{1}b", "a+b", &longer] {
            let refused = Origin::new(wrong);
            assert_eq!(refused, Err(MalformedPayload::Origin), "{wrong:?}");
        }
    }

    #[test]
    fn an_origin_has_the_length_that_is_said() {
        let origin = Origin::new("archive.example/test").unwrap();
        let payload = origin.encode();

        assert_eq!(Origin::decode(&payload), Ok(origin));
        for length in 0..payload.len() {
            let read = Origin::decode(&payload[..length]);
            assert_eq!(read, Err(MalformedPayload::Length), "{length}");
        }
    }
}
