//! A window of days: between which days something happened, as far as known.
//!
//! A window is the hull of the days that a happening may have fallen on, both
//! ends included; an end that is not known is infinite. It does not say which
//! day it was, nor how the window came about: that is for [`crate::date`], and
//! for the record.

use std::fmt;

use crate::day::Day;

/// The days from an earliest to a latest, both included; `None` is unbounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    earliest: Option<Day>,
    latest: Option<Day>,
}

/// By how much a window is widened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// This many days each way.
    Days(u32),
    /// This many months each way, a year being twelve; a month end that does not exist is clamped.
    Months(u32),
}

impl Window {
    /// Every day: nothing is known of when it was.
    pub const UNKNOWN: Self = Self {
        earliest: None,
        latest: None,
    };
    /// Before every day that can be asked about: the beginning of what never began.
    pub const BEFORE_ALL: Self = Self::on(Day::MIN);
    /// After every day that can be asked about: the end of what has no end.
    pub const AFTER_ALL: Self = Self::on(Day::MAX);

    /// Returns the window that is this one day.
    pub const fn on(day: Day) -> Self {
        Self {
            earliest: Some(day),
            latest: Some(day),
        }
    }

    /// Returns the window between two bounds, or `None` where the latest is
    /// before the earliest.
    pub fn between(
        earliest: impl Into<Option<Day>>,
        latest: impl Into<Option<Day>>,
    ) -> Option<Self> {
        let (earliest, latest) = (earliest.into(), latest.into());
        match (earliest, latest) {
            (Some(first), Some(last)) if first > last => None,
            _ => Some(Self { earliest, latest }),
        }
    }

    /// Returns the window of this day and every later one.
    pub const fn not_before(day: Day) -> Self {
        Self {
            earliest: Some(day),
            latest: None,
        }
    }

    /// Returns the window of this day and every earlier one.
    pub const fn not_after(day: Day) -> Self {
        Self {
            earliest: None,
            latest: Some(day),
        }
    }

    /// Returns the first day it may have been, or `None` if there is no bound.
    pub const fn earliest(self) -> Option<Day> {
        self.earliest
    }

    /// Returns the last day it may have been, or `None` if there is no bound.
    pub const fn latest(self) -> Option<Day> {
        self.latest
    }

    /// Returns the first day it may have been, an unbounded one being [`Day::MIN`].
    pub fn lo(self) -> Day {
        self.earliest.unwrap_or(Day::MIN)
    }

    /// Returns the last day it may have been, an unbounded one being [`Day::MAX`].
    pub fn hi(self) -> Day {
        self.latest.unwrap_or(Day::MAX)
    }

    /// Returns whether it can only have been one day.
    pub fn is_precise(self) -> bool {
        self.earliest.is_some() && self.earliest == self.latest
    }

    /// Returns the one day it must have been, if it can only have been one.
    pub fn day(self) -> Option<Day> {
        self.earliest.filter(|_| self.is_precise())
    }

    /// Returns whether it may have been this day.
    pub fn contains(self, day: Day) -> bool {
        self.lo() <= day && day <= self.hi()
    }

    /// Returns the days in both windows, or `None` where there are none.
    pub fn intersect(self, other: Self) -> Option<Self> {
        let earliest = self.earliest.max(other.earliest);
        let latest = match (self.latest, other.latest) {
            (Some(one), Some(another)) => Some(one.min(another)),
            (one, another) => one.or(another),
        };
        Self::between(earliest, latest)
    }

