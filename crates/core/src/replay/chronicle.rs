//! The chronicle: all that records tell of days, in the order of the days.
//!
//! Each thing that took place, lasted, or was planned is one item, with the dates
//! that say when. An instrument's entry into force is among them if it follows
//! from its rule. Everything known at the cut is listed, whatever day is asked
//! about; how it is drawn is not decided here.

use crate::date::Date;
use crate::record::{Parties, Record, RecordKind};
use crate::window::Window;

use super::context::Context;
use super::question::{Dated, Question};
use super::readings::{Reading, Readings, Unsupported};
use super::register::Register;

/// How far what names another record is followed to the instrument behind it.
const DEPTH: usize = 8;

/// Something that took place, lasted, or was planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chronicled {
    /// The position of the record that tells of it.
    pub seq: u64,
    /// What it was, in a word or in the title of an office.
    pub what: String,
    /// The position of what it was done to, or of the record itself.
    pub object: u64,
    /// The dates that say when, each with the field that it stands in.
    pub dates: Vec<(&'static str, Dated)>,
    /// The day on which it took place or began.
    pub begun: Window,
    /// The last day of what lasted.
    pub lasted: Lasted,
    /// Who took part.
    pub actors: Vec<u64>,
    /// The instruments that it has to do with.
    pub instruments: Vec<u64>,
    /// Whether no record says so and it follows from a rule.
    pub derived: bool,
    /// Why it moves nothing, if so.
    pub unsupported: Option<Unsupported>,
}

/// How long something lasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasted {
    /// A day: that on which it took place.
    Day,
    /// Through a last day.
    Through(Window),
    /// No end is recorded.
    Open,
}

impl Chronicled {
    /// Returns the days that it may have touched.
    pub fn extent(&self) -> Window {
        match self.lasted {
            Lasted::Day => self.begun,
            Lasted::Through(last) => Window::between(self.begun.earliest(), last.latest())
                .unwrap_or_else(|| self.begun.hull(last)),
            Lasted::Open => Window::between(self.begun.earliest(), None).unwrap_or(Window::UNKNOWN),
        }
    }
}

/// Returns all that the readings tell of days, in the order of the days.
pub fn chronicle(readings: &Readings, question: &Question) -> Vec<Chronicled> {
    let context = Context::new(readings, *question);
    let told = Told { context: &context };
    let standing = readings.all().iter();
    let standing = standing.filter(|reading| reading.retracted_by().is_none());
    let mut all: Vec<Chronicled> = standing.flat_map(|reading| told.of(reading)).collect();
    all.extend(derived(readings, question));
    all.sort_by_key(|item| (item.begun.lo(), item.begun.hi(), item.seq, item.derived));
    all
}

/// What is told of days, within what is known.
struct Told<'a> {
    context: &'a Context<'a>,
}

