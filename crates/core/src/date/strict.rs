//! What a qualified date may stand for when it is not taken at its word.
//!
//! ISO 8601-2 says that `?` and `~` cast doubt on a component, and not how much.
//! We take each mark for one unit, each way, of the finest component that it
//! covers, and `%`, which is both marks, for two. A mark covers its component
//! and all coarser ones that are qualified in the same way, so `2004-06-11?`
//! moves by a day, `2004-06~-11` by a month, `2004?-06-~11` by a year and a day.
//! The unit of a component with unknown digits is what its last known digit
//! counts: a decade for `156X~`, a century for `16XX~`, ten days for
//! `2016-07-1X~`; one that is wholly unknown passes the mark to the next coarser.

use edtf_core::{Date, DateField, Qualifier, YearKind};

use super::calendar::Calendar;
use crate::day::Day;
use crate::window::{Unit, Window};

/// Returns `written` with each mark of the date moving its bounds outward.
///
/// Months and years are those of the calendar that the date is written in.
pub(super) fn widened(date: &Date, calendar: Calendar, written: Window) -> Window {
    marks(date).into_iter().fold(written, |window, mark| {
        // A bound that is the end of a month stays one when months are added.
        if is_specific(date.day) {
            widen(window, mark, calendar)
        } else {
            widen_whole_months(window, mark, calendar)
        }
    })
}

fn widen(window: Window, mark: Unit, calendar: Calendar) -> Window {
    let Unit::Months(months) = mark else {
        return window.widened(mark);
    };
    let moved = |day: Day, months: i64| calendar.plus_months(day, months);
    let earliest = window
        .earliest()
        .and_then(|day| moved(day, -i64::from(months)));
    let latest = window
        .latest()
        .and_then(|day| moved(day, i64::from(months)));
    Window::between(earliest, latest).unwrap_or(window)
}

fn is_specific(field: Option<DateField>) -> bool {
    field.is_some_and(|field| field.digits.iter().any(Option::is_some))
}

fn widen_whole_months(window: Window, mark: Unit, calendar: Calendar) -> Window {
    let earliest = widen(window, mark, calendar).earliest();
    let end = widen(window.day_after(), mark, calendar).latest();
    let latest = end.and_then(|day| day.checked_add_days(-1));
    Window::between(earliest, latest).unwrap_or(window)
}

/// Returns how far each mark reaches, of those that no finer one repeats.
fn marks(date: &Date) -> Vec<Unit> {
    let day = date.day.filter(|day| is_specific(Some(*day)));
    let month = date.month.filter(|month| is_specific(Some(*month)));
    let components = [
        day.map(|day| (day.qualifier, Unit::Days(unknown_tens(day)))),
        month.map(|month| (month.qualifier, Unit::Months(months(month)))),
        Some((
            date.year.qualifier,
            Unit::Months(years(date).saturating_mul(12)),
        )),
    ];
    // A mark on a component that is wholly unknown says something of the next.
    let dropped = [date.day, date.month]
        .into_iter()
        .flatten()
        .filter(|field| !is_specific(Some(*field)))
        .map(|field| field.qualifier)
        .reduce(both)
        .unwrap_or_default();
    let mut finer = None;
    let mut marks = Vec::new();
    for (qualifier, unit) in components.into_iter().flatten() {
        let qualifier = if finer.is_none() {
            both(qualifier, dropped)
        } else {
            qualifier
        };
        if qualifier.is_qualified() && finer != Some(qualifier) {
            marks.push(times(unit, strength(qualifier)));
        }
        finer = Some(qualifier);
    }
    marks
}

fn both(one: Qualifier, another: Qualifier) -> Qualifier {
    Qualifier {
        uncertain: one.uncertain || another.uncertain,
        approximate: one.approximate || another.approximate,
    }
}

fn strength(qualifier: Qualifier) -> u32 {
    u32::from(qualifier.uncertain) + u32::from(qualifier.approximate)
}

fn times(unit: Unit, count: u32) -> Unit {
    match unit {
        Unit::Days(days) => Unit::Days(days.saturating_mul(count)),
        Unit::Months(months) => Unit::Months(months.saturating_mul(count)),
    }
}

/// Returns ten for a field of which only the tens are known, else one.
fn unknown_tens(field: DateField) -> u32 {
    if field.digits[1].is_none() { 10 } else { 1 }
}

/// Returns the months in one unit of a month or of a part of the year.
fn months(field: DateField) -> u32 {
    match field.value() {
        Some(21..=36) => 3,
        Some(37..=39) => 4,
        Some(40 | 41) => 6,
        _ => unknown_tens(field),
    }
}

/// Returns the years in one unit of a year: more, if its last digits are unknown.
fn years(date: &Date) -> u32 {
    let unknown = match (date.year.kind, date.year.significant_digits) {
        (YearKind::Standard { digits, .. }, None) => digits
            .iter()
            .rev()
            .take_while(|digit| digit.is_none())
            .count(),
        (kind, Some(known)) => width(kind).saturating_sub(known as usize),
        (_, None) => 0,
    };
    u32::try_from(unknown)
        .ok()
        .and_then(|zeros| 10_u32.checked_pow(zeros))
        .unwrap_or(u32::MAX)
}

/// Returns how many digits the year has when written out.
fn width(kind: YearKind) -> usize {
    let digits = |number: i64| {
        number
            .unsigned_abs()
            .checked_ilog10()
            .map_or(1, |log| log as usize + 1)
    };
    match kind {
        YearKind::Standard { .. } => 4,
        YearKind::Big { value } => digits(value),
        YearKind::Exponential {
            significand,
            exponent,
        } => digits(significand).saturating_add(exponent as usize),
    }
}
