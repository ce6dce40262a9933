//! A day of the calendar: when something happened in the world.
//!
//! Days are counted from 1970-01-01 in the proleptic Gregorian calendar, with
//! a year 0 (1 BC) as in ISO 8601, and without any bound but that of the
//! count itself. A day has no time and no zone, and nothing here asks what day
//! it is. The instant at which an entry was recorded is another matter, and
//! belongs to the chain.

use std::fmt;
use std::str::FromStr;

/// The days of four hundred years, after which the calendar repeats itself.
const DAYS_IN_ERA: i128 = 146_097;
/// The days from 0000-03-01 to 1970-01-01.
const DAYS_TO_EPOCH: i128 = 719_468;

/// A day, in days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i64);

/// Text that is no day in the form `YYYY-MM-DD`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotADay {
    /// The text is not four digits, two digits and two digits joined by `-`.
    #[error("a day is written `YYYY-MM-DD`")]
    Form,
    /// The form is right, but there is no such day.
    #[error("there is no {year:04}-{month:02}-{day:02} in the calendar")]
    NoSuchDay {
        /// The year as written.
        year: i64,
        /// The month as written.
        month: u8,
        /// The day of the month as written.
        day: u8,
    },
}

impl Day {
    /// The first day that can be counted, some 25 thousand million million years ago.
    pub const MIN: Self = Self(i64::MIN);
    /// The last day that can be counted, as far in the future.
    pub const MAX: Self = Self(i64::MAX);

    /// Returns the day this many days after 1970-01-01.
    pub const fn new(days: i64) -> Self {
        Self(days)
    }

    /// Returns the days since 1970-01-01.
    pub const fn days(self) -> i64 {
        self.0
    }

    /// Returns the day with this year, month and day of the month, if there is one.
    pub fn from_ymd(year: i64, month: u8, day: u8) -> Option<Self> {
        if day == 0 || day > days_in_month(year, month)? {
            return None;
        }
        // Years begin in March here, so that a leap day is the last of its year.
        let after_february = i128::from(month > 2);
        let year = i128::from(year) - 1 + after_february;
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let month_from_march = (i128::from(month) + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + i128::from(day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        i64::try_from(era * DAYS_IN_ERA + day_of_era - DAYS_TO_EPOCH)
            .ok()
            .map(Self)
    }

    /// Returns the year, the month and the day of the month.
    pub fn ymd(self) -> (i64, u8, u8) {
        let days = i128::from(self.0) + DAYS_TO_EPOCH;
        let (era, day_of_era) = (days.div_euclid(DAYS_IN_ERA), days.rem_euclid(DAYS_IN_ERA));
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = (month_from_march + 2) % 12 + 1;
        let year = era * 400 + year_of_era + i128::from(month <= 2);
        (narrow(year), narrow(month), narrow(day))
    }

    /// Returns the day this many days later (earlier, if negative), if it can be counted.
    pub fn checked_add_days(self, days: i64) -> Option<Self> {
        self.0.checked_add(days).map(Self)
    }

    /// Returns the day this many days later, or the last one that can be counted.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Returns the same day of the month this many months later (earlier, if
    /// negative), if it can be counted; a month end that does not exist is clamped.
    pub fn checked_plus_months(self, months: i64) -> Option<Self> {
        let (year, month, day) = self.ymd();
        let count = i128::from(year) * 12 + i128::from(month) - 1 + i128::from(months);
        let year = i64::try_from(count.div_euclid(12)).ok()?;
        let month: u8 = narrow(count.rem_euclid(12) + 1);
        Self::from_ymd(year, month, day.min(days_in_month(year, month)?))
    }

    /// Returns the same day of the month this many months later, clamped at a
    /// month end that does not exist, and at the ends of what can be counted.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        let bound = if months < 0 { Self::MIN } else { Self::MAX };
        self.checked_plus_months(months).unwrap_or(bound)
    }

    /// Returns the first day of this day's month.
    #[must_use]
    pub fn first_of_month(self) -> Self {
        let (_, _, day) = self.ymd();
        self.plus_days(1 - i64::from(day))
    }

    /// Returns the first day of the month after this day's: always a later day.
    #[must_use]
    pub fn first_of_next_month(self) -> Self {
        self.first_of_month().plus_months(1)
    }
}

impl fmt::Display for Day {
    /// Writes `YYYY-MM-DD`. A year before 0000 has a minus sign and at least
    /// four digits, a year after 9999 a plus sign: the expanded form of ISO 8601-1.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        match year {
            0..=9999 => write!(f, "{year:04}-{month:02}-{day:02}"),
            10_000.. => write!(f, "+{year}-{month:02}-{day:02}"),
            _ => write!(f, "-{:04}-{month:02}-{day:02}", year.unsigned_abs()),
        }
    }
}

