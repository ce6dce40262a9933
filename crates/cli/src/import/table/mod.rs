//! Any table of separated values, turned into records by a mapping file.
//!
//! Each row becomes what the mapping says, or nothing: a row with a cell that
//! cannot be understood is left out whole, so that no record refers to one
//! that is missing.

mod around;
mod dates;
mod making;
mod mapping;
mod odd;
mod pattern;
mod scene;
mod settings;
mod sheet;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chancery_core::fault::Fault;
use chancery_core::form::{RecordForm, Span};
use chancery_core::record::RecordKind;
use serde_json::Value;

use crate::dossier::{Dossier, Lines};
use crate::forms;

pub use mapping::Mapping;
use scene::Scene;
use sheet::Sheet;

/// What tables were turned into.
#[derive(Debug, Default)]
pub struct Made {
    /// The records, each a JSON object for a line of its own, in the order of the rows.
    pub lines: Vec<Value>,
    /// What was read, made and left out, table by table.
    pub counts: Vec<Counts>,
    /// What makes the mapping not fit the tables: nothing is made of them.
    pub misfits: Vec<Fault>,
    /// What could not be understood; its rows are left out.
    pub faults: Vec<Fault>,
    /// What is strange, and kept.
    pub oddities: Vec<Fault>,
}

/// What was read of a table, made and left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Rows below the header, blank lines aside.
    pub rows: usize,
    /// Rows of which the conditions of the mapping make no record.
    pub rows_without_record: usize,
    /// Rows left out, since something in them could not be understood.
    pub rows_skipped: usize,
    /// Records written, by their kind.
    pub made: BTreeMap<&'static str, usize>,
    /// Records that were made before, by an earlier row, and are written once.
    pub repeated: BTreeMap<&'static str, usize>,
    /// Records that the rows left out were to make.
    pub skipped: BTreeMap<&'static str, usize>,
}

/// Turns tables into records; the dossiers are the tables, numbered from one.
pub fn import(mapping: &Mapping, tables: &[Dossier]) -> Made {
    let mut importer = Importer {
        mapping,
        known: HashMap::new(),
        nameless: HashSet::new(),
        references: Vec::new(),
        made: Made::default(),
    };
    let sheets: Vec<Sheet<'_>> = tables
        .iter()
        .map(|table| Sheet::read(table, mapping, &mut importer.made))
        .collect();
    for sheet in &sheets {
        importer.made.counts.push(Counts::default());
        if importer.made.misfits.is_empty() {
            importer.sheet(sheet);
        }
    }
    importer.unknown_references();
    importer.made
}

struct Importer<'a> {
    mapping: &'a Mapping,
    /// The records with an id: what they are, and in which line of which file they were made.
    known: HashMap<String, (String, String)>,
    /// The records without an id.
    nameless: HashSet<String>,
    /// What was referred to, in order, and where.
    references: Vec<(String, Span)>,
    made: Made,
}

/// A record that a row makes, as the line that it will be.
struct Line {
    kind: &'static str,
    id: Option<(String, Span)>,
    value: Value,
    content: String,
}

