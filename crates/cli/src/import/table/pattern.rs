//! Patterns: the fields of a record with holes where cells of a table go.
//!
//! A pattern is written like the field itself, with `{Column}` for a cell, or
//! `{Column|Other}` for the first of several that is not blank. What the field
//! takes decides what becomes of the cell: a date, an id, or a text as it is.

use chancery_core::fault::{Fault, meant};
use chancery_core::form::{Form, FormValue, Member, Span};
use chancery_core::record::{
    Code, Each, EntryIntoForce, Evidence, FieldSpec, Group, GroupMember, Name, Order, Participant,
    RegisterNumber, Span as Length, WithdrawalTerms, WrittenCondition, WrittenDate,
};

use crate::dossier::Dossier;

/// What a field takes.
#[derive(Clone, Copy)]
pub(super) enum Takes {
    /// A text, or a word of the record's own.
    Text,
    /// The id of the record.
    Id,
    /// The id of another record.
    Reference,
    /// A date.
    Date,
    /// A whole number.
    Count,
    /// True or false.
    Truth,
    /// A table with these fields.
    Table(&'static [FieldSpec]),
    /// A table with any keys.
    Labels,
}

/// What is to stand in a field.
pub(super) enum Pattern {
    /// The same in every record.
    Constant(Form),
    /// A text, perhaps with holes.
    Text(TextPattern),
    /// A list; an item that names a split column stands once for each part.
    List(Vec<Pattern>),
    /// A table.
    Table(TablePattern),
}

/// A text, perhaps with holes.
pub(super) struct TextPattern {
    /// Where it stands in the mapping.
    pub(super) span: Span,
    /// What the field takes.
    pub(super) takes: Takes,
    /// Its pieces, in order.
    pub(super) pieces: Vec<Piece>,
}

/// A table whose values are patterns.
pub(super) struct TablePattern {
    /// Where it stands in the mapping.
    pub(super) span: Span,
    /// Its fields.
    pub(super) fields: Vec<Field>,
}

/// A field and what is to stand in it.
pub(super) struct Field {
    /// Its name.
    pub(super) key: String,
    /// Where the name stands in the mapping.
    pub(super) key_span: Span,
    /// Whether a record or table cannot do without it.
    pub(super) required: bool,
    /// What is to stand in it.
    pub(super) pattern: Pattern,
}

/// A piece of a text.
#[derive(Clone)]
pub(super) enum Piece {
    /// As it is.
    Letters(String),
    /// The cell of the first of these columns that is not blank.
    Cell(Vec<Named>),
    /// The number of the row: one for the first below the header.
    Row,
    /// The number of the line in the file.
    Line,
    /// The name of the file.
    File,
}

/// A column, and where in the mapping it is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// Its name.
    pub(super) name: String,
    /// Where it is named.
    pub(super) span: Span,
}

/// Returns what a field takes, and whether it takes a list of it.
pub(super) fn takes(spec: &FieldSpec) -> (Takes, bool) {
    let name = spec.type_name.replace(' ', "");
    let inner = name
        .strip_prefix("Vec<")
        .and_then(|rest| rest.strip_suffix('>'));
    let takes = match inner.unwrap_or(&name) {
        "Parties" => return (Takes::Reference, true),
        "Id" => Takes::Id,
        "Date" | "EdtfText" => Takes::Date,
        "Count" => Takes::Count,
        "bool" => Takes::Truth,
        "Labels" | "Shares" => Takes::Labels,
        "Name" => Takes::Table(Name::FIELDS),
        "GroupMember" => Takes::Table(GroupMember::FIELDS),
        "Participant" => Takes::Table(Participant::FIELDS),
        "Evidence" => Takes::Table(Evidence::FIELDS),
        "Order" => Takes::Table(Order::FIELDS),
        "Code" => Takes::Table(Code::FIELDS),
        "RegisterNumber" => Takes::Table(RegisterNumber::FIELDS),
        "Span" => Takes::Table(Length::FIELDS),
        "EntryIntoForce" => Takes::Table(EntryIntoForce::FIELDS),
        "WithdrawalTerms" => Takes::Table(WithdrawalTerms::FIELDS),
        "Group" => Takes::Table(Group::FIELDS),
        "Each" => Takes::Table(Each::FIELDS),
        "Condition" => Takes::Table(WrittenCondition::FIELDS),
        other if other.ends_with("Ref") => Takes::Reference,
        _ => Takes::Text,
    };
    (takes, inner.is_some())
}

/// Reads patterns, and gathers what is wrong with them.
pub(super) struct Patterns<'d> {
    /// The mapping.
    pub(super) dossier: &'d Dossier,
    /// What was found wrong so far.
    pub(super) faults: Vec<Fault>,
}

