//! The phases of commitments if one actor's word is taken.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;

use chancery_core::replay::{CommitmentItem, Question, Register};
use proptest::prelude::*;
use replay_archive::{Archive, question, told};

const START: &str = r#"
    [[actor]]
    id = "usa"
    name = "United States"
    kind = "state"

    [[actor]]
    id = "russia"
    name = "Russia"
    kind = "state"

    [[commitment]]
    id = "c"
    debtors = "usa"
    text = "act"
    made = "2016-08-01"

    [[commitment]]
    id = "waits"
    debtors = "russia"
    text = "act then"
    made = "2016-08-01"
    condition = { on = "c", state = "fulfilled" }

    [[commitment]]
    id = "conditional"
    debtors = "usa"
    text = "act if it rains"
    made = "2016-08-01"
    condition = { text = "if it rains" }
"#;

fn claim(by: &str, about: &str, claims: &str, said: &str, on: &str) -> String {
    let on = if on.is_empty() {
        String::new()
    } else {
        format!("on = \"{on}\"\n")
    };
    format!(
        "[[claim]]\nabout = \"{about}\"\nby = \"{by}\"\nclaims = \"{claims}\"\nsaid = \"{said}\"\n{on}"
    )
}

fn with(claims: &[(&str, &str, &str, &str)]) -> Archive {
    let mut archive = Archive::of(START);
    for (about, claims, said, on) in claims {
        archive.append(&claim("usa", about, claims, said, on));
    }
    archive
}

fn asked(archive: &Archive, actor: &str, day: &str) -> Question {
    Question {
        according_to: Some(archive.seq(actor)),
        ..question(day)
    }
}

fn item(archive: &Archive, actor: &str, id: &str, day: &str) -> CommitmentItem {
    let question = asked(archive, actor, day);
    let register = Register::of(&archive.readings(), &question, None);
    let mut items = register.commitments.into_iter();
    items.find(|item| item.id == id).unwrap()
}

