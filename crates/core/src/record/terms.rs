//! The terms of entry into force and of withdrawal, as an archivist states them.
//!
//! What they amount to is computed in [`crate::rule`]; here they are only held.

use serde::{Deserialize, Serialize};

use super::field::table;
use super::parts::{Checked, Span};
use super::reader::Reader;
use super::reference::{ActorRef, InstrumentRef};
use super::value::{Count, Names, Value};
use super::words::{ActKind, AfterWord, RoundingWord};
use crate::date::Date;
use crate::fault::Fault;
use crate::form::{Form, FormValue, Member, member};

table! { "a table: consents, counting, excluding, delay …";
    /// When an instrument enters into force (VCLT 24).
    EntryIntoForce
    required {}
    optional {
        /// How many consents.
        1 consents "consents": Count,
        /// Which kinds of act count; every kind that is consent to be bound if absent.
        2 counting "counting": Vec<ActKind>,
        /// Whose consent does not count.
        3 excluding "excluding": Vec<ActorRef>,
        /// Only parties to this instrument count.
        4 eligible "eligible": Eligible,
        /// Who must be among them.
        5 requires "requires": Vec<ActorRef>,
        /// Each actor's share, per cent.
        6 shares "shares": Shares,
        /// How much of the shares.
        7 at_least "at_least": Exact,
        /// Groups, and how many of each.
        8 groups "groups": Vec<Group>,
        /// How long after the conditions are met.
        9 delay "delay": Span,
        /// To what day it is rounded, after the delay.
        10 rounding "rounding": RoundingWord,
        /// Not before this day.
        11 not_before "not_before": Date,
        /// On this day, if the conditions are met by then.
        12 on_day "on_day": Date,
        /// For whoever consents later.
        13 each "each": Each,
    }
}

impl Checked for EntryIntoForce {}

table! { "{ after = \"completion\", delay = { days = 60 } }";
    /// When the instrument enters into force for an actor that consents later.
    Each
    required {}
    optional {
        /// After what its own delay runs; `completion` if absent.
        1 after "after": AfterWord,
        /// Its delay; the instrument's own if absent.
        2 delay "delay": Span,
        /// Its rounding; the instrument's own if absent.
        3 rounding "rounding": RoundingWord,
    }
}

impl Checked for Each {}

table! { "{ of = [\"id\", …], at_least = 5 }";
    /// A group of which so many must have consented.
    Group
    required {
        /// The group.
        1 of "of": Vec<ActorRef>,
        /// How many of it.
        2 at_least "at_least": Count,
    }
    optional {}
}

impl Checked for Group {}

table! { "a table: notice, not_before";
    /// How an actor may withdraw (VCLT 54, 56).
    WithdrawalTerms
    required {}
    optional {
        /// How long after notice it takes effect.
        1 notice "notice": Span,
        /// Not before this day, or so long after entry into force.
        2 not_before "not_before": NotBefore,
    }
}

impl Checked for WithdrawalTerms {}

/// The first day on which notice may be given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotBefore {
    /// This day.
    On(Date),
    /// So long after the instrument entered into force for the actor.
    After(Span),
}

impl Value for NotBefore {
    const EXPECTED: &'static str = "a date, or { months = 36 } after entry into force";

    fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        let FormValue::Table(members) = &form.value else {
            return Date::read(form, reader).map(Self::On);
        };
        if member(members, "edtf").is_some() {
            return Date::read(form, reader).map(Self::On);
        }
        Span::read(form, reader).map(Self::After)
    }

    fn write(&self, names: &dyn Names) -> Form {
        match self {
            Self::On(date) => date.write(names),
            Self::After(span) => span.write(names),
        }
    }
}

/// Only parties to this instrument count: written `party:ID`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eligible(pub InstrumentRef);

impl Value for Eligible {
    const EXPECTED: &'static str = "\"party:ID\", the id of an instrument";

    fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(id) = form.as_text().and_then(|text| text.strip_prefix("party:")) else {
            return reader.expected(form, Self::EXPECTED);
        };
        let reference = Form {
            span: form.span,
            value: FormValue::Text(id.to_owned()),
        };
        InstrumentRef::read(&reference, reader).map(Self)
    }

    fn write(&self, names: &dyn Names) -> Form {
        Form::text(format!("party:{}", names.name(self.0.0)))
    }

    fn each_ref(&mut self, visit: &mut dyn FnMut(&mut u64)) {
        visit(&mut self.0.0);
    }
}

/// An exact number as it was written: a decimal such as `17.89`, or `2/3`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exact(pub String);

impl Value for Exact {
    const EXPECTED: &'static str = "an exact number in quotation marks: \"17.89\" or \"2/3\"";

    fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        if let FormValue::Fraction(text) = &form.value {
            let message = format!("{text} is a number without quotation marks");
            let help = format!("write \"{text}\": shares are exact decimals");
            reader.fault(Fault::new(form.span, "not-exact", message).help(help));
            return None;
        }
        let text = match &form.value {
            FormValue::Text(text) => text.clone(),
            FormValue::Whole(number) => number.to_string(),
            _ => return reader.expected(form, Self::EXPECTED),
        };
        if is_exact(&text) {
            Some(Self(text))
        } else {
            reader.expected(form, Self::EXPECTED)
        }
    }

    fn write(&self, _names: &dyn Names) -> Form {
        Form::text(&self.0)
    }
}

fn is_exact(text: &str) -> bool {
    let digits = |part: &str| {
        (1..=18).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if let Some((over, under)) = text.split_once('/') {
        return digits(over) && digits(under) && under.bytes().any(|digit| digit != b'0');
    }
    match text.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(text),
    }
}

/// One actor's share, per cent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Whose.
    pub actor: ActorRef,
    /// How much, per cent.
    pub per_cent: Exact,
}

/// Shares by actor, in the order of the bytes of the actors' ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shares(pub Vec<Share>);

impl Value for Shares {
    const EXPECTED: &'static str = "a table of shares: { actor = \"17.89\", … }";

    fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        let FormValue::Table(members) = &form.value else {
            return reader.expected(form, Self::EXPECTED);
        };
        let share = |member: &Member, reader: &mut Reader<'_>| {
            let id = FormValue::Text(member.key.clone());
            let key = Form {
                span: member.key_span,
                value: id,
            };
            let actor = ActorRef::read(&key, reader);
            let per_cent = Exact::read(&member.value, reader);
            Some((
                member.key_span,
                Share {
                    actor: actor?,
                    per_cent: per_cent?,
                },
            ))
        };
        let read: Vec<_> = members.iter().map(|member| share(member, reader)).collect();
        let mut shares = Vec::new();
        for (span, share) in read.into_iter().collect::<Option<Vec<_>>>()? {
            if shares
                .iter()
                .any(|other: &Share| other.actor == share.actor)
            {
                reader.fault(Fault::new(
                    span,
                    "doubled-field",
                    "this actor has a share already",
                ));
                return None;
            }
            shares.push(share);
        }
        // However an actor is named here, its share has one place.
        shares.sort_by_cached_key(|share| reader.around.id_of(share.actor.0));
        Some(Self(shares))
    }

    fn write(&self, names: &dyn Names) -> Form {
        let pair = |share: &Share| (names.name(share.actor.0), share.per_cent.write(names));
        Form::table(self.0.iter().map(pair))
    }

    fn each_ref(&mut self, visit: &mut dyn FnMut(&mut u64)) {
        for share in &mut self.0 {
            visit(&mut share.actor.0);
        }
    }

    fn is_absence(&self) -> bool {
        self.0.is_empty()
    }
}
