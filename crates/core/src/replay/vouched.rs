//! Vouching: whether a second person has said that a record agrees with its source.
//!
//! An attestation lapses for what was changed after it. A record stays vouched
//! for as long as each change since one attestation is followed by another.

use crate::record::RecordKind;

use super::readings::Reading;

/// Whether a second person vouches for a record as it now reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Vouched {
    /// Somebody does, for all of it.
    Whole,
    /// Somebody did, before the fields with these numbers were changed.
    Lapsed(Vec<u16>),
    /// Nobody ever did.
    Nobody,
}

impl Reading {
    /// Returns whether a second person vouches for this record as it now reads.
    pub fn vouched(&self) -> Vouched {
        let mut attested = self.attested_by().iter();
        let Some(first) = attested.next() else {
            return Vouched::Nobody;
        };
        // The later an attestation, the fewer fields were changed since.
        let mut lapsed = first.lapsed.clone();
        for other in attested {
            lapsed.retain(|field| other.lapsed.contains(field));
        }
        if lapsed.is_empty() {
            Vouched::Whole
        } else {
            Vouched::Lapsed(lapsed)
        }
    }

    /// Returns whether a second person could vouch for this record: it counts,
    /// and is not itself such a person's word.
    pub fn wants_vouching(&self) -> bool {
        self.counts() && self.record.kind() != RecordKind::Attestation
    }
}