impl FromStr for Day {
    type Err = NotADay;

    /// Reads exactly `YYYY-MM-DD`.
    fn from_str(text: &str) -> Result<Self, NotADay> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(NotADay::Form);
        }
        let year = digits(&bytes[..4])?;
        let (month, day) = (digits(&bytes[5..7])?, digits(&bytes[8..])?);
        let (month, day) = (narrow(month.into()), narrow(day.into()));
        Self::from_ymd(year, month, day).ok_or(NotADay::NoSuchDay { year, month, day })
    }
}

/// Returns whether February of this year has 29 days.
pub const fn is_leap_year(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

/// Returns how many days this month has, if there is such a month.
pub const fn days_in_month(year: i64, month: u8) -> Option<u8> {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if is_leap_year(year) => Some(29),
        2 => Some(28),
        _ => None,
    }
}

fn digits(bytes: &[u8]) -> Result<i64, NotADay> {
    bytes.iter().try_fold(0, |value, byte| match byte {
        b'0'..=b'9' => Ok(value * 10 + i64::from(byte - b'0')),
        _ => Err(NotADay::Form),
    })
}

/// Narrows a number that the calendar keeps small; the default is never reached.
fn narrow<T: TryFrom<i128> + Default>(number: i128) -> T {
    T::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn known_days_have_known_counts() {
        assert_eq!(day("1970-01-01").days(), 0);
        assert_eq!(day("2000-03-01").days(), 11_017);
        assert_eq!(day("1969-12-31").days(), -1);
        assert_eq!(day("0000-03-01").days(), -719_468);
    }

    #[test]
    fn what_is_not_a_day_in_iso_form_is_refused() {
        for text in [
            "",
            "2016",
            "2016-7-1",
            "2016-07-1x",
            "+016-07-01",
            "2016-07-01 ",
            "27/08/2016",
            "２016-7-",
        ] {
            assert_eq!(text.parse::<Day>(), Err(NotADay::Form), "{text}");
        }
        let fault = "1914-02-30".parse::<Day>().unwrap_err();
        assert_eq!(fault.to_string(), "there is no 1914-02-30 in the calendar");
        assert!("1900-02-29".parse::<Day>().is_err());
        assert!("2000-02-29".parse::<Day>().is_ok());
    }

    #[test]
    fn months_are_added_and_clamped_at_their_end() {
        assert_eq!(day("2001-01-31").plus_months(1), day("2001-02-28"));
        assert_eq!(day("2004-03-31").plus_months(-1), day("2004-02-29"));
        assert_eq!(day("1998-09-16").plus_months(6), day("1999-03-16"));
        assert_eq!(day("2000-02-29").plus_months(12), day("2001-02-28"));
        assert_eq!(Day::MAX.plus_months(1), Day::MAX);
        assert_eq!(Day::MIN.plus_months(-1), Day::MIN);
    }

    #[test]
    fn the_first_of_the_next_month_is_strictly_later() {
        assert_eq!(day("2002-06-10").first_of_next_month(), day("2002-07-01"));
        assert_eq!(day("2002-07-01").first_of_next_month(), day("2002-08-01"));
        assert_eq!(day("2002-12-31").first_of_next_month(), day("2003-01-01"));
        assert_eq!(day("2002-06-10").first_of_month(), day("2002-06-01"));
    }

    #[test]
    fn years_beyond_four_digits_are_written_with_their_sign() {
        let written = |year| Day::from_ymd(year, 1, 2).unwrap().to_string();

        assert_eq!(written(-43), "-0043-01-02");
        assert_eq!(written(170_000_002), "+170000002-01-02");
        assert_eq!(written(-170_000_002), "-170000002-01-02");
        assert_eq!(written(0), "0000-01-02");
    }

    proptest! {
        #[test]
        fn every_count_is_a_day_and_back(days: i64) {
            let (year, month, of_month) = Day::new(days).ymd();

            prop_assert_eq!(Day::from_ymd(year, month, of_month), Some(Day::new(days)));
        }

        #[test]
        fn the_day_after_is_the_next_of_the_calendar(days in -4_000_000_i64..4_000_000) {
            let (year, month, of_month) = Day::new(days).ymd();

            let next = Day::new(days + 1).ymd();

            let expected = match (of_month == days_in_month(year, month).unwrap(), month) {
                (false, _) => (year, month, of_month + 1),
                (true, 12) => (year + 1, 1, 1),
                (true, _) => (year, month + 1, 1),
            };
            prop_assert_eq!(next, expected);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text: String) {
            let _ = text.parse::<Day>();
        }
    }
}
