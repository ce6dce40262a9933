//! What an answer begins with, and whom a question names.
//!
//! Every answer says which ledger, up to where, and of which days it speaks.

use chancery_core::date::Date;
use chancery_core::fault::nearest;
use chancery_core::record::{Id, RecordKind};
use chancery_core::replay::{Merged, Question, Readings};
use serde_json::{Map, Value, json};

use crate::args::{Color, CredibilityArg};
use crate::context::{Asked, Reading};
use crate::failure::{Exit, Failure};
use crate::view::page::Page;
use crate::view::say;
use crate::view::style::Style;

/// Returns the position of the record of a kind that the user named: by id, or as `#seq`.
///
/// # Errors
/// There is none.
pub fn seq_of(readings: &Readings, kind: RecordKind, named: &str) -> Result<u64, Failure> {
    let Some(seq) = any_seq_of(readings, named) else {
        return Err(unknown(readings, Some(kind), named));
    };
    match readings.reading(seq).map(|reading| reading.record.kind()) {
        Some(found) if found == kind => Ok(seq),
        Some(found) => {
            let (found, kind) = (found.with_article(), kind.with_article());
            let message = format!("`{named}` is {found}, not {kind}");
            Err(unknown_reference(Failure::new(Exit::Refused, message)))
        }
        None => Err(unknown(readings, Some(kind), named)),
    }
}

/// Returns the position of the actor that the user named, if one was named: of
/// one that turned out to be another, that other's.
///
/// # Errors
/// There is none.
pub fn actor(readings: &Readings, named: Option<&str>) -> Result<Option<u64>, Failure> {
    let Some(named) = named else { return Ok(None) };
    let at = seq_of(readings, RecordKind::Actor, named)?;
    Ok(Some(Merged::of(readings).actor(at)))
}

/// Returns the position of the instrument that the user named, if one was named.
///
/// # Errors
/// There is none.
pub fn instrument(readings: &Readings, named: Option<&str>) -> Result<Option<u64>, Failure> {
    named
        .map(|named| seq_of(readings, RecordKind::Instrument, named))
        .transpose()
}

/// Returns the question as it is to be answered if the word of an actor is taken.
///
/// # Errors
/// There is no such actor.
pub fn according_to(
    readings: &Readings,
    asked: Asked,
    question: Question,
) -> Result<(Asked, Question), Failure> {
    let seq = actor(readings, asked.according_to.as_deref())?;
    let according_to = seq.map(|seq| readings.id_of(seq));
    let asked = Asked {
        according_to,
        ..asked
    };
    let question = Question {
        according_to: seq,
        ..question
    };
    Ok((asked, question))
}

/// Returns the position of the record of any kind that the user named.
pub fn any_seq_of(readings: &Readings, named: &str) -> Option<u64> {
    match named.strip_prefix('#') {
        Some(number) => {
            let seq = number.parse().ok()?;
            readings.reading(seq).map(|reading| reading.seq)
        }
        None => readings.seq_of(named),
    }
}

/// Returns the failure that says that nothing is known by this name.
pub fn unknown(readings: &Readings, kind: Option<RecordKind>, named: &str) -> Failure {
    let what = kind.map_or("record", RecordKind::name);
    let message = format!("no {what} is known as `{named}`");
    let failure = unknown_reference(Failure::new(Exit::Refused, message));
    let all = readings.all().iter();
    let of_kind = all.filter(|row| kind.is_none_or(|kind| row.record.kind() == kind));
    let ids = of_kind.filter_map(|row| row.record.id()).map(Id::as_str);
    if !named.is_empty() && named.bytes().all(|byte| byte.is_ascii_digit()) {
        return failure.hint(format!(
            "for the entry at position {named}, write '#{named}'"
        ));
    }
    if named.starts_with('#') {
        return failure.hint(format!(
            "`chancery show '{named}'` shows what that entry is, if there is one"
        ));
    }
    let gone = readings.expunged().iter();
    let mut gone = gone.filter(|(seq, gone)| gone.id == named || format!("#{seq}") == named);
    if let Some((_, gone)) = gone.next() {
        return failure.hint(format!(
            "it was expunged: `chancery show '#{}'` says when, and by whose authority",
            gone.by
        ));
    }
    if readings.left_out(named) {
        return failure.hint("it is recorded, but not among what a second person vouched for");
    }
    match nearest(named, ids) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint("`chancery log` lists the ids, submission by submission"),
    }
}

fn unknown_reference(failure: Failure) -> Failure {
    Failure {
        code: "unknown-reference",
        ..failure
    }
}

