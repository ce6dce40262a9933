//! A proof as JSON: `chancery.why/1`.

use chancery_core::day::Day;
use chancery_core::record::RecordKind;
use chancery_core::replay::why::{Bound, Decided, Proof, Subject};
use chancery_core::replay::{Field, Happening, Readings};
use serde_json::{Map, Value, json};

use super::{Rested, rule};
use crate::view::{json, say, show};

/// Returns the keys of a proof.
pub fn proof(readings: &Readings, proof: &Proof, rested: &[Rested]) -> Map<String, Value> {
    let answers = proof.answers.iter().map(
        |answer| json!({ "answer": answer.word, "certainty": say::certainty(answer.certainty) }),
    );
    let days = proof.days.iter().map(|bound| one_day(readings, bound));
    let worlds = proof.worlds.iter().map(|found| decided(readings, found));
    let contradictions = proof
        .contradictions
        .iter()
        .map(|contradiction| records(readings, &contradiction.records));
    let keys = [
        ("subject", subject(readings, proof.subject)),
        ("answers", answers.collect()),
        ("days", days.collect()),
        ("entry_into_force", force(readings, proof)),
        ("worlds", worlds.collect()),
        ("contradictions", contradictions.collect()),
        (
            "records",
            rested.iter().map(|each| record(readings, each)).collect(),
        ),
    ];
    let keys = keys.into_iter().map(|(key, value)| (key.to_owned(), value));
    keys.collect()
}

fn subject(readings: &Readings, subject: Subject) -> Value {
    let (seq, actor) = match subject {
        Subject::Record(seq) => (seq, None),
        Subject::Standing { instrument, actor } => (instrument, Some(actor)),
    };
    let kind = readings.reading(seq).map(|reading| reading.record.kind());
    json!({
        "kind": kind.map(RecordKind::name),
        "id": readings.id_of(seq),
        "seq": seq,
        "actor": json::maybe_id(readings, actor),
    })
}

fn happening(readings: &Readings, of: Happening) -> Map<String, Value> {
    let keys = [
        ("id", Value::from(readings.id_of(of.seq))),
        ("seq", Value::from(of.seq)),
        ("field", Value::from(of.field.name())),
    ];
    let last = (of.field == Field::HeldUntil).then(|| ("last_day", Value::Bool(true)));
    let keys = keys.into_iter().chain(last);
    keys.map(|(key, value)| (key.to_owned(), value)).collect()
}

fn one_day(readings: &Readings, bound: &Bound) -> Value {
    let mut value = happening(readings, bound.of);
    let keys = [
        ("edtf", Value::from(bound.date.edtf.as_str())),
        ("phrase", json!(bound.date.phrase)),
        ("because", json!(bound.date.because)),
        ("written", json::window(bound.written)),
        ("believed", json::window(bound.believed)),
        ("left", json::window(bound.left)),
        ("narrowed_by", records(readings, &bound.narrowed_by)),
        ("decides", json!(bound.decides)),
    ];
    value.extend(keys.into_iter().map(|(key, value)| (key.to_owned(), value)));
    if bound.date.calendar_note().is_some() {
        value.insert("calendar".to_owned(), json!(bound.date.calendar));
    }
    Value::Object(value)
}

fn records(readings: &Readings, seqs: &[u64]) -> Value {
    let record = |seq: &u64| json!({ "id": readings.id_of(*seq), "seq": seq });
    seqs.iter().map(record).collect()
}

fn decided(readings: &Readings, found: &Decided) -> Value {
    let world = |days: &[(Happening, Day)]| -> Value {
        let each = days.iter().map(|(of, day)| {
            let mut value = happening(readings, *of);
            value.insert("day".to_owned(), Value::from(day.to_string()));
            Value::Object(value)
        });
        each.collect()
    };
    json!({ "answer": found.word, "holds": world(&found.holds), "fails": world(&found.fails) })
}

/// Returns how the day of entry into force is known, or null where it has no part.
fn force(readings: &Readings, proof: &Proof) -> Value {
    let Some((seq, force)) = proof.instrument.zip(proof.force.as_ref()) else {
        return Value::Null;
    };
    let steps = proof.arithmetic.iter();
    let steps =
        steps.map(|step| json!({ "step": step.what, "leads_to": json::window(step.leads_to) }));
    let derived = force
        .derived
        .iter()
        .flat_map(|derived| &derived.completed_by);
    let completed_by = derived
        .map(|deposit| json!({ "actor": readings.id_of(deposit.actor), "seq": deposit.seq }));
    let recorded = force.recorded.as_ref();
    json!({
        "instrument": readings.id_of(seq),
        "recorded": recorded.map_or_else(Vec::new, |recorded| recorded.seqs.clone()),
        "steps": steps.collect::<Value>(),
        "completed_by": completed_by.collect::<Value>(),
        "told": rule::lines(readings, proof, false),
    })
}

fn record(readings: &Readings, each: &Rested) -> Value {
    let mut value = show::json::record(readings, &each.shown);
    value.remove("named_by");
    value.insert("kind".to_owned(), Value::from(each.shown.kind.name()));
    value.insert("entry".to_owned(), show::json::entry(&each.entry));
    Value::Object(value)
}
