//! Ten treaties of the United Nations Treaty Collection, imported, appended and
//! replayed: each enters into force on the day that was published.
//!
//! The tables are shared data and not part of the project; without them these
//! tests say that they are skipped.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "support/cli.rs"]
mod cli;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use cli::{Desk, shared};
use serde_json::Value;

/// The treaties: the table's number and the id under which `docs/treaties.md`
/// writes out the clause.
const TREATIES: [(&str, &str); 10] = [
    ("4-1", "genocide-convention"),
    ("4-8", "cedaw"),
    ("4-9", "cat"),
    ("4-11", "crc"),
    ("18-10", "rome-statute"),
    ("23-1", "vclt"),
    ("26-3", "cwc"),
    ("26-5", "ottawa-convention"),
    ("27-7", "unfccc"),
    ("27-8-a", "cartagena-protocol"),
];

/// Returns a treaty's clause as the page writes it.
fn clause(id: &str) -> String {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/treaties.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (_, block) = page.split_once(&format!("```toml {id}\n")).unwrap();
    block.split("```").next().unwrap().to_owned()
}

fn id_of(number: &str) -> &'static str {
    TREATIES
        .iter()
        .find(|(known, ..)| *known == number)
        .unwrap()
        .1
}

/// Returns a ledger that holds all ten treaties, made once; `None` without the data.
fn ten_treaties() -> Option<&'static Desk> {
    static DESK: OnceLock<Option<Desk>> = OnceLock::new();
    DESK.get_or_init(|| {
        let tables = shared("data/treaties")?;
        let desk = Desk::new("test.example/treaties");
        for (number, id) in TREATIES {
            take_in(&desk, &tables, number, id, &clause(id));
        }
        Some(desk)
    })
    .as_ref()
}

/// Imports a table and appends it together with the instrument, as one submission.
fn take_in(desk: &Desk, tables: &Path, number: &str, id: &str, clause: &str) {
    desk.write(
        &format!("{id}.toml"),
        &format!(
            "[[instrument]]\nid = \"{id}\"\ntitle = \"{id}\"\nkind = \"treaty\"\n\
             force = \"legal\"\nterms = \"public\"\nadopted = \"\"\n\n{clause}",
        ),
    );
    let table = tables.join(format!("{number}.csv"));
    let import = [
        "import",
        "untc",
        table.to_str().unwrap(),
        "--instrument",
        id,
    ];
    let records = desk.run(&import).done().out;
    desk.run_with(&["append", &format!("{id}.toml"), "-"], &records)
        .done();
}

/// Returns the rows of a table with a header, by column.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// Returns the one instrument of an answer.
fn agreed(desk: &Desk, arguments: &[&str]) -> Value {
    let mut answer = desk.json(&[&["agreed"], arguments].concat());
    answer["instruments"][0].take()
}

/// Returns the derived day of entry into force, if it is one day.
fn derived(instrument: &Value) -> Option<&str> {
    let derived = &instrument["entry_into_force"]["derived"];
    let (earliest, latest) = (derived["earliest"].as_str()?, derived["latest"].as_str()?);
    (earliest == latest).then_some(earliest)
}

#[test]
fn seven_treaties_enter_into_force_on_the_published_day() {
    let Some(desk) = ten_treaties() else { return };
    let known = shared("data/treaties/known-entry-into-force.csv").unwrap();
    for row in rows(&known) {
        let id = id_of(&row["treaty"]);

        let instrument = agreed(desk, &[id, "--on", "2015-03-01"]);

        assert_eq!(
            derived(&instrument),
            Some(row["published_eif"].as_str()),
            "{id}"
        );
        let completing = instrument["entry_into_force"]["derived"]["completed_by"].as_array();
        let last = chancery_core::record::slug(&row["nth_participant"]);
        let actors: Vec<_> = completing
            .unwrap()
            .iter()
            .map(|by| by["actor"].as_str())
            .collect();
        let excluded = clause(id).contains(&format!("excluding = [\"{last}\"]"));
        assert!(
            excluded || actors.contains(&Some(last.as_str())),
            "{id}: {actors:?} without {last}"
        );
        assert_eq!(instrument["status"], "in-force", "{id}");
        assert_eq!(
            instrument["counts"]["consents"][0].to_string(),
            row["consents_in_table"]
        );
    }
}

