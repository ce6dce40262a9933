//! What the signatures of witnesses, and an auditor's own pin, bring to light.
//!
//! The witness here is a key in the test's hands, so that it can be let say any time.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/ledger.rs"]
mod ledger;

use chancery_chain::Instant;
use chancery_chain::note::{Note, NoteSignature, VerifierKey};
use ed25519_dalek::SigningKey;
use ledger::{Ledger, speaker, statement};
use serde_json::Value;

const WITNESS: &str = "witness.example/w1";
/// Noon on some day, in microseconds since 1970, long before these tests and long after.
const PAST: u64 = 1_472_299_200_000_000;
const FUTURE: u64 = 4_102_488_000_000_000;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// Makes a ledger with a checkpoint, and a policy beside it that asks for the witness.
fn checkpointed() -> Ledger {
    let ledger = Ledger::found();
    ledger.append(&[speaker()]);
    ledger.run(&["checkpoint"], "").succeeded();
    let log = ledger.run(&["key", "list", "--log"], "");
    let log = log.succeeded().answer.trim().to_owned();
    let witness = VerifierKey::cosigner(WITNESS, key().verifying_key()).expect("a witness");
    let policy = format!("log {log}\nwitness w {witness}\nquorum w\n");
    ledger.beside("policy", &policy);
    ledger
}

/// Returns the ledger's checkpoint as the witness cosigned it at this moment.
fn cosigned(ledger: &Ledger, at: u64) -> Note {
    let mut note = Note::parse(&ledger.read("checkpoint")).expect("a checkpoint");
    let text = note.text().to_owned();
    let line = NoteSignature::of_witness(&text, WITNESS, &key(), Instant::from_micros(at));
    note.add(line.expect("a cosignature"));
    note
}

/// Puts a note down as the ledger's own checkpoint.
fn put(ledger: &Ledger, note: &Note) {
    for file in ["checkpoint", "roll/checkpoint"] {
        ledger.write(file, note.to_string().as_bytes());
    }
}

fn codes(answer: &Value) -> Vec<&str> {
    let findings = answer["findings"].as_array().expect("findings");
    findings
        .iter()
        .filter_map(|finding| finding["code"].as_str())
        .collect()
}

#[test]
fn entries_dated_before_a_time_that_a_witness_vouches_for_are_named() {
    let ledger = checkpointed();
    let note = cosigned(&ledger, FUTURE);
    ledger.beside("kept", &note.to_string());
    let (exit, before) = ledger.verify(&["--against", "kept", "--policy", "policy"]);
    assert_eq!(codes(&before), ["checkpoint-disbelieved"], "{exit:?}");
    put(&ledger, &note);
    assert_eq!(
        ledger
            .verify(&["--against", "kept", "--policy", "policy"])
            .0,
        Some(0)
    );

    ledger.append(&[statement("b", "b"), statement("c", "c")]);
    let (exit, after) = ledger.verify(&["--against", "kept", "--policy", "policy"]);

    assert_eq!(exit, Some(1));
    // By the ledger's own checkpoint, and by the one that was kept.
    assert_eq!(codes(&after), ["back-dated", "back-dated"]);
    let size = after["size"].as_u64().expect("a size");
    assert_eq!(after["findings"][0]["first"], size - 3);
    assert_eq!(after["findings"][0]["last"], size - 1);
    assert_eq!(after["findings"][1]["file"], "kept");
    assert_eq!(after["findings"][0]["expected"], "2100-01-01T12:00:00Z");
    // Without the witness's key nobody can say when anything was.
    assert_eq!(ledger.verify(&["--against", "kept"]).0, Some(0));
}

#[test]
fn entries_that_were_seen_in_time_are_not_accused_by_a_checkpoint_that_was_cosigned_late() {
    let ledger = checkpointed();
    let old = cosigned(&ledger, FUTURE);
    ledger.beside("old", &old.to_string());
    ledger.append(&[statement("b", "b"), statement("c", "c")]);
    ledger.run(&["checkpoint"], "").succeeded();
    let (in_time, late) = (cosigned(&ledger, PAST), cosigned(&ledger, FUTURE));
    put(&ledger, &late);
    let asked = ["--policy", "policy", "--against", "old"];
    // Nobody saw them but long after the time that they claim.
    let (exit, answer) = ledger.verify(&asked);
    assert_eq!((exit, codes(&answer)), (Some(1), vec!["back-dated"]));

    // A witness that saw them at once, or whose clock is behind.
    put(&ledger, &in_time);
    let (exit, answer) = ledger.verify(&asked);

    assert_eq!((exit, codes(&answer)), (Some(0), vec![]));
    // What came later still nobody has seen.
    ledger.append(&[statement("d", "d")]);
    let (exit, answer) = ledger.verify(&asked);
    assert_eq!((exit, codes(&answer)), (Some(1), vec!["back-dated"]));
    let size = answer["size"].as_u64().expect("a size");
    assert_eq!(answer["findings"][0]["first"], size - 2);
}

#[test]
fn entries_dated_after_the_time_are_in_order() {
    let ledger = checkpointed();
    let note = cosigned(&ledger, PAST);
    put(&ledger, &note);

    ledger.append(&[statement("b", "b")]);
    let (exit, answer) = ledger.verify(&["--policy", "policy"]);

    assert_eq!((exit, codes(&answer)), (Some(0), vec![]));
    assert_eq!(answer["verdict"], "authentic");
    assert_eq!(answer["signed"][0]["cosigned"][0]["witness"], "w");
    assert_eq!(answer["signed"][0]["seen"], "2016-08-27T12:00:00Z");
}

#[test]
fn a_checkpoint_with_swapped_cosignatures_is_not_believed() {
    let ledger = checkpointed();
    let earlier = cosigned(&ledger, PAST);
    ledger.append(&[statement("b", "b")]);
    ledger.run(&["checkpoint"], "").succeeded();
    let mut swapped = Note::parse(&ledger.read("checkpoint")).expect("a checkpoint");
    swapped.add(earlier.signatures()[1].clone());
    put(&ledger, &swapped);

    let (exit, answer) = ledger.verify(&["--policy", "policy"]);

    assert_eq!(exit, Some(1));
    assert_eq!(codes(&answer), ["checkpoint-disbelieved"]);
    let message = answer["findings"][0]["message"]
        .as_str()
        .expect("a message");
    assert!(message.ends_with("the signature that names key witness.example/w1 is not by it"));
}

#[test]
fn a_checkpoint_kept_elsewhere_that_nobody_cosigned_is_a_notice() {
    let ledger = checkpointed();
    ledger.beside(
        "kept",
        &String::from_utf8(ledger.read("checkpoint")).expect("text"),
    );
    put(&ledger, &cosigned(&ledger, PAST));

    let (exit, answer) = ledger.verify(&["--policy", "policy", "--against", "kept"]);

    assert_eq!(
        (exit, codes(&answer)),
        (Some(0), vec!["checkpoint-uncosigned"])
    );
}

#[test]
fn a_ledger_without_a_checkpoint_satisfies_no_policy() {
    let with = checkpointed();
    let ledger = Ledger::found();
    let log = with.run(&["key", "list", "--log"], "");
    let key = log.succeeded().answer.trim();

    let (exit, answer) = ledger.verify(&["--key", key]);

    assert_eq!(
        (exit, codes(&answer)),
        (Some(1), vec!["checkpoint-disbelieved"])
    );
}
