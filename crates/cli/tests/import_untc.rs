//! Status tables of the UN Treaty Collection become actors and acts.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::path::PathBuf;

use chancery_cli::dossier::Dossier;
use chancery_cli::import::untc::untc;
use chancery_cli::import::{Actors, Imported};
use proptest::prelude::*;

const HEADER: &str = "Participant,Signature,\"Ratification, Accession(a), Succession(d)\"\n";

fn import(rows: &str) -> Imported {
    untc(&format!("{HEADER}{rows}"), "x", &Actors::default())
}

fn lines(imported: &Imported) -> Vec<String> {
    imported.lines.iter().map(ToString::to_string).collect()
}

fn problems(imported: &Imported) -> Vec<(usize, usize, &str)> {
    let problem =
        |problem: &'_ chancery_cli::import::Problem| (problem.place.line, problem.place.column);
    let places = imported.problems.iter().map(problem);
    let messages = imported
        .problems
        .iter()
        .map(|problem| problem.message.as_str());
    places
        .zip(messages)
        .map(|((line, column), message)| (line, column, message))
        .collect()
}

fn actors(text: &str) -> Actors {
    Actors::parse(&Dossier::new(0, Some("a.toml".into()), text.as_bytes())).unwrap()
}

#[test]
fn a_row_is_an_actor_and_its_acts() {
    let imported = import("Côte  d'Ivoire ,18 Jul 1998,31 January 2003\nAndorra,,27 Feb 2003 a\n");

    let expected = [
        r#"{"record":"actor","id":"cote-d-ivoire","name":"Côte d'Ivoire","kind":"state"}"#,
        r#"{"record":"act","instrument":"x","by":"cote-d-ivoire","kind":"signature","on":"1998-07-18"}"#,
        r#"{"record":"act","instrument":"x","by":"cote-d-ivoire","kind":"ratification","on":"2003-01-31"}"#,
        r#"{"record":"actor","id":"andorra","name":"Andorra","kind":"state"}"#,
        r#"{"record":"act","instrument":"x","by":"andorra","kind":"accession","on":"2003-02-27"}"#,
    ];
    assert_eq!(lines(&imported), expected);
    assert_eq!(problems(&imported), []);
    assert_eq!((imported.counts.rows, imported.counts.actors), (2, 2));
    assert_eq!(imported.counts.acts_by_kind["accession"], 1);
}

#[test]
fn a_suffix_means_what_its_own_column_says() {
    let text = "Participant 1,\"Signature, Succession to signature(d)\",\"Formal confirmation(c), \
                Consent to be bound (P), Succession(d), Approval(AA), Definitive signature(s)\"\n\
                A,1 Jan 1970 d,1 Jan 1971 d\nB,,2 Jan 1971 P\nC,,2 Jan 1971 c\nD,,2 Jan 1971 AA\nE,,2 Jan 1971 s\n";

    let imported = untc(text, "x", &Actors::default());

    let kinds: Vec<String> = imported
        .lines
        .iter()
        .filter(|line| line["record"] == "act")
        .map(|line| line["kind"].as_str().unwrap().to_owned())
        .collect();
    let expected = [
        "signature",
        "succession",
        "consent-to-be-bound",
        "formal-confirmation",
        "approval",
        "definitive-signature",
    ];
    assert_eq!(kinds, expected);
    assert_eq!(imported.lines[1]["note"], "succession to signature");
    assert_eq!(problems(&imported), []);
}

#[test]
fn a_succession_under_a_plain_signature_is_no_consent() {
    let imported = import("A,1 Jan 1970 d,\n");

    assert_eq!(imported.lines[1]["kind"], "signature");
    assert_eq!(imported.lines[1]["note"], "succession to signature");
}

