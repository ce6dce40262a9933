//! Records: what an archivist submits, in sixteen kinds.
//!
//! A record is read from a [`RecordForm`], stored as bincode under a schema
//! version, and written out as a form again. It knows no hash, no file and no
//! position but those its references name.

mod changes;
mod custody;
mod field;
mod id;
mod kinds;
mod owed;
mod parts;
mod reader;
mod reference;
mod terms;
mod value;
mod words;

pub use changes::{Change, Changes, Subject};
pub use custody::Custody;
pub use field::FieldSpec;
pub use id::{Id, MAX_ID, given, slug};
pub use kinds::*;
pub use owed::{Condition, Parties, WrittenCondition};
pub use parts::{
    Code, EdtfText, Evidence, GroupMember, Labels, Name, Order, Participant, RegisterNumber, Span,
    Unordered, WrittenDate,
};
pub use reader::{Fields, Reader, Surroundings, Target};
pub use reference::*;
pub use terms::*;
pub use value::{Count, MAX_RECORD, Names, Text, Value, too_long};
pub use words::*;

use self::id::ChosenId as _;
use crate::fault::{Fault, meant};
use crate::form::{Form, Member, RecordForm, member};

/// The schema version that this program writes.
pub const SCHEMA: u16 = 1;

/// Bytes that are no record of the kind and schema they were filed under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MalformedRecord {
    /// No kind has this number.
    #[error("no kind of record has the number {0}; a newer program may know it")]
    Kind(u16),
    /// The schema version is not known.
    #[error("schema version {0} is not known; a newer program may know it")]
    Schema(u16),
    /// The bytes do not decode, or are not the one encoding of what they say.
    #[error("the body is not an encoding of {}", .0.with_article())]
    Body(RecordKind),
}

/// A kind of record, as the type of its content.
pub trait Content: Sized + 'static {
    /// The kind.
    const KIND: RecordKind;

    /// Returns the content, if `record` is of this kind.
    fn of(record: &Record) -> Option<&Self>;
}

macro_rules! kinds {
    ($( $name:ident = $number:literal $word:literal, )*) => {
        /// What sort of record.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RecordKind { $( #[doc = concat!("`", $word, "`.")] $name, )* }

        /// A record of any kind.
        // Boxed: the kinds differ much in size, and a ledger holds a million of the small ones.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Record { $( #[doc = concat!("`", $word, "`.")] $name(Box<$name>), )* }

        impl RecordKind {
            /// All kinds, in the order of their numbers.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )* ];

            /// Returns the number under which records of this kind are filed.
            pub const fn number(self) -> u16 {
                match self { $( Self::$name => $number, )* }
            }

            /// Returns the word that archivists write.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$name => $word, )* }
            }

            /// Returns the fields of this kind.
            pub const fn fields(self) -> &'static [FieldSpec] {
                match self { $( Self::$name => $name::FIELDS, )* }
            }
        }

        impl Record {
            /// Returns what sort of record this is.
            pub const fn kind(&self) -> RecordKind {
                match self { $( Self::$name(_) => RecordKind::$name, )* }
            }

            /// Returns the record of `kind` with these fields.
            pub fn from_fields(kind: RecordKind, fields: &Fields) -> Option<Self> {
                match kind { $( RecordKind::$name => $name::from_fields(fields).map(Self::from), )* }
            }

            /// Returns the fields that are there, by number.
            pub fn to_fields(&self) -> Fields {
                match self { $( Self::$name(record) => record.to_fields(), )* }
            }

            /// Returns the bytes of this record: its body.
            pub fn encode(&self) -> Vec<u8> {
                match self { $( Self::$name(record) => value::encode(record.as_ref()), )* }
            }

            fn decode_body(kind: RecordKind, body: &[u8]) -> Option<Self> {
                match kind { $( RecordKind::$name => value::decode::<$name>(body).map(Self::from), )* }
            }

            /// Shows every reference outside of changes.
            fn each_plain_ref(&mut self, visit: &mut dyn FnMut(&mut u64)) {
                match self { $( Self::$name(record) => record.each_ref(visit), )* }
            }

            fn plain_members(&self, names: &dyn Names) -> Vec<(String, Form)> {
                match self { $( Self::$name(record) => record.write_members(names), )* }
            }

            /// Returns the id that the archivist chose, if any.
            pub fn id(&self) -> Option<&Id> {
                match self { $( Self::$name(record) => record.id.chosen(), )* }
            }

            /// Returns what the record rests on.
            pub fn evidence(&self) -> &[Evidence] {
                match self { $( Self::$name(record) => record.evidence.as_deref().unwrap_or_default(), )* }
            }

            /// Forgets where quotes stand, which follows from their sources.
            pub fn forget_positions(&mut self) {
                let evidence = match self { $( Self::$name(record) => &mut record.evidence, )* };
                for piece in evidence.iter_mut().flatten() {
                    (piece.start, piece.end) = (None, None);
                }
            }

            /// Returns what the record itself says of sequence.
            pub fn orders(&self) -> &[Order] {
                match self { $( Self::$name(record) => record.order.as_deref().unwrap_or_default(), )* }
            }

            /// Returns the words to find the record by.
            pub fn tags(&self) -> &[Text] {
                match self { $( Self::$name(record) => record.tags.as_deref().unwrap_or_default(), )* }
            }
        }

        $( impl From<$name> for Record {
            fn from(record: $name) -> Self {
                Self::$name(Box::new(record))
            }
        }

        impl Content for $name {
            const KIND: RecordKind = RecordKind::$name;

            fn of(record: &Record) -> Option<&Self> {
                match record {
                    Record::$name(content) => Some(content),
                    _ => None,
                }
            }
        } )*
    };
}

