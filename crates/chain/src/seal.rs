//! Sealing: making a submission out of what is to be appended.
//!
//! Entries get their places, their hashes of what stands before them, and a
//! closing with the key signature. Nothing is written here; whether a record
//! may be appended at all is for the ledger to say.

use ed25519_dalek::Signature;

use crate::envelope::{Envelope, MAX_BODY};
use crate::hash::{BodyHash, Hash};
use crate::head::Head;
use crate::kind::Kind;
use crate::payload::{
    Act, Approval, Closing, KeyPayload, MalformedPayload, Origin, Role, encode_message,
    sign_closing,
};
use crate::position::{Instant, Seq, Size};
use crate::private::{NotSigned, PrivateKey};
use crate::slot::Slot;

/// What is to become an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Draft {
    /// A record.
    Record {
        /// Its kind, 256 or more.
        kind: Kind,
        /// The version of the body's encoding.
        schema: u16,
        /// The body's bytes.
        body: Vec<u8>,
        /// Thirty-two random bytes.
        salt: [u8; 32],
    },
    /// Something that keepers decide.
    Act(Act),
    /// A keeper's approval of the acts beside it.
    Approval(Approval),
    /// What the archivist says of the submission as a whole.
    Message(String),
}

/// An entry as it is kept: the encoded envelope, and what stands in the body's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The envelope's bytes: the leaf of the tree.
    pub envelope: Vec<u8>,
    /// The body slot.
    pub slot: Slot,
}

/// Who signs a submission, and for which ledger.
#[derive(Clone, Copy)]
pub struct Signer<'a> {
    /// The ledger's name, which the signature covers.
    pub origin: &'a Origin,
    /// The position of the key entry.
    pub seq: Seq,
    /// The private key.
    pub key: &'a dyn PrivateKey,
}

/// Why a submission cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// A submission without entries.
    #[error("a submission has at least one entry besides its closing")]
    Empty,
    /// More entries than a closing can count, or than positions are left.
    #[error("a submission cannot have {found} entries")]
    Count {
        /// How many there are, without the closing.
        found: usize,
    },
    /// A body that is too long.
    #[error("a body has at most {MAX_BODY} bytes, that of draft {draft} has {found}")]
    BodyLength {
        /// The place of the draft in the submission, from zero.
        draft: usize,
        /// The length of its body.
        found: usize,
    },
    /// A record with a kind number of the chain's own.
    #[error("kind {found} of draft {draft} is none that a record may have")]
    NotARecord {
        /// The place of the draft in the submission, from zero.
        draft: usize,
        /// The kind that was given.
        found: Kind,
    },
    /// An act that cannot be encoded.
    #[error("draft {draft} cannot be kept")]
    Act {
        /// The place of the draft in the submission, from zero.
        draft: usize,
        /// What is wrong with it.
        source: MalformedPayload,
    },
    /// A message that cannot be kept.
    #[error("the message cannot be kept")]
    Message {
        /// What is wrong with it.
        source: MalformedPayload,
    },
    /// A founding without a keeper at the place that is to sign.
    #[error("a founding is signed by a keeper among its keys, key {signer} is none")]
    NoKeeper {
        /// The place among the founding keys, from zero, that was named.
        signer: usize,
    },
    /// The key does not sign.
    #[error(transparent)]
    NotSigned(#[from] NotSigned),
    /// A time before that of the head.
    #[error("a submission cannot be recorded before the one it follows")]
    Earlier,
}

/// Returns the entries of a submission of `drafts` that follows `head`, its closing
/// included, and the head after them.
///
/// # Errors
/// The submission cannot be made as it is given; nothing was made.
pub fn seal(
    head: &Head,
    recorded_at: Instant,
    signer: Signer<'_>,
    drafts: Vec<Draft>,
) -> Result<(Vec<Entry>, Head), SealError> {
    if drafts.is_empty() {
        return Err(SealError::Empty);
    }
    let mut sealer = Sealer::new(head, recorded_at, drafts.len())?;
    for (place, draft) in drafts.into_iter().enumerate() {
        sealer.draft(place, draft)?;
    }
    sealer.close(signer)
}

/// Returns the first submission of a ledger: its origin, its keys, its closing.
///
/// `signer` is the place of a keeper among `keys`, from zero, to whom `key` belongs.
///
/// # Errors
/// The key named is no keeper's, is not `key`, or a key cannot be encoded.
pub fn seal_founding(
    origin: &Origin,
    keys: &[KeyPayload],
    signer: usize,
    key: &dyn PrivateKey,
    recorded_at: Instant,
) -> Result<(Vec<Entry>, Head), SealError> {
    let seq = founding_signer(keys, signer, key).ok_or(SealError::NoKeeper { signer })?;
    let mut sealer = Sealer::new(&Head::EMPTY, recorded_at, keys.len().saturating_add(1))?;
    sealer.chain(Kind::FOUNDING, origin.encode());
    for (place, payload) in keys.iter().enumerate() {
        sealer.draft(place, Draft::Act(Act::Enrol(payload.clone())))?;
    }
    sealer.close(Signer { origin, seq, key })
}

