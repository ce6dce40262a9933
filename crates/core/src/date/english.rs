//! Dates in plain English.
//!
//! The sentence says no more than the date does: "perhaps" for `?`, "about" for
//! `~`, "an unknown day of July 2016" for `2016-07-XX`. Years before 0001 are
//! written as years BC, of which ISO 8601's year 0 is the first. This module
//! puts intervals, sets and marks into words; single dates are in [`plain`].

mod plain;

use edtf_core::{
    Date, DateTime, Edtf, Interval, IntervalEndpoint, Qualifier, Set, SetElement, SetKind,
    TimeShift,
};

use super::calendar::Calendar;
use super::parsed::Parsed;

pub(super) use plain::month_name;

/// Returns a date in words, which say so if they are not of the Gregorian calendar.
pub(super) fn of(parsed: &Parsed, calendar: Calendar) -> String {
    let words = in_words(parsed);
    match (calendar, parsed) {
        (Calendar::Gregorian, _) | (_, Parsed::Undated) => words,
        (other, Parsed::Edtf(_)) => format!("{words} ({} calendar)", other.title()),
    }
}

fn in_words(parsed: &Parsed) -> String {
    match parsed {
        Parsed::Undated => "undated".to_owned(),
        Parsed::Edtf(Edtf::Date(date)) => qualified(date),
        Parsed::Edtf(Edtf::DateTime(time)) => timed(time),
        Parsed::Edtf(Edtf::Interval(interval)) => between(interval),
        Parsed::Edtf(Edtf::Set(set)) => listed(set),
    }
}

/// Returns a date with its marks: before it if they cover all of it, else after.
fn qualified(date: &Date) -> String {
    let plain = plain::of(date);
    let parts = [
        Some(("year", date.year.qualifier)),
        date.month.map(|month| ("month", month.qualifier)),
        date.day.map(|day| ("day", day.qualifier)),
    ];
    let parts: Vec<(&str, Qualifier)> = parts.into_iter().flatten().collect();
    let whole = date.year.qualifier;
    if parts.iter().all(|(_, mark)| *mark == whole) {
        return format!("{}{plain}", adverb(whole));
    }
    let remarks: Vec<String> = parts
        .chunk_by(|(_, one), (_, next)| one == next)
        .filter(|chunk| chunk[0].1.is_qualified())
        .map(|chunk| {
            let names: Vec<&str> = chunk.iter().map(|(part, _)| *part).collect();
            format!("{} {}", names.join(" and "), adjective(chunk[0].1))
        })
        .collect();
    format!("{plain} ({})", remarks.join(", "))
}

fn adverb(mark: Qualifier) -> &'static str {
    match (mark.uncertain, mark.approximate) {
        (false, false) => "",
        (true, false) => "perhaps ",
        (false, true) => "about ",
        (true, true) => "perhaps about ",
    }
}

fn adjective(mark: Qualifier) -> &'static str {
    match (mark.uncertain, mark.approximate) {
        (_, false) => "uncertain",
        (false, true) => "approximate",
        (true, true) => "uncertain and approximate",
    }
}

fn timed(time: &DateTime) -> String {
    let clock = time.time;
    let (hour, minute, second) = (clock.hour, clock.minute, clock.second);
    let zone = match clock.shift {
        None => String::new(),
        Some(TimeShift::Utc) => " UTC".to_owned(),
        Some(TimeShift::Offset { minutes, .. }) => {
            let sign = if minutes < 0 { '-' } else { '+' };
            let minutes = minutes.unsigned_abs();
            format!(" UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
        }
    };
    format!(
        "{} at {hour:02}:{minute:02}:{second:02}{zone}",
        plain::of(&time.date)
    )
}

fn between(interval: &Interval) -> String {
    use IntervalEndpoint::{Open, Unknown};
    match (&interval.start, &interval.end) {
        (Open, Open) => "always, with no beginning and no end".to_owned(),
        (Unknown, Unknown) => "some time, beginning and end unknown".to_owned(),
        (Open, Unknown) => "some time, with no beginning, end unknown".to_owned(),
        (Unknown, Open) => "some time, beginning unknown, with no end".to_owned(),
        (start, Open) => format!("from {} on, with no end", endpoint(start)),
        (start, Unknown) => format!("from {} on, end unknown", endpoint(start)),
        (Open, end) => format!("up to {}, with no beginning", endpoint(end)),
        (Unknown, end) => format!("up to {}, beginning unknown", endpoint(end)),
        (start, end) => format!("some time from {} to {}", endpoint(start), endpoint(end)),
    }
}

fn endpoint(endpoint: &IntervalEndpoint) -> String {
    match endpoint {
        IntervalEndpoint::Date(date) => qualified(date),
        IntervalEndpoint::OnOrBefore(date) => format!("{} or earlier", qualified(date)),
        IntervalEndpoint::OnOrAfter(date) => format!("{} or later", qualified(date)),
        IntervalEndpoint::Open | IntervalEndpoint::Unknown => "an unknown day".to_owned(),
    }
}

fn listed(set: &Set) -> String {
    let (opening, or, and) = match set.kind {
        SetKind::OneMember => ("one of ", "or", " or "),
        SetKind::AllMembers => ("all of ", "and", " and "),
    };
    let members: Vec<String> = set
        .elements
        .iter()
        .map(|element| member(element, or))
        .collect();
    match &members[..] {
        [only] if !matches!(set.elements[..], [SetElement::Range(..)]) => match set.kind {
            SetKind::OneMember => only.clone(),
            SetKind::AllMembers => format!("all of {only}"),
        },
        [firsts @ .., last] if !firsts.is_empty() => {
            format!("{opening}{}{and}{last}", firsts.join(", "))
        }
        _ => format!("{opening}{}", members.concat()),
    }
}

fn member(element: &SetElement, joint: &str) -> String {
    match element {
        SetElement::Date(date) => qualified(date),
        SetElement::OnOrBefore(date) => format!("{} {joint} earlier", qualified(date)),
        SetElement::OnOrAfter(date) => format!("{} {joint} later", qualified(date)),
        SetElement::Range(first, last) => format!("{} to {}", qualified(first), qualified(last)),
    }
}
