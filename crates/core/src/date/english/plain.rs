//! A single date in words, whatever its marks.
//!
//! Unknown digits are said as what they leave open: a decade, a run of days, an
//! unknown month. Marks of doubt and joined dates are in the module above.

use edtf_core::{Date, DateField, Year, YearKind};

use super::super::bounds::{is_run, values};
use super::super::calendar::Calendar;
use super::super::extent;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Returns the English name of a month, counted from one.
pub(in crate::date) fn month_name(month: u8) -> &'static str {
    let index = usize::from(month).wrapping_sub(1);
    MONTHS.get(index).copied().unwrap_or("an unknown month")
}

/// Returns a date in words.
pub(super) fn of(date: &Date) -> String {
    let Some(month) = date.month else {
        return year_alone(date);
    };
    if let Some(code @ 21..) = month.value() {
        return part_of_year(code, &date.year);
    }
    match date.day {
        None => month_of(month, &date.year),
        Some(day) => day_of(day, month, &date.year),
    }
}

fn year_alone(date: &Date) -> String {
    let year = &date.year;
    if year.significant_digits.is_some() {
        return estimated(date);
    }
    match (year.kind, year.value()) {
        (YearKind::Standard { negative, digits }, None) => match masked(negative, digits) {
            Mask::Decade(decade) => format!("the {decade}s"),
            Mask::Years(first, last) => format!("the years {first} to {last}"),
            Mask::Unknown => "an unknown year".to_owned(),
            Mask::Scattered(form) => format!("a year of the form {form}"),
        },
        (_, Some(value @ (1..=999 | 10_000..))) => format!("the year {value}"),
        _ => year_name(year),
    }
}

/// Returns a year of which only the first digits are vouched for.
fn estimated(date: &Date) -> String {
    // The years are told as written, whatever the calendar.
    let window = extent::as_written(date, Calendar::Gregorian);
    let estimate = year_name(&date.year);
    match (window.earliest(), window.latest()) {
        (Some(first), Some(last)) => {
            let (first, last) = (anno(first.ymd().0), anno(last.ymd().0));
            format!("some year from {first} to {last}, estimated at {estimate}")
        }
        _ => format!("some year, estimated at {estimate}"),
    }
}

/// Returns a year as it is said after a month.
fn year_name(year: &Year) -> String {
    match (year.value(), year.kind) {
        (Some(value), _) | (None, YearKind::Big { value }) => anno(value),
        (
            None,
            YearKind::Exponential {
                significand,
                exponent,
            },
        ) => {
            format!("the year {significand} × 10^{exponent}")
        }
        (None, YearKind::Standard { negative, digits }) => match masked(negative, digits) {
            Mask::Decade(decade) => format!("some year of the {decade}s"),
            Mask::Years(first, last) => format!("some year from {first} to {last}"),
            Mask::Unknown => "an unknown year".to_owned(),
            Mask::Scattered(form) => format!("some year of the form {form}"),
        },
    }
}

fn anno(year: i64) -> String {
    if year > 0 {
        return year.to_string();
    }
    format!("{} BC", year.unsigned_abs().saturating_add(1))
}

/// Returns what joins a year to what stands before it.
fn after(year: &Year) -> String {
    let of = if year.has_unspecified() { "of " } else { "" };
    format!("{of}{}", year_name(year))
}

enum Mask {
    Decade(String),
    Years(String, String),
    Unknown,
    Scattered(String),
}

fn masked(negative: bool, digits: [Option<u8>; 4]) -> Mask {
    if negative {
        return masked_before_christ(digits);
    }
    let with = |fill: char| -> String {
        digits
            .iter()
            .map(|digit| digit.map_or(fill, |digit| char::from(b'0' + digit % 10)))
            .collect()
    };
    let without_zeros = |text: String| match text.trim_start_matches('0') {
        "" => "0".to_owned(),
        rest => rest.to_owned(),
    };
    match digits {
        [None, None, None, None] => Mask::Unknown,
        [Some(_), Some(_), Some(_), None] => Mask::Decade(without_zeros(with('0'))),
        [Some(_), Some(_) | None, None, None] => {
            Mask::Years(without_zeros(with('0')), without_zeros(with('9')))
        }
        _ => Mask::Scattered(with('X')),
    }
}

