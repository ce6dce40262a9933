//! Vouching: whether a second person has said that a record agrees with its source.
//!
//! An attestation lapses for what was changed after it. A record stays vouched
//! for as long as each change since one attestation is followed by another.
//! Here too is what is left of the readings if only those that a second person
//! vouches for are believed; what they amount to is for [`super::register`].

use std::collections::BTreeSet;

use crate::record::{Record, RecordKind};

use super::readings::{Reading, Readings};
use super::support::each_needed;

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

impl Readings {
    /// Returns only what a second person vouches for, as it now reads.
    ///
    /// A record of which that cannot be said has no part, as if it had never been
    /// written; nor has one that counts only together with such a record. What is
    /// left reads as it does among all records, for nothing that was corrected or
    /// retracted comes back. Actors, sources and attestations stay: they name who
    /// and what is spoken of.
    #[must_use]
    pub fn attested(self) -> Self {
        let all = self.all().iter();
        let mut kept: BTreeSet<u64> = all.filter(|row| stays(row)).map(|row| row.seq).collect();
        loop {
            let rests_on_others = |row: &&Reading| {
                kept.contains(&row.seq) && !counts_together_with(&row.record, &kept, &self)
            };
            let lost: Vec<u64> = self.all().iter().filter(rests_on_others).map(seq).collect();
            if lost.is_empty() {
                break;
            }
            for seq in lost {
                kept.remove(&seq);
            }
        }
        let rows = self.all().iter().filter(|row| kept.contains(&row.seq));
        let revisions: Vec<u64> = rows.flat_map(Reading::rests_on).collect();
        kept.extend(revisions);
        self.only(&kept)
    }
}

fn seq(row: &Reading) -> u64 {
    row.seq
}

/// Returns whether a record has a part of its own where only what is attested has one.
fn stays(row: &Reading) -> bool {
    match row.record.kind() {
        RecordKind::Actor | RecordKind::Source | RecordKind::Attestation => true,
        RecordKind::Supplement | RecordKind::Correction | RecordKind::Retraction => false,
        _ => row.counts() && row.vouched() == Vouched::Whole,
    }
}

/// Returns whether all is kept without which the record would mean something
/// else: what it requires, and the instrument, act or condition that decides
/// what comes of it.
fn counts_together_with(record: &Record, kept: &BTreeSet<u64>, all: &Readings) -> bool {
    let is_kept = |seq: u64| kept.contains(&seq) || all.reading(seq).is_none();
    let mut whole = true;
    each_needed(record, &mut |seq| whole &= is_kept(seq));
    let decides = match record {
        Record::Act(act) => [act.target.map(|target| target.0), None],
        Record::Commitment(commitment) => {
            let condition = commitment.condition.as_ref();
            let on = condition.and_then(|condition| condition.0.on);
            [commitment.under.map(|under| under.0), on.map(|on| on.0)]
        }
        _ => [None, None],
    };
    whole && decides.into_iter().flatten().all(is_kept)
}
