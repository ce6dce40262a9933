//! Bodies destroyed by an entry that says so, and by how many keepers.

use super::*;
use crate::expunging::{Expunging, Quorum};

/// The first record of [`ledger`], and the entry by which its body is destroyed.
const RECORD: Seq = Seq::new(5);
const EXPUNGING: Seq = Seq::new(11);

fn expunging(seq: u64) -> Draft {
    Draft::Act(Act::Expunge(Expunging {
        seq: Seq::new(seq),
        id: String::new(),
        authority: "decision-12".to_owned(),
        reason: "names a person under protection".to_owned(),
    }))
}

/// Entries 5 to 9 are records; entry 11 destroys the body of entry 5, and has.
fn ledger() -> Ledger {
    let mut ledger = Ledger::with(&[5]);
    ledger.append(vec![expunging(5)], KEEPER, 3);
    ledger.entries[5].slot = Slot::Expunged(EXPUNGING);
    ledger
}

fn quorum(keepers: u8) -> Draft {
    Draft::Act(Act::SetQuorum(Quorum::new(keepers).unwrap()))
}

#[test]
fn a_body_expunged_by_a_later_expunging_is_accepted_and_said() {
    let audited = audit(&ledger().entries, None);

    assert_eq!(short(&audited), [("body-expunged", 5, 5)]);
    assert_eq!(audited.findings[0].severity, Severity::Notice);
    assert_eq!(
        audited.findings[0].message,
        "the body was destroyed: expunged by entry 11"
    );
}

#[test]
fn a_body_said_to_be_expunged_by_an_entry_that_destroyed_another_is_missing() {
    let mut ledger = ledger();
    ledger.entries[6].slot = Slot::Expunged(EXPUNGING);

    let expected = [("body-expunged", 5, 5), ("body-missing", 6, 6)];
    assert_eq!(found(&ledger.entries, None), expected);
}

#[test]
fn a_body_that_was_to_be_destroyed_and_is_still_there_is_found() {
    let mut ledger = ledger();
    ledger.entries[5].slot = Ledger::with(&[5]).entries[5].slot.clone();

    let audited = audit(&ledger.entries, None);

    assert_eq!(short(&audited), [("body-not-destroyed", 5, 5)]);
    assert_eq!(audited.findings[0].severity, Severity::Damage);
}

#[test]
fn a_body_that_is_merely_missing_is_missing_whatever_an_expunging_says() {
    let mut ledger = ledger();
    ledger.entries[5].slot = Slot::None;

    assert_eq!(found(&ledger.entries, None), [("body-missing", 5, 5)]);
}

#[test]
fn an_expunging_of_what_is_no_record_before_it_is_found() {
    for target in [0, 10, 11, 12, u64::MAX] {
        let mut ledger = Ledger::with(&[5]);
        ledger.append(vec![expunging(target)], KEEPER, 3);

        let expected = [("expunging-misplaced", 11, 11)];
        assert_eq!(found(&ledger.entries, None), expected, "{target}");
    }
}

#[test]
fn an_expunging_that_does_not_read_destroys_nothing() {
    let mut ledger = ledger();
    rechain_as(&mut ledger.entries, 11, 3, |envelope| {
        envelope.payload.truncate(9);
    });

    let expected = [("payload-malformed", 11, 11), ("signer-role", 12, 12)];
    let mut found = found(&ledger.entries, None);
    found.sort_unstable();
    assert_eq!(found[0], ("body-missing", RECORD.get(), RECORD.get()));
    assert_eq!(found[1..], expected);
}

#[test]
fn an_archivist_may_not_expunge() {
    let mut ledger = Ledger::with(&[5]);
    ledger.append(vec![expunging(5)], ARCHIVIST, 2);
    ledger.entries[5].slot = Slot::Expunged(EXPUNGING);

    let mut found = found(&ledger.entries, None);
    found.sort_unstable();
    let expected = [("body-expunged", 5, 5), ("signer-role", 12, 12)];
    assert_eq!(found, expected);
}

#[test]
fn where_bodies_are_not_asked_for_an_expunging_is_still_judged() {
    let mut audit = Audit::with(Checks {
        bodies: false,
        ..Checks::default()
    });
    let mut ledger = ledger();
    ledger.append(vec![expunging(4)], KEEPER, 3);
    for (at, entry) in ledger.entries.iter().enumerate() {
        audit.entry(Seq::new(at as u64), &entry.envelope, None, None);
    }

    assert_eq!(short(&audit.finish()), [("expunging-misplaced", 13, 13)]);
}

#[test]
fn where_the_expunging_was_passed_over_nothing_is_said_of_the_body() {
    let ledger = ledger();
    let mut audit = Audit::new();
    for (at, entry) in ledger.entries.iter().enumerate().take(11) {
        audit.entry(
            Seq::new(at as u64),
            &entry.envelope,
            Some(&entry.slot),
            None,
        );
    }
    audit.skip(EXPUNGING, Seq::new(12), None);

    assert_eq!(short(&audit.finish()), []);
}

#[test]
fn one_keeper_alone_cannot_expunge_where_the_quorum_is_two() {
    let mut ledger = Ledger::with(&[2]);
    ledger.append(vec![quorum(2)], KEEPER, 3);
    ledger.append(vec![expunging(5)], KEEPER, 3);
    ledger.entries[5].slot = Slot::Expunged(Seq::new(10));

    let expected = [("quorum-short", 11, 11), ("body-expunged", 5, 5)];
    assert_eq!(found(&ledger.entries, None), expected);
}

#[test]
fn one_keeper_alone_can_neither_lower_a_quorum_of_two_nor_enrol_another_keeper() {
    let mut ledger = Ledger::with(&[2]);
    ledger.append(vec![quorum(2)], KEEPER, 3);
    ledger.append(
        vec![Draft::Act(Act::Enrol(enrolment(Role::Keeper, 9)))],
        KEEPER,
        3,
    );
    ledger.append(
        vec![Draft::Act(Act::Enrol(enrolment(Role::Archivist, 8)))],
        KEEPER,
        3,
    );
    ledger.append(vec![quorum(1)], KEEPER, 3);

    let expected = [("quorum-short", 11, 11), ("quorum-short", 15, 15)];
    assert_eq!(found(&ledger.entries, None), expected);
}

#[test]
fn a_quorum_of_none_is_found() {
    let mut ledger = Ledger::with(&[2]);
    ledger.append(vec![quorum(1)], KEEPER, 3);
    rechain_as(&mut ledger.entries, 8, 3, |envelope| {
        envelope.payload = vec![0];
    });

    let found = found(&ledger.entries, None);
    assert_eq!(found[0], ("payload-malformed", 8, 8));
}