#[test]
fn every_clause_that_the_page_tests_on_a_table_is_run() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/treaties.md");
    let page = std::fs::read_to_string(page).unwrap();
    let rows = page
        .lines()
        .filter(|line| line.ends_with("| status table |"));

    assert_eq!(rows.count(), TREATIES.len());
    for (_, id) in TREATIES {
        let title = page.split(&format!("```toml {id}\n")).next().unwrap();
        let title = title.rsplit("## ").next().unwrap().lines().next().unwrap();
        let on_a_table = |line: &str| {
            line.starts_with(&format!("| [{title}]")) && line.ends_with("| status table |")
        };
        assert!(page.lines().any(on_a_table), "{title}");
    }
}

#[test]
fn the_rome_statute_goes_from_signatories_to_parties() {
    let Some(desk) = ten_treaties() else { return };

    let before = agreed(desk, &["rome-statute", "--on", "2002-04-10"]);
    let completed = agreed(desk, &["rome-statute", "--on", "2002-04-11"]);
    let in_force = agreed(desk, &["rome-statute", "--on", "2002-07-01"]);

    assert_eq!(
        before["counts"]["signatories"],
        serde_json::json!([139, 139])
    );
    assert_eq!(before["counts"]["consents"], serde_json::json!([56, 56]));
    assert_eq!(completed["counts"]["consents"], serde_json::json!([66, 66]));
    assert_eq!(completed["counts"]["parties"], serde_json::json!([0, 0]));
    assert_eq!(in_force["counts"]["parties"], serde_json::json!([66, 66]));
    let completed_by = &completed["entry_into_force"]["derived"]["completed_by"];
    assert_eq!(
        completed_by.as_array().map(Vec::len),
        Some(10),
        "ten deposits on 11 April"
    );
}

#[test]
fn the_chemical_weapons_convention_counts_its_parties() {
    let Some(desk) = ten_treaties() else { return };

    let completed = agreed(desk, &["cwc", "--on", "1996-10-31"]);
    let in_force = agreed(desk, &["cwc", "--on", "1997-04-29"]);

    assert_eq!(completed["counts"]["consents"], serde_json::json!([65, 65]));
    assert_eq!(in_force["counts"]["parties"], serde_json::json!([87, 87]));
}

/// A treaty's table, its id, and deposits: the actor's id, its name, the day.
type Deposits = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str, &'static str)],
);

/// Deposits by states that have ceased to exist, which a table of today's states lacks.
const PREDECESSORS: [Deposits; 2] = [
    (
        "4-8",
        "cedaw",
        &[
            (
                "german-democratic-republic",
                "German Democratic Republic",
                "1980-07-09",
            ),
            ("czechoslovakia", "Czechoslovakia", "1982-02-16"),
            ("yugoslavia", "Yugoslavia", "1982-02-26"),
        ],
    ),
    (
        "23-1",
        "vclt",
        &[
            ("yugoslavia", "Yugoslavia", "1970-08-27"),
            ("czechoslovakia", "Czechoslovakia", "1987-07-29"),
        ],
    ),
];

/// Returns a ledger of its own with one treaty, its published day, and the size then.
fn one_treaty(number: &str) -> Option<(Desk, &'static str, String, String)> {
    let tables = shared("data/treaties")?;
    let id = id_of(number);
    // As whoever has not read the paragraph on organisations would write it.
    let all = clause(id).replace("excluding = [\"european-union\"]\n", "");
    let desk = Desk::new("test.example/treaty");
    take_in(&desk, &tables, number, id, &all);
    let known = rows(&tables.join("known-with-predecessors.csv"));
    let row = known.iter().find(|row| row["treaty"] == number).unwrap();
    let size = desk.json(&["agreed", id])["ledger"]["size"].to_string();
    Some((desk, id, row["published_eif"].clone(), size))
}

/// The day was wrong before, is the published one now, and is still known to have been wrong.
fn assert_set_right(desk: &Desk, id: &str, published: &str, size: &str, wrong: Option<&str>) {
    assert!(
        wrong.is_some() && wrong != Some(published),
        "{id}: {wrong:?}"
    );
    let now = agreed(desk, &[id, "--on", "2015-03-01"]);
    assert_eq!(derived(&now), Some(published), "{id}");
    let then = agreed(desk, &[id, "--on", "2015-03-01", "--known-at", size]);
    assert_eq!(derived(&then), wrong, "{id}");
}

