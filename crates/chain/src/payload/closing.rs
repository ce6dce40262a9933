//! A closing entry: how far a submission goes, and the key signature over it.

use ed25519_dalek::{Signature, VerifyingKey};

use super::{CLOSE_CONTEXT, MalformedPayload, Origin, statement};
use crate::position::Seq;
use crate::private::{NotSigned, PrivateKey};

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

impl Closing {
    /// Returns the payload of a closing entry: u64 first, u32 count, u64 signer,
    /// 64 bytes of signature.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = self.first.get().to_be_bytes().to_vec();
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

/// Returns what a closing's signature is over: a zero byte, the context, the
/// origin behind its length as u16, and the closing envelope less its last 64 bytes.
///
/// The zero byte keeps the message from ever being the text of a signed note.
pub fn closing_message(origin: &Origin, envelope: &[u8]) -> Vec<u8> {
    let unsigned = &envelope[..envelope.len().saturating_sub(64)];
    statement(CLOSE_CONTEXT, origin, &[unsigned])
}

/// Signs an encoded closing envelope in place: its last 64 bytes become the signature.
///
/// # Errors
/// The key does not sign; the envelope is as it was.
pub fn sign_closing(
    origin: &Origin,
    envelope: &mut [u8],
    key: &dyn PrivateKey,
) -> Result<(), NotSigned> {
    let signature = key.sign(&closing_message(origin, envelope))?;
    let start = envelope.len().saturating_sub(64);
    envelope[start..].copy_from_slice(&signature.to_bytes());
    Ok(())
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
