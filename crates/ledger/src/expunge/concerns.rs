//! What concerns a record that is to be expunged: what names it, what rests on
//! it, and where its words stand besides.
//!
//! Words are found by comparing texts, without regard to capitals and white
//! space; what says the same in other words is not found.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chancery_core::form::{Form, FormValue};
use chancery_core::record::{Record, RecordKind, Source};
use chancery_core::replay::{Reading, Readings};
use chancery_core::search::texts;

use crate::custody::{Custody, HeldText};

/// Texts shorter than this say too little to be looked for.
const SHORTEST: usize = 8;

/// Something that is to be decided before a body is destroyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// The entry that it is about.
    pub seq: u64,
    /// Its id; empty for an entry of the chain's own.
    pub id: String,
    /// Its kind, if it is a record.
    pub kind: Option<RecordKind>,
    /// How it is concerned.
    pub how: How,
}

/// How an entry is concerned by the destruction of another's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// It changes, retracts or attests the record, and says so still.
    About,
    /// It names the record, and moves nothing without it.
    Rests,
    /// The record corrects, supplements or retracts it: it reads as before.
    Reverts,
    /// It names the record.
    Names,
    /// A field of it holds words of the record.
    Field(&'static str),
    /// Its file in custody holds words of the record.
    File(String),
    /// It is the message of a submission, which cannot be destroyed.
    Message,
}

/// Returns what concerns the records at these positions, in order of position.
pub(super) fn of(folder: &Path, readings: &Readings, seqs: &[u64]) -> Vec<Concern> {
    let words = words(readings, seqs);
    let lost = newly_unsupported(readings, seqs);
    let changed = changed(readings, seqs);
    let custody = Custody::of(folder);
    let mut concerns = Vec::new();
    for reading in readings.all().iter().filter(|row| !seqs.contains(&row.seq)) {
        let mut hows = Vec::new();
        hows.extend(naming(readings, reading, seqs, &lost));
        hows.extend(changed.contains(&reading.seq).then_some(How::Reverts));
        hows.extend(holding(readings, reading, &words));
        hows.extend(file(&custody, reading, &words));
        concerns.extend(hows.into_iter().map(|how| Concern {
            seq: reading.seq,
            id: readings.id_of(reading.seq),
            kind: Some(reading.record.kind()),
            how,
        }));
    }
    concerns
}

/// Returns the messages of submissions that hold words of the records.
pub(super) fn in_messages(
    readings: &Readings,
    seqs: &[u64],
    messages: &[(u64, String)],
) -> Vec<Concern> {
    let words = words(readings, seqs);
    let holds = |(_, text): &&(u64, String)| shares(&words, &plain(text)).is_some();
    let concern = |(seq, _): &(u64, String)| Concern {
        seq: *seq,
        id: String::new(),
        kind: None,
        how: How::Message,
    };
    messages.iter().filter(holds).map(concern).collect()
}

/// Returns the record of which this text repeats words, if it does.
pub(super) fn repeated(readings: &Readings, seqs: &[u64], text: &str) -> Option<u64> {
    shares(&words(readings, seqs), &plain(text))
}

/// Returns the texts of these records, as they are compared, each with its record.
fn words(readings: &Readings, seqs: &[u64]) -> BTreeMap<String, u64> {
    let mut words = BTreeMap::new();
    for seq in seqs {
        let Some(reading) = readings.reading(*seq) else {
            continue;
        };
        for record in [reading.original(), &reading.record] {
            for text in texts_of(readings, record) {
                words.insert(plain(&text.1), *seq);
            }
        }
    }
    words.retain(|text, _| text.chars().count() >= SHORTEST);
    words
}

