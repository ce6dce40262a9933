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

use std::fmt::Write as _;

use chancery_core::replay::{Fact, Register, prove};
use chancery_core::worlds::Certainty;
use worlds_dice::Dice;
use worlds_histories::{Facts, History, between, facts, facts_on, order, question, told_by};

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

/// Returns each fact of a register that is so for itself, as it is proved.
fn provable(register: &Register) -> Vec<(Fact, String)> {
    let mut all = Vec::new();
    for item in &register.commitments {
        let phases = item.phases.iter();
        all.extend(phases.map(|(so, _)| {
            (
                Fact::Phase(item.seq, *so),
                format!("commitment {} {so:?}", item.seq),
            )
        }));
    }
    for item in &register.events {
        let phases = item.phases.iter();
        all.extend(phases.map(|(so, _)| {
            (
                Fact::Event(item.seq, *so),
                format!("event {} {}", item.seq, so.word()),
            )
        }));
    }
    let offices = register.offices.iter();
    all.extend(offices.map(|item| (Fact::Office(item.seq), format!("office {}", item.seq))));
    let issues = register.issues.iter();
    all.extend(issues.map(|item| (Fact::Issue(item.seq), format!("issue {}", item.seq))));
    let statements = register.statements.iter();
    all.extend(
        statements.map(|item| (Fact::Statement(item.seq), format!("statement {}", item.seq))),
    );
    all
}

#[test]
fn a_proof_shows_worlds_in_which_it_is_so_and_is_not() {
    let mut dice = Dice::of("proofs");
    let mut shown = 0;
    for _ in 0..150 {
        let dossier = affairs(&mut dice);
        let Some(history) = History::of(&dossier) else {
            continue;
        };
        let (at, readings) = (dice.between(0, 20), history.readings());
        let question = question(at, at, false);
        let register = Register::of(&readings, &question, None);
        if !register.contradictions.is_empty() {
            continue;
        }
        let found = facts(&register);
        for (fact, word) in provable(&register) {
            let proof = prove(&readings, &question, fact).unwrap();
            let certainty = found.iter().find(|(other, _)| *other == word);
            assert_eq!(
                proof.certainty,
                certainty.map(|(_, how)| *how),
                "{word} in\n{dossier}"
            );
            let possible = proof.certainty == Some(Certainty::Possible);
            assert_eq!(proof.fails.is_some(), possible, "{word} in\n{dossier}");
            for (world, so) in [(Some(proof.holds.unwrap()), true), (proof.fails, false)] {
                let Some(days) = world else { continue };
                let world = history.world_with(&days).unwrap();
                let is_so = facts_on(&world, at).contains(&word);
                assert_eq!(is_so, so, "{word} on {at}, {days:?} in\n{dossier}");
                shown += 1;
            }
        }
    }
    assert!(shown > 150, "{shown}");
}

fn actors(dossier: &mut String, count: i64) {
    for actor in 0..count {
        let _ = write!(
            dossier,
            "[[actor]]\nid = \"a{actor}\"\nname = \"a\"\nkind = \"state\"\n"
        );
    }
}

fn act(dossier: &mut String, id: &str, by: i64, kind: &str, on: &str) {
    let _ = write!(
        dossier,
        "[[act]]\nid = \"{id}\"\ninstrument = \"t\"\nby = \"a{by}\"\nkind = \"{kind}\"\non = \"{on}\"\n"
    );
}

fn treaty(dice: &mut Dice) -> String {
    let (needed, delay) = (dice.between(1, 3), dice.between(0, 4));
    let rounding = match dice.between(0, 7) {
        0 => ", rounding = \"first-of-next-month\"",
        1 => ", rounding = \"first-of-month\"",
        _ => "",
    };
    let each = match dice.between(0, 3) {
        0 => ", each = { after = \"entry-into-force\", delay = { days = 2 } }",
        1 => ", each = { after = \"completion\", delay = { days = 5 } }",
        _ => "",
    };
    let not_before = if dice.once_in(5) {
        ", not_before = \"2000-01-15\""
    } else {
        ""
    };
    format!(
        "[[instrument]]\nid = \"t\"\ntitle = \"T\"\nkind = \"treaty\"\nopened = \"1999-12-01\"\nentry_into_force = {{ consents = {needed}, delay = {{ days = {delay} }}{rounding}{each}{not_before} }}\nwithdrawal = {{ notice = {{ days = 6 }} }}\n"
    )
}

/// A treaty to which each consents once.
fn deposits(dice: &mut Dice) -> String {
    let mut dossier = treaty(dice);
    let count = dice.between(1, 4);
    actors(&mut dossier, count);
    for by in 0..count {
        if dice.once_in(3) {
            let on = between(dice, 0, 12, 3);
            act(&mut dossier, &format!("s{by}"), by, "signature", &on);
        }
        if !dice.once_in(5) {
            let on = between(dice, 0, 18, 4);
            act(&mut dossier, &format!("r{by}"), by, "ratification", &on);
            if dossier.contains(&format!("\"s{by}\"")) && dice.once_in(2) {
                dossier += &order(dice, &format!("s{by}"));
            }
        }
    }
    if dice.once_in(5) {
        let on = between(dice, 8, 22, 3);
        let _ = write!(
            dossier,
            "[[occurrence]]\ninstrument = \"t\"\nkind = \"termination\"\non = \"{on}\"\n"
        );
    }
    dossier
}

