//! Dates against the test suites of other EDTF libraries.
//!
//! Every row of the collected suites is followed or stands in a table here with
//! the reason why not. The rows are read from the shared data beside the
//! project; without them these tests say so and pass.

#![allow(clippy::print_stdout, reason = "a skipped test says so")]

use std::collections::BTreeSet;
use std::fs;

use chancery_core::date::{Credibility, Date, explain};
use chancery_core::day::Day;

/// Why a verdict is not followed. A row is its text and the verdict it asks for.
const VERDICTS: &[(&str, &str, &str)] = &[
    ("", "invalid", "the empty text is our `undated`"),
    ("-20XX", "valid", NEGATIVE_MASK),
    ("-1X32-X1-X2", "valid", NEGATIVE_MASK),
    ("-156X-12-25", "valid", NEGATIVE_MASK),
    ("-15XX-12-25", "valid", NEGATIVE_MASK),
    ("-XXXX-12-XX", "valid", NEGATIVE_MASK),
    ("-1985-04-12T23:20:30", "valid", NEGATIVE_TIME),
    ("-1985-04-12T23:20:30Z", "valid", NEGATIVE_TIME),
    (
        "-1859S5",
        "valid",
        "a year of four digits has no fifth significant one (4.4.3)",
    ),
    ("0000-01-03/0000-01", "invalid", ENDS_MEET),
    ("0000-02/0000", "invalid", ENDS_MEET),
    ("2004-06-11%/2004-06~", "invalid", ENDS_MEET),
    ("2016-05-02T16:54:59.042", "valid", FRACTION),
    ("2016-05-02T16:54:59.04200000", "valid", FRACTION),
    ("2016-05-02T16:54:59.4", "valid", FRACTION),
    ("2016-05-02T16:54:59.042Z", "valid", FRACTION),
    (
        "2016-05-02T24:00:00",
        "valid",
        "the edition of 2019 has no hour 24, which is the next day",
    ),
    ("2016-05-02T12:00:00-12:01", "invalid", SHIFT),
    ("2016-05-02T12:00:00-14", "invalid", SHIFT),
    ("2016-05-02T16:54:59+0230", "valid", BASIC),
    ("2016-05-02T16:54:59+0000", "valid", BASIC),
    ("2016-05-02T16:54:59+1200", "valid", BASIC),
    ("2016-05-02T16:54:59+0410", "valid", BASIC),
    ("2016-05-02T16:54:59-0015", "valid", BASIC),
    ("19", "valid", SHORT_YEAR),
    ("009", "valid", SHORT_YEAR),
    ("000", "valid", SHORT_YEAR),
    ("-193", "valid", SHORT_YEAR),
    ("197~", "valid", SHORT_YEAR),
    ("197?", "valid", SHORT_YEAR),
    ("197%", "valid", SHORT_YEAR),
    ("19%", "valid", SHORT_YEAR),
    ("[1667, 1672-12]", "valid", SPACES),
    ("{1667, 1670..1672}", "valid", SPACES),
    ("{1960 ,  1961-12}", "valid", SPACES),
    ("[1667, 1668, 1670..1672]", "valid", SPACES),
    ("[1760-01, 1760-02, 1760-12..]", "valid", SPACES),
    ("[1667, 1760-12]", "valid", SPACES),
    ("{1667,1668, 1670..1672}", "valid", SPACES),
    (
        "2012-21/2012-22",
        "invalid",
        "another suite has seasons as ends, and they have bounds",
    ),
];

const NEGATIVE_MASK: &str = "digits of a year before 0000 count backwards; edtf-core has no such mask, and an interval says it";
const NEGATIVE_TIME: &str = "level 0, which alone has times, has no sign (Annex A.4)";
const ENDS_MEET: &str =
    "the end may be later than the start; refused only if it must be before it (7.14.2)";
const FRACTION: &str = "the profile's times have whole seconds (Annex A.4.3)";
const SHIFT: &str =
    "shifts of up to 14 hours are read both ways: the day as written is what counts";
const BASIC: &str = "basic and extended form are not mixed";
const SHORT_YEAR: &str =
    "the profile has years of four digits; two or three are easily meant as something else";
const SPACES: &str = "no representation has spaces; another suite refuses them";

/// Why a level is not followed: levels are those of Annex A, of what is meant.
const LEVELS: &[(&str, &str)] = &[
    ("%2001", MARK_ON_THE_WHOLE),
    ("?2001", MARK_ON_THE_WHOLE),
    ("?2004-06%", MARK_ON_THE_WHOLE),
    ("?-2004-06%", MARK_ON_THE_WHOLE),
    ("2011-23~", "season and mark are both of level 1"),
    ("-0002", "years before 0000 are of level 1"),
    (
        "XXXX-XX",
        "level 1 has unknown last digits of a year only alone",
    ),
    (
        "XXXX-XX-XX",
        "level 1 has unknown last digits of a year only alone",
    ),
];

