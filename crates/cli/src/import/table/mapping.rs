//! A mapping file: which records the rows of a table become.
//!
//! It is written like a dossier. A record of it is a pattern, made once for
//! each row; `[table]`, `[dates]`, `[ids]` and `[columns.…]` say how the cells
//! are written. No table is looked at here.

use std::collections::{BTreeMap, BTreeSet};

use chancery_core::fault::{Fault, meant};
use chancery_core::form::{Form, FormValue, Member, RecordForm, Span};
use chancery_core::record::RecordKind;

use super::dates::DateForm;
use super::pattern::{Field, Named, Pattern, Patterns};
use super::settings::Settings;
use crate::dossier::{self, Dossier};

/// A mapping file, read.
pub struct Mapping {
    /// What stands between two cells.
    pub(super) separator: u8,
    /// Cells that say nothing, beside empty ones.
    pub(super) blanks: BTreeSet<String>,
    /// Columns that are left out on purpose.
    pub(super) unused: Vec<Named>,
    /// Ids that the ledger holds, or another dossier will bring.
    pub(super) held: BTreeSet<String>,
    /// Ids by what stands in the cells of any column.
    pub(super) ids: BTreeMap<String, String>,
    /// How dates are written where a column does not say.
    pub(super) dates: DateRules,
    /// What is said of single columns.
    pub(super) columns: BTreeMap<String, Column>,
    /// The records, in the order of the mapping.
    pub(super) templates: Vec<Template>,
}

/// How dates are written.
#[derive(Default)]
pub(super) struct DateRules {
    /// Their forms; EDTF if none is named.
    pub(super) forms: Option<Vec<DateForm>>,
    /// Cells that are no dates, and what they say.
    pub(super) sentinels: BTreeMap<String, Nothing>,
    /// What a blank says.
    pub(super) blank: Option<Nothing>,
}

/// What is said of one column.
pub(super) struct Column {
    /// Where it is named.
    pub(super) named: Named,
    /// What stands between the parts of a cell.
    pub(super) split: Option<String>,
    /// What cells are to be read as.
    pub(super) words: BTreeMap<String, String>,
    /// Ids by what stands in the cells.
    pub(super) ids: BTreeMap<String, String>,
    /// How its dates are written.
    pub(super) dates: DateRules,
    /// Whether no cell should stand twice.
    pub(super) unique: bool,
}

/// What a cell says that is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nothing {
    /// There is none: the field is left out.
    Absent,
    /// It is not known when: undated, or an interval's end that is unknown.
    Unknown,
    /// An interval's end that is open.
    Open,
}

/// A record with holes.
pub(super) struct Template {
    /// Its kind.
    pub(super) kind: RecordKind,
    /// Where the mapping names the kind.
    pub(super) kind_span: Span,
    /// The split column for each part of which the record is made.
    pub(super) each: Option<Named>,
    /// The record is made where all of this holds,
    pub(super) when: Vec<Condition>,
    /// and not where all of this does.
    pub(super) unless: Vec<Condition>,
    /// Its fields.
    pub(super) fields: Vec<Field>,
}

/// What is asked of a cell.
pub(super) struct Condition {
    /// The column.
    pub(super) column: Named,
    /// One of these; anything that is not blank, if there are none.
    pub(super) is: Option<Vec<String>>,
}

/// The keys that stand beside the fields of a record.
const BESIDE: [&str; 3] = ["each", "when", "unless"];

/// What stands in a mapping beside records.
const TABLES: [&str; 4] = ["table", "dates", "ids", "columns"];

/// Kinds that speak of entries already held, which no table can know.
const NOT_MADE: [RecordKind; 4] = [
    RecordKind::Attestation,
    RecordKind::Supplement,
    RecordKind::Correction,
    RecordKind::Retraction,
];

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// It is no TOML, or says what cannot be said; all of it is told.
    pub fn parse(dossier: &Dossier) -> Result<Self, Vec<Fault>> {
        let reading = dossier::parse(dossier);
        let mut reader = Reader {
            settings: Settings {
                faults: reading.faults,
            },
            patterns: Patterns {
                dossier,
                faults: Vec::new(),
            },
            mapping: Self::empty(),
        };
        for form in &reading.forms {
            reader.form(form);
        }
        reader.whole(dossier);
        let mut faults = reader.settings.faults;
        faults.append(&mut reader.patterns.faults);
        faults.sort_by_key(|fault| fault.span);
        if faults.is_empty() {
            Ok(reader.mapping)
        } else {
            Err(faults)
        }
    }

    fn empty() -> Self {
        Self {
            separator: b',',
            blanks: BTreeSet::new(),
            unused: Vec::new(),
            held: BTreeSet::new(),
            ids: BTreeMap::new(),
            dates: DateRules::default(),
            columns: BTreeMap::new(),
            templates: Vec::new(),
        }
    }

    /// Returns what a column's cells are split by, if they are.
    pub(super) fn split(&self, column: &str) -> Option<&str> {
        self.columns.get(column)?.split.as_deref()
    }
}

