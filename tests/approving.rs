//! Keepers who approve of one request at the same time wait for each other, so that
//! no approval is lost.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout, dead_code)]

#[path = "support/ledger.rs"]
mod ledger;

use ledger::Ledger;

/// How often it is tried: it went wrong more often than not before they waited.
const ROUNDS: usize = 8;

#[test]
fn of_two_keepers_who_approve_at_once_both_are_counted() {
    let (ledger, other) = (Ledger::found(), Ledger::found());
    let own = ledger.path().join("keys/keeper");
    let second = other.path().join("keys/keeper");
    let [own, second] = [own, second].map(|path| path.display().to_string());
    let enrol = [
        "key", "add", &second, "--role", "keeper", "--name", "Second",
    ];
    ledger.run(&enrol, "").succeeded();

    for round in 0..ROUNDS {
        let request = ledger.path().join(format!("../request-{round}"));
        let request = request.display().to_string();
        let asked = ["key", "quorum", "2", "--request", &request];
        ledger.run(&asked, "").succeeded();
        let approving = [&own, &second].map(|key| {
            let arguments = ["approve", &request, "--key", key, "--yes"];
            ledger.command(&arguments, "").spawn().expect("a keeper")
        });
        for mut keeper in approving {
            assert!(keeper.wait().expect("a keeper").success(), "round {round}");
        }

        let told = ledger.run(&["approve", &request, "--dry-run", "--json"], "");

        let approved = told.json()["approved"].as_array().map(Vec::len);
        assert_eq!(approved, Some(2), "round {round}");
    }
}
