//! `kill -9` while appending: what was acknowledged is there, nothing is there by
//! half, the ledger verifies and goes on.
//!
//! A killed process loses nothing that the system had taken from it; power cuts are
//! simulated where the files are written, in `crates/store`.
//! `CRASH_SEED=N CRASH_ROUNDS=N cargo test --test crash -- --nocapture` tries others.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/ledger.rs"]
mod ledger;

use std::collections::BTreeMap;
use std::process::Output;
use std::thread::sleep;
use std::time::{Duration, Instant};

use ledger::{Ledger, Ran, Random, source, speaker, statement};
use serde_json::Value;

/// From this length on, a tail is put into bundles by the next submission.
const LONG_TAIL: u64 = 16 << 20;
/// The longest that a round appends before it kills.
const LONGEST: Duration = Duration::from_millis(150);
/// What a killed writer may leave behind, without anything being wrong.
const HARMLESS: [&str; 5] =
    ["tail-torn", "tail-stray-bytes", "checkpoint-behind", "stray-file", "source-unreferenced"];

/// A submission as it was sent.
struct Sent {
    lines: Vec<String>,
    ids: Vec<String>,
    checkpoint: bool,
    /// The receipt, if it was printed to its end.
    receipt: Option<Value>,
}

/// A ledger under trial.
struct Trial {
    ledger: Ledger,
    random: Random,
    sent: Vec<Sent>,
    tally: BTreeMap<String, u64>,
}

#[test]
fn a_hundred_killed_writers_lose_nothing_and_leave_nothing_by_half() {
    let rounds = std::env::var("CRASH_ROUNDS").map_or(100, |text| text.parse().expect("a number"));
    let mut trial = Trial::new();

    for round in 0..rounds {
        if round % 30 == 10 {
            trial.fill_the_tail();
        }
        let in_flight = trial.append_until_killed();
        trial.the_ledger_is_intact();
        let recorded = trial.what_is_there_was_sent(in_flight);
        trial.sending_again_is_harmless(in_flight, recorded);
        if round % 20 == 19 {
            trial.every_word_is_there();
        }
    }
    trial.every_word_is_there();

    println!("{rounds} rounds, {} submissions: {:#?}", trial.sent.len(), trial.tally);
}

impl Trial {
    fn new() -> Self {
        let random = Random::seeded("CRASH_SEED", 20_160_826);
        let (sent, tally) = (Vec::new(), BTreeMap::new());
        let mut trial = Self { ledger: Ledger::found(), random, sent, tally };
        trial.ledger.beside("note.txt", "what was noted\n");
        let lines = vec![speaker()];
        trial.deliver(Sent { lines, ids: vec!["usa".into()], checkpoint: false, receipt: None });
        trial
    }

    /// Appends until the tail is so long that the next submission finds it full.
    fn fill_the_tail(&mut self) {
        while self.tail_length() < LONG_TAIL {
            let sent = self.submission(120, 58_000, false);
            self.deliver(sent);
        }
    }

    fn tail_length(&self) -> u64 {
        std::fs::metadata(self.ledger.file("roll/tail")).expect("a tail").len()
    }

    fn count(&mut self, what: &str) {
        *self.tally.entry(what.to_owned()).or_default() += 1;
    }

    /// Makes up a submission of statements of about this length.
    fn submission(&mut self, records: u64, length: u64, checkpoint: bool) -> Sent {
        let number = self.sent.len();
        let mut ids: Vec<String> = (0..records).map(|at| format!("s-{number}-{at}")).collect();
        let mut lines = Vec::new();
        for id in &ids {
            let length = length / 2 + self.random.below(length / 2);
            lines.push(statement(id, &words(id, length)));
        }
        if self.random.below(8) == 0 {
            let id = format!("source-{number}");
            let file = format!("{id}.txt");
            self.ledger.beside(&file, &words(&id, 3_000));
            lines.push(source(&id, &file));
            ids.push(id);
        }
        Sent { lines, ids, checkpoint, receipt: None }
    }

    /// Draws what to send next: mostly little, at times much.
    fn draw(&mut self) -> Sent {
        let checkpoint = self.random.below(6) == 0;
        let few = 1 + self.random.below(6);
        match self.random.below(10) {
            0 => self.submission(5 * few, 55_000, checkpoint),
            1 | 2 => self.submission(10 * few, 1_500, checkpoint),
            _ => self.submission(few, 200, checkpoint),
        }
    }

    /// Appends without being killed.
    fn deliver(&mut self, mut sent: Sent) {
        let ran = self.ledger.run(&arguments(&sent), &sent.lines.join("\n"));
        sent.receipt = Some(ran.succeeded().json());
        self.sent.push(sent);
    }

    /// Appends one submission after the other until a random moment, and kills the
    /// writer that is at work then; returns which submission that was.
    fn append_until_killed(&mut self) -> usize {
        let longest = u64::try_from(LONGEST.as_micros()).expect("a short time");
        let end = Instant::now() + Duration::from_micros(self.random.below(longest));
        loop {
            let was_full = self.tail_length() >= LONG_TAIL;
            let mut sent = self.draw();
            let (output, killed) = self.run_until(&sent, end);
            let ran = Ran::of(&["append"], &output);
            if ran.answer.contains('\n') {
                sent.receipt = Some(ran.json());
            }
            let is_full = self.tail_length() >= LONG_TAIL;
            self.sent.push(sent);
            if !killed {
                ran.succeeded();
                self.count("ended by itself");
                continue;
            }
            let acknowledged = ran.answer.contains('\n');
            self.count(if acknowledged { "killed, acknowledged" } else { "killed, silent" });
            if was_full {
                self.count(if is_full { "killed, tail full" } else { "killed, tail put away" });
            }
            return self.sent.len() - 1;
        }
    }

    fn run_until(&self, sent: &Sent, end: Instant) -> (Output, bool) {
        let mut command = self.ledger.command(&arguments(sent), &sent.lines.join("\n"));
        let mut child = command.spawn().expect("a writer");
        let mut killed = false;
        while child.try_wait().expect("a writer's state").is_none() {
            if Instant::now() >= end {
                child.kill().expect("a writer that can be killed");
                killed = true;
                break;
            }
            sleep(Duration::from_micros(100));
        }
        let output = child.wait_with_output().expect("what the writer said");
        (output, killed && !matches!(output_code(&child_code(&killed)), Some(0)))
    }
}
