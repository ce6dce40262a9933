//! What the chain's own entries carry: the origin, the keys, the closings.
//!
//! Payloads are fixed bytes inside the envelope, so that whoever holds the
//! envelopes alone, without one body, can check every key signature.

use ed25519_dalek::{Signature, SigningKey, VerifyingKey};

use crate::position::Seq;

/// The longest origin, in bytes.
pub const MAX_ORIGIN: usize = 128;
/// The longest name of a key, in bytes.
pub const MAX_KEY_NAME: usize = 64;
/// The longest message of a submission, in bytes.
pub const MAX_MESSAGE: usize = 400;
/// The bytes of a closing's payload.
pub const CLOSING_LENGTH: usize = 8 + 4 + 8 + 64;
/// What the message of a closing's signature begins with, after a zero byte.
pub const CLOSE_CONTEXT: &[u8] = b"chancery/close/v1";

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
    /// The 32 bytes are no Ed25519 public key.
    #[error("the bytes are no Ed25519 public key")]
    Key,
}

/// The name of a ledger, unlike any other's: like `archive.example/syria`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin(String);

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Signs checkpoints; its key name is the origin.
    Log,
    /// Signs submissions.
    Archivist,
    /// Enrols and revokes keys, and destroys bodies.
    Keeper,
}

/// A key, enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPayload {
    /// What it may do.
    pub role: Role,
    /// The Ed25519 public key.
    pub key: VerifyingKey,
    /// Whose it is, for people.
    pub name: String,
}

/// The end of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The position of the submission's first entry.
    pub first: Seq,
    /// How many entries the submission has, the closing included.
    pub count: u32,
    /// The position of the key entry whose key signed.
    pub signer: Seq,
    /// The signature, over [`closing_message`].
    pub signature: Signature,
}

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

impl Role {
    /// All roles, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Log, Self::Archivist, Self::Keeper];

    /// Returns the number that stands for this role in bytes.
    pub const fn number(self) -> u8 {
        match self {
            Self::Log => 1,
            Self::Archivist => 2,
            Self::Keeper => 3,
        }
    }

    /// Returns the word for this role.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Archivist => "archivist",
            Self::Keeper => "keeper",
        }
    }
}

impl KeyPayload {
    /// Returns whether a key may have this name.
    pub fn may_be_named(name: &str) -> bool {
        check_key_name(name).is_ok()
    }

    /// Returns the payload of a key entry: u8 role, 32 bytes of key, u8 length, name.
    ///
    /// # Errors
    /// The name is empty, too long, or not printable.
    pub fn encode(&self) -> Result<Vec<u8>, MalformedPayload> {
        check_key_name(&self.name)?;
        let mut bytes = vec![self.role.number()];
        bytes.extend(self.key.as_bytes());
        bytes.push(u8::try_from(self.name.len()).map_err(|_| MalformedPayload::KeyName)?);
        bytes.extend(self.name.as_bytes());
        Ok(bytes)
    }

    /// Reads the payload of a key entry.
    ///
    /// # Errors
    /// The length is wrong, the role unknown, the key no key, or the name none.
    pub fn decode(payload: &[u8]) -> Result<Self, MalformedPayload> {
        let (role, rest) = payload.split_first().ok_or(MalformedPayload::Length)?;
        let (key, rest) = rest
            .split_first_chunk::<32>()
            .ok_or(MalformedPayload::Length)?;
        let (length, name) = rest.split_first().ok_or(MalformedPayload::Length)?;
        if usize::from(*length) != name.len() {
            return Err(MalformedPayload::Length);
        }
        let role = Role::ALL.into_iter().find(|known| known.number() == *role);
        let name = std::str::from_utf8(name).map_err(|_| MalformedPayload::KeyName)?;
        check_key_name(name)?;
        Ok(Self {
            role: role.ok_or(MalformedPayload::Role(payload[0]))?,
            key: VerifyingKey::from_bytes(key).map_err(|_| MalformedPayload::Key)?,
            name: name.to_owned(),
        })
    }
}