kinds! {
    Actor = 256 "actor",
    Office = 257 "office",
    Source = 258 "source",
    Event = 259 "event",
    Statement = 260 "statement",
    Issue = 261 "issue",
    Instrument = 262 "instrument",
    Act = 263 "act",
    Occurrence = 264 "occurrence",
    Commitment = 265 "commitment",
    Operation = 266 "operation",
    Claim = 267 "claim",
    Attestation = 268 "attestation",
    Supplement = 269 "supplement",
    Correction = 270 "correction",
    Retraction = 271 "retraction",
}

impl RecordKind {
    /// Returns the kind with this number.
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.number() == number)
    }

    /// Returns the kind that archivists write so.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Returns the field of this kind with this number.
    pub fn field(self, number: u16) -> Option<&'static FieldSpec> {
        self.fields().iter().find(|spec| spec.number == number)
    }

    /// Returns the word with its article: "an act".
    pub fn with_article(self) -> String {
        with_article(self.name())
    }
}

impl Record {
    /// Returns the record that `body` encodes, filed under these numbers.
    ///
    /// # Errors
    /// The kind or schema is not known, or the bytes are no record of them.
    pub fn decode(kind: u16, schema: u16, body: &[u8]) -> Result<Self, MalformedRecord> {
        let kind = RecordKind::from_number(kind).ok_or(MalformedRecord::Kind(kind))?;
        if schema != SCHEMA {
            return Err(MalformedRecord::Schema(schema));
        }
        Self::decode_body(kind, body).ok_or(MalformedRecord::Body(kind))
    }

    /// Returns the position of the one record that this one corrects, supplements or retracts.
    pub fn subject(&self) -> Option<u64> {
        match self {
            Self::Correction(record) => Some(record.corrects.0),
            Self::Supplement(record) => Some(record.supplements.0),
            Self::Retraction(record) => Some(record.retracts.0),
            _ => None,
        }
    }

    /// Returns the files that this record takes into custody, itself or in what it changes.
    pub fn files(&self, names: &dyn Names) -> Vec<Custody> {
        if let Self::Source(source) = self {
            return source.file.iter().cloned().collect();
        }
        let changes = self.changes().zip(self.changed(names));
        changes.map_or_else(Vec::new, |(changes, subject)| changes.files_in(subject))
    }

    /// Returns what a correction or supplement sets and clears.
    fn changes(&self) -> Option<&Changes> {
        match self {
            Self::Correction(record) => Some(&record.changes),
            Self::Supplement(record) => Some(&record.set),
            _ => None,
        }
    }

    /// Returns what this record changes, if it changes one that is known.
    fn changed(&self, names: &dyn Names) -> Option<Subject> {
        let seq = self.subject()?;
        let kind = names.kind(seq)?;
        let inner = names.subject_kind(seq);
        Some(Subject { kind, inner })
    }

