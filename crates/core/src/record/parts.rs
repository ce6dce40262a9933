//! The tables that stand inside records: evidence, names, periods, participants.

use serde::{Deserialize, Serialize};

use super::field::table;
use super::reader::Reader;
use super::reference::{ActorRef, AnyRef, SourceRef};
use super::value::{Count, Names, Text, Value};
use super::words::ParticipantRole;
use crate::date::Date;
use crate::fault::Fault;
use crate::form::{Form, FormValue};

/// A last look at a table whose fields are all right one by one.
pub(crate) trait Checked: Sized {
    /// Returns the value, completed if need be, or tells a fault.
    fn checked(self, _form: &Form, _reader: &mut Reader<'_>) -> Option<Self> {
        Some(self)
    }
}

table! { "{ edtf = \"…\", phrase = \"…\", calendar = \"…\", because = \"…\" }";
    /// A date with what the source calls it and how it was made out.
    WrittenDate
    required {
        /// The date in EDTF.
        1 edtf "edtf": EdtfText,
    }
    optional {
        /// The source's own words for it.
        2 phrase "phrase": Text,
        /// The calendar it is written in; Gregorian if absent.
        3 calendar "calendar": Text,
        /// How the archivist made out the date from the phrase.
        4 because "because": Text,
    }
}

/// The text of a date, which may be empty: undated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdtfText(pub String);

impl Value for EdtfText {
    const EXPECTED: &'static str = "an EDTF date";

    fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        match form.as_text() {
            Some(text) => Some(Self(text.to_owned())),
            None => reader.expected(form, Self::EXPECTED),
        }
    }

    fn write(&self, _names: &dyn Names) -> Form {
        Form::text(&self.0)
    }
}

impl Checked for WrittenDate {}

impl From<WrittenDate> for Date {
    fn from(written: WrittenDate) -> Self {
        let WrittenDate {
            edtf,
            phrase,
            calendar,
            because,
        } = written;
        Self {
            edtf: edtf.0,
            phrase,
            calendar,
            because,
        }
    }
}

impl From<Date> for WrittenDate {
    fn from(date: Date) -> Self {
        let Date {
            edtf,
            phrase,
            calendar,
            because,
        } = date;
        Self {
            edtf: EdtfText(edtf),
            phrase,
            calendar,
            because,
        }
    }
}

table! { "{ source = \"id\", quote = \"exact words\" }";
    /// What a record rests on: a place in a source (W3C `TextQuoteSelector`).
    Evidence
    required {
        /// The source.
        1 source "source": SourceRef,
    }
    optional {
        /// The exact words.
        2 quote "quote": Text,
        /// Words that stand just before, where the quote alone is not unique.
        3 prefix "prefix": Text,
        /// Words that stand just after.
        4 suffix "suffix": Text,
        /// Where to look: "p. 3".
        5 locator "locator": Text,
        /// The first character of the quote in the held text, from zero; found by the ledger.
        6 start "start": Count,
        /// The character after the last one of the quote; found by the ledger.
        7 end "end": Count,
    }
}

impl Checked for Evidence {
    /// Finds the quote in the source's text. Positions that were given are
    /// those of an export: they are found anew, so they cannot be wrong.
    fn checked(mut self, form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        (self.start, self.end) = (None, None);
        let Some(quote) = self.quote.as_deref() else {
            if self.prefix.is_some() || self.suffix.is_some() {
                let message = "a `prefix` or `suffix` stands beside a `quote`, and there is none";
                reader.fault(Fault::new(form.span, "bad-evidence", message));
                return None;
            }
            return Some(self);
        };
        let around = (
            self.prefix.as_deref().unwrap_or_default(),
            self.suffix.as_deref().unwrap_or_default(),
        );
        match reader.around.locate(self.source.0, quote, around) {
            Ok(Some((start, end))) => (self.start, self.end) = (Some(start), Some(end)),
            Ok(None) => {}
            Err(fault) => {
                let told = Fault::new(member_span(form, "quote"), fault.code(), fault.to_string());
                reader.fault(told.help(fault.help()));
                return None;
            }
        }
        Some(self)
    }
}

table! { "{ after = \"id\", at_least = { days = 0 }, at_most = { days = 30 } }";
    /// What a record itself says of sequence: after, before, or on the day of another.
    Order
    required {}
    optional {
        /// What this came after.
        1 after "after": AnyRef,
        /// What this came before.
        2 before "before": AnyRef,
        /// What this came on the same day as.
        3 same_day "same_day": AnyRef,
        /// The least time between.
        4 at_least "at_least": Span,
        /// The most time between.
        5 at_most "at_most": Span,
    }
}

impl Checked for Order {
    fn checked(self, form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        let named = [self.after, self.before, self.same_day]
            .iter()
            .flatten()
            .count();
        let timed = self.at_least.is_some() || self.at_most.is_some();
        let fault = if named != 1 {
            "an order names exactly one of `after`, `before` and `same_day`"
        } else if timed && self.same_day.is_some() {
            "`same_day` takes no `at_least` or `at_most`"
        } else if self.is_impossible() {
            "`at_least` is more than `at_most`"
        } else {
            return Some(self);
        };
        reader.fault(Fault::new(form.span, "bad-order", fault));
        None
    }
}

