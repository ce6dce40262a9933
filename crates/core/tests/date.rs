//! What dates mean: windows, spans, sentences, and what is said of a slip.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use chancery_core::date::{Credibility, Date, explain};
use chancery_core::day::Day;
use chancery_core::window::Window;
use proptest::prelude::*;

fn strict(edtf: &str) -> String {
    Date::new(edtf).window(Credibility::Strict).to_string()
}

fn accepted(edtf: &str) -> String {
    Date::new(edtf).window(Credibility::Accept).to_string()
}

fn lasted(edtf: &str) -> (Window, Window) {
    Date::new(edtf).lasted(Credibility::Strict)
}

fn english(edtf: &str) -> String {
    explain(edtf).english.unwrap()
}

fn help(edtf: &str) -> Option<String> {
    Date::new(edtf).check().unwrap_err().help
}

#[test]
fn what_is_not_qualified_means_what_is_written() {
    for (edtf, window) in [
        ("2016-08-27", "2016-08-27"),
        ("2016-08", "2016-08-01/2016-08-31"),
        ("2016-02", "2016-02-01/2016-02-29"),
        ("2016", "2016-01-01/2016-12-31"),
        ("2016-07-14/2016-07-15", "2016-07-14/2016-07-15"),
        ("2010-24", "2010-12-01/2011-02-28"),
        ("", "../.."),
        ("/", "../.."),
        ("2016/..", "2016-01-01/.."),
        ("2016/", "2016-01-01/.."),
        ("[1667,1668,1670..1672]", "1667-01-01/1672-12-31"),
        ("Y170000002", "+170000002-01-01/+170000002-12-31"),
        ("Y17E70", "../.."),
    ] {
        assert_eq!(strict(edtf), window, "{edtf}");
        assert_eq!(accepted(edtf), window, "{edtf}");
    }
}

#[test]
fn a_time_counts_on_its_day_as_written() {
    assert_eq!(strict("2016-08-27T00:30:00+05:30"), "2016-08-27");
    assert_eq!(strict("2016-08-27T23:30:00-10"), "2016-08-27");
}

#[test]
fn a_mark_widens_by_its_finest_component() {
    for (edtf, window) in [
        ("2016-07-31?", "2016-07-30/2016-08-01"),
        ("2016-07-31%", "2016-07-29/2016-08-02"),
        ("2016-07~", "2016-06-01/2016-08-31"),
        ("2016-01%", "2015-11-01/2016-03-31"),
        ("2016~", "2015-01-01/2017-12-31"),
        ("156X~", "1550-01-01/1579-12-31"),
        ("1953S3?", "1940-01-01/1969-12-31"),
        ("2016-XX?", "2015-01-01/2017-12-31"),
        ("2016-07-XX?", "2016-06-01/2016-08-31"),
        ("2016-07-1X~", "2016-06-30/2016-07-29"),
        ("2001-21~", "2000-12-01/2001-08-31"),
        ("2004?-06-11", "2003-06-11/2005-06-11"),
        ("2004?-06-~11", "2003-06-10/2005-06-12"),
        ("2004-06~-11", "2004-05-11/2004-07-11"),
        ("2016-07~/2016-09", "2016-06-01/2016-09-30"),
        ("2016-07/2016-09-10?", "2016-07-01/2016-09-11"),
        ("[2015~,2016-03-01]", "2014-01-01/2016-12-31"),
    ] {
        assert_eq!(strict(edtf), window, "{edtf}");
    }
    assert_eq!(accepted("2016-07~"), "2016-07-01/2016-07-31");
}

#[test]
fn what_lasted_began_in_the_first_and_ended_in_the_last() {
    let (begins, ends) = lasted("2016-07/2016-09-10");

    assert_eq!(begins.to_string(), "2016-07-01/2016-07-31");
    assert_eq!(ends.to_string(), "2016-09-10");
}

#[test]
fn what_lasted_a_day_began_and_ended_on_it() {
    let (begins, ends) = lasted("2016-07-14");

    assert_eq!(
        (begins.to_string(), ends.to_string()),
        ("2016-07-14".into(), "2016-07-14".into())
    );
}

