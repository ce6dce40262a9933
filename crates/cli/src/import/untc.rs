//! A status table of the United Nations Treaty Collection, as CSV.
//!
//! Each row is an actor, each cell but the first a date and perhaps a suffix,
//! whose meaning is that of the column's header: under `Ratification,
//! Accession(a)` a date followed by `a` is an accession, and one followed by
//! nothing a ratification. Which state an actor is, and whether it is one, the
//! table does not say.

use std::collections::{BTreeMap, BTreeSet};

use chancery_core::day::Day;
use chancery_core::record::{ActKind, ActorKind, Id, slug};
use serde_json::{Map, Value};

use super::{Actors, Imported, Problem, month_of};
use crate::dossier::Lines;

/// What a date under a header, with or without a suffix, says that an actor did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Deed {
    kind: ActKind,
    note: Option<&'static str>,
}

/// A column of dates: what each suffix means, the empty one included.
type Column = BTreeMap<String, Deed>;

/// A cell: its text, white space folded, and the byte at which it begins.
struct Cell {
    text: String,
    start: usize,
}

/// Turns a status table into actors and their acts toward `instrument`.
///
/// `text` is the table, `instrument` the id of what it is the status of. What
/// cannot be understood is left out of the lines and told among the problems.
pub fn untc(text: &str, instrument: &str, actors: &Actors) -> Imported {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut importer = Importer {
        lines: Lines::new(text),
        instrument,
        actors,
        known: BTreeMap::new(),
        acts: BTreeSet::new(),
        made: Imported::default(),
    };
    let mut rows = rows(text).into_iter();
    if let Some(header) = rows.next() {
        let columns = importer.header(&header);
        for row in rows {
            importer.row(&row, &columns);
        }
    } else {
        importer.problem(0, "the table is empty".to_owned());
    }
    importer.made
}

/// Returns a text with each run of white space as one space, and none at the ends.
pub(super) fn folded(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

struct Importer<'a> {
    lines: Lines<'a>,
    instrument: &'a str,
    actors: &'a Actors,
    /// The actors made so far: name and kind by id.
    known: BTreeMap<Id, (String, ActorKind)>,
    /// The acts made so far, as they are written.
    acts: BTreeSet<String>,
    made: Imported,
}

/// What the header says of each column; `None` for the participants' names.
struct Columns(Vec<Option<Column>>);

impl Importer<'_> {
    fn header(&mut self, header: &[Cell]) -> Columns {
        let is_name = |cell: &Cell| {
            let text = without_footnotes(&cell.text);
            text.eq_ignore_ascii_case("participant")
        };
        let Some(names) = header.iter().position(is_name) else {
            self.problem(0, "no column is headed `Participant`".to_owned());
            return Columns(Vec::new());
        };
        let columns = header
            .iter()
            .enumerate()
            .map(|(index, cell)| (index != names).then(|| self.column(cell)));
        Columns(columns.collect())
    }

    fn column(&mut self, header: &Cell) -> Column {
        let mut column = Column::new();
        for part in header.text.split(',') {
            let (name, suffix) = named(part);
            let Some(deed) = deed(&name) else {
                let message = format!("`{name}` in the header is not an act that can be recorded");
                self.problem(header.start, message);
                continue;
            };
            if column.insert(suffix.clone(), deed).is_some() {
                let message = match suffix.as_str() {
                    "" => "the header names two acts without a suffix".to_owned(),
                    _ => format!("the header names two acts with the suffix `{suffix}`"),
                };
                self.problem(header.start, message);
            }
        }
        if column
            .get("")
            .is_some_and(|deed| deed.kind == ActKind::Signature)
        {
            of_signature(&mut column);
        }
        column
    }

    fn row(&mut self, row: &[Cell], columns: &Columns) {
        if columns.0.is_empty() || row.iter().all(|cell| cell.text.is_empty()) {
            return;
        }
        self.made.counts.rows += 1;
        let name = columns
            .0
            .iter()
            .zip(row)
            .find(|(column, _)| column.is_none());
        let Some(actor) = name.and_then(|(_, cell)| self.actor(cell)) else {
            if name.is_none() {
                let start = row.first().map_or(0, |cell| cell.start);
                self.problem(start, "the row ends before its participant".to_owned());
            }
            return;
        };
        for (column, cell) in columns.0.iter().zip(row) {
            if let Some(column) = column {
                self.cell(&actor, column, cell);
            }
        }
        for cell in row.iter().skip(columns.0.len()) {
            if !cell.text.is_empty() {
                self.problem(
                    cell.start,
                    format!("no header stands above `{}`", cell.text),
                );
            }
        }
    }

    /// Returns the actor that a cell names, and makes its record unless that is made.
    fn actor(&mut self, cell: &Cell) -> Option<Id> {
        let name = without_footnotes(&cell.text);
        if name.is_empty() {
            self.problem(cell.start, "the row has no participant".to_owned());
            return None;
        }
        let known = self.actors.known(name).cloned().unwrap_or_default();
        let Some(id) = known.id.or_else(|| Id::new(&slug(name))) else {
            let message = format!("`{name}` makes no id; name one in a file of actors");
            self.problem(cell.start, message);
            return None;
        };
        let name = known.name.unwrap_or_else(|| name.to_owned());
        let kind = known.kind.unwrap_or(ActorKind::State);
        match self.known.get(&id) {
            Some((other, as_kind)) if *other == name && *as_kind == kind => return Some(id),
            Some((other, _)) => {
                let message = format!(
                    "`{other}` has the id `{}` already, not `{name}`",
                    id.as_str()
                );
                self.problem(cell.start, message);
                return None;
            }
            None => {}
        }
        self.made.lines.push(object(&[
            ("record", "actor"),
            ("id", id.as_str()),
            ("name", &name),
            ("kind", kind.word()),
        ]));
        self.made.counts.actors += 1;
        self.known.insert(id.clone(), (name, kind));
        Some(id)
    }

    fn cell(&mut self, actor: &Id, column: &Column, cell: &Cell) {
        if cell.text.is_empty() {
            return;
        }
        let (day, suffix) = match dated(&cell.text) {
            Ok(dated) => dated,
            Err(message) => return self.problem(cell.start, message),
        };
        let Some(deed) = column.get(suffix) else {
            let message = match suffix {
                "" => format!(
                    "the header does not say what `{}` without a suffix means",
                    cell.text
                ),
                _ => format!("the header does not say what the suffix `{suffix}` means"),
            };
            return self.problem(cell.start, message);
        };
        self.act(actor, *deed, day);
    }

    fn act(&mut self, actor: &Id, deed: Deed, day: Day) {
        let on = day.to_string();
        let mut members = vec![
            ("record", "act"),
            ("instrument", self.instrument),
            ("by", actor.as_str()),
            ("kind", deed.kind.word()),
            ("on", &on),
        ];
        members.extend(deed.note.map(|note| ("note", note)));
        let act = object(&members);
        if !self.acts.insert(act.to_string()) {
            self.made.counts.repeated += 1;
            return;
        }
        self.made.lines.push(act);
        self.made.counts.acts += 1;
        let of_kind = &mut self.made.counts.acts_by_kind;
        *of_kind.entry(deed.kind.word()).or_default() += 1;
    }

    fn problem(&mut self, start: usize, message: String) {
        let place = self.lines.place(start);
        self.made.counts.skipped += 1;
        self.made.problems.push(Problem { place, message });
    }
}

