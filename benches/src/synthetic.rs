//! Made-up records: the same ones for the same seed, each by its number alone.
//!
//! First come the actors and the instruments, then statements, acts and
//! commitments by six, two and two. References name positions as a ledger
//! gives them, with a closing after each submission, so that all contenders
//! hold the same bytes.

use chancery_core::record::{
    Act, ActKind, Actor, ActorKind, ActorRef, AnyRef, Commitment, Condition, EntryIntoForce, Force,
    Id, Instrument, InstrumentKind, InstrumentRef, Mode, Parties, Record, Span, Statement,
    StatementRef, WrittenCondition,
};

use crate::dice::Dice;
use crate::phases::float;
use crate::words::{date, office, place, text};

/// How many entries found a ledger: its origin, three keys, a closing.
const FOUNDING: u64 = 5;

/// What of ten records, after actors and instruments, are statements.
const STATEMENTS: u64 = 6;
/// And how many are statements or acts; the rest are commitments.
const STATEMENTS_AND_ACTS: u64 = 8;

const CONSENTS: &[ActKind] = &[
    ActKind::Signature,
    ActKind::Signature,
    ActKind::Ratification,
    ActKind::Ratification,
    ActKind::Accession,
    ActKind::Acceptance,
    ActKind::Declaration,
    ActKind::Withdrawal,
];

/// What records there are, and where each stands.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    seed: u64,
    records: u64,
    per_submission: u64,
    actors: u64,
    instruments: u64,
}

/// Why a record could not be made up: a fault of this program.
#[derive(Debug)]
pub(crate) struct NoRecord(u64);

impl Plan {
    /// Returns the plan for so many records, so many of them to a submission.
    pub(crate) fn new(seed: u64, records: u64, per_submission: u64) -> Self {
        Self {
            seed,
            records,
            per_submission: per_submission.max(1),
            actors: (records / 50).clamp(1, 2_000),
            instruments: (records / 100).clamp(1, 1_000),
        }
    }

    /// Returns how many records there are.
    pub(crate) fn records(&self) -> u64 {
        self.records
    }

    /// Returns the position that a ledger gives to a record.
    pub(crate) fn seq(&self, index: u64) -> u64 {
        FOUNDING + index + index / self.per_submission
    }

    /// Returns the position after all of them, closings included.
    pub(crate) fn end(&self) -> u64 {
        FOUNDING + self.records + self.records.div_ceil(self.per_submission)
    }

    /// Returns the numbers of the records of each submission: the first, and the one after the last.
    pub(crate) fn submissions(&self) -> impl Iterator<Item = (u64, u64)> + use<> {
        let (records, step) = (self.records, self.per_submission);
        (0..records.div_ceil(step)).map(move |number| {
            let first = number * step;
            (first, records.min(first + step))
        })
    }

    /// Makes up the records with these numbers.
    ///
    /// # Errors
    /// One cannot be made.
    pub(crate) fn range(&self, first: u64, end: u64) -> Result<Vec<Record>, NoRecord> {
        (first..end)
            .map(|index| self.record(index).ok_or(NoRecord(index)))
            .collect()
    }

    /// Returns how many bytes a body has on average, judged by the last ones.
    pub(crate) fn mean_body(&self) -> f64 {
        let last = self.records.saturating_sub(10_000)..self.records;
        let lengths: Vec<u64> = last
            .filter_map(|index| self.record(index))
            .map(|record| record.encode().len() as u64)
            .collect();
        float(lengths.iter().sum()) / float(lengths.len() as u64)
    }

    /// Returns the id that the record with this number has, if it has one.
    pub(crate) fn id(&self, index: u64) -> Option<String> {
        let letter = match index.checked_sub(self.actors) {
            None => "a",
            Some(index) if index < self.instruments => "i",
            Some(index) => match (index - self.instruments) % 10 {
                0..STATEMENTS => "s",
                STATEMENTS..STATEMENTS_AND_ACTS => return None,
                _ => "c",
            },
        };
        Some(format!("{letter}-{index:08}"))
    }

