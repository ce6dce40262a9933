//! A date once it is read: what `edtf-core` makes of it, and the few forms that
//! it leaves out.
//!
//! `edtf-core` has no empty text and no interval without a dated end. We take
//! the first as "undated", and the others (`/`, `../..`) as intervals of which
//! no bound is known. What it refuses though it is valid is read by
//! [`super::stand_in`]; nothing else calls its parser.

use edtf_core::{Edtf, Interval, IntervalEndpoint, ParseError};

use super::calendar::Calendar;
use super::fault::{self, DateFault};
use super::stand_in::StandIn;

/// The longest text that is looked at; the longest real dates are sets of a few dozen.
const MAX_LENGTH: usize = 4_096;

/// A date that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Parsed {
    /// No date at all: the record is undated.
    Undated,
    /// A date, an interval or a set.
    Edtf(Edtf),
}

impl Parsed {
    /// Reads the text of a date in a calendar.
    pub(super) fn parse(text: &str, calendar: Calendar) -> Result<Self, DateFault> {
        if text.is_empty() {
            return Ok(Self::Undated);
        }
        if text.len() > MAX_LENGTH {
            return Err(fault::too_long(MAX_LENGTH));
        }
        read(text, calendar)
            .map(Self::Edtf)
            .map_err(|error| fault::of(text, calendar, &error))
    }

    /// Returns the level of conformance that the date, written as `text`, needs.
    pub(super) fn level(&self, text: &str) -> u8 {
        match self {
            Self::Undated => 0,
            Self::Edtf(edtf) if marks_a_part(text) => edtf.level().max(2),
            Self::Edtf(edtf) => edtf.level(),
        }
    }
}

/// Returns whether a text is a date, without looking for what is wrong with it.
/// What is one in the Gregorian calendar is one in every calendar.
pub(super) fn is_date(text: &str) -> bool {
    text.len() <= MAX_LENGTH && read(text, Calendar::Gregorian).is_ok()
}

fn read(text: &str, calendar: Calendar) -> Result<Edtf, ParseError> {
    if let Some(interval) = without_dates(text) {
        return Ok(Edtf::Interval(interval));
    }
    match StandIn::of(text, calendar) {
        Some(stand_in) => stand_in.parse(calendar),
        None => Edtf::parse(text),
    }
}

/// Returns whether a mark stands anywhere but at the end of a date: level 1 has
/// it nowhere else (ISO 8601-2, A.5.4), whatever the date comes to mean by it.
fn marks_a_part(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| {
        b"?~%".contains(&pair[0]) && (pair[1].is_ascii_alphanumeric() || pair[1] == b'-')
    })
}

fn without_dates(text: &str) -> Option<Interval> {
    let endpoint = |text| match text {
        "" => Some(IntervalEndpoint::Unknown),
        ".." => Some(IntervalEndpoint::Open),
        _ => None,
    };
    let (start, end) = text.split_once('/')?;
    Some(Interval {
        start: endpoint(start)?,
        end: endpoint(end)?,
    })
}