/// Returns the years BC, of which each is one more than the digits, counted backwards.
fn masked_before_christ(digits: [Option<u8>; 4]) -> Mask {
    let with = |fill: u8| {
        let digits = digits.iter().map(|digit| u32::from(digit.unwrap_or(fill)));
        digits.fold(0, |year, digit| year * 10 + digit)
    };
    let known = digits.iter().take_while(|digit| digit.is_some()).count();
    if digits[known..].iter().all(Option::is_none) {
        // The year 0000 has no sign, so the last is at least -0001.
        let (first, last) = (with(9) + 1, with(0).max(1) + 1);
        return Mask::Years(first.to_string(), format!("{last} BC"));
    }
    let signs = digits
        .iter()
        .map(|digit| digit.map_or('X', |digit| char::from(b'0' + digit % 10)));
    Mask::Scattered(std::iter::once('-').chain(signs).collect())
}

fn part_of_year(code: u8, year: &Year) -> String {
    const SEASONS: [&str; 4] = ["spring", "summer", "autumn", "winter"];
    const ORDINALS: [&str; 4] = ["first", "second", "third", "fourth"];
    let nth =
        |from: u8, names: [&'static str; 4]| names[usize::from(code.saturating_sub(from)) % 4];
    let (year, after) = (year_name(year), after(year));
    match code {
        21..=24 => format!("{} {after}", nth(21, SEASONS)),
        25..=28 => format!("{} {after} (northern hemisphere)", nth(25, SEASONS)),
        29..=32 => format!("{} {after} (southern hemisphere)", nth(29, SEASONS)),
        33..=36 => format!("the {} quarter of {year}", nth(33, ORDINALS)),
        37..=39 => format!("the {} third of {year}", nth(37, ORDINALS)),
        _ => format!("the {} half of {year}", nth(40, ORDINALS)),
    }
}

fn month_of(month: DateField, year: &Year) -> String {
    let months = values(month, 12);
    match months[..] {
        _ if month.digits == [None, None] => format!("an unknown month of {}", year_name(year)),
        [only] => format!("{} {}", month_name(only), after(year)),
        [first, .., last] if is_run(&months) => {
            let (first, last) = (month_name(first), month_name(last));
            format!("a month from {first} to {last} {}", after(year))
        }
        _ => format!(
            "{} {}",
            one_of(months.iter().map(|month| month_name(*month).to_owned())),
            after(year)
        ),
    }
}

fn day_of(day: DateField, month: DateField, year: &Year) -> String {
    let days = values(day, 31);
    let unknown = day.digits == [None, None];
    if unknown && month.digits == [None, None] {
        return format!("an unknown day of {}", year_name(year));
    }
    let month_text = month_of(month, year);
    match days[..] {
        _ if unknown => format!("an unknown day of {month_text}"),
        [only] if month.value().is_some() => format!("{only} {month_text}"),
        [only] => format!("the {} of {month_text}", ordinal(only)),
        [first, .., last] if is_run(&days) => {
            format!(
                "a day from the {} to the {} of {month_text}",
                ordinal(first),
                ordinal(last)
            )
        }
        _ => format!(
            "the {} of {month_text}",
            one_of(days.iter().map(|day| ordinal(*day)))
        ),
    }
}

fn one_of(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    match &names[..] {
        [firsts @ .., last] if !firsts.is_empty() => format!("{} or {last}", firsts.join(", ")),
        _ => names.concat(),
    }
}

fn ordinal(day: u8) -> String {
    let ending = match day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    };
    format!("{day}{ending}")
}