impl Closing {
    /// Returns the payload of a closing entry: u64 first, u32 count, u64 signer,
    /// 64 bytes of signature.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(CLOSING_LENGTH);
        bytes.extend(self.first.get().to_be_bytes());
        bytes.extend(self.count.to_be_bytes());
        bytes.extend(self.signer.get().to_be_bytes());
        bytes.extend(self.signature.to_bytes());
        bytes
    }

    /// Reads the payload of a closing entry.
    ///
    /// # Errors
    /// The length is wrong.
    pub fn decode(payload: &[u8]) -> Result<Self, MalformedPayload> {
        let short = || MalformedPayload::Length;
        let (first, rest) = payload.split_first_chunk::<8>().ok_or_else(short)?;
        let (count, rest) = rest.split_first_chunk::<4>().ok_or_else(short)?;
        let (signer, rest) = rest.split_first_chunk::<8>().ok_or_else(short)?;
        let signature: [u8; 64] = rest.try_into().map_err(|_| short())?;
        Ok(Self {
            first: Seq::new(u64::from_be_bytes(*first)),
            count: u32::from_be_bytes(*count),
            signer: Seq::new(u64::from_be_bytes(*signer)),
            signature: Signature::from_bytes(&signature),
        })
    }
}

/// Returns the payload of a message entry: the text.
///
/// # Errors
/// The text is empty, too long, or not printable.
pub fn encode_message(text: &str) -> Result<Vec<u8>, MalformedPayload> {
    let fits = (1..=MAX_MESSAGE).contains(&text.len());
    let printable = !text.chars().any(char::is_control);
    if fits && printable {
        Ok(text.as_bytes().to_vec())
    } else {
        Err(MalformedPayload::Message)
    }
}

/// Reads the payload of a message entry.
///
/// # Errors
/// The bytes are no message.
pub fn decode_message(payload: &[u8]) -> Result<String, MalformedPayload> {
    let text = std::str::from_utf8(payload).map_err(|_| MalformedPayload::Message)?;
    encode_message(text).map(|_| text.to_owned())
}

/// Returns what a closing's signature is over: a zero byte, the context, the
/// origin behind its length as u16, and the closing envelope less its last 64 bytes.
///
/// The zero byte keeps the message from ever being the text of a signed note.
pub fn closing_message(origin: &Origin, envelope: &[u8]) -> Vec<u8> {
    let unsigned = &envelope[..envelope.len().saturating_sub(64)];
    let mut message = vec![0];
    message.extend(CLOSE_CONTEXT);
    message.extend(length_prefix(origin.as_str()));
    message.extend(origin.as_str().as_bytes());
    message.extend(unsigned);
    message
}

/// Signs an encoded closing envelope in place: its last 64 bytes become the signature.
pub fn sign_closing(origin: &Origin, envelope: &mut [u8], key: &SigningKey) {
    use ed25519_dalek::Signer;
    let signature = key.sign(&closing_message(origin, envelope));
    let start = envelope.len().saturating_sub(64);
    envelope[start..].copy_from_slice(&signature.to_bytes());
}

/// Returns whether an encoded closing envelope carries the signature of `key`.
///
/// Strict in the sense of `verify_strict`: a key or signature that other
/// libraries might judge differently is refused.
pub fn closing_is_signed(origin: &Origin, envelope: &[u8], key: &VerifyingKey) -> bool {
    let Some((_, signature)) = envelope.split_last_chunk::<64>() else {
        return false;
    };
    let message = closing_message(origin, envelope);
    key.verify_strict(&message, &Signature::from_bytes(signature))
        .is_ok()
}

fn length_prefix(text: &str) -> Vec<u8> {
    u16::try_from(text.len())
        .unwrap_or(u16::MAX)
        .to_be_bytes()
        .to_vec()
}

fn check_key_name(name: &str) -> Result<(), MalformedPayload> {
    let fits = (1..=MAX_KEY_NAME).contains(&name.len());
    if fits && !name.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(MalformedPayload::KeyName)
    }
}