/// Returns the position that the signing key will have, if it is a keeper's.
fn founding_signer(keys: &[KeyPayload], signer: usize, key: &dyn PrivateKey) -> Option<Seq> {
    let payload = keys.get(signer)?;
    let fits = payload.role == Role::Keeper && payload.key == key.public();
    let place = u64::try_from(signer).ok()?.checked_add(1)?;
    fits.then_some(Seq::new(place))
}

/// A submission in the making.
struct Sealer {
    first: Seq,
    head: Head,
    entries: Vec<Entry>,
}

impl Sealer {
    fn new(head: &Head, recorded_at: Instant, drafts: usize) -> Result<Self, SealError> {
        let count = drafts.saturating_add(1);
        let room = u64::MAX - head.size.get();
        if u32::try_from(count).is_err() || count as u64 > room {
            return Err(SealError::Count { found: drafts });
        }
        if recorded_at < head.recorded_at {
            return Err(SealError::Earlier);
        }
        Ok(Self {
            first: head.size.next_seq(),
            head: Head {
                recorded_at,
                ..*head
            },
            entries: Vec::with_capacity(count),
        })
    }

    fn draft(&mut self, place: usize, draft: Draft) -> Result<(), SealError> {
        match draft {
            Draft::Act(act) => {
                let payload = act.encode().map_err(|source| SealError::Act {
                    draft: place,
                    source,
                })?;
                self.chain(act.kind(), payload);
            }
            Draft::Approval(approval) => self.chain(Kind::APPROVAL, approval.encode()),
            Draft::Message(text) => {
                let payload =
                    encode_message(&text).map_err(|source| SealError::Message { source })?;
                self.chain(Kind::MESSAGE, payload);
            }
            Draft::Record {
                kind,
                schema,
                body,
                salt,
            } => {
                if !kind.is_record() {
                    return Err(SealError::NotARecord {
                        draft: place,
                        found: kind,
                    });
                }
                self.record(place, kind, schema, body, salt)?;
            }
        }
        Ok(())
    }

    fn record(
        &mut self,
        place: usize,
        kind: Kind,
        schema: u16,
        body: Vec<u8>,
        salt: [u8; 32],
    ) -> Result<(), SealError> {
        let found = body.len();
        let too_long = SealError::BodyLength {
            draft: place,
            found,
        };
        let body_length = match u32::try_from(found) {
            Ok(length) if found <= MAX_BODY => length,
            _ => return Err(too_long),
        };
        let envelope = Envelope {
            schema,
            body_length,
            body_hash: BodyHash::of(&salt, &body),
            ..self.blank(kind)
        };
        self.add(envelope.encode(), Slot::Body { salt, body });
        Ok(())
    }

    fn chain(&mut self, kind: Kind, payload: Vec<u8>) {
        let envelope = Envelope {
            payload,
            ..self.blank(kind)
        };
        self.add(envelope.encode(), Slot::None);
    }

    fn close(mut self, signer: Signer<'_>) -> Result<(Vec<Entry>, Head), SealError> {
        // `new` made sure that the count fits.
        let count = u32::try_from(self.entries.len() + 1).unwrap_or(u32::MAX);
        let closing = Closing {
            first: self.first,
            count,
            signer: signer.seq,
            signature: Signature::from_bytes(&[0; 64]),
        };
        let mut bytes = Envelope {
            payload: closing.encode(),
            ..self.blank(Kind::CLOSING)
        }
        .encode();
        sign_closing(signer.origin, &mut bytes, signer.key)?;
        self.add(bytes, Slot::None);
        self.head.submissions = self.head.submissions.saturating_add(1);
        Ok((self.entries, self.head))
    }

    fn blank(&self, kind: Kind) -> Envelope {
        Envelope {
            seq: self.head.size.next_seq(),
            recorded_at: self.head.recorded_at,
            submission: self.head.submissions,
            kind,
            schema: 0,
            previous: self.head.hash,
            body_length: 0,
            body_hash: BodyHash::ZERO,
            payload: Vec::new(),
        }
    }

    fn add(&mut self, envelope: Vec<u8>, slot: Slot) {
        self.head.hash = Hash::of_envelope(&envelope);
        self.head.size = Size::new(self.head.size.get() + 1);
        self.entries.push(Entry { envelope, slot });
    }
}
