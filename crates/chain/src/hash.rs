//! The hashes that bind: entry to entry, body to envelope, source file to record.
//!
//! All three are BLAKE3. The first two are domain-separated by `derive_key`, so
//! that no body can be passed off as an envelope; the third is plain, so that
//! `b3sum` checks it. The Merkle tree's SHA-256 hashes are in [`crate::tree`].

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use blake3::hazmat::{HasherExt, hash_derive_key_context};

/// The context of an envelope's hash (BLAKE3 `derive_key`).
pub const ENVELOPE_CONTEXT: &str = "chancery v1 envelope";
/// The context of a body's hash (BLAKE3 `derive_key`).
pub const BODY_CONTEXT: &str = "chancery v1 body";

/// What `derive_key` makes of the contexts, once for all hashes.
static ENVELOPE_KEY: LazyLock<[u8; 32]> =
    LazyLock::new(|| hash_derive_key_context(ENVELOPE_CONTEXT));
static BODY_KEY: LazyLock<[u8; 32]> = LazyLock::new(|| hash_derive_key_context(BODY_CONTEXT));

/// Text that is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 64 hexadecimal digits")]
pub struct NotAHash;

/// Bytes, shown as small hexadecimal digits.
#[derive(Clone, Copy, Debug)]
pub struct Hex<'a>(pub &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

macro_rules! hash_type {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 32]);

        impl $name {
            /// Thirty-two zero bytes, which stand for "there is none".
            pub const ZERO: Self = Self([0; 32]);

            /// Returns the hash with these bytes.
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// Returns the bytes.
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Hex(&self.0).fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = NotAHash;

            fn from_str(text: &str) -> Result<Self, NotAHash> {
                unhex(text).map(Self).ok_or(NotAHash)
            }
        }
    };
}

hash_type! {
    /// The hash of a whole envelope, signature included: what the next entry
    /// carries as `previous`, and what a head is known by.
    Hash
}
hash_type! {
    /// The hash of an entry's salt and body.
    BodyHash
}
hash_type! {
    /// The plain BLAKE3 digest of a file held in custody.
    Digest
}

impl Hash {
    /// Returns the hash of an encoded envelope.
    pub fn of_envelope(bytes: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new_from_context_key(&ENVELOPE_KEY);
        hasher.update(bytes);
        Self(*hasher.finalize().as_bytes())
    }
}

impl BodyHash {
    /// Returns the hash of `body` under `salt`.
    ///
    /// The salt keeps a short body from being guessed from its hash, once the
    /// body and the salt have been destroyed together.
    pub fn of(salt: &[u8; 32], body: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new_from_context_key(&BODY_KEY);
        hasher.update(salt);
        hasher.update(body);
        Self(*hasher.finalize().as_bytes())
    }
}

impl Digest {
    /// Returns the digest of a file's bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = 16 * nibble(pair[0])? + nibble(pair[1])?;
    }
    Some(bytes)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hashes_are_those_of_derive_key() {
        let body = blake3::derive_key(BODY_CONTEXT, &[&[3; 32][..], b"body"].concat());
        let envelope = blake3::derive_key(ENVELOPE_CONTEXT, b"envelope");

        assert_eq!(BodyHash::of(&[3; 32], b"body"), BodyHash::from_bytes(body));
        assert_eq!(Hash::of_envelope(b"envelope"), Hash::from_bytes(envelope));
    }

    #[test]
    fn a_file_has_the_digest_that_b3sum_gives() {
        // Of the test vectors that BLAKE3 publishes, that of no bytes.
        let nothing = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";

        assert_eq!(Digest::of(b"").to_string(), nothing);
    }

    #[test]
    fn a_hash_reads_from_its_64_digits_large_or_small_and_from_nothing_else() {
        let text = "0123456789abcdef".repeat(4);
        let bytes = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef].repeat(4);

        let read: Hash = text.parse().unwrap();

        assert_eq!(read.as_bytes()[..], bytes);
        assert_eq!(read.to_string(), text);
        assert_eq!(format!("{read:?}"), format!("Hash({text})"));
        assert_eq!(text.to_uppercase().parse(), Ok(read));
        for wrong in [&text[1..], &format!("{text}0"), &text.replace('f', "g")] {
            assert_eq!(wrong.parse::<Hash>(), Err(NotAHash), "{wrong}");
        }
    }
}