const MARK_ON_THE_WHOLE: &str = "a mark on all components means what level 1 writes at the end";

/// Why bounds are not followed.
const BOUNDS: &[(&str, &str)] = &[
    ("-01XX", NEGATIVE_MASK),
    ("-01XX~", NEGATIVE_MASK),
    ("/2006", UNKNOWN_END),
    ("1984-06-02?/", UNKNOWN_END),
    ("1984/2004-06~", MONTHS_ARE_MONTHS),
    ("1984-06?/2004-08?", FINEST),
    ("1984-06-02?/2004-08-08~", FINEST),
    ("2004-06~-11", FINEST),
    ("?2004-%06", MONTHS_ARE_MONTHS),
    ("2004?-%06", MONTHS_ARE_MONTHS),
    ("[1667, 1668, 1670..1672]", SPACES),
    ("{1667,1668, 1670..1672}", SPACES),
    ("{1960, 1961-12}", SPACES),
    ("1953S3", SIGNIFICANT),
    ("Y17101E4S3", SIGNIFICANT),
    ("Y3388E2S3", SIGNIFICANT),
];

const UNKNOWN_END: &str = "an unknown end has no bound; that suite assumes ten years";
const MONTHS_ARE_MONTHS: &str = "a month is a month; that suite takes it for thirty days";
const FINEST: &str =
    "a mark moves by its finest component; that suite adds a year, a month and a day together";
const SIGNIFICANT: &str = "significant digits leave the others open (4.4.3)";

/// Returns the rows of a file below its header, or `None` with a line that says so.
fn rows(name: &str) -> Option<Vec<Vec<String>>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/edtf/");
    let Ok(text) = fs::read_to_string(format!("{folder}{name}")) else {
        println!("skipped: ../shared/data/edtf/{name} is not here");
        return None;
    };
    let cells = |line: &str| line.split('\t').map(str::to_owned).collect();
    Some(text.lines().skip(1).map(cells).collect())
}

#[test]
fn every_verdict_is_followed_or_has_a_reason() {
    let Some(rows) = rows("conformance_strings.tsv") else {
        return;
    };
    let mut not_followed = BTreeSet::new();
    for row in &rows {
        let (text, verdict) = (row[0].as_str(), row[1].as_str());

        if explain(text).valid != (verdict == "valid") {
            not_followed.insert((text, verdict));
        }
    }

    let excepted: BTreeSet<(&str, &str)> = VERDICTS
        .iter()
        .map(|(text, verdict, _)| (*text, *verdict))
        .collect();
    assert_eq!(not_followed, excepted);
}

#[test]
fn every_level_is_followed_or_has_a_reason() {
    let Some(rows) = rows("conformance_strings.tsv") else {
        return;
    };
    let mut not_followed = BTreeSet::new();
    for row in &rows {
        let (text, level) = (row[0].as_str(), row[2].parse::<u8>());

        let found = explain(text).level;

        if let (Ok(level), Some(found)) = (level, found)
            && level != found
        {
            not_followed.insert(text);
        }
    }

    let excepted: BTreeSet<&str> = LEVELS.iter().map(|(text, _)| *text).collect();
    assert_eq!(not_followed, excepted);
}

#[test]
fn all_bounds_are_followed_or_have_a_reason() {
    let Some(rows) = rows("bounds.tsv") else {
        return;
    };
    let written = |bound: Option<Day>, infinity: &str| match bound {
        Some(day) => day.to_string().trim_start_matches('+').to_owned(),
        None => infinity.to_owned(),
    };
    let mut not_followed = BTreeSet::new();
    for row in &rows {
        for (credibility, at) in [(Credibility::Accept, 1), (Credibility::Strict, 3)] {
            let window = Date::new(&row[0]).window(credibility);

            let earliest = written(window.earliest(), "-inf");
            let latest = written(window.latest(), "inf");

            if [earliest, latest] != row[at..at + 2] {
                not_followed.insert(row[0].as_str());
            }
        }
    }

    let excepted: BTreeSet<&str> = BOUNDS.iter().map(|(text, _)| *text).collect();
    assert_eq!(not_followed, excepted);
}

#[test]
fn every_qualifier_is_followed() {
    let Some(rows) = rows("qualifiers.tsv") else {
        return;
    };
    for row in &rows {
        // There `%` is a third thing; here it is both of the others.
        let [uncertain, approximate, both] = [1, 2, 3].map(|at: usize| row[at] == "1");

        let found = explain(&row[0]);

        let expected = (uncertain || both, approximate || both);
        assert_eq!((found.uncertain, found.approximate), expected, "{}", row[0]);
    }
}
