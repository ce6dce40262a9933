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

use crate::worlds::Certainty;

use super::context::Context;
use super::merged::Merged;
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
    pub fn concerns(&self, readings: &Readings, merged: &Merged, seq: u64) -> bool {
        let sought = merged.actor(seq);
        let is_sought = |at: u64| merged.actor(at) == sought;
        let names_it = |own: u64| {
            let reading = readings.reading(own);
            reading.is_some_and(|reading| reading.record.refs(readings).into_iter().any(is_sought))
        };
        let mut own = self.seqs.iter();
        own.any(|own| is_sought(*own) || names_it(*own))
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