impl Told<'_> {
    /// Returns what one record tells.
    fn of(&self, reading: &Reading) -> Vec<Chronicled> {
        match &reading.record {
            Record::Act(act) => vec![self.day(reading, act.kind.word(), "on", &act.on)],
            Record::Occurrence(of) => vec![self.day(reading, of.kind.word(), "on", &of.on)],
            Record::Operation(of) => vec![self.day(reading, of.kind.word(), "on", &of.on)],
            Record::Statement(of) => vec![self.day(reading, "said", "said", &of.said)],
            Record::Claim(of) => vec![self.day(reading, of.claims.word(), "said", &of.said)],
            Record::Commitment(of) => {
                let mut items = vec![self.undertaken(reading, of)];
                let due = of.due.as_ref();
                items.extend(due.map(|due| self.day(reading, "due", "due", due)));
                items
            }
            Record::Instrument(of) => self.days(
                reading,
                &[
                    ("adopted", &of.adopted),
                    ("opened", &of.opened),
                    ("closes", &of.closes),
                ],
            ),
            Record::Event(of) => {
                let mut items = self.days(
                    reading,
                    &[
                        ("announced", &of.announced),
                        ("planned_for", &of.planned_for),
                        ("called_off", &of.called_off),
                    ],
                );
                items.extend(of.held.as_ref().map(|held| self.held(reading, held)));
                items
            }
            Record::Issue(of) => self.span(
                reading,
                "open",
                ("opened", &of.opened),
                ("closed", &of.closed),
            ),
            Record::Office(of) => {
                self.span(reading, &of.title, ("from", &of.from), ("until", &of.until))
            }
            Record::Actor(of) => {
                self.span(reading, "exists", ("from", &of.from), ("until", &of.until))
            }
            Record::Source(of) => self.days(reading, &[("published", &of.published)]),
            _ => Vec::new(),
        }
    }

    fn days(&self, reading: &Reading, dates: &[(&'static str, &Option<Date>)]) -> Vec<Chronicled> {
        let day = |(field, date): &(&'static str, &Option<Date>)| {
            let what = field.replace('_', "-");
            Some(self.day(reading, &what, field, date.as_ref()?))
        };
        dates.iter().filter_map(day).collect()
    }

    fn day(&self, reading: &Reading, what: &str, field: &'static str, date: &Date) -> Chronicled {
        let dated = self.context.question.dated(date);
        Chronicled {
            seq: reading.seq,
            what: what.to_owned(),
            object: object(reading),
            begun: dated.window,
            dates: vec![(field, dated)],
            lasted: Lasted::Day,
            actors: self.actors(&reading.record),
            instruments: self.instruments(reading.seq, DEPTH),
            derived: false,
            unsupported: reading.unsupported(),
        }
    }

    /// Returns what lasted from one date to another; what has neither date tells of no day.
    fn span(
        &self,
        reading: &Reading,
        what: &str,
        (from, begun): (&'static str, &Option<Date>),
        (until, last): (&'static str, &Option<Date>),
    ) -> Vec<Chronicled> {
        let (field, date) = match (begun, last) {
            (Some(date), _) => (from, date),
            (None, Some(date)) => (until, date),
            (None, None) => return Vec::new(),
        };
        let mut item = self.day(reading, what, field, date);
        if begun.is_none() {
            item.begun = Window::UNKNOWN;
        }
        item.lasted = Lasted::Open;
        if let Some(last) = last {
            let dated = self.context.question.dated(last);
            item.lasted = Lasted::Through(dated.window);
            if begun.is_some() {
                item.dates.push((until, dated));
            }
        }
        vec![item]
    }

    /// Returns a commitment: the day on which it was made, or how long it is owed.
    fn undertaken(&self, reading: &Reading, of: &crate::record::Commitment) -> Chronicled {
        let mut item = self.day(reading, "undertaken", "made", &of.made);
        let mut add = |field, date: &Option<Date>| {
            let dated = self.context.question.dated(date.as_ref()?);
            let window = dated.window;
            item.dates.push((field, dated));
            Some(window)
        };
        let from = add("from", &of.from);
        let until = add("until", &of.until);
        if let Some(until) = until {
            item.lasted = Lasted::Through(until);
            item.begun = from.unwrap_or(item.begun);
        }
        item
    }

    fn held(&self, reading: &Reading, held: &Date) -> Chronicled {
        let mut item = self.day(reading, "held", "held", held);
        let (begun, last) = held.lasted(self.context.question.credibility);
        if !(begun.is_precise() && begun == last) {
            item.begun = begun;
            item.lasted = if last == Window::AFTER_ALL {
                Lasted::Open
            } else {
                Lasted::Through(last)
            };
        }
        item
    }

    fn actors(&self, record: &Record) -> Vec<u64> {
        self.context.actors(actors(record))
    }

    /// Returns the instruments that a record has to do with.
    fn instruments(&self, seq: u64, depth: usize) -> Vec<u64> {
        let Some(reading) = self.context.readings.reading(seq).filter(|_| depth > 0) else {
            return Vec::new();
        };
        if reading.record.kind() == RecordKind::Instrument {
            return vec![seq];
        }
        let named = named(&reading.record).into_iter();
        let mut all: Vec<u64> = named
            .flat_map(|seq| self.instruments(seq, depth - 1))
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Returns the entries into force that follow from rules, where no record says the same.
fn derived(readings: &Readings, question: &Question) -> Vec<Chronicled> {
    let instruments = Register::instruments(readings, question).into_iter();
    let of_item = |item: super::InstrumentItem| {
        let force = item.entry_into_force;
        let window = force.derived?.window;
        let recorded = force.recorded.map(|recorded| recorded.on.window);
        (recorded != Some(window)).then(|| Chronicled {
            seq: item.seq,
            what: "entry-into-force".to_owned(),
            object: item.seq,
            dates: vec![("entry_into_force", Dated::from(window))],
            begun: window,
            lasted: Lasted::Day,
            actors: Vec::new(),
            instruments: vec![item.seq],
            derived: true,
            unsupported: item.unsupported,
        })
    };
    instruments.filter_map(of_item).collect()
}

/// Returns the position of what a record's happening was done to.
fn object(reading: &Reading) -> u64 {
    match &reading.record {
        Record::Act(act) => act.instrument.0,
        Record::Occurrence(occurrence) => occurrence.instrument.0,
        Record::Operation(operation) => operation.commitment.0,
        Record::Claim(claim) => claim.about.0,
        Record::Office(office) => office.of.0,
        _ => reading.seq,
    }
}

/// Returns who has a part in what a record tells.
fn actors(record: &Record) -> Vec<u64> {
    match record {
        Record::Act(act) => vec![act.by.0],
        Record::Operation(operation) => seqs(operation.by.iter().flatten().map(|by| by.0)),
        Record::Statement(statement) => {
            let behalf = statement.on_behalf_of.iter().flatten();
            seqs(statement.speakers.iter().chain(behalf).map(|actor| actor.0))
        }
        Record::Claim(claim) => seqs(claim.by.iter().map(|actor| actor.0)),
        Record::Commitment(commitment) => {
            let sides = std::iter::once(&commitment.debtors).chain(&commitment.creditors);
            let listed = sides.filter_map(|side| match side {
                Parties::Listed(actors) => Some(actors),
                Parties::OfInstrument => None,
            });
            seqs(listed.flatten().map(|actor| actor.0))
        }
        Record::Event(event) => seqs(event.participants.iter().flatten().map(|each| each.actor.0)),
        Record::Issue(issue) => seqs(issue.actors.iter().flatten().map(|actor| actor.0)),
        Record::Office(office) => vec![office.person.0, office.of.0],
        _ => Vec::new(),
    }
}

/// Returns the records that a record is about.
fn named(record: &Record) -> Vec<u64> {
    match record {
        Record::Act(act) => vec![act.instrument.0],
        Record::Occurrence(occurrence) => vec![occurrence.instrument.0],
        Record::Operation(operation) => vec![operation.commitment.0],
        Record::Commitment(commitment) => commitment.under.iter().map(|under| under.0).collect(),
        Record::Claim(claim) => vec![claim.about.0],
        Record::Statement(of) => seqs(of.about.iter().flatten().map(|about| about.0)),
        Record::Issue(issue) => seqs(issue.about.iter().flatten().map(|about| about.0)),
        _ => Vec::new(),
    }
}

fn seqs(seqs: impl Iterator<Item = u64>) -> Vec<u64> {
    seqs.collect()
}
