//! Findings: what in the record is odd.
//!
//! History is odd, so nothing of this is refused at the door, and replay goes
//! on in spite of it; here it is said. A finding is certain if it holds in
//! every possible world, as the windows of its days tell; one that holds in
//! some worlds only is no more than a notice, and is not raised where a day is
//! not known at all. Whether bytes were altered is not asked here: that is
//! `verify`. The concerns have a module each, and [`Code`] lists all that they
//! raise.

mod actors;
mod acts;
mod circles;
mod codes;
mod commitments;
mod consents;
mod desk;
mod force;
mod notices;
mod offices;
mod rules;
mod said;
mod sequence;
mod sources;

pub use codes::{Code, Severity};

use std::collections::BTreeSet;

use crate::record::{Actor, Names as _};
use crate::worlds::Certainty;

use super::context::Context;
use super::question::Question;
use super::readings::Readings;
use super::register::Register;

use desk::Desk;

/// Something odd in the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What sort of finding.
    pub code: Code,
    /// Whether it is odd in every possible world, or in some only.
    pub certainty: Certainty,
    /// The positions of the records that it concerns, the first of them foremost.
    pub seqs: Vec<u64>,
    /// What is odd, with the days: a sentence without a stop.
    pub message: String,
}

impl Finding {
    /// Returns how grave it is: what is only possible is no more than a notice.
    pub fn severity(&self) -> Severity {
        match self.certainty {
            Certainty::Certain | Certainty::Contradictory => self.code.severity(),
            Certainty::Possible => Severity::Notice,
        }
    }

    /// Returns whether it concerns this record: as one of its own, or because
    /// one of its own names it; an actor also by what turned out to be it.
    pub fn concerns(&self, readings: &Readings, seq: u64) -> bool {
        let sought = aliases(readings, seq);
        self.seqs.iter().any(|own| {
            let named = || {
                let mut found = false;
                if let Some(reading) = readings.reading(*own) {
                    let mut record = reading.record.clone();
                    record.each_ref(readings, &mut |at| found |= sought.contains(at));
                }
                found
            };
            sought.contains(own) || named()
        })
    }
}

/// Returns all that is odd in the readings, the gravest first, then in the
/// order of the catalogue and of the records.
///
/// The question says how dates are believed, and on which day it is asked what
/// is overdue or has no record; all else is odd whatever the day.
pub fn findings(readings: &Readings, question: &Question) -> Vec<Finding> {
    let context = Context::new(readings, *question);
    let register = Register::of(readings, question, None);
    let mut desk = Desk::new(&context, &register);
    acts::check(&mut desk);
    consents::check(&mut desk);
    force::check(&mut desk);
    rules::check(&mut desk);
    offices::check(&mut desk);
    actors::check(&mut desk);
    commitments::check(&mut desk);
    said::check(&mut desk);
    sources::check(&mut desk);
    notices::check(&mut desk);
    sequence::check(&mut desk);
    let mut found = desk.found;
    found.sort_by_key(|finding| (finding.severity(), finding.code, finding.seqs.clone()));
    found.dedup();
    found
}

/// Returns the position and, of an actor, those of all that count as the same.
fn aliases(readings: &Readings, seq: u64) -> BTreeSet<u64> {
    let mut sought = BTreeSet::from([seq]);
    if readings.kind(seq) != Some(crate::record::RecordKind::Actor) {
        return sought;
    }
    loop {
        let before = sought.len();
        for (reading, actor) in readings.each::<Actor>() {
            if let Some(same) = actor.same_as.filter(|_| reading.counts())
                && (sought.contains(&same.0) || sought.contains(&reading.seq))
            {
                sought.extend([same.0, reading.seq]);
            }
        }
        if sought.len() == before {
            return sought;
        }
    }
}
