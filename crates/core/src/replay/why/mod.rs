//! Why: the proof of one answer.
//!
//! It tells the answer, the days that it rests on and what became of them, the
//! rule that was applied, and, where the answer is only possible, a world in
//! which it holds and one in which it does not. The fold that gave the answer
//! shows such worlds (`replay::witness`), but only of the happenings that it
//! hangs on; a treaty's day that others decide on it takes apart, and a world
//! that leaves out their deposits proves nothing. So each open date is given one
//! day, the fold's where it has one, and the same replay that answers every
//! question is asked again: what is told was found so. Which days decide is
//! asked in the same way, since precise days decide too, and those of others.
//! What a record's own history is, and which words of its source it rests on,
//! is not told here.

mod answer;
mod arithmetic;
mod days;
mod near;
mod worlds;

pub use super::witness::World;
pub use arithmetic::Step;
pub use days::Bound;
pub use worlds::Decided;

use crate::record::{Instrument, Record, RecordKind};
use crate::worlds::Certainty;

use super::context::Context;
use super::force::ForceItem;
use super::happening::{Field, Happening};
use super::links::Contradiction;
use super::question::{Dated, Question};
use super::readings::Readings;
use super::register::Register;
use super::witness::Fact;

/// What is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The record at this position: how far an instrument, commitment, event or
    /// issue has come, whether an office is held, whether something was said or done.
    Record(u64),
    /// How an actor stands to an instrument.
    Standing {
        /// The position of the instrument.
        instrument: u64,
        /// The position of the actor.
        actor: u64,
    },
}

/// One answer, in a word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    /// The word: a standing, a status, a phase; `done`, `said`, `held`, `open`.
    pub word: String,
    /// How certain it is.
    pub certainty: Certainty,
    /// What that says; `None` where the answer is withheld.
    fact: Option<Fact>,
}

/// How an actor's own day comes about, where it is not the instrument's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnDay {
    /// The position of its consent.
    pub consent: u64,
    /// The steps from that day on.
    pub steps: Vec<Step>,
}

/// The proof of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What was asked about.
    pub subject: Subject,
    /// Every answer that holds or may hold; none if nothing of the sort is so.
    pub answers: Vec<Answer>,
    /// The days that it rests on, in the order of their records.
    pub days: Vec<Bound>,
    /// For each answer that is only possible, where one was found, a world in
    /// which it holds and one in which it does not.
    pub worlds: Vec<Decided>,
    /// The instrument whose day of entry into force has a part in the answer.
    pub instrument: Option<u64>,
    /// That day, as [`Register`] tells it.
    pub force: Option<ForceItem>,
    /// How the rule's day comes about, step by step; empty without a rule.
    pub arithmetic: Vec<Step>,
    /// Since when it has stood so, of each answer about a standing.
    pub since: Vec<Dated>,
    /// How an actor's own day of entry into force comes about, if it is a party
    /// from a later day than the instrument's own.
    pub own: Option<OwnDay>,
    /// The records that cannot all be right, because of which the answer is withheld.
    pub contradictions: Vec<Contradiction>,
    /// The positions of the records that it rests on, the foremost first.
    pub records: Vec<u64>,
    /// The positions of further consents that the rule may have counted by the
    /// day on which its conditions were met, in order of their days.
    pub counted: Vec<u64>,
}

impl Proof {
    /// Returns why the question has the answer that it has.
    pub fn of(readings: &Readings, question: &Question, subject: Subject) -> Self {
        let context = Context::new(readings, *question);
        let register = Register::of(readings, question, None);
        let answers = answer::answers(&context, &register, subject);
        let instrument = instrument(readings, subject);
        let item = instrument.and_then(|seq| {
            let mut items = register.instruments.iter();
            items.find(|item| item.seq == seq)
        });
        let force = item.map(|item| item.entry_into_force.clone());
        let rule = instrument.and_then(|seq| readings.get::<Instrument>(seq));
        let rule = rule.and_then(|(_, instrument)| instrument.entry_into_force.as_ref());
        let derived = force.as_ref().and_then(|force| force.derived.as_ref());
        let arithmetic = rule.zip(derived).map_or_else(Vec::new, |(rule, derived)| {
            arithmetic::steps(&context, rule, derived)
        });
        let own = rule
            .zip(item)
            .and_then(|(rule, item)| arithmetic::own(&context, rule, item, subject));
        let since = match subject {
            Subject::Standing { actor, .. } => item.map(|item| item.standings_of(actor)),
            Subject::Record(_) => None,
        };
        let since = since.into_iter().flatten().map(|item| item.since.clone());
        let since = since.collect();
        let records = answer::records(&context, &register, subject, force.as_ref());
        let near = near::Near::of(readings, question, subject, &answers);
        let days = days::bounds(&context, &near, &records, &answers);
        let worlds = worlds::worlds(&near, &answers);
        let contradictions = contradictions(&context, &register, &records);
        let mut records = records;
        for seq in contradictions.iter().flat_map(|found| &found.records) {
            if !records.contains(seq) {
                records.push(*seq);
            }
        }
        let counted = rule.zip(derived).zip(instrument);
        let counted = counted.map_or_else(Vec::new, |((rule, derived), instrument)| {
            arithmetic::counted(&context, rule, derived, instrument, &records)
        });
        Self {
            subject,
            contradictions,
            counted,
            answers,
            days,
            worlds,
            instrument: instrument.filter(|_| force.is_some()),
            force,
            arithmetic,
            since,
            own,
            records,
        }
    }
}

/// Returns the instrument whose day of entry into force has a part in the answer.
fn instrument(readings: &Readings, subject: Subject) -> Option<u64> {
    let seq = match subject {
        Subject::Standing { instrument, .. } => return Some(instrument),
        Subject::Record(seq) => seq,
    };
    match &readings.reading(seq)?.record {
        Record::Instrument(_) => Some(seq),
        Record::Commitment(commitment) => {
            let condition = commitment.condition.as_ref();
            let on = condition.and_then(|condition| condition.0.on);
            let on = on.map(|on| on.0).filter(|on| {
                let of = readings.reading(*on);
                of.is_some_and(|of| of.record.kind() == RecordKind::Instrument)
            });
            commitment.under.map(|under| under.0).or(on)
        }
        _ => None,
    }
}

/// Returns the contradictions that the answer hangs on.
fn contradictions(
    context: &Context<'_>,
    register: &Register,
    records: &[u64],
) -> Vec<Contradiction> {
    let bears = |contradiction: &&Contradiction| {
        contradiction
            .records
            .iter()
            .any(|seq| records.contains(seq))
            || records.iter().any(|seq| {
                let mut found = Field::ALL.into_iter().filter_map(|field| {
                    let seq = *seq;
                    context.links.contradiction(Happening { seq, field })
                });
                found.any(|found| found == *contradiction)
            })
    };
    let all = register.contradictions.iter();
    all.filter(bears).cloned().collect()
}
