//! Who owes what to whom, and how it stands with it.

use chancery_core::record::{Statement, Terms};
use chancery_core::replay::{CommitmentItem, ConditionItem, Phase, Readings, Side};
use chancery_core::replay::{terms, words as grounds};
use chancery_core::worlds::Certainty;

use super::{BELOW, INDENT, claims, entries, outcomes, unsupported};
use crate::view::page::Page;
use crate::view::say;

/// Adds a commitment.
pub fn commitment(page: &mut Page, readings: &Readings, item: &CommitmentItem) {
    let who = match side(readings, &item.creditors) {
        creditors if creditors.is_empty() => side(readings, &item.debtors),
        creditors => format!("{} → {creditors}", side(readings, &item.debtors)),
    };
    page.item(INDENT, &format!("{who}:"), &item.text);
    let mut state = vec![outcomes(&item.phases, phase)];
    let condition = item.condition.as_ref();
    state.extend(condition.map(|condition| depends(readings, condition, waits(item))));
    if item.attributed {
        state.push(by_whose_word(readings, item));
    }
    if let Some(overdue) = item.overdue {
        state.push(format!("{}overdue", say::possibly(overdue)));
    }
    page.text(BELOW, &state.join("; "));
    page.aside(BELOW, &circumstances(readings, item));
    claims(page, readings, &item.claimed);
    unsupported(page, readings, item.unsupported);
}

fn side(readings: &Readings, side: &Side) -> String {
    let each = side.actors.iter().map(|(actor, certainty)| {
        format!("{}{}", say::possibly(*certainty), readings.id_of(*actor))
    });
    let each: Vec<String> = each.collect();
    match (side.all_parties, each.is_empty()) {
        (true, true) => "all parties (none so far)".to_owned(),
        (true, false) => format!("all parties ({})", each.join(", ")),
        (false, _) => each.join(", "),
    }
}

fn phase(phase: Phase) -> String {
    match phase.ending() {
        Some(ending) => format!("ended ({})", ending.word()),
        None => phase.word().to_owned(),
    }
}

/// Returns whether the commitment may still depend on its condition.
fn waits(item: &CommitmentItem) -> bool {
    let waiting = |phase: Phase| matches!(phase, Phase::Pending | Phase::Conditional);
    item.phases.iter().any(|(phase, _)| waiting(*phase))
}

fn depends(readings: &Readings, condition: &ConditionItem, waits: bool) -> String {
    let name = if waits {
        "condition"
    } else {
        "it was conditional"
    };
    let on = condition.on.map(|on| {
        let state = condition
            .state
            .map_or("", chancery_core::record::ConditionState::word);
        format!("{} {}", readings.id_of(on), state.replace('-', " "))
    });
    match (&condition.text, on) {
        (Some(text), Some(on)) => format!("{name}: “{text}” ({on})"),
        (Some(text), None) => format!("{name}: “{text}”"),
        (None, Some(on)) => format!("{name}: {on}"),
        (None, None) => name.to_owned(),
    }
}

/// Returns whose word it is that the debtor undertook anything.
fn by_whose_word(readings: &Readings, item: &CommitmentItem) -> String {
    let statement = item
        .stated_in
        .and_then(|seq| readings.get::<Statement>(seq));
    let speakers = statement.map(|(_, statement)| {
        let speakers: Vec<u64> = statement.speakers.iter().map(|actor| actor.0).collect();
        say::ids(readings, &speakers)
    });
    match speakers {
        Some(speakers) if !speakers.is_empty() => format!("by {speakers}'s word only"),
        _ => "by nobody's own word".to_owned(),
    }
}

fn circumstances(readings: &Readings, item: &CommitmentItem) -> String {
    let mut words = vec![item.id.clone(), format!("made {}", say::dated(&item.made))];
    let dates = [
        ("from", &item.from),
        ("due", &item.due),
        ("until", &item.until),
    ];
    let dates = dates
        .iter()
        .filter_map(|(name, date)| Some((name, date.as_ref()?)));
    words.extend(dates.map(|(name, date)| format!("{name} {}", say::dated(date))));
    words.extend(item.force.map(|force| force.word().to_owned()));
    let unpublished = match terms(readings, item.seq) {
        Some(Terms::Unpublished) => " (unpublished)",
        Some(Terms::Public) | None => "",
    };
    words.extend(
        item.under
            .map(|under| format!("under {}{unpublished}", readings.id_of(under))),
    );
    words.extend(
        item.article
            .as_ref()
            .map(|article| format!("article {article}")),
    );
    let stated = item.stated_in.map(|stated| readings.id_of(stated));
    words.extend(match (stated, grounds(readings, item.seq)) {
        (Some(stated), Some(mode)) => Some(format!("in {stated} ({})", mode.word())),
        (Some(stated), None) => Some(format!("in {stated}")),
        (None, Some(mode)) => Some(mode.word().to_owned()),
        (None, None) => None,
    });
    format!("{} ({})", words.join(", "), entries(&item.rests_on))
}

/// Returns whether one of the two owes something to the other.
pub fn between(item: &CommitmentItem, one: u64, other: u64) -> bool {
    let on = |side: &Side, actor: u64| side.actors.iter().any(|(member, _)| *member == actor);
    let owes = |debtor, creditor| on(&item.debtors, debtor) && on(&item.creditors, creditor);
    owes(one, other) || owes(other, one)
}

/// Returns whether a commitment is of this actor's: as a debtor or a creditor.
pub fn concerns(item: &CommitmentItem, actor: u64) -> bool {
    let sides = [&item.debtors, &item.creditors];
    let mut actors = sides.into_iter().flat_map(|side: &Side| &side.actors);
    actors.any(|(other, _): &(u64, Certainty)| *other == actor)
}