impl Template {
    /// Shows every column that is named, and whether it is for a date.
    pub(super) fn each_column<'t>(&'t self, visit: &mut dyn FnMut(&'t Named, bool)) {
        if let Some(each) = &self.each {
            visit(each, false);
        }
        for condition in self.when.iter().chain(&self.unless) {
            visit(&condition.column, false);
        }
        for field in &self.fields {
            field.pattern.each_column(visit);
        }
    }

    /// Returns whether the record is the same whatever the rows hold.
    pub(super) fn is_constant(&self) -> bool {
        let asks = self.each.is_some() || !self.when.is_empty() || !self.unless.is_empty();
        !asks && !self.fields.iter().any(|field| field.pattern.has_holes())
    }
}

struct Reader<'d> {
    settings: Settings,
    patterns: Patterns<'d>,
    mapping: Mapping,
}

impl Reader<'_> {
    fn form(&mut self, form: &RecordForm) {
        match form.kind.as_str() {
            "table" => self.table(&form.members),
            "dates" => self.mapping.dates = self.settings.dates(&form.members, &[]),
            "ids" => self.mapping.ids = self.settings.pairs(&form.members),
            "columns" => {
                for member in &form.members {
                    self.column(member);
                }
            }
            _ => self.template(form),
        }
    }

    fn table(&mut self, members: &[Member]) {
        for member in members {
            match member.key.as_str() {
                "separator" => {
                    if let Some(separator) = self.settings.separator(&member.value) {
                        self.mapping.separator = separator;
                    }
                }
                "blanks" => {
                    let blanks = self.settings.texts(&member.value);
                    let names = blanks.into_iter().map(|blank| blank.name);
                    self.mapping.blanks = names.collect();
                }
                "unused" => self.mapping.unused = self.settings.texts(&member.value),
                "held" => {
                    let held = self.settings.texts(&member.value);
                    self.mapping.held = held.into_iter().map(|id| id.name).collect();
                }
                _ => self
                    .settings
                    .unknown(member, &["separator", "blanks", "unused", "held"]),
            }
        }
    }

    fn column(&mut self, member: &Member) {
        let Some(members) = self.settings.table(&member.value) else {
            return;
        };
        let own = ["split", "words", "ids", "unique"];
        let mut column = Column {
            named: Named {
                name: member.key.clone(),
                span: member.key_span,
            },
            split: None,
            words: BTreeMap::new(),
            ids: BTreeMap::new(),
            dates: self.settings.dates(members, &own),
            unique: false,
        };
        for member in members {
            match member.key.as_str() {
                "split" => column.split = self.settings.filled(&member.value),
                "words" => column.words = self.settings.map(&member.value),
                "ids" => column.ids = self.settings.map(&member.value),
                "unique" => column.unique = self.settings.truth(&member.value),
                _ => {}
            }
        }
        self.mapping.columns.insert(member.key.clone(), column);
    }

    fn template(&mut self, form: &RecordForm) {
        let Some(kind) = RecordKind::from_name(&form.kind) else {
            let message = format!("a mapping has no `{}`", form.kind);
            let kinds = RecordKind::ALL
                .iter()
                .filter(|kind| !NOT_MADE.contains(kind));
            let kinds = kinds.map(|kind| kind.name()).chain(TABLES);
            let help = meant(&form.kind, kinds, "it has");
            let fault = Fault::new(form.kind_span, "unknown-kind", message);
            return self.settings.faults.push(fault.help(help));
        };
        if NOT_MADE.contains(&kind) {
            let message = format!("a table is not made into {}", kind.with_article());
            let help = "it speaks of an entry that is held already: write it in a dossier";
            let fault = Fault::new(form.kind_span, "wrong-kind", message);
            return self.settings.faults.push(fault.help(help));
        }
        let beside = |member: &&Member| BESIDE.contains(&member.key.as_str());
        let (beside, fields): (Vec<&Member>, Vec<&Member>) = form.members.iter().partition(beside);
        let fields: Vec<Member> = fields.into_iter().cloned().collect();
        for spec in kind.fields().iter().filter(|spec| spec.required) {
            if !fields.iter().any(|member| member.key == spec.name) {
                let message = format!("`{}` is missing", spec.name);
                let help = format!("add `{} = …` ({})", spec.name, spec.expected);
                let fault = Fault::new(form.kind_span, "missing-field", message);
                self.settings.faults.push(fault.help(help));
            }
        }
        let mut template = Template {
            kind,
            kind_span: form.kind_span,
            each: None,
            when: Vec::new(),
            unless: Vec::new(),
            fields: self.patterns.fields(&fields, kind.fields()),
        };
        for member in beside {
            match member.key.as_str() {
                "each" => template.each = self.settings.texts(&member.value).into_iter().next(),
                "when" => template.when = self.conditions(&member.value),
                _ => template.unless = self.conditions(&member.value),
            }
        }
        self.mapping.templates.push(template);
    }

    fn conditions(&mut self, form: &Form) -> Vec<Condition> {
        let FormValue::Table(members) = &form.value else {
            let columns = self.settings.texts(form).into_iter();
            return columns
                .map(|column| Condition { column, is: None })
                .collect();
        };
        let condition = |member: &Member| Condition {
            column: Named {
                name: member.key.clone(),
                span: member.key_span,
            },
            is: Some(
                self.settings
                    .texts(&member.value)
                    .into_iter()
                    .map(|text| text.name)
                    .collect(),
            ),
        };
        members.iter().map(condition).collect()
    }

    /// Looks at what only the whole mapping can tell.
    fn whole(&mut self, dossier: &Dossier) {
        if self.mapping.templates.is_empty() && self.settings.faults.is_empty() {
            let help = "add what a row is to become, as in a dossier: `[[event]]`";
            let fault = Fault::new(dossier.span(0, 0), "no-record", "this makes no record");
            self.settings.faults.push(fault.help(help));
        }
        for template in &self.mapping.templates {
            if let Some(each) = &template.each
                && self.mapping.split(&each.name).is_none()
            {
                let message = format!("`{}` is not split into parts", each.name);
                let help = format!("add `split = \";\"` under [columns.\"{}\"]", each.name);
                let fault = Fault::new(each.span, "not-split", message);
                self.settings.faults.push(fault.help(help));
            }
            let bound = template.each.as_ref();
            for field in &template.fields {
                unlisted(
                    &self.mapping,
                    &field.pattern,
                    bound,
                    &mut self.settings.faults,
                );
            }
        }
    }
}

