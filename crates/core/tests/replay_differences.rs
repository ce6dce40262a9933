//! How two registers differ, and in what order that is told.

#![allow(missing_docs, clippy::unwrap_used)]

mod replay_archive;

use chancery_core::replay::{Causes, Change, Difference, Register, chronicle};
use proptest::prelude::*;
use replay_archive::{Archive, question};

const DAYS: [&str; 6] = [
    "2016-01-01",
    "2016-02-15",
    "2016-03-01",
    "2016-04-10",
    "2016-06-01",
    "2017-01-01",
];

fn archive(on: &[&str], made: &str) -> Archive {
    let act = |(place, on): (usize, &&str)| {
        let kind = ["signature", "ratification", "withdrawal"][place % 3];
        let by = ["a", "b"][place % 2];
        format!("[[act]]\ninstrument = \"t\"\nby = \"{by}\"\nkind = \"{kind}\"\non = \"{on}\"\n")
    };
    let acts: String = on.iter().enumerate().map(act).collect();
    let dossier = format!(
        "[[actor]]\nid = \"a\"\nname = \"A\"\nkind = \"state\"\n\
         [[actor]]\nid = \"b\"\nname = \"B\"\nkind = \"state\"\n\
         [[instrument]]\nid = \"t\"\ntitle = \"T\"\nkind = \"treaty\"\nadopted = \"2016-01\"\n\
         entry_into_force = {{ consents = 1, delay = {{ days = 20 }} }}\n{acts}\
         [[commitment]]\nid = \"c\"\ndebtors = [\"a\"]\ntext = \"c\"\nmade = \"{made}\"\nunder = \"t\"\n\
         until = \"2016-05\"\n\
         [[event]]\nid = \"e\"\ntitle = \"E\"\nannounced = \"2016-02\"\nplanned_for = \"2016-03\"\n\
         [[statement]]\nid = \"s\"\nspeakers = [\"a\"]\nsaid = \"2016-03/2016-05\"\nmode = \"quoted\"\n"
    );
    Archive::of(&dossier)
}

fn between(archive: &Archive, one: &str, other: &str) -> Vec<Difference> {
    let readings = archive.readings();
    let (first, second) = (question(one), question(other));
    let told = chronicle(&readings, &second);
    let causes = Causes::days(&told, first.on.last(), second.on.last());
    let before = Register::of(&readings, &first, None);
    before.differences(&Register::of(&readings, &second, None), &causes)
}

/// Returns the differences as they are looked at from the other side.
fn mirrored(mut all: Vec<Difference>) -> Vec<Difference> {
    for item in &mut all {
        item.change = match item.change {
            Change::Appeared => Change::Gone,
            Change::Gone => Change::Appeared,
            Change::Changed => Change::Changed,
        };
        for facet in &mut item.facets {
            std::mem::swap(&mut facet.before, &mut facet.after);
        }
    }
    told(all)
}

/// Returns the differences with the facets of each item in one order.
fn told(mut all: Vec<Difference>) -> Vec<Difference> {
    for item in &mut all {
        item.facets.sort_by_key(|facet| (facet.aspect, facet.of));
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_changed_one_way_changed_back_the_other_way(
        on in prop::collection::vec(prop::sample::select(vec![
            "2016-01-10", "2016-02", "2016-02-20", "2016-04", "2016-04/2016-05",
        ]), 0..5),
        made in prop::sample::select(vec!["2016-02-01", "2016-03", "2015"]),
        one in prop::sample::select(DAYS.to_vec()),
        other in prop::sample::select(DAYS.to_vec()),
    ) {
        let archive = archive(&on, made);

        let there = between(&archive, one, other);
        let back = between(&archive, other, one);

        prop_assert_eq!(told(there), mirrored(back));
    }

    #[test]
    fn a_register_does_not_differ_from_itself(
        on in prop::collection::vec(prop::sample::select(DAYS.to_vec()), 0..5),
        day in prop::sample::select(DAYS.to_vec()),
    ) {
        let archive = archive(&on, "2016-02");

        prop_assert_eq!(between(&archive, day, day), Vec::new());
    }
}

#[test]
fn a_change_names_the_act_that_it_comes_from() {
    let archive = archive(&["2016-02-10"], "2015");

    let found = between(&archive, "2016-02-01", "2016-02-15");

    let of_instrument = found
        .iter()
        .find(|item| item.seq == archive.seq("t"))
        .unwrap();
    let facets = of_instrument.facets.iter();
    let standing = facets
        .clone()
        .find(|facet| facet.aspect == "standing")
        .unwrap();
    let because: Vec<u64> = standing.because.iter().map(|cause| cause.seq).collect();
    let act = archive
        .records
        .iter()
        .find(|(_, _, record)| record.kind().name() == "act");
    assert_eq!(because, [act.unwrap().0]);
}

#[test]
fn a_day_that_follows_from_a_rule_is_what_a_change_comes_from() {
    let archive = archive(&["2016-01-10", "2016-02-10"], "2015");

    let found = between(&archive, "2016-02-20", "2016-03-05");

    let status = found
        .iter()
        .flat_map(|item| &item.facets)
        .find(|facet| facet.aspect == "status");
    let (what, date) = status.unwrap().because[0].happened.clone().unwrap();
    assert_eq!(
        (what.as_str(), date.window.to_string().as_str()),
        ("entry-into-force", "2016-03-01")
    );
}