impl Importer<'_> {
    fn sheet(&mut self, sheet: &Sheet<'_>) {
        let lines = Lines::new(&sheet.table.text);
        let mut rows: HashMap<Vec<&str>, usize> = HashMap::new();
        let mut unique: HashMap<(&str, String), usize> = HashMap::new();
        for (at, row) in sheet.rows.iter().enumerate() {
            let start = row.cells.first().map_or(0, |cell| cell.place.start);
            let line = lines.place(start).line;
            let mut scene = Scene {
                mapping: self.mapping,
                table: sheet.table,
                header: &sheet.columns,
                cells: &row.cells,
                number: at + 1,
                line,
                bound: Vec::new(),
                faults: sheet.shape(row),
                references: Vec::new(),
            };
            self.count(|counts| counts.rows += 1);
            let cells = row.cells.iter().map(|cell| cell.text.as_str()).collect();
            if let Some(first) = rows.get(&cells) {
                let message = format!("this row says what line {first} says");
                let span = scene.place();
                self.odd(Fault::new(span, "repeated-row", message));
            } else {
                rows.insert(cells, line);
            }
            self.unique(&scene, &mut unique);
            self.row(&mut scene, at == 0);
        }
    }

    /// Tells cells that stand twice in a column where none should.
    fn unique<'s>(&mut self, scene: &Scene<'s>, seen: &mut HashMap<(&'s str, String), usize>) {
        for (name, column) in &scene.mapping.columns {
            if !column.unique {
                continue;
            }
            let part = scene.part(name);
            if scene.is_blank(&part.text) {
                continue;
            }
            let Some(first) = seen.get(&(name.as_str(), part.text.clone())) else {
                seen.insert((name, part.text), scene.line);
                continue;
            };
            let message = format!("`{}` stands in line {first} already", part.text);
            self.odd(Fault::new(part.span, "repeated-cell", message));
        }
    }

    fn row(&mut self, scene: &mut Scene<'_>, first: bool) {
        let mut records = Vec::new();
        let mut tried: BTreeMap<&'static str, usize> = BTreeMap::new();
        if scene.faults.is_empty() {
            for template in &self.mapping.templates {
                if template.is_constant() && !first {
                    continue;
                }
                let (made, count) = scene.records(template);
                records.extend(made);
                if count > 0 {
                    *tried.entry(template.kind.name()).or_default() += count;
                }
            }
        }
        for record in &records {
            scene.faults.append(&mut around::faults(record));
        }
        let lines: Vec<Line> = records.iter().filter_map(line).collect();
        self.compare(scene, &lines);
        if !scene.faults.is_empty() {
            self.count(|counts| {
                counts.rows_skipped += 1;
                for (kind, count) in tried {
                    *counts.skipped.entry(kind).or_default() += count;
                }
            });
            return self.made.faults.append(&mut scene.faults);
        }
        if lines.is_empty() {
            self.count(|counts| counts.rows_without_record += 1);
        }
        self.references.append(&mut scene.references);
        for oddity in odd::oddities(&records) {
            self.odd(oddity);
        }
        for line in lines {
            self.write(line, scene);
        }
    }

    /// Tells records whose id another record has, with other content.
    fn compare(&self, scene: &mut Scene<'_>, lines: &[Line]) {
        let mut own: HashMap<&str, &str> = HashMap::new();
        for line in lines {
            let Some((id, span)) = &line.id else { continue };
            let earlier = self
                .known
                .get(id)
                .map(|(content, place)| (content.as_str(), format!("in {place}")));
            let here = own
                .get(id.as_str())
                .map(|content| (*content, "in this row".to_owned()));
            if let Some((content, place)) = earlier.or(here)
                && content != line.content
            {
                let message = format!("`{id}` is made {place} already, with other content");
                let help = "make the id of more columns, or give the names that are one actor \
                            one name under `words`";
                let fault = Fault::new(*span, "doubled-id", message);
                scene.faults.push(fault.help(help));
            }
            own.insert(id, &line.content);
        }
    }

    fn write(&mut self, line: Line, scene: &Scene<'_>) {
        let kind = line.kind;
        let is_new = match line.id {
            Some((id, _)) if self.known.contains_key(&id) => false,
            Some((id, _)) => {
                let place = format!("line {} of {}", scene.line, scene.table.name);
                self.known.insert(id, (line.content, place));
                true
            }
            None => self.nameless.insert(line.content),
        };
        if is_new {
            self.made.lines.push(line.value);
        }
        self.count(|counts| {
            let counts = if is_new {
                &mut counts.made
            } else {
                &mut counts.repeated
            };
            *counts.entry(kind).or_default() += 1;
        });
    }

    /// Tells, once each, the ids that no record made here has.
    fn unknown_references(&mut self) {
        let mut told = BTreeSet::new();
        for (id, span) in std::mem::take(&mut self.references) {
            let known = self.known.contains_key(&id) || self.mapping.held.contains(&id);
            if known || id.starts_with(['@', '#']) || !told.insert(id.clone()) {
                continue;
            }
            let message =
                format!("no record here has the id `{id}`: the ledger is to hold it already");
            self.odd(Fault::new(span, "unknown-reference", message));
        }
    }

    fn odd(&mut self, oddity: Fault) {
        self.made.oddities.push(oddity);
    }

    fn count(&mut self, count: impl FnOnce(&mut Counts)) {
        if let Some(counts) = self.made.counts.last_mut() {
            count(counts);
        }
    }
}

/// Returns the line that a record will be.
fn line(record: &RecordForm) -> Option<Line> {
    let kind = RecordKind::from_name(&record.kind)?;
    let member = |member: &chancery_core::form::Member| (member.key.clone(), member.value.clone());
    let members: Vec<_> = record.members.iter().map(member).collect();
    let value = forms::record(&record.kind, &members);
    let id = record.member("id");
    let id = id.and_then(|id| Some((id.value.as_text()?.to_owned(), id.value.span)));
    Some(Line {
        kind: kind.name(),
        id,
        content: value.to_string(),
        value,
    })
}
