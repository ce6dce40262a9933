//! An entry examined by itself: its hashes, its form, its body, its key signature.
//!
//! All of this needs no other entry, so that many entries can be examined at
//! once, in any order; the audit then takes them one after the other. Whether
//! an entry follows the one before it is not asked here.

use ed25519_dalek::VerifyingKey;

use super::Checks;
use crate::envelope::{Envelope, MalformedEnvelope};
use crate::finding::Finding;
use crate::hash::Hash;
use crate::kind::Kind;
use crate::payload::{Closing, Origin, closing_is_signed};
use crate::position::Seq;
use crate::slot::Slot;
use crate::tree::{TreeHash, leaf_hash};

/// What can be told of an entry without its neighbours.
#[derive(Clone, Debug)]
pub struct Examined {
    pub(super) hash: Hash,
    /// The hash of the leaf, if it was asked for.
    pub(super) leaf: Option<TreeHash>,
    pub(super) envelope: Result<Envelope, MalformedEnvelope>,
    pub(super) body: Body,
    /// Its bytes, if it is a closing.
    pub(super) closing: Option<Vec<u8>>,
    tried: Option<Tried>,
}

/// What came of comparing a body with its envelope.
#[derive(Clone, Debug)]
pub(super) enum Body {
    /// There is none and need be none, or it was not asked for.
    Sound,
    /// It is there, and the one that was appended.
    Held,
    Faulty(Box<Finding>),
    /// It is said to have been destroyed by the entry at this position.
    Expunged(Seq),
}

/// A key that a closing's signature was tried with.
#[derive(Clone, Debug)]
struct Tried {
    origin: Origin,
    key: VerifyingKey,
    valid: bool,
}

impl Examined {
    /// Examines the entry with these bytes and this body slot, as far as is asked.
    pub fn of(bytes: &[u8], slot: Option<&Slot>, checks: Checks) -> Self {
        let envelope = Envelope::decode(bytes);
        let body = match &envelope {
            Ok(envelope) if checks.bodies => Body::of(envelope, slot),
            _ => Body::Sound,
        };
        let is_closing = |envelope: &Envelope| envelope.kind == Kind::CLOSING;
        let closing = envelope.as_ref().is_ok_and(is_closing);
        Self {
            hash: Hash::of_envelope(bytes),
            leaf: checks.tree.then(|| leaf_hash(bytes)),
            envelope,
            body,
            closing: closing.then(|| bytes.to_vec()),
            tried: None,
        }
    }

    /// Returns the envelope, if it reads.
    pub fn envelope(&self) -> Option<&Envelope> {
        self.envelope.as_ref().ok()
    }

    /// Returns the hash of the entry's leaf, if it was asked for.
    pub fn leaf(&self) -> Option<TreeHash> {
        self.leaf
    }

    /// Returns whether nothing was found that is wrong with the body.
    pub fn has_sound_body(&self) -> bool {
        matches!(self.body, Body::Sound | Body::Held)
    }

    /// Returns the position of the key that a closing says it was signed with.
    pub fn signer(&self) -> Option<Seq> {
        self.closing.as_ref()?;
        let closing = Closing::decode(&self.envelope()?.payload).ok()?;
        Some(closing.signer)
    }

    /// Verifies a closing's key signature ahead of the audit, which asks again
    /// only if it finds that another origin or another key counts.
    pub fn try_key(&mut self, origin: &Origin, key: &VerifyingKey) {
        if let Some(bytes) = &self.closing {
            self.tried = Some(Tried {
                origin: origin.clone(),
                key: *key,
                valid: closing_is_signed(origin, bytes, key),
            });
        }
    }

    pub(super) fn witness(&mut self) -> Witness {
        Witness {
            closing: self.closing.take(),
            tried: self.tried.take(),
        }
    }
}

