//! Tables of others, imported by mapping files, appended and replayed.
//!
//! The table of eight thousand treaties is made here, the same in every run; its
//! mapping file is that of `docs/import.md`. The tables of offices and travels
//! are shared data and not part of the project; without them the tests that
//! read them say that they are skipped.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "support/cli.rs"]
mod cli;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cli::{Desk, shared};
use serde_json::Value;

/// How many treaties the table has.
const TREATIES: usize = 8000;

const PARTIES: [&str; 8] = [
    "Norland",
    "Côte d'Ostria",
    "Korea, Republic of",
    "São Bento and Príncipe",
    "Sudmark",
    "the \"Free\" State",
    "Ångström Isles",
    "Zürichgau",
];

/// A treaty of the table, and what is to be read of it.
struct Treaty {
    row: String,
    signed: String,
    in_force: Option<String>,
    ended: Option<String>,
    parties: usize,
    /// Whether it was in force before it was signed.
    odd: bool,
}

fn treaty(number: usize) -> Treaty {
    let (year, month, day) = (1850 + number % 150, 1 + number % 12, 1 + number % 28);
    let (signed_cell, signed) = match number % 100 {
        1 | 26 | 51 | 76 => (format!("{month:02}/{year}"), format!("{year}-{month:02}")),
        2 | 52 => ("01/01/0001".to_owned(), String::new()),
        _ => (
            format!("{day:02}/{month:02}/{year}"),
            format!("{year}-{month:02}-{day:02}"),
        ),
    };
    let odd = number.is_multiple_of(100);
    let later = if odd { year - 1 } else { year + 1 };
    let blank = matches!(number % 100, 3 | 43);
    let in_force = (!blank).then(|| format!("{later}-{month:02}-{day:02}"));
    let in_force_cell = (!blank).then(|| format!("{day}/{month}/{later}"));
    let ends = number.is_multiple_of(7);
    let ended = ends.then(|| format!("{}-{day:02}", year + 30));
    let ended = ended.map(|_| format!("{}-{month:02}", year + 30));
    let ended_cell = if ends {
        format!("{month:02}/{}", year + 30)
    } else {
        "9999-12-31".to_owned()
    };
    let parties = 2 + number % 3;
    let names: Vec<&str> = (0..parties)
        .map(|at| PARTIES[(number + at * 3) % 8])
        .collect();
    let title = format!("Accord \"relatif à\" l'amitié, no. {number}");
    let cells = [
        number.to_string(),
        title,
        "T".to_owned(),
        names.join("; "),
        signed_cell,
        in_force_cell.unwrap_or_default(),
        ended_cell,
        String::new(),
    ];
    let quoted = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
    Treaty {
        row: quoted.join(","),
        signed,
        in_force,
        ended,
        parties,
        odd,
    }
}

