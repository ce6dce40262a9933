//! Dates in other calendars, and those that `edtf-core` alone would not read.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use chancery_core::date::{Calendar, Credibility, Date, explain, explain_in};
use chancery_core::day::Day;
use chancery_core::window::Window;
use proptest::prelude::*;

fn julian(edtf: &str) -> Date {
    Date::new(edtf).in_calendar(Calendar::Julian)
}

fn written(date: &Date) -> String {
    assert_eq!(date.check(), Ok(()), "{}", date.edtf);
    date.window(Credibility::Accept).to_string()
}

/// Returns the day of a Julian date by its Julian day number, as the explanatory
/// supplements of almanacs have it (dates after 4800 BC only).
fn by_day_number(year: i64, month: i64, day: i64) -> Day {
    let a = (14 - month) / 12;
    let (y, m) = (year + 4800 - a, month + 12 * a - 3);
    let number = day + (153 * m + 2) / 5 + 365 * y + y / 4 - 32_083;
    // 1970-01-01 began half a day into this one.
    Day::new(number - 2_440_588)
}

#[test]
fn known_days_of_two_calendars_are_the_same_day() {
    for (old, new) in [
        ("1917-10-25", "1917-11-07"),
        ("1918-01-31", "1918-02-13"),
        ("1752-09-02", "1752-09-13"),
        ("1774-07-10", "1774-07-21"),
        ("1582-10-04", "1582-10-14"),
        ("1616-04-23", "1616-05-03"),
        ("1900-02-29", "1900-03-13"),
        ("0200-03-01", "0200-03-01"),
        ("-0043-03-15", "-0043-03-13"),
        ("-4712-01-01", "-4713-11-24"),
    ] {
        assert_eq!(written(&julian(old)), new, "{old}");
    }
}

#[test]
fn what_is_less_than_a_day_in_another_calendar_is_its_days_in_this_one() {
    for (old, new) in [
        ("1917", "1917-01-14/1918-01-13"),
        ("1900-02", "1900-02-13/1900-03-13"),
        ("1899-24", "1899-12-13/1900-03-13"),
        ("191X", "1910-01-14/1920-01-13"),
        ("1917-XX-25", "1917-02-07/1918-01-07"),
        ("1917-10/1917-12", "1917-10-14/1918-01-13"),
        ("1917-10-25/..", "1917-11-07/.."),
        ("[1917-10-25,1917-10-27]", "1917-11-07/1917-11-09"),
        ("1917-10-25T21:40:00", "1917-11-07"),
        ("", "../.."),
    ] {
        assert_eq!(written(&julian(old)), new, "{old}");
    }
    let (begins, ends) = julian("1917-10/1917-12-31").lasted(Credibility::Strict);
    assert_eq!(begins.to_string(), "1917-10-14/1917-11-13");
    assert_eq!(ends.to_string(), "1918-01-13");
}

#[test]
fn a_mark_widens_by_months_of_the_calendar_of_its_date() {
    for (old, new) in [
        ("1917-10-25?", "1917-11-06/1917-11-08"),
        ("1900-03~", "1900-02-13/1900-05-13"),
        ("1900-02~", "1900-01-13/1900-04-13"),
        ("1917~", "1916-01-14/1919-01-13"),
        ("1900~-03-29", "1899-04-10/1901-04-11"),
        ("1900-03~-31", "1900-03-13/1900-05-13"),
    ] {
        let window = julian(old).window(Credibility::Strict);

        assert_eq!(window.to_string(), new, "{old}");
    }
}

#[test]
fn a_leap_day_that_only_the_other_calendar_has_is_read_wherever_it_stands() {
    for edtf in [
        "1900-02-29",
        "1900-02-29?",
        "?1900-~02-29",
        "1900-02-29/1900-03",
        "1896-02-29/1900-02-29",
        "{1899,1900-02-29..1900-03-01}",
        "[..1900-02-29]",
        "X100-02-29",
        "1900-02-29T10:00:00Z",
    ] {
        assert_eq!(julian(edtf).check(), Ok(()), "{edtf}");
        assert!(Date::new(edtf).check().is_err(), "{edtf}");
    }
}

#[test]
fn a_day_that_the_calendar_has_not_is_a_fault_with_its_place() {
    for (edtf, offset, message) in [
        ("1900-02-30", 8, "February 1900 has 29 days"),
        ("1901-02-29", 8, "February 1901 has 28 days"),
        ("1900-02-29/1901-02-29", 19, "February 1901 has 28 days"),
        ("1900-02-29/1900-02-28", 11, "the end is before the start"),
        (
            "[1900-02-29..1900-02-28]",
            13,
            "set range end precedes range start",
        ),
    ] {
        let fault = julian(edtf).check().unwrap_err();

        assert_eq!((fault.offset, fault.message.as_str()), (offset, message));
    }
}