    /// Returns the smallest window that holds both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        let earliest = self.earliest.zip(other.earliest);
        let latest = self.latest.zip(other.latest);
        Self {
            earliest: earliest.map(|(one, another)| one.min(another)),
            latest: latest.map(|(one, another)| one.max(another)),
        }
    }

    /// Returns the days on which the later of two happenings may have been.
    #[must_use]
    pub fn later(self, other: Self) -> Self {
        let latest = self.latest.zip(other.latest);
        Self {
            earliest: self.earliest.max(other.earliest),
            latest: latest.map(|(one, another)| one.max(another)),
        }
    }

    /// Returns the days on which the earlier of two happenings may have been.
    #[must_use]
    pub fn earlier(self, other: Self) -> Self {
        let earliest = self.earliest.zip(other.earliest);
        let latest = self.latest.into_iter().chain(other.latest).min();
        Self {
            earliest: earliest.map(|(one, another)| one.min(another)),
            latest,
        }
    }

    /// Returns the window with each of its bounds moved outward by `unit`; a
    /// bound that can no longer be counted is lost.
    #[must_use]
    pub fn widened(self, unit: Unit) -> Self {
        let moved = |day: Day, sign: i64| match unit {
            Unit::Days(days) => day.checked_add_days(sign * i64::from(days)),
            Unit::Months(months) => day.checked_plus_months(sign * i64::from(months)),
        };
        Self {
            earliest: self.earliest.and_then(|day| moved(day, -1)),
            latest: self.latest.and_then(|day| moved(day, 1)),
        }
    }

    /// Returns the window of the day after: an `until`, which is the last day
    /// that something lasted, becomes the day on which it no longer did.
    #[must_use]
    pub fn day_after(self) -> Self {
        Self {
            earliest: self.earliest.map(|day| day.plus_days(1)),
            latest: self.latest.map(|day| day.plus_days(1)),
        }
    }
}

impl From<Day> for Window {
    fn from(day: Day) -> Self {
        Self::on(day)
    }
}

impl fmt::Display for Window {
    /// Writes the day, or the bounds as an EDTF interval with `..` where there is none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(day) = self.day() {
            return day.fmt(f);
        }
        match self.earliest {
            Some(day) => write!(f, "{day}/")?,
            None => f.write_str("../")?,
        }
        match self.latest {
            Some(day) => day.fmt(f),
            None => f.write_str(".."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_window_whose_end_is_before_its_start_is_none() {
        assert_eq!(Window::between(day("2016-07-02"), day("2016-07-01")), None);
        assert_eq!(Window::between(None, None), Some(Window::UNKNOWN));
    }

    #[test]
    fn windows_meet_in_the_days_of_both() {
        let july = Window::between(day("2016-07-01"), day("2016-07-31")).unwrap();
        let from_the_tenth = Window::not_before(day("2016-07-10"));
        let to_the_tenth = Window::not_after(day("2016-07-10"));

        assert_eq!(
            july.intersect(from_the_tenth).unwrap().to_string(),
            "2016-07-10/2016-07-31"
        );
        assert_eq!(
            from_the_tenth.intersect(to_the_tenth),
            Some(Window::on(day("2016-07-10")))
        );
        assert_eq!(july.intersect(Window::on(day("2016-08-01"))), None);
        assert_eq!(july.intersect(Window::UNKNOWN), Some(july));
    }

    #[test]
    fn a_hull_holds_both_and_keeps_what_is_unbounded() {
        let one = Window::on(day("2016-07-01"));
        let another = Window::not_before(day("2016-08-01"));

        assert_eq!(one.hull(another), Window::not_before(day("2016-07-01")));
        assert_eq!(one.hull(Window::UNKNOWN), Window::UNKNOWN);
    }

    #[test]
    fn of_two_happenings_the_later_and_the_earlier_have_bounds_of_their_own() {
        let july = Window::between(day("2016-07-01"), day("2016-07-31")).unwrap();
        let tenth_on = Window::not_before(day("2016-07-10"));

        assert_eq!(july.later(tenth_on), tenth_on);
        assert_eq!(july.earlier(tenth_on), july);
        assert_eq!(Window::UNKNOWN.earlier(july).to_string(), "../2016-07-31");
        assert_eq!(Window::UNKNOWN.later(july).to_string(), "2016-07-01/..");
    }

    #[test]
    fn widening_never_makes_a_window_narrower() {
        let last_day = Window::on(Day::MAX);

        assert_eq!(last_day.widened(Unit::Days(1)).latest(), None);
        assert_eq!(
            Window::on(day("2016-03-31"))
                .widened(Unit::Months(1))
                .to_string(),
            "2016-02-29/2016-04-30"
        );
    }
}
