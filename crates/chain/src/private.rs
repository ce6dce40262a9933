//! Private keys: whatever signs in the name of a public key.
//!
//! A key may lie at hand, or with an agent that never gives it away; who signs
//! need not know which. Signing with an agent can fail.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

/// The private half of an Ed25519 key, wherever it is.
pub trait PrivateKey {
    /// Returns the public half.
    fn public(&self) -> VerifyingKey;

    /// Returns the signature over a message.
    ///
    /// # Errors
    /// Whoever holds the key does not sign.
    fn sign(&self, message: &[u8]) -> Result<Signature, NotSigned>;
}

/// Why a private key has not signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key does not sign: {why}")]
pub struct NotSigned {
    /// What whoever holds the key said.
    pub why: String,
}

impl PrivateKey for SigningKey {
    fn public(&self) -> VerifyingKey {
        self.verifying_key()
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, NotSigned> {
        let failed = |error: ed25519_dalek::SignatureError| NotSigned {
            why: error.to_string(),
        };
        self.try_sign(message).map_err(failed)
    }
}
