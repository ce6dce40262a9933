//! Signed notes: a text and the key signatures under it, after c2sp.org/signed-note.
//!
//! Only Ed25519 signatures (type 0x01) are made and verified here; others are
//! carried along and ignored, as the specification asks. What the text says is
//! for others to read, and only after [`Note::verify`].

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// The longest note that is read, in bytes.
pub const MAX_NOTE: usize = 1_000_000;
/// The most signatures that a note may have.
pub const MAX_SIGNATURES: usize = 100;
/// The number of Ed25519 among the signature types.
const ED25519: u8 = 1;

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

/// Text that is no verifier key of Ed25519.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a verifier key is name+hash+base64, of an Ed25519 key")]
pub struct NotAVerifierKey;

/// A key that can verify notes, with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: VerifyingKey,
}

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

/// A text with the signatures under it, not yet verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl VerifierKey {
    /// Returns the verifier of this key under this name, which is not empty and
    /// has neither white space nor a plus sign.
    pub fn new(name: &str, key: VerifyingKey) -> Option<Self> {
        is_key_name(name).then(|| Self {
            name: name.to_owned(),
            key,
        })
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the public key.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// Returns the identifier: the first four bytes of SHA-256 over the name, a
    /// newline, 0x01 and the public key.
    pub fn id(&self) -> u32 {
        let hash: [u8; 32] = Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', ED25519])
            .chain_update(self.key.as_bytes())
            .finalize()
            .into();
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![ED25519];
        bytes.extend(self.key.as_bytes());
        let (name, id) = (&self.name, self.id());
        write!(f, "{name}+{id:08x}+{}", STANDARD.encode(bytes))
    }
}

impl FromStr for VerifierKey {
    type Err = NotAVerifierKey;

    fn from_str(text: &str) -> Result<Self, NotAVerifierKey> {
        let parse = || {
            let (name, rest) = text.split_once('+')?;
            let (_, key) = rest.split_once('+')?;
            let bytes: [u8; 33] = STANDARD.decode(key).ok()?.try_into().ok()?;
            let (kind, key) = bytes.split_first_chunk::<1>()?;
            let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
            let verifier = Self::new(name, key).filter(|_| *kind == [ED25519])?;
            // A wrong identifier, or another spelling of the key, is refused.
            (verifier.to_string() == text).then_some(verifier)
        };
        parse().ok_or(NotAVerifierKey)
    }
}

impl NoteSignature {
    /// Reads a line without its newline: dash, space, name, space, base64.
    fn parse(line: &str) -> Option<Self> {
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
        let lines = rest
            .strip_prefix('\n')
            .and_then(|rest| rest.strip_suffix('\n'))
            .filter(|lines| !lines.is_empty())
            .ok_or(MalformedNote::Shape)?;
        let mut signatures = Vec::new();
        for (place, line) in lines.split('\n').enumerate() {
            if place == MAX_SIGNATURES {
                return Err(MalformedNote::Count);
            }
            let signature = NoteSignature::parse(line);
            signatures.push(signature.ok_or(MalformedNote::Signature { line: place + 1 })?);
        }
        Ok(Self {
            text: text.to_owned(),
            signatures,
        })
    }