    /// Returns the id of the record at this position, if it has one.
    pub(crate) fn id_at(&self, seq: u64) -> Option<String> {
        let place = seq.checked_sub(FOUNDING)?;
        let (submission, within) = (
            place / (self.per_submission + 1),
            place % (self.per_submission + 1),
        );
        let index = submission * self.per_submission + within;
        (within < self.per_submission && index < self.records).then(|| self.id(index))?
    }

    fn record(&self, index: u64) -> Option<Record> {
        let mut dice = Dice::of(self.seed, index);
        let Some(id) = self.id(index) else {
            return Some(Record::from(self.act(&mut dice)));
        };
        let kind = id.as_bytes().first().copied();
        let id = Id::new(&id)?;
        Some(match kind {
            Some(b'a') => Record::from(actor(id, &mut dice)),
            Some(b'i') => Record::from(instrument(id, &mut dice)),
            Some(b's') => Record::from(self.statement(id, index, &mut dice)),
            _ => Record::from(self.commitment(id, index, &mut dice)),
        })
    }

    fn an_actor(&self, dice: &mut Dice) -> ActorRef {
        ActorRef(self.seq(dice.below(self.actors)))
    }

    fn an_instrument(&self, dice: &mut Dice) -> InstrumentRef {
        InstrumentRef(self.seq(self.actors + dice.below(self.instruments)))
    }

    /// Returns a statement that stands before the record with this number.
    fn a_statement(&self, index: u64, dice: &mut Dice) -> Option<StatementRef> {
        let first = self.actors + self.instruments;
        let tens = index.checked_sub(first)? / 10;
        let before = first + dice.below(tens) * 10 + dice.below(STATEMENTS);
        (before < index).then(|| StatementRef(self.seq(before)))
    }

    fn statement(&self, id: Id, index: u64, dice: &mut Dice) -> Statement {
        let replied = if dice.per_cent(20) {
            self.a_statement(index, dice)
        } else {
            None
        };
        let about = dice
            .per_cent(30)
            .then(|| vec![AnyRef(self.an_instrument(dice).0)]);
        Statement {
            id,
            speakers: vec![self.an_actor(dice)],
            said: date(dice),
            mode: dice.one_of(Mode::ALL).unwrap_or(Mode::Quoted),
            evidence: None,
            order: None,
            note: None,
            tags: dice.per_cent(25).then(|| vec![text(dice, 8)]),
            codes: None,
            text: Some(text(dice, 250)),
            capacity: Some(office(dice)),
            on_behalf_of: None,
            to: Some(vec![self.an_actor(dice), self.an_actor(dice)]),
            via: None,
            place: Some(place(dice)),
            occasion: None,
            about,
            corroborates: None,
            contradicts: None,
            reply_to: replied.map(|statement| vec![statement]),
        }
    }

    fn act(&self, dice: &mut Dice) -> Act {
        Act {
            instrument: self.an_instrument(dice),
            by: self.an_actor(dice),
            kind: dice.one_of(CONSENTS).unwrap_or(ActKind::Signature),
            on: date(dice),
            evidence: None,
            order: None,
            note: Some(text(dice, 110)),
            tags: None,
            codes: None,
            id: None,
            effective: None,
            signed_by: Some(vec![self.an_actor(dice)]),
            article: Some("18".to_owned()),
            succeeds: None,
            territory: None,
            text: Some(text(dice, 165)),
            target: None,
            treats_as: None,
            vote: None,
            precludes_entry_into_force: None,
        }
    }

    fn commitment(&self, id: Id, index: u64, dice: &mut Dice) -> Commitment {
        let stated_in = self.a_statement(index, dice);
        let under = dice.per_cent(50).then(|| self.an_instrument(dice));
        let condition = dice.per_cent(30).then(|| words_only(text(dice, 60)));
        Commitment {
            id,
            debtors: Parties::Listed(vec![self.an_actor(dice)]),
            text: text(dice, 205),
            made: date(dice),
            evidence: None,
            order: None,
            note: None,
            tags: None,
            codes: None,
            creditors: Some(Parties::Listed(vec![self.an_actor(dice)])),
            under,
            article: Some(format!("{}", 1 + dice.below(40))),
            stated_in,
            force: Some(Force::Political),
            condition,
            from: None,
            due: dice.per_cent(50).then(|| date(dice)),
            until: None,
            place: Some(place(dice)),
        }
    }
}