fn object(members: &[(&str, &str)]) -> Value {
    let pairs = members
        .iter()
        .map(|(key, value)| ((*key).to_owned(), Value::from(*value)));
    Value::Object(pairs.collect::<Map<String, Value>>())
}

/// Returns the name of an act in a header, and its suffix: `Accession(a)`.
fn named(part: &str) -> (String, String) {
    let part = without_footnotes(part.trim());
    let suffixed = part
        .strip_suffix(')')
        .and_then(|part| part.rsplit_once('('));
    let (name, suffix) = suffixed.unwrap_or((part, ""));
    (name.trim().to_owned(), suffix.trim().to_owned())
}

/// What an actor did that succeeds to a signature: it has not consented.
const SUCCESSION_TO_SIGNATURE: Deed = Deed {
    kind: ActKind::Signature,
    note: Some("succession to signature"),
};

fn deed(name: &str) -> Option<Deed> {
    let word = name.to_lowercase().replace(' ', "-");
    if word == "succession-to-signature" {
        return Some(SUCCESSION_TO_SIGNATURE);
    }
    let kind = ActKind::ALL.iter().find(|kind| kind.word() == word)?;
    Some(Deed {
        kind: *kind,
        note: None,
    })
}

/// Under `Signature`, a succession is one to the signature, even if the header does not say so.
fn of_signature(column: &mut Column) {
    column
        .entry("d".to_owned())
        .or_insert(SUCCESSION_TO_SIGNATURE);
    for deed in column.values_mut() {
        if deed.kind == ActKind::Succession {
            *deed = SUCCESSION_TO_SIGNATURE;
        }
    }
}

/// Returns a text without the numbers of footnotes behind it: `China 1, 2`.
fn without_footnotes(text: &str) -> &str {
    let mut text = text.trim();
    while let Some((before, last)) = text.rsplit_once(' ') {
        let digits = last.trim_matches(['[', ']', ',']);
        if digits.is_empty()
            || !digits
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b',')
        {
            break;
        }
        text = before.trim_end_matches([' ', ',']);
    }
    text
}

/// Returns the day in a cell, and the suffix behind it, if any: `10 Feb 2003 a`.
fn dated(text: &str) -> Result<(Day, &str), String> {
    let no_date =
        || format!("`{text}` is not a date such as `10 Feb 2003`, with or without a suffix");
    let mut words = text.split(' ');
    let (Some(day), Some(month), Some(year)) = (words.next(), words.next(), words.next()) else {
        return Err(no_date());
    };
    let suffix = words.next().unwrap_or_default();
    let is_number = |word: &str, most: usize| {
        word.len() <= most && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    if words.next().is_some() || !is_number(day, 2) || year.len() != 4 || !is_number(year, 4) {
        return Err(no_date());
    }
    let (Ok(of_month), Ok(year), Some(month)) = (day.parse(), year.parse(), month_of(month)) else {
        return Err(no_date());
    };
    let day =
        Day::from_ymd(year, month, of_month).ok_or_else(|| format!("there is no day `{text}`"))?;
    Ok((day, suffix))
}

/// Returns the rows of a table, white space in the cells folded.
fn rows(text: &str) -> Vec<Vec<Cell>> {
    let cell = |cell: super::rows::Cell| Cell {
        text: folded(&cell.text),
        start: cell.place.start,
    };
    super::rows::rows(text, b',')
        .into_iter()
        .map(|row| row.cells.into_iter().map(cell).collect())
        .collect()
}
