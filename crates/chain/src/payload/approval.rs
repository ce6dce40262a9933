//! An approval entry: a keeper's signature over what a submission decides.
//!
//! It is made before the submission is, perhaps on another machine, so that a
//! keeper's key need not be where the ledger is. It is of the acts and of
//! nothing else: not of the head they follow, nor of the positions they get. A
//! number used once keeps it from deciding the same a second time.

use ed25519_dalek::{Signature, VerifyingKey};

use super::{APPROVE_CONTEXT, ActsHash, MalformedPayload, Origin, statement};
use crate::position::Seq;
use crate::private::{NotSigned, PrivateKey};

/// A number used once: sixteen random bytes, the same in all approvals of one request.
pub type Nonce = [u8; 16];

/// A keeper's approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The position of the keeper's key entry.
    pub keeper: Seq,
    /// The number used once.
    pub nonce: Nonce,
    /// The signature, over [`approval_message`].
    pub signature: Signature,
}

impl Approval {
    /// Returns the approval of these acts by the keeper whose key entry stands at `keeper`.
    ///
    /// # Errors
    /// The key does not sign.
    pub fn sign(
        origin: &Origin,
        keeper: Seq,
        nonce: Nonce,
        acts: &ActsHash,
        key: &dyn PrivateKey,
    ) -> Result<Self, NotSigned> {
        let signature = key.sign(&approval_message(origin, &nonce, acts))?;
        Ok(Self {
            keeper,
            nonce,
            signature,
        })
    }

    /// Returns whether it is the approval of these acts by this key, strictly verified.
    pub fn is_by(&self, origin: &Origin, acts: &ActsHash, key: &VerifyingKey) -> bool {
        let message = approval_message(origin, &self.nonce, acts);
        key.verify_strict(&message, &self.signature).is_ok()
    }

    /// Returns the payload of an approval entry: u64 keeper, 16 bytes of nonce,
    /// 64 bytes of signature.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = self.keeper.get().to_be_bytes().to_vec();
        bytes.extend(self.nonce);
        bytes.extend(self.signature.to_bytes());
        bytes
    }

    /// Reads the payload of an approval entry.
    ///
    /// # Errors
    /// The length is wrong.
    pub fn decode(payload: &[u8]) -> Result<Self, MalformedPayload> {
        let short = || MalformedPayload::Length;
        let (keeper, rest) = payload.split_first_chunk::<8>().ok_or_else(short)?;
        let (nonce, rest) = rest.split_first_chunk::<16>().ok_or_else(short)?;
        let signature: [u8; 64] = rest.try_into().map_err(|_| short())?;
        Ok(Self {
            keeper: Seq::new(u64::from_be_bytes(*keeper)),
            nonce: *nonce,
            signature: Signature::from_bytes(&signature),
        })
    }
}

/// Returns what an approval's signature is over: a zero byte, the context, the origin
/// behind its length as u16, the nonce, and the hash of the acts.
pub fn approval_message(origin: &Origin, nonce: &Nonce, acts: &ActsHash) -> Vec<u8> {
    statement(APPROVE_CONTEXT, origin, &[nonce, acts.as_bytes()])
}
