//! Events: what was planned, is under way, was held or called off.

use crate::record::{Event, EventKind, ParticipantRole};
use crate::window::Window;
use crate::worlds::Certainty;

use super::answers::Answers;
use super::claims::{Claimed, Claims};
use super::context::Context;
use super::question::Dated;
use super::readings::{Reading, Unsupported};

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
    /// The furthest phase that it has or may have.
    pub phase: EventPhase,
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
        let phases = phases(context, event);
        let (phase, certainty) = phases.last().copied()?;
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

fn phases(context: &Context<'_>, event: &Event) -> Vec<(EventPhase, Certainty)> {
    let turns = turns(context, event);
    if turns.is_empty() {
        return vec![(EventPhase::NoRecord, Certainty::Certain)];
    }
    let windows: Vec<Window> = turns.iter().map(|(_, window)| *window).collect();
    let answers = Answers::of(&windows, context.question.on, &|order: &[usize]| {
        let furthest = order.iter().map(|index| turns[*index].0).max()?;
        Some(match furthest {
            Turn::Announced => EventPhase::Planned,
            Turn::Overdue => EventPhase::NoRecord,
            Turn::CalledOff => EventPhase::CalledOff,
            Turn::Begun => EventPhase::UnderWay,
            Turn::Over => EventPhase::Record,
        })
    });
    let values = answers.values().into_iter().copied().flatten();
    let certainty = |phase| Some((phase, answers.certainty(|so| *so == Some(phase))?));
    values.filter_map(certainty).collect()
}

fn turns(context: &Context<'_>, event: &Event) -> Vec<(Turn, Window)> {
    let question = &context.question;
    let mut turns = Vec::new();
    if let Some(announced) = &event.announced {
        turns.push((Turn::Announced, question.window(announced)));
    } else if event.planned_for.is_some() {
        // Planned since some day that nobody wrote down.
        turns.push((Turn::Announced, Window::UNKNOWN));
    }
    // A plan is not a happening: it is past once its last day is.
    let planned_until = event.planned_for.as_ref().map(|date| question.window(date));
    if let Some(last) = planned_until.and_then(Window::latest) {
        turns.push((Turn::Overdue, Window::on(last.plus_days(1))));
    }
    if let Some(called_off) = &event.called_off {
        turns.push((Turn::CalledOff, question.window(called_off)));
    }
    if let Some(held) = &event.held {
        let (begun, last_day) = held.lasted(question.credibility);
        turns.push((Turn::Begun, begun));
        turns.push((Turn::Over, last_day.day_after()));
    }
    turns
}
