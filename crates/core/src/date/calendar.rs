//! The calendars in which a date may be written, and their days.
//!
//! Windows are always of Gregorian days; a date in another calendar is turned
//! into them here and nowhere else, by `edtf-calendars`. Both calendars reach
//! back and forth without end and have a year 0. Which calendar a source used
//! is for the archivist to say: nothing here guesses.

use edtf_calendars::JulianDate;
use edtf_core::BoundDate;

use super::fault::{self, DateFault};
use crate::day::{Day, days_in_month};

/// A calendar that can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// The calendar of ISO 8601 (New Style).
    #[default]
    Gregorian,
    /// The calendar with a leap day every fourth year (Old Style).
    Julian,
}

impl Calendar {
    /// Every calendar that can be read.
    pub const ALL: [Self; 2] = [Self::Gregorian, Self::Julian];

    /// Returns the calendar of this name.
    ///
    /// # Errors
    /// No calendar of this name can be read.
    pub fn named(name: &str) -> Result<Self, DateFault> {
        Self::ALL
            .into_iter()
            .find(|calendar| calendar.name() == name)
            .ok_or_else(|| fault::unknown_calendar(name))
    }

    /// Returns the calendar that a date names, or the Gregorian if it names none.
    pub(super) fn of(name: Option<&str>) -> Result<Self, DateFault> {
        name.map_or(Ok(Self::Gregorian), Self::named)
    }

    /// Returns the name that stands in a record.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gregorian => "gregorian",
            Self::Julian => "julian",
        }
    }

    /// Returns the name as it is written in a sentence.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Gregorian => "Gregorian",
            Self::Julian => "Julian",
        }
    }

    /// Returns the day with this year, month and day of the month, if there is
    /// one and it can be counted.
    pub(super) fn day(self, year: i64, month: u8, day: u8) -> Option<Day> {
        match self {
            Self::Gregorian => Day::from_ymd(year, month, day),
            Self::Julian => {
                let date = JulianDate { year, month, day };
                let date = edtf_calendars::julian_to_gregorian(date).ok()?;
                Day::from_ymd(date.year, date.month, date.day)
            }
        }
    }

    /// Returns how many days this month has, if there is such a month.
    pub(super) fn days_in_month(self, year: i64, month: u8) -> Option<u8> {
        match (self, month) {
            (Self::Julian, 2) if edtf_calendars::is_julian_leap(year) => Some(29),
            _ => days_in_month(year, month),
        }
    }

    /// Returns the same day of the month this many months later (earlier, if
    /// negative), if it can be counted; a month end that does not exist is clamped.
    pub(super) fn plus_months(self, day: Day, months: i64) -> Option<Day> {
        let (year, month, of_month) = match self {
            Self::Gregorian => return day.checked_plus_months(months),
            Self::Julian => {
                let (year, month, day) = day.ymd();
                let date = BoundDate { year, month, day };
                let date = edtf_calendars::gregorian_to_julian(date).ok()?;
                (date.year, date.month, date.day)
            }
        };
        let count = i128::from(year) * 12 + i128::from(month) - 1 + i128::from(months);
        let year = i64::try_from(count.div_euclid(12)).ok()?;
        let month = u8::try_from(count.rem_euclid(12) + 1).ok()?;
        self.day(year, month, of_month.min(self.days_in_month(year, month)?))
    }
}
