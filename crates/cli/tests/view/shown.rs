//! One record with its history, and names that nothing is known by.

use chancery_cli::failure::Exit;
use serde_json::Value;

use crate::bench::{BEFORE, Bench};

#[test]
fn a_record_is_shown_with_its_history_and_the_words_around_its_quote() {
    let bench = Bench::geneva();

    let shown = bench.json(&["show", "moscow-understanding"]);

    assert_eq!(shown["schema"], "chancery.show/1");
    assert_eq!(shown["kind"], "instrument");
    assert_eq!(shown["fields"]["adopted"]["edtf"], "2016-07-14/2016-07-15");
    assert_eq!(shown["original"]["adopted"]["edtf"], "2016-07");
    let evidence = &shown["evidence"][0];
    assert_eq!(
        (&evidence["source"], &evidence["text"]),
        (&"src-transcript".into(), &"held".into())
    );
    assert!(
        evidence["before"]
            .as_str()
            .unwrap()
            .contains("after talks with President Putin")
    );
    let revision = &shown["revisions"][0];
    assert_eq!(
        (&revision["kind"], &revision["stands"]),
        (&"correction".into(), &true.into())
    );
    assert_eq!(revision["set"]["adopted"]["edtf"], "2016-07-14/2016-07-15");
    assert_eq!(shown["entry"]["archivist"]["name"], "archivist");
}

#[test]
fn a_source_that_nothing_is_quoted_from_is_held_all_the_same() {
    let bench = Bench::geneva();

    let shown = bench.json(&["show", "geneva-announcement"]);

    let evidence = &shown["evidence"][0];
    assert_eq!(
        (&evidence["text"], &evidence["quote"], &evidence["before"]),
        (&"held".into(), &Value::Null, &Value::Null)
    );
}

#[test]
fn what_was_retracted_is_shown_with_the_reason() {
    let bench = Bench::geneva();

    let now = bench.json(&["show", "lavrov-claims-bombing"]);
    let before = bench.json(&["show", "lavrov-claims-bombing", "--known-at", BEFORE]);

    assert!(
        now["retracted"]["reason"]
            .as_str()
            .unwrap()
            .starts_with("The words are Kerry's")
    );
    assert_eq!(before["retracted"], Value::Null);
}

#[test]
fn entries_of_the_chain_s_own_are_shown() {
    let bench = Bench::new();

    let founding = bench.json(&["show", "#0"]);
    let key = bench.json(&["show", "#1"]);
    let closing = bench.json(&["show", "#4"]);

    assert_eq!(
        (&founding["kind"], &founding["chain"]["origin"]),
        (&"founding".into(), &"example.org/test".into())
    );
    assert_eq!(key["kind"], "key");
    assert_eq!(
        (&closing["kind"], &closing["chain"]["first"]),
        (&"closing".into(), &0.into())
    );
}

#[test]
fn a_name_that_is_not_known_is_refused_with_the_nearest() {
    let bench = Bench::geneva();

    for question in [
        &["show", "kerri"][..],
        &["replay", "--actor", "kerri"],
        &["agreed", "--actor", "kerri"],
        &["commitments", "--actor", "kerri"],
    ] {
        let failure = bench.try_ask(question).unwrap_err();

        assert_eq!(
            (failure.exit, failure.code),
            (Exit::Refused, "unknown-reference")
        );
        assert_eq!(failure.hint.as_deref(), Some("did you mean `kerry`?"));
    }
}

#[test]
fn a_record_is_not_known_before_it_was_recorded() {
    let bench = Bench::geneva();

    let failure = bench
        .try_ask(&["show", "src-travels", "--known-at", BEFORE])
        .unwrap_err();
    let beyond = bench
        .try_ask(&["show", "#105", "--known-at", BEFORE])
        .unwrap_err();

    assert_eq!(
        (failure.exit, failure.code),
        (Exit::Refused, "unknown-reference")
    );
    assert_eq!(
        (beyond.exit, beyond.code),
        (Exit::Refused, "unknown-reference")
    );
}

#[test]
fn an_id_of_another_kind_is_said_to_be_one() {
    let bench = Bench::geneva();

    let failure = bench.try_ask(&["agreed", "kerry"]).unwrap_err();

    assert_eq!(failure.message, "`kerry` is an actor, not an instrument");
}

#[test]
fn an_entry_is_shown_with_what_was_said_of_its_submission() {
    let bench = Bench::new();
    let path = bench.ledger.with_extension("toml");
    std::fs::write(&path, "[[source]]\nid = \"s\"\ntitle = \"A source\"\n").unwrap();
    bench.ask(&[
        "append",
        &path.display().to_string(),
        "--message",
        "First of all",
    ]);

    let shown = bench.json(&["show", "s"]);

    assert_eq!(shown["entry"]["message"], "First of all");
}