impl Order {
    /// Returns the record that it names.
    pub fn named(&self) -> Option<u64> {
        let named = self.after.or(self.before).or(self.same_day);
        named.map(|named| named.0)
    }

    /// Returns whether no time at all is long enough and short enough.
    fn is_impossible(&self) -> bool {
        let (Some(least), Some(most)) = (&self.at_least, &self.at_most) else {
            return false;
        };
        let pairs = [(least.days, most.days), (least.months, most.months)];
        pairs
            .into_iter()
            .any(|pair| matches!(pair, (Some(least), Some(most)) if least > most))
    }
}

table! { "{ days = 60 } or { months = 12 }";
    /// A length of time: days or calendar months.
    Span
    required {}
    optional {
        /// So many days.
        1 days "days": Count,
        /// So many months.
        2 months "months": Count,
    }
}

/// The longest span that is taken, in days or months: some 270 years.
const LONGEST_SPAN: Count = 100_000;

impl Checked for Span {
    fn checked(self, form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        let fault = match (self.days, self.months) {
            (Some(length), None) | (None, Some(length)) if length <= LONGEST_SPAN => {
                return Some(self);
            }
            (Some(_), None) | (None, Some(_)) => "a span has at most 100000 days or months",
            _ => "a span has either `days` or `months`",
        };
        reader.fault(Fault::new(form.span, "bad-span", fault));
        None
    }
}

table! { "{ scheme = \"plover-2024\", code = \"AGREE\" }";
    /// A code from somebody's scheme.
    Code
    required {
        /// The scheme.
        1 scheme "scheme": Text,
        /// The code in it.
        2 code "code": Text,
    }
    optional {}
}

impl Checked for Code {}

table! { "{ name = \"…\", from = \"…\", until = \"…\" }";
    /// A name that an actor bears or bore.
    Name
    required {
        /// The name.
        1 name "name": Text,
    }
    optional {
        /// From when.
        2 from "from": Date,
        /// The last day.
        3 until "until": Date,
        /// Its language (BCP 47).
        4 language "language": Text,
    }
}

impl Checked for Name {}

table! { "{ actor = \"id\", from = \"…\", until = \"…\" }";
    /// A member of an organisation or group.
    GroupMember
    required {
        /// Who.
        1 actor "actor": ActorRef,
    }
    optional {
        /// From when.
        2 from "from": Date,
        /// The last day.
        3 until "until": Date,
    }
}

impl Checked for GroupMember {}

table! { "{ actor = \"id\", role = \"party\" }";
    /// Who took part in an event, and as what.
    Participant
    required {
        /// Who.
        1 actor "actor": ActorRef,
    }
    optional {
        /// As what.
        2 role "role": ParticipantRole,
    }
}

impl Checked for Participant {}

table! { "{ register = \"UNTS\", number = \"27531\" }";
    /// A number in a register of treaties.
    RegisterNumber
    required {
        /// The register.
        1 register "register": Text,
        /// The number in it.
        2 number "number": Text,
    }
    optional {}
}

impl Checked for RegisterNumber {}

/// Texts by key, sorted by the bytes of the keys, none of which stands twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(String, String)>", into = "Vec<(String, String)>")]
pub struct Labels(Vec<(String, String)>);

/// Labels that are not in the order of their keys, or have one twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the keys of labels ascend")]
pub struct Unordered;

impl Labels {
    /// Returns the pairs of key and text, in the order of the keys.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

impl TryFrom<Vec<(String, String)>> for Labels {
    type Error = Unordered;

    fn try_from(pairs: Vec<(String, String)>) -> Result<Self, Unordered> {
        let ascending = pairs.windows(2).all(|two| two[0].0 < two[1].0);
        if ascending {
            Ok(Self(pairs))
        } else {
            Err(Unordered)
        }
    }
}

impl From<Labels> for Vec<(String, String)> {
    fn from(labels: Labels) -> Self {
        labels.0
    }
}

impl Value for Labels {
    const EXPECTED: &'static str = "a table of texts";

    fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        let FormValue::Table(members) = &form.value else {
            return reader.expected(form, Self::EXPECTED);
        };
        let mut labels: Vec<(String, String)> = Vec::new();
        for member in members {
            if labels.iter().any(|(key, _)| *key == member.key) {
                let message = format!("`{}` is given twice", member.key);
                reader.fault(Fault::new(member.key_span, "doubled-field", message));
                return None;
            }
            labels.push((member.key.clone(), Text::read(&member.value, reader)?));
        }
        labels.sort();
        Some(Self(labels))
    }

    fn write(&self, _names: &dyn Names) -> Form {
        Form::table(
            self.0
                .iter()
                .map(|(key, value)| (key.clone(), Form::text(value))),
        )
    }

    fn is_absence(&self) -> bool {
        self.0.is_empty()
    }
}

/// Returns the place of a table's member, or of the table if it has none by that name.
pub(crate) fn member_span(form: &Form, key: &str) -> crate::form::Span {
    let FormValue::Table(members) = &form.value else {
        return form.span;
    };
    crate::form::member(members, key).map_or(form.span, |member| member.value.span)
}
