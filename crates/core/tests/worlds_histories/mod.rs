//! Random small histories, with every world of each written out.
//!
//! A history is an archive in which some days are uncertain. A world of it is
//! the same archive with one day in each place; the ordinary fold over precise
//! days then says what is so in that world.

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::panic,
    clippy::unwrap_used
)]

pub mod dossiers;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chancery_core::date::{Credibility, Date};
use chancery_core::day::Day;
use chancery_core::record::Record;
use chancery_core::replay::why::World;
use chancery_core::replay::{Field, Period, Question, Readings, Register};
use chancery_core::worlds::Certainty;

use crate::replay_archive::Archive;
use crate::worlds_dice::Dice;

/// What is so, in words: "a1 party", "c ended (expired)".
pub type Facts = BTreeSet<String>;

/// Worlds beyond which a history is thrown again.
const MOST_WORLDS: usize = 60;

/// A date in a history: of which record, which, and between which days.
#[derive(Clone, Debug)]
pub struct Uncertain {
    pub seq: u64,
    pub field: Field,
    pub first: Day,
    pub last: Day,
}

/// One date is not before another, by so many days at least and perhaps at most.
#[derive(Clone, Debug)]
pub struct InOrder {
    pub first: (u64, Field),
    pub then: (u64, Field),
    pub least: i64,
    pub most: Option<i64>,
}

pub struct History {
    pub archive: Archive,
    pub dates: Vec<Uncertain>,
    pub orders: Vec<InOrder>,
}

pub fn epoch() -> Day {
    "2000-01-01".parse().unwrap()
}

pub fn day(offset: i64) -> Day {
    epoch().plus_days(offset)
}

/// Writes an uncertain date, as one day between two.
pub fn between(dice: &mut Dice, first: i64, last: i64, longest: i64) -> String {
    let from = dice.between(first, last);
    let length = if dice.once_in(2) {
        0
    } else {
        dice.between(0, longest)
    };
    match length {
        0 => day(from).to_string(),
        _ => format!("{}/{}", day(from), day(from + length)),
    }
}

/// Writes an order after another record, and how long after.
pub fn order(dice: &mut Dice, after: &str) -> String {
    let mut text = String::new();
    let least = dice.between(0, 2);
    let _ = write!(
        text,
        "order = [{{ after = \"{after}\", at_least = {{ days = {least} }}"
    );
    if dice.once_in(2) {
        let _ = write!(
            text,
            ", at_most = {{ days = {} }}",
            least + dice.between(0, 3)
        );
    }
    text + " }]\n"
}

impl History {
    /// Returns the history that a dossier tells, if it has few enough worlds.
    pub fn of(dossier: &str) -> Option<Self> {
        let archive = Archive::of(dossier);
        let (mut dates, mut orders) = (Vec::new(), Vec::new());
        for (seq, _, record) in &archive.records {
            for field in FIELDS {
                dates.extend(uncertain(*seq, field, record));
            }
            orders.extend(sequence(*seq, record));
        }
        let worlds = dates.iter().fold(1_usize, |worlds, date| {
            let days = usize::try_from(date.last.days() - date.first.days() + 1).unwrap();
            worlds.saturating_mul(days)
        });
        (worlds <= MOST_WORLDS).then_some(Self {
            archive,
            dates,
            orders,
        })
    }

    /// Returns every world that the orders leave, as the readings it amounts to.
    pub fn worlds(&self) -> Vec<Readings> {
        self.days()
            .iter()
            .map(|world| self.precise(world))
            .collect()
    }

    /// Returns a world with these days, if the orders allow it; whatever is not
    /// among them has the day of some other world.
    pub fn world_with(&self, days: &World) -> Option<Readings> {
        let mut world = self.days().first()?.clone();
        for (date, at) in self.dates.iter().zip(&mut world) {
            let shown = days
                .iter()
                .find(|(of, _)| of.seq == date.seq && of.field == date.field);
            if let Some((_, day)) = shown {
                assert!(date.first <= *day && *day <= date.last);
                *at = *day;
            }
        }
        self.allows(&world).then(|| self.precise(&world))
    }

    fn days(&self) -> Vec<Vec<Day>> {
        let mut worlds = vec![Vec::new()];
        for date in &self.dates {
            let days: Vec<Day> = (date.first.days()..=date.last.days())
                .map(Day::new)
                .collect();
            worlds = worlds
                .iter()
                .flat_map(|world: &Vec<Day>| days.iter().map(|day| [&world[..], &[*day]].concat()))
                .collect();
        }
        worlds.retain(|world| self.allows(world));
        worlds
    }

