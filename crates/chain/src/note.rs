//! Signed notes: a text and the key signatures under it, after c2sp.org/signed-note.
//!
//! Made and verified here are Ed25519 signatures (type 0x01), which are a log's,
//! and timestamped cosignatures (type 0x04), which are a witness's; others are
//! carried along and ignored, as the specification asks. What the text says is
//! for others to read, and only after [`Note::verify`].

mod key;
mod signature;

use std::fmt;

use crate::position::Instant;

pub(crate) use key::Spelt;
pub use key::{KeyType, NotAVerifierKey, VerifierKey};
pub use signature::NoteSignature;

use crate::private::{NotSigned, PrivateKey};

/// The longest note that is read, in bytes.
pub const MAX_NOTE: usize = 1_000_000;
/// The most signatures that a note may have.
pub const MAX_SIGNATURES: usize = 100;

/// Why text is no signed note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MalformedNote {
    /// More than [`MAX_NOTE`] bytes.
    #[error("a signed note has at most {MAX_NOTE} bytes")]
    Length,
    /// No UTF-8, or control characters other than a newline.
    #[error("a signed note is UTF-8 without control characters")]
    Characters,
    /// No empty line with signatures after it, or no newline at the end.
    #[error("a signed note is text, an empty line and signature lines")]
    Shape,
    /// A line after the text that is no signature.
    #[error("signature line {line} is none")]
    Signature {
        /// Which line, from one.
        line: usize,
    },
    /// More than [`MAX_SIGNATURES`] signatures.
    #[error("a signed note has at most {MAX_SIGNATURES} signatures")]
    Count,
}

/// Why a note is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unverified {
    /// None of the signatures is by a known key.
    #[error("no signature is by a known key")]
    NoKnownKey,
    /// A signature that names a known key is not by it.
    #[error("the signature that names key {name} is not by it")]
    Invalid {
        /// The name of the key.
        name: String,
    },
}

/// A signature that was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The key that made it.
    pub key: &'a VerifierKey,
    /// When the text was seen, if the key is a witness's.
    pub seen: Option<Instant>,
}

/// A text with the signatures under it, not yet verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// Returns a note of this text, which ends in a newline and has no other
    /// control characters, without signatures.
    pub fn new(text: &str) -> Option<Self> {
        let fits = text.ends_with('\n') && is_plain(text) && text.len() < MAX_NOTE;
        fits.then(|| Self {
            text: text.to_owned(),
            signatures: Vec::new(),
        })
    }

    /// Reads a note with at least one signature.
    ///
    /// # Errors
    /// The bytes are no signed note; nothing in them may be used.
    pub fn parse(bytes: &[u8]) -> Result<Self, MalformedNote> {
        if bytes.len() > MAX_NOTE {
            return Err(MalformedNote::Length);
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| MalformedNote::Characters)?;
        if !is_plain(whole) {
            return Err(MalformedNote::Characters);
        }
        let split = whole.rfind("\n\n").ok_or(MalformedNote::Shape)?;
        let (text, rest) = whole.split_at(split + 1);
        let lines = rest.strip_prefix('\n').ok_or(MalformedNote::Shape)?;
        Ok(Self {
            text: text.to_owned(),
            signatures: parse_signatures(lines)?,
        })
    }

    /// Adds the signature of a log's `key` under this name.
    ///
    /// # Errors
    /// The name is none for a key, or the key does not sign.
    pub fn signed(mut self, name: &str, key: &dyn PrivateKey) -> Result<Self, NotSigned> {
        let signature = NoteSignature::of_log(&self.text, name, key)?;
        self.signatures.push(signature);
        Ok(self)
    }

    /// Adds a signature, if it is not there already and the note does not have as
    /// many as it may; it is not verified.
    pub fn add(&mut self, signature: NoteSignature) {
        if !self.signatures.contains(&signature) && self.signatures.len() < MAX_SIGNATURES {
            self.signatures.push(signature);
        }
    }

    /// Puts a signature in the place of those that the same key made before.
    pub fn renew(&mut self, signature: NoteSignature) {
        let same = |it: &NoteSignature| it.name == signature.name && it.id == signature.id;
        self.signatures.retain(|it| !same(it));
        self.add(signature);
    }

    /// Returns the known keys that signed this note, in the order of their
    /// signatures and each once: at least one.
    ///
    /// Signatures by unknown keys are ignored.
    ///
    /// # Errors
    /// No known key signed it, or a signature that names a known key is not by it.
    pub fn verify<'a>(&self, known: &'a [VerifierKey]) -> Result<Vec<&'a VerifierKey>, Unverified> {
        let mut signers: Vec<&VerifierKey> = Vec::new();
        for signed in self.signers(&known.iter().collect::<Vec<_>>())? {
            if !signers.contains(&signed.key) {
                signers.push(signed.key);
            }
        }
        Ok(signers)
    }

    /// Returns the signatures by known keys, in their order: at least one.
    ///
    /// A key may have signed more than once, a witness at several times.
    ///
    /// # Errors
    /// As [`Self::verify`].
    pub fn signers<'a>(&self, known: &[&'a VerifierKey]) -> Result<Vec<Signed<'a>>, Unverified> {
        let mut signers = Vec::new();
        for signature in &self.signatures {
            let Some(key) = known.iter().find(|key| signature.names(key)) else {
                continue;
            };
            let signed = signature.verified(key, &self.text);
            signers.push(signed.ok_or_else(|| {
                let name = key.name().to_owned();
                Unverified::Invalid { name }
            })?);
        }
        if signers.is_empty() {
            return Err(Unverified::NoKnownKey);
        }
        Ok(signers)
    }

    /// Returns the text, its last newline included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the signatures, of whatever type.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        let mut signatures = self.signatures.iter();
        signatures.try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

/// Reads one or more signature lines, each with a newline at its end.
///
/// # Errors
/// They are none, or too many.
pub fn parse_signatures(lines: &str) -> Result<Vec<NoteSignature>, MalformedNote> {
    let lines = lines.strip_suffix('\n').filter(|lines| !lines.is_empty());
    let mut signatures = Vec::new();
    for (place, line) in lines.ok_or(MalformedNote::Shape)?.split('\n').enumerate() {
        if place == MAX_SIGNATURES {
            return Err(MalformedNote::Count);
        }
        let signature = NoteSignature::parse(line);
        signatures.push(signature.ok_or(MalformedNote::Signature { line: place + 1 })?);
    }
    Ok(signatures)
}

fn is_plain(text: &str) -> bool {
    !text.bytes().any(|byte| byte < b' ' && byte != b'\n')
}

#[cfg(test)]
mod tests;