#[test]
fn deposits_of_dissolved_states_set_the_day_right() {
    for (number, _, deposits) in PREDECESSORS {
        let Some((desk, id, published, size)) = one_treaty(number) else {
            return;
        };
        let wrong = derived(&agreed(&desk, &[id])).map(str::to_owned);
        let mut dossier = String::new();
        for (actor, name, on) in deposits {
            dossier.push_str(&format!(
                "[[actor]]\nid = \"{actor}\"\nname = \"{name}\"\nkind = \"state\"\n\
                 until = \"1993\"\n\n[[act]]\ninstrument = \"{id}\"\nby = \"{actor}\"\n\
                 kind = \"ratification\"\non = {on}\n\n"
            ));
        }
        desk.write("predecessors.toml", &dossier);

        desk.run(&["append", "predecessors.toml"]).done();

        assert_set_right(&desk, id, &published, &size, wrong.as_deref());
    }
}

#[test]
fn a_correction_that_excludes_an_organisation_sets_the_day_right() {
    let Some((desk, id, published, size)) = one_treaty("27-8-a") else {
        return;
    };
    let wrong = derived(&agreed(&desk, &[id])).map(str::to_owned);
    let clause = clause(id).replace("[instrument.", "[correction.set.");
    desk.write(
        "correction.toml",
        &format!(
            "[[correction]]\ncorrects = \"{id}\"\n\
             reason = \"instruments of an organisation are not counted beside its members'\"\n\
             {clause}"
        ),
    );

    desk.run(&["append", "correction.toml"]).done();

    assert_set_right(&desk, id, &published, &size, wrong.as_deref());
}

#[test]
fn nothing_in_ten_tables_is_odd_but_successions_without_a_predecessor() {
    let Some(desk) = ten_treaties() else { return };

    let answer = desk.run(&["check", "--on", "2015-03-01", "--json"]);

    assert_eq!(answer.code, 1);
    let findings = answer.json()["findings"].take();
    let findings = findings.as_array().unwrap();
    let succession = |finding: &&Value| finding["code"] == "succession-without-predecessor";
    assert!(findings.iter().all(|finding| succession(&finding)));
    assert_eq!(
        findings.len(),
        48,
        "the tables name nobody who was succeeded"
    );
}

#[test]
fn every_standing_in_a_table_is_proved() {
    let Some((desk, id, ..)) = one_treaty("23-1") else {
        return;
    };
    let on = "1980-01-27";
    let instrument = agreed(&desk, &[id, "--on", on]);
    let standings = instrument["standings"].as_array().unwrap();
    assert!(standings.len() > 50);

    for standing in standings {
        let actor = standing["actor"].as_str().unwrap();
        let proof = desk.json(&["why", id, "--actor", actor, "--on", on]);

        let answer = &proof["answers"][0];
        assert_eq!(answer["answer"], standing["standing"], "{actor}");
        assert_eq!(answer["certainty"], standing["certainty"], "{actor}");
        let own = standing["acts"][0]["seq"].clone();
        let records = proof["records"].as_array().unwrap();
        assert!(records.iter().any(|record| record["entry"]["seq"] == own));
        let steps = &proof["entry_into_force"]["steps"];
        assert_eq!(steps[1]["step"], "and 30 days more", "{actor}");
    }
}

#[test]
fn one_actor_is_the_same_from_table_to_table() {
    let Some(desk) = ten_treaties() else { return };
    let tables = shared("data/treaties").unwrap();
    let table = tables.join("18-10.csv");
    let import = [
        "import",
        "untc",
        table.to_str().unwrap(),
        "--instrument",
        "rome-statute",
    ];

    let records = desk.run(&import).done().out;
    let again = desk
        .run_with(&["append", "-", "--json"], &records)
        .done()
        .json();

    assert_eq!(again["submission"], Value::Null);
    assert_eq!(again["records"], 0);
    assert_eq!(
        again["already_held"].as_u64(),
        Some(records.lines().count() as u64)
    );
}