#[test]
fn a_calendar_that_cannot_be_read_is_told_which_can() {
    let mut date = Date::new("1917-10-25");
    for (name, help) in [
        ("julain", "did you mean `julian`?"),
        ("Julian", "did you mean `julian`?"),
        (
            "hebrew",
            "give the converted date as `edtf`, the words of the source as `phrase`, how the one \
             was got from the other as `because`, and as the calendar gregorian or julian",
        ),
    ] {
        date.calendar = Some(name.to_owned());

        let fault = date.check().unwrap_err();

        assert_eq!(
            fault.message,
            format!("dates in the calendar `{name}` cannot be read")
        );
        assert_eq!(fault.help.as_deref(), Some(help));
        assert_eq!(date.window(Credibility::Strict), Window::UNKNOWN);
    }
    date.calendar = Some("gregorian".to_owned());
    assert_eq!(date.check(), Ok(()));
}

#[test]
fn a_date_that_could_be_mistaken_tells_its_calendar() {
    assert_eq!(
        julian("1917-10-25").told(),
        "1917-10-25 (Julian; 1917-11-07)"
    );
    assert_eq!(
        julian("1917-10~").told(),
        "1917-10~ (Julian; 1917-10-14/1917-11-13)"
    );
    assert_eq!(Date::new("1917-10-25").told(), "1917-10-25");
    assert_eq!(julian("").told(), "");
    let explained = explain_in("1917-10-25", Calendar::Julian);
    assert_eq!(
        explained.english.unwrap(),
        "25 October 1917 (Julian calendar)"
    );
}

/// Returns the days that a month might have and that are worth a look: all of
/// them while countries changed their calendars, else those where years and
/// Februaries end.
fn days_to_try(year: i64, month: i64) -> Vec<i64> {
    match month {
        _ if (1560..=1930).contains(&year) => (1..=31).collect(),
        1 | 3 => vec![1],
        2 => vec![28, 29, 30],
        12 => vec![31, 32],
        _ => Vec::new(),
    }
}

