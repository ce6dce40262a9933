//! The first and the last day that a single date may be, as written.
//!
//! A date with unknown digits is every date that they may stand for, of those
//! there are in its calendar. Seasons have the months that ISO 8601-2 leaves to
//! the reader: northern ones, and the same for codes without a hemisphere; a
//! winter runs from December into the next year. Bounds too far off to be
//! counted in days are unbounded. Marks are looked at elsewhere.

use edtf_core::{Bound, BoundDate, Date, Edtf, Year, YearKind};

use super::bounds::values;
use super::calendar::Calendar;
use crate::day::Day;
use crate::window::Window;

/// Returns the bounds of a date as written.
pub(super) fn as_written(date: &Date, calendar: Calendar) -> Window {
    let mut years = completions(date);
    let earliest = years.find_map(|date| first_day(&date, calendar));
    let mut years = completions(date).rev();
    let latest = years.find_map(|date| last_day(&date, calendar));
    Window::between(earliest, latest).unwrap_or(Window::UNKNOWN)
}

/// Returns whether there is a day that a date with a day may be.
pub(super) fn is_possible(date: &Date, calendar: Calendar) -> bool {
    date.day.is_none() || completions(date).any(|date| first_day(&date, calendar).is_some())
}

/// Returns the date with each year that its unknown digits may stand for, the
/// earliest first; as it is, if the year is known.
fn completions(date: &Date) -> impl DoubleEndedIterator<Item = Date> {
    let date = *date;
    let (negative, digits) = match date.year.kind {
        YearKind::Standard { negative, digits } => (negative, digits),
        YearKind::Big { .. } | YearKind::Exponential { .. } => (false, [Some(0); 4]),
    };
    let unknown = digits.iter().filter(|digit| digit.is_none());
    let count = unknown.fold(1_u32, |count, _| count * 10);
    let years = (0..count).map(move |nth| {
        if count == 1 {
            return date;
        }
        // Years before 0000 count backwards.
        let nth = if negative { count - 1 - nth } else { nth };
        let kind = YearKind::Standard {
            negative,
            digits: filled(digits, nth),
        };
        let year = Year { kind, ..date.year };
        Date { year, ..date }
    });
    // The year 0000 has no sign, and so is none of those before it.
    years.filter(move |date| !negative || date.year.value() != Some(0))
}

/// Returns the digits with the unknown ones taken from `number`, its last first.
fn filled(digits: [Option<u8>; 4], mut number: u32) -> [Option<u8>; 4] {
    let mut known = digits;
    for digit in known.iter_mut().rev().filter(|digit| digit.is_none()) {
        *digit = u8::try_from(number % 10).ok();
        number /= 10;
    }
    known
}

fn first_day(date: &Date, calendar: Calendar) -> Option<Day> {
    if date.day.is_some() {
        return days(date, calendar).next();
    }
    match Edtf::Date(*date).bounds().earliest {
        Bound::Date(BoundDate { year, month, day }) => calendar.day(year, month, day),
        Bound::NegativeInfinity | Bound::PositiveInfinity | Bound::Unknown => None,
    }
}

fn last_day(date: &Date, calendar: Calendar) -> Option<Day> {
    if date.day.is_some() {
        return days(date, calendar).next_back();
    }
    match Edtf::Date(*date).bounds().latest {
        // What has no day ends with a month, of which each calendar has its own end.
        Bound::Date(BoundDate { year, month, .. }) => {
            calendar.day(year, month, calendar.days_in_month(year, month)?)
        }
        Bound::NegativeInfinity | Bound::PositiveInfinity | Bound::Unknown => None,
    }
}

/// Returns the days that a date with a month and a day may be, of a known year.
fn days(date: &Date, calendar: Calendar) -> impl DoubleEndedIterator<Item = Day> {
    let year = date.year.value();
    let months = date.month.map_or(Vec::new(), |month| values(month, 12));
    let days = date.day.map_or(Vec::new(), |day| values(day, 31));
    let pairs = months
        .into_iter()
        .flat_map(move |month| days.clone().into_iter().map(move |day| (month, day)));
    pairs.filter_map(move |(month, day)| calendar.day(year?, month, day))
}
