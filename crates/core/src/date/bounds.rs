//! From what was written to windows of days.
//!
//! A time counts on its own calendar day, whatever its zone. Which days a single
//! date may be is found in [`super::extent`], and how far a mark widens them in
//! [`super::strict`]; here they are joined into those of intervals and sets.

use edtf_core::{Date, DateField, Edtf, Interval, IntervalEndpoint, Set, SetElement, YearKind};

use super::calendar::Calendar;
use super::parsed::Parsed;
use super::{Credibility, extent, strict};
use crate::day::Day;
use crate::window::Window;

/// How a date is read: in which calendar, and how far its marks are believed.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    /// The calendar that it is written in.
    pub(super) calendar: Calendar,
    /// How far `?`, `~` and `%` are believed.
    pub(super) credibility: Credibility,
}

/// Returns the window of one day somewhere in the date.
pub(super) fn one_day(parsed: &Parsed, reading: Reading) -> Window {
    match parsed {
        Parsed::Undated => Window::UNKNOWN,
        Parsed::Edtf(Edtf::Date(date)) => window(date, reading),
        Parsed::Edtf(Edtf::DateTime(time)) => window(&time.date, reading),
        Parsed::Edtf(Edtf::Interval(interval)) => between(interval, reading),
        Parsed::Edtf(Edtf::Set(set)) => hull(set, reading),
    }
}

/// Returns the windows of the first and the last day of what lasted.
pub(super) fn lasted(parsed: &Parsed, reading: Reading) -> (Window, Window) {
    let Parsed::Edtf(Edtf::Interval(interval)) = parsed else {
        let within = one_day(parsed, reading);
        return (within, within);
    };
    let begins = match &interval.start {
        IntervalEndpoint::Open => Window::BEFORE_ALL,
        endpoint => end_window(endpoint, reading),
    };
    let ends = match &interval.end {
        IntervalEndpoint::Open => Window::AFTER_ALL,
        endpoint => end_window(endpoint, reading),
    };
    (begins, ends)
}

/// Returns whether some day between the bounds is ruled out by the date itself.
pub(super) fn is_hull(parsed: &Parsed, calendar: Calendar) -> bool {
    match parsed {
        Parsed::Edtf(Edtf::Date(date)) => has_gaps(date),
        Parsed::Edtf(Edtf::Set(set)) => set_has_gaps(set, calendar),
        Parsed::Edtf(Edtf::DateTime(_) | Edtf::Interval(_)) | Parsed::Undated => false,
    }
}

fn window(date: &Date, reading: Reading) -> Window {
    let written = extent::as_written(date, reading.calendar);
    match reading.credibility {
        Credibility::Accept => written,
        Credibility::Strict => strict::widened(date, reading.calendar, written),
    }
}

fn between(interval: &Interval, reading: Reading) -> Window {
    let earliest = end_window(&interval.start, reading).earliest();
    let latest = end_window(&interval.end, reading).latest();
    Window::between(earliest, latest).unwrap_or(Window::UNKNOWN)
}

fn end_window(endpoint: &IntervalEndpoint, reading: Reading) -> Window {
    match endpoint {
        IntervalEndpoint::Open | IntervalEndpoint::Unknown => Window::UNKNOWN,
        IntervalEndpoint::Date(date) => window(date, reading),
        IntervalEndpoint::OnOrBefore(date) => up_to(window(date, reading)),
        IntervalEndpoint::OnOrAfter(date) => from(window(date, reading)),
    }
}

fn hull(set: &Set, reading: Reading) -> Window {
    set.elements
        .iter()
        .map(|element| member(element, reading))
        .reduce(Window::hull)
        .unwrap_or(Window::UNKNOWN)
}

fn member(element: &SetElement, reading: Reading) -> Window {
    match element {
        SetElement::Date(date) => window(date, reading),
        SetElement::OnOrBefore(date) => up_to(window(date, reading)),
        SetElement::OnOrAfter(date) => from(window(date, reading)),
        SetElement::Range(first, last) => window(first, reading).hull(window(last, reading)),
    }
}

fn up_to(window: Window) -> Window {
    window.latest().map_or(Window::UNKNOWN, Window::not_after)
}

fn from(window: Window) -> Window {
    window
        .earliest()
        .map_or(Window::UNKNOWN, Window::not_before)
}

fn set_has_gaps(set: &Set, calendar: Calendar) -> bool {
    let inner = set.elements.iter().any(|element| match element {
        SetElement::Date(date) => has_gaps(date),
        SetElement::OnOrBefore(_) | SetElement::OnOrAfter(_) | SetElement::Range(..) => false,
    });
    let reading = Reading {
        calendar,
        credibility: Credibility::Accept,
    };
    let mut members: Vec<Window> = set
        .elements
        .iter()
        .map(|element| member(element, reading))
        .collect();
    members.sort_by_key(|window| window.lo());
    let mut covered = Day::MAX;
    for (index, window) in members.iter().enumerate() {
        if index > 0 && window.lo() > covered.plus_days(1) {
            return true;
        }
        covered = if index == 0 {
            window.hi()
        } else {
            covered.max(window.hi())
        };
    }
    inner
}

/// Returns whether a mask leaves gaps: once a component may have several
/// values, they must follow one another and all that is finer must be free.
fn has_gaps(date: &Date) -> bool {
    let free = |field: Option<DateField>| field.is_none_or(|field| field.digits == [None; 2]);
    if let YearKind::Standard { digits, .. } = date.year.kind
        && let Some(first) = digits.iter().position(Option::is_none)
    {
        let scattered = digits[first..].iter().any(Option::is_some);
        return scattered || !free(date.month) || !free(date.day);
    }
    let days_have_gaps = date.day.is_some_and(|day| !is_run(&values(day, 31)));
    let Some(month) = date.month.filter(|month| month.has_unspecified()) else {
        return days_have_gaps;
    };
    let months = values(month, 12);
    !is_run(&months) || days_have_gaps || (months.len() > 1 && !free(date.day))
}

/// Returns the values up to `most` that two digits, some of them unknown, may stand for.
pub(super) fn values(field: DateField, most: u8) -> Vec<u8> {
    let [tens, ones] = field.digits;
    (1..=most)
        .filter(|value| tens.is_none_or(|digit| digit == value / 10))
        .filter(|value| ones.is_none_or(|digit| digit == value % 10))
        .collect()
}

/// Returns whether values follow one another without a gap.
pub(super) fn is_run(values: &[u8]) -> bool {
    values.windows(2).all(|pair| pair[0] + 1 == pair[1])
}
