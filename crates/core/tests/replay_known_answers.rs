//! Ten treaties of the United Nations Treaty Collection, against the published days.
//!
//! Read from `../shared`; where that is absent the tests say so and pass.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;

use std::fmt::Write as _;
use std::path::Path;

use replay_archive::Archive;

const TREATIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/treaties");

/// Returns a treaty with its rule and the acts of its table, or `None` if that is absent.
fn treaty(file: &str, rule: &str) -> Option<Archive> {
    let path = Path::new(TREATIES).join(file);
    let Ok(table) = std::fs::read_to_string(&path) else {
        println!("skipped: {file} of the treaties in ../shared is absent");
        return None;
    };
    let mut dossier = format!(
        "[[instrument]]\nid = \"t\"\ntitle = \"T\"\nkind = \"treaty\"\nentry_into_force = {rule}\n"
    );
    for (row, line) in table.lines().skip(1).enumerate() {
        let fields = columns(line);
        let _ = write!(
            dossier,
            "[[actor]]\nid = \"a{row}\"\nname = 'x'\nkind = \"state\"\n"
        );
        for (column, field) in fields.iter().enumerate().skip(1) {
            if let Some((on, kind)) = deposit(field, column) {
                let _ = write!(
                    dossier,
                    "[[act]]\ninstrument = \"t\"\nby = \"a{row}\"\nkind = \"{kind}\"\non = \"{on}\"\n"
                );
            }
        }
    }
    Some(Archive::of(&dossier))
}

fn columns(line: &str) -> Vec<String> {
    let mut columns = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => columns.push(String::new()),
            c => columns.last_mut().unwrap().push(c),
        }
    }
    columns
}

/// Returns the ISO day and the kind of act of a cell such as `10 Feb 2003 a`.
fn deposit(cell: &str, column: usize) -> Option<(String, &'static str)> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let words: Vec<&str> = cell.split_whitespace().collect();
    let [day, month, year, letter @ ..] = words.as_slice() else {
        return None;
    };
    let month = MONTHS.iter().position(|known| known == month)? + 1;
    let kind = match (column, letter.first().copied().unwrap_or_default()) {
        (1, "") => "signature",
        (_, "s") => "definitive-signature",
        (_, "a") => "accession",
        (_, "A") => "acceptance",
        (_, "AA") => "approval",
        (_, "c") => "formal-confirmation",
        (_, "d") => "succession",
        _ => "ratification",
    };
    Some((format!("{year}-{month:02}-{day:0>2}"), kind))
}

const ROME: &str = r#"{ consents = 60, delay = { days = 60 }, rounding = "first-of-next-month", each = { after = "completion", delay = { days = 60 }, rounding = "first-of-next-month" } }"#;
const CHEMICAL: &str = r#"{ consents = 65, delay = { days = 180 }, not_before = "1995-01-13", each = { after = "entry-into-force", delay = { days = 30 } } }"#;

#[test]
fn seven_treaties_enter_into_force_on_the_published_day() {
    let known = [
        (
            "4-1.csv",
            "{ consents = 20, delay = { days = 90 } }",
            "1951-01-12",
        ),
        (
            "4-9.csv",
            "{ consents = 20, delay = { days = 30 } }",
            "1987-06-26",
        ),
        (
            "4-11.csv",
            "{ consents = 20, delay = { days = 30 } }",
            "1990-09-02",
        ),
        ("18-10.csv", ROME, "2002-07-01"),
        ("26-3.csv", CHEMICAL, "1997-04-29"),
        (
            "26-5.csv",
            r#"{ consents = 40, delay = { months = 6 }, rounding = "first-of-month" }"#,
            "1999-03-01",
        ),
        (
            "27-7.csv",
            "{ consents = 50, delay = { days = 90 } }",
            "1994-03-21",
        ),
    ];
    for (file, rule, published) in known {
        let Some(archive) = treaty(file, rule) else {
            return;
        };

        let item = archive.instrument("t", published);

        let derived = item.entry_into_force.derived.unwrap();
        assert_eq!(derived.window.to_string(), published, "{file}");
        assert!(!derived.completed_by.is_empty());
    }
}

/// Returns signatories, consents and parties, which are all certain.
fn counts(archive: &Archive, day: &str) -> [u64; 3] {
    let counts = archive.instrument("t", day).counts;
    [counts.signatories, counts.consents, counts.parties].map(|count| {
        assert_eq!(count.certain, count.possible);
        count.certain
    })
}

#[test]
fn the_rome_statute_has_its_known_counts() {
    let Some(archive) = treaty("18-10.csv", ROME) else {
        return;
    };

    assert_eq!(counts(&archive, "2002-04-10"), [139, 56, 0]);
    assert_eq!(counts(&archive, "2002-04-11"), [139, 66, 0]);
    assert_eq!(counts(&archive, "2002-07-01")[2], 66);
}

#[test]
fn the_chemical_weapons_convention_has_its_known_counts() {
    let Some(archive) = treaty("26-3.csv", CHEMICAL) else {
        return;
    };

    assert_eq!(counts(&archive, "1996-10-31")[1], 65);
    assert_eq!(counts(&archive, "1997-04-28")[2], 0);
    assert_eq!(counts(&archive, "1997-04-29")[2], 87);
}

#[test]
fn a_later_deposit_of_a_predecessor_puts_the_day_right() {
    let Some(mut archive) = treaty("23-1.csv", "{ consents = 35, delay = { days = 30 } }") else {
        return;
    };
    let force = |archive: &Archive| {
        archive
            .instrument("t", "2000-01-01")
            .in_force()
            .unwrap()
            .to_string()
    };
    assert_ne!(force(&archive), "1980-01-27");

    archive.append("[[actor]]\nid = \"yugoslavia\"\nname = \"Yugoslavia\"\nkind = \"state\"\nuntil = \"1992-04-27\"");
    archive.append("[[act]]\ninstrument = \"t\"\nby = \"yugoslavia\"\nkind = \"ratification\"\non = \"1970-08-27\"");

    assert_eq!(force(&archive), "1980-01-27");
}
