//! What a date means, laid out for a reader: the `date` command's answer.
//!
//! The bounds are those as written, whatever is believed of the marks. This
//! module gathers; the words are made in [`super::english`].

use super::fault::DateFault;
use super::parsed::Parsed;
use super::{Calendar, Credibility, bounds, english};
use crate::day::Day;

/// A date, explained; what is no date has only its `edtf` and its `error`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent answers, each a key of the JSON"
)]
pub struct Explained {
    /// The text as given.
    pub edtf: String,
    /// The calendar that it is written in.
    pub calendar: Calendar,
    /// Whether it is a date.
    pub valid: bool,
    /// The least level of ISO 8601-2's profile that has it: 0, 1 or 2.
    pub level: Option<u8>,
    /// The first day that it may be, as written; `None` is unbounded.
    pub earliest: Option<Day>,
    /// The last day that it may be, as written; `None` is unbounded.
    pub latest: Option<Day>,
    /// Whether some part of it is marked `~` or `%`.
    pub approximate: bool,
    /// Whether some part of it is marked `?` or `%`.
    pub uncertain: bool,
    /// Whether it rules out some of the days between its bounds.
    pub hull: bool,
    /// The date in plain English.
    pub english: Option<String>,
    /// Why it is no date.
    pub error: Option<DateFault>,
}

/// Explains the text of a date in the Gregorian calendar.
pub fn explain(edtf: &str) -> Explained {
    explain_in(edtf, Calendar::Gregorian)
}

/// Explains the text of a date in a calendar; the bounds are Gregorian days.
pub fn explain_in(edtf: &str, calendar: Calendar) -> Explained {
    match Parsed::parse(edtf, calendar) {
        Ok(parsed) => explained(edtf, calendar, &parsed),
        Err(fault) => Explained {
            edtf: edtf.to_owned(),
            calendar,
            valid: false,
            level: None,
            earliest: None,
            latest: None,
            approximate: false,
            uncertain: false,
            hull: false,
            english: None,
            error: Some(fault),
        },
    }
}

fn explained(edtf: &str, calendar: Calendar, parsed: &Parsed) -> Explained {
    let reading = bounds::Reading {
        calendar,
        credibility: Credibility::Accept,
    };
    let window = bounds::one_day(parsed, reading);
    let (approximate, uncertain) = match parsed {
        Parsed::Undated => (false, false),
        Parsed::Edtf(date) => (date.is_approximate(), date.is_uncertain()),
    };
    Explained {
        edtf: edtf.to_owned(),
        calendar,
        valid: true,
        level: Some(parsed.level(edtf)),
        earliest: window.earliest(),
        latest: window.latest(),
        approximate,
        uncertain,
        hull: bounds::is_hull(parsed, calendar),
        english: Some(english::of(parsed, calendar)),
        error: None,
    }
}
