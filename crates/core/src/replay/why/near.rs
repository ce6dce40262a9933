//! The records near a subject: all that can have a part in its answer.
//!
//! They are few, so that the question can be asked of them over and over, with
//! other days. Should they not give the answer that all records give, all are taken.

use std::collections::{BTreeMap, BTreeSet};

use crate::date::{Credibility, Date};
use crate::day::Day;
use crate::record::{Order, Record, RecordKind};

use super::{Answer, Subject, answer};
use crate::replay::context::Context;
use crate::replay::happening::{Field, Happening};
use crate::replay::question::Question;
use crate::replay::readings::{Reading, Readings};
use crate::replay::register::Register;
use crate::worlds::Certainty;

/// The records near a subject, as they read.
pub(super) struct Near {
    subject: Subject,
    pub(super) question: Question,
    pub(super) records: Vec<(u64, u64, Record)>,
    /// How many contradictions there are among them as they read.
    contradictions: usize,
}

impl Near {
    pub(super) fn of(
        readings: &Readings,
        question: &Question,
        subject: Subject,
        answers: &[Answer],
    ) -> Self {
        let mut near = Self {
            subject,
            question: *question,
            records: taken(readings, &reached(readings, subject)),
            contradictions: 0,
        };
        let (found, contradictions) = near.asked(&BTreeMap::new());
        near.contradictions = contradictions;
        if found == answers {
            return near;
        }
        let all: BTreeSet<u64> = readings.all().iter().map(|reading| reading.seq).collect();
        near.records = taken(readings, &all);
        near.contradictions = near.asked(&BTreeMap::new()).1;
        near
    }

    /// Returns the records with these happenings on these days.
    pub(super) fn readings(&self, days: &BTreeMap<Happening, Day>) -> Readings {
        Readings::of(self.records.iter().map(|(seq, signer, record)| {
            let mut record = record.clone();
            set(&mut record, *seq, days);
            (*seq, *signer, record)
        }))
    }

    /// Returns the answer of the records with these happenings on these days.
    pub(super) fn answers(&self, days: &BTreeMap<Happening, Day>) -> Vec<Answer> {
        self.asked(days).0
    }

    /// Returns the answer on these days, or `None` if they are no world: if they
    /// contradict what the records say of sequence.
    pub(super) fn in_world(&self, days: &BTreeMap<Happening, Day>) -> Option<Vec<Answer>> {
        let (answers, contradictions) = self.asked(days);
        let withheld = |answer: &Answer| answer.certainty == Certainty::Contradictory;
        let is_world = contradictions <= self.contradictions && !answers.iter().any(withheld);
        is_world.then_some(answers)
    }

    /// Returns the answer, and how many contradictions there are.
    fn asked(&self, days: &BTreeMap<Happening, Day>) -> (Vec<Answer>, usize) {
        let readings = self.readings(days);
        let context = Context::new(&readings, self.question);
        let register = Register::of(&readings, &self.question, None);
        let answers = answer::answers(&context, &register, self.subject);
        (answers, register.contradictions.len())
    }
}

fn taken(readings: &Readings, seqs: &BTreeSet<u64>) -> Vec<(u64, u64, Record)> {
    let readings = seqs.iter().filter_map(|seq| readings.reading(*seq));
    readings
        .filter(|reading| reading.retracted_by().is_none() && !revises(reading))
        .map(|reading| (reading.seq, reading.signer, reading.record.clone()))
        .collect()
}

/// Returns whether a record is about others and tells nothing of the world.
fn revises(reading: &Reading) -> bool {
    matches!(
        reading.record.kind(),
        RecordKind::Attestation
            | RecordKind::Supplement
            | RecordKind::Correction
            | RecordKind::Retraction
    )
}

