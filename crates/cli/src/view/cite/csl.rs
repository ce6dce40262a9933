//! A citation for programs that set bibliographies: an item of CSL-JSON
//! (`csl-data.json`, Citation Style Language 1.0.2).

use chancery_core::date::{Credibility, Date, explain_in};
use chancery_core::day::{Day, days_in_month};
use chancery_core::record::RecordKind;
use serde_json::{Map, Value, json};

use super::{Cited, CitedSource, dated};

/// Returns the item.
pub fn item(cited: &Cited) -> Value {
    let held = &cited.held;
    let mut item = Map::new();
    let mut put = |key: &str, value: Value| {
        item.insert(key.to_owned(), value);
    };
    put("id", Value::from(cited.id.as_str()));
    put("type", Value::from(kind(cited)));
    put("title", Value::from(cited.title.as_str()));
    if !cited.who.is_empty() {
        // As they are written: which part of a name is the family's is not known.
        let literal = |name: &String| json!({ "literal": name });
        put("author", cited.who.iter().map(literal).collect());
    }
    if let Some(issued) = cited.date.as_ref().and_then(issued) {
        put("issued", issued);
    }
    put("genre", Value::from(cited.described.as_str()));
    if let Some(place) = &cited.place {
        put("event-place", Value::from(place.as_str()));
    }
    if !cited.sources.is_empty() {
        let lines: Vec<String> = cited.sources.iter().map(CitedSource::line).collect();
        put("references", Value::from(lines.join("; ")));
    }
    if let [source] = cited.sources.as_slice()
        && let Some(url) = &source.url
    {
        put("URL", Value::from(url.as_str()));
    }
    put("archive", Value::from(held.origin.as_str()));
    let location = format!("entry {}, submission {}", held.seq, held.submission);
    put("archive_location", Value::from(location));
    put("note", Value::from(note(cited)));
    Value::Object(item)
}

const fn kind(cited: &Cited) -> &'static str {
    match cited.kind {
        RecordKind::Statement => "speech",
        RecordKind::Instrument if cited.treaty => "treaty",
        RecordKind::Instrument | RecordKind::Source => "document",
        RecordKind::Event => "event",
        _ => "entry",
    }
}

fn note(cited: &Cited) -> String {
    let held = &cited.held;
    let mut notes = cited.changes.clone();
    notes.push(format!("recorded {}", held.recorded_at));
    notes.push(format!("entry hash (BLAKE3) {}", held.hash));
    notes.push(held.tree());
    notes.push(format!("root (SHA-256, RFC 6962) {}", held.root));
    notes.join("; ")
}

/// Returns a date as CSL has it; nothing for what is undated.
fn issued(date: &Date) -> Option<Value> {
    if date.edtf.is_empty() {
        return None;
    }
    let Some(span) = span(date) else {
        return Some(json!({ "literal": dated(date) }));
    };
    let mut issued = json!({ "date-parts": span });
    let explained = explain_in(&date.edtf, date.written_in().unwrap_or_default());
    if explained.approximate || explained.uncertain {
        issued["circa"] = Value::Bool(true);
    }
    Some(issued)
}

/// Returns the year, month and day of a date, as far as it names them; of one that
/// lies between two, those of both. Nothing if it has no bounds or leaves days out.
pub(super) fn span(date: &Date) -> Option<Vec<Vec<i64>>> {
    let window = date.window(Credibility::Accept);
    let (first, last) = (window.earliest()?, window.latest()?);
    if date.is_hull() {
        return None;
    }
    let (first, last) = parts(first, last);
    Some(if first == last {
        vec![first]
    } else {
        vec![first, last]
    })
}

/// Returns two days without what is no more than the beginning and end of a month or year.
fn parts(first: Day, last: Day) -> (Vec<i64>, Vec<i64>) {
    let ((year, month, day), (last_year, last_month, last_day)) = (first.ymd(), last.ymd());
    let whole_months = day == 1 && days_in_month(last_year, last_month) == Some(last_day);
    let shown = match (whole_months, month, last_month) {
        (true, 1, 12) => 1,
        (true, ..) => 2,
        (false, ..) => 3,
    };
    let cut = |year: i64, month: u8, day: u8| {
        let parts = [year, i64::from(month), i64::from(day)];
        parts.into_iter().take(shown).collect()
    };
    (cut(year, month, day), cut(last_year, last_month, last_day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::cite::testing::hostile;

    #[test]
    fn an_item_is_as_the_schema_has_it() {
        let expected = concat!(
            r#"{"id":"offer.of-talks_1","type":"speech","#,
            r#""title":"50% of \\{it}, $5 ~ #1_a ^ \"so\"\u001b[31m\n@end }","#,
            r#""author":[{"literal":"Küçük & Sons"},{"literal":"Norland"}],"#,
            r#""issued":{"date-parts":[[1921,3]],"circa":true},"genre":"statement, quoted","#,
            r#""event-place":"Geneva","#,
            r#""references":"Minutes, FO 12/7, characters 97 to 170, https://archive.example/a_b","#,
            r#""URL":"https://archive.example/a_b","archive":"archive.example/talks","#,
            r#""archive_location":"entry 9, submission 1","#,
            r#""note":"corrected by correction-12 (#12); recorded 2026-11-24T01:02:03Z; "#,
            r#"entry hash (BLAKE3) ab12; tree of 15 entries, signed as a checkpoint; "#,
            r#"root (SHA-256, RFC 6962) cm9v+/dA=="}"#,
        );
        assert_eq!(item(&hostile()).to_string(), expected);
    }

    #[test]
    fn a_date_has_the_parts_that_it_names() {
        for (edtf, expected) in [
            ("1921", r#"{"date-parts":[[1921]]}"#),
            ("1921-02", r#"{"date-parts":[[1921,2]]}"#),
            ("1921-02-28", r#"{"date-parts":[[1921,2,28]]}"#),
            ("1921-02-28T10:00:00Z", r#"{"date-parts":[[1921,2,28]]}"#),
            ("1921/1923", r#"{"date-parts":[[1921],[1923]]}"#),
            ("1921-03/1921-05", r#"{"date-parts":[[1921,3],[1921,5]]}"#),
            (
                "1921-03-04/1921-05-06",
                r#"{"date-parts":[[1921,3,4],[1921,5,6]]}"#,
            ),
            ("192X", r#"{"date-parts":[[1920],[1929]]}"#),
            ("1921?", r#"{"date-parts":[[1921]],"circa":true}"#),
            ("-0044-03-15", r#"{"date-parts":[[-44,3,15]]}"#),
            ("1921/..", r#"{"literal":"1921/.."}"#),
            ("{1921-03,1921-07}", r#"{"literal":"{1921-03,1921-07}"}"#),
        ] {
            let found = issued(&Date::new(edtf)).unwrap().to_string();
            assert_eq!(found, expected, "{edtf}");
        }
        assert_eq!(issued(&Date::new("")), None);
    }
}
