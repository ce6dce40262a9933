//! Who owes or is owed a commitment, and on what it depends.

use serde::{Deserialize, Serialize};

use super::field::table;
use super::parts::Checked;
use super::reader::Reader;
use super::reference::{ActorRef, ConditionRef};
use super::value::{Names, Text, Value};
use super::words::ConditionState;
use crate::fault::Fault;
use crate::form::{Form, FormValue};

/// Who owes, or is owed: actors, or whoever is party to the instrument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Parties {
    /// These actors.
    Listed(Vec<ActorRef>),
    /// All parties to the instrument that the commitment is under.
    OfInstrument,
}

impl Value for Parties {
    const EXPECTED: &'static str = "a list of actors' ids, or [\"@parties\"]";

    fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        let is_all = |form: &Form| form.as_text() == Some("@parties");
        match &form.value {
            FormValue::List(items) if items.len() == 1 && is_all(&items[0]) => {
                Some(Self::OfInstrument)
            }
            _ if is_all(form) => Some(Self::OfInstrument),
            FormValue::List(items) if items.iter().any(is_all) => {
                let message = "`@parties` stands alone: it is all parties of the instrument";
                reader.fault(Fault::new(form.span, "bad-parties", message));
                None
            }
            _ => Vec::read(form, reader).map(Self::Listed),
        }
    }

    fn write(&self, names: &dyn Names) -> Form {
        match self {
            Self::Listed(actors) => actors.write(names),
            Self::OfInstrument => Form::list(vec![Form::text("@parties")]),
        }
    }

    fn each_ref(&mut self, visit: &mut dyn FnMut(&mut u64)) {
        if let Self::Listed(actors) = self {
            actors.each_ref(visit);
        }
    }

    fn is_absence(&self) -> bool {
        matches!(self, Self::Listed(actors) if actors.is_empty())
    }
}

table! { "{ text = \"…\", on = \"id\", state = \"fulfilled\" }";
    /// A condition in its full form.
    WrittenCondition
    required {}
    optional {
        /// The condition in words.
        1 text "text": Text,
        /// What it depends on.
        2 on "on": ConditionRef,
        /// What that must be.
        3 state "state": ConditionState,
    }
}

impl Checked for WrittenCondition {
    fn checked(self, form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        let fault = if self.on.is_some() != self.state.is_some() {
            "a condition names `on` and `state` together"
        } else if self.text.is_none() && self.on.is_none() {
            "a condition has a `text`, or `on` and `state`"
        } else {
            return Some(self);
        };
        reader.fault(Fault::new(form.span, "bad-condition", fault));
        None
    }
}

/// On what a commitment depends: in words, or on what another record comes to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition(pub WrittenCondition);

impl Value for Condition {
    const EXPECTED: &'static str = "a text, or { text = \"…\", on = \"id\", state = \"…\" }";

    fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        match &form.value {
            FormValue::Text(text) => {
                let text = Some(text.clone());
                Some(Self(WrittenCondition {
                    text,
                    on: None,
                    state: None,
                }))
            }
            FormValue::Table(_) => WrittenCondition::read(form, reader).map(Self),
            _ => reader.expected(form, Self::EXPECTED),
        }
    }

    fn write(&self, names: &dyn Names) -> Form {
        match (&self.0.text, self.0.on) {
            (Some(text), None) => Form::text(text),
            _ => self.0.write(names),
        }
    }

    fn each_ref(&mut self, visit: &mut dyn FnMut(&mut u64)) {
        self.0.each_ref(visit);
    }

    fn is_absence(&self) -> bool {
        self.0.on.is_none() && self.0.text.as_deref().is_none_or(str::is_empty)
    }
}
