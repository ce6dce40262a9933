//! A sheet: a table with its header, looked at before any row is.
//!
//! What does not fit the mapping as a whole is told here, once: a column that
//! is missing, dates that are written in no form that the mapping names.

use std::collections::{BTreeSet, HashMap};

use chancery_core::date::Date;
use chancery_core::fault::{Fault, meant};

use super::Made;
use super::dates::{Proposal, proposal};
use super::mapping::Mapping;
use super::pattern::Named;
use crate::dossier::Dossier;
use crate::import::rows::{Cell, Row, rows};

/// A table with its header.
pub(super) struct Sheet<'a> {
    /// The table.
    pub(super) table: &'a Dossier,
    /// Which column has which name.
    pub(super) columns: HashMap<String, usize>,
    /// The rows below the header.
    pub(super) rows: Vec<Row>,
    width: usize,
}

impl<'a> Sheet<'a> {
    /// Reads a table, and tells what does not fit the mapping.
    pub(super) fn read(table: &'a Dossier, mapping: &Mapping, made: &mut Made) -> Self {
        let mut sheet = Self {
            table,
            columns: HashMap::new(),
            rows: Vec::new(),
            width: 0,
        };
        if let Some(fault) = undecoded(table) {
            made.misfits.push(fault);
            return sheet;
        }
        let mut rows = rows(&table.text, mapping.separator);
        if rows.is_empty() {
            let fault = Fault::new(table.span(0, 0), "empty-table", "the table is empty");
            made.misfits
                .push(fault.help("its first row holds the names of its columns"));
            return sheet;
        }
        let header = rows.remove(0);
        sheet.width = header.cells.len();
        sheet.rows = rows;
        sheet.name(&header.cells, made);
        let (used, dated) = columns(mapping);
        sheet.fit(mapping, &used, made);
        sheet.spare(mapping, &header.cells, &used, made);
        if made.misfits.is_empty() {
            for column in dated {
                sheet.dates(mapping, column, made);
            }
        }
        sheet
    }

    /// Returns what is wrong with the shape of a row.
    pub(super) fn shape(&self, row: &Row) -> Vec<Fault> {
        let (first, last) = (row.cells.first(), row.cells.last());
        let start = first.map_or(0, |cell| cell.place.start);
        let end = last.map_or(start, |cell| cell.place.end);
        if !row.closed {
            let span = last.map_or(start..end, |cell| cell.place.clone());
            let span = self.table.span(span.start, span.end);
            let message = "this quotation mark is not closed";
            let help = "a quotation mark inside of a quoted cell is doubled: `\"\"`";
            return vec![Fault::new(span, "bad-csv", message).help(help)];
        }
        if let Some(at) = row.stray {
            let message = "the cell goes on behind its closing quotation mark";
            let help = "a quotation mark inside of a quoted cell is doubled: `\"\"`";
            return vec![Fault::new(self.table.span(at, at), "bad-csv", message).help(help)];
        }
        let cells = row.cells.len();
        if cells == self.width {
            return Vec::new();
        }
        let noun = if cells == 1 { "cell" } else { "cells" };
        let message = format!("this row has {cells} {noun}, and the header {}", self.width);
        let help = "a cell that holds the separator stands in quotation marks";
        let fault = Fault::new(self.table.span(start, end), "bad-csv", message);
        vec![fault.help(help)]
    }

    fn name(&mut self, header: &[Cell], made: &mut Made) {
        for (at, cell) in header.iter().enumerate() {
            let name = cell.text.trim().to_owned();
            if !name.is_empty() && self.columns.insert(name.clone(), at).is_some() {
                let span = self.table.span(cell.place.start, cell.place.end);
                let message = format!("two columns are headed `{name}`");
                made.misfits
                    .push(Fault::new(span, "doubled-column", message));
            }
        }
    }

    /// Tells the columns that the mapping names and the table lacks.
    fn fit(&self, mapping: &Mapping, used: &[&Named], made: &mut Made) {
        let said = mapping.columns.values().map(|column| &column.named);
        for column in used.iter().copied().chain(said).chain(&mapping.unused) {
            if self.columns.contains_key(&column.name) {
                continue;
            }
            let message = format!("{} has no column `{}`", self.table.name, column.name);
            let mut names: Vec<&str> = self.columns.keys().map(String::as_str).collect();
            names.sort_by_key(|name| self.columns.get(*name));
            let help = meant(&column.name, names.into_iter(), "its columns are");
            let fault = Fault::new(column.span, "unknown-column", message);
            made.misfits.push(fault.help(help));
        }
    }

