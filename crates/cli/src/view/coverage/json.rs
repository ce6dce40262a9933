//! What is not covered, as JSON: the keys of `chancery.coverage/1`.

use chancery_core::coverage::{Coverage, Passage};
use chancery_core::replay::Readings;
use serde_json::{Value, json};

use super::{OfKind, OfSource};
use crate::view::search::json::word;

/// Returns the records by kind.
pub fn attestation(readings: &Readings, kinds: &[OfKind]) -> Value {
    let named = |seq: &u64| json!({ "id": readings.id_of(*seq), "seq": seq });
    let lapsed = |(seq, fields): &(u64, Vec<String>)| json!({ "id": readings.id_of(*seq), "seq": seq, "fields": fields });
    let of_kind = |of_kind: &OfKind| {
        json!({
            "kind": of_kind.kind.name(),
            "attested": of_kind.attested,
            "lapsed": of_kind.lapsed.iter().map(lapsed).collect::<Vec<_>>(),
            "unattested": of_kind.unattested.iter().map(named).collect::<Vec<_>>(),
        })
    };
    kinds.iter().map(of_kind).collect()
}

/// Returns the sources.
pub fn sources(readings: &Readings, sources: &[OfSource]) -> Value {
    let of_source = |source: &OfSource| {
        let held = source.held.as_ref();
        json!({
            "id": readings.id_of(source.seq),
            "seq": source.seq,
            "title": source.title,
            "records": source.records,
            "text": held.map_or_else(word, |_| "held"),
            "characters": held.map_or(Value::Null, |held| Value::from(held.characters)),
            "covered": held.map_or(Value::Null, |held| Value::from(held.covered)),
            "left_out": held.map_or(Value::Null, left_out),
        })
    };
    sources.iter().map(of_source).collect()
}

fn left_out(coverage: &Coverage) -> Value {
    let passage = |found: &Passage| json!({ "start": found.start, "end": found.end, "line": found.line, "text": found.text });
    coverage.left_out.iter().map(passage).collect()
}
