//! A ledger's own roll, served by a web server as it lies: the files of
//! c2sp.org/tlog-tiles, with no source file among them.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/ledger.rs"]
mod ledger;
#[path = "support/server.rs"]
mod server;

use ledger::{Ledger, statement};
use serde_json::Value;
use server::Server;

/// A ledger with a source file and a full bundle, its last submission under no
/// checkpoint, and a server that has its `roll` folder.
fn served() -> (Ledger, Server) {
    let ledger = Ledger::with_a_source_and_a_full_bundle();
    ledger.append(&[statement("later", "Not yet under a checkpoint.")]);
    let server = Server::start();
    for name in ledger.files("roll") {
        let bytes = ledger.read(&name);
        server.held().files.insert(name, bytes);
    }
    (ledger, server)
}

/// Verifies what the server has; returns the exit code, the size and the findings' codes.
fn verified(ledger: &Ledger, server: &Server) -> (Option<i32>, Option<u64>, Vec<String>) {
    let place = server.address("roll");
    let ran = ledger.run(&["verify", "--json", "--roll", &place], "");
    let answer = ran.json();
    let findings = answer["findings"].as_array().expect("findings").iter();
    let codes = findings.filter_map(|finding| finding["code"].as_str().map(str::to_owned));
    (ran.code, answer["size"].as_u64(), codes.collect())
}

#[test]
fn a_ledgers_own_roll_is_verified_over_http_as_far_as_its_checkpoint_with_the_sources_as_a_gap() {
    let (ledger, server) = served();

    assert_eq!(
        verified(&ledger, &server),
        (Some(6), Some(308), vec!["sources-absent".to_owned()])
    );
    // Of what was pushed the source files are a part.
    ledger
        .run(&["roll", "push", &server.address("pushed")], "")
        .succeeded();
    server
        .held()
        .files
        .retain(|path, _| !path.contains("/sources/"));
    let place = server.address("pushed");
    let pushed = ledger.run(&["verify", "--json", "--roll", &place], "");
    assert_eq!(pushed.code, Some(1), "{}", pushed.answer);
    let findings: &Value = &pushed.json()["findings"];
    assert_eq!(findings[0]["code"], "source-missing", "{findings:#}");
}

#[test]
fn damage_of_a_roll_that_is_served_as_it_lies_is_named() {
    let (ledger, server) = served();
    let bodies = server.held().files.get_mut("roll/bodies/000").map(|bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
    });
    assert!(bodies.is_some(), "a full bundle of bodies");

    let (exit, _, codes) = verified(&ledger, &server);

    assert_eq!(exit, Some(1), "{codes:?}");
    assert!(codes.contains(&"body-mismatch".to_owned()), "{codes:?}");
}
