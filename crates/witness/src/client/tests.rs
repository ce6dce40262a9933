//! Tests of asking: against the witness itself, and against answers that make no sense.

use chancery_chain::Checkpoint;
use tempfile::TempDir;

use super::*;
use crate::memory::Memory;
use crate::testing::{Log, at, cosigner, witness};
use crate::witness::{Answer, Witness};

fn remembering() -> (TempDir, Witness) {
    let folder = TempDir::new().unwrap();
    Memory::create(folder.path()).unwrap();
    let witness = witness(folder.path());
    (folder, witness)
}

/// Answers as the witness does over HTTP.
fn reply(witness: &Witness, body: &[u8]) -> Reply {
    let (status, body) = match witness.add(body, at(5)) {
        Answer::Cosigned(line) => (200, format!("{line}\n")),
        Answer::Malformed(fault) => (400, fault),
        Answer::Unknown => (404, String::new()),
        Answer::Unsigned => (403, String::new()),
        Answer::Conflict(size) => (409, format!("{size}\n")),
        Answer::Inconsistent(fault) => (422, fault),
        Answer::Failed => (500, String::new()),
    };
    let body = body.into_bytes();
    Reply { status, body }
}

/// Asks for a checkpoint of this log; returns what came of it, and after how many requests.
fn asked(
    log: &Log,
    size: u64,
    guess: u64,
    answer: &mut dyn FnMut(&[u8]) -> Reply,
) -> (Result<Vec<NoteSignature>, CosignError>, u32) {
    let mut times = 0;
    let cosigned = cosign(
        &log.note(size),
        Size::new(guess),
        &mut |from| Ok(log.proof(from.get(), size)),
        &mut |body| {
            times += 1;
            Ok(answer(&body))
        },
    );
    (cosigned, times)
}

#[test]
fn a_witness_is_asked_once_if_the_guess_is_right_and_twice_if_not() {
    let (_folder, witness) = remembering();
    let log = Log::grown(1, 30);

    for (size, guess, expected) in [
        (5, 0, 1),
        (9, 5, 1),
        (9, 0, 2),
        (12, 0, 2),
        (30, 99, 2),
        (30, 30, 1),
    ] {
        let (cosigned, times) = asked(&log, size, guess, &mut |body| reply(&witness, body));

        let mut note = log.note(size);
        cosigned
            .unwrap()
            .into_iter()
            .for_each(|line| note.add(line));
        assert!(note.verify(&[cosigner()]).is_ok());
        assert_eq!(times, expected, "{guess} to {size}");
    }
}

#[test]
fn a_ledger_put_back_and_another_history_are_told_apart() {
    let (_folder, witness) = remembering();
    let log = Log::grown(1, 30);
    asked(&log, 20, 0, &mut |body| reply(&witness, body))
        .0
        .unwrap();
    let other = log.forked(10, 2, 30);

    let told = |log: &Log, size| {
        let (refused, _) = asked(log, size, 0, &mut |body| reply(&witness, body));
        let refused = refused.unwrap_err();
        assert!(refused.is_contradiction());
        refused.to_string()
    };

    assert_eq!(
        told(&log, 15),
        "the witness has seen 20 entries of this ledger, which has 15"
    );
    let elsewhere = "the witness has seen other entries at the first 20 places of this ledger";
    assert_eq!(told(&other, 20), elsewhere);
    assert_eq!(told(&other, 30), elsewhere);
}

#[test]
fn every_other_answer_has_its_own_words() {
    let log = Log::grown(1, 30);
    for (status, body, expected) in [
        (404, "", "the witness does not know this ledger"),
        (403, "", "the witness knows this ledger by another key"),
        (
            400,
            "no\nmore",
            "the witness's answer is not one of its protocol's: 400, no",
        ),
        (
            422,
            "",
            "the witness's answer is not one of its protocol's: 422",
        ),
        (
            500,
            "",
            "the witness's answer is not one of its protocol's: 500",
        ),
        (
            200,
            "yes\n",
            "the witness's answer is not one of its protocol's: 200, yes",
        ),
        (
            200,
            "",
            "the witness's answer is not one of its protocol's: 200",
        ),
        (
            409,
            "many\n",
            "the witness's answer is not one of its protocol's: 409, many",
        ),
        (
            409,
            "7",
            "the witness's answer is not one of its protocol's: 409, 7",
        ),
        (
            409,
            "0\n",
            "the witness's answer is not one of its protocol's: 409, 0",
        ),
    ] {
        let body = body.as_bytes().to_vec();
        let (refused, _) = asked(&log, 9, 0, &mut |_| Reply {
            status,
            body: body.clone(),
        });

        let refused = refused.unwrap_err();
        assert_eq!(refused.to_string(), expected);
        assert!(!refused.is_contradiction());
    }
}

#[test]
fn a_witness_that_calls_another_tree_of_the_same_size_inconsistent_is_understood() {
    let log = Log::grown(1, 9);

    let (refused, _) = asked(&log, 9, 0, &mut |body| Reply {
        status: if body.starts_with(b"old 0") { 409 } else { 422 },
        body: b"9\n".to_vec(),
    });

    assert!(matches!(refused, Err(CosignError::OtherHistory { .. })));
}

#[test]
fn who_is_overtaken_twice_gives_up() {
    let mut sizes = 5..;

    let (refused, times) = asked(&Log::grown(1, 30), 30, 0, &mut |_| Reply {
        status: 409,
        body: format!("{}\n", sizes.next().unwrap()).into_bytes(),
    });

    assert!(matches!(refused, Err(CosignError::Overtaken)));
    assert_eq!(times, 2);
}

#[test]
fn what_fails_at_home_is_passed_on() {
    let log = Log::grown(1, 9);
    let failed = || Err("the line is dead".into());

    let unsent = cosign(
        &log.note(9),
        Size::EMPTY,
        &mut |_| Ok(Vec::new()),
        &mut |_| failed(),
    );
    let unproved = cosign(
        &log.note(9),
        Size::new(3),
        &mut |_| Err("the disk is dead".into()),
        &mut |_| failed(),
    );
    let other = Note::new("no checkpoint\n").unwrap();
    let none = cosign(&other, Size::EMPTY, &mut |_| Ok(Vec::new()), &mut |_| {
        failed()
    });

    assert!(matches!(unsent, Err(CosignError::Send(_))));
    assert!(matches!(unproved, Err(CosignError::Prove(_))));
    assert!(matches!(none, Err(CosignError::NoCheckpoint)));
    assert!(Checkpoint::parse(other.text()).is_err());
}
