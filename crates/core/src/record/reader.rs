//! Reading a table of fields, and telling all that is wrong with it.
//!
//! The reader knows the fields only through their specifications. What lies
//! around the record being read (which ids there are, what a source's file
//! holds) it asks of its [`Surroundings`].

use std::collections::BTreeMap;

use super::custody::Custody;
use super::field::FieldRead;
use super::{FieldSpec, RecordKind};
use crate::date::DateFault;
use crate::fault::{Fault, listed, meant};
use crate::form::{Form, FormValue, Member, Span, member};
use crate::quote::QuoteFault;

/// The fields that were read: number and encoding, ascending.
pub type Fields = BTreeMap<u16, Vec<u8>>;

/// What a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The position of the record, or a provisional number for one that is being read.
    pub seq: u64,
    /// Its kind.
    pub kind: RecordKind,
    /// Whether the ledger holds it already.
    pub held: bool,
    /// If it is a supplement or a correction, the kind of the record that it changes.
    pub subject: Option<RecordKind>,
}

/// What lies around the records that are being read.
pub trait Surroundings {
    /// Returns what `reference` names: an id, or `#seq`.
    fn resolve(&self, reference: &str) -> Option<Target>;

    /// Returns the id of a record that [`Self::resolve`] has named.
    fn id_of(&self, seq: u64) -> String;

    /// Returns an id that `reference` may have been meant to be.
    fn similar(&self, reference: &str) -> Option<String>;

    /// Returns why what `reference` names is not there any more, if it was there once.
    fn gone(&self, _reference: &str) -> Option<String> {
        None
    }

    /// Returns the characters of a source's held text that a quote takes, from
    /// and to, or `None` if its text is not held.
    ///
    /// # Errors
    /// The quote does not stand there, or more than once.
    fn locate(
        &self,
        source: u64,
        quote: &str,
        around: (&str, &str),
    ) -> Result<Option<(u64, u64)>, QuoteFault>;

    /// Returns the digest, length and name of a file beside the dossier.
    ///
    /// # Errors
    /// It cannot be read; the text says why.
    fn custody(&self, path: &str, dossier: usize) -> Result<Custody, String>;
}

/// Reads records, and gathers faults.
pub struct Reader<'a> {
    /// What lies around.
    pub around: &'a dyn Surroundings,
    /// What was found wrong so far.
    pub faults: Vec<Fault>,
    /// What the changes being read are changes to.
    pub(crate) subject: Option<super::Subject>,
}

impl<'a> Reader<'a> {
    /// Returns a reader that has found nothing wrong yet.
    pub fn new(around: &'a dyn Surroundings) -> Self {
        Self {
            around,
            faults: Vec::new(),
            subject: None,
        }
    }

    /// Notes a fault.
    pub fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Notes that something else should stand here, and returns `None`.
    pub fn expected<T>(&mut self, form: &Form, expected: &str) -> Option<T> {
        let message = format!("expected {expected}, found {}", form.described());
        self.fault(Fault::new(form.span, "wrong-type", message));
        None
    }

    /// Notes a date that is none, at its place inside the text, and returns `None`.
    pub fn bad_date<T>(&mut self, form: &Form, fault: &DateFault) -> Option<T> {
        let mut span = form.span;
        // Inside quotation marks; an unquoted TOML date cannot be an impossible one.
        let text = form.as_text().unwrap_or_default();
        let before: usize = text.chars().take(fault.offset).map(char::len_utf8).sum();
        if span.end.saturating_sub(span.start) >= text.len() + 2 {
            span.start += 1 + before;
            span.end = (span.end - 1).max(span.start + 1);
        }
        let mut told = Fault::new(span, "bad-date", fault.message.clone());
        told.help.clone_from(&fault.help);
        self.fault(told);
        None
    }

    /// Reads the fields of a table, telling unknown, doubled, empty and missing ones.
    pub fn fields(&mut self, whole: Span, members: &[Member], specs: &[FieldSpec]) -> Fields {
        let fields = self.partial_fields(members, specs);
        for spec in specs {
            if spec.required && member(members, spec.name).is_none() {
                self.missing(whole, spec);
            }
        }
        fields
    }

    /// Tells that a required field is missing.
    pub(crate) fn missing(&mut self, whole: Span, spec: &FieldSpec) {
        let message = format!("`{}` is missing", spec.name);
        let help = format!("add `{} = …` ({})", spec.name, spec.expected);
        self.fault(Fault::new(whole, "missing-field", message).help(help));
    }

    /// Reads those fields of a table that are given, telling unknown, doubled and empty ones.
    pub fn partial_fields(&mut self, members: &[Member], specs: &[FieldSpec]) -> Fields {
        let mut fields = Fields::new();
        let mut given = Vec::new();
        for member in members {
            let Some(spec) = specs.iter().find(|spec| spec.name == member.key) else {
                self.unknown_field(member, specs);
                continue;
            };
            if given.contains(&spec.number) {
                let message = format!("`{}` is given twice", member.key);
                self.fault(Fault::new(member.key_span, "doubled-field", message));
                continue;
            }
            given.push(spec.number);
            self.field(member, spec, &mut fields);
        }
        fields
    }

    fn field(&mut self, member: &Member, spec: &FieldSpec, fields: &mut Fields) {
        if member.value.value == FormValue::Null {
            let message = format!("`{}` is null", spec.name);
            let help = "leave a field out if there is nothing to say";
            self.fault(Fault::new(member.value.span, "wrong-type", message).help(help));
            return;
        }
        match (spec.read)(&member.value, self) {
            FieldRead::Value(bytes) => {
                fields.insert(spec.number, bytes);
            }
            FieldRead::Empty if spec.required => {
                let message = format!("`{}` is empty", spec.name);
                let help = format!("it takes {}", spec.expected);
                self.fault(Fault::new(member.value.span, "empty-field", message).help(help));
            }
            // An empty optional field says what its absence says; a fault has been told.
            FieldRead::Empty | FieldRead::Fault => {}
        }
    }

    fn unknown_field(&mut self, member: &Member, specs: &[FieldSpec]) {
        let message = format!("there is no field `{}` here", member.key);
        let help = meant(
            &member.key,
            specs.iter().map(|spec| spec.name),
            "the fields are",
        );
        self.fault(Fault::new(member.key_span, "unknown-field", message).help(help));
    }

    /// Resolves a reference to a record of one of `kinds` (of any, if there are none).
    pub fn reference(&mut self, form: &Form, kinds: &[RecordKind]) -> Option<Target> {
        let Some(text) = form.as_text() else {
            return self.expected(form, "an id");
        };
        let Some(target) = self.around.resolve(text) else {
            self.unresolved(text, form.span);
            return None;
        };
        if !kinds.is_empty() && !kinds.contains(&target.kind) {
            let message = format!("`{text}` is {}", target.kind.with_article());
            let help = format!(
                "this field takes {}",
                listed(kinds.iter().map(|kind| kind.name()))
            );
            self.fault(Fault::new(form.span, "wrong-kind", message).help(help));
            return None;
        }
        Some(target)
    }

    /// Tells that a reference names nothing, or nothing any more.
    fn unresolved(&mut self, text: &str, span: Span) {
        if let Some(why) = self.around.gone(text) {
            let message = format!("`{text}` {why}");
            let help = "nothing more can be said of it, or by it";
            self.fault(Fault::new(span, "expunged-reference", message).help(help));
            return;
        }
        let message = format!("nothing has the id `{text}`");
        let help = match self.around.similar(text) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "the ledger and these dossiers hold no such record".to_owned(),
        };
        self.fault(Fault::new(span, "unknown-reference", message).help(help));
    }
}
