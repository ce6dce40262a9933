//! Random dossiers, each small enough that all its worlds can be written out.

use std::fmt::Write as _;

use super::{between, day, order};
use crate::worlds_dice::Dice;

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
pub fn deposits(dice: &mut Dice) -> String {
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
pub fn comings_and_goings(dice: &mut Dice) -> String {
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
pub fn affairs(dice: &mut Dice) -> String {
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
        let (first, last) = (day(first), day(last));
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