/// Tells the columns with parts that stand where there is room for one.
fn unlisted(mapping: &Mapping, pattern: &Pattern, bound: Option<&Named>, faults: &mut Vec<Fault>) {
    let free = |column: &Named| {
        let is_bound = bound.is_some_and(|bound| bound.name == column.name);
        !is_bound && mapping.split(&column.name).is_some()
    };
    match pattern {
        Pattern::Constant(_) => {}
        Pattern::List(items) => {
            for item in items {
                let mut columns: Vec<&Named> = Vec::new();
                item.each_column(&mut |column, _| {
                    if free(column) && columns.iter().all(|other| other.name != column.name) {
                        columns.push(column);
                    }
                });
                if let [_, second, ..] = columns.as_slice() {
                    let message = format!("`{}` is the second split column here", second.name);
                    let help = "an item of a list stands once for each part of one column";
                    faults.push(Fault::new(second.span, "not-one", message).help(help));
                }
            }
        }
        single => single.each_column(&mut |column, _| {
            if free(column) {
                let message = format!("`{}` is split, and this field takes one value", column.name);
                let help = format!(
                    "add `each = \"{}\"` to make a record of each part",
                    column.name
                );
                faults.push(Fault::new(column.span, "not-one", message).help(help));
            }
        }),
    }
}