fn phase(archive: &Archive, actor: &str, id: &str, day: &str) -> String {
    let phases = item(archive, actor, id, day).phases;
    let word = |(phase, certainty): &(chancery_core::replay::Phase, _)| {
        let word = phase.ending().map_or(phase.word(), |ending| ending.word());
        told(word, *certainty)
    };
    phases.iter().map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_an_actor_says_was_done_is_done_from_that_day_by_its_word_alone() {
    let archive = with(&[("c", "fulfilled", "2016-08-10", "2016-08-05")]);

    assert_eq!(phase(&archive, "usa", "c", "2016-08-04"), "active");
    assert_eq!(phase(&archive, "usa", "c", "2016-08-05"), "fulfilled");
    assert_eq!(phase(&archive, "russia", "c", "2016-08-20"), "active");
    assert_eq!(archive.phase("c", "2016-08-20"), "active");
}

#[test]
fn a_claim_that_names_no_day_counts_from_when_it_was_said() {
    let archive = with(&[("c", "violated", "2016-08-10", "")]);

    assert_eq!(phase(&archive, "usa", "c", "2016-08-09"), "active");
    assert_eq!(phase(&archive, "usa", "c", "2016-08-10"), "violated");
}

#[test]
fn of_what_lasted_the_first_day_counts() {
    let archive = with(&[("c", "violated", "2016-08-20", "2016-08-05/2016-08-12")]);

    assert_eq!(phase(&archive, "usa", "c", "2016-08-04"), "active");
    assert_eq!(phase(&archive, "usa", "c", "2016-08-05"), "violated");
}

#[test]
fn the_claim_said_last_stands_even_if_it_is_of_an_earlier_day() {
    let archive = with(&[
        ("c", "fulfilled", "2016-08-10", "2016-08-08"),
        ("c", "violated", "2016-08-15", "2016-08-05"),
    ]);

    assert_eq!(phase(&archive, "usa", "c", "2016-08-06"), "violated");
    assert_eq!(phase(&archive, "usa", "c", "2016-08-20"), "violated");
}

#[test]
fn of_one_day_the_claim_recorded_last_was_said_last() {
    let archive = with(&[
        ("c", "fulfilled", "2016-08-10", ""),
        ("c", "violated", "2016-08-10", ""),
    ]);

    assert_eq!(phase(&archive, "usa", "c", "2016-08-10"), "violated");
}

#[test]
fn what_is_withdrawn_leaves_what_was_done_to_the_commitment() {
    let archive = with(&[
        ("c", "fulfilled", "2016-08-10", ""),
        ("c", "withdrawn", "2016-08-15", ""),
    ]);

    assert_eq!(phase(&archive, "usa", "c", "2016-08-14"), "fulfilled");
    assert_eq!(phase(&archive, "usa", "c", "2016-08-15"), "active");
}

#[test]
fn where_it_cannot_be_told_which_was_said_last_either_may_be() {
    let archive = with(&[
        ("c", "fulfilled", "2016-08", "2016-08-02"),
        ("c", "violated", "2016-08-15", "2016-08-02"),
    ]);

    let phases = phase(&archive, "usa", "c", "2016-08-20");

    assert_eq!(phases, "violated? fulfilled?");
}

#[test]
fn a_day_that_is_not_known_leaves_the_phase_open_until_it_is_past() {
    let archive = with(&[("c", "fulfilled", "2016-09-01", "2016-08")]);

    assert_eq!(
        phase(&archive, "usa", "c", "2016-08-15"),
        "active? fulfilled?"
    );
    assert_eq!(phase(&archive, "usa", "c", "2016-08-31"), "fulfilled");
}

#[test]
fn a_condition_is_met_once_that_actor_says_so_and_not_if_it_says_that_it_failed() {
    let mut archive = with(&[("conditional", "condition-met", "2016-08-10", "")]);
    assert_eq!(
        phase(&archive, "usa", "conditional", "2016-08-09"),
        "conditional"
    );
    assert_eq!(
        phase(&archive, "usa", "conditional", "2016-08-10"),
        "active"
    );

    archive.append(&claim(
        "usa",
        "conditional",
        "condition-failed",
        "2016-08-12",
        "",
    ));

    assert_eq!(
        phase(&archive, "usa", "conditional", "2016-08-12"),
        "conditional"
    );
}

#[test]
fn a_failed_condition_takes_nothing_from_what_has_none() {
    let archive = with(&[("c", "condition-failed", "2016-08-10", "")]);

    assert_eq!(phase(&archive, "usa", "c", "2016-08-12"), "active");
}

#[test]
fn what_waits_for_another_to_be_fulfilled_waits_for_that_actors_word_to_be_certain() {
    let mut archive = with(&[("c", "fulfilled", "2016-09-01", "2016-08")]);
    assert_eq!(phase(&archive, "usa", "waits", "2016-08-15"), "conditional");
    assert_eq!(phase(&archive, "usa", "waits", "2016-08-31"), "active");
    assert_eq!(
        phase(&archive, "russia", "waits", "2016-09-10"),
        "conditional"
    );

    archive.append(&claim("usa", "c", "withdrawn", "2016-09-05", ""));

    assert_eq!(phase(&archive, "usa", "waits", "2016-09-05"), "conditional");
}

#[test]
fn an_actors_word_stands_whatever_was_done_to_the_commitment() {
    let mut archive = with(&[("c", "violated", "2016-08-10", "")]);
    archive.append("[[operation]]\ncommitment = \"c\"\nkind = \"release\"\non = \"2016-08-12\"");

    assert_eq!(archive.phase("c", "2016-08-12"), "released");
    assert_eq!(phase(&archive, "usa", "c", "2016-08-12"), "violated");
}

#[test]
fn nothing_was_fulfilled_before_it_was_made() {
    let archive = with(&[("c", "fulfilled", "2016-08-10", "2016-07-01")]);
    let question = asked(&archive, "usa", "2016-07-15");

    let register = Register::of(&archive.readings(), &question, None);

    assert!(register.commitments.is_empty());
}

#[test]
fn a_phase_rests_on_the_claims_that_it_follows_from() {
    let archive = with(&[("c", "fulfilled", "2016-08-10", "")]);
    let claim = archive.seq("claim-5");

    assert!(
        item(&archive, "usa", "c", "2016-08-10")
            .rests_on
            .contains(&claim)
    );
    assert!(
        item(&archive, "usa", "waits", "2016-08-10")
            .rests_on
            .contains(&claim)
    );
    assert!(
        !item(&archive, "usa", "c", "2016-08-09")
            .rests_on
            .contains(&claim)
    );
    assert!(
        !item(&archive, "russia", "c", "2016-08-10")
            .rests_on
            .contains(&claim)
    );
}

#[test]
fn a_retracted_claim_is_nobodys_word() {
    let mut archive = with(&[("c", "fulfilled", "2016-08-10", "")]);
    archive.append("[[retraction]]\nretracts = \"claim-5\"\nreason = \"misread\"");

    assert_eq!(phase(&archive, "usa", "c", "2016-08-10"), "active");
}

const KINDS: [&str; 5] = [
    "fulfilled",
    "violated",
    "withdrawn",
    "condition-met",
    "condition-failed",
];

/// Returns the phase of `c` as a reader with a pencil finds it: the claims whose
/// day has come, and of them the one said last.
fn naive(claims: &[(usize, u32, u32)], at: u32) -> &'static str {
    let come = claims
        .iter()
        .enumerate()
        .filter(|(_, (_, _, on))| *on <= at);
    let last = come.max_by_key(|(place, (_, said, _))| (*said, *place));
    match last.map(|(_, (kind, _, _))| KINDS[*kind]) {
        Some("fulfilled") => "fulfilled",
        Some("violated") => "violated",
        _ => "active",
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn with_precise_days_the_phase_is_that_of_a_naive_reader(
        claims in prop::collection::vec((0..KINDS.len(), 2..20_u32, 2..20_u32), 0..5),
        at in 2..20_u32,
    ) {
        let day = |day: &u32| format!("2016-08-{day:02}");
        let mut archive = Archive::of(START);
        for (kind, said, on) in &claims {
            archive.append(&claim("usa", "c", KINDS[*kind], &day(said), &day(on)));
        }

        prop_assert_eq!(phase(&archive, "usa", "c", &day(&at)), naive(&claims, at));
    }

    #[test]
    fn the_word_of_whoever_claims_nothing_changes_nothing(
        claims in prop::collection::vec((0..KINDS.len(), 2..20_u32, 0..3_usize), 0..5),
        at in 2..20_u32,
    ) {
        let mut archive = Archive::of(START);
        for (kind, said, about) in claims {
            let about = ["c", "waits", "conditional"][about];
            archive.append(&claim("usa", about, KINDS[kind], &format!("2016-08-{said:02}"), ""));
        }
        let day = format!("2016-08-{at:02}");
        let question = asked(&archive, "russia", &day);

        let by_its_word = Register::of(&archive.readings(), &question, None);

        let without = archive.on(&day);
        prop_assert_eq!(by_its_word.commitments, without.commitments);
        prop_assert_eq!(by_its_word.instruments, without.instruments);
    }
}

/// Claims of the United States, of which it later takes back the violation by name.
fn taken_back(on: &str) -> Archive {
    let mut archive = with(&[("conditional", "condition-met", "2016-09-01", "")]);
    let violated = claim("usa", "conditional", "violated", "2016-09-05", "");
    archive.append(&format!("{violated}id = \"k\"\n"));
    archive.append(&claim("usa", "k", "withdrawn", on, ""));
    archive
}

fn listed(archive: &Archive, day: &str) -> Vec<String> {
    let claimed = archive.commitment("conditional", day).unwrap().claimed;
    let claims = claimed.claims.iter();
    claims
        .map(|claim| told(claim.claims.word(), claim.certainty))
        .collect()
}

#[test]
fn a_claim_that_its_claimant_takes_back_by_name_leaves_what_it_claimed_before() {
    let archive = taken_back("2016-09-10");

    assert_eq!(listed(&archive, "2016-09-09"), ["violated"]);
    assert_eq!(listed(&archive, "2016-09-10"), ["condition-met"]);
    let phases = ["2016-09-01", "2016-09-05", "2016-09-10"]
        .map(|day| phase(&archive, "usa", "conditional", day));
    assert_eq!(phases, ["active", "violated", "active"]);
}

#[test]
fn a_claim_that_was_perhaps_taken_back_by_name_perhaps_stands() {
    let archive = taken_back("2016-09");

    assert_eq!(
        listed(&archive, "2016-09-20"),
        ["condition-met", "violated?"]
    );
    assert_eq!(
        phase(&archive, "usa", "conditional", "2016-09-20"),
        "active? violated?"
    );
}

#[test]
fn nobody_takes_back_what_another_claims() {
    let mut archive = with(&[]);
    let violated = claim("usa", "conditional", "violated", "2016-09-05", "");
    archive.append(&format!("{violated}id = \"k\"\n"));
    archive.append(&claim("russia", "k", "withdrawn", "2016-09-10", ""));

    assert_eq!(listed(&archive, "2016-09-11"), ["violated"]);
    assert_eq!(
        phase(&archive, "usa", "conditional", "2016-09-11"),
        "violated"
    );
}
