//! The example of Geneva 2016, on the days that its own page names.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;

use std::path::Path;

use chancery_core::replay::{Ending, Readings, Register};
use chancery_core::worlds::Certainty;
use proptest::prelude::*;
use replay_archive::{Archive, question};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/geneva-2016");

/// Returns the example with its first `files` dossiers appended.
fn geneva(files: usize) -> Archive {
    let mut archive = Archive::default();
    for name in [
        "01-actors-and-offices",
        "02-february",
        "03-geneva-august",
        "04-september",
        "05-truce-ends",
        "06-correction",
    ]
    .iter()
    .take(files)
    {
        let path = Path::new(EXAMPLE).join(format!("{name}.toml"));
        archive.append(&std::fs::read_to_string(path).unwrap());
    }
    archive
}

#[test]
fn all_have_accepted_in_february_but_the_cessation_is_pending_until_it_is_in_force() {
    let archive = geneva(6);

    let standing = |actor| archive.standing("cessation-2016", actor, "2016-02-26");
    assert_eq!(standing("usa"), "concurring");
    assert_eq!(standing("hnc"), "concurring");
    assert_eq!(archive.phase("hnc-ceases-attacks", "2016-02-26"), "pending");
    assert_eq!(archive.phase("hnc-ceases-attacks", "2016-02-27"), "active");
    assert_eq!(archive.status("cessation-2016", "2016-02-27"), "in-force");
}

#[test]
fn a_violation_is_claimed_and_denied_in_april() {
    let claimed = geneva(6)
        .commitment("syria-ceases-attacks", "2016-04-28")
        .unwrap()
        .claimed;

    assert!(claimed.contested);
    assert_eq!(claimed.claims.len(), 2);
}

#[test]
fn the_july_understanding_was_possible_before_the_correction_and_is_excluded_after() {
    let (before, after) = (geneva(5), geneva(6));
    let standing = |archive: &Archive, day| archive.standing("moscow-understanding", "usa", day);

    assert_eq!(standing(&before, "2016-07-10"), "concurring?");
    assert_eq!(standing(&after, "2016-07-10"), "");
    assert_eq!(standing(&before, "2016-07-14"), "concurring?");
    assert_eq!(standing(&after, "2016-07-14"), "concurring?");
    assert_eq!(standing(&before, "2016-07-20"), "concurring?");
    assert_eq!(standing(&after, "2016-07-20"), "concurring");
    assert_eq!(standing(&before, "2016-08-01"), "concurring");
}

#[test]
fn kerry_leaves_behind_conditions_an_open_issue_a_planned_meeting_and_one_bound_by_his_word() {
    let archive = geneva(6);
    let register = archive.on("2016-08-27");

    assert_eq!(
        archive.phase("usa-meets-challenges", "2016-08-27"),
        "conditional"
    );
    assert!(
        !archive
            .commitment("usa-meets-challenges", "2016-08-27")
            .unwrap()
            .attributed
    );
    assert!(
        archive
            .commitment("russia-meets-challenges", "2016-08-27")
            .unwrap()
            .attributed
    );
    assert!(
        archive
            .commitment("envoy-recalls-parties", "2016-08-27")
            .unwrap()
            .attributed
    );
    assert_eq!(register.issues.len(), 1);
    assert_eq!(register.issues[0].certainty, Certainty::Certain);
    let meeting = register
        .events
        .iter()
        .find(|item| item.id == "experts-meeting")
        .unwrap();
    assert_eq!(meeting.phase.unwrap().word(), "planned");
    assert_eq!(register.offices.len(), 4);
    assert_eq!(
        geneva(5).phase("envoy-recalls-parties", "2016-08-27"),
        "active"
    );
    assert_eq!(
        archive.phase("envoy-recalls-parties", "2016-08-27"),
        "conditional"
    );
}

#[test]
fn in_september_the_issues_are_closed_and_the_experts_overdue() {
    let archive = geneva(6);

    for id in [
        "usa-meets-challenges",
        "russia-meets-challenges",
        "envoy-recalls-parties",
    ] {
        assert_eq!(archive.phase(id, "2016-09-10"), "active");
    }
    let experts = archive
        .commitment("experts-settle-issues", "2016-09-10")
        .unwrap();
    assert_eq!(experts.overdue, Some(Certainty::Certain));
    assert!(archive.on("2016-09-10").issues.is_empty());
}

#[test]
fn the_renewed_cessation_is_cancelled_and_a_claim_about_a_convoy_denied() {
    let archive = geneva(6);

    let cessation = archive
        .commitment("syria-renews-cessation", "2016-09-20")
        .unwrap();
    assert_eq!(cessation.phase.unwrap().ending(), Some(Ending::Cancelled));
    let events = archive.on("2016-09-20").events;
    let convoy = events
        .into_iter()
        .find(|item| item.id == "convoy-strike")
        .unwrap();
    assert!(convoy.claimed.contested);
    assert_eq!(convoy.claimed.claims.len(), 1);
}

#[test]
fn a_retracted_claim_is_gone_and_was_there_before() {
    let claimants = |archive: Archive| {
        let claimed = archive
            .commitment("syria-ceases-attacks", "2016-08-27")
            .unwrap()
            .claimed;
        claimed.claims.len()
    };

    assert_eq!(claimants(geneva(5)), 3);
    assert_eq!(claimants(geneva(6)), 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn however_the_references_are_mixed_up_replay_answers_and_answers_the_same(
        numbers in prop::collection::vec(0..130_u64, 97),
        every in 1..20_usize,
    ) {
        let archive = geneva(6);
        let names = archive.readings();
        let mut records = archive.records.clone();
        let mut numbers = numbers.iter().cycle();
        let mut nth = 0;
        for (_, _, record) in &mut records {
            record.each_ref(&names, &mut |seq| {
                nth += 1;
                if nth % every == 0 {
                    *seq = numbers.next().copied().unwrap_or_default();
                }
            });
        }
        let answer = || {
            let readings = Readings::of(records.iter().cloned());
            let register = Register::of(&readings, &question("2016-08-27"), None);
            format!("{register:?}")
        };

        prop_assert_eq!(answer(), answer());
    }
}
