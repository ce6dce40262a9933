//! A record as replay holds it: each in just the room that its kind takes.
//!
//! The kinds differ much in size, and a ledger holds a million of the small
//! ones; so the content is boxed kind by kind. What it says is not changed.

use crate::record::{
    Act, Actor, Attestation, Claim, Commitment, Correction, Event, Evidence, Id, Instrument, Issue,
    Occurrence, Office, Operation, Record, RecordKind, Retraction, Source, Statement, Supplement,
    Text,
};

/// A kind of record, as the type of its content.
pub trait Content: Sized + 'static {
    /// The kind.
    const KIND: RecordKind;

    /// Returns the content, if `held` is of this kind.
    fn of(held: &Held) -> Option<&Self>;
}

/// Either an id that every record of the kind has, or one that may be absent.
trait ChosenId {
    fn chosen(&self) -> Option<&Id>;
}

impl ChosenId for Id {
    fn chosen(&self) -> Option<&Id> {
        Some(self)
    }
}

impl ChosenId for Option<Id> {
    fn chosen(&self) -> Option<&Id> {
        self.as_ref()
    }
}

macro_rules! held {
    ($( $name:ident, )*) => {
        /// A record of any kind, boxed.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Held { $( #[doc = concat!("A record of the kind ", stringify!($name), ".")] $name(Box<$name>), )* }

        $( impl Content for $name {
            const KIND: RecordKind = RecordKind::$name;

            fn of(held: &Held) -> Option<&Self> {
                match held {
                    Held::$name(content) => Some(content),
                    _ => None,
                }
            }
        } )*

        impl From<Record> for Held {
            fn from(record: Record) -> Self {
                match record { $( Record::$name(content) => Self::$name(Box::new(content)), )* }
            }
        }

        impl Held {
            /// Returns what sort of record this is.
            pub const fn kind(&self) -> RecordKind {
                match self { $( Self::$name(_) => RecordKind::$name, )* }
            }

            /// Returns the record, to be written out or encoded.
            pub fn to_record(&self) -> Record {
                match self { $( Self::$name(content) => Record::$name((**content).clone()), )* }
            }

            /// Returns the id that the archivist chose, if any.
            pub fn id(&self) -> Option<&Id> {
                match self { $( Self::$name(content) => content.id.chosen(), )* }
            }

            /// Returns what the record rests on.
            pub fn evidence(&self) -> &[Evidence] {
                match self { $( Self::$name(content) => content.evidence.as_deref().unwrap_or_default(), )* }
            }

            /// Returns the words to find the record by.
            pub fn tags(&self) -> &[Text] {
                match self { $( Self::$name(content) => content.tags.as_deref().unwrap_or_default(), )* }
            }
        }
    };
}

held! {
    Actor,
    Office,
    Source,
    Event,
    Statement,
    Issue,
    Instrument,
    Act,
    Occurrence,
    Commitment,
    Operation,
    Claim,
    Attestation,
    Supplement,
    Correction,
    Retraction,
}

impl Held {
    /// Returns the position of the one record that this one corrects, supplements or retracts.
    pub fn subject(&self) -> Option<u64> {
        match self {
            Self::Correction(content) => Some(content.corrects.0),
            Self::Supplement(content) => Some(content.supplements.0),
            Self::Retraction(content) => Some(content.retracts.0),
            _ => None,
        }
    }
}