/// Returns a file that a page shows under its name.
fn shown(page: &str, block: &str) -> String {
    let page = format!("{}/../../{page}", env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(page).unwrap();
    let (_, behind) = page.split_once(&format!("```{block}\n")).unwrap();
    behind.split("```").next().unwrap().to_owned()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn eight_thousand_treaties_are_imported_and_nothing_is_swapped() {
    let desk = Desk::new("test.example/treaties");
    let treaties: Vec<Treaty> = (1..=TREATIES).map(treaty).collect();
    let mut table = "\u{feff}No,Title,Kind,Parties,Signed,In force,Ended,Remarks\r\n".to_owned();
    for treaty in treaties.iter().chain(treaties.last()) {
        write!(table, "{}\r\n", treaty.row).unwrap();
    }
    desk.write("treaties.csv", &table);
    desk.write(
        "treaties.toml",
        &shown("docs/import.md", "toml treaties.toml"),
    );
    // The row of the duplicate is another one: the note may not say which.
    let mapping = std::fs::read_to_string(desk.path("treaties.toml")).unwrap();
    desk.write("treaties.toml", &mapping.replace(", row {#row}", ""));

    let import = "import csv treaties.csv --mapping treaties.toml --report report.json";
    let answer = desk.run(&import.split(' ').collect::<Vec<_>>()).done();
    let receipt = desk
        .run_with(&["append", "-", "--json"], &answer.out)
        .done();

    let records = lines(&answer.out);
    assert_eq!(receipt.json()["records"], records.len());
    let mut by_instrument: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for record in &records {
        let id = record
            .get("instrument")
            .or_else(|| record.get("id"))
            .unwrap();
        let id = id.as_str().unwrap().to_owned();
        by_instrument.entry(id).or_default().push(record);
    }
    for (number, treaty) in (1..).zip(&treaties) {
        assert_is(treaty, &by_instrument[&format!("treaty-{number}")]);
    }
    assert_reported(&desk, &treaties);
}

fn assert_is(treaty: &Treaty, records: &[&Value]) {
    let on = |kind: &str| -> Vec<&str> {
        let of_kind = records.iter().filter(|record| record["kind"] == kind);
        of_kind
            .map(|record| record["on"].as_str().unwrap())
            .collect()
    };
    assert_eq!(
        on("signature"),
        vec![treaty.signed.as_str(); treaty.parties]
    );
    let one = |day: &Option<String>| day.iter().cloned().collect::<Vec<_>>();
    assert_eq!(on("entry-into-force"), one(&treaty.in_force));
    assert_eq!(on("termination"), one(&treaty.ended));
}

fn assert_reported(desk: &Desk, treaties: &[Treaty]) {
    let report = std::fs::read_to_string(desk.path("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let counts = &report["tables"][0]["counts"];
    assert_eq!(counts["rows"], TREATIES + 1);
    assert_eq!(counts["made"]["instrument"], TREATIES);
    assert_eq!(counts["made"]["actor"], PARTIES.len());
    assert_eq!(counts["repeated"]["instrument"], 1);
    assert_eq!(report["problems"], serde_json::json!([]));
    let lines = |code: &str| -> Vec<usize> {
        let oddities = report["oddities"].as_array().unwrap();
        let of_code = oddities.iter().filter(|oddity| oddity["code"] == code);
        of_code
            .map(|oddity| usize::try_from(oddity["line"].as_u64().unwrap()).unwrap())
            .collect()
    };
    assert_eq!(lines("repeated-row"), [TREATIES + 2]);
    // The first row stands in the second line, and the last one stands twice.
    let odd = (2..).zip(treaties.iter().chain(treaties.last()));
    let odd: Vec<usize> = odd
        .filter(|(_, treaty)| treaty.odd)
        .map(|(line, _)| line)
        .collect();
    assert_eq!(lines("force-before-signature"), odd);
    assert!(odd.len() > 50);
}

/// Returns a ledger of the offices and travels, with what was said of the import.
fn us_state() -> Option<(Desk, String, String)> {
    let tables = shared("data/us-state")?;
    let desk = Desk::new("test.example/us-state");
    let mappings = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/us-state");
    let import = |table: &str, mapping: &str| {
        let table = tables.join(table);
        let mapping = format!("{mappings}/{mapping}");
        let table = table.to_str().unwrap();
        desk.run(&["import", "csv", table, "--mapping", &mapping])
            .done()
    };
    let travels = import("travels.csv", "travels.toml");
    let offices = import("pocom_role_spans.csv", "offices.toml");
    let all = travels.out + &offices.out;
    desk.run_with(&["append", "-"], &all).done();
    Some((desk, all, travels.err + &offices.err))
}

#[test]
fn on_26_august_2016_kerry_was_secretary_of_state_and_in_geneva() {
    let Some((desk, all, odd)) = us_state() else {
        return;
    };

    let geneva = desk.json(&["replay", "--on", "2016-08-26"]);
    let moscow = desk.json(&["replay", "--on", "2016-07-15"]);

    for (register, place) in [(&geneva, "Geneva"), (&moscow, "Moscow")] {
        let offices = register["offices"].as_array().unwrap().iter();
        let secretaries: Vec<_> = offices
            .filter(|office| office["title"] == "Secretary of State")
            .filter(|office| office["certainty"] == "certain")
            .map(|office| office["person"].as_str().unwrap())
            .collect();
        assert_eq!(secretaries, ["kerry-john-forbes"]);
        let events = register["events"].as_array().unwrap().iter();
        let visits: Vec<_> = events
            .filter(|event| event["participants"][0]["actor"] == "kerry-john-forbes")
            .filter(|event| event["phase"] == "under-way")
            .map(|event| (event["place"].as_str(), event["certainty"].as_str()))
            .collect();
        assert_eq!(visits, [(Some(place), Some("certain"))]);
    }
    assert_kept(&all, &odd);
}

/// Months are still months, blanks are still blanks, and what is odd was told.
fn assert_kept(all: &str, odd: &str) {
    let records = lines(all);
    let count = |kind: &str| {
        let of_kind = records.iter().filter(|record| record["record"] == kind);
        of_kind.count()
    };
    let office = |code: &str| {
        let of_code = |record: &&Value| record["codes"][0]["code"] == code;
        records.iter().find(of_code).unwrap()
    };
    assert_eq!(count("office"), 6700);
    let boyce = office("sg-1993-boyc-01");
    assert_eq!(
        (&boyce["from"], &boyce["until"]),
        (&"1993-06".into(), &"1994-08".into())
    );
    assert_eq!(office("bn-1984-elli-01")["until"], "");
    assert_eq!(office("br-1959-luce-01")["record"], "event");
    let told = [
        "`until`, 1886-07-22, is before `from`, 1886-07-27",
        "`secr-1861-sewa` stands in line 6826 already",
    ];
    for words in told {
        assert!(odd.contains(words), "{words}: {odd}");
    }
}
