//! Making records: the patterns of a template filled with the cells of a row.

use chancery_core::fault::Fault;
use chancery_core::form::{Form, FormValue, Member, RecordForm, Span};

use super::mapping::{Condition, Template};
use super::pattern::{Field, Named, Pattern, Piece, TablePattern, Takes, TextPattern};
use super::scene::{Part, Scene, Value};

/// What filling a pattern comes to.
enum Filled {
    /// Nothing stands there; where the blank is.
    Absent(Span),
    /// This stands there.
    Form(Form),
}

impl Scene<'_> {
    /// Returns the records that a template makes of the row, and how many it was to make.
    pub(super) fn records(&mut self, template: &Template) -> (Vec<RecordForm>, usize) {
        let Some(each) = &template.each else {
            let wanted = self.is_wanted(template);
            let made = wanted.then(|| self.record(template)).flatten();
            return (made.into_iter().collect(), usize::from(wanted));
        };
        let mut records = Vec::new();
        let mut tried = 0;
        for part in self.parts(&each.name) {
            self.bound.push((each.name.clone(), part));
            if self.is_wanted(template) {
                tried += 1;
                records.extend(self.record(template));
            }
            self.bound.pop();
        }
        (records, tried)
    }

    /// Returns whether the conditions of a record hold.
    fn is_wanted(&self, template: &Template) -> bool {
        let holds = |conditions: &[Condition]| conditions.iter().all(|one| self.holds(one));
        let excepted = !template.unless.is_empty() && holds(&template.unless);
        holds(&template.when) && !excepted
    }

    /// Returns the record, or `None` if a fault was told.
    fn record(&mut self, template: &Template) -> Option<RecordForm> {
        let before = self.faults.len();
        let members = self.members(&template.fields, template.kind.name())?;
        (self.faults.len() == before).then(|| RecordForm {
            kind: template.kind.name().to_owned(),
            kind_span: if template.is_constant() {
                template.kind_span
            } else {
                self.place()
            },
            members,
        })
    }

    fn holds(&self, condition: &Condition) -> bool {
        let text = self.part(&condition.column.name).text;
        let blank = self.is_nothing(&condition.column, &text);
        match &condition.is {
            None => !blank,
            Some(words) => words
                .iter()
                .any(|word| *word == text || (word.is_empty() && blank)),
        }
    }

    /// Returns the members of a record or table, or `None` if one that is required is absent.
    fn members(&mut self, fields: &[Field], whole: &str) -> Option<Vec<Member>> {
        let mut members = Vec::new();
        for field in fields {
            match self.filled(&field.pattern) {
                Some(Filled::Form(value)) => members.push(Member {
                    key: field.key.clone(),
                    key_span: field.key_span,
                    value,
                }),
                Some(Filled::Absent(_)) if whole.is_empty() && field.required => return None,
                Some(Filled::Absent(span)) if field.required => {
                    self.faults.push(blank(span, whole, field));
                }
                Some(Filled::Absent(_)) | None => {}
            }
        }
        Some(members)
    }

    /// Returns what a pattern comes to, or `None` if a fault was told.
    fn filled(&mut self, pattern: &Pattern) -> Option<Filled> {
        match pattern {
            Pattern::Constant(form) => Some(Filled::Form(form.clone())),
            Pattern::Text(text) => self.text(text),
            Pattern::Table(table) => self.table(table),
            Pattern::List(items) => {
                let mut forms = Vec::new();
                let mut place = self.place();
                for item in items {
                    for filled in self.item(item) {
                        match filled? {
                            Filled::Form(form) => forms.push(form),
                            Filled::Absent(span) => place = span,
                        }
                    }
                }
                Some(match forms.as_slice() {
                    [] => Filled::Absent(place),
                    [first, ..] => {
                        let span = first.span;
                        let value = FormValue::List(forms);
                        Filled::Form(Form { span, value })
                    }
                })
            }
        }
    }

    /// Returns what an item of a list comes to: one for each part of a split column in it.
    fn item(&mut self, item: &Pattern) -> Vec<Option<Filled>> {
        let mut split: Option<&Named> = None;
        item.each_column(&mut |column, _| {
            let bound = self.bound.iter().any(|(name, _)| *name == column.name);
            if !bound && self.mapping.split(&column.name).is_some() {
                split = Some(column);
            }
        });
        let Some(column) = split else {
            return vec![self.filled(item)];
        };
        let parts: Vec<Part> = self.parts(&column.name);
        let mut filled = Vec::with_capacity(parts.len());
        for part in parts {
            self.bound.push((column.name.clone(), part));
            filled.push(self.filled(item));
            self.bound.pop();
        }
        filled
    }

    fn table(&mut self, table: &TablePattern) -> Option<Filled> {
        let before = self.faults.len();
        let members = self.members(&table.fields, "");
        if self.faults.len() > before {
            return None;
        }
        Some(match members {
            Some(members) if !members.is_empty() => {
                let span = members
                    .first()
                    .map_or(table.span, |member| member.value.span);
                let value = FormValue::Table(members);
                Filled::Form(Form { span, value })
            }
            _ => Filled::Absent(self.place()),
        })
    }

    fn text(&mut self, pattern: &TextPattern) -> Option<Filled> {
        let mut text = String::new();
        let mut place: Option<Span> = None;
        let mut absent: Vec<Span> = Vec::new();
        let mut present = false;
        for piece in &pattern.pieces {
            match piece {
                Piece::Letters(letters) => text.push_str(letters),
                Piece::Row => text.push_str(&self.number.to_string()),
                Piece::Line => text.push_str(&self.line.to_string()),
                Piece::File => text.push_str(&self.table.name),
                Piece::Cell(columns) => match self.first(columns, pattern.takes)? {
                    Value::Text(value, span) => {
                        present = true;
                        place = place.or(Some(span));
                        text.push_str(&value);
                    }
                    Value::Absent(span) => absent.push(span),
                },
            }
        }
        if let (Some(span), false) = (absent.first(), present) {
            return Some(Filled::Absent(*span));
        }
        let is_text = matches!(pattern.takes, Takes::Text);
        if let (Some(span), false) = (absent.first(), is_text) {
            self.faults.push(hole(*span, pattern.takes));
            return None;
        }
        let span = place.unwrap_or(pattern.span);
        self.checked(text, span, pattern.takes)
    }

    /// Returns what a text comes to, once it is whole.
    fn checked(&mut self, text: String, span: Span, takes: Takes) -> Option<Filled> {
        let value = match takes {
            Takes::Date if text == ".." => {
                let message = "an open date stands only at the end of an interval";
                let help = "write `= \"absent\"` to leave the field out, or `= \"unknown\"`";
                self.faults
                    .push(Fault::new(span, "bad-date", message).help(help));
                return None;
            }
            Takes::Count => match text.parse() {
                Ok(number) => FormValue::Whole(number),
                Err(_) => FormValue::Text(text),
            },
            Takes::Truth => match text.as_str() {
                "true" => FormValue::Truth(true),
                "false" => FormValue::Truth(false),
                _ => FormValue::Text(text),
            },
            Takes::Reference => {
                self.references.push((text.clone(), span));
                FormValue::Text(text)
            }
            _ => FormValue::Text(text),
        };
        Some(Filled::Form(Form { span, value }))
    }

    /// Returns what the first column that is not blank comes to.
    fn first(&mut self, columns: &[Named], takes: Takes) -> Option<Value> {
        let filled = |column: &&Named| !self.is_blank(&self.part(&column.name).text);
        let column = columns.iter().find(filled).or_else(|| columns.last())?;
        self.value(column, takes)
    }
}

fn blank(span: Span, kind: &str, field: &Field) -> Fault {
    let message = format!("this is blank, and `{}` of {kind} is made of it", field.key);
    let mut columns = Vec::new();
    let mut dated = false;
    field.pattern.each_column(&mut |column, is_date| {
        columns.push(column.name.clone());
        dated |= is_date;
    });
    let column = columns.pop().unwrap_or_default();
    let help = if dated {
        format!("say `blank = \"unknown\"` of the column, or `when = \"{column}\"` of the record")
    } else {
        format!("say `when = \"{column}\"` of the record to make none of such a row")
    };
    Fault::new(span, "blank-cell", message).help(help)
}

/// Returns the fault of an id or a date that is made of several cells, one of them blank.
fn hole(span: Span, takes: Takes) -> Fault {
    if let Takes::Date = takes {
        let help = "say of the column `blank = \"unknown\"` or `blank = \"open\"`";
        Fault::new(span, "blank-cell", "this end of an interval is blank").help(help)
    } else {
        let help = "make the id of columns that are never blank";
        Fault::new(span, "blank-cell", "this is blank, and an id is made of it").help(help)
    }
}
