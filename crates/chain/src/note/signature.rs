//! Signature lines: what a key put under the text of a note.
//!
//! A log signs the text as it is. A witness signs the text of a checkpoint
//! together with the time at which it saw it, after c2sp.org/tlog-cosignature;
//! the time stands in the line, before the signature.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signature;

use super::Signed;
use super::key::{KeyType, VerifierKey, is_key_name};
use crate::position::Instant;
use crate::private::{NotSigned, PrivateKey};

/// The latest time that a cosignature may give, in seconds since 1970.
const LATEST: u64 = i64::MAX as u64;
/// How many microseconds a second has.
const SECOND: u64 = 1_000_000;

/// A signature line of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key.
    pub name: String,
    /// The identifier of the key.
    pub id: u32,
    /// The signature, whatever its type.
    pub bytes: Vec<u8>,
}

impl NoteSignature {
    /// Reads a line without its newline: dash, space, name, space, base64.
    pub fn parse(line: &str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
        let bytes = STANDARD.decode(encoded).ok()?;
        let (id, signature) = bytes.split_first_chunk::<4>()?;
        let fits = is_key_name(name) && !signature.is_empty();
        fits.then(|| Self {
            name: name.to_owned(),
            id: u32::from_be_bytes(*id),
            bytes: signature.to_vec(),
        })
    }

    /// Returns the signature of a log's key over a text.
    ///
    /// # Errors
    /// The name is none for a key, or the key does not sign.
    pub fn of_log(text: &str, name: &str, key: &dyn PrivateKey) -> Result<Self, NotSigned> {
        let verifier = VerifierKey::new(name, key.public()).ok_or_else(|| nameless(name))?;
        Ok(Self::by(&verifier, key.sign(text.as_bytes())?.to_vec()))
    }

    /// Returns a witness's cosignature of a checkpoint's text, seen at this time.
    /// The time is told to the second, rounded down.
    ///
    /// # Errors
    /// The name is none for a key, or the key does not sign.
    pub fn of_witness(
        text: &str,
        name: &str,
        key: &dyn PrivateKey,
        seen: Instant,
    ) -> Result<Self, NotSigned> {
        let verifier = VerifierKey::cosigner(name, key.public()).ok_or_else(|| nameless(name))?;
        let time = seen.micros() / SECOND;
        let mut bytes = time.to_be_bytes().to_vec();
        bytes.extend(key.sign(cosigned(text, time).as_bytes())?.to_bytes());
        Ok(Self::by(&verifier, bytes))
    }

    fn by(key: &VerifierKey, bytes: Vec<u8>) -> Self {
        Self {
            name: key.name().to_owned(),
            id: key.id(),
            bytes,
        }
    }

    /// Returns whether the line says that it is by this key.
    pub fn names(&self, key: &VerifierKey) -> bool {
        self.name == key.name() && self.id == key.id()
    }

    /// Returns the signature as verified, if it is by this key.
    pub(super) fn verified<'a>(&self, key: &'a VerifierKey, text: &str) -> Option<Signed<'a>> {
        match key.kind() {
            KeyType::Ed25519 => {
                let signed = Signed { key, seen: None };
                is_by(key, text, &self.bytes).then_some(signed)
            }
            KeyType::Cosignature => {
                let (time, signature) = self.bytes.split_first_chunk::<8>()?;
                let time = u64::from_be_bytes(*time);
                let fits = time <= LATEST && is_by(key, &cosigned(text, time), signature);
                let seen = Some(Instant::from_micros(time.saturating_mul(SECOND)));
                fits.then_some(Signed { key, seen })
            }
        }
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.id.to_be_bytes().to_vec();
        bytes.extend(&self.bytes);
        write!(f, "\u{2014} {} {}", self.name, STANDARD.encode(bytes))
    }
}

fn nameless(name: &str) -> NotSigned {
    NotSigned {
        why: format!("{name:?} is no name for a key"),
    }
}

/// Returns what a witness signs: the text of a checkpoint, and when it was seen.
fn cosigned(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

fn is_by(key: &VerifierKey, text: &str, signature: &[u8]) -> bool {
    Signature::from_slice(signature)
        .is_ok_and(|signature| key.key().verify_strict(text.as_bytes(), &signature).is_ok())
}
