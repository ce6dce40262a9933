//! Instruments as JSON: status, entry into force, counts, standings.

use chancery_core::replay::{
    ActItem, AmendmentItem, Count, Deposit, DerivedForce, ForceItem, InstrumentItem, Readings,
    RecordedForce, ReservationAnswer, ReservationItem, StandingItem,
};
use chancery_core::worlds::Certainty;
use serde_json::{Value, json};

use super::claims::claims;
use super::{dated, ids, maybe_dated, maybe_id, unsupported, window};
use crate::view::say;

/// Returns an instrument with the standings of `actor`, or with all of them.
pub fn instrument(readings: &Readings, item: &InstrumentItem, actor: Option<u64>) -> Value {
    let asked = |standing: &&StandingItem| actor.is_none_or(|actor| standing.actor == actor);
    let standings = item.standings.iter().filter(asked);
    let standings: Value = standings
        .map(|standing| one_standing(readings, standing))
        .collect();
    let statuses = item.statuses.iter();
    let statuses: Value = statuses
        .map(|(status, certainty)| {
            json!({ "status": status.word(), "certainty": say::certainty(*certainty) })
        })
        .collect();
    json!({
        "id": item.id,
        "seq": item.seq,
        "title": item.title,
        "kind": item.kind.word(),
        "force": item.force.map(chancery_core::record::Force::word),
        "terms": item.terms.map(chancery_core::record::Terms::word),
        "adopted": maybe_dated(item.adopted.as_ref()),
        "status": item.status.map(chancery_core::replay::Status::word),
        "certainty": say::certainty(item.certainty),
        "statuses": statuses,
        "entry_into_force": entry_into_force(readings, &item.entry_into_force),
        "counts": {
            "signatories": count(item.counts.signatories),
            "consents": count(item.counts.consents),
            "parties": count(item.counts.parties),
        },
        "standings": standings,
        "reservations": reservations(readings, item, actor),
        "amended_by": item.amended_by.iter().map(|amendment| one_amendment(readings, amendment)).collect::<Value>(),
        "unsupported_acts": acts(readings, &item.unsupported_acts),
        "claims": claims(readings, &item.claimed),
        "contested": item.claimed.contested,
        "rests_on": item.rests_on,
        "unsupported": unsupported(readings, item.unsupported),
    })
}

fn entry_into_force(readings: &Readings, force: &ForceItem) -> Value {
    let derived = force
        .derived
        .as_ref()
        .map(|derived| derived_day(readings, derived));
    let mut value = json!({ "derived": derived });
    if let Some(reason) = &force.reason {
        value["reason"] = Value::from(reason.as_str());
    }
    value["recorded"] = force.recorded.as_ref().map_or(Value::Null, recorded_day);
    value["differs"] = Value::from(force.differs().map(say::certainty));
    value["provisional"] = force.provisional.as_ref().map_or(Value::Null, recorded_day);
    value
}

fn derived_day(readings: &Readings, derived: &DerivedForce) -> Value {
    let deposit =
        |deposit: &Deposit| json!({ "actor": readings.id_of(deposit.actor), "seq": deposit.seq });
    let mut value = window(derived.window);
    value["completed_by"] = derived.completed_by.iter().map(deposit).collect();
    value
}

fn recorded_day(recorded: &RecordedForce) -> Value {
    let mut value = dated(&recorded.on);
    value["seqs"] = Value::from(recorded.seqs.as_slice());
    value
}

fn count(count: Count) -> Value {
    json!([count.certain, count.possible])
}

fn one_standing(readings: &Readings, item: &StandingItem) -> Value {
    json!({
        "actor": readings.id_of(item.actor),
        "standing": item.standing.map(chancery_core::replay::Standing::word),
        "certainty": say::certainty(item.certainty),
        "since": dated(&item.since),
        "acts": acts(readings, &item.acts),
    })
}

/// Returns the reservations that stand, or those in which `actor` has a part.
fn reservations(readings: &Readings, item: &InstrumentItem, actor: Option<u64>) -> Value {
    let asked = item.reservations.iter().filter(|each| each.concerns(actor));
    asked.map(|each| one_reservation(readings, each)).collect()
}

fn one_reservation(readings: &Readings, item: &ReservationItem) -> Value {
    let answers = item.answers.iter();
    json!({
        "seq": item.seq,
        "id": readings.id_of(item.seq),
        "by": readings.id_of(item.by),
        "kind": item.kind.word(),
        "on": dated(&item.on),
        "article": item.article,
        "text": item.text,
        "certainty": say::certainty(item.certainty),
        "answers": answers.map(|answer| one_answer(readings, answer)).collect::<Value>(),
        "rests_on": item.rests_on,
    })
}

fn one_answer(readings: &Readings, answer: &ReservationAnswer) -> Value {
    let between = answer.between.iter().map(|(between, certainty)| {
        json!({ "in_force": between.word(), "certainty": say::certainty(*certainty) })
    });
    json!({
        "seq": answer.seq,
        "id": readings.id_of(answer.seq),
        "by": readings.id_of(answer.by),
        "kind": answer.kind.word(),
        "on": dated(&answer.on),
        "precludes_entry_into_force": answer.precludes,
        "treats_as": answer.treats_as,
        "text": answer.text,
        "certainty": say::certainty(answer.certainty),
        "between": between.collect::<Value>(),
        "rests_on": answer.rests_on,
    })
}

fn one_amendment(readings: &Readings, item: &AmendmentItem) -> Value {
    let who = |actor: u64, certainty: Certainty| json!({ "actor": readings.id_of(actor), "certainty": say::certainty(certainty) });
    let bound = item.bound.iter().map(|bound| {
        let mut value = who(bound.actor, bound.certainty);
        value["joined_later"] = Value::from(bound.joined_later);
        value
    });
    let not_bound = item.not_bound.iter();
    json!({
        "instrument": readings.id_of(item.seq),
        "seq": item.seq,
        "certainty": say::certainty(item.certainty),
        "bound": bound.collect::<Value>(),
        "not_bound": not_bound.map(|(actor, certainty)| who(*actor, *certainty)).collect::<Value>(),
    })
}

fn acts(readings: &Readings, acts: &[ActItem]) -> Value {
    acts.iter().map(|act| one_act(readings, act)).collect()
}

/// Returns an act; what most acts do not have is left out where it is absent.
fn one_act(readings: &Readings, act: &ActItem) -> Value {
    let mut value = json!({
        "kind": act.kind.word(),
        "on": dated(&act.on),
        "seq": act.seq,
        "id": readings.id_of(act.seq),
        "by": readings.id_of(act.by),
        "certainty": say::certainty(act.certainty),
        "signed_by": ids(readings, &act.signed_by),
        "effective": maybe_dated(act.effective.as_ref()),
        "rests_on": act.rests_on,
    });
    if let Some(vote) = act.vote {
        value["vote"] = Value::from(vote.word());
    }
    if let Some(text) = &act.text {
        value["text"] = Value::from(text.as_str());
    }
    if act.target.is_some() {
        value["target"] = maybe_id(readings, act.target);
    }
    value
}
