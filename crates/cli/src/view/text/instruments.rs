//! Instruments in a register: a few lines each.

use chancery_core::record::{Force, Terms};
use chancery_core::replay::{InstrumentItem, Readings, Standing, Status};
use chancery_core::worlds::Certainty;

use super::between::{amendments, reservations_in_short};
use super::{BELOW, INDENT, claims, entries, outcomes, unsupported};
use crate::view::page::Page;
use crate::view::say;

/// How many actors of one standing are named before they are only counted.
const MOST_NAMED: usize = 8;

/// Adds an instrument.
pub fn instrument(page: &mut Page, readings: &Readings, item: &InstrumentItem) {
    let title = format!("{} ({})", item.title, entries(&item.rests_on));
    page.item(INDENT, &format!("{}:", item.id), &title);
    page.text(BELOW, &described(item));
    for line in force(readings, item, false) {
        page.text(BELOW, &line);
    }
    let lines = amendments(readings, item)
        .into_iter()
        .chain(standings(readings, item))
        .chain(reservations_in_short(readings, item));
    for line in lines {
        page.text(BELOW, &line);
    }
    claims(page, readings, &item.claimed);
    unsupported(page, readings, item.unsupported);
}

/// Returns whether an instrument is of a later day: certainly not adopted yet,
/// and nobody has anything to do with it.
pub fn is_to_come(item: &InstrumentItem) -> bool {
    let mut statuses = item.statuses.iter();
    let drafted = statuses.all(|(status, _)| *status == Status::Drafted);
    let touched = !item.standings.is_empty()
        || !item.unsupported_acts.is_empty()
        || !item.claimed.claims.is_empty();
    let told = item.certainty != Certainty::Contradictory;
    told && drafted && item.adopted.is_some() && !touched && item.unsupported.is_none()
}

/// Adds the instruments of a later day, in one line.
pub fn to_come(page: &mut Page, indent: usize, items: &[&InstrumentItem]) {
    if !items.is_empty() {
        let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
        page.aside(indent, &format!("not adopted yet: {}", ids.join(", ")));
    }
}

/// Returns "treaty, legal, terms unpublished; possibly adopted or open; adoption 2016-07".
pub(super) fn described(item: &InstrumentItem) -> String {
    let mut words = vec![item.kind.word().to_owned()];
    words.extend(item.force.map(Force::word).map(str::to_owned));
    if item.terms == Some(Terms::Unpublished) {
        words.push("terms unpublished".to_owned());
    }
    let adopted = item.adopted.as_ref();
    let adopted = adopted
        .map(|date| format!("; adoption {}", say::dated(date)))
        .unwrap_or_default();
    format!(
        "{}; {}{adopted}",
        words.join(", "),
        outcomes(&item.statuses, status)
    )
}

/// Returns what is known of the day of entry into force, if anything is to be said.
pub(super) fn force(readings: &Readings, item: &InstrumentItem, in_full: bool) -> Vec<String> {
    let force = &item.entry_into_force;
    let mut lines = Vec::new();
    if let Some(provisional) = &force.provisional {
        let (on, seqs) = (say::dated(&provisional.on), say::entries(&provisional.seqs));
        lines.push(format!("applied provisionally from {on} ({seqs})"));
    }
    if let Some(recorded) = &force.recorded {
        let (on, seqs) = (say::dated(&recorded.on), say::entries(&recorded.seqs));
        lines.push(format!("entry into force: {on}, as recorded ({seqs})"));
    }
    if let Some(derived) = &force.derived {
        let by: Vec<String> = derived
            .completed_by
            .iter()
            .map(|deposit| format!("{} (#{})", readings.id_of(deposit.actor), deposit.seq))
            .collect();
        let by = if by.is_empty() || !in_full {
            String::new()
        } else {
            format!(", completed by {}", by.join(", "))
        };
        let window = chancery_core::replay::Dated::from(derived.window);
        lines.push(format!(
            "entry into force: {} by its rule{by}",
            say::dated(&window)
        ));
        lines.extend(force.differs().map(|certainty| {
            let possibly = say::possibly(certainty);
            format!("the day recorded is {possibly}not that of its rule; it governs")
        }));
    } else if let Some(reason) = &force.reason
        && (in_full || force.recorded.is_none())
        && has_rule(reason)
    {
        lines.push(format!(
            "entry into force: no day follows from its rule: {reason}"
        ));
    }
    lines
}

/// Political texts have no rule, and nobody asks them for one.
fn has_rule(reason: &str) -> bool {
    reason != "no rule is recorded"
}

fn status(status: Status) -> String {
    status.word().replace('-', " ")
}

/// How certainly somebody stands how.
type Stands = (Certainty, Option<Standing>);

/// Returns a line for each standing: who, or how many.
fn standings(readings: &Readings, item: &InstrumentItem) -> Vec<String> {
    let mut groups: Vec<(Stands, Vec<u64>)> = Vec::new();
    for standing in &item.standings {
        let group = (standing.certainty, standing.standing);
        match groups.iter_mut().find(|(other, _)| *other == group) {
            Some((_, actors)) => actors.push(standing.actor),
            None => groups.push((group, vec![standing.actor])),
        }
    }
    groups.sort_by_key(|(group, _)| *group);
    let line = |((certainty, standing), actors): (Stands, Vec<u64>)| {
        let who = if actors.len() > MOST_NAMED {
            format!("{} actors", actors.len())
        } else {
            say::ids(readings, &actors)
        };
        match standing {
            Some(standing) => format!("{}{}: {who}", say::possibly(certainty), standing.word()),
            None => format!("contradictory: {who}"),
        }
    };
    groups.into_iter().map(line).collect()
}
