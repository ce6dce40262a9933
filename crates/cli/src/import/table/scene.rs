//! One row, seen through a mapping: what stands in its cells, as the field wants it.
//!
//! Nothing is guessed: what cannot be understood is a fault in its cell.

use std::collections::HashMap;

use chancery_core::fault::Fault;
use chancery_core::form::Span;
use chancery_core::record::{Id, slug};

use super::dates::{self, DateForm, Trouble};
use super::mapping::{DateRules, Mapping, Nothing};
use super::pattern::{Named, Takes};
use crate::dossier::Dossier;
use crate::import::rows::Cell;

/// A row, and what is gathered while records are made of it.
pub(super) struct Scene<'a> {
    /// The mapping.
    pub(super) mapping: &'a Mapping,
    /// The table.
    pub(super) table: &'a Dossier,
    /// Which column has which name.
    pub(super) header: &'a HashMap<String, usize>,
    /// The cells.
    pub(super) cells: &'a [Cell],
    /// The number of the row, from one.
    pub(super) number: usize,
    /// The number of its line.
    pub(super) line: usize,
    /// The parts of split cells that stand for their columns at the moment.
    pub(super) bound: Vec<(String, Part)>,
    /// What could not be understood.
    pub(super) faults: Vec<Fault>,
    /// The ids that were referred to, and where.
    pub(super) references: Vec<(String, Span)>,
}

/// The text of a cell, or a part of it, white space at the ends left out.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The text.
    pub(super) text: String,
    /// Where it stands.
    pub(super) span: Span,
}

/// What a cell comes to in a field.
pub(super) enum Value {
    /// Nothing.
    Absent(Span),
    /// This text.
    Text(String, Span),
}

impl Scene<'_> {
    /// Returns where the row begins.
    pub(super) fn place(&self) -> Span {
        let first = self.cells.first().map_or(0..0, |cell| cell.place.clone());
        self.table.span(first.start, first.end)
    }

    /// Returns what stands in a column, or the part of it that stands for it now.
    pub(super) fn part(&self, column: &str) -> Part {
        if let Some((_, part)) = self.bound.iter().rev().find(|(name, _)| name == column) {
            return part.clone();
        }
        let cell = self.header.get(column).and_then(|at| self.cells.get(*at));
        let Some(cell) = cell else {
            let (text, span) = (String::new(), self.place());
            return Part { text, span };
        };
        let text = cell.text.trim().to_owned();
        let written = self.table.text.get(cell.place.clone()).unwrap_or_default();
        let (mut start, mut end) = (cell.place.start, cell.place.end);
        if !text.is_empty() && written.trim().len() == text.len() {
            start += written.len() - written.trim_start().len();
            end = start + text.len();
        }
        let span = self.table.span(start, end);
        Part { text, span }
    }

    /// Returns the parts of a cell in a column that is split; blank ones are none.
    pub(super) fn parts(&self, column: &str) -> Vec<Part> {
        let whole = self.part(column);
        let Some(separator) = self.mapping.split(column) else {
            return vec![whole];
        };
        let exact = self.table.text.get(whole.span.start..whole.span.end) == Some(&whole.text);
        let mut parts = Vec::new();
        let mut at = 0;
        for piece in whole.text.split(separator) {
            let text = piece.trim().to_owned();
            let start = whole.span.start + at + (piece.len() - piece.trim_start().len());
            let span = self.table.span(start, start + text.len());
            at += piece.len() + separator.len();
            if !self.is_blank(&text) {
                let span = if exact { span } else { whole.span };
                parts.push(Part { text, span });
            }
        }
        parts
    }

    /// Returns whether a cell says nothing.
    pub(super) fn is_blank(&self, text: &str) -> bool {
        text.is_empty() || self.mapping.blanks.contains(text)
    }

    /// Returns whether a cell says that there is nothing: it is blank, or stands for that.
    pub(super) fn is_nothing(&self, column: &Named, text: &str) -> bool {
        self.is_blank(text) || self.sentinel(column, text) == Some(Nothing::Absent)
    }

    /// Returns what a column comes to in a field that takes this; `None` if a fault was told.
    pub(super) fn value(&mut self, column: &Named, takes: Takes) -> Option<Value> {
        let part = self.part(&column.name);
        let rules = self.mapping.columns.get(&column.name);
        let word = rules.and_then(|rules| rules.words.get(&part.text));
        if let Takes::Date = takes {
            return match word {
                Some(word) => Some(Value::Text(word.clone(), part.span)),
                None => self.date(column, &part),
            };
        }
        let blank = self.is_blank(&part.text) && word.is_none();
        let sentinel = matches!(takes, Takes::Text) && self.sentinel(column, &part.text).is_some();
        if blank || sentinel || word.is_some_and(String::is_empty) {
            return Some(Value::Absent(part.span));
        }
        let text = word.unwrap_or(&part.text);
        if !matches!(takes, Takes::Id | Takes::Reference) {
            return Some(Value::Text(text.clone(), part.span));
        }
        let known = rules.and_then(|rules| rules.ids.get(&part.text));
        let known = known.or_else(|| self.mapping.ids.get(&part.text));
        let id = known.cloned().unwrap_or_else(|| as_id(text));
        if id.is_empty() {
            let message = format!("`{}` makes no id", part.text);
            let help = format!("name one under [ids]: \"{}\" = \"…\"", part.text);
            self.faults
                .push(Fault::new(part.span, "bad-id", message).help(help));
            return None;
        }
        Some(Value::Text(id, part.span))
    }

    /// Returns the rules for the dates of a column, and those for all.
    fn rules(&self, column: &str) -> [Option<&DateRules>; 2] {
        let own = self.mapping.columns.get(column);
        [own.map(|column| &column.dates), Some(&self.mapping.dates)]
    }

    fn sentinel(&self, column: &Named, text: &str) -> Option<Nothing> {
        let mut rules = self.rules(&column.name).into_iter().flatten();
        rules.find_map(|rules| rules.sentinels.get(text).copied())
    }

    fn date(&mut self, column: &Named, part: &Part) -> Option<Value> {
        let nothing = if self.is_blank(&part.text) {
            let mut rules = self.rules(&column.name).into_iter().flatten();
            let said = rules.find_map(|rules| rules.blank);
            Some(said.unwrap_or(Nothing::Absent))
        } else {
            self.sentinel(column, &part.text)
        };
        match nothing {
            Some(Nothing::Absent) => return Some(Value::Absent(part.span)),
            Some(Nothing::Unknown) => return Some(Value::Text(String::new(), part.span)),
            Some(Nothing::Open) => return Some(Value::Text("..".to_owned(), part.span)),
            None => {}
        }
        let forms = forms(self.mapping, &column.name);
        match dates::read(&forms, &part.text) {
            Ok(date) => Some(Value::Text(date, part.span)),
            Err(trouble) => {
                self.faults.push(misread(part, column, &forms, trouble));
                None
            }
        }
    }
}

