//! One entry as people read it.

use chancery_core::date::Date;
use chancery_core::form::{Form, FormValue, Member, member};
use chancery_core::replay::{Misfit, Readings, RevisionKind};
use serde_json::Value;

use super::{
    Around, Entry, Fields, Piece, Place, Revised, Shown, Signed, Vouched, json, kind_word,
};
use crate::clock;
use crate::view::page::Page;

const INDENT: usize = 2;
/// How many of the records that name this one are named in turn.
const MOST_NAMED: usize = 12;

/// Adds where an entry stands and who signed it.
pub fn entry(page: &mut Page, entry: &Entry) {
    let envelope = &entry.envelope;
    let when = clock::written_short(envelope.recorded_at);
    page.labelled(
        INDENT,
        "entry",
        12,
        &format!("#{}, recorded {when}", envelope.seq),
    );
    let archivist = signed(&entry.archivist);
    page.labelled(
        INDENT,
        "submission",
        12,
        &format!("{}, signed by {archivist}", envelope.submission),
    );
    if let Some(message) = &entry.message {
        page.labelled(INDENT, "message", 12, message);
    }
    page.labelled(INDENT, "hash", 12, &entry.hash.to_string());
    if let Some(expunged) = &entry.expunged {
        let when = clock::written_short(expunged.at);
        let by = format!("by entry #{}, recorded {when}", expunged.by);
        page.labelled(INDENT, "expunged", 12, &by);
        page.labelled(INDENT, "authority", 12, &expunged.authority);
        page.labelled(INDENT, "reason", 12, &expunged.reason);
    }
}

/// Adds an entry of the chain's own.
pub fn chain(page: &mut Page, shown: &Entry) {
    let word = kind_word(shown.envelope.kind);
    if let Some(expunged) = &shown.expunged {
        page.heading(format!("{word} {}", expunged.id).trim_end());
        return entry(page, shown);
    }
    page.heading(&word);
    entry(page, shown);
    page.gap();
    if let Value::Object(said) = json::chain(shown) {
        for (key, value) in said {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            page.labelled(INDENT, &key.replace('_', " "), 15, &in_lines(&text));
        }
    }
}