/// Returns what can be reached from the subject.
fn reached(readings: &Readings, subject: Subject) -> BTreeSet<u64> {
    let mut named_by: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for reading in readings.all().iter().filter(|reading| !revises(reading)) {
        for of in led_to_by(readings, reading) {
            named_by.entry(of).or_default().push(reading.seq);
        }
    }
    let mut queue = match subject {
        Subject::Record(seq) => vec![seq],
        Subject::Standing { instrument, actor } => vec![instrument, actor],
    };
    let mut seen: BTreeSet<u64> = queue.iter().copied().collect();
    while let Some(seq) = queue.pop() {
        let mut next = named_by.get(&seq).cloned().unwrap_or_default();
        if let Some(reading) = readings.reading(seq)
            && reading.record.kind() != RecordKind::Source
        {
            next.extend(reading.record.refs(readings));
        }
        queue.extend(next.into_iter().filter(|of| seen.insert(*of)));
    }
    seen
}

/// Returns the records that lead to this one: whoever looks at one of them must
/// look at this one too.
fn led_to_by(readings: &Readings, reading: &Reading) -> Vec<u64> {
    let mut of: Vec<u64> = reading
        .record
        .orders()
        .iter()
        .filter_map(Order::named)
        .collect();
    match &reading.record {
        Record::Act(act) => {
            of.push(act.instrument.0);
            of.extend(act.target.map(|target| target.0));
        }
        Record::Occurrence(occurrence) => of.push(occurrence.instrument.0),
        Record::Operation(operation) => of.push(operation.commitment.0),
        Record::Claim(claim) => of.push(claim.about.0),
        Record::Actor(actor) => of.extend(actor.same_as.map(|same| same.0)),
        Record::Instrument(instrument) => {
            of.extend(instrument.amends.iter().flatten().map(|of| of.0));
        }
        _ => {}
    }
    of.retain(|seq| readings.reading(*seq).is_some());
    of
}

/// Puts the happenings of a record on their days.
fn set(record: &mut Record, seq: u64, days: &BTreeMap<Happening, Day>) {
    let day = |field| days.get(&Happening { seq, field }).copied();
    let put = |date: &mut Date, field| {
        if let Some(day) = day(field) {
            *date = Date::new(day.to_string());
        }
    };
    let maybe = |date: &mut Option<Date>, field| {
        if let Some(date) = date {
            put(date, field);
        }
    };
    match record {
        Record::Act(act) => {
            put(&mut act.on, Field::On);
            maybe(&mut act.effective, Field::Effective);
        }
        Record::Occurrence(occurrence) => put(&mut occurrence.on, Field::On),
        Record::Operation(operation) => put(&mut operation.on, Field::On),
        Record::Commitment(commitment) => {
            put(&mut commitment.made, Field::Made);
            maybe(&mut commitment.from, Field::From);
            maybe(&mut commitment.until, Field::Until);
        }
        Record::Actor(actor) => {
            maybe(&mut actor.from, Field::From);
            maybe(&mut actor.until, Field::Until);
        }
        Record::Office(office) => {
            maybe(&mut office.from, Field::From);
            maybe(&mut office.until, Field::Until);
        }
        Record::Statement(statement) => put(&mut statement.said, Field::Said),
        Record::Claim(claim) => {
            put(&mut claim.said, Field::Said);
            maybe(&mut claim.on, Field::On);
        }
        Record::Issue(issue) => {
            maybe(&mut issue.opened, Field::Opened);
            maybe(&mut issue.closed, Field::Closed);
        }
        Record::Instrument(instrument) => {
            maybe(&mut instrument.adopted, Field::Adopted);
            maybe(&mut instrument.opened, Field::Opened);
        }
        Record::Event(event) => {
            maybe(&mut event.announced, Field::Announced);
            maybe(&mut event.called_off, Field::CalledOff);
            if let Some(held) = &mut event.held {
                let (first, last) = held.lasted(Credibility::Strict);
                let first = day(Field::Held).or(first.day());
                let last = day(Field::HeldUntil).or(last.day());
                if let Some((first, last)) = first.zip(last) {
                    *held = Date::new(format!("{first}/{last}"));
                }
            }
        }
        _ => {}
    }
}
