//! What a supplement or a correction changes: fields set, and fields cleared.
//!
//! Stored as one ascending list of field number and encoding, or absence. What
//! a number means depends on the kind of the record that is changed, so most
//! of what is done here needs to be told that kind.

use serde::{Deserialize, Serialize};

use super::RecordKind;
use super::custody::Custody;
use super::reader::{Fields, Reader};
use super::value::{Names, Text, Value, decode, encode};
use crate::fault::{Fault, meant};
use crate::form::{Form, FormValue, Member, member};

/// The number of the field in which supplements and corrections keep their changes.
pub(crate) const CHANGES_FIELD: u16 = 17;
const REASON_FIELD: u16 = 18;
const FILE_FIELD: u16 = 26;

/// One field, set or cleared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field's number.
    pub field: u16,
    /// Its new encoding, or `None` if it is cleared.
    pub value: Option<Vec<u8>>,
}

/// Fields set and cleared, ascending by number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes(pub Vec<Change>);

/// What is changed: a record's kind and, if it is itself a supplement or a
/// correction, the kind of the record that it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The kind of the record that is changed.
    pub kind: RecordKind,
    /// The kind of the record that it changes in turn.
    pub inner: Option<RecordKind>,
}

impl Value for Changes {
    const EXPECTED: &'static str = "a table of fields";

    /// Reads changes to a record of the kind that the reader was told of.
    fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        let FormValue::Table(members) = &form.value else {
            return reader.expected(form, Self::EXPECTED);
        };
        // Without a subject, the reference to it is at fault and has been told.
        let subject = reader.subject?;
        let before = reader.faults.len();
        let changes = Self::of_members(members, subject, reader);
        (reader.faults.len() == before).then_some(changes)
    }

    fn write(&self, _names: &dyn Names) -> Form {
        Form::table([])
    }
}

impl Changes {
    /// Applies the changes to a record's fields.
    pub fn apply(&self, fields: &mut Fields) {
        for change in &self.0 {
            match &change.value {
                Some(bytes) => fields.insert(change.field, bytes.clone()),
                None => fields.remove(&change.field),
            };
        }
    }

    /// Adds fields to be cleared.
    pub(crate) fn clear(&mut self, numbers: impl IntoIterator<Item = u16>) {
        self.0.extend(
            numbers
                .into_iter()
                .map(|field| Change { field, value: None }),
        );
        self.0.sort_by_key(|change| change.field);
    }

    fn of_members(members: &[Member], subject: Subject, reader: &mut Reader<'_>) -> Self {
        let Some(inner) = subject.inner else {
            if let Some(id) = member(members, "id") {
                let message = "the id of a record cannot be changed";
                reader.fault(Fault::new(id.key_span, "unchangeable", message));
            }
            return Self::of_fields(reader.partial_fields(members, subject.kind.fields()));
        };
        if matches!(inner, RecordKind::Supplement | RecordKind::Correction) {
            return Self::of_reason(members, reader);
        }
        if subject.kind == RecordKind::Supplement
            && let Some(clear) = member(members, "clear")
        {
            let message = "a supplement sets fields only: there is nothing of it to clear";
            reader.fault(Fault::new(clear.key_span, "unchangeable", message));
        }
        let mut changes = Vec::new();
        let saved = reader.subject.replace(Subject {
            kind: inner,
            inner: None,
        });
        if let Some(inner_changes) = changes_of_members(members, reader) {
            changes.push(Change {
                field: CHANGES_FIELD,
                value: Some(encode(&inner_changes)),
            });
        }
        reader.subject = saved;
        for member in members {
            match member.key.as_str() {
                "set" | "clear" => {}
                "reason" if subject.kind == RecordKind::Correction => {
                    changes.extend(reason(member, reader));
                }
                _ => {
                    let message = format!("`{}` of a correction cannot be changed", member.key);
                    let help = "only `set`, `clear` and `reason` can; or retract it";
                    reader.fault(Fault::new(member.key_span, "unchangeable", message).help(help));
                }
            }
        }
        Self(changes)
    }

    /// Reads changes to a correction of a correction: only its reason can be
    /// changed, since the rest would no longer be told by whom it was meant.
    fn of_reason(members: &[Member], reader: &mut Reader<'_>) -> Self {
        let mut changes = Vec::new();
        for member in members {
            if member.key == "reason" {
                changes.extend(reason(member, reader));
                continue;
            }
            let message = format!("`{}` cannot be changed at a third remove", member.key);
            let help = "retract the correction, and correct the record itself";
            reader.fault(Fault::new(member.key_span, "unchangeable", message).help(help));
        }
        Self(changes)
    }

    fn of_fields(fields: Fields) -> Self {
        let change = |(field, value)| Change {
            field,
            value: Some(value),
        };
        Self(fields.into_iter().map(change).collect())
    }

