//! The register of uncertain histories against the ordinary fold of every world.
//!
//! What is certain must be so in every world and what is possible in some. Where
//! the register is not exact (the status of an instrument, and standings once
//! withdrawals or orders between deposits decide on the treaty's own day) it
//! must still be sound: nothing that some world denies is certain, and nothing
//! that some world affirms is left out.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;
mod worlds_dice;
mod worlds_histories;

use chancery_core::replay::Register;
use chancery_core::worlds::Certainty;
use worlds_dice::Dice;
use worlds_histories::dossiers::{affairs, comings_and_goings, deposits};
use worlds_histories::{Facts, History, facts, question, told_by};

/// How exactly the worlds must be hit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Exactly,
    Soundly,
}

/// Asks a history some questions; returns how many facts were compared.
fn ask(dice: &mut Dice, history: &History, dossier: &str, how: &dyn Fn(&str) -> How) -> usize {
    let worlds = history.worlds();
    let readings = history.readings();
    if worlds.is_empty() {
        let register = Register::of(&readings, &question(0, 0, false), None);
        assert!(!register.contradictions.is_empty(), "{dossier}");
        return 1;
    }
    let mut compared = 0;
    for _ in 0..5 {
        let first = dice.between(0, 24);
        let last = first
            + if dice.once_in(2) {
                0
            } else {
                dice.between(1, 4)
            };
        let throughout = dice.once_in(2);
        let register = Register::of(&readings, &question(first, last, throughout), None);
        let told = told_by(&worlds, first, last, throughout);
        let found = facts(&register);
        let all: Facts = found.iter().map(|(fact, _)| fact.clone()).collect();
        for fact in all.union(&told.possible) {
            compared += 1;
            let certainty = found.iter().find(|(other, _)| other == fact);
            let certainty = certainty.map(|(_, certainty)| *certainty);
            let (certain, possible) = (told.certain.contains(fact), told.possible.contains(fact));
            let right = match how(fact) {
                How::Exactly => match certainty {
                    Some(Certainty::Certain) => certain,
                    Some(Certainty::Possible) => possible && !certain,
                    _ => !possible,
                },
                How::Soundly => match certainty {
                    Some(Certainty::Certain) => certain,
                    Some(_) => true,
                    None => !possible,
                },
            };
            assert!(
                right,
                "days {first} to {last}, throughout {throughout}: {fact} is {certainty:?}, \
                 but certain {certain}, possible {possible} in\n{dossier}"
            );
        }
    }
    compared
}

/// Throws histories until enough of them were small enough to be asked.
fn throw(
    name: &str,
    count: usize,
    dossier: &dyn Fn(&mut Dice) -> String,
    how: &dyn Fn(&str) -> How,
) -> usize {
    let mut dice = Dice::of(name);
    let (mut asked, mut compared) = (0, 0);
    while asked < count {
        let dossier = dossier(&mut dice);
        if let Some(history) = History::of(&dossier) {
            asked += 1;
            compared += ask(&mut dice, &history, &dossier, how);
        }
    }
    println!("{name}: {asked} histories, {compared} facts compared");
    compared
}

#[test]
fn who_is_bound_by_a_treaty_of_uncertain_deposits_is_so_in_exactly_those_worlds() {
    let how = |fact: &str| {
        if fact.starts_with("status") {
            How::Soundly
        } else {
            How::Exactly
        }
    };

    let compared = throw("deposits", 110, &deposits, &how);

    assert!(compared > 1_000);
}

#[test]
fn what_those_who_come_and_go_are_told_is_never_wrong() {
    let compared = throw("comings and goings", 110, &comings_and_goings, &|_| {
        How::Soundly
    });

    assert!(compared > 400);
}

#[test]
fn commitments_offices_issues_events_and_statements_are_so_in_exactly_those_worlds() {
    let compared = throw("affairs", 240, &affairs, &|_| How::Exactly);

    assert!(compared > 1_000);
}
