//! Offices, issues, events and statements in a register.

use chancery_core::record::{EventKind, ParticipantRole};
use chancery_core::replay::{Dated, EventItem, IssueItem, OfficeItem, Readings, StatementItem};
use chancery_core::worlds::Certainty;

use super::{BELOW, INDENT, claims, entries, outcomes, unsupported};
use crate::view::page::Page;
use crate::view::say;

/// Adds an office that is held.
pub fn office(page: &mut Page, readings: &Readings, item: &OfficeItem) {
    let since = item
        .from
        .as_ref()
        .map(|from| format!(", from {}", say::dated(from)));
    let until = item
        .until
        .as_ref()
        .map(|until| format!(", until {}", say::dated(until)));
    let text = format!(
        "{}{} of {}{}{} ({})",
        say::possibly(item.certainty),
        item.title,
        readings.id_of(item.of),
        since.unwrap_or_default(),
        until.unwrap_or_default(),
        entries(&item.rests_on),
    );
    page.item(INDENT, &format!("{}:", readings.id_of(item.person)), &text);
    unsupported(page, readings, item.unsupported);
}

/// Adds an issue that is open.
pub fn issue(page: &mut Page, readings: &Readings, item: &IssueItem) {
    let title = format!("{} ({})", item.title, entries(&item.rests_on));
    page.item(INDENT, &format!("{}:", item.id), &title);
    let mut words = vec![format!("{}open", say::possibly(item.certainty))];
    words.extend(
        item.opened
            .as_ref()
            .map(|opened| format!("opening {}", say::dated(opened))),
    );
    words.extend(
        item.closed
            .as_ref()
            .map(|closed| format!("closing {}", say::dated(closed))),
    );
    if !item.actors.is_empty() {
        words.push(format!("between {}", say::ids(readings, &item.actors)));
    }
    if !item.about.is_empty() {
        words.push(format!("about {}", say::ids(readings, &item.about)));
    }
    page.text(BELOW, &in_state(&words));
    unsupported(page, readings, item.unsupported);
}

/// Adds an event.
pub fn event(page: &mut Page, readings: &Readings, item: &EventItem) {
    let phase = outcomes(&item.phases, |phase| phase.word().replace('-', " "));
    let title = format!("{} ({})", item.title, entries(&item.rests_on));
    page.item(INDENT, &format!("{}:", item.id), &title);
    let dates = [
        ("announced on", &item.announced),
        ("planned for", &item.planned_for),
        ("held on", &item.held),
        ("called off on", &item.called_off),
    ];
    let mut words = vec![phase];
    words.extend(item.kind.map(EventKind::word).map(str::to_owned));
    let dates = dates
        .iter()
        .filter_map(|(name, date)| Some((name, date.as_ref()?)));
    words.extend(dates.map(|(name, date): (_, &Dated)| format!("{name} {}", say::dated(date))));
    words.extend(item.place.clone());
    if !item.participants.is_empty() {
        let each = item.participants.iter().map(|(actor, role)| match role {
            Some(role) if *role != ParticipantRole::Party => {
                format!("{} ({})", readings.id_of(*actor), role.word())
            }
            _ => readings.id_of(*actor),
        });
        words.push(format!("with {}", each.collect::<Vec<_>>().join(", ")));
    }
    page.text(BELOW, &in_state(&words));
    claims(page, readings, &item.claimed);
    unsupported(page, readings, item.unsupported);
}

/// Returns how it stands with something, and then the circumstances.
fn in_state(words: &[String]) -> String {
    match words.split_first() {
        Some((state, [])) => state.clone(),
        Some((state, others)) => format!("{state}; {}", others.join(", ")),
        None => String::new(),
    }
}

/// Adds a statement.
pub fn statement(page: &mut Page, readings: &Readings, item: &StatementItem) {
    let mut who = say::ids(readings, &item.speakers);
    who.extend(
        item.capacity
            .as_ref()
            .map(|capacity| format!(", {capacity}")),
    );
    let parts = [
        ("for", &item.on_behalf_of),
        ("to", &item.to),
        ("via", &item.via),
    ];
    for (name, actors) in parts.iter().filter(|(_, actors)| !actors.is_empty()) {
        who = format!("{who}, {name} {}", say::ids(readings, actors));
    }
    let when = say::dated(&item.said);
    let mode = match item.certainty {
        Certainty::Certain => item.mode.word().to_owned(),
        Certainty::Possible => format!("{}, perhaps not said yet", item.mode.word()),
        Certainty::Contradictory => format!("{}, its day is contradictory", item.mode.word()),
    };
    let text = item
        .text
        .as_deref()
        .map_or_else(|| "no text is held".to_owned(), |text| format!("“{text}”"));
    page.item(INDENT, &when, &format!("{who} ({mode}): {text}"));
    let mut words = vec![item.id.clone()];
    words.extend(
        item.occasion
            .map(|occasion| format!("at {}", readings.id_of(occasion))),
    );
    if !item.contradicts.is_empty() {
        words.push(format!(
            "contradicts {}",
            say::ids(readings, &item.contradicts)
        ));
    }
    page.aside(
        BELOW,
        &format!("{} ({})", words.join(", "), entries(&item.rests_on)),
    );
    claims(page, readings, &item.claimed);
    unsupported(page, readings, item.unsupported);
}
