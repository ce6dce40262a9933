//! Differences as JSON.

use chancery_core::replay::{Cause, Difference, Differing, Told};
use serde_json::{Value, json};

use super::Between;
use crate::view::json::dated;
use crate::view::say;

/// Returns an item that differs.
pub fn difference(between: &Between<'_>, item: &Difference) -> Value {
    let changes = item.facets.iter().map(|facet| change(between, facet));
    json!({
        "part": item.part.word(),
        "id": between.id_of(item.seq),
        "seq": item.seq,
        "change": item.change.word(),
        "changes": changes.collect::<Value>(),
    })
}

fn change(between: &Between<'_>, facet: &Differing) -> Value {
    let told = |value: &Option<Told>| value.as_ref().map(|value| told(between, value));
    let because = facet.because.iter().map(|cause| one_cause(between, cause));
    json!({
        "aspect": facet.aspect.replace(' ', "_"),
        "of": facet.of.map(|seq| between.id_of(seq)),
        "before": told(&facet.before),
        "after": told(&facet.after),
        "because": because.collect::<Value>(),
    })
}

fn told(between: &Between<'_>, value: &Told) -> Value {
    match value {
        Told::Words(words) => words
            .iter()
            .map(|(word, certainty)| json!({ "is": word, "certainty": say::certainty(*certainty) }))
            .collect(),
        Told::Date(date) => dated(date),
        Told::Count(count) => json!([count.certain, count.possible]),
        Told::Text(text) => Value::from(text.as_str()),
        Told::Named(named) => named
            .iter()
            .map(|(seq, certainty)| {
                json!({ "id": between.id_of(*seq), "certainty": say::certainty(*certainty) })
            })
            .collect(),
    }
}

fn one_cause(between: &Between<'_>, cause: &Cause) -> Value {
    let happened = cause.happened.as_ref();
    json!({
        "id": between.id_of(cause.seq),
        "seq": cause.seq,
        "what": happened.map(|(what, _)| what.as_str()),
        "on": happened.map(|(_, date)| dated(date)),
    })
}
