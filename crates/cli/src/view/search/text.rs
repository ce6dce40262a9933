//! What a search found, as people read it.

use chancery_core::replay::Readings;
use chancery_ledger::custody::HeldText;

use super::snippet::{Passage, Snippet};
use super::{Answer, Hit, Place};
use crate::view::page::Page;
use crate::view::say;

const INDENT: usize = 2;
/// How many passages of one text are shown.
const MOST_PASSAGES: usize = 3;
/// How many fields of one record are shown.
const MOST_FIELDS: usize = 4;
/// How many of the records that rest on a passage are named.
const MOST_RESTING: usize = 6;

/// Adds what was found.
pub fn answer(page: &mut Page, readings: &Readings, answer: &Answer) {
    for found in &answer.hits {
        page.gap();
        hit(page, readings, found);
    }
    let more = answer.found.saturating_sub(answer.hits.len());
    page.gap();
    if more > 0 {
        let more = say::number(more, "more answer", "more answers");
        page.aside(0, &format!("{more}: --limit {} shows all", answer.found));
    }
    if answer.retracted > 0 {
        let records = say::number(answer.retracted, "retracted record", "retracted records");
        let verb = if answer.retracted == 1 {
            "holds"
        } else {
            "hold"
        };
        page.aside(
            0,
            &format!("{records} {verb} it too: --retracted shows which"),
        );
    }
    for (seq, why) in &answer.unread {
        let why = match why {
            HeldText::Altered => "was altered",
            _ => "is missing",
        };
        let id = readings.id_of(*seq);
        page.text(
            0,
            &format!("the text of {id} (#{seq}) was not searched: its file {why}"),
        );
    }
}

fn hit(page: &mut Page, readings: &Readings, hit: &Hit) {
    let name = format!("{} (#{})", readings.id_of(hit.seq), hit.seq);
    let kind = hit.kind.name();
    let mut head = match hit.place {
        Place::Record(_) => format!("{kind} {name}"),
        Place::Text(_) => format!("text of {name}"),
    };
    if let Some(by) = hit.retracted {
        head += &format!(", retracted by #{by}");
    }
    if let Some(why) = hit.unsupported {
        head += &format!(", unsupported since {} is gone", readings.id_of(why.on));
    }
    page.item(0, &head, "");
    match &hit.place {
        Place::Record(fields) => {
            for (field, snippet) in fields.iter().take(MOST_FIELDS) {
                page.marked(
                    INDENT,
                    &pieces(&format!("{}: ", field.replace('_', " ")), snippet),
                );
            }
            more(page, fields.len(), MOST_FIELDS, "more field", "more fields");
        }
        Place::Text(passages) => {
            for (passage, resting) in passages.iter().take(MOST_PASSAGES) {
                one_passage(page, readings, passage, resting);
            }
            let most = MOST_PASSAGES;
            more(page, passages.len(), most, "more passage", "more passages");
        }
    }
}

fn more(page: &mut Page, all: usize, shown: usize, one: &str, several: &str) {
    let left = all.saturating_sub(shown);
    if left > 0 {
        page.aside(INDENT, &format!("and {}", say::number(left, one, several)));
    }
}

fn one_passage(page: &mut Page, readings: &Readings, passage: &Passage, resting: &[u64]) {
    let (line, start, end) = (passage.line, passage.start, passage.end);
    let place = format!("line {line}, characters {start} to {end}: ");
    page.marked(INDENT, &pieces(&place, &passage.snippet));
    let named = |seq: &u64| format!("{} (#{seq})", readings.id_of(*seq));
    let mut names: Vec<String> = resting.iter().take(MOST_RESTING).map(named).collect();
    let left = resting.len().saturating_sub(MOST_RESTING);
    if left > 0 {
        names.push(format!("and {left} more"));
    }
    match names.as_slice() {
        [] => page.aside(INDENT + 2, "no record rests on it"),
        [one] => page.aside(INDENT + 2, &format!("{one} rests on it")),
        several => page.aside(INDENT + 2, &format!("{} rest on it", several.join(", "))),
    }
}

/// Returns the pieces of a snippet behind a label, with ellipses where it is cut.
fn pieces(label: &str, snippet: &Snippet) -> Vec<(String, bool)> {
    let mut pieces = vec![(label.to_owned(), false)];
    if snippet.cut.0 {
        pieces.push(("…".to_owned(), false));
    }
    pieces.extend(snippet.pieces.iter().cloned());
    if snippet.cut.1 {
        pieces.push(("…".to_owned(), false));
    }
    pieces
}
