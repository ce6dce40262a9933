//! Steps: how the day of one happening bounds the day of another.
//!
//! A step is a function from days to days that never goes back: a later day
//! gives no earlier one. Bounds that are such steps are closed under taking the
//! earlier, and the later, of two worlds day by day, which is what makes the
//! network's answers exact.

use std::fmt;
use std::rc::Rc;

use crate::day::Day;
use crate::rule::{Delay, Rounding, falls_due};

/// A function from days to days that never goes back.
#[derive(Clone)]
pub enum Step<'a> {
    /// So long after, and then moved.
    Due(Delay, Option<Rounding>),
    /// Whatever the function says; it must never go back.
    Given(Rc<dyn Fn(Day) -> Day + 'a>),
}

impl Step<'_> {
    /// The same day.
    pub const SAME: Self = Self::Due(Delay::Days(0), None);

    /// Returns the step of so many days.
    pub const fn days(days: u32) -> Self {
        Self::Due(Delay::Days(days), None)
    }

    /// Returns the day that this one leads to.
    pub fn of(&self, day: Day) -> Day {
        match self {
            Self::Due(delay, rounding) => falls_due(day, *delay, *rounding),
            Self::Given(function) => function(day),
        }
    }

    /// Returns the first day that leads to `bound` or later; the last of all if none does.
    pub fn first_reaching(&self, bound: Day) -> Day {
        if bound == Day::MIN {
            return bound;
        }
        match self.length() {
            // Nothing finite leads to what has no bound.
            _ if bound == Day::MAX && matches!(self, Self::Due(..)) => bound,
            Some(days) => bound.plus_days(-days),
            None => first(Day::MIN, Day::MAX, |day| self.of(day) >= bound),
        }
    }

    /// Returns the last day that leads to `bound` or earlier; the first of all if none does.
    pub fn last_within(&self, bound: Day) -> Day {
        if bound == Day::MAX {
            return bound;
        }
        match self.length() {
            Some(_) if bound == Day::MIN => bound,
            Some(days) => bound.plus_days(-days),
            None if self.of(Day::MAX) <= bound => Day::MAX,
            None => first(Day::MIN, Day::MAX, |day| self.of(day) > bound).plus_days(-1),
        }
    }

    /// Returns how many days it adds, if it adds the same to every day.
    pub(super) const fn length(&self) -> Option<i64> {
        match self {
            Self::Due(Delay::Days(days), None) => Some(*days as i64),
            _ => None,
        }
    }

    /// Returns a number of days that it never adds more than, as far as known.
    pub(super) fn reach(&self) -> i64 {
        match self {
            Self::Due(Delay::Days(days), _) => i64::from(*days) + 31,
            Self::Due(Delay::Months(months), _) => (i64::from(*months) + 1) * 31,
            // Such as a treaty asks for, of which none is near this long.
            Self::Given(_) => 400_000,
        }
    }
}

impl fmt::Debug for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Due(delay, rounding) => write!(f, "Due({delay:?}, {rounding:?})"),
            Self::Given(_) => f.write_str("Given"),
        }
    }
}

/// Returns the first day of which `holds` is true, which it stays for all later
/// ones; `last` if it is of none before.
fn first(mut from: Day, mut last: Day, holds: impl Fn(Day) -> bool) -> Day {
    while from < last {
        let middle = (i128::from(from.days()) + i128::from(last.days())).div_euclid(2);
        let middle = Day::new(i64::try_from(middle).unwrap_or(from.days()));
        if holds(middle) {
            last = middle;
        } else {
            from = middle.plus_days(1);
        }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_is_undone_to_the_first_and_the_last_day_that_give_it() {
        let month = Step::Due(Delay::Months(1), None);

        let end_of_february = day("2001-02-28");

        assert_eq!(month.first_reaching(end_of_february), day("2001-01-28"));
        assert_eq!(month.last_within(end_of_february), day("2001-01-31"));
    }

    #[test]
    fn a_rounding_is_undone_over_the_whole_month() {
        let next_month = Step::Due(Delay::Days(0), Some(Rounding::FirstOfNextMonth));

        assert_eq!(
            next_month.first_reaching(day("2002-07-01")),
            day("2002-06-01")
        );
        assert_eq!(
            next_month.first_reaching(day("2002-07-02")),
            day("2002-07-01")
        );
        assert_eq!(next_month.last_within(day("2002-07-31")), day("2002-06-30"));
    }

    #[test]
    fn what_has_no_bound_stays_without() {
        for step in [Step::days(3), Step::Due(Delay::Months(3), None)] {
            assert_eq!(step.of(Day::MIN), Day::MIN);
            assert_eq!(step.of(Day::MAX), Day::MAX);
            assert_eq!(step.first_reaching(Day::MIN), Day::MIN);
            assert_eq!(step.first_reaching(Day::MAX), Day::MAX);
            assert_eq!(step.last_within(Day::MIN), Day::MIN);
            assert_eq!(step.last_within(Day::MAX), Day::MAX);
        }
    }
}