    /// Tells the columns of the table that the mapping does not name.
    fn spare(&self, mapping: &Mapping, header: &[Cell], used: &[&Named], made: &mut Made) {
        for cell in header {
            let name = cell.text.trim();
            let mut named = used.iter().copied().chain(&mapping.unused);
            if !name.is_empty() && !named.any(|column| column.name == name) {
                let span = self.table.span(cell.place.start, cell.place.end);
                let message = format!(
                    "the column `{name}` is not used; if that is meant, name it under `unused`"
                );
                made.oddities
                    .push(Fault::new(span, "unused-column", message));
            }
        }
    }

    /// Tells a column of dates that are no EDTF, if the mapping names no form for it.
    fn dates(&self, mapping: &Mapping, column: &str, made: &mut Made) {
        let own = mapping.columns.get(column);
        let own = own.map(|column| &column.dates);
        let named = [own, Some(&mapping.dates)].into_iter().flatten();
        let Some(at) = self.columns.get(column) else {
            return;
        };
        if named.clone().any(|rules| rules.forms.is_some()) {
            return;
        }
        let says_something = |cell: &&Cell| {
            let text = cell.text.trim();
            let words = mapping.columns.get(column).map(|column| &column.words);
            let sentinel = named
                .clone()
                .any(|rules| rules.sentinels.contains_key(text));
            let blank = text.is_empty() || mapping.blanks.contains(text);
            let word = words.is_some_and(|words| words.contains_key(text));
            !blank && !sentinel && !word && Date::new(text).check().is_err()
        };
        let cells = self.rows.iter().filter_map(|row| row.cells.get(*at));
        let cells: Vec<&Cell> = cells.filter(says_something).collect();
        let Some(first) = cells.first() else { return };
        let texts: Vec<&str> = cells.iter().map(|cell| cell.text.trim()).collect();
        let span = self.table.span(first.place.start, first.place.end);
        made.misfits.push(no_form(span, column, &texts));
    }
}

fn no_form(span: chancery_core::form::Span, column: &str, texts: &[&str]) -> Fault {
    let first = texts.first().copied().unwrap_or_default();
    match proposal(texts) {
        Proposal::Either(one, other) => {
            let message = format!("`{column}` may be day and month, or month and day: `{first}`");
            let help = format!(
                "say which under [columns.\"{column}\"]: dates = [\"{one}\"] or dates = [\"{other}\"]"
            );
            Fault::new(span, "ambiguous-date", message).help(help)
        }
        Proposal::Forms(forms) => {
            let message = format!("`{column}` holds dates that are no EDTF, such as `{first}`");
            let forms: Vec<String> = forms.iter().map(|form| format!("\"{form}\"")).collect();
            let help = format!(
                "say how they are written, under [columns.\"{column}\"]: dates = [{}]",
                forms.join(", ")
            );
            Fault::new(span, "undated-form", message).help(help)
        }
        Proposal::None => {
            let message = format!("`{column}` holds what is no date, such as `{first}`");
            let help = format!(
                "say under [columns.\"{column}\"] how dates are written (`dates`), or what \
                 this says (`sentinels`)"
            );
            Fault::new(span, "undated-form", message).help(help)
        }
    }
}

/// Returns the columns that records are made of, and those among them that hold dates.
fn columns(mapping: &Mapping) -> (Vec<&Named>, BTreeSet<&str>) {
    let mut used = Vec::new();
    let mut dated = BTreeSet::new();
    for template in &mapping.templates {
        template.each_column(&mut |column, is_date| {
            used.push(column);
            if is_date {
                dated.insert(column.name.as_str());
            }
        });
    }
    (used, dated)
}

/// Returns what is wrong with a table that is not UTF-8.
fn undecoded(table: &Dossier) -> Option<Fault> {
    let mut faults = table.undecoded();
    let number = faults.len();
    let help = "save the table as UTF-8 (\"CSV UTF-8\" in spreadsheet programs)";
    if table.text.contains('\0') {
        let message = "this looks like UTF-16, not like UTF-8";
        return Some(Fault::new(table.span(0, 0), "not-utf-8", message).help(help));
    }
    let mut fault = (number > 0).then(|| faults.remove(0))?;
    fault.message = format!("this is not UTF-8, here and in {} other places", number - 1);
    if number == 1 {
        "this is not UTF-8".clone_into(&mut fault.message);
    }
    Some(fault.help(help))
}
