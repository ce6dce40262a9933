//! What was destroyed goes at the places too that the ledger was pushed to, and out of the
//! clones that are brought up to date: the bodies, and the source files that went with them.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "../../../tests/support/ledger.rs"]
mod ledger;
#[path = "../../../tests/support/server.rs"]
mod server;

use std::fs;

use ledger::{Ledger, Ran, source, speaker, statement};
use server::Server;

const WORDS: &str = "Anna Heller of the mill at Aarau";

/// A ledger of two bundles, of which the first has a source that holds the words, under a
/// checkpoint.
fn ledger() -> Ledger {
    let ledger = Ledger::found();
    ledger.beside("note.txt", &format!("Seen at the crossing: {WORDS}.\n"));
    ledger.beside("other.txt", "Nothing was seen.\n");
    let mut records = vec![
        speaker(),
        source("src-note", "note.txt"),
        source("src-other", "other.txt"),
    ];
    records.extend((0..300).map(|number| statement(&format!("said-{number}"), "A word.")));
    ledger.append(&records);
    ledger.run(&["checkpoint"], "").succeeded();
    ledger
}

/// Destroys the source, and with `with_sources` its file.
fn expunge(ledger: &Ledger, with_sources: bool) {
    let mut arguments = vec!["expunge", "src-note", "--authority", "order of the court"];
    arguments.extend(["--reason", "sealed", "--yes"]);
    arguments.extend(with_sources.then_some("--with-sources"));
    ledger.run(&arguments, "").succeeded();
    ledger.run(&["checkpoint"], "").succeeded();
}

fn push(ledger: &Ledger, place: &str) -> Ran {
    ledger.run(&["roll", "push", "--json", place], "")
}

/// Returns the files of the server that hold the words.
fn holding(server: &Server) -> Vec<String> {
    let held = server.held();
    let holding = held.files.iter().filter(|(_, bytes)| {
        let mut parts = bytes.windows(WORDS.len());
        parts.any(|part| part == WORDS.as_bytes())
    });
    holding.map(|(path, _)| path.clone()).collect()
}

/// Returns how many source files the server has.
fn sources(server: &Server) -> usize {
    let held = server.held();
    let paths = held.files.keys();
    paths.filter(|path| path.contains("/sources/")).count()
}

#[test]
fn a_destroyed_source_file_goes_from_a_web_server_however_often_the_push_is_interrupted() {
    let ledger = ledger();
    let server = Server::start();
    let place = server.address("roll");
    push(&ledger, &place).succeeded();
    assert!(!holding(&server).is_empty());
    expunge(&ledger, true);

    let mut removed = 0;
    let mut interrupted = 0;
    loop {
        // One file is taken each time, so that it stops at every one.
        server.held().takes = Some(1);
        let pushed = push(&ledger, &place);
        if pushed.code == Some(0) {
            removed += pushed.json()["sources_removed"].as_u64().expect("a count");
            break;
        }
        interrupted += 1;
        assert!(interrupted < 20, "{}", pushed.said);
    }

    server.held().takes = None;
    assert!(interrupted >= 3, "{interrupted}");
    assert!(removed <= 1, "{removed}");
    assert_eq!(holding(&server), Vec::<String>::new());
    assert_eq!(sources(&server), 1);
    ledger.run(&["verify", "--roll", &place], "").succeeded();
}

#[test]
fn a_source_file_that_a_push_without_a_checkpoint_left_goes_too() {
    let ledger = ledger();
    let server = Server::start();
    let place = server.address("roll");
    push(&ledger, &place).succeeded();
    server.held().files.remove("roll/checkpoint");
    expunge(&ledger, true);

    let pushed = push(&ledger, &place);

    assert_eq!(pushed.succeeded().json()["sources_removed"], 1);
    assert_eq!((holding(&server).len(), sources(&server)), (0, 1));
}

#[test]
fn a_source_file_that_is_kept_or_that_another_record_speaks_of_stays() {
    let kept = ledger();
    let spoken = ledger();
    spoken.append(&[source("src-again", "note.txt")]);
    spoken.run(&["checkpoint"], "").succeeded();
    for (ledger, with_sources) in [(kept, false), (spoken, true)] {
        let server = Server::start();
        let place = server.address("roll");
        push(&ledger, &place).succeeded();
        expunge(&ledger, with_sources);

        let pushed = push(&ledger, &place);

        assert_eq!(pushed.succeeded().json()["sources_removed"], 0);
        assert_eq!(sources(&server), 2);
    }
}

/// Clones the ledger from the server into a folder within it.
fn clone(ledger: &Ledger, place: &str) -> Ran {
    ledger.run(&["clone", "--json", place, "ledger/clone"], "")
}

/// Returns the files of the clone that hold the words.
fn holding_in_clone(ledger: &Ledger) -> Vec<String> {
    let mut files = ledger.files("clone");
    files.retain(|name| {
        let bytes = ledger.read(name);
        let mut parts = bytes.windows(WORDS.len());
        parts.any(|part| part == WORDS.as_bytes())
    });
    files
}

#[test]
fn a_clone_that_is_brought_up_to_date_over_http_has_the_words_in_no_file() {
    let ledger = ledger();
    let server = Server::start();
    let place = server.address("roll");
    push(&ledger, &place).succeeded();
    clone(&ledger, &place).succeeded();
    assert!(!holding_in_clone(&ledger).is_empty());
    expunge(&ledger, true);
    push(&ledger, &place).succeeded();

    let cloned = clone(&ledger, &place);

    assert_eq!(cloned.succeeded().json()["sources_removed"], 1);
    assert_eq!(holding_in_clone(&ledger), Vec::<String>::new());
    let there = ["verify", "--ledger", "ledger/clone", "--store"];
    ledger.run(&there, "").succeeded();
}

#[test]
fn a_first_clone_that_was_interrupted_before_the_words_were_destroyed_goes_on_without_them() {
    let ledger = ledger();
    let server = Server::start();
    let place = server.address("roll");
    push(&ledger, &place).succeeded();
    clone(&ledger, &place).succeeded();
    // As it was left before all bundles were there.
    for folder in ["clone/store", "clone/sources"] {
        fs::remove_dir_all(ledger.file(folder)).expect("a folder of the clone");
    }
    for name in ["checkpoint", "ledger.toml", "roll/checkpoint", "roll/tail"] {
        fs::remove_file(ledger.file("clone").join(name)).expect("a file of the clone");
    }
    expunge(&ledger, true);
    push(&ledger, &place).succeeded();

    clone(&ledger, &place).succeeded();

    assert_eq!(holding_in_clone(&ledger), Vec::<String>::new());
}
