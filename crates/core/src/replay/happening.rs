//! Happenings: which days of which records the worlds are made of.
//!
//! A happening is one date of one record. Most records have one that counts; an
//! event that lasted has two, its first day and its last. Which of them an
//! `order` speaks of is decided here.

use crate::date::{Credibility, Date};
use crate::record::Record;
use crate::window::Window;

/// A date of a record that took place in the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Happening {
    /// The position of the record.
    pub seq: u64,
    /// Which of its dates.
    pub field: Field,
}

/// A field that says when something took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// `on` of an act, an occurrence, an operation; the first day of a claim's.
    On,
    /// `effective` of an act.
    Effective,
    /// `made` of a commitment.
    Made,
    /// `from` of an actor, an office, a commitment.
    From,
    /// `until` of an actor, an office, a commitment.
    Until,
    /// `said` of a statement or claim.
    Said,
    /// `opened` of an issue or an instrument.
    Opened,
    /// `closed` of an issue.
    Closed,
    /// `adopted` of an instrument.
    Adopted,
    /// `announced` of an event.
    Announced,
    /// The first day of an event's `held`.
    Held,
    /// The last day of an event's `held`.
    HeldUntil,
    /// `called_off` of an event.
    CalledOff,
    /// `published` of a source.
    Published,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::On,
        Self::Effective,
        Self::Made,
        Self::From,
        Self::Until,
        Self::Said,
        Self::Opened,
        Self::Closed,
        Self::Adopted,
        Self::Announced,
        Self::Held,
        Self::HeldUntil,
        Self::CalledOff,
        Self::Published,
    ];

    /// Returns the name of the field that the date stands in.
    pub const fn name(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Effective => "effective",
            Self::Made => "made",
            Self::From => "from",
            Self::Until => "until",
            Self::Said => "said",
            Self::Opened => "opened",
            Self::Closed => "closed",
            Self::Adopted => "adopted",
            Self::Announced => "announced",
            Self::Held | Self::HeldUntil => "held",
            Self::CalledOff => "called_off",
            Self::Published => "published",
        }
    }

    /// Returns the window of this date of a record, if it has one.
    pub(super) fn window(self, record: &Record, credibility: Credibility) -> Option<Window> {
        let date = self.date(record)?;
        Some(match self {
            Self::Held => date.lasted(credibility).0,
            Self::HeldUntil => date.lasted(credibility).1,
            Self::On if matches!(record, Record::Claim(_)) => date.lasted(credibility).0,
            _ => date.window(credibility),
        })
    }

    /// Returns this date of a record as it was written, if it has one.
    pub fn date(self, record: &Record) -> Option<&Date> {
        match (self, record) {
            (Self::On, Record::Act(act)) => Some(&act.on),
            (Self::On, Record::Occurrence(occurrence)) => Some(&occurrence.on),
            (Self::On, Record::Operation(operation)) => Some(&operation.on),
            (Self::On, Record::Claim(claim)) => claim.on.as_ref(),
            (Self::Effective, Record::Act(act)) => act.effective.as_ref(),
            (Self::Made, Record::Commitment(commitment)) => Some(&commitment.made),
            (Self::From, Record::Actor(actor)) => actor.from.as_ref(),
            (Self::From, Record::Office(office)) => office.from.as_ref(),
            (Self::From, Record::Commitment(commitment)) => commitment.from.as_ref(),
            (Self::Until, Record::Actor(actor)) => actor.until.as_ref(),
            (Self::Until, Record::Office(office)) => office.until.as_ref(),
            (Self::Until, Record::Commitment(commitment)) => commitment.until.as_ref(),
            (Self::Said, Record::Statement(statement)) => Some(&statement.said),
            (Self::Said, Record::Claim(claim)) => Some(&claim.said),
            (Self::Opened, Record::Issue(issue)) => issue.opened.as_ref(),
            (Self::Opened, Record::Instrument(instrument)) => instrument.opened.as_ref(),
            (Self::Closed, Record::Issue(issue)) => issue.closed.as_ref(),
            (Self::Adopted, Record::Instrument(instrument)) => instrument.adopted.as_ref(),
            (Self::Announced, Record::Event(event)) => event.announced.as_ref(),
            (Self::Held | Self::HeldUntil, Record::Event(event)) => event.held.as_ref(),
            (Self::CalledOff, Record::Event(event)) => event.called_off.as_ref(),
            (Self::Published, Record::Source(source)) => source.published.as_ref(),
            _ => None,
        }
    }
}

/// Returns the happenings with which an `order` takes a record to begin and to
/// end: an act's or operation's day, the day a commitment was made or something
/// was said, the first and the last day of what lasted. What has only one of
/// the two begins and ends with it; a record that tells of no day has none.
pub(super) fn spoken_of(seq: u64, record: &Record) -> Option<(Happening, Happening)> {
    let (begins, ends) = match record {
        Record::Act(_) | Record::Occurrence(_) | Record::Operation(_) => (Field::On, Field::On),
        Record::Commitment(_) => (Field::Made, Field::Made),
        Record::Statement(_) | Record::Claim(_) => (Field::Said, Field::Said),
        Record::Event(_) => (Field::Held, Field::HeldUntil),
        Record::Actor(_) | Record::Office(_) => (Field::From, Field::Until),
        Record::Issue(_) => (Field::Opened, Field::Closed),
        Record::Instrument(_) => (Field::Adopted, Field::Adopted),
        Record::Source(_) => (Field::Published, Field::Published),
        _ => return None,
    };
    let there = |field: Field| field.date(record).map(|_| Happening { seq, field });
    let (first, last) = (there(begins), there(ends));
    first.or(last).zip(last.or(first))
}

/// Returns the day of an act, an occurrence or an operation.
pub(super) const fn on(seq: u64) -> Happening {
    let field = Field::On;
    Happening { seq, field }
}