/// Returns the keys that every answer about a day begins with.
pub fn header(schema: &str, reading: &Reading, asked: &Asked) -> Map<String, Value> {
    let mut head = cut(schema, reading);
    let known_at = head.shift_remove("known_at");
    let mut on = json!({
        "edtf": asked.edtf,
        "earliest": asked.first.to_string(),
        "latest": asked.last.to_string(),
    });
    if Date::new(asked.edtf.as_str()).is_hull() {
        on["hull"] = Value::Bool(true);
    }
    if asked.throughout {
        on["throughout"] = Value::Bool(true);
    }
    head.insert("on".to_owned(), on);
    head.insert("known_at".to_owned(), known_at.unwrap_or_default());
    head.insert(
        "credibility".to_owned(),
        Value::from(asked.credibility.word()),
    );
    head.insert(
        "according_to".to_owned(),
        Value::from(asked.according_to.clone()),
    );
    head.insert("attested".to_owned(), Value::from(reading.attested));
    lacking(&mut head, reading);
    head
}

/// Adds the keys that say what an answer lacks, since it was expunged, and what of it a
/// key in doubt signed, if one did.
pub fn lacking(head: &mut Map<String, Value>, reading: &Reading) {
    head.insert("expunged".to_owned(), json!(reading.expunged()));
    let doubted = reading.keys.doubted().iter();
    let doubted: Vec<_> = doubted
        .map(|(first, last)| [first.get(), last.get()])
        .collect();
    if !doubted.is_empty() {
        head.insert("in_doubt".to_owned(), json!(doubted));
    }
}

/// Returns the keys that say which ledger, and up to where.
pub fn cut(schema: &str, reading: &Reading) -> Map<String, Value> {
    let mut head = Map::new();
    head.insert("schema".to_owned(), Value::from(schema));
    let ledger = json!({
        "origin": reading.origin.as_str(),
        "size": reading.cut.size.get(),
        "root": reading.cut.root.to_string(),
        "head": reading.cut.head.to_string(),
    });
    head.insert("ledger".to_owned(), ledger);
    head.insert("known_at".to_owned(), Value::from(reading.cut.size.get()));
    head
}

/// Returns the page that every answer begins: which ledger, then what is `told` of the question.
pub fn page(color: Color, reading: &Reading, told: &str) -> Page {
    let mut page = Page::new(Style::of(color));
    page.heading(reading.origin.as_str());
    page.text(0, told);
    match reading.expunged() {
        [] => {}
        [one] => page.aside(0, &format!("1 record was expunged: #{one}")),
        several => {
            let number = say::number(several.len(), "record", "records");
            page.aside(
                0,
                &format!("{number} were expunged: {}", say::entries(several)),
            );
        }
    }
    let doubted = reading.keys.doubted().iter();
    let doubted: Vec<_> = doubted
        .map(|(first, last)| (first.get(), last.get()))
        .collect();
    if !doubted.is_empty() {
        let ranges = say::ranges(&doubted);
        page.aside(0, &format!("signed by a key in doubt: entries {ranges}"));
    }
    page
}

/// Returns the line that says of which days and up to where an answer speaks.
pub fn told(reading: &Reading, asked: &Asked) -> String {
    format!("{}, {}{}", on(asked), known_at(reading), believed(asked))
}

/// Returns whose word is taken and how dates are believed, where that is not as ever.
pub fn believed(asked: &Asked) -> String {
    let as_written = match asked.credibility {
        CredibilityArg::Strict => "",
        CredibilityArg::Accept => ", dates with `?`, `~` or `%` taken as written",
    };
    let according_to = asked.according_to.as_ref();
    let according_to = according_to.map_or_else(String::new, |id| format!(", according to {id}"));
    format!("{according_to}{as_written}")
}

/// Returns "as known at 105 entries (everything recorded)".
pub fn known_at(reading: &Reading) -> String {
    let (size, all) = (reading.cut.size, reading.roll.size());
    let attested = if reading.attested {
        ", only what a second person vouched for"
    } else {
        ""
    };
    if size == all {
        format!("as known at {size} entries (everything recorded){attested}")
    } else {
        format!("as known at {size} of {all} entries{attested}")
    }
}

/// Returns "on 2016-08-27", or over what period it was asked.
pub fn on(asked: &Asked) -> String {
    if asked.first == asked.last {
        format!("on {}", asked.first)
    } else {
        let which = if asked.throughout { "every" } else { "some" };
        format!("on {which} day from {} to {}", asked.first, asked.last)
    }
}