#[test]
fn every_julian_day_is_that_of_its_day_number() {
    for year in -4000..4000 {
        let leap = i64::from(i64::rem_euclid(year, 4) == 0);
        let lengths = [31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (month, length) in (1..).zip(lengths) {
            for day in days_to_try(year, month) {
                let sign = if year < 0 { "-" } else { "" };
                let edtf = format!("{sign}{:04}-{month:02}-{day:02}", year.unsigned_abs());

                let window = julian(&edtf).window(Credibility::Strict);

                let expected = Window::on(by_day_number(year, month, day));
                let there_is = day <= length;
                let expected = if there_is { expected } else { Window::UNKNOWN };
                assert_eq!(window, expected, "{edtf}");
            }
        }
    }
}

#[test]
fn unknown_digits_of_a_year_before_0000_count_backwards() {
    for (edtf, window) in [
        ("-20XX", "-2099-01-01/-2000-12-31"),
        ("-156X-12-25", "-1569-12-25/-1560-12-25"),
        ("-1X32-X1-X2", "-1932-01-02/-1032-11-22"),
        ("-XXXX", "-9999-01-01/-0001-12-31"),
        ("-XXX0-02-29", "-9980-02-29/-0020-02-29"),
        ("-20XX/-19XX", "-2099-01-01/-1900-12-31"),
        ("-20XX/-20XX", "-2099-01-01/-2000-12-31"),
        ("-00XX/0001", "-0099-01-01/0001-12-31"),
        ("-01XX-21", "-0199-03-01/-0100-05-31"),
        ("[-20XX,1900]", "-2099-01-01/1900-12-31"),
    ] {
        assert_eq!(written(&Date::new(edtf)), window, "{edtf}");
    }
    assert_eq!(
        Date::new("-20XX~").window(Credibility::Strict).to_string(),
        "-2199-01-01/-1900-12-31"
    );
    assert!(Date::new("-1X60-12-25").is_hull() && !Date::new("-20XX").is_hull());
}

#[test]
fn what_is_wrong_beside_such_a_mask_is_found_in_its_place() {
    for (edtf, offset, message) in [
        (
            "-20XX-13",
            6,
            "a month is 01 to 12, or 21 to 41 for a season or another part of the year",
        ),
        ("-20XX-02-30", 9, "day is out of range for the month"),
        ("-2XX1-02-29", 9, "day is out of range for the month"),
        ("-19XX/-20XX", 6, "the end is before the start"),
        ("1900/-20XX", 5, "the end is before the start"),
        (
            "[-20XX..-1900]",
            1,
            "set range endpoints cannot contain unspecified digits",
        ),
        (
            "-20XXS2",
            1,
            "significant digits cannot combine with unspecified digits",
        ),
    ] {
        let fault = Date::new(edtf).check().unwrap_err();

        assert_eq!(
            (fault.offset, fault.message.as_str()),
            (offset, message),
            "{edtf}"
        );
    }
}

/// Texts that are nearly dates, and often are.
fn date_like() -> impl Strategy<Value = String> {
    "[\\[{]?[?~%]?-?[0-9X]{2}(00|[0-9X]{2})([?~%]?-[?~%]?(02|[0-9X]{2})(-[?~%]?(29|[0-9X]{2}))?)?[?~%]?((/|,|\\.\\.)(-?[0-9X]{4}(-[0-9X]{2}){0,2}[?~%]?|\\.\\.)?)?[\\]}]?"
}

/// A date with unknown digits, and not before 0000.
fn masked() -> impl Strategy<Value = String> {
    "[0-9X]{4}(-(0[1-9X]|1[0-2X]|X[0-9X]|2[1-9]|3[0-9])|-(0[1-9X]|1[0-2X]|X[0-9X])-([0-3X][0-9X]))?"
}

proptest! {
    #[test]
    fn no_text_makes_a_julian_date_panic(text: String) {
        let date = julian(&text);

        prop_assert_eq!(date.check().is_ok(), explain_in(&text, Calendar::Julian).valid);
        let _ = (date.window(Credibility::Strict), date.is_hull(), date.told());
    }

    #[test]
    fn a_date_of_any_calendar_has_its_bounds_in_order_and_its_explanation(text in date_like()) {
        for calendar in Calendar::ALL {
            let date = Date::new(&text).in_calendar(calendar);
            let (strict, accepted) = (date.window(Credibility::Strict), date.window(Credibility::Accept));

            prop_assert!(accepted.lo() <= accepted.hi());
            prop_assert_eq!(strict.hull(accepted), strict);
            let explained = explain_in(&text, calendar);
            prop_assert_eq!(explained.valid, date.check().is_ok());
            prop_assert_eq!(explained.valid, explained.english.is_some_and(|words| !words.is_empty()));
            if let Err(fault) = date.check() {
                prop_assert!(fault.offset <= text.chars().count());
            }
        }
    }

    #[test]
    fn what_is_a_gregorian_date_is_a_julian_one(text in date_like()) {
        prop_assert!(julian(&text).check().is_ok() || !explain(&text).valid);
    }

    #[test]
    fn the_bounds_of_a_gregorian_date_are_those_of_the_library(text in masked()) {
        let Ok(edtf) = edtf_core::Edtf::parse(&text) else {
            return Ok(());
        };
        let day = |bound| match bound {
            edtf_core::Bound::Date(date) => Day::from_ymd(date.year, date.month, date.day),
            _ => None,
        };
        let bounds = edtf.bounds();

        let window = Date::new(&text).window(Credibility::Accept);

        prop_assert_eq!(window.earliest(), day(bounds.earliest));
        prop_assert_eq!(window.latest(), day(bounds.latest));
    }

    #[test]
    fn the_bounds_of_unknown_digits_are_the_first_and_the_last_that_they_stand_for(
        text in masked(),
        negative: bool,
    ) {
        let sign = if negative { "-" } else { "" };
        let text = format!("{sign}{}", &text[..4]);
        let fits = |year: i64| {
            let digits = format!("{:04}", year.abs());
            (year < 0) == negative
                && text[sign.len()..].bytes().zip(digits.bytes()).all(|(mask, digit)| mask == b'X' || mask == digit)
        };
        let years: Vec<i64> = (-9999..=9999).filter(|year| fits(*year)).collect();

        let window = julian(&text).window(Credibility::Accept);

        // `-0000` is no year.
        let Some((first, last)) = years.first().zip(years.last()) else {
            prop_assert!(julian(&text).check().is_err());
            return Ok(());
        };
        if *first > -4_800 {
            prop_assert_eq!(window.earliest(), Some(by_day_number(*first, 1, 1)));
        }
        if *last > -4_800 {
            prop_assert_eq!(window.latest(), Some(by_day_number(*last, 12, 31)));
        }
    }
}