#[test]
fn an_open_end_is_no_end_and_an_empty_one_is_unknown() {
    assert_eq!(lasted("2016/..").1, Window::AFTER_ALL);
    assert_eq!(lasted("2016/").1, Window::UNKNOWN);
    assert_eq!(lasted("../2016").0, Window::BEFORE_ALL);
    assert_eq!(lasted("/2016").0, Window::UNKNOWN);
    assert_eq!(lasted("2016/2017..").1.to_string(), "2017-01-01/..");
    assert_eq!(lasted(""), (Window::UNKNOWN, Window::UNKNOWN));
}

#[test]
fn a_date_with_gaps_is_called_a_hull() {
    for edtf in [
        "156X-12-25",
        "1560-XX-25",
        "[1667,1669]",
        "15XX-12-XX",
        "1X60",
        "2016-07-X1",
        "2016-X2",
    ] {
        assert!(Date::new(edtf).is_hull(), "{edtf}");
    }
    for edtf in [
        "156X",
        "1999-XX-XX",
        "[1667,1668]",
        "2016-07-1X",
        "1984-1X",
        "2016/..",
        "2016-X5",
        "",
    ] {
        assert!(!Date::new(edtf).is_hull(), "{edtf}");
    }
}

#[test]
fn an_impossible_day_is_a_fault_with_its_place_and_a_remedy() {
    let fault = Date::new("1914-02-30").check().unwrap_err();

    assert_eq!(fault.offset, 8);
    assert_eq!(fault.message, "February 1914 has 28 days");
    assert_eq!(
        fault.help.unwrap(),
        "if the day is not known write `1914-02`"
    );
    assert!(Date::new("1904-02-29").check().is_ok());
}

#[test]
fn a_form_that_people_use_is_told_its_iso_form() {
    for (edtf, remedy) in [
        ("2016-7-1", "write `2016-07-01`"),
        ("27/08/2016", "write `2016-08-27`"),
        ("8/27/2016", "write `2016-08-27`"),
        ("27.08.2016", "write `2016-08-27`"),
        ("Aug 27 2016", "write `2016-08-27`"),
        ("27th of August, 2016", "write `2016-08-27`"),
        ("20160827", "write `2016-08-27`"),
        ("2016-13", "if the month is not known write `2016`"),
        ("2016-13-05", "if 13 is the day write `2016-05-13`"),
        (" 2016-08", "write `2016-08`, without spaces"),
        ("199x", "write `199X`"),
        ("199u", "write `199X`"),
        ("1914-1918", "write `1914/1918`"),
        ("1914\u{2013}1918", "write `1914/1918`"),
        ("1914-18", "if a span of years is meant write `1914/1918`"),
        ("1918/1914", "write `1914/1918`"),
        (
            "19?4",
            "`?` doubts a whole component; for an unknown digit write `19X4`",
        ),
        ("1984/open", "write `1984/..`"),
        ("c. 1914", "write `1914~`"),
        ("44 BC", "write `-0043`"),
        (
            "2016-08-27 10:00",
            "only the day counts: write `2016-08-27`",
        ),
        ("n.d.", "write `\"\"` for what is undated"),
    ] {
        assert_eq!(help(edtf).as_deref(), Some(remedy), "{edtf}");
    }
}

#[test]
fn a_form_with_two_readings_is_told_both() {
    assert_eq!(
        help("03/04/2016").unwrap(),
        "this can be read in two ways: write `2016-04-03` if the day comes first, \
         `2016-03-04` if the month does"
    );
    assert_eq!(help("no date of any form"), None);
}

#[test]
fn an_offset_counts_characters() {
    assert_eq!(Date::new("2016-0é").check().unwrap_err().offset, 6);
    assert_eq!(Date::new("2016-08-27?x").check().unwrap_err().offset, 11);
}

#[test]
fn a_text_longer_than_any_date_is_refused_unread() {
    let fault = Date::new(format!("[{}1]", "1,".repeat(10_000)))
        .check()
        .unwrap_err();

    assert_eq!(fault.message, "a date has at most 4096 characters");
}

#[test]
fn the_bytes_of_a_date_never_change() {
    let date = Date {
        edtf: "2016-07".to_owned(),
        phrase: Some("last month".to_owned()),
        calendar: None,
        because: Some("day of speech".to_owned()),
    };

    let bytes = bincode::serde::encode_to_vec(&date, bincode::config::legacy()).unwrap();

    let golden = [
        &b"\x07\0\0\0\0\0\0\x002016-07"[..],
        b"\x01\x0a\0\0\0\0\0\0\0last month",
        b"\0",
        b"\x01\x0d\0\0\0\0\0\0\0day of speech",
    ]
    .concat();
    assert_eq!(bytes, golden);
}