/// Returns the forms that the dates of a column are read by.
pub(super) fn forms(mapping: &Mapping, column: &str) -> Vec<DateForm> {
    let own = mapping.columns.get(column);
    let own = own.and_then(|column| column.dates.forms.clone());
    own.or_else(|| mapping.dates.forms.clone())
        .unwrap_or_else(|| vec![DateForm::edtf()])
}

fn misread(part: &Part, column: &Named, forms: &[DateForm], trouble: Trouble) -> Fault {
    let text = &part.text;
    match trouble {
        Trouble::NoForm => {
            let written: Vec<&str> = forms.iter().map(|form| form.written.as_str()).collect();
            let written = written.join(" or ");
            let message = format!("`{text}` is no date of the form {written}");
            let help = format!(
                "add its form to `dates` under [columns.\"{}\"], or name it under `sentinels`",
                column.name
            );
            Fault::new(part.span, "bad-date", message).help(help)
        }
        Trouble::NoSuchDay => {
            let message = format!("the calendar has no day `{text}`");
            let help = "correct the cell, or name it under `sentinels`";
            Fault::new(part.span, "bad-date", message).help(help)
        }
        Trouble::Several(dates) => {
            let read: Vec<String> = dates
                .iter()
                .map(|(form, date)| format!("{date} by {form}"))
                .collect();
            let message = format!("`{text}` is {}", read.join(" and "));
            let help = format!(
                "keep one of the forms under [columns.\"{}\"]: nothing tells which is meant",
                column.name
            );
            Fault::new(part.span, "ambiguous-date", message).help(help)
        }
    }
}

/// Returns a text as the id that it is, or else as the slug of it.
fn as_id(text: &str) -> String {
    if Id::new(text).is_some() {
        return text.to_owned();
    }
    slug(text)
}
