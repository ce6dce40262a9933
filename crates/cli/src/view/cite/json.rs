//! A citation in all its forms: the keys of `chancery.cite/1`.

use chancery_core::replay::{Reading, Readings};
use serde_json::{Map, Value, json};

use super::{Cited, bibtex, csl};

/// Returns the keys of a citation.
pub fn citation(readings: &Readings, cited: &Cited, text: &[String]) -> Map<String, Value> {
    let held = &cited.held;
    let tree = json!({ "size": held.size, "root": held.root, "signed": held.signed });
    let retracted = readings.reading(held.seq).and_then(Reading::retracted_by);
    let keys = [
        ("id", Value::from(cited.id.as_str())),
        ("seq", Value::from(held.seq)),
        ("kind", Value::from(cited.kind.name())),
        ("hash", Value::from(held.hash.as_str())),
        ("submission", Value::from(held.submission)),
        ("recorded_at", Value::from(held.recorded_at.as_str())),
        ("tree", tree),
        ("changes", Value::from(cited.changes.clone())),
        ("retracted_by", Value::from(retracted)),
        ("text", Value::from(text.join("\n"))),
        ("bibtex", Value::from(bibtex::citation(cited).join("\n"))),
        ("csl", csl::item(cited)),
    ];
    keys.map(|(key, value)| (key.to_owned(), value))
        .into_iter()
        .collect()
}
