//! Pushes and clones that are killed in the middle go on where they were, and whoever
//! looks meanwhile never finds a roll by half.
//!
//! `CARRIED_SEED=N cargo test --test carried -- --nocapture` kills at other moments.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/ledger.rs"]
mod ledger;
#[path = "support/server.rs"]
mod server;

use std::thread::sleep;
use std::time::Duration;

use ledger::{Ledger, Ran, Random, speaker, statement};
use server::Server;

/// How many files of a bundle's sort are under way at once.
const AT_ONCE: usize = 8;

/// Makes a ledger of 1,008 entries under a checkpoint: four bundles.
fn ledger() -> Ledger {
    let ledger = Ledger::found();
    ledger.append(&[speaker()]);
    let said = |number: u64| statement(&format!("said-{number}"), &format!("Word {number}."));
    ledger.append(&(0..1000).map(said).collect::<Vec<_>>());
    ledger.run(&["checkpoint"], "").succeeded();
    ledger
}

/// Runs a command again and again, killing it sooner or later, until it comes to its end
/// by itself; returns how often it was killed.
fn killed_until_done(ledger: &Ledger, arguments: &[&str], random: &mut Random) -> usize {
    for killed in 0..100 {
        let mut running = ledger.command(arguments, "").spawn().expect("the command");
        // Later each time, so that it comes to its end however slow the machine is.
        let longest = 40 + 60 * killed as u64;
        sleep(Duration::from_millis(20 + random.below(longest)));
        if running.try_wait().expect("a command").is_some() {
            let output = running.wait_with_output().expect("what it said");
            Ran::of(arguments, &output).succeeded();
            return killed;
        }
        running.kill().expect("a killed command");
        running.wait().expect("a dead command");
    }
    panic!("{arguments:?} does not come to its end");
}

#[test]
fn a_push_that_is_killed_in_the_middle_goes_on_where_it_was() {
    let mut random = Random::seeded("CARRIED_SEED", 1_648);
    let ledger = ledger();
    let server = Server::start();
    server.held().pace = Duration::from_millis(15);
    let place = server.address("roll");

    let killed = killed_until_done(&ledger, &["roll", "push", &place], &mut random);

    server.held().pace = Duration::ZERO;
    let files = server.held().files.len();
    let sent = server.count("PUT");
    println!("{killed} kills, {sent} files sent of {files}");
    // Only what was under way when it was killed is sent again.
    assert!(sent <= files + killed * AT_ONCE, "{sent} of {files}");
    let verified = ledger.run(&["verify", "--roll", &place], "");
    verified.succeeded();
    let again = ledger.run(&["roll", "push", &place, "--every"], "");
    assert!(
        again.succeeded().answer.contains("put: 0 files"),
        "{}",
        again.answer
    );
}

#[test]
fn while_a_push_is_killed_again_and_again_the_old_checkpoint_and_all_it_covers_are_there() {
    let mut random = Random::seeded("CARRIED_SEED", 1_648);
    let ledger = ledger();
    let place = "published";
    ledger.run(&["roll", "push", place], "").succeeded();
    let said = |number: u64| statement(&format!("more-{number}"), &format!("More {number}."));
    ledger.append(&(0..700).map(said).collect::<Vec<_>>());
    ledger.run(&["checkpoint"], "").succeeded();

    for _ in 0..6 {
        let push = ["roll", "push", place];
        let mut running = ledger.command(&push, "").spawn().expect("the command");
        sleep(Duration::from_millis(random.below(60)));
        running.kill().expect("a killed command");
        running.wait().expect("a dead command");

        let (exit, answer) = ledger.verify(&["--roll", place]);

        assert_eq!(exit, Some(0), "{answer:#}");
        assert!([1008, 1709].contains(&answer["size"].as_u64().expect("a size")));
    }

    ledger
        .run(&["roll", "push", place, "--prune"], "")
        .succeeded();
    let (_, answer) = ledger.verify(&["--roll", place]);
    assert_eq!(
        (&answer["size"], &answer["findings"]),
        (&1709.into(), &serde_json::json!([]))
    );
}

#[test]
fn a_clone_that_is_killed_in_the_middle_goes_on_where_it_was() {
    let mut random = Random::seeded("CARRIED_SEED", 1_648);
    let ledger = ledger();
    let server = Server::start();
    let place = server.address("roll");
    ledger.run(&["roll", "push", &place], "").succeeded();
    server.held().pace = Duration::from_millis(15);
    server.count("GET");

    let killed = killed_until_done(&ledger, &["clone", &place, "clone"], &mut random);

    let asked = server.count("GET");
    println!("{killed} kills, {asked} files asked for");
    server.held().pace = Duration::ZERO;
    let clone = ledger.path().with_file_name("clone");
    let clone = clone.to_str().expect("a plain path");
    let verified = ledger.run(&["verify", "--ledger", clone, "--store"], "");
    verified.succeeded();
    let (_, here) = ledger.verify(&[]);
    let there = ledger
        .run(&["verify", "--json", "--ledger", clone], "")
        .json();
    assert_eq!(here["head"], there["head"]);
}
