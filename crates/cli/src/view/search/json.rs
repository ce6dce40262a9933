//! What a search found, as JSON: the keys of `chancery.search/1`.

use chancery_core::replay::Readings;
use chancery_ledger::custody::HeldText;
use serde_json::{Map, Value, json};

use super::snippet::Snippet;
use super::{Answer, Hit, Place};
use crate::view::json::unsupported;

/// Returns the keys of an answer.
pub fn answer(readings: &Readings, answer: &Answer) -> Map<String, Value> {
    let unread = answer
        .unread
        .iter()
        .map(|(seq, why)| json!({ "id": readings.id_of(*seq), "seq": seq, "text": word(why) }));
    let results = answer.hits.iter().map(|found| hit(readings, found));
    let keys = [
        ("found", Value::from(answer.found)),
        ("retracted", Value::from(answer.retracted)),
        ("unread", unread.collect()),
        ("results", results.collect()),
    ];
    keys.map(|(key, value)| (key.to_owned(), value))
        .into_iter()
        .collect()
}

/// Returns the word for whether a text is held.
pub const fn word(held: &HeldText) -> &'static str {
    match held {
        HeldText::Text(_) => "held",
        HeldText::NotHeld => "not-held",
        HeldText::NotText => "no-text",
        HeldText::Missing => "missing",
        HeldText::Altered => "altered",
    }
}

fn hit(readings: &Readings, hit: &Hit) -> Value {
    let mut value = json!({
        "in": match hit.place {
            Place::Record(_) => "record",
            Place::Text(_) => "text",
        },
        "id": readings.id_of(hit.seq),
        "seq": hit.seq,
        "kind": hit.kind.name(),
        "retracted_by": hit.retracted,
        "unsupported": unsupported(readings, hit.unsupported),
    });
    match &hit.place {
        Place::Record(fields) => {
            let field = |(name, found): &(&str, Snippet)| json!({ "field": name, "snippet": snippet(found) });
            value["fields"] = fields.iter().map(field).collect();
        }
        Place::Text(passages) => {
            let rests = |seq: &u64| json!({ "id": readings.id_of(*seq), "seq": seq });
            let passages = passages.iter().map(|(passage, resting)| {
                json!({
                    "start": passage.start,
                    "end": passage.end,
                    "line": passage.line,
                    "snippet": snippet(&passage.snippet),
                    "rests": resting.iter().map(rests).collect::<Vec<_>>(),
                })
            });
            value["passages"] = passages.collect();
        }
    }
    value
}

/// Returns a snippet as its text and the characters of it that were looked for.
fn snippet(snippet: &Snippet) -> Value {
    let mut text = String::new();
    let mut marks = Vec::new();
    let mut at = 0;
    for (piece, marked) in &snippet.pieces {
        let end = at + piece.chars().count();
        if *marked {
            marks.push(json!([at, end]));
        }
        at = end;
        text.push_str(piece);
    }
    json!({ "text": text, "marks": marks, "cut": [snippet.cut.0, snippet.cut.1] })
}