    fn allows(&self, world: &[Day]) -> bool {
        self.orders.iter().all(|order| {
            let of = |(seq, field): (u64, Field)| {
                let at = self
                    .dates
                    .iter()
                    .position(|date| date.seq == seq && date.field == field);
                world[at.unwrap()].days()
            };
            let (first, then) = (of(order.first), of(order.then));
            then >= first + order.least && order.most.is_none_or(|most| then <= first + most)
        })
    }

    fn precise(&self, world: &[Day]) -> Readings {
        let mut records = self.archive.records.clone();
        for (date, day) in self.dates.iter().zip(world) {
            let place = records
                .iter()
                .position(|(seq, ..)| *seq == date.seq)
                .unwrap();
            set(&mut records[place].2, date.field, *day);
        }
        Readings::of(records)
    }

    pub fn readings(&self) -> Readings {
        self.archive.readings()
    }

    /// Returns the readings with one of the dates narrowed to some of its days.
    pub fn narrowed(&self, dice: &mut Dice) -> Option<Readings> {
        let wide: Vec<&Uncertain> = self
            .dates
            .iter()
            .filter(|date| date.first < date.last && date.field != Field::HeldUntil)
            .filter(|date| date.field != Field::Held)
            .collect();
        if wide.is_empty() {
            return None;
        }
        let date = *dice.pick(&wide);
        let (first, last) = (date.first.days(), date.last.days());
        let from = dice.between(first, last);
        let to = dice.between(from, last);
        let mut records = self.archive.records.clone();
        let place = records.iter().position(|(seq, ..)| *seq == date.seq)?;
        let text = format!("{}/{}", Day::new(from), Day::new(to));
        set_text(&mut records[place].2, date.field, &text);
        Some(Readings::of(records))
    }
}

const FIELDS: [Field; 9] = [
    Field::On,
    Field::Made,
    Field::From,
    Field::Until,
    Field::Said,
    Field::Opened,
    Field::Closed,
    Field::Held,
    Field::HeldUntil,
];

fn uncertain(seq: u64, field: Field, record: &Record) -> Option<Uncertain> {
    let date = field.date(record)?;
    let window = match field {
        Field::Held => date.lasted(Credibility::Strict).0,
        Field::HeldUntil => date.lasted(Credibility::Strict).1,
        _ => date.window(Credibility::Strict),
    };
    Some(Uncertain {
        seq,
        field,
        first: window.earliest()?,
        last: window.latest()?,
    })
}

/// Returns what the contract says of sequence, read off the record anew.
fn sequence(seq: u64, record: &Record) -> Vec<InOrder> {
    let plain = |first, then| InOrder {
        first,
        then,
        least: 0,
        most: None,
    };
    let mut orders = Vec::new();
    let mut span = |from, until| {
        if from_is_there(record, from) && from_is_there(record, until) {
            orders.push(plain((seq, from), (seq, until)));
        }
    };
    span(Field::From, Field::Until);
    span(Field::Opened, Field::Closed);
    span(Field::Held, Field::HeldUntil);
    match record {
        Record::Act(act) => {
            let target = act.target.map(|target| (target.0, Field::On));
            orders.extend(target.map(|target| plain(target, (seq, Field::On))));
        }
        Record::Operation(operation) => {
            let made = (operation.commitment.0, Field::Made);
            orders.push(plain(made, (seq, Field::On)));
        }
        _ => {}
    }
    let own = match record {
        Record::Statement(_) => Field::Said,
        Record::Commitment(_) => Field::Made,
        _ => Field::On,
    };
    // Histories of one test order only records of one kind.
    orders.extend(record.orders().iter().map(|order| InOrder {
        first: (order.after.unwrap().0, own),
        then: (seq, own),
        least: days(order.at_least.as_ref()).unwrap_or(0),
        most: days(order.at_most.as_ref()),
    }));
    orders
}

fn from_is_there(record: &Record, field: Field) -> bool {
    field.date(record).is_some()
}

fn days(span: Option<&chancery_core::record::Span>) -> Option<i64> {
    span.map(|span| i64::try_from(span.days.unwrap()).unwrap())
}

fn set(record: &mut Record, field: Field, day: Day) {
    set_text(record, field, &day.to_string());
}