/// A treaty that actors join and leave, some of them more than once.
fn comings_and_goings(dice: &mut Dice) -> String {
    let mut dossier = treaty(dice);
    let count = dice.between(1, 3);
    actors(&mut dossier, count);
    let mut acts: Vec<(String, i64)> = Vec::new();
    for place in 0..dice.between(2, 6) {
        let by = dice.between(0, count - 1);
        let kind = *dice.pick(&[
            "ratification",
            "ratification",
            "withdrawal",
            "accession",
            "signature",
        ]);
        let on = between(dice, 0, 18, 3);
        let id = format!("act{place}");
        let earlier = acts.iter().filter(|(_, actor)| *actor == by);
        let earlier: Vec<&String> = earlier.map(|(id, _)| id).collect();
        if !earlier.is_empty() && dice.once_in(4) {
            let target = (*dice.pick(&earlier)).clone();
            act(&mut dossier, &id, by, "withdrawal-of-act", &on);
            let _ = writeln!(dossier, "target = \"{target}\"");
        } else {
            act(&mut dossier, &id, by, kind, &on);
            if !acts.is_empty() && dice.once_in(4) {
                let after = dice.pick(&acts).0.clone();
                dossier += &order(dice, &after);
            }
        }
        acts.push((id, by));
    }
    dossier
}

/// Commitments and what was done to them, offices, issues, events, statements.
fn affairs(dice: &mut Dice) -> String {
    let mut dossier = String::new();
    actors(&mut dossier, 1);
    if dice.once_in(2) {
        commitment(dice, &mut dossier);
    }
    if dice.once_in(2) {
        let (from, until) = (between(dice, 0, 12, 4), between(dice, 4, 20, 4));
        let _ = write!(
            dossier,
            "[[office]]\nperson = \"a0\"\ntitle = \"t\"\nof = \"a0\"\nfrom = \"{from}\"\nuntil = \"{until}\"\n"
        );
    }
    if dice.once_in(2) {
        let (opened, closed) = (between(dice, 0, 12, 4), between(dice, 4, 20, 4));
        let _ = write!(
            dossier,
            "[[issue]]\nid = \"i\"\ntitle = \"t\"\nopened = \"{opened}\"\nclosed = \"{closed}\"\n"
        );
    }
    if dice.once_in(2) {
        let first = dice.between(2, 12);
        let last = first + dice.between(0, 4);
        let mark = |dice: &mut Dice| if dice.once_in(2) { "?" } else { "" };
        let (one, other) = (mark(dice), mark(dice));
        let (first, last) = (worlds_histories::day(first), worlds_histories::day(last));
        let _ = write!(
            dossier,
            "[[event]]\nid = \"e\"\ntitle = \"t\"\nannounced = \"1999-12-01\"\nplanned_for = \"2000-01-06\"\nheld = \"{first}{one}/{last}{other}\"\n"
        );
    }
    for place in 0..dice.between(0, 3) {
        let said = between(dice, 0, 18, 4);
        let _ = write!(
            dossier,
            "[[statement]]\nid = \"s{place}\"\nspeakers = [\"a0\"]\nsaid = \"{said}\"\nmode = \"quoted\"\ntext = \"t\"\n"
        );
        if place > 0 && dice.once_in(2) {
            dossier += &order(dice, &format!("s{}", place - 1));
        }
    }
    dossier
}

fn commitment(dice: &mut Dice, dossier: &mut String) {
    let made = between(dice, 0, 8, 3);
    let _ = write!(
        dossier,
        "[[commitment]]\nid = \"c\"\ndebtors = [\"a0\"]\ntext = \"t\"\nmade = \"{made}\"\n"
    );
    if dice.once_in(2) {
        let _ = writeln!(dossier, "from = \"{}\"", between(dice, 0, 12, 3));
    }
    if dice.once_in(2) {
        let _ = writeln!(dossier, "until = \"{}\"", between(dice, 6, 20, 3));
    }
    for place in 0..dice.between(0, 3) {
        let kind = *dice.pick(&["suspend", "resume", "release", "cancel"]);
        let on = between(dice, 0, 18, 3);
        let _ = write!(
            dossier,
            "[[operation]]\nid = \"o{place}\"\ncommitment = \"c\"\nkind = \"{kind}\"\non = \"{on}\"\n"
        );
        if place > 0 && dice.once_in(3) {
            *dossier += &order(dice, &format!("o{}", place - 1));
        }
    }
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
