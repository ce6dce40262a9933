//! Offices, issues, events and statements as JSON.

use chancery_core::record::{EventKind, ParticipantRole};
use chancery_core::replay::{EventItem, IssueItem, OfficeItem, Readings, StatementItem};
use serde_json::{Value, json};

use super::claims::claims;
use super::{dated, ids, maybe_dated, maybe_id, unsupported};
use crate::view::say;

/// Returns an office that is held.
pub fn office(readings: &Readings, item: &OfficeItem) -> Value {
    json!({
        "id": item.id,
        "seq": item.seq,
        "person": readings.id_of(item.person),
        "title": item.title,
        "of": readings.id_of(item.of),
        "from": maybe_dated(item.from.as_ref()),
        "until": maybe_dated(item.until.as_ref()),
        "certainty": say::certainty(item.certainty),
        "rests_on": item.rests_on,
        "unsupported": unsupported(readings, item.unsupported),
    })
}

/// Returns an issue that is open.
pub fn issue(readings: &Readings, item: &IssueItem) -> Value {
    json!({
        "id": item.id,
        "seq": item.seq,
        "title": item.title,
        "status": "open",
        "opened": maybe_dated(item.opened.as_ref()),
        "closed": maybe_dated(item.closed.as_ref()),
        "actors": ids(readings, &item.actors),
        "about": ids(readings, &item.about),
        "certainty": say::certainty(item.certainty),
        "rests_on": item.rests_on,
        "unsupported": unsupported(readings, item.unsupported),
    })
}

/// Returns an event.
pub fn event(readings: &Readings, item: &EventItem) -> Value {
    let phases = item.phases.iter().map(|(phase, certainty)| {
        json!({ "phase": phase.word(), "certainty": say::certainty(*certainty) })
    });
    let participants = item.participants.iter().map(|(actor, role)| {
        json!({ "actor": readings.id_of(*actor), "role": role.map(ParticipantRole::word) })
    });
    json!({
        "id": item.id,
        "seq": item.seq,
        "title": item.title,
        "kind": item.kind.map(EventKind::word),
        "phase": item.phase.map(chancery_core::replay::EventPhase::word),
        "certainty": say::certainty(item.certainty),
        "phases": phases.collect::<Value>(),
        "announced": maybe_dated(item.announced.as_ref()),
        "planned_for": maybe_dated(item.planned_for.as_ref()),
        "held": maybe_dated(item.held.as_ref()),
        "called_off": maybe_dated(item.called_off.as_ref()),
        "place": item.place,
        "participants": participants.collect::<Value>(),
        "claims": claims(readings, &item.claimed),
        "contested": item.claimed.contested,
        "rests_on": item.rests_on,
        "unsupported": unsupported(readings, item.unsupported),
    })
}

/// Returns a statement.
pub fn statement(readings: &Readings, item: &StatementItem) -> Value {
    json!({
        "id": item.id,
        "seq": item.seq,
        "speakers": ids(readings, &item.speakers),
        "said": dated(&item.said),
        "certainty": say::certainty(item.certainty),
        "mode": item.mode.word(),
        "text": item.text,
        "as": item.capacity,
        "for": ids(readings, &item.on_behalf_of),
        "to": ids(readings, &item.to),
        "via": ids(readings, &item.via),
        "occasion": maybe_id(readings, item.occasion),
        "contradicts": ids(readings, &item.contradicts),
        "claims": claims(readings, &item.claimed),
        "contested": item.claimed.contested,
        "rests_on": item.rests_on,
        "unsupported": unsupported(readings, item.unsupported),
    })
}
