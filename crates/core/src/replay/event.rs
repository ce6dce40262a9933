//! Events: what was planned, is under way, was held or called off.

use crate::record::{Event, EventKind, ParticipantRole};
use crate::window::Window;
use crate::worlds::{Certainty, Step};

use super::answers::Answers;
use super::claims::{Claimed, Claims};
use super::context::Context;
use super::happening::{Field, Happening};
use super::question::Dated;
use super::readings::{Reading, Unsupported};
use super::when::When;
use super::witness::Fact;

/// How far an event has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventPhase {
    /// Announced, and neither held nor called off.
    Planned,
    /// The day it was planned for is past, or it has no day, and nothing says
    /// that it was held.
    NoRecord,
    /// Called off.
    CalledOff,
    /// It has begun and is not over.
    UnderWay,
    /// It is over.
    Record,
}

impl EventPhase {
    /// Returns the word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::NoRecord => "no-record",
            Self::CalledOff => "called-off",
            Self::UnderWay => "under-way",
            Self::Record => "held",
        }
    }
}

/// An event on the days asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventItem {
    /// Its position.
    pub seq: u64,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What sort of event.
    pub kind: Option<EventKind>,
    /// The furthest phase that it has or may have; `None` where the records
    /// that it rests on cannot all be right.
    pub phase: Option<EventPhase>,
    /// How certain that is.
    pub certainty: Certainty,
    /// Every phase that it has or may have.
    pub phases: Vec<(EventPhase, Certainty)>,
    /// When it was announced.
    pub announced: Option<Dated>,
    /// For when it was planned.
    pub planned_for: Option<Dated>,
    /// When it was held.
    pub held: Option<Dated>,
    /// When it was called off.
    pub called_off: Option<Dated>,
    /// Where.
    pub place: Option<String>,
    /// Who took part, and as what.
    pub participants: Vec<(u64, Option<ParticipantRole>)>,
    /// What is claimed of it.
    pub claimed: Claimed,
    /// The positions of the event and its standing revisions.
    pub rests_on: Vec<u64>,
    /// Why it is shown but moves nothing, if so.
    pub unsupported: Option<Unsupported>,
}

/// Returns the events that had come to anything, in order of position.
pub(super) fn events(context: &Context<'_>, claims: &Claims<'_>) -> Vec<EventItem> {
    let question = &context.question;
    let item = |(reading, event): (&Reading, &Event)| {
        let phases = phases(context, reading.seq, event);
        let withheld = phases.is_none();
        let phases = phases.unwrap_or_default();
        let (phase, certainty) = match phases.last() {
            _ if withheld => (None, Certainty::Contradictory),
            last => last.map(|(phase, certainty)| (Some(*phase), *certainty))?,
        };
        let dated = |date: &Option<_>| date.as_ref().map(|date| question.dated(date));
        let participants = event.participants.iter().flatten();
        Some(EventItem {
            seq: reading.seq,
            id: context.readings.id_of(reading.seq),
            title: event.title.clone(),
            kind: event.kind,
            phase,
            certainty,
            phases,
            announced: dated(&event.announced),
            planned_for: dated(&event.planned_for),
            held: dated(&event.held),
            called_off: dated(&event.called_off),
            place: event.place.clone(),
            participants: participants.map(|each| (each.actor.0, each.role)).collect(),
            claimed: claims.about(context, reading.seq),
            rests_on: reading.rests_on(),
            unsupported: reading.unsupported(),
        })
    };
    context.readings.each::<Event>().filter_map(item).collect()
}

/// Something that moves an event; of one day, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Announced,
    Overdue,
    CalledOff,
    Begun,
    Over,
}

fn phases(context: &Context<'_>, seq: u64, event: &Event) -> Option<Vec<(EventPhase, Certainty)>> {
    let turns = turns(context, seq, event);
    if turns.is_empty() {
        return Some(vec![(EventPhase::NoRecord, Certainty::Certain)]);
    }
    let whens: Vec<When<'_>> = turns.iter().map(|(_, when)| when.clone()).collect();
    let state = |order: &[usize]| {
        let furthest = order.iter().map(|index| turns[*index].0).max()?;
        Some(match furthest {
            Turn::Announced => EventPhase::Planned,
            Turn::Overdue => EventPhase::NoRecord,
            Turn::CalledOff => EventPhase::CalledOff,
            Turn::Begun => EventPhase::UnderWay,
            Turn::Over => EventPhase::Record,
        })
    };
    let asked = |fact: &Fact| match fact {
        Fact::Event(of, phase) => (*of == seq).then_some(*phase),
        _ => None,
    };
    context.witness(asked, &whens, &state, |asked, so| *so == Some(*asked));
    Answers::of(context, &whens, &state).certainties()
}

fn turns(context: &Context<'_>, seq: u64, event: &Event) -> Vec<(Turn, When<'static>)> {
    let question = &context.question;
    let when = |field, date| context.when(seq, field, date);
    let mut turns = Vec::new();
    if let Some(announced) = &event.announced {
        turns.push((Turn::Announced, when(Field::Announced, announced)));
    } else if event.planned_for.is_some() {
        // Planned since some day that nobody wrote down.
        turns.push((Turn::Announced, When::within(Window::UNKNOWN)));
    }
    // A plan is not a happening: it is past once its last day is.
    let planned_until = event.planned_for.as_ref().map(|date| question.window(date));
    if let Some(last) = planned_until.and_then(Window::latest) {
        turns.push((Turn::Overdue, When::within(Window::on(last.plus_days(1)))));
    }
    if let Some(called_off) = &event.called_off {
        turns.push((Turn::CalledOff, when(Field::CalledOff, called_off)));
    }
    if let Some(held) = &event.held {
        let lasted = held.lasted(question.credibility);
        let when = |field, as_written| {
            let of = Happening { seq, field };
            When::on(of, context.links.window(of).unwrap_or(as_written))
        };
        turns.push((Turn::Begun, when(Field::Held, lasted.0)));
        let last_day = when(Field::HeldUntil, lasted.1);
        turns.push((Turn::Over, last_day.then(&Step::days(1))));
    }
    turns
}