    /// Shows every reference, those inside changes included, for renumbering.
    pub fn each_ref(&mut self, names: &dyn Names, visit: &mut dyn FnMut(&mut u64)) {
        if let Some((subject, changes)) = self.changes_mut(names) {
            changes.each_ref_in(subject, visit);
        }
        self.each_plain_ref(visit);
    }

    /// Returns the positions that the record names, those inside changes included,
    /// each as often as it does.
    pub fn refs(&self, names: &dyn Names) -> Vec<u64> {
        let mut refs = Vec::new();
        // A visit may renumber, so it is shown a copy.
        self.clone().each_ref(names, &mut |seq| refs.push(*seq));
        refs
    }

    /// Returns the record as an archivist would write it.
    pub fn write(&self, names: &dyn Names) -> Vec<(String, Form)> {
        let mut members = self.plain_members(names);
        if let Some((changes, subject)) = self.changes().zip(self.changed(names)) {
            members.retain(|(key, _)| key != "set");
            members.extend(changes.write_members(subject, names));
        }
        members
    }

    fn changes_mut(&mut self, names: &dyn Names) -> Option<(Subject, &mut Changes)> {
        let subject = self.changed(names)?;
        match self {
            Self::Correction(record) => Some((subject, &mut record.changes)),
            Self::Supplement(record) => Some((subject, &mut record.set)),
            _ => None,
        }
    }

    /// Reads a record, telling the reader all that is wrong with it.
    pub fn read(form: &RecordForm, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(kind) = RecordKind::from_name(&form.kind) else {
            reader.fault(unknown_kind(form));
            return None;
        };
        let before = reader.faults.len();
        let fields = match kind {
            RecordKind::Supplement | RecordKind::Correction => changing(form, kind, reader),
            _ => reader.fields(form.kind_span, &form.members, kind.fields()),
        };
        if reader.faults.len() > before {
            return None;
        }
        let read = Self::from_fields(kind, &fields);
        if read.is_none() {
            // Each field is well; only all together they can be too much.
            let length = fields.values().map(Vec::len).sum();
            reader.fault(too_long(form.kind_span, length));
        }
        read
    }
}

fn unknown_kind(form: &RecordForm) -> Fault {
    let names = RecordKind::ALL.iter().map(|kind| kind.name());
    let help = meant(&form.kind, names, "the kinds are");
    let message = format!("there is no kind of record `{}`", form.kind);
    Fault::new(form.kind_span, "unknown-kind", message).help(help)
}

/// Reads a supplement or correction: what it changes is read by the kind of its subject.
fn changing(form: &RecordForm, kind: RecordKind, reader: &mut Reader<'_>) -> Fields {
    let key = if kind == RecordKind::Correction {
        "corrects"
    } else {
        "supplements"
    };
    let target = form
        .member(key)
        .and_then(|member| reader.around.resolve(member.value.as_text()?));
    let before = reader.faults.len();
    reader.subject = target.map(|target| Subject {
        kind: target.kind,
        inner: target.subject,
    });
    let is_change = |member: &&Member| {
        member.key == "set" || (member.key == "clear" && kind == RecordKind::Correction)
    };
    let (changing, others): (Vec<_>, Vec<_>) = form.members.iter().partition(is_change);
    let changing: Vec<Member> = changing.into_iter().cloned().collect();
    let others: Vec<Member> = others.into_iter().cloned().collect();
    let mut fields = reader.partial_fields(&others, kind.fields());
    for spec in kind.fields().iter().filter(|spec| spec.required) {
        let given = match spec.number {
            changes::CHANGES_FIELD => !changing.is_empty(),
            _ => member(&others, spec.name).is_some(),
        };
        if !given {
            reader.missing(form.kind_span, spec);
        }
    }
    if reader.subject.is_some()
        && let Some(changes) = changes::changes_of_members(&changing, reader)
    {
        if changes.0.is_empty() && reader.faults.len() == before {
            let message = format!("this {} changes nothing", kind.name());
            reader.fault(Fault::new(form.kind_span, "empty-change", message));
        }
        fields.insert(changes::CHANGES_FIELD, value::encode(&changes));
    }
    reader.subject = None;
    fields
}
