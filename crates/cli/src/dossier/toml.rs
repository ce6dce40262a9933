//! TOML: records as `[[statement]]`, in the order of the text across all kinds.
//!
//! The parser goes on behind what it does not understand, so that all of it
//! can be told at once; a record in which something was not understood is left
//! out, since what is missing in it may only not have been understood.

use std::collections::BTreeSet;

use chancery_core::fault::Fault;
use chancery_core::form::{Form, FormValue, Member, RecordForm, Span};
use chancery_core::record::RecordKind;
use toml::Spanned;
use toml::de::{DeInteger, DeString, DeTable, DeValue, Error};

use super::room::with_room;
use super::{DEEPEST, Dossier, Reading, too_deep, unquoted};

/// The code of what the parser did not understand.
const BAD_TOML: &str = "bad-toml";

/// Reads a dossier that is TOML.
pub(super) fn parse(dossier: &Dossier) -> Reading {
    with_room(|| parse_here(dossier)).unwrap_or_else(|error| {
        let message = format!("there is no memory to read this dossier with: {error}");
        Reading {
            forms: Vec::new(),
            faults: vec![Fault::new(dossier.span(0, 0), "unreadable", message)],
        }
    })
}

fn parse_here(dossier: &Dossier) -> Reading {
    let (root, errors) = DeTable::parse_recoverable(&dossier.text);
    let mut reader = Reader {
        dossier,
        records: Vec::new(),
        faults: Vec::new(),
        holes: BTreeSet::new(),
    };
    for error in &errors {
        reader.hole(not_understood(dossier, error));
    }
    for (key, value) in root.into_inner() {
        reader.top(&key, value);
    }
    reader.records.sort_by_key(|record| record.start);
    Reading {
        forms: understood(reader.records, &reader.holes),
        faults: reader.faults,
    }
}

/// A record, and where it begins.
struct Found {
    start: usize,
    form: RecordForm,
}

/// Returns the records in whose extent, up to the next one, all was understood.
fn understood(records: Vec<Found>, holes: &BTreeSet<usize>) -> Vec<RecordForm> {
    let ends = records.iter().skip(1).map(|record| record.start);
    let ends: Vec<usize> = ends.chain([usize::MAX]).collect();
    records
        .into_iter()
        .zip(ends)
        .filter(|(record, end)| holes.range(record.start..*end).next().is_none())
        .map(|(record, _)| record.form)
        .collect()
}

fn not_understood(dossier: &Dossier, error: &Error) -> Fault {
    let end = dossier.text.len();
    let span = error.span().unwrap_or(end..end);
    let span = dossier.span(span.start.min(end), span.end.min(end));
    if let Some(fault) = unquoted::not_understood(dossier, span, error.message()) {
        return fault;
    }
    let fault = Fault::new(span, BAD_TOML, error.message());
    match error.message() {
        "duplicate key" => fault.help(
            "a key stands once in a record; a further record of a kind begins with its own `[[…]]`",
        ),
        message if message.starts_with("string values must be quoted") => {
            fault.help("a text stands in quotation marks: `\"…\"`")
        }
        _ => fault,
    }
}

struct Reader<'d> {
    dossier: &'d Dossier,
    records: Vec<Found>,
    faults: Vec<Fault>,
    /// Where something was not understood.
    holes: BTreeSet<usize>,
}