fn set_text(record: &mut Record, field: Field, day: &str) {
    let date = Date::new(day);
    match (record, field) {
        (Record::Act(act), _) => act.on = date,
        (Record::Occurrence(occurrence), _) => occurrence.on = date,
        (Record::Operation(operation), _) => operation.on = date,
        (Record::Statement(statement), _) => statement.said = date,
        (Record::Commitment(commitment), Field::Made) => commitment.made = date,
        (Record::Commitment(commitment), Field::From) => commitment.from = Some(date),
        (Record::Commitment(commitment), _) => commitment.until = Some(date),
        (Record::Office(office), Field::From) => office.from = Some(date),
        (Record::Office(office), _) => office.until = Some(date),
        (Record::Issue(issue), Field::Opened) => issue.opened = Some(date),
        (Record::Issue(issue), _) => issue.closed = Some(date),
        (Record::Event(event), Field::Held) => event.held = Some(date),
        (Record::Event(event), _) => {
            let begun = event.held.as_ref().unwrap().edtf.clone();
            event.held = Some(Date::new(format!("{begun}/{day}")));
        }
        // The one day on which the treaty was opened is precise.
        (Record::Instrument(_), _) => {}
        (record, field) => panic!("{record:?} has no {field:?}"),
    }
}

/// A question of a period, in which something is so on some day or on each.
pub fn question(first: i64, last: i64, throughout: bool) -> Question {
    Question {
        on: Period::between(day(first), day(last)).unwrap(),
        throughout,
        ..Question::on(day(first), day(0))
    }
}

/// Returns what is so, each with whether it is certain.
pub fn facts(register: &Register) -> Vec<(String, Certainty)> {
    let mut facts = Vec::new();
    for item in &register.instruments {
        let statuses = item.statuses.iter();
        facts.extend(statuses.map(|(so, how)| (format!("status {}", so.word()), *how)));
        for standing in &item.standings {
            let word = standing.standing.unwrap().word();
            facts.push((
                format!("standing {} {word}", standing.actor),
                standing.certainty,
            ));
        }
        let parties = item.parties.iter();
        facts.extend(parties.map(|(who, how)| (format!("among parties {who}"), *how)));
    }
    for item in &register.commitments {
        let phases = item.phases.iter();
        facts.extend(phases.map(|(so, how)| (format!("commitment {} {so:?}", item.seq), *how)));
    }
    for item in &register.events {
        let phases = item.phases.iter();
        facts.extend(phases.map(|(so, how)| (format!("event {} {}", item.seq, so.word()), *how)));
    }
    let offices = register.offices.iter();
    facts.extend(offices.map(|item| (format!("office {}", item.seq), item.certainty)));
    let issues = register.issues.iter();
    facts.extend(issues.map(|item| (format!("issue {}", item.seq), item.certainty)));
    let statements = register.statements.iter();
    facts.extend(statements.map(|item| (format!("statement {}", item.seq), item.certainty)));
    facts
}

/// Returns what is so in one world over a period: on some day, or on each.
pub fn facts_in(world: &Readings, first: i64, last: i64, throughout: bool) -> Facts {
    let days = (first..=last).map(|at| {
        let register = Register::of(world, &question(at, at, false), None);
        let facts = facts(&register).into_iter();
        facts.map(|(fact, _)| fact).collect::<Facts>()
    });
    let together = |one: Facts, other: Facts| {
        if throughout {
            one.intersection(&other).cloned().collect()
        } else {
            one.union(&other).cloned().collect()
        }
    };
    days.reduce(together).unwrap_or_default()
}

/// Returns what is so in one world on a day.
pub fn facts_on(world: &Readings, at: i64) -> Facts {
    facts_in(world, at, at, false)
}

/// What all worlds of a history have in common, and what some have.
pub struct Told {
    pub certain: Facts,
    pub possible: Facts,
}

/// Returns what the worlds say, each folded by itself.
pub fn told_by(worlds: &[Readings], first: i64, last: i64, throughout: bool) -> Told {
    let each: Vec<Facts> = worlds
        .iter()
        .map(|world| facts_in(world, first, last, throughout))
        .collect();
    let certain = each.iter().cloned().reduce(|one, other| &one & &other);
    let possible = each.iter().cloned().reduce(|one, other| &one | &other);
    Told {
        certain: certain.unwrap_or_default(),
        possible: possible.unwrap_or_default(),
    }
}
