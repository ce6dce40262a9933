//! Verifier keys: who may sign notes, as one line of text that can be handed round.
//!
//! Two types of key verify notes here: Ed25519 (0x01), with which a log signs
//! its checkpoints, and timestamped cosignatures (0x04), with which a witness
//! says what it saw and when. Keys of other types are told apart, not read.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};

/// Text that is no verifier key of Ed25519.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a verifier key is name+hash+base64, of an Ed25519 key")]
pub struct NotAVerifierKey;

/// What a key signs, by its number among the signature types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyType {
    /// The text of a note: type 0x01.
    Ed25519,
    /// The text of a checkpoint and the time at which it was seen: type 0x04.
    Cosignature,
}

/// A key that can verify notes, with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: KeyType,
    key: VerifyingKey,
}

/// A verifier key as it is spelt, of whatever type.
pub(crate) struct Spelt<'a> {
    pub(crate) name: &'a str,
    /// The number of its type.
    pub(crate) kind: u8,
    /// The public key, in the encoding of its type.
    pub(crate) material: Vec<u8>,
}

impl KeyType {
    /// Returns its number.
    pub const fn number(self) -> u8 {
        match self {
            Self::Ed25519 => 1,
            Self::Cosignature => 4,
        }
    }

    fn of(number: u8) -> Option<Self> {
        [Self::Ed25519, Self::Cosignature]
            .into_iter()
            .find(|kind| kind.number() == number)
    }
}

impl VerifierKey {
    /// Returns the verifier of this key of a log under this name, which is not
    /// empty and has neither white space nor a plus sign.
    pub fn new(name: &str, key: VerifyingKey) -> Option<Self> {
        Self::of_type(KeyType::Ed25519, name, key)
    }

    /// Returns the verifier of this key of a witness under this name.
    pub fn cosigner(name: &str, key: VerifyingKey) -> Option<Self> {
        Self::of_type(KeyType::Cosignature, name, key)
    }

    fn of_type(kind: KeyType, name: &str, key: VerifyingKey) -> Option<Self> {
        let name = is_key_name(name).then(|| name.to_owned())?;
        Some(Self { name, kind, key })
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what the key signs.
    pub fn kind(&self) -> KeyType {
        self.kind
    }

    /// Returns the public key.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// Returns the identifier: the first four bytes of SHA-256 over the name, a
    /// newline, the number of the type and the public key.
    pub fn id(&self) -> u32 {
        let hash: [u8; 32] = Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', self.kind.number()])
            .chain_update(self.key.as_bytes())
            .finalize()
            .into();
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![self.kind.number()];
        bytes.extend(self.key.as_bytes());
        let (name, id) = (&self.name, self.id());
        write!(f, "{name}+{id:08x}+{}", STANDARD.encode(bytes))
    }
}

impl FromStr for VerifierKey {
    type Err = NotAVerifierKey;

    fn from_str(text: &str) -> Result<Self, NotAVerifierKey> {
        let parse = || {
            let spelt = Spelt::parse(text)?;
            let key = VerifyingKey::from_bytes(spelt.material.as_slice().try_into().ok()?).ok()?;
            let verifier = Self::of_type(KeyType::of(spelt.kind)?, spelt.name, key)?;
            // A wrong identifier, or another spelling of the key, is refused.
            (verifier.to_string() == text).then_some(verifier)
        };
        parse().ok_or(NotAVerifierKey)
    }
}

impl<'a> Spelt<'a> {
    /// Reads a name, an identifier and a key, without looking whether they fit together.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (name, rest) = text.split_once('+')?;
        let (id, key) = rest.split_once('+')?;
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let bytes = STANDARD.decode(key).ok()?;
        let (kind, material) = bytes.split_first()?;
        let fits = is_key_name(name) && id.len() == 8 && id.bytes().all(digit);
        fits.then(|| Self {
            name,
            kind: *kind,
            material: material.to_vec(),
        })
    }

    /// Returns whether keys of this type are read here.
    pub(crate) fn is_known(&self) -> bool {
        KeyType::of(self.kind).is_some()
    }
}

/// Returns whether a key may have this name.
pub(super) fn is_key_name(name: &str) -> bool {
    !name.is_empty()
        && !name
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '+')
}