impl Reader<'_> {
    /// Notes something that was not understood.
    fn hole(&mut self, fault: Fault) {
        self.holes.insert(fault.span.start);
        self.faults.push(fault);
    }

    /// Reads what stands under one key of the whole file.
    fn top(&mut self, key: &Spanned<DeString<'_>>, value: Spanned<DeValue<'_>>) {
        let kind = key.get_ref();
        let key_span = self.key_span(key);
        let span = self.span(value.span());
        match value.into_inner() {
            DeValue::Array(items) => {
                for item in items {
                    self.item(kind, item);
                }
            }
            DeValue::Table(_) if RecordKind::from_name(kind).is_some() => {
                let message = format!("`{kind}` is no list of records here");
                let help = format!("write `[[{kind}]]` above each of them");
                let fault = Fault::new(key_span, "no-list", message);
                self.faults.push(fault.help(help));
            }
            // No kind has this name, and the record's reader says so.
            DeValue::Table(table) => {
                self.record(kind, key_span, span, table);
            }
            _ => {
                let message = format!("`{kind}` stands outside of every record");
                let help = "a record begins with its kind: `[[statement]]`";
                let fault = Fault::new(key_span, "stray-field", message);
                self.faults.push(fault.help(help));
            }
        }
    }

    fn item(&mut self, kind: &str, item: Spanned<DeValue<'_>>) {
        let span = self.span(item.span());
        if let DeValue::Table(table) = item.into_inner() {
            let kind_span = self.name_in_header(span);
            self.record(kind, kind_span, span, table);
            return;
        }
        let fault = Fault::new(span, "no-record", "this is no record");
        let help = format!("write `[[{kind}]]` above each record");
        self.faults.push(fault.help(help));
    }

    fn record(&mut self, kind: &str, kind_span: Span, span: Span, table: DeTable<'_>) {
        let form = RecordForm {
            kind: kind.to_owned(),
            kind_span,
            members: self.members(table, 1),
        };
        self.records.push(Found {
            start: span.start.min(kind_span.start),
            form,
        });
    }

    /// Returns where the name stands inside of `[[name]]`.
    fn name_in_header(&self, span: Span) -> Span {
        let text = self.dossier.text.get(span.start..span.end);
        let inner = text.and_then(|text| text.strip_prefix("[[")?.strip_suffix("]]"));
        let Some(inner) = inner else { return span };
        let start = span.start + 2 + (inner.len() - inner.trim_start().len());
        self.dossier.span(start, start + inner.trim().len())
    }

    fn members(&mut self, table: DeTable<'_>, depth: usize) -> Vec<Member> {
        let mut members: Vec<Member> = table
            .into_iter()
            .map(|(key, value)| Member {
                key_span: self.key_span(&key),
                value: self.form(value, depth + 1),
                key: key.into_inner().into_owned(),
            })
            .collect();
        members.sort_by_key(|member| member.key_span);
        members
    }

    fn form(&mut self, value: Spanned<DeValue<'_>>, depth: usize) -> Form {
        let span = self.span(value.span());
        if depth > DEEPEST {
            self.hole(too_deep(span));
            let value = FormValue::Null;
            return Form { span, value };
        }
        let value = match value.into_inner() {
            DeValue::String(text) => FormValue::Text(text.into_owned()),
            DeValue::Integer(number) => self.number(&number, span),
            DeValue::Float(_) => FormValue::Fraction(self.written(span)),
            DeValue::Boolean(truth) => FormValue::Truth(truth),
            DeValue::Datetime(_) => {
                let (text, fault) = unquoted::as_edtf(&self.written(span), span);
                self.faults.extend(fault);
                FormValue::Text(text)
            }
            DeValue::Array(items) => {
                let items = items.into_iter().map(|item| self.form(item, depth + 1));
                FormValue::List(items.collect())
            }
            DeValue::Table(table) => FormValue::Table(self.members(table, depth)),
        };
        Form { span, value }
    }

    fn number(&self, number: &DeInteger<'_>, span: Span) -> FormValue {
        match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(whole) => FormValue::Whole(whole),
            Err(_) => FormValue::Fraction(self.written(span)),
        }
    }

    /// Returns what was written, to the letter.
    fn written(&self, span: Span) -> String {
        let text = self.dossier.text.get(span.start..span.end);
        text.unwrap_or_default().to_owned()
    }

    fn key_span(&self, key: &Spanned<DeString<'_>>) -> Span {
        self.span(key.span())
    }

    fn span(&self, range: std::ops::Range<usize>) -> Span {
        self.dossier.span(range.start, range.end)
    }
}
