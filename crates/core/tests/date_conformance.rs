//! Dates against the test suites of other EDTF libraries.
//!
//! Every row of the collected suites is followed or stands in a table of
//! `docs/dates.md` with the reason why not, which these tests read. The rows are read from the shared data beside the
//! project; without them these tests say so and pass.

#![allow(clippy::print_stdout, reason = "a skipped test says so")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeSet;
use std::fs;

use chancery_core::date::{Credibility, Date, explain};
use chancery_core::day::Day;

/// The page that says which rows are not followed, and why. What stands in its
/// tables is what these tests let pass, so that neither can be wrong alone.
const PAGE: &str = include_str!("../../../docs/dates.md");

/// Returns the cells of the table below a heading of the page, without its
/// head: the date, and what follows it.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let below = PAGE.split(&format!("\n### {heading}\n")).nth(1).unwrap();
    let section = below.split("\n#").next().unwrap();
    let lines = section.lines().filter(|line| line.starts_with('|')).skip(2);
    lines
        .map(|line| {
            let cells = line.trim_matches('|').split(" | ").map(str::trim);
            let cells = cells.map(|cell| match cell {
                "`\"\"`" => "",
                cell => cell.trim_matches('`'),
            });
            cells.collect()
        })
        .collect()
}

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

    let excepted: BTreeSet<(&str, &str)> = table("Verdicts")
        .iter()
        .map(|row| (row[0], row[1]))
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

    let excepted: BTreeSet<&str> = table("Levels").iter().map(|row| row[0]).collect();
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

    let excepted: BTreeSet<&str> = table("Bounds").iter().map(|row| row[0]).collect();
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

#[test]
fn every_exception_has_its_reason() {
    for (heading, cells) in [
        ("Verdicts", 3),
        ("Levels", 2),
        ("Bounds", 2),
        ("Phrases", 2),
        ("Relations", 3),
    ] {
        let rows = table(heading);

        assert!(!rows.is_empty(), "{heading}");
        for row in rows {
            assert_eq!(row.len(), cells, "{row:?}");
            assert!(
                row.last().is_some_and(|reason| reason.len() > 10),
                "{row:?}"
            );
        }
    }
}

#[test]
fn every_example_of_the_page_means_what_it_says() {
    let rows = table("Forms");

    assert!(rows.len() > 10);
    for row in rows {
        assert_eq!(
            explain(row[0]).english.as_deref(),
            Some(row[1]),
            "{}",
            row[0]
        );
    }
}

#[test]
fn a_mark_before_a_component_is_of_level_two() {
    for (edtf, level) in [
        ("2001%", 1),
        ("%2001", 2),
        ("?2004-06%", 2),
        ("1984?/2004~", 1),
    ] {
        assert_eq!(explain(edtf).level, Some(level), "{edtf}");
    }
}

#[test]
fn what_english_phrases_come_to_elsewhere_is_a_date_here_or_has_a_reason() {
    let Some(rows) = rows("natural_language.tsv") else {
        return;
    };
    let refused = rows
        .iter()
        .map(|row| row[1].as_str())
        .filter(|edtf| Date::new(*edtf).check().is_err());

    let excepted: BTreeSet<&str> = table("Phrases").iter().map(|row| row[0]).collect();
    assert_eq!(refused.collect::<BTreeSet<&str>>(), excepted);
}

#[test]
fn every_relation_is_that_of_the_bounds_or_has_a_reason() {
    let Some(rows) = rows("relations.tsv") else {
        return;
    };
    let mut not_followed = BTreeSet::new();
    for row in &rows {
        let [one, other] = [1, 2].map(|at: usize| Date::new(row[at].as_str()));
        let can_be_read = one.check().is_ok() && other.check().is_ok();
        let [one, other] = [one, other].map(|date| date.window(Credibility::Accept));

        let holds = match row[0].as_str() {
            "isBefore" => one.hi() < other.lo(),
            "isAfter" => other.hi() < one.lo(),
            "contains" => one.lo() <= other.lo() && other.hi() <= one.hi(),
            "intersects" => one.intersect(other).is_some(),
            // What this one evaluates is not said.
            _ => continue,
        };

        if !can_be_read || holds != (row[3] == "YES") {
            not_followed.insert((row[1].as_str(), row[2].as_str()));
        }
    }

    let excepted: BTreeSet<(&str, &str)> = table("Relations")
        .iter()
        .map(|row| (row[0], row[1].trim_matches('`')))
        .collect();
    assert_eq!(not_followed, excepted);
}
