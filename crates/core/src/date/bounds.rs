//! From what was written to windows of days.
//!
//! Bounds are whole days, as written: a time counts on its own calendar day
//! whatever its zone. Seasons have the months that ISO 8601-2 leaves to the
//! reader: northern ones, and the same for codes without a hemisphere; a winter
//! runs from December into the next year. Bounds too far off to be counted in
//! days are unbounded.

use edtf_core::{
    Bound, Date, DateField, Edtf, Interval, IntervalEndpoint, Set, SetElement, YearKind,
};

use super::parsed::Parsed;
use super::{Credibility, strict};
use crate::day::Day;
use crate::window::Window;

/// Returns the window of one day somewhere in the date.
pub(super) fn one_day(parsed: &Parsed, credibility: Credibility) -> Window {
    match parsed {
        Parsed::Undated => Window::UNKNOWN,
        Parsed::Edtf(Edtf::Date(date)) => window(date, credibility),
        Parsed::Edtf(Edtf::DateTime(time)) => window(&time.date, credibility),
        Parsed::Edtf(Edtf::Interval(interval)) => between(interval, credibility),
        Parsed::Edtf(Edtf::Set(set)) => hull(set, credibility),
    }
}

/// Returns the windows of the first and the last day of what lasted.
pub(super) fn lasted(parsed: &Parsed, credibility: Credibility) -> (Window, Window) {
    let Parsed::Edtf(Edtf::Interval(interval)) = parsed else {
        let within = one_day(parsed, credibility);
        return (within, within);
    };
    let begins = match &interval.start {
        IntervalEndpoint::Open => Window::BEFORE_ALL,
        endpoint => end_window(endpoint, credibility),
    };
    let ends = match &interval.end {
        IntervalEndpoint::Open => Window::AFTER_ALL,
        endpoint => end_window(endpoint, credibility),
    };
    (begins, ends)
}

/// Returns whether some day between the bounds is ruled out by the date itself.
pub(super) fn is_hull(parsed: &Parsed) -> bool {
    match parsed {
        Parsed::Edtf(Edtf::Date(date)) => has_gaps(date),
        Parsed::Edtf(Edtf::Set(set)) => set_has_gaps(set),
        Parsed::Edtf(Edtf::DateTime(_) | Edtf::Interval(_)) | Parsed::Undated => false,
    }
}

/// Returns the bounds of a date as written.
pub(super) fn as_written(date: &Date) -> Window {
    let bounds = Edtf::Date(*date).bounds();
    Window::between(day(bounds.earliest), day(bounds.latest)).unwrap_or(Window::UNKNOWN)
}

fn day(bound: Bound) -> Option<Day> {
    match bound {
        Bound::Date(date) => Day::from_ymd(date.year, date.month, date.day),
        Bound::NegativeInfinity | Bound::PositiveInfinity | Bound::Unknown => None,
    }
}

fn window(date: &Date, credibility: Credibility) -> Window {
    match credibility {
        Credibility::Accept => as_written(date),
        Credibility::Strict => strict::widened(date, as_written(date)),
    }
}

fn between(interval: &Interval, credibility: Credibility) -> Window {
    let earliest = end_window(&interval.start, credibility).earliest();
    let latest = end_window(&interval.end, credibility).latest();
    Window::between(earliest, latest).unwrap_or(Window::UNKNOWN)
}

fn end_window(endpoint: &IntervalEndpoint, credibility: Credibility) -> Window {
    match endpoint {
        IntervalEndpoint::Open | IntervalEndpoint::Unknown => Window::UNKNOWN,
        IntervalEndpoint::Date(date) => window(date, credibility),
        IntervalEndpoint::OnOrBefore(date) => up_to(window(date, credibility)),
        IntervalEndpoint::OnOrAfter(date) => from(window(date, credibility)),
    }
}

fn hull(set: &Set, credibility: Credibility) -> Window {
    set.elements
        .iter()
        .map(|element| member(element, credibility))
        .reduce(Window::hull)
        .unwrap_or(Window::UNKNOWN)
}

fn member(element: &SetElement, credibility: Credibility) -> Window {
    match element {
        SetElement::Date(date) => window(date, credibility),
        SetElement::OnOrBefore(date) => up_to(window(date, credibility)),
        SetElement::OnOrAfter(date) => from(window(date, credibility)),
        SetElement::Range(first, last) => {
            window(first, credibility).hull(window(last, credibility))
        }
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

fn set_has_gaps(set: &Set) -> bool {
    let inner = set.elements.iter().any(|element| match element {
        SetElement::Date(date) => has_gaps(date),
        SetElement::OnOrBefore(_) | SetElement::OnOrAfter(_) | SetElement::Range(..) => false,
    });
    let mut members: Vec<Window> = set
        .elements
        .iter()
        .map(|element| member(element, Credibility::Accept))
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
