//! Replay against a naive fold, and what must hold of any history.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;

use std::fmt::Write as _;

use chancery_core::day::Day;
use chancery_core::replay::{Readings, Register};
use proptest::prelude::*;
use replay_archive::{Archive, day, question};

const KINDS: [&str; 6] = [
    "signature",
    "ratification",
    "concurrence",
    "provisional-application",
    "withdrawal",
    "participation",
];
const NOTICE: i64 = 20;
const DELAY: i64 = 10;

/// An act: its actor, kind, and day.
type Done = (u8, usize, i64);

fn epoch() -> Day {
    day("2000-01-01")
}

fn archive(acts: &[Done]) -> Archive {
    let mut dossier = "[[instrument]]\nid = \"t\"\ntitle = \"T\"\nkind = \"treaty\"\nentry_into_force = { consents = 2, delay = { days = 10 } }\nwithdrawal = { notice = { days = 20 } }\n".to_owned();
    for actor in 0..3 {
        let _ = write!(
            dossier,
            "[[actor]]\nid = \"a{actor}\"\nname = \"a\"\nkind = \"state\"\n"
        );
    }
    for (actor, kind, on) in acts {
        let (kind, on) = (KINDS[*kind], epoch().plus_days(*on));
        let _ = write!(
            dossier,
            "[[act]]\ninstrument = \"t\"\nby = \"a{actor}\"\nkind = \"{kind}\"\non = \"{on}\"\n"
        );
    }
    Archive::of(&dossier)
}

/// The days on which an actor's withdrawals were given and take effect, in
/// order: at once for whoever has only signed.
fn ends(acts: &[Done], actor: u8) -> Vec<(i64, i64)> {
    let of_actor = |kinds: &[&str]| -> Vec<i64> {
        let of_kinds = |(by, kind, _): &&Done| *by == actor && kinds.contains(&KINDS[*kind]);
        acts.iter().filter(of_kinds).map(|(_, _, on)| *on).collect()
    };
    let mut given = of_actor(&["withdrawal"]);
    given.sort_unstable();
    let mut ends = Vec::new();
    for at in given {
        let any = |kinds: &[&str]| of_actor(kinds).iter().any(|on| outlasts(&ends, *on, at));
        let free = any(&["signature"]) && !any(&["ratification", "concurrence"]);
        ends.push((at, if free { at } else { at + NOTICE }));
    }
    ends
}

/// Returns whether an act done on `on` still stands on `at`.
fn outlasts(ends: &[(i64, i64)], on: i64, at: i64) -> bool {
    on <= at && !ends.iter().any(|(given, end)| on <= *given && *end <= at)
}

fn stands(acts: &[Done], actor: u8, on: i64, at: i64) -> bool {
    outlasts(&ends(acts, actor), on, at)
}

/// Returns the day on which two actors' consents first stood together.
fn completion(acts: &[Done]) -> Option<i64> {
    let consented = |actor: u8, at: i64| {
        acts.iter().any(|(by, kind, on)| {
            *by == actor && KINDS[*kind] == "ratification" && stands(acts, actor, *on, at)
        })
    };
    (0..200).find(|at| (0..3).filter(|actor| consented(*actor, *at)).count() >= 2)
}

/// Returns the standing of an actor, looking at nothing but the days.
fn naive(acts: &[Done], actor: u8, at: i64) -> &'static str {
    let standing = |word: &str| {
        let mut of_actor = acts
            .iter()
            .filter(|(by, kind, _)| *by == actor && KINDS[*kind] == word);
        of_actor.any(|(_, _, on)| stands(acts, actor, *on, at))
    };
    let completion = completion(acts);
    let party = acts.iter().any(|(by, kind, on)| {
        let from = completion.map(|met| if *on <= met { met + DELAY } else { on + DELAY });
        *by == actor
            && KINDS[*kind] == "ratification"
            && stands(acts, actor, *on, at)
            && from.is_some_and(|from| from <= at)
    });
    let after = |given: i64| {
        let bound = |kind: usize| ["ratification", "concurrence"].contains(&KINDS[kind]);
        let mut of_actor = acts.iter().filter(|(by, ..)| *by == actor);
        of_actor.any(|(_, kind, on)| bound(*kind) && *on > given && stands(acts, actor, *on, at))
    };
    let mut ends_of_actor = ends(acts, actor).into_iter();
    let notice = ends_of_actor.any(|(given, end)| given <= at && at < end && !after(given));
    let bound = standing("ratification") || standing("concurrence");
    if notice && bound {
        "withdrawing"
    } else if party {
        "party"
    } else if standing("provisional-application") {
        "provisional"
    } else if standing("ratification") {
        "contracting"
    } else if standing("concurrence") {
        "concurring"
    } else if standing("signature") {
        "signatory"
    } else if ends(acts, actor).iter().any(|(_, end)| *end <= at) {
        "withdrawn"
    } else if standing("participation") {
        "negotiating"
    } else {
        ""
    }
}

fn history() -> impl Strategy<Value = Vec<Done>> {
    prop::collection::vec((0..3_u8, 0..KINDS.len(), 0..60_i64), 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn with_precise_days_standings_are_those_of_a_naive_fold(acts in history(), at in 0..100_i64) {
        let archive = archive(&acts);
        let on = epoch().plus_days(at).to_string();

        for actor in 0..3 {
            let standing = archive.standing("t", &format!("a{actor}"), &on);
            prop_assert_eq!(standing, naive(&acts, actor, at), "actor {} on day {}", actor, at);
        }
    }

    #[test]
    fn what_is_appended_later_changes_no_answer_of_an_earlier_cut(
        first in history(),
        later in history(),
        at in 0..100_i64,
    ) {
        let before = archive(&first);
        let mut after = before.clone();
        for (actor, kind, on) in later {
            let (kind, on) = (KINDS[kind], epoch().plus_days(on));
            after.append(&format!("[[act]]\ninstrument = \"t\"\nby = \"a{actor}\"\nkind = \"{kind}\"\non = \"{on}\"\n"));
        }
        let question = question(&epoch().plus_days(at).to_string());
        let cut = after.records[..before.records.len()].iter().cloned();

        let of_cut = Register::of(&Readings::of(cut), &question, None);

        let of_before = Register::of(&before.readings(), &question, None);
        prop_assert_eq!(format!("{of_cut:?}"), format!("{of_before:?}"));
    }

    #[test]
    fn a_day_made_imprecise_keeps_the_precise_standing_possible(
        acts in history(),
        blurred in 0..8_usize,
        at in 0..100_i64,
    ) {
        let mut archive = archive(&acts);
        let on = epoch().plus_days(at).to_string();
        let precise: Vec<String> = (0..3).map(|a| archive.standing("t", &format!("a{a}"), &on)).collect();
        if let Some((_, _, day)) = acts.get(blurred) {
            // Acts come first in the dossier, so their positions are their places.
            let (from, to) = (epoch().plus_days(day - 5), epoch().plus_days(day + 5));
            archive.append(&format!("[[correction]]\ncorrects = \"act-{blurred}\"\nreason = \"r\"\nset = {{ on = \"{from}/{to}\" }}"));
        }

        for (actor, standing) in precise.iter().enumerate() {
            let blurred = archive.standing("t", &format!("a{actor}"), &on);
            let said = blurred.is_empty() || blurred.contains('?') || blurred == *standing;
            prop_assert!(said, "{blurred} is certain, but it was {standing}");
            prop_assert!(blurred.contains(standing.as_str()), "{blurred} leaves out {standing}");
        }
    }
}
