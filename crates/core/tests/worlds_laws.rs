//! What must hold of any history, however uncertain.
//!
//! That precise days come to the ordinary fold, and that a cut is answered alike
//! whatever is appended later, is held in `replay_properties.rs` and in the
//! views of the command line.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;
mod worlds_dice;
mod worlds_histories;

use std::collections::BTreeMap;

use chancery_core::replay::{Readings, Register};
use chancery_core::worlds::Certainty;
use worlds_dice::Dice;
use worlds_histories::dossiers::{affairs, comings_and_goings, deposits};
use worlds_histories::{History, facts, question};

/// Shows `visit` random histories that have a world.
fn histories(name: &str, count: usize, visit: &mut dyn FnMut(&mut Dice, &History, &str)) {
    let mut dice = Dice::of(name);
    let mut shown = 0;
    while shown < count {
        let dossier = match dice.between(0, 2) {
            0 => affairs(&mut dice),
            1 => deposits(&mut dice),
            _ => comings_and_goings(&mut dice),
        };
        if let Some(history) = History::of(&dossier) {
            shown += 1;
            visit(&mut dice, &history, &dossier);
        }
    }
}

/// Returns what is so at some time, by what it is.
fn told(
    readings: &Readings,
    first: i64,
    last: i64,
    throughout: bool,
) -> BTreeMap<String, Certainty> {
    let register = Register::of(readings, &question(first, last, throughout), None);
    facts(&register).into_iter().collect()
}

fn is_contradictory(readings: &Readings) -> bool {
    let of = Register::of(readings, &question(0, 0, false), None);
    !of.contradictions.is_empty()
}

#[test]
fn to_know_more_of_a_day_undoes_nothing_that_was_certain() {
    let mut narrowed = 0;
    histories("narrowing", 150, &mut |dice, history, dossier| {
        let wide = history.readings();
        let Some(narrow) = history.narrowed(dice) else {
            return;
        };
        if is_contradictory(&wide) || is_contradictory(&narrow) {
            return;
        }
        narrowed += 1;
        let at = dice.between(0, 24);
        let (before, after) = (told(&wide, at, at, false), told(&narrow, at, at, false));
        for (fact, certainty) in &before {
            if *certainty == Certainty::Certain {
                let now = after.get(fact);
                assert_eq!(now, Some(certainty), "{fact} on {at} in\n{dossier}");
            }
        }
        for fact in after.keys() {
            assert!(before.contains_key(fact), "{fact} on {at} in\n{dossier}");
        }
    });
    assert!(narrowed > 40);
}

#[test]
fn what_is_so_throughout_is_so_on_each_day_and_on_some() {
    histories("periods", 100, &mut |dice, history, dossier| {
        let readings = history.readings();
        if is_contradictory(&readings) {
            return;
        }
        let first = dice.between(0, 20);
        let last = first + dice.between(1, 4);
        let throughout = told(&readings, first, last, true);
        let some = told(&readings, first, last, false);
        for (fact, certainty) in &throughout {
            for at in first..=last {
                let on_day = told(&readings, at, at, false).get(fact).copied();
                assert!(
                    on_day.is_some_and(|on_day| on_day <= *certainty),
                    "{fact} on {at} in\n{dossier}"
                );
            }
            assert!(
                some.get(fact).is_some_and(|some| some <= certainty),
                "{fact} in\n{dossier}"
            );
        }
    });
}

#[test]
fn going_on_from_any_saved_point_comes_to_the_same_as_from_the_first_record() {
    histories("saved points", 40, &mut |dice, history, _| {
        let mut archive = history.archive.clone();
        archive.append("[[actor]]\nid = \"later\"\nname = \"L\"\nkind = \"person\"\n[[correction]]\ncorrects = \"a0\"\nset = { name = \"B\" }\nreason = \"r\"");
        archive.append("[[correction]]\ncorrects = \"a0\"\nset = { name = \"C\" }\nreason = \"r\"");
        archive.append("[[retraction]]\nretracts = \"later\"\nreason = \"r\"");
        let question = question(dice.between(0, 20), 24, false);
        let whole = Readings::of(archive.records.iter().cloned());
        let told = |readings: &Readings| {
            let register = Register::of(readings, &question, None);
            format!("{:?} {register:?}", readings.all())
        };
        let of_whole = told(&whole);

        for cut in 0..=archive.records.len() {
            let (before, after) = archive.records.split_at(cut);
            let saved = Readings::of(before.iter().cloned());

            let extended = saved.extended(after.iter().cloned());

            assert_eq!(told(&extended), of_whole);
        }
    });
}