impl Patterns<'_> {
    /// Returns the fields of a record or table with these fields.
    pub(super) fn fields(&mut self, members: &[Member], specs: &[FieldSpec]) -> Vec<Field> {
        let mut fields = Vec::new();
        for member in members {
            let Some(spec) = specs.iter().find(|spec| spec.name == member.key) else {
                let message = format!("there is no field `{}` here", member.key);
                let names = specs.iter().map(|spec| spec.name);
                let help = meant(&member.key, names, "the fields are");
                let fault = Fault::new(member.key_span, "unknown-field", message);
                self.faults.push(fault.help(help));
                continue;
            };
            let (takes, list) = takes(spec);
            let pattern = self.pattern(&member.value, takes);
            let pattern = match pattern {
                Pattern::List(_) => pattern,
                single if list => Pattern::List(vec![single]),
                single => single,
            };
            fields.push(Field {
                key: member.key.clone(),
                key_span: member.key_span,
                required: spec.required,
                pattern,
            });
        }
        fields
    }

    fn pattern(&mut self, form: &Form, takes: Takes) -> Pattern {
        match (&form.value, takes) {
            (FormValue::Text(text), _) => Pattern::Text(TextPattern {
                span: form.span,
                takes: match takes {
                    Takes::Table(_) | Takes::Labels => Takes::Text,
                    other => other,
                },
                pieces: self.pieces(text, form.span),
            }),
            (FormValue::List(items), _) => {
                let items = items.iter().map(|item| self.pattern(item, takes));
                Pattern::List(items.collect())
            }
            (FormValue::Table(members), Takes::Table(specs)) => self.table(form, members, specs),
            (FormValue::Table(members), Takes::Date) => {
                self.table(form, members, WrittenDate::FIELDS)
            }
            (FormValue::Table(members), _) => Pattern::Table(TablePattern {
                span: form.span,
                fields: members.iter().map(|member| self.label(member)).collect(),
            }),
            _ => Pattern::Constant(form.clone()),
        }
    }

    fn table(&mut self, form: &Form, members: &[Member], specs: &[FieldSpec]) -> Pattern {
        Pattern::Table(TablePattern {
            span: form.span,
            fields: self.fields(members, specs),
        })
    }

    fn label(&mut self, member: &Member) -> Field {
        Field {
            key: member.key.clone(),
            key_span: member.key_span,
            required: false,
            pattern: self.pattern(&member.value, Takes::Text),
        }
    }

    /// Returns the pieces of a text: `{Column}` is a cell, `{{` and `}}` are braces.
    fn pieces(&mut self, text: &str, span: Span) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut letters = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            letters.push_str(&rest[..at]);
            let (brace, behind) = rest[at..].split_at(1);
            if let Some(behind) = behind.strip_prefix(brace) {
                letters.push_str(brace);
                rest = behind;
                continue;
            }
            let Some((hole, behind)) = behind.split_once('}').filter(|_| brace == "{") else {
                let message = format!("`{brace}` has no brace that belongs to it");
                let help = "`{Column}` is a cell of the table; for a brace write `{{` or `}}`";
                self.faults
                    .push(Fault::new(span, "bad-pattern", message).help(help));
                return Vec::new();
            };
            if !letters.is_empty() {
                pieces.push(Piece::Letters(std::mem::take(&mut letters)));
            }
            pieces.push(self.hole(hole, span));
            rest = behind;
        }
        letters.push_str(rest);
        if !letters.is_empty() || pieces.is_empty() {
            pieces.push(Piece::Letters(letters));
        }
        pieces
    }

    fn hole(&mut self, hole: &str, span: Span) -> Piece {
        match hole.trim() {
            "#row" => return Piece::Row,
            "#line" => return Piece::Line,
            "#file" => return Piece::File,
            other if other.starts_with('#') => {
                let message = format!("`{other}` is nothing that is known of a row");
                let help = meant(other, ["#row", "#line", "#file"].into_iter(), "there are");
                let span = self.within(span, hole);
                self.faults
                    .push(Fault::new(span, "bad-pattern", message).help(help));
            }
            _ => {}
        }
        let named = |name: &str| Named {
            name: name.trim().to_owned(),
            span: self.within(span, name.trim()),
        };
        Piece::Cell(hole.split('|').map(named).collect())
    }

    /// Returns where a part of a text stands, or the whole text if it is written otherwise.
    fn within(&self, span: Span, part: &str) -> Span {
        let written = self.dossier.text.get(span.start..span.end);
        match written.and_then(|written| written.find(part)) {
            Some(at) => self
                .dossier
                .span(span.start + at, span.start + at + part.len()),
            None => span,
        }
    }
}

impl Pattern {
    /// Shows every column that the pattern names, and whether it is for a date.
    pub(super) fn each_column<'p>(&'p self, visit: &mut dyn FnMut(&'p Named, bool)) {
        match self {
            Self::Constant(_) => {}
            Self::Text(text) => {
                for piece in &text.pieces {
                    if let Piece::Cell(columns) = piece {
                        for column in columns {
                            visit(column, matches!(text.takes, Takes::Date));
                        }
                    }
                }
            }
            Self::List(items) => items.iter().for_each(|item| item.each_column(visit)),
            Self::Table(table) => {
                for field in &table.fields {
                    field.pattern.each_column(visit);
                }
            }
        }
    }

    /// Returns whether what stands here depends on the row.
    pub(super) fn has_holes(&self) -> bool {
        match self {
            Self::Constant(_) => false,
            Self::Text(text) => text
                .pieces
                .iter()
                .any(|piece| !matches!(piece, Piece::Letters(_))),
            Self::List(items) => items.iter().any(Self::has_holes),
            Self::Table(table) => table.fields.iter().any(|field| field.pattern.has_holes()),
        }
    }
}