    /// Adds the signature of `key` under this name, if the name is one for a key.
    #[must_use]
    pub fn signed(mut self, name: &str, key: &SigningKey) -> Option<Self> {
        let verifier = VerifierKey::new(name, key.verifying_key())?;
        self.signatures.push(NoteSignature {
            name: name.to_owned(),
            id: verifier.id(),
            bytes: key.sign(self.text.as_bytes()).to_vec(),
        });
        Some(self)
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
        for signature in &self.signatures {
            let named = |key: &&VerifierKey| key.name == signature.name && key.id() == signature.id;
            let Some(key) = known.iter().find(named) else {
                continue;
            };
            if !verifies(key, &self.text, &signature.bytes) {
                let name = key.name.clone();
                return Err(Unverified::Invalid { name });
            }
            if !signers.contains(&key) {
                signers.push(key);
            }
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
        for signature in &self.signatures {
            let mut bytes = signature.id.to_be_bytes().to_vec();
            bytes.extend(&signature.bytes);
            let encoded = STANDARD.encode(bytes);
            writeln!(f, "\u{2014} {} {encoded}", signature.name)?;
        }
        Ok(())
    }
}

fn verifies(key: &VerifierKey, text: &str, signature: &[u8]) -> bool {
    Signature::from_slice(signature)
        .is_ok_and(|signature| key.key.verify_strict(text.as_bytes(), &signature).is_ok())
}

fn is_key_name(name: &str) -> bool {
    !name.is_empty()
        && !name
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

fn is_plain(text: &str) -> bool {
    !text.bytes().any(|byte| byte < b' ' && byte != b'\n')
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::testing::{key, shared};

    fn bytes_of(case: &Value) -> Vec<u8> {
        if let Some(note) = case["note"].as_str() {
            return note.as_bytes().to_vec();
        }
        let hex = case["note_hex"].as_str().unwrap();
        (0..hex.len() / 2)
            .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
            .collect()
    }

    #[test]
    fn the_published_notes_verify_as_they_should() {
        let Some(file) = shared("vectors/signed-note/notes.json") else {
            return;
        };
        let cases: Value = serde_json::from_str(&file).unwrap();
        for case in cases["cases"].as_array().unwrap() {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let list = |value: &Value| -> Vec<String> {
                value.as_array().unwrap().iter().map(text).collect()
            };
            let keys: Vec<VerifierKey> = list(&case["vkeys"])
                .iter()
                .map(|key| key.parse().unwrap())
                .collect();

            let note = Note::parse(&bytes_of(case));
            let verified = note.as_ref().ok().and_then(|note| note.verify(&keys).ok());

            let names = |keys: Vec<&VerifierKey>| -> Vec<String> {
                keys.iter().map(|key| key.name().to_owned()).collect()
            };
            let expected = case["ok"]
                .as_bool()
                .unwrap()
                .then(|| list(&case["verified"]));
            assert_eq!(verified.map(names), expected, "{}", case["desc"]);
            if let Some(error) = case["error"].as_str() {
                assert_eq!(note.is_err(), error.starts_with("malformed"), "{error}");
            } else {
                assert_eq!(note.unwrap().to_string().into_bytes(), bytes_of(case));
            }
        }
    }

    #[test]
    fn a_note_reads_back_as_it_was_signed() {
        let note = Note::new("one\n\nthree\n").unwrap();
        let note = note.signed("archive.example/test", &key(1)).unwrap();
        let verifier = VerifierKey::new("archive.example/test", key(1).verifying_key()).unwrap();

        let read = Note::parse(note.to_string().as_bytes()).unwrap();

        assert_eq!(read, note);
        assert_eq!(read.text(), "one\n\nthree\n");
        assert_eq!(
            read.verify(std::slice::from_ref(&verifier)),
            Ok(vec![&verifier])
        );
    }

    #[test]
    fn a_verifier_key_has_one_spelling() {
        let text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

        assert_eq!(text.parse::<VerifierKey>().unwrap().to_string(), text);
        for wrong in [
            text.replace("530d903a", "530d903b"),
            text.replace("530d903a", "530D903A"),
            text.replace("530d903a", "30d903a"),
            text.replace("+Aek", "+Auk"),
            text.replace("example.com/foo", "example.com foo"),
            text.replace("example.com/foo", ""),
            format!("{text}="),
            String::new(),
        ] {
            assert_eq!(
                wrong.parse::<VerifierKey>(),
                Err(NotAVerifierKey),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_signature_line_must_be_exact() {
        let good = "text\n\n\u{2014} name AAAAAAE=\n";
        assert!(Note::parse(good.as_bytes()).is_ok());
        for wrong in [
            "text\n\n\u{2014} name AAAAAA==\n",
            "text\n\n\u{2014} name  AAAAAAE=\n",
            "text\n\n\u{2014} na+me AAAAAAE=\n",
            "text\n\n- name AAAAAAE=\n",
            "text\n\n\u{2014} name AAAAAAE\n",
            "text\n\n\u{2014} name AAAAAAE= \n",
            "text\n\n\u{2014} na\u{2003}me AAAAAAE=\n",
            "text\n\u{2014} name AAAAAAE=\n",
            "text\r\n\n\u{2014} name AAAAAAE=\n",
        ] {
            assert!(Note::parse(wrong.as_bytes()).is_err(), "{wrong:?}");
        }
    }
}