fn actor(id: Id, dice: &mut Dice) -> Actor {
    Actor {
        id,
        name: text(dice, 25),
        kind: dice.one_of(ActorKind::ALL).unwrap_or(ActorKind::State),
        evidence: None,
        order: None,
        note: Some(text(dice, 230)),
        tags: None,
        codes: None,
        names: None,
        identifiers: None,
        from: None,
        until: None,
        predecessors: None,
        members: None,
        same_as: None,
    }
}

fn instrument(id: Id, dice: &mut Dice) -> Instrument {
    Instrument {
        id,
        title: text(dice, 90),
        kind: dice
            .one_of(InstrumentKind::ALL)
            .unwrap_or(InstrumentKind::Treaty),
        evidence: None,
        order: None,
        note: Some(text(dice, 120)),
        tags: None,
        codes: None,
        adopted: Some(date(dice)),
        opened: None,
        closes: None,
        place: Some(place(dice)),
        force: Some(Force::Legal),
        terms: None,
        depositary: None,
        references: None,
        amends: None,
        supersedes: None,
        implements: None,
        cites: None,
        reservations: None,
        entry_into_force: Some(rule(dice)),
        withdrawal: None,
        text: None,
    }
}

fn rule(dice: &mut Dice) -> EntryIntoForce {
    EntryIntoForce {
        consents: Some(20 + dice.below(60)),
        counting: None,
        excluding: None,
        eligible: None,
        requires: None,
        shares: None,
        at_least: None,
        groups: None,
        delay: Some(Span {
            days: Some(90),
            months: None,
        }),
        rounding: None,
        not_before: None,
        on_day: None,
        each: None,
    }
}

fn words_only(text: String) -> Condition {
    Condition(WrittenCondition {
        text: Some(text),
        on: None,
        state: None,
    })
}

impl std::fmt::Display for NoRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "record {} cannot be made up", self.0)
    }
}

impl std::error::Error for NoRecord {}

#[cfg(test)]
mod tests {
    use super::*;
    use chancery_core::record::RecordKind;

    const PLAN: u64 = 20_000;

    #[test]
    fn records_are_the_same_for_the_same_seed() {
        let records = |seed| Plan::new(seed, PLAN, 1_000).range(0, 3_000).unwrap();

        assert_eq!(records(1), records(1));
        assert_ne!(records(1), records(2));
    }

    #[test]
    fn bodies_take_about_four_hundred_bytes() {
        let records = Plan::new(1, PLAN, 1_000).range(600, PLAN).unwrap();

        let total: usize = records.iter().map(|record| record.encode().len()).sum();

        let mean = total / records.len();
        assert!((380..=420).contains(&mean), "the mean is {mean}");
    }

    #[test]
    fn of_ten_records_six_are_statements_two_acts_and_two_commitments() {
        let plan = Plan::new(1, PLAN, 1_000);
        let records = plan.range(600, 10_600).unwrap();

        let count = |kind| {
            records
                .iter()
                .filter(|record| record.kind() == kind)
                .count()
        };

        assert_eq!(count(RecordKind::Statement), 6_000);
        assert_eq!(count(RecordKind::Act), 2_000);
        assert_eq!(count(RecordKind::Commitment), 2_000);
    }

    #[test]
    fn positions_leave_room_for_the_closing_of_each_submission() {
        let plan = Plan::new(1, 2_500, 1_000);

        assert_eq!(plan.seq(999), 5 + 999);
        assert_eq!(plan.seq(1_000), 5 + 1_001);
        assert_eq!(plan.end(), 5 + 2_500 + 3);
    }
}
