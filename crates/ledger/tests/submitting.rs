//! Submitting: what is appended, what is dropped, what is refused.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/mod.rs"]
mod support;

use chancery_chain::{Instant, Seq};
use chancery_core::record::{Names, Record};
use chancery_ledger::{Appending, SubmitError, history};
use chancery_store::RollReader;
use ed25519_dalek::SigningKey;
use support::{DAY, Desk, MINUTE, NOON, actor, office, record, seeded};

#[test]
fn a_message_does_not_shift_what_references_point_at() {
    let mut desk = Desk::new();
    let forms = vec![office("kerry"), actor("kerry")];

    let receipt = desk
        .submit_at(forms, NOON, Some("the first dossier"))
        .unwrap();

    let roll = RollReader::open(desk.path()).unwrap();
    let readings = history::readings(&roll, roll.size(), &mut |_, _| {}).unwrap();
    let office = readings
        .reading(receipt.first.get())
        .unwrap()
        .record
        .clone();
    let Record::Office(office) = office else {
        panic!("{office:?}")
    };
    assert_eq!(readings.name(office.person.0), "kerry");
    let last = Seq::new(receipt.first.get() + 3);
    assert_eq!(receipt.last, last, "two records, message, closing");
}

#[test]
fn what_is_held_already_is_dropped_whether_it_has_an_id_or_not() {
    let mut desk = Desk::new();
    desk.submit(vec![actor("kerry"), office("kerry")]);

    let again = desk
        .propose(vec![actor("kerry"), office("kerry"), actor("lavrov")])
        .unwrap();

    assert_eq!((again.records.len(), again.already_held), (1, 2));
}

#[test]
fn a_record_that_stands_twice_in_one_submission_is_appended_once() {
    let desk = Desk::new();
    let twice = vec![
        actor("kerry"),
        actor("kerry"),
        office("kerry"),
        office("kerry"),
    ];

    let proposal = desk.propose(twice).unwrap();

    assert_eq!((proposal.records.len(), proposal.already_held), (2, 2));
}

#[test]
fn an_id_names_one_record_only() {
    let mut desk = Desk::new();
    let other = || record("actor", "id = kerry\nname = Another\nkind = person");

    assert_eq!(desk.faults(vec![actor("kerry"), other()]), ["doubled-id"]);
    desk.submit(vec![actor("kerry")]);
    assert_eq!(desk.faults(vec![other()]), ["id-taken"]);
}

#[test]
fn a_supplement_sets_what_is_absent_and_is_harmless_when_sent_again() {
    let mut desk = Desk::new();
    let ended = || {
        record(
            "supplement",
            "supplements = office-6\nset = {until: 2017-01-20}",
        )
    };
    let again = || {
        record(
            "supplement",
            "supplements = office-6\nset = {until: 2017-01-21}",
        )
    };
    desk.submit(vec![office("kerry"), actor("kerry")]);

    desk.submit(vec![ended()]);

    assert_eq!(desk.propose(vec![ended()]).unwrap().already_held, 1);
    assert_eq!(desk.faults(vec![again()]), ["not-absent"]);
}

#[test]
fn changes_name_earlier_entries_only() {
    let desk = Desk::new();
    let correction = record(
        "correction",
        "corrects = kerry\nreason = x\nset = {name: John}",
    );

    assert_eq!(
        desk.faults(vec![actor("kerry"), correction]),
        ["not-earlier"]
    );
}

#[test]
fn nobody_attests_what_the_same_key_appended() {
    let mut desk = Desk::new();
    desk.submit(vec![actor("kerry")]);

    let attestation = record("attestation", "attests = kerry\ngrounds = read beside it");

    assert_eq!(desk.faults(vec![attestation]), ["same-person"]);
}

#[test]
fn the_ledgers_time_never_goes_back() {
    let mut desk = Desk::new();
    desk.submit_at(vec![actor("a")], NOON + DAY, None).unwrap();

    let clamped = desk
        .submit_at(vec![actor("b")], NOON + DAY - 4 * MINUTE, None)
        .unwrap();
    let behind = desk.submit_at(vec![actor("c")], NOON + DAY - 6 * MINUTE, None);
    let ahead = desk.submit_at(vec![actor("c")], NOON + 402 * DAY, None);

    assert!(matches!(behind, Err(SubmitError::ClockBehind)));
    assert!(matches!(ahead, Err(SubmitError::ClockAhead)));
    let roll = RollReader::open(desk.path()).unwrap();
    let submissions = history::submissions(&roll).unwrap();
    let last = submissions.last().unwrap();
    assert_eq!(
        (last.last, last.recorded_at.micros()),
        (clamped.last, NOON + DAY)
    );
}

#[test]
fn a_key_that_is_not_an_archivists_signs_nothing() {
    let mut desk = Desk::new();
    let proposal = desk.propose(vec![actor("kerry")]).unwrap();
    let before = desk.ledger.head();
    let stranger = SigningKey::from_bytes(&[9; 32]);
    let appending = Appending {
        key: &stranger,
        now: Instant::from_micros(NOON),
        accept_clock_jump: false,
        message: None,
        random: &mut seeded,
    };

    let refused = desk.ledger.append(&proposal, appending);

    assert!(matches!(refused, Err(SubmitError::NotAnArchivist { .. })));
    assert_eq!(desk.ledger.head(), before);
}

#[test]
fn a_message_that_cannot_be_printed_is_refused() {
    let mut desk = Desk::new();

    let refused = desk.submit_at(vec![actor("kerry")], NOON, Some("two\nlines"));

    assert!(matches!(refused, Err(SubmitError::Seal(_))));
}

#[test]
fn private_keys_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    let mode = |path: &str| {
        let metadata = std::fs::metadata(desk.path().join(path)).unwrap();
        metadata.permissions().mode() & 0o777
    };

    for file in ["keys/log", "keys/keeper"] {
        assert_eq!(mode(file), 0o600);
    }
    assert_eq!(mode("keys"), 0o700);
}
