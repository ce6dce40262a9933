//! A ledger is repaired from a roll that a web server has. What is fetched lies in a
//! temporary folder, of which nothing stays, whatever comes of it.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/ledger.rs"]
mod ledger;
#[path = "support/server.rs"]
mod server;

use std::fs;

use ledger::{Ledger, Ran};
use serde_json::Value;
use server::Server;
use tempfile::TempDir;

/// A ledger that was published, and the server that has it.
fn published() -> (Ledger, Server) {
    let ledger = Ledger::with_a_source_and_a_full_bundle();
    let server = Server::start();
    ledger
        .run(&["roll", "push", &server.address("roll")], "")
        .succeeded();
    (ledger, server)
}

/// Repairs the ledger from the server; nothing may stay of what was fetched.
fn repair(ledger: &Ledger, server: &Server) -> Ran {
    let temporary = TempDir::new().expect("a temporary folder");
    let arguments = ["repair", "--json", "--from", &server.address("roll")];
    let output = ledger
        .command(&arguments, "")
        .env("TMPDIR", temporary.path())
        .output()
        .expect("the command");
    let left = fs::read_dir(temporary.path()).expect("the folder").count();
    assert_eq!(left, 0, "something was left behind");
    Ran::of(&arguments, &output)
}

fn lose(ledger: &Ledger) {
    for folder in ["roll/tile/entries", "roll/bodies", "store", "sources"] {
        fs::remove_dir_all(ledger.file(folder)).expect("a folder of the ledger");
    }
}

#[test]
fn a_ledger_is_repaired_over_http_and_nothing_stays_behind() {
    let (whole, server) = published();
    let ledger = whole.copy();
    lose(&ledger);

    let told = repair(&ledger, &server);

    told.succeeded();
    let (exit, answer) = ledger.verify(&["--store"]);
    assert_eq!(
        (exit, &answer["findings"]),
        (Some(0), &Value::Array(Vec::new()))
    );
    assert!(ledger.log() == whole.log() && ledger.export() == whole.export());
}

#[test]
fn what_the_server_has_no_more_is_named_and_nothing_stays_behind() {
    let (whole, server) = published();
    let ledger = whole.copy();
    lose(&ledger);
    server
        .held()
        .files
        .retain(|path, _| !path.contains("/bodies/000"));

    let told = repair(&ledger, &server);

    assert_eq!(told.code, Some(1), "{}{}", told.answer, told.said);
    let lost = &told.json()["left"][0];
    let named = (&lost["code"], lost["first"].as_u64(), lost["last"].as_u64());
    assert_eq!(named, (&"body-lost".into(), Some(5), Some(255)));
}

#[test]
fn a_server_without_a_roll_or_with_an_altered_source_is_told_and_nothing_stays_behind() {
    let (whole, server) = published();
    let ledger = whole.copy();
    lose(&ledger);
    for (path, bytes) in &mut server.held().files {
        if path.contains("/sources/") {
            bytes[0] ^= 1;
        }
    }

    let told = repair(&ledger, &server);

    assert_eq!(told.code, Some(1), "{}{}", told.answer, told.said);
    let left = told.json()["left"].clone();
    let codes = [&left[0]["code"], &left[1]["code"]];
    assert_eq!(codes, ["copy-damaged", "source-missing"]);

    server.held().files.clear();
    let told = repair(&ledger, &server);
    assert_eq!(told.code, Some(1), "{}{}", told.answer, told.said);
    assert!(
        told.said.contains("there is no checkpoint at"),
        "{}",
        told.said
    );
}