#[test]
fn every_form_has_its_english() {
    for (edtf, text) in [
        ("", "undated"),
        ("2016-07-14", "14 July 2016"),
        ("2016-07~", "about July 2016"),
        ("1984?", "perhaps 1984"),
        ("1984%", "perhaps about 1984"),
        ("156X", "the 1560s"),
        ("19XX", "the years 1900 to 1999"),
        ("2001-21", "spring 2001"),
        ("2001-34", "the second quarter of 2001"),
        ("2001-41", "the second half of 2001"),
        (
            "2016-07-14/2016-07-15",
            "some time from 14 July 2016 to 15 July 2016",
        ),
        ("1985-04-12/..", "from 12 April 1985 on, with no end"),
        ("1985-04-12/", "from 12 April 1985 on, end unknown"),
        ("/1985", "up to 1985, beginning unknown"),
        (
            "[1667,1668,1670..1672]",
            "one of 1667, 1668 or 1670 to 1672",
        ),
        ("{1960,1961-12}", "all of 1960 and December 1961"),
        ("[..1760-12-03]", "3 December 1760 or earlier"),
        ("-0043-03-15", "15 March 44 BC"),
        ("-20XX", "the years 2100 to 2001 BC"),
        ("-000X", "the years 10 to 2 BC"),
        ("-1X32", "a year of the form -1X32"),
        (
            "-156X-12-25",
            "25 December of some year from 1570 to 1561 BC",
        ),
        ("Y170000002", "the year 170000002"),
        ("1953S3", "some year from 1950 to 1959, estimated at 1953"),
        (
            "2004?-~06-~04",
            "4 June 2004 (year uncertain, month and day approximate)",
        ),
        ("2016-07-XX", "an unknown day of July 2016"),
        ("2016-XX", "an unknown month of 2016"),
        ("156X-12-25", "25 December of some year of the 1560s"),
        (
            "2016-08-27T00:30:00+05:30",
            "27 August 2016 at 00:30:00 UTC+05:30",
        ),
    ] {
        assert_eq!(english(edtf), text);
    }
}

#[test]
fn an_explanation_shows_the_bounds_as_written() {
    let explained = explain("2016-07~");

    assert_eq!(explained.level, Some(1));
    assert!(explained.approximate && !explained.uncertain && !explained.hull);
    assert_eq!(explained.earliest, "2016-07-01".parse().ok());
    assert_eq!(explained.latest, "2016-07-31".parse().ok());
    assert_eq!(explain("2016-13").error.unwrap().offset, 5);
}

/// Texts that are nearly dates, and often are.
fn date_like() -> impl Strategy<Value = String> {
    "[\\[{]?[?~%]?-?[0-9X]{4}([?~%]?-[?~%]?[0-9X]{2}){0,2}[?~%]?((/|,|\\.\\.)([0-9X]{4}(-[0-9X]{2}){0,2}[?~%]?|\\.\\.)?)?[\\]}]?"
}

proptest! {
    #[test]
    fn no_text_makes_a_date_panic(text: String) {
        let date = Date::new(text.as_str());

        prop_assert_eq!(date.check().is_ok(), explain(&text).valid);
        let _ = (date.window(Credibility::Strict), date.lasted(Credibility::Accept), date.is_hull());
    }

    #[test]
    fn what_is_believed_less_may_be_more_days(text in date_like()) {
        let date = Date::new(text.as_str());

        let (strict, accepted) = (date.window(Credibility::Strict), date.window(Credibility::Accept));

        prop_assert!(accepted.lo() <= accepted.hi());
        prop_assert_eq!(strict.hull(accepted), strict);
        prop_assert_eq!(explain(&text).valid, date.check().is_ok());
    }

    #[test]
    fn a_precise_day_is_that_day(days in -700_000_i64..2_900_000) {
        let day = Day::new(days);
        let date = Date::new(day.to_string());

        prop_assert_eq!(date.window(Credibility::Strict), Window::on(day));
        prop_assert!(!date.is_hull());
    }

    #[test]
    fn a_fault_lies_within_its_text(text in date_like()) {
        if let Err(fault) = Date::new(text.as_str()).check() {
            prop_assert!(fault.offset <= text.chars().count());
            prop_assert!(!fault.message.is_empty());
        }
    }
}