#[test]
fn what_cannot_be_understood_is_told_with_its_place_and_left_out() {
    let imported = import(
        "A,Yes,1 Jan 1970 x\n\"B \"\"é\"\", b\",30 Feb 1970,[23 Oct 1992 d]\n,1 Jan 1970,\n\
         C,,1 Jan 1970 a 2,more\n,,\n\nD,,\n***,,\nstate-1,\nE",
    );

    let expected = [
        (
            2,
            3,
            "`Yes` is not a date such as `10 Feb 2003`, with or without a suffix",
        ),
        (2, 7, "the header does not say what the suffix `x` means"),
        (3, 14, "there is no day `30 Feb 1970`"),
        (
            3,
            26,
            "`[23 Oct 1992 d]` is not a date such as `10 Feb 2003`, with or without a suffix",
        ),
        (4, 1, "the row has no participant"),
        (
            5,
            4,
            "`1 Jan 1970 a 2` is not a date such as `10 Feb 2003`, with or without a suffix",
        ),
        (5, 19, "no header stands above `more`"),
        (9, 1, "`***` makes no id; name one in a file of actors"),
    ];
    assert_eq!(problems(&imported), expected);
    assert_eq!(imported.counts.skipped, expected.len());
    let ids: Vec<_> = imported
        .lines
        .iter()
        .map(|line| line["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["a", "b-e-b", "c", "d", "state-1", "e"]);
}

#[test]
fn a_header_that_cannot_be_understood_is_a_problem() {
    let told = |text| {
        let imported = untc(text, "x", &Actors::default());
        assert_eq!(imported.lines.len(), 0);
        problems(&imported)
            .into_iter()
            .map(|(line, column, message)| (line, column, message.to_owned()))
            .collect::<Vec<_>>()
    };

    assert_eq!(told(""), [(1, 1, "the table is empty".to_owned())]);
    assert_eq!(
        told("A,B\nc,d\n"),
        [(1, 1, "no column is headed `Participant`".to_owned())]
    );
    assert_eq!(
        told("Participant,\"Ratification, Dance(a), Accession(d), Succession(d), Approval\"\n"),
        [
            (
                1,
                13,
                "`Dance` in the header is not an act that can be recorded".to_owned()
            ),
            (
                1,
                13,
                "the header names two acts with the suffix `d`".to_owned()
            ),
            (
                1,
                13,
                "the header names two acts without a suffix".to_owned()
            ),
        ]
    );
}

#[test]
fn a_date_without_a_suffix_needs_a_name_without_one() {
    let imported = untc(
        "Participant,Accession(a)\nA,1 Jan 1970\n",
        "x",
        &Actors::default(),
    );

    let message = "the header does not say what `1 Jan 1970` without a suffix means";
    assert_eq!(problems(&imported), [(2, 3, message)]);
}

#[test]
fn a_file_of_actors_says_who_they_are() {
    let actors = actors(
        "\"European  Union\" = { id = \"eu\", kind = \"organisation\", name = \"The Union\" }\nCongo = \"brazzaville\"\n",
    );

    let imported = untc(
        "Participant\nEuropean Union\nCongo 1,2\nCongo\n",
        "x",
        &actors,
    );

    let expected = [
        r#"{"record":"actor","id":"eu","name":"The Union","kind":"organisation"}"#,
        r#"{"record":"actor","id":"brazzaville","name":"Congo","kind":"state"}"#,
    ];
    assert_eq!(lines(&imported), expected);
}

#[test]
fn a_bad_file_of_actors_is_told_with_places() {
    let text = "A = 1\nB = { id = \"No Id\", kin = 1 }\nC = { kind = \"stat\" }\n";
    let dossier = Dossier::new(0, Some("a.toml".into()), text.as_bytes());

    let faults = Actors::parse(&dossier).unwrap_err();

    let told: Vec<(&str, &str)> = faults
        .iter()
        .map(|fault| (fault.code, &text[fault.span.start..fault.span.end]))
        .collect();
    let expected = [
        ("wrong-type", "1"),
        ("bad-id", "\"No Id\""),
        ("unknown-field", "kin"),
        ("unknown-word", "\"stat\""),
    ];
    assert_eq!(told, expected);
    assert!(Actors::parse(&Dossier::new(0, None, b"A = ")).is_err());
}

#[test]
fn a_row_twice_makes_nothing_twice_and_two_names_with_one_id_are_a_problem() {
    let imported = import("A,1 Jan 1970,\nA,1 Jan 1970,\na,1 Jan 1971,\n");

    assert_eq!(imported.lines.len(), 2);
    assert_eq!(imported.counts.repeated, 1);
    assert_eq!(
        problems(&imported),
        [(4, 1, "`A` has the id `a` already, not `a`")]
    );
}

#[test]
fn carriage_returns_and_a_byte_order_mark_move_no_place() {
    let text = format!(
        "\u{feff}{}A,1 Jan 1970,x\r\n\r\nB,\"\r\n\",y\r\n",
        HEADER.replace('\n', "\r\n")
    );

    let imported = untc(&text, "x", &Actors::default());

    let places: Vec<_> = problems(&imported)
        .into_iter()
        .map(|(line, column, _)| (line, column))
        .collect();
    assert_eq!(places, [(2, 14), (5, 3)]);
}

/// A folder of real tables, if it is there.
fn tables() -> Option<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/treaties");
    let folder = PathBuf::from(folder);
    if !folder.is_dir() {
        println!("skipped: there are no tables in {}", folder.display());
        return None;
    }
    Some(folder)
}

#[test]
fn ten_real_tables_are_understood_to_the_last_cell() {
    let Some(folder) = tables() else { return };
    let expected = [
        ("4-1", 41, 146),
        ("4-8", 99, 188),
        ("4-9", 81, 157),
        ("4-11", 140, 194),
        ("18-10", 139, 122),
        ("23-1", 45, 114),
        ("26-3", 165, 190),
        ("26-5", 133, 161),
        ("27-7", 165, 196),
        ("27-8-a", 103, 167),
    ];
    for (table, signatures, consents) in expected {
        let text = std::fs::read_to_string(folder.join(format!("{table}.csv"))).unwrap();

        let imported = untc(&text, table, &Actors::default());

        assert_eq!(problems(&imported), [], "{table}");
        let signed = imported.counts.acts_by_kind["signature"];
        assert_eq!(
            (signed, imported.counts.acts - signed),
            (signatures, consents),
            "{table}"
        );
        assert_eq!(imported.counts.actors, imported.counts.rows, "{table}");
    }
}

#[test]
fn an_actor_is_the_same_from_table_to_table() {
    let Some(folder) = tables() else { return };
    let mut actors = std::collections::BTreeMap::new();
    for table in [
        "4-1", "4-8", "4-9", "4-11", "18-10", "23-1", "26-3", "26-5", "27-7", "27-8-a",
    ] {
        let text = std::fs::read_to_string(folder.join(format!("{table}.csv"))).unwrap();

        for line in untc(&text, table, &Actors::default()).lines {
            if line["record"] == "actor" {
                let id = line["id"].as_str().unwrap().to_owned();
                let known = actors.entry(id).or_insert_with(|| line.clone());
                assert_eq!(*known, line, "{table}");
            }
        }
    }
}

proptest! {
    #[test]
    fn no_table_makes_the_import_panic(text in any::<String>(), rows in "[A1 Jan970a,\"\r\né]{0,80}") {
        let _ = untc(&text, "x", &Actors::default());
        let imported = import(&rows);
        prop_assert_eq!(imported.counts.skipped, imported.problems.len());
    }
}