/// What an entry carries for its key signature to be verified by.
#[derive(Debug, Default)]
pub(super) struct Witness {
    /// The entry's bytes, if it is a closing.
    pub(super) closing: Option<Vec<u8>>,
    tried: Option<Tried>,
}

impl Witness {
    /// Returns whether the closing with these bytes is signed with this key.
    pub(super) fn is_signed(&self, bytes: &[u8], origin: &Origin, key: &VerifyingKey) -> bool {
        match &self.tried {
            Some(tried) if tried.origin == *origin && tried.key == *key => tried.valid,
            _ => closing_is_signed(origin, bytes, key),
        }
    }
}

impl Body {
    fn of(envelope: &Envelope, slot: Option<&Slot>) -> Self {
        let fault = match (envelope.kind.is_record(), slot) {
            (false, None | Some(Slot::None)) => None,
            (false, Some(_)) => {
                let message = "an entry of the chain's own kinds has a body";
                Some(Finding::damage("body-unexpected", message))
            }
            (true, None | Some(Slot::None)) => {
                Some(Finding::damage("body-missing", "the body is not there"))
            }
            (true, Some(Slot::Body { body, .. })) => match body_fault(envelope, body, slot) {
                None => return Self::Held,
                fault => fault,
            },
            (true, Some(Slot::Expunged(by))) => return Self::Expunged(*by),
        };
        fault.map_or(Self::Sound, |finding| Self::Faulty(Box::new(finding)))
    }
}

fn body_fault(envelope: &Envelope, body: &[u8], slot: Option<&Slot>) -> Option<Finding> {
    let finding = Finding::damage("body-mismatch", "the body is not the one that was appended");
    if body.len() as u64 != u64::from(envelope.body_length) {
        let expected = format!("{} bytes", envelope.body_length);
        return Some(finding.values(expected, format!("{} bytes", body.len())));
    }
    let found = slot.and_then(Slot::body_hash)?;
    (found != envelope.body_hash).then(|| finding.values(envelope.body_hash, found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ARCHIVIST, Ledger, key, origin};

    fn examined(place: usize) -> Examined {
        let entry = &Ledger::with(&[1]).entries[place];
        Examined::of(&entry.envelope, Some(&entry.slot), Checks::default())
    }

    #[test]
    fn an_examined_entry_tells_what_it_is_and_who_signed_it() {
        let (record, closing) = (examined(5), examined(6));

        assert_eq!(record.envelope().map(|it| it.seq), Some(Seq::new(5)));
        let leaf = leaf_hash(&Ledger::with(&[1]).entries[5].envelope);
        assert_eq!(record.leaf(), Some(leaf));
        assert_eq!(record.signer(), None);
        assert_eq!(closing.signer(), Some(ARCHIVIST));
    }

    #[test]
    fn a_body_is_sound_that_is_there_or_need_not_be() {
        let bodiless = Slot::None;
        let entry = &Ledger::with(&[1]).entries[5];
        let missing = Examined::of(&entry.envelope, Some(&bodiless), Checks::default());

        assert!(examined(5).has_sound_body() && examined(6).has_sound_body());
        assert!(!missing.has_sound_body());
    }

    #[test]
    fn what_was_tried_ahead_counts_for_that_origin_and_that_key_alone() {
        let bytes = &Ledger::with(&[1]).entries[6].envelope;
        let other = Origin::new("archive.example/other").unwrap();
        let [signer, stranger] = [2, 9].map(|seed| key(seed).verifying_key());
        let mut closing = examined(6);
        closing.try_key(&other, &stranger);
        // As if it had been found to be signed, which shows that it is not tried again.
        closing.tried.as_mut().unwrap().valid = true;
        let witness = closing.witness();

        assert!(witness.is_signed(bytes, &other, &stranger));
        assert!(!witness.is_signed(bytes, &origin(), &stranger));
        assert!(!witness.is_signed(bytes, &other, &signer));
        assert!(witness.is_signed(bytes, &origin(), &signer));
    }
}