/// Returns a text with room to break it, where it is one long word such as a key signature.
fn in_lines(text: &str) -> String {
    const LONGEST: usize = 64;
    if text.contains(' ') || text.len() <= LONGEST {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    let lines = characters
        .chunks(LONGEST)
        .map(|chunk| chunk.iter().collect::<String>());
    lines.collect::<Vec<_>>().join(" ")
}

/// Adds a record with its history.
pub fn record(page: &mut Page, readings: &Readings, found: &Entry, shown: &Shown) {
    page.heading(&format!("{} {}", shown.kind.name(), shown.id));
    entry(page, found);
    state(page, readings, shown);
    page.heading(if shown.original.is_some() {
        "As it now reads"
    } else {
        "Fields"
    });
    fields(page, &shown.fields);
    if let Some(original) = &shown.original {
        page.heading("As it was first written, where that differs");
        fields(page, &differing(original, &shown.fields));
    }
    if !shown.evidence.is_empty() {
        page.heading("Evidence");
        shown
            .evidence
            .iter()
            .for_each(|piece| one_piece(page, readings, piece));
    }
    if !shown.revisions.is_empty() {
        page.heading("What was said of it later");
        shown
            .revisions
            .iter()
            .for_each(|by| revised(page, readings, by));
    }
    if !shown.attested.is_empty() {
        page.heading("Attested");
        shown
            .attested
            .iter()
            .for_each(|by| vouched(page, readings, by));
    }
    if !shown.named_by.is_empty() {
        page.heading("Named by");
        page.text(INDENT, &named_by(readings, &shown.named_by));
    }
}

/// Adds what takes the force from a record, if anything does.
fn state(page: &mut Page, readings: &Readings, shown: &Shown) {
    if let Some((by, reason)) = &shown.retracted {
        page.gap();
        page.item(
            INDENT,
            "retracted",
            &format!("by {} (#{by}): {reason}", readings.id_of(*by)),
        );
    }
    if let Some(why) = shown.unsupported {
        page.gap();
        let on = readings.id_of(why.on);
        let text = format!(
            "rests on {on} (#{}), which is gone, so it moves nothing",
            why.on
        );
        page.item(INDENT, "unsupported:", &text);
    }
}

/// Adds the fields of a record, one a line.
pub fn fields(page: &mut Page, fields: &Fields) {
    // What every kind of record may have comes last, as it says least.
    const COMMON: [&str; 4] = ["order", "note", "tags", "codes"];
    let is_common = |(key, _): &&(String, Form)| COMMON.contains(&key.as_str());
    let (common, own): (Vec<_>, Vec<_>) = fields.iter().partition(is_common);
    let widest = fields
        .iter()
        .map(|(key, _)| key.chars().count())
        .max()
        .unwrap_or(0);
    for (key, form) in own.into_iter().chain(common).filter(|(key, _)| key != "id") {
        page.labelled(INDENT, key, widest + 2, &put(form));
    }
}

/// Returns the fields that are not among `others` as they are; what is absent is said so.
fn differing(original: &Fields, now: &Fields) -> Fields {
    let changed = original.iter().filter(|field| !now.contains(field));
    let mut differing: Fields = changed.cloned().collect();
    let added = now
        .iter()
        .filter(|(key, _)| !original.iter().any(|(other, _)| other == key));
    differing.extend(added.map(|(key, _)| (key.clone(), Form::text("absent"))));
    differing
}

/// Returns a form in words: a date with how it was made out, lists with commas.
fn put(form: &Form) -> String {
    match &form.value {
        FormValue::Text(text) if text.is_empty() => "undated".to_owned(),
        FormValue::Text(text) | FormValue::Fraction(text) => text.clone(),
        FormValue::Whole(number) => number.to_string(),
        FormValue::Truth(truth) => (if *truth { "yes" } else { "no" }).to_owned(),
        FormValue::Null => "nothing".to_owned(),
        FormValue::List(items) => {
            let tables = items
                .iter()
                .any(|item| matches!(item.value, FormValue::Table(_)));
            let items: Vec<String> = items.iter().map(put).collect();
            items.join(if tables { "; " } else { ", " })
        }
        FormValue::Table(members) => {
            let note = calendar_note(members);
            let others = members.iter().filter(|member| {
                member.key != "edtf" && (note.is_none() || member.key != "calendar")
            });
            let others = others
                .map(|member| format!("{}: {}", member.key.replace('_', " "), put(&member.value)));
            let others: Vec<String> = note.clone().into_iter().chain(others).collect();
            match member(members, "edtf") {
                Some(edtf) if others.is_empty() => put(&edtf.value),
                Some(edtf) => format!("{} ({})", put(&edtf.value), others.join("; ")),
                None => others.join(", "),
            }
        }
    }
}

/// Returns what keeps a date from being mistaken for a Gregorian one.
fn calendar_note(members: &[Member]) -> Option<String> {
    let text = |key| member(members, key).and_then(|member| member.value.as_text());
    let mut date = Date::new(text("edtf")?);
    date.calendar = text("calendar").map(str::to_owned);
    date.calendar_note()
}

fn one_piece(page: &mut Page, readings: &Readings, piece: &Piece) {
    let evidence = &piece.evidence;
    let mut head = vec![format!("(#{})", evidence.source.0)];
    head.extend(evidence.locator.clone());
    if let (Some(start), Some(end)) = (evidence.start, evidence.end) {
        head.push(format!("characters {start} to {end}"));
    }
    page.item(INDENT, &readings.id_of(evidence.source.0), &head.join(", "));
    let why_not = match &piece.place {
        Place::Held(Some(around)) => return page.text(INDENT + 2, &between(around)),
        Place::Held(None) => "its place in the held text is not known",
        Place::NotHeld => "no text is held",
        Place::Missing => "the file is missing",
        Place::Altered => "the file was altered",
    };
    match (&piece.place, &evidence.quote) {
        (_, Some(quote)) => page.text(INDENT + 2, &format!("[{quote}]; {why_not}")),
        (Place::Missing | Place::Altered, None) => page.text(INDENT + 2, why_not),
        // The source is referred to as a whole, and there is nothing to look for.
        (Place::Held(_) | Place::NotHeld, None) => {}
    }
}

/// Returns the words of a source with the quote among them.
fn between(around: &Around) -> String {
    let ellipsis = |cut| if cut { "…" } else { "" };
    let (before, after) = (ellipsis(around.cut.0), ellipsis(around.cut.1));
    let (left, right) = (&around.before, &around.after);
    format!("{before}{left}[{}]{right}{after}", around.quote)
}

fn revised(page: &mut Page, readings: &Readings, by: &Revised) {
    let word = match by.kind {
        RevisionKind::Supplement => "supplemented",
        RevisionKind::Correction => "corrected",
    };
    let text = format!(
        "by {} (#{}), signed by {}",
        readings.id_of(by.seq),
        by.seq,
        signed(&by.archivist)
    );
    let stands = match by.misfit {
        None => String::new(),
        Some(Misfit::Retracted(seq)) => format!("; does not stand: retracted by #{seq}"),
        Some(Misfit::Unsupported) => "; does not stand: what it rests on is gone".to_owned(),
        Some(Misfit::Unfit) => "; does not stand: the record would be none of its kind".to_owned(),
    };
    page.item(INDENT, word, &format!("{text}{stands}"));
    if let Some(reason) = &by.reason {
        page.text(INDENT + 2, &format!("because: {reason}"));
    }
    for line in by.changes.iter().flat_map(|(key, form)| changes(key, form)) {
        page.text(INDENT + 2, &line);
    }
    for (seq, stands) in &by.revised_by {
        let not = if *stands { "" } else { "; it does not stand" };
        let line = format!("itself changed by {} (#{seq}){not}", readings.id_of(*seq));
        page.text(INDENT + 2, &line);
    }
}

/// Returns a line for each field that is set, and one for those that are cleared.
fn changes(key: &str, form: &Form) -> Vec<String> {
    match &form.value {
        FormValue::Table(members) if key == "set" => members
            .iter()
            .map(|member| format!("sets {}: {}", member.key, put(&member.value)))
            .collect(),
        _ => vec![format!("clears {}", put(form))],
    }
}

fn vouched(page: &mut Page, readings: &Readings, by: &Vouched) {
    let text = format!(
        "in {} (#{}): {}",
        readings.id_of(by.seq),
        by.seq,
        by.grounds
    );
    page.item(INDENT, &format!("by {}", signed(&by.archivist)), &text);
    if !by.lapsed.is_empty() {
        page.text(
            INDENT + 2,
            &format!("lapsed, since changed later, for {}", by.lapsed.join(", ")),
        );
    }
}

fn named_by(readings: &Readings, seqs: &[u64]) -> String {
    let shown = seqs.iter().take(MOST_NAMED);
    let mut each: Vec<String> = shown
        .map(|seq| format!("{} (#{seq})", readings.id_of(*seq)))
        .collect();
    let more = seqs.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        each.push(format!("and {more} more"));
    }
    each.join(", ")
}

fn signed(signed: &Signed) -> String {
    let name = signed.name.as_deref().unwrap_or("an unknown key");
    let doubt = if signed.in_doubt { ", in doubt" } else { "" };
    format!("{name} (#{}){doubt}", signed.seq)
}
