//! Support: what a record rests on, and which records have lost it.
//!
//! A record that names a retracted or absent record in a required field, or has
//! such records as its only evidence, is unsupported, and so is whatever needs
//! it in turn. It is shown but moves nothing. That a retraction names what it
//! retracts takes nothing from it, and an attestation of several records is not
//! lost with one of them.

use std::collections::HashMap;

use crate::record::Parties;

use super::readings::Readings;
use super::revisions::{Revisions, current};
use crate::record::Record;

/// Why a record moves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// The position of what is retracted, absent, or unsupported itself.
    pub on: u64,
    /// How the record depends on it.
    pub through: Dependence,
}

/// How one record depends on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependence {
    /// It names it in a required field.
    Required,
    /// It has it as its evidence, and no other.
    Evidence,
}

/// Returns the places of all unsupported records, each with why.
pub(super) fn unsupported(readings: &Readings, revised: &Revisions) -> HashMap<u32, Unsupported> {
    let mut found = HashMap::new();
    let mut queue = Vec::new();
    for place in places(readings) {
        let gone = |seq, _: &HashMap<_, _>| is_gone(readings, revised, seq);
        if let Some(why) = lost(current(readings, revised, place), &found, &gone) {
            found.insert(place, why);
            queue.push(place);
        }
    }
    if queue.is_empty() {
        return found;
    }
    let dependants = dependants(readings, revised);
    while let Some(place) = queue.pop() {
        let first = dependants.partition_point(|(on, _)| *on < place);
        let of_place = dependants[first..]
            .iter()
            .take_while(|(on, _)| *on == place);
        for &(_, dependant) in of_place {
            if found.contains_key(&dependant) {
                continue;
            }
            let gone = |seq: u64, found: &HashMap<u32, Unsupported>| {
                is_gone(readings, revised, seq)
                    || readings
                        .place32(seq)
                        .is_some_and(|at| found.contains_key(&at))
            };
            if let Some(why) = lost(current(readings, revised, dependant), &found, &gone) {
                found.insert(dependant, why);
                queue.push(dependant);
            }
        }
    }
    found
}

type Gone<'a> = dyn Fn(u64, &HashMap<u32, Unsupported>) -> bool + 'a;

/// Returns what the record has lost, if anything that it needs.
fn lost(
    record: &Record,
    found: &HashMap<u32, Unsupported>,
    gone: &Gone<'_>,
) -> Option<Unsupported> {
    let mut why = None;
    each_needed(record, &mut |seq| {
        if why.is_none() && gone(seq, found) {
            let through = Dependence::Required;
            why = Some(Unsupported { on: seq, through });
        }
    });
    if why.is_some() {
        return why;
    }
    let evidence = record.evidence();
    let on = evidence.first()?.source.0;
    let through = Dependence::Evidence;
    let all_gone = evidence.iter().all(|piece| gone(piece.source.0, found));
    all_gone.then_some(Unsupported { on, through })
}

fn is_gone(readings: &Readings, revised: &Revisions, seq: u64) -> bool {
    match readings.place32(seq) {
        None => true,
        Some(place) => revised
            .get(&place)
            .is_some_and(|revised| revised.history.retracted_by.is_some()),
    }
}

/// Returns which places depend on which: first what is depended on, ascending.
fn dependants(readings: &Readings, revised: &Revisions) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    for place in places(readings) {
        let record = current(readings, revised, place);
        let mut push = |seq| pairs.extend(readings.place32(seq).map(|on| (on, place)));
        each_needed(record, &mut push);
        for piece in record.evidence() {
            push(piece.source.0);
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn places(readings: &Readings) -> impl Iterator<Item = u32> {
    0..u32::try_from(readings.len()).unwrap_or(u32::MAX)
}

/// Shows every position that the record names in a required field.
pub(super) fn each_needed(record: &Record, visit: &mut dyn FnMut(u64)) {
    match record {
        Record::Office(office) => {
            visit(office.person.0);
            visit(office.of.0);
        }
        Record::Statement(statement) => {
            for speaker in &statement.speakers {
                visit(speaker.0);
            }
        }
        Record::Act(act) => {
            visit(act.instrument.0);
            visit(act.by.0);
        }
        Record::Occurrence(occurrence) => visit(occurrence.instrument.0),
        Record::Commitment(commitment) => {
            if let Parties::Listed(debtors) = &commitment.debtors {
                for debtor in debtors {
                    visit(debtor.0);
                }
            }
        }
        Record::Operation(operation) => visit(operation.commitment.0),
        Record::Claim(claim) => {
            visit(claim.about.0);
            for claimant in &claim.by {
                visit(claimant.0);
            }
        }
        Record::Actor(_)
        | Record::Source(_)
        | Record::Event(_)
        | Record::Issue(_)
        | Record::Instrument(_)
        | Record::Attestation(_)
        | Record::Supplement(_)
        | Record::Correction(_)
        | Record::Retraction(_) => {}
    }
}
