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

/// From this length on, one large submission makes the tail so long (16 MiB) that
/// the writer puts it into bundles before it lets go of the ledger.
const LONG_TAIL: u64 = 12 << 20;
/// The longest that a round appends before it kills.
const LONGEST: Duration = Duration::from_millis(150);
/// What a killed writer may leave behind, without anything being wrong.
const HARMLESS: [&str; 5] = [
    "tail-torn",
    "tail-stray-bytes",
    "checkpoint-behind",
    "stray-file",
    "source-unreferenced",
];

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
        if round % 45 == 11 {
            trial.fill_the_tail();
        }
        let in_flight = trial.append_until_killed();
        trial.the_ledger_is_intact();
        let recorded = trial.what_is_there_was_sent(in_flight);
        // A writer that is not killed puts a full tail away: leave it to several that are.
        if trial.tail_length() < LONG_TAIL || round % 5 == 0 {
            trial.sending_again_is_harmless(in_flight, recorded);
        } else {
            trial.settle(in_flight, recorded);
        }
        if round % 50 == 49 {
            trial.every_word_is_there();
        }
    }

    println!(
        "{rounds} rounds, {} submissions: {:#?}",
        trial.sent.len(),
        trial.tally
    );
}

impl Trial {
    fn new() -> Self {
        let random = Random::seeded("CRASH_SEED", 20_160_826);
        let (sent, tally) = (Vec::new(), BTreeMap::new());
        let mut trial = Self {
            ledger: Ledger::found(),
            random,
            sent,
            tally,
        };
        trial.ledger.beside("note.txt", "what was noted\n");
        let lines = vec![speaker()];
        trial.deliver(Sent {
            lines,
            ids: vec!["usa".into()],
            checkpoint: false,
            receipt: None,
        });
        trial
    }

    /// Appends until one large submission more fills the tail.
    fn fill_the_tail(&mut self) {
        for _ in 0..=LONG_TAIL / (40 * 58_000) {
            if self.tail_length() >= LONG_TAIL {
                return;
            }
            let sent = self.submission(40, 58_000, false);
            self.deliver(sent);
        }
    }

