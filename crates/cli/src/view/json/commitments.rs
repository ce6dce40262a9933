//! Commitments as JSON: who owes what to whom, and how it stands with it.

use chancery_core::replay::{CommitmentItem, ConditionItem, Readings, Side, terms, words};
use chancery_core::worlds::Certainty;
use serde_json::{Value, json};

use super::claims::claims;
use super::{dated, maybe_dated, maybe_id, unsupported};
use crate::view::say;

/// Returns a commitment.
pub fn commitment(readings: &Readings, item: &CommitmentItem) -> Value {
    let phases = item.phases.iter().map(|(phase, certainty)| {
        json!({
            "phase": phase.word(),
            "ended": phase.ending().map(chancery_core::replay::Ending::word),
            "certainty": say::certainty(*certainty),
        })
    });
    json!({
        "id": item.id,
        "seq": item.seq,
        "text": item.text,
        "debtors": actors(readings, &item.debtors),
        "creditors": actors(readings, &item.creditors),
        "all_parties": { "debtors": item.debtors.all_parties, "creditors": item.creditors.all_parties },
        "possibly_among": possibly(readings, [&item.debtors, &item.creditors]),
        "phase": item.phase.map(chancery_core::replay::Phase::word),
        "ended": item.phase.and_then(chancery_core::replay::Phase::ending).map(chancery_core::replay::Ending::word),
        "certainty": say::certainty(item.certainty),
        "phases": phases.collect::<Value>(),
        "attributed": item.attributed,
        "overdue": item.overdue.map(say::certainty),
        "condition": item.condition.as_ref().map(|condition| one_condition(readings, condition)),
        "made": dated(&item.made),
        "from": maybe_dated(item.from.as_ref()),
        "due": maybe_dated(item.due.as_ref()),
        "until": maybe_dated(item.until.as_ref()),
        "under": maybe_id(readings, item.under),
        "article": item.article,
        "stated_in": maybe_id(readings, item.stated_in),
        "words": words(readings, item.seq).map(chancery_core::record::Mode::word),
        "terms": terms(readings, item.seq).map(chancery_core::record::Terms::word),
        "force": item.force.map(chancery_core::record::Force::word),
        "claims": claims(readings, &item.claimed),
        "contested": item.claimed.contested,
        "rests_on": item.rests_on,
        "unsupported": unsupported(readings, item.unsupported),
    })
}

fn actors(readings: &Readings, side: &Side) -> Value {
    side.actors
        .iter()
        .map(|(actor, _)| Value::from(readings.id_of(*actor)))
        .collect()
}

/// Returns the actors that are only possibly debtors or creditors.
fn possibly(readings: &Readings, sides: [&Side; 2]) -> Value {
    let actors = sides.into_iter().flat_map(|side| &side.actors);
    let mut seqs: Vec<u64> = actors
        .filter(|(_, certainty)| *certainty == Certainty::Possible)
        .map(|(actor, _)| *actor)
        .collect();
    seqs.sort_unstable();
    seqs.dedup();
    super::ids(readings, &seqs)
}

fn one_condition(readings: &Readings, condition: &ConditionItem) -> Value {
    json!({
        "text": condition.text,
        "on": maybe_id(readings, condition.on),
        "state": condition.state.map(chancery_core::record::ConditionState::word),
    })
}
