//! Why a text is no date: where, in what words, and what would be right.
//!
//! The offset counts characters. The help, where there is any, names a date
//! that can be read; where a text has two readings it names both, and the
//! archivist chooses. This module words the fault; [`super::remedy`] finds the help.

use edtf_core::ParseError;

use super::calendar::Calendar;
use super::english::month_name;
use super::remedy;
use crate::fault::meant;

/// Why a date cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DateFault {
    /// Where in the text the fault is, in characters from its start.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
    /// What would be right, if that can be told.
    pub help: Option<String>,
}

/// Returns the fault of a calendar that cannot be read.
pub(super) fn unknown_calendar(name: &str) -> DateFault {
    let known = Calendar::ALL.map(Calendar::name);
    DateFault {
        offset: 0,
        message: format!("dates in the calendar `{name}` cannot be read"),
        help: Some(meant(
            name,
            known.into_iter(),
            "give the converted date as `edtf`, the words of the source as `phrase`, how the one was \
             got from the other as `because`, and as the calendar",
        )),
    }
}

/// Returns the fault of a text that is longer than any date.
pub(super) fn too_long(most: usize) -> DateFault {
    DateFault {
        offset: 0,
        message: format!("a date has at most {most} characters"),
        help: None,
    }
}

/// Returns the fault that the parser found in `text`, in our own words.
pub(super) fn of(text: &str, calendar: Calendar, error: &ParseError) -> DateFault {
    // All before the first character that is not ASCII is one byte each, and
    // the parser looks no further than that.
    let offset = error.offset.min(text.chars().count());
    let impossible = Segment::at(text, offset).and_then(|segment| segment.impossible_day(calendar));
    match impossible.filter(|_| error.message.starts_with("day is out of range")) {
        Some((message, help)) => DateFault {
            offset,
            message,
            help: remedy::for_text(text).or(help),
        },
        None => DateFault {
            offset,
            message: in_our_words(error.message).to_owned(),
            help: remedy::for_text(text),
        },
    }
}

fn in_our_words(message: &'static str) -> &'static str {
    match message {
        "EDTF permits ASCII characters only" => "a date has no letters or signs beyond plain ASCII",
        "whitespace is not allowed" => "a date has no spaces",
        "year must have exactly four digits (or X)" => {
            "a year has four digits, of which unknown ones are written `X`"
        }
        "month must be 01-12 or a sub-year code 21-41" => {
            "a month is 01 to 12, or 21 to 41 for a season or another part of the year"
        }
        "month must be 01-12" => "a month is 01 to 12",
        "month must be two digits (or X)" => "a month has two digits",
        "day must be two digits (or X)" => "a day has two digits",
        "interval end precedes interval start" => "the end is before the start",
        "Y-prefixed years require |year| > 9999" => "`Y` is for years of more than four digits",
        "-0000 is not a valid year" => "the year 0000 has no sign",
        "time must be hh:mm:ss" => "a time is hours, minutes and seconds: `hh:mm:ss`",
        "unterminated set" => "a set ends in the bracket that matches its first",
        "negative years cannot contain unspecified digits" => {
            // Without such a count of digits they are read, and not by that parser.
            "significant digits cannot combine with unspecified digits"
        }
        "interval must contain exactly one '/'" => "an interval has one `/`",
        "sub-year groupings cannot carry a day" => "a season has no day",
        other => other,
    }
}

/// One date among those of an interval or a set, without its qualifiers.
struct Segment {
    plain: String,
    alone: bool,
}

impl Segment {
    fn at(text: &str, offset: usize) -> Option<Self> {
        let ends = |sign: char| "/,[]{}".contains(sign);
        let (before, after) = text.split_at_checked(offset)?;
        let start = before.rfind(ends).map_or(0, |at| at + 1);
        let end = after.find(ends).map_or(text.len(), |at| offset + at);
        let segment = text.get(start..end)?;
        let plain = segment.split('T').next().unwrap_or_default();
        Some(Self {
            plain: plain
                .chars()
                .filter(|sign| !"?~%".contains(*sign))
                .collect(),
            alone: segment.len() == text.len() && !text.contains('T'),
        })
    }

    /// Returns how many days the month has, if this is a day that it has not.
    fn impossible_day(&self, calendar: Calendar) -> Option<(String, Option<String>)> {
        let (rest, day) = self.plain.rsplit_once('-')?;
        let (year_text, month) = rest.rsplit_once('-')?;
        let (year, month) = (year_text.parse::<i64>().ok()?, month.parse::<u8>().ok()?);
        let days = calendar.days_in_month(year, month)?;
        let message = match day.parse::<u8>() {
            Ok(0) => "days are counted from 01".to_owned(),
            _ => format!("{} {year_text} has {days} days", month_name(month)),
        };
        let month = if self.alone {
            format!("`{rest}`")
        } else {
            format!("`{rest}` in its place")
        };
        Some((
            message,
            Some(format!("if the day is not known write {month}")),
        ))
    }
}