    /// Returns the files that changes to a record of this kind take into custody.
    pub(crate) fn files_in(&self, subject: Subject) -> Vec<Custody> {
        let values = |field| self.0.iter().filter(move |change| change.field == field);
        match (subject.kind, subject.inner) {
            (RecordKind::Source, _) => {
                let files = values(FILE_FIELD);
                files
                    .filter_map(|change| decode(change.value.as_deref()?))
                    .collect()
            }
            (_, Some(kind)) => {
                let inner =
                    values(CHANGES_FIELD).filter_map(|change| decode(change.value.as_deref()?));
                inner
                    .flat_map(|inner: Self| inner.files_in(Subject { kind, inner: None }))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// Shows every reference inside the changes to a record of this kind.
    pub fn each_ref_in(&mut self, subject: Subject, visit: &mut dyn FnMut(&mut u64)) {
        for change in &mut self.0 {
            let Some(bytes) = &mut change.value else {
                continue;
            };
            if let (CHANGES_FIELD, Some(kind)) = (change.field, subject.inner) {
                if let Some(mut inner) = decode::<Self>(bytes) {
                    inner.each_ref_in(Subject { kind, inner: None }, visit);
                    *bytes = encode(&inner);
                }
            } else if let Some(spec) = subject.kind.field(change.field) {
                (spec.each_ref)(bytes, visit);
            }
        }
    }

    /// Returns `set` and `clear` as an archivist would write them.
    pub fn write_members(&self, subject: Subject, names: &dyn Names) -> Vec<(String, Form)> {
        let mut set = Vec::new();
        let mut clear = Vec::new();
        for change in &self.0 {
            let Some(spec) = subject.kind.field(change.field) else {
                continue;
            };
            match (&change.value, subject.inner) {
                (None, _) => clear.push(Form::text(spec.name)),
                (Some(bytes), Some(kind)) if change.field == CHANGES_FIELD => {
                    let inner = decode::<Self>(bytes).unwrap_or_default();
                    set.extend(inner.write_members(Subject { kind, inner: None }, names));
                }
                (Some(bytes), _) => {
                    set.extend((spec.write)(bytes, names).map(|form| (spec.name.to_owned(), form)));
                }
            }
        }
        let mut members = Vec::new();
        if !set.is_empty() {
            members.push(("set".to_owned(), Form::table(set)));
        }
        if !clear.is_empty() {
            members.push(("clear".to_owned(), Form::list(clear)));
        }
        members
    }
}

/// Reads a new reason for a correction.
fn reason(member: &Member, reader: &mut Reader<'_>) -> Option<Change> {
    let reason = Text::read(&member.value, reader)?;
    if reason.is_absence() {
        reader.fault(Fault::new(
            member.value.span,
            "empty-field",
            "`reason` is empty",
        ));
        return None;
    }
    let (field, value) = (REASON_FIELD, Some(encode(&reason)));
    Some(Change { field, value })
}

/// Reads `set` and `clear` together, for a record of the kind that the reader was told of.
pub(crate) fn changes_of_members(members: &[Member], reader: &mut Reader<'_>) -> Option<Changes> {
    let (set, clear) = (member(members, "set"), member(members, "clear"));
    if set.is_none() && clear.is_none() {
        return None;
    }
    let mut changes = match set {
        Some(member) => Changes::read(&member.value, reader)?,
        None => Changes::default(),
    };
    if let Some(member) = clear {
        let numbers = cleared(&member.value, &changes, reader)?;
        changes.clear(numbers);
    }
    Some(changes)
}

fn cleared(form: &Form, set: &Changes, reader: &mut Reader<'_>) -> Option<Vec<u16>> {
    let kind = reader.subject?.kind;
    let items = match &form.value {
        FormValue::List(items) => items.as_slice(),
        _ => std::slice::from_ref(form),
    };
    let mut numbers = Vec::new();
    for item in items {
        let name = Text::read(item, reader)?;
        let fault = match kind.fields().iter().find(|spec| spec.name == name) {
            None => unknown(item, &name, kind),
            Some(spec) if spec.required || spec.number == 1 => {
                let message = format!(
                    "`{name}` cannot be cleared: {} needs it",
                    kind.with_article()
                );
                Fault::new(item.span, "required-field", message)
            }
            Some(spec) if set.0.iter().any(|change| change.field == spec.number) => {
                let message = format!("`{name}` is both set and cleared");
                Fault::new(item.span, "doubled-field", message)
            }
            Some(spec) if numbers.contains(&spec.number) => Fault::new(
                item.span,
                "doubled-field",
                format!("`{name}` is cleared twice"),
            ),
            Some(spec) => {
                numbers.push(spec.number);
                continue;
            }
        };
        reader.fault(fault);
    }
    Some(numbers)
}

fn unknown(item: &Form, name: &str, kind: RecordKind) -> Fault {
    let names = kind.fields().iter().map(|spec| spec.name);
    let help = meant(name, names, "the fields are");
    let message = format!("{} has no field `{name}`", kind.with_article());
    Fault::new(item.span, "unknown-field", message).help(help)
}