/// Returns the texts that a record holds itself, but for its id, which stays.
fn texts_of(readings: &Readings, record: &Record) -> Vec<(&'static str, String)> {
    let texts = texts("", record).into_iter();
    let own = texts.filter(|text| !["id", "tags", "codes"].contains(&text.field));
    let mut own: Vec<_> = own.map(|text| (text.field, text.text)).collect();
    if record.subject().is_some() {
        let members = record.write(readings);
        let set = members.iter().filter(|(key, _)| key == "set");
        set.for_each(|(_, form)| each_text(form, &mut |text| own.push(("set", text.to_owned()))));
    }
    own
}

/// Shows every text in what a correction or supplement sets.
fn each_text(form: &Form, show: &mut dyn FnMut(&str)) {
    match &form.value {
        FormValue::Text(text) => show(text),
        FormValue::List(items) => items.iter().for_each(|item| each_text(item, show)),
        FormValue::Table(members) => {
            for member in members {
                each_text(&member.value, show);
            }
        }
        _ => {}
    }
}

/// Returns the record one of whose texts stands in this one, or holds it.
fn shares(words: &BTreeMap<String, u64>, text: &str) -> Option<u64> {
    if text.chars().count() < SHORTEST {
        return None;
    }
    let mut words = words.iter();
    let found = words.find(|(own, _)| text.contains(own.as_str()) || own.contains(text));
    found.map(|(_, seq)| *seq)
}

/// Returns a text as it is compared.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// Returns the records that would be unsupported without these, and are not yet.
fn newly_unsupported(readings: &Readings, seqs: &[u64]) -> BTreeSet<u64> {
    let rows = readings.all().iter();
    let rest = rows.filter(|row| !seqs.contains(&row.seq));
    let rest = rest.map(|row| (row.seq, row.signer, row.original().clone()));
    let without = Readings::of(rest);
    let lost = without
        .all()
        .iter()
        .filter(|row| row.unsupported().is_some());
    let before = |row: &&Reading| {
        let reading = readings.reading(row.seq);
        reading.is_some_and(|reading| reading.unsupported().is_none())
    };
    lost.filter(before).map(|row| row.seq).collect()
}

/// Returns the records that these correct, supplement or retract.
fn changed(readings: &Readings, seqs: &[u64]) -> BTreeSet<u64> {
    let records = seqs.iter().filter_map(|seq| readings.reading(*seq));
    records
        .filter_map(|reading| reading.original().subject())
        .collect()
}

fn naming(
    readings: &Readings,
    reading: &Reading,
    seqs: &[u64],
    lost: &BTreeSet<u64>,
) -> Option<How> {
    let record = reading.original();
    let subject = record.subject().is_some_and(|seq| seqs.contains(&seq));
    let refs = record.refs(readings);
    let named = refs.iter().any(|seq| seqs.contains(seq));
    let about = subject || (named && record.kind() == RecordKind::Attestation);
    match (about, lost.contains(&reading.seq), named) {
        (true, ..) => Some(How::About),
        (_, true, _) => Some(How::Rests),
        (_, _, true) => Some(How::Names),
        _ => None,
    }
}

fn holding(readings: &Readings, reading: &Reading, words: &BTreeMap<String, u64>) -> Vec<How> {
    let mut fields = BTreeSet::new();
    for record in [reading.original(), &reading.record] {
        let texts = texts_of(readings, record).into_iter();
        let holding = texts.filter(|(_, text)| shares(words, &plain(text)).is_some());
        fields.extend(holding.map(|(field, _)| field));
    }
    fields.into_iter().map(How::Field).collect()
}

/// Returns the file of a source that holds words of the records.
fn file(custody: &Custody, reading: &Reading, words: &BTreeMap<String, u64>) -> Option<How> {
    let Record::Source(source) = &reading.record else {
        return None;
    };
    let source: &Source = source;
    let HeldText::Text(text) = custody.text(source) else {
        return None;
    };
    let text = plain(&text);
    let held = words.keys().any(|own| text.contains(own.as_str()));
    let name = source.file.as_ref().map(|file| file.name.clone());
    name.filter(|_| held).map(How::File)
}
