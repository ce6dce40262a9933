//! How one field's value is read from a form, stored, and written out again.
//!
//! A value that was read is valid; whatever is wrong with it has been put
//! among the reader's faults. What the fields of each kind are is not said here.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::reader::Reader;
use crate::date::Date;
use crate::fault::Fault;
use crate::form::{Form, FormValue, Span, member};

/// Names for the entries that references point at, for writing records out.
pub trait Names {
    /// Returns the id of the record at this position, or `#seq` if it has none known.
    fn name(&self, seq: u64) -> String;
    /// Returns the kind of the record at this position, if there is one.
    fn kind(&self, seq: u64) -> Option<super::RecordKind>;
    /// Returns the kind of the record that a supplement or correction at this position changes.
    fn subject_kind(&self, seq: u64) -> Option<super::RecordKind>;
    /// Returns the path that a file in custody is written as: where the ledger keeps it.
    fn file(&self, file: &super::Custody) -> String {
        file.path()
    }
}

/// A value that a field can take.
pub trait Value: Sized + Serialize + DeserializeOwned {
    /// What a user should write here: "a text".
    const EXPECTED: &'static str;

    /// Reads the value; on a fault it is told to the reader and `None` is returned.
    fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self>;

    /// Returns the value as a form.
    fn write(&self, names: &dyn Names) -> Form;

    /// Shows every reference inside the value, for renumbering.
    fn each_ref(&mut self, _visit: &mut dyn FnMut(&mut u64)) {}

    /// Returns whether a value that was given says no more than its absence would.
    fn is_absence(&self) -> bool {
        false
    }
}

/// The most bytes that a record, or one field of it, may take.
pub const MAX_RECORD: usize = 65_536;

/// Returns the fault of a record, or of one field of it, that takes too many bytes.
pub fn too_long(span: Span, length: usize) -> Fault {
    let message = format!("this takes {length} bytes; a record may take {MAX_RECORD}");
    let help = "keep long texts as the file of a source, and quote from it";
    Fault::new(span, "record-too-long", message).help(help)
}

/// Returns the encoding of a value: bincode, fixed-width integers.
///
/// Nothing that a record holds can fail to encode, so a failure is an empty
/// encoding, which no decoder takes.
pub(crate) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    bincode::serde::encode_to_vec(value, bincode::config::legacy()).unwrap_or_default()
}

/// Returns the value that `bytes` encode, all of them, and in the one way.
pub(crate) fn decode<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let config = bincode::config::legacy().with_limit::<MAX_RECORD>();
    let (value, used) = bincode::serde::decode_from_slice(bytes, config).ok()?;
    (used == bytes.len() && encode(&value) == bytes).then_some(value)
}

/// A text that is not empty.
pub type Text = String;

impl Value for Text {
    const EXPECTED: &'static str = "a text";

    fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        match &form.value {
            FormValue::Text(text) => Some(text.clone()),
            _ => reader.expected(form, Self::EXPECTED),
        }
    }

    fn write(&self, _names: &dyn Names) -> Form {
        Form::text(self)
    }

    fn is_absence(&self) -> bool {
        self.is_empty()
    }
}

/// A count, or a number of days or months.
pub type Count = u64;

impl Value for Count {
    const EXPECTED: &'static str = "a whole number, zero or more";

    fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        match form.value {
            FormValue::Whole(number) => match Self::try_from(number) {
                Ok(count) => Some(count),
                Err(_) => reader.expected(form, Self::EXPECTED),
            },
            _ => reader.expected(form, Self::EXPECTED),
        }
    }

    fn write(&self, _names: &dyn Names) -> Form {
        Form::whole(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}

impl Value for bool {
    const EXPECTED: &'static str = "true or false";

    fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        match form.value {
            FormValue::Truth(truth) => Some(truth),
            _ => reader.expected(form, Self::EXPECTED),
        }
    }

    fn write(&self, _names: &dyn Names) -> Form {
        Form {
            span: Span::default(),
            value: FormValue::Truth(*self),
        }
    }
}

impl<T: Value> Value for Vec<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    /// A single value where a list may stand is a list of one.
    fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        let FormValue::List(items) = &form.value else {
            return T::read(form, reader).map(|only| vec![only]);
        };
        let mut item = |form: &Form| {
            let item = T::read(form, reader)?;
            if item.is_absence() {
                reader.fault(Fault::new(
                    form.span,
                    "empty-field",
                    "an item of a list is empty",
                ));
                return None;
            }
            Some(item)
        };
        let read: Vec<Option<T>> = items.iter().map(&mut item).collect();
        read.into_iter().collect()
    }

    fn write(&self, names: &dyn Names) -> Form {
        Form::list(self.iter().map(|item| item.write(names)).collect())
    }

    fn each_ref(&mut self, visit: &mut dyn FnMut(&mut u64)) {
        for item in self {
            item.each_ref(visit);
        }
    }

    fn is_absence(&self) -> bool {
        self.is_empty()
    }
}

impl Value for Date {
    const EXPECTED: &'static str = "a date, or { edtf = \"…\", phrase = \"…\" }";

    fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        let (date, at, calendar_at) = match &form.value {
            FormValue::Text(edtf) => (
                Self {
                    edtf: edtf.clone(),
                    phrase: None,
                    calendar: None,
                    because: None,
                },
                form,
                form,
            ),
            FormValue::Table(members) => {
                let written = super::parts::WrittenDate::read(form, reader)?;
                let at = |key| member(members, key).map_or(form, |member| &member.value);
                (written.into(), at("edtf"), at("calendar"))
            }
            FormValue::Whole(number) => {
                let fault = Fault::new(form.span, "wrong-type", "a date is a text, not a number");
                reader.fault(fault.help(format!("write it in quotation marks: \"{number}\"")));
                return None;
            }
            _ => return reader.expected(form, Self::EXPECTED),
        };
        if let Err(fault) = date.written_in() {
            return reader.bad_date(calendar_at, &fault);
        }
        match date.check() {
            Ok(()) => Some(date),
            Err(fault) => reader.bad_date(at, &fault),
        }
    }

    fn write(&self, names: &dyn Names) -> Form {
        if self.phrase.is_none() && self.calendar.is_none() && self.because.is_none() {
            return Form::text(&self.edtf);
        }
        super::parts::WrittenDate::from(self.clone()).write(names)
    }
}
