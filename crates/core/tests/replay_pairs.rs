//! What is so between two, against a fold that looks at nothing but the days.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;

use std::fmt::Write as _;

use chancery_core::day::Day;
use chancery_core::replay::{Between, ReservationItem};
use chancery_core::worlds::Certainty;
use proptest::prelude::*;
use replay_archive::{Archive, day};

/// What two did: the days of each one's consents and of its leaving, of the
/// reservation of the first and of its withdrawal, of the objection of the second
/// and of its withdrawal.
#[derive(Clone, Debug)]
struct Story {
    consents: [Vec<i64>; 2],
    leaving: [Option<i64>; 2],
    reserved: i64,
    unreserved: Option<i64>,
    objected: i64,
    unobjected: Option<i64>,
    precludes: bool,
}

fn story() -> impl Strategy<Value = Story> {
    let consents = || prop::collection::vec(0_i64..30, 0..3);
    let leaving = || prop::option::of(0_i64..40);
    let later = || prop::option::of(0_i64..20);
    (
        [consents(), consents()],
        [leaving(), leaving()],
        (0_i64..20, later()),
        (0_i64..20, later()),
        any::<bool>(),
    )
        .prop_map(|(consents, leaving, reserved, objected, precludes)| {
            let (reserved, unreserved) = reserved;
            let objected = (reserved + objected.0, objected.1);
            Story {
                consents,
                leaving,
                reserved,
                unreserved: unreserved.map(|after| reserved + after),
                objected: objected.0,
                unobjected: objected.1.map(|after| objected.0 + after),
                precludes,
            }
        })
}

fn on(days: i64) -> Day {
    day("2000-01-01").plus_days(days)
}

impl Story {
    /// Returns the acts: by whom, of what kind, on what day, and what else.
    fn acts(&self) -> Vec<(&'static str, &'static str, i64, String)> {
        let mut acts = Vec::new();
        for (place, actor) in ["a", "b"].into_iter().enumerate() {
            let consents = self.consents[place].iter();
            acts.extend(consents.map(|day| (actor, "ratification", *day, String::new())));
            let leaving = self.leaving[place];
            let effective = |day| format!("effective = \"{}\"\n", on(day));
            acts.extend(leaving.map(|day| (actor, "withdrawal", day, effective(day))));
        }
        acts.push(("a", "reservation", self.reserved, "id = \"r\"\n".to_owned()));
        let objection = format!(
            "id = \"o\"\ntarget = \"r\"\nprecludes_entry_into_force = {}\n",
            self.precludes
        );
        acts.push(("b", "objection", self.objected, objection));
        let taken_back = |by, of: &str| (by, "withdrawal-of-act", format!("target = \"{of}\"\n"));
        for (day, (by, kind, more)) in [
            (self.unreserved, taken_back("a", "r")),
            (self.unobjected, taken_back("b", "o")),
        ] {
            acts.extend(day.map(|day| (by, kind, day, more)));
        }
        acts
    }

    /// Returns the story as records, the act at `blurred` on some day around its own.
    fn archive(&self, blurred: Option<usize>) -> Archive {
        let mut dossier = "[[instrument]]\nid = \"t\"\ntitle = \"T\"\nkind = \"treaty\"\n\
                           entry_into_force = { consents = 1 }\n"
            .to_owned();
        for actor in ["a", "b"] {
            let _ = write!(
                dossier,
                "[[actor]]\nid = \"{actor}\"\nname = \"{actor}\"\nkind = \"state\"\n"
            );
        }
        for (place, (by, kind, day, more)) in self.acts().into_iter().enumerate() {
            let written = match blurred {
                Some(blurred) if blurred == place => format!("{}/{}", on(day - 3), on(day + 3)),
                _ => on(day).to_string(),
            };
            let _ = write!(
                dossier,
                "[[act]]\ninstrument = \"t\"\nby = \"{by}\"\nkind = \"{kind}\"\non = \"{written}\"\n{more}"
            );
        }
        Archive::of(&dossier)
    }

    /// Returns whether what was done on `done` stands: not ended with its actor's leaving.
    fn stands(&self, actor: usize, done: i64, at: i64) -> bool {
        done <= at && !self.leaving[actor].is_some_and(|end| done < end && end <= at)
    }

    /// Returns whether the reservation stands, and what is so between the two if
    /// the objection does as well.
    fn naive(&self, at: i64) -> (bool, Option<Between>) {
        let taken_back = |day: Option<i64>| day.is_some_and(|day| day <= at);
        let reserved = self.stands(0, self.reserved, at) && !taken_back(self.unreserved);
        let objected = self.stands(1, self.objected, at) && !taken_back(self.unobjected);
        let party = |actor: usize| {
            let mut consents = self.consents[actor].iter();
            consents.any(|consent| self.stands(actor, *consent, at))
        };
        let between = match (party(0) && party(1), self.precludes) {
            (false, _) => Between::NotBothParties,
            (true, true) => Between::NotInForce,
            (true, false) => Between::ExceptReserved,
        };
        (reserved, (reserved && objected).then_some(between))
    }
}

fn reservation(archive: &Archive, at: i64) -> Option<ReservationItem> {
    let item = archive.instrument("t", &on(at).to_string());
    item.reservations.into_iter().next()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn with_precise_days_a_pair_is_as_a_naive_fold_says(story in story(), at in 0_i64..60) {
        let found = reservation(&story.archive(None), at);

        let (reserved, between) = story.naive(at);
        prop_assert_eq!(found.is_some(), reserved);
        let answers = found.map_or_else(Vec::new, |item| item.answers);
        let answers: Vec<_> = answers.into_iter().map(|answer| answer.between).collect();
        let expected = between.map(|between| vec![(between, Certainty::Certain)]);
        prop_assert_eq!(answers, Vec::from_iter(expected));
    }

    #[test]
    fn a_day_made_imprecise_keeps_what_was_so_possible(
        story in story(),
        blurred in 0..10_usize,
        at in 0_i64..60,
    ) {
        let found = reservation(&story.archive(Some(blurred)), at);

        let (reserved, between) = story.naive(at);
        prop_assert!(found.is_some() || !reserved);
        let Some(found) = found else { return Ok(()) };
        prop_assert!(reserved || found.certainty == Certainty::Possible);
        let answer = found.answers.first();
        match between {
            Some(between) => {
                let said = &answer.unwrap().between;
                prop_assert!(said.iter().any(|(word, _)| *word == between), "{:?}", said);
            }
            None => prop_assert!(
                !reserved || answer.is_none_or(|answer| answer.certainty == Certainty::Possible)
            ),
        }
        let certain = answer.and_then(|answer| {
            answer.between.iter().find(|(_, certainty)| *certainty == Certainty::Certain)
        });
        if let Some((word, _)) = certain {
            let or_moot = between.is_none() || between == Some(*word);
            prop_assert!(or_moot, "{:?} is certain, but it was {:?}", word, between);
        }
    }
}