    fn tail_length(&self) -> u64 {
        std::fs::metadata(self.ledger.file("roll/tail"))
            .expect("a tail")
            .len()
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
            let id = format!("src-{number}");
            let file = format!("{id}.txt");
            self.ledger.beside(&file, &words(&id, 3_000));
            lines.push(source(&id, &file));
            ids.push(id);
        }
        Sent {
            lines,
            ids,
            checkpoint,
            receipt: None,
        }
    }

    /// Draws what to send next: mostly little, at times much.
    fn draw(&mut self) -> Sent {
        if self.tail_length() >= LONG_TAIL {
            return self.submission(90, 58_000, false);
        }
        let checkpoint = self.random.below(6) == 0;
        let few = 1 + self.random.below(6);
        match self.random.below(10) {
            0 => self.submission(3 * few, 50_000, checkpoint),
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
        // To read a full tail and to put it into bundles takes longer.
        let times = if self.tail_length() < LONG_TAIL { 1 } else { 2 };
        let delay = self.random.below(longest * times);
        let end = Instant::now() + Duration::from_micros(delay);
        loop {
            let tail = self.tail_length();
            let mut sent = self.draw();
            let (output, killed) = self.run_until(&sent, end);
            let ran = Ran::of(&["append"], &output);
            if ran.answer.contains('\n') {
                sent.receipt = Some(ran.json());
            }
            let acknowledged = sent.receipt.is_some();
            self.sent.push(sent);
            self.note_a_full_tail(tail, killed);
            if killed {
                let word = ["silent", "acknowledged"][usize::from(acknowledged)];
                self.count(&format!("killed, {word}"));
                return self.sent.len() - 1;
            }
            ran.succeeded();
            self.count("ended by itself");
        }
    }

    /// Counts what became of a tail that was this long, if it was long enough to go into bundles.
    fn note_a_full_tail(&mut self, before: u64, killed: bool) {
        if before >= LONG_TAIL {
            let rolled = if self.tail_length() < before {
                "put into bundles"
            } else {
                "as before"
            };
            let killed = if killed { "killed" } else { "not killed" };
            self.count(&format!("tail full, {killed}: {rolled}"));
        }
    }

    fn run_until(&self, sent: &Sent, end: Instant) -> (Output, bool) {
        let mut command = self
            .ledger
            .command(&arguments(sent), &sent.lines.join("\n"));
        let mut child = command.spawn().expect("a writer");
        while child.try_wait().expect("a writer's state").is_none() {
            if Instant::now() >= end {
                child.kill().expect("a writer that can be killed");
                break;
            }
            sleep(Duration::from_micros(100));
        }
        let output = child.wait_with_output().expect("what the writer said");
        let killed = output.status.code().is_none();
        (output, killed)
    }

    /// Verifies before any writer has been there to mend anything.
    fn the_ledger_is_intact(&mut self) {
        let (code, answer) = self.ledger.verify(&[]);

        assert_eq!(
            (code, &answer["intact"]),
            (Some(0), &Value::Bool(true)),
            "{answer:#}"
        );
        for finding in answer["findings"].as_array().expect("findings") {
            let code = finding["code"].as_str().expect("a code");
            assert!(HARMLESS.contains(&code), "{finding:#}");
            self.count(code);
        }
    }

    /// Compares the log with what was sent: every submission in it is one that was
    /// sent, whole and in order, and every one acknowledged is there as its receipt
    /// says. Returns whether the one in flight is there.
    fn what_is_there_was_sent(&self, in_flight: usize) -> bool {
        let log = self.ledger.log();
        let mut there = log.iter().skip(1);
        let mut recorded = false;
        for (number, sent) in self.sent.iter().enumerate() {
            if sent.receipt.is_none() && number != in_flight {
                continue;
            }
            let Some(found) = there.next() else {
                assert!(
                    sent.receipt.is_none(),
                    "acknowledged and lost: {:?}",
                    sent.receipt
                );
                continue;
            };
            assert_eq!(
                ids(found),
                sent.ids,
                "submission {number} is not there as it was sent"
            );
            let Some(receipt) = &sent.receipt else {
                recorded = true;
                continue;
            };
            recorded |= number == in_flight;
            for member in ["submission", "first", "last"] {
                assert_eq!(
                    found[member], receipt[member],
                    "{member} of submission {number}"
                );
            }
            assert_eq!(closing(found)["hash"], receipt["head"]);
        }
        assert!(
            there.next().is_none(),
            "something is there that was not sent"
        );
        recorded
    }

    /// Sends the submission in flight again: it is recorded now, or was before.
    fn sending_again_is_harmless(&mut self, in_flight: usize, recorded: bool) {
        let sent = &self.sent[in_flight];
        let ran = self.ledger.run(&arguments(sent), &sent.lines.join("\n"));
        let receipt = ran.succeeded().json();

        let all = sent.ids.len();
        let (new, held) = if recorded { (0, all) } else { (all, 0) };
        let expected = (Some(new as u64), Some(held as u64));
        assert_eq!(
            (
                receipt["records"].as_u64(),
                receipt["already_held"].as_u64()
            ),
            expected
        );
        if !recorded {
            self.sent[in_flight].receipt = Some(receipt);
        }
        self.settle(in_flight, recorded);
    }

    /// Enters what became of the submission in flight: it stays recorded, or stays lost.
    fn settle(&mut self, in_flight: usize, recorded: bool) {
        if recorded && self.sent[in_flight].receipt.is_none() {
            self.count("killed, silent, recorded all the same");
            let log = self.ledger.log();
            let found = log.last().expect("a submission");
            let mut receipt = found.clone();
            receipt["head"] = closing(found)["hash"].clone();
            self.sent[in_flight].receipt = Some(receipt);
        }
    }

    /// Compares every record that was sent with what is exported, and the store with the roll.
    fn every_word_is_there(&self) {
        let exported: BTreeMap<String, Value> = self
            .ledger
            .export()
            .into_iter()
            .map(|record| (record["id"].as_str().expect("an id").to_owned(), record))
            .collect();

        let mut records = 0;
        let recorded = self.sent.iter().filter(|sent| sent.receipt.is_some());
        for sent in recorded {
            for (id, line) in sent.ids.iter().zip(&sent.lines) {
                let sent: Value = serde_json::from_str(line).expect("the record that was sent");
                let found = exported.get(id).unwrap_or_else(|| panic!("{id} is lost"));
                for member in ["record", "text", "title"] {
                    assert_eq!(found[member], sent[member], "{member} of {id}");
                }
                records += 1;
            }
        }
        assert_eq!(exported.len(), records, "more is there than was sent");
        let (code, answer) = self.ledger.verify(&["--store"]);
        assert_eq!(code, Some(0), "{answer:#}");
    }
}

fn arguments(sent: &Sent) -> Vec<&'static str> {
    let mut arguments = vec!["append", "-", "--json"];
    if sent.checkpoint {
        arguments.push("--checkpoint");
    }
    arguments
}

/// Returns the last entry of a submission, as the log tells it.
fn closing(submission: &Value) -> &Value {
    let entries = submission["entries"].as_array().expect("entries");
    entries.last().expect("a closing")
}

/// Returns the ids of a submission's records, as the log tells them.
fn ids(submission: &Value) -> Vec<String> {
    let entries = submission["entries"].as_array().expect("entries");
    let ids = entries.iter().filter_map(|entry| entry["id"].as_str());
    ids.map(str::to_owned).collect()
}

/// Returns a text of at least this length that no other record has.
fn words(id: &str, length: u64) -> String {
    let length = usize::try_from(length).expect("a text that fits");
    let mut text = String::new();
    for number in 0.. {
        if text.len() >= length {
            break;
        }
        text.push_str(&format!("{id} said word {number}. "));
    }
    text
}
