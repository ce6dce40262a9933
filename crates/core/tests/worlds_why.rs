//! The two worlds that a proof tells of a possible answer, against the ordinary
//! fold of these worlds.
//!
//! Every such world must be one that the records leave, and what is told to be
//! so, or not, must be so in it. How often none is found is counted, so that it
//! stays seldom; where the register is exact, one always is.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;
mod worlds_dice;
mod worlds_histories;

use chancery_core::replay::Register;
use chancery_core::replay::why::{Proof, Subject};
use chancery_core::worlds::Certainty;
use worlds_dice::Dice;
use worlds_histories::dossiers::{affairs, comings_and_goings, deposits};
use worlds_histories::{History, facts_in, question, told_by};

/// Something that a register tells: of what, in the word of a proof, and as the
/// histories tell it.
struct Line {
    subject: Subject,
    word: String,
    fact: String,
}

/// Returns each line of a register that is possible and no more.
fn lines(register: &Register) -> Vec<Line> {
    let mut all = Vec::new();
    let mut add = |subject, word: &str, fact: String, how| {
        let word = word.to_owned();
        if how == Certainty::Possible {
            all.push(Line {
                subject,
                word,
                fact,
            });
        }
    };
    for item in &register.instruments {
        for (so, how) in &item.statuses {
            let fact = format!("status {}", so.word());
            add(Subject::Record(item.seq), so.word(), fact, *how);
        }
        for standing in &item.standings {
            let (instrument, actor) = (item.seq, standing.actor);
            let word = standing.standing.unwrap().word();
            let fact = format!("standing {actor} {word}");
            let subject = Subject::Standing { instrument, actor };
            add(subject, word, fact, standing.certainty);
        }
    }
    for item in &register.commitments {
        for (so, how) in &item.phases {
            let word = so.ending().map_or(so.word().to_owned(), |ending| {
                format!("{} ({})", so.word(), ending.word())
            });
            let fact = format!("commitment {} {so:?}", item.seq);
            add(Subject::Record(item.seq), &word, fact, *how);
        }
    }
    for item in &register.events {
        for (so, how) in &item.phases {
            let fact = format!("event {} {}", item.seq, so.word());
            add(Subject::Record(item.seq), so.word(), fact, *how);
        }
    }
    for item in &register.offices {
        let fact = format!("office {}", item.seq);
        add(Subject::Record(item.seq), "held", fact, item.certainty);
    }
    for item in &register.issues {
        let fact = format!("issue {}", item.seq);
        add(Subject::Record(item.seq), "open", fact, item.certainty);
    }
    for item in &register.statements {
        let fact = format!("statement {}", item.seq);
        add(Subject::Record(item.seq), "said", fact, item.certainty);
    }
    all
}

/// How many possible lines were asked about, and of how many no two worlds were told.
#[derive(Debug, Default)]
struct Count {
    asked: usize,
    untold: usize,
}

/// Asks why of each possible line of the registers of a history.
fn ask(dice: &mut Dice, history: &History, dossier: &str, counted: &mut Count) {
    let (worlds, readings) = (history.worlds(), history.readings());
    for _ in 0..5 {
        let first = dice.between(0, 20);
        let long = if dice.once_in(2) {
            0
        } else {
            dice.between(1, 4)
        };
        let (last, throughout) = (first + long, dice.once_in(2));
        let question = question(first, last, throughout);
        let told = told_by(&worlds, first, last, throughout);
        for line in lines(&Register::of(&readings, &question, None)) {
            // Where the register is only sound, some are so in every world or in none.
            let fact = &line.fact;
            let both = told.possible.contains(fact) && !told.certain.contains(fact);
            let proof = Proof::of(&readings, &question, line.subject);
            let mut found = proof.worlds.iter();
            let found = found.find(|worlds| worlds.word == line.word);
            counted.asked += usize::from(both);
            counted.untold += usize::from(both && found.is_none());
            let Some(found) = found else { continue };
            for (days, so) in [(&found.holds, true), (&found.fails, false)] {
                let world = history
                    .world_with(&[&days[..], &found.alike[..]].concat())
                    .unwrap();
                let is_so = facts_in(&world, first, last, throughout).contains(fact);
                assert_eq!(
                    is_so, so,
                    "{fact} on {first} to {last}, throughout {throughout}: {days:?} in\n{dossier}"
                );
            }
        }
    }
}

/// Throws histories and asks why of all that is possible in them.
fn throw(name: &str, count: usize, dossier: &dyn Fn(&mut Dice) -> String) -> Count {
    let mut dice = Dice::of(name);
    let mut counted = Count::default();
    let mut asked = 0;
    while asked < count {
        let dossier = dossier(&mut dice);
        let history = History::of(&dossier);
        if let Some(history) = history.filter(|history| !history.worlds().is_empty()) {
            asked += 1;
            ask(&mut dice, &history, &dossier, &mut counted);
        }
    }
    println!("{name}: {asked} histories, {counted:?}");
    counted
}

#[test]
fn of_affairs_both_worlds_are_told_and_are_right() {
    let counted = throw("why affairs", 200, &affairs);

    assert!(counted.asked > 100);
    assert_eq!(counted.untold, 0);
}

#[test]
fn of_standings_under_uncertain_deposits_both_worlds_are_told_and_are_right() {
    let counted = throw("why deposits", 100, &deposits);

    assert!(counted.asked > 100);
    assert_eq!(counted.untold, 0);
}

#[test]
fn of_those_who_come_and_go_no_world_is_told_that_is_wrong() {
    let counted = throw("why comings and goings", 130, &comings_and_goings);

    assert!(counted.asked > 60);
    assert!(counted.untold * 20 < counted.asked, "{counted:?}");
}
