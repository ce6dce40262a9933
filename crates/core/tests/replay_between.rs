//! What is so between two: reservations that were objected to, and amendments
//! that only some became parties to.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;

use chancery_core::replay::{Filter, Register};
use chancery_core::worlds::Certainty;
use replay_archive::{Archive, question, told};

/// A treaty that one consent brings into force, and the actors a to e.
fn treaty(more: &str) -> Archive {
    let mut dossier = String::from(
        "[[instrument]]\nid = \"t\"\ntitle = \"T\"\nkind = \"treaty\"\n\
         entry_into_force = { consents = 1 }\n",
    );
    dossier.push_str(more);
    for actor in ["a", "b", "c", "d", "e"] {
        let line = format!("[[actor]]\nid = \"{actor}\"\nname = \"{actor}\"\nkind = \"state\"\n");
        dossier.push_str(&line);
    }
    let mut archive = Archive::of(&dossier);
    for actor in ["a", "b", "c"] {
        archive.append(&act("t", actor, "ratification", "2000-01-01", ""));
    }
    archive
}

fn act(instrument: &str, by: &str, kind: &str, on: &str, more: &str) -> String {
    format!(
        "[[act]]\ninstrument = \"{instrument}\"\nby = \"{by}\"\nkind = \"{kind}\"\n\
         on = \"{on}\"\n{more}\n"
    )
}

/// A treaty to which a made the reservation `r`, and b objected with `o`.
fn objected(on: &str, more: &str) -> Archive {
    let mut archive = treaty("");
    archive.append(&act("t", "a", "reservation", "2000-01-01", "id = \"r\""));
    let more = format!("id = \"o\"\ntarget = \"r\"\n{more}");
    archive.append(&act("t", "b", "objection", on, &more));
    archive
}

/// Returns the reservations that stand, with what is so between the two of each answer.
fn reservations(archive: &Archive, day: &str) -> Vec<String> {
    let readings = archive.readings();
    let items = archive.instrument("t", day).reservations;
    let item = |item: &chancery_core::replay::ReservationItem| {
        let mut text = told(&readings.id_of(item.seq), item.certainty);
        for answer in &item.answers {
            let between = answer.between.iter();
            let between: Vec<String> = between
                .map(|(between, certainty)| told(between.word(), *certainty))
                .collect();
            let by = told(&readings.id_of(answer.by), answer.certainty);
            text.push_str(&format!(" {by}:{}", between.join("|")));
        }
        text
    };
    items.iter().map(item).collect()
}

#[test]
fn an_objection_leaves_the_treaty_in_force_but_for_what_was_reserved() {
    let archive = objected("2000-06-01", "");

    assert_eq!(reservations(&archive, "1999-12-31"), Vec::<String>::new());
    assert_eq!(reservations(&archive, "2000-05-31"), ["r"]);
    assert_eq!(
        reservations(&archive, "2000-06-01"),
        ["r b:except-reserved"]
    );
}

#[test]
fn an_objection_can_keep_the_treaty_from_being_in_force_between_the_two() {
    let archive = objected("2000-06-01", "precludes_entry_into_force = true");

    assert_eq!(reservations(&archive, "2000-06-01"), ["r b:not-in-force"]);
    let parties = archive.instrument("t", "2000-06-01").counts.parties;
    assert_eq!(parties.certain, 3, "both are parties all the same");
}

#[test]
fn an_objection_that_was_withdrawn_leaves_the_treaty_as_modified() {
    let mut archive = objected("2000-06-01", "");
    archive.append(&act(
        "t",
        "b",
        "withdrawal-of-act",
        "2001-01-01",
        "target = \"o\"",
    ));

    assert_eq!(
        reservations(&archive, "2000-12-31"),
        ["r b:except-reserved"]
    );
    assert_eq!(reservations(&archive, "2001-01-01"), ["r"]);
}

#[test]
fn a_reservation_stands_until_it_is_withdrawn() {
    let mut archive = objected("2000-06-01", "");
    archive.append(&act(
        "t",
        "a",
        "withdrawal-of-act",
        "2001-01",
        "target = \"r\"",
    ));

    assert_eq!(
        reservations(&archive, "2001-01-15"),
        ["r? b:except-reserved?|in-full?"]
    );
    assert_eq!(reservations(&archive, "2001-01-31"), Vec::<String>::new());
}

#[test]
fn a_reservation_lapses_when_its_actor_leaves_and_does_not_come_back_with_it() {
    let mut archive = objected("2000-06-01", "");
    archive.append(&act(
        "t",
        "a",
        "withdrawal",
        "2001-01-01",
        "effective = \"2001-06-01\"",
    ));
    archive.append(&act("t", "a", "accession", "2002-01-01", ""));

    assert_eq!(
        reservations(&archive, "2001-05-31"),
        ["r b:except-reserved"]
    );
    assert_eq!(reservations(&archive, "2001-06-01"), Vec::<String>::new());
    assert_eq!(reservations(&archive, "2002-01-01"), Vec::<String>::new());
}

#[test]
fn between_two_of_whom_one_is_no_party_nothing_is_in_force() {
    let mut archive = treaty("");
    archive.append(&act("t", "d", "signature", "2000-01-01", ""));
    archive.append(&act("t", "d", "reservation", "2000-01-01", "id = \"r\""));
    archive.append(&act("t", "b", "objection", "2000-02-01", "target = \"r\""));
    archive.append(&act("t", "d", "ratification", "2001-03", ""));

    assert_eq!(
        reservations(&archive, "2000-02-01"),
        ["r b:not-both-parties"]
    );
    assert_eq!(
        reservations(&archive, "2001-03-15"),
        ["r b:not-both-parties?|except-reserved?"]
    );
    assert_eq!(
        reservations(&archive, "2001-03-31"),
        ["r b:except-reserved"]
    );
}

#[test]
fn what_follows_from_an_objection_of_an_uncertain_day_is_possible() {
    let archive = objected("2000-06", "");

    assert_eq!(
        reservations(&archive, "2000-06-10"),
        ["r b?:except-reserved?|as-modified?"]
    );
}

#[test]
fn a_reservation_can_be_accepted_which_is_no_consent_to_be_bound() {
    let mut archive = objected("2000-06-01", "");
    archive.append(&act("t", "c", "acceptance", "2000-07-01", "target = \"r\""));
    archive.append(&act("t", "d", "acceptance", "2000-07-01", "target = \"r\""));

    assert_eq!(
        reservations(&archive, "2000-07-01"),
        ["r b:except-reserved c:as-modified d:not-both-parties"]
    );
    assert_eq!(archive.standing("t", "d", "2000-07-01"), "");
}

#[test]
fn a_declaration_is_listed_if_another_objects_to_it() {
    let mut archive = treaty("");
    archive.append(&act(
        "t",
        "a",
        "declaration",
        "2000-01-01",
        "id = \"quiet\"",
    ));
    archive.append(&act("t", "b", "declaration", "2000-01-01", "id = \"loud\""));
    archive.append(&act(
        "t",
        "c",
        "objection",
        "2000-02-01",
        "target = \"loud\"",
    ));

    assert_eq!(
        reservations(&archive, "2000-02-01"),
        ["loud c:except-reserved"]
    );
}

#[test]
fn an_objection_of_ones_own_is_none() {
    let mut archive = treaty("");
    archive.append(&act("t", "a", "reservation", "2000-01-01", "id = \"r\""));
    archive.append(&act("t", "a", "objection", "2000-02-01", "target = \"r\""));

    assert_eq!(reservations(&archive, "2000-02-01"), ["r"]);
}

#[test]
fn a_filter_leaves_the_reservations_that_were_asked_for() {
    let mut archive = objected("2000-06", "");
    archive.append(&act("t", "c", "reservation", "2000-06-15", ""));
    let kept = |filter: Filter| {
        let register = Register::of(&archive.readings(), &question("2000-06-20"), Some(&filter));
        let first = register.instruments.first();
        first.map_or(0, |item| item.reservations.len())
    };
    let of_actor = |actor: &str| {
        kept(Filter {
            actor: Some(archive.seq(actor)),
            ..Filter::default()
        })
    };
    let as_certain = |certainty| {
        kept(Filter {
            certainty: Some(certainty),
            ..Filter::default()
        })
    };

    assert_eq!((of_actor("a"), of_actor("b"), of_actor("c")), (1, 1, 1));
    assert_eq!(as_certain(Certainty::Certain), 2);
    assert_eq!(as_certain(Certainty::Possible), 0);
}

/// The treaty, and `p`, which amends it from its second consent on.
fn amended() -> Archive {
    let mut archive = treaty(
        "[[instrument]]\nid = \"p\"\ntitle = \"P\"\nkind = \"protocol\"\namends = [\"t\"]\n\
         entry_into_force = { consents = 2 }\n",
    );
    archive.append(&act("p", "a", "ratification", "2005-01-01", ""));
    archive.append(&act("p", "b", "ratification", "2006-01-01", ""));
    archive
}

/// Returns who is bound by the amendment, `+` marking who joined later, and after
/// the stroke who is not; nothing if it is not in force.
fn bound(archive: &Archive, day: &str) -> String {
    let readings = archive.readings();
    let amended_by = archive.instrument("t", day).amended_by;
    let Some(item) = amended_by.first() else {
        return String::new();
    };
    let bound = item.bound.iter().map(|bound| {
        let later = if bound.joined_later { "+" } else { "" };
        told(
            &format!("{later}{}", readings.id_of(bound.actor)),
            bound.certainty,
        )
    });
    let not_bound = item.not_bound.iter();
    let not_bound = not_bound.map(|(actor, certainty)| told(&readings.id_of(*actor), *certainty));
    let both = [bound.collect::<Vec<_>>(), not_bound.collect::<Vec<_>>()];
    both.map(|actors| actors.join(" ")).join(" / ")
}

#[test]
fn the_amended_treaty_governs_between_those_who_are_parties_to_both() {
    let archive = amended();

    assert_eq!(bound(&archive, "2005-12-31"), "");
    assert_eq!(bound(&archive, "2006-01-01"), "a b / c");
}

#[test]
fn whoever_joins_after_the_amendment_is_bound_by_it_unless_it_means_otherwise() {
    let mut archive = amended();
    archive.append(&act("t", "d", "accession", "2007-01-01", ""));
    archive.append(&act("t", "e", "accession", "2007-01-01", ""));
    archive.append(&act("p", "e", "non-intention", "2007-06-01", ""));

    assert_eq!(bound(&archive, "2007-01-01"), "a b +d +e / c");
    assert_eq!(bound(&archive, "2007-06-01"), "a b +d / c e");
}

#[test]
fn whoever_may_have_joined_before_the_amendment_may_not_be_bound_by_it() {
    let mut archive = amended();
    archive.append(&act("t", "d", "accession", "2005/2006", ""));

    assert_eq!(bound(&archive, "2007-01-01"), "a b +d? / c d?");
}

#[test]
fn whoever_leaves_the_amendment_or_the_treaty_is_not_counted_among_its_parties() {
    let mut archive = amended();
    let leave = |of, by, on| act(of, by, "withdrawal", on, &format!("effective = \"{on}\""));
    archive.append(&leave("p", "a", "2008-01-01"));
    archive.append(&leave("t", "b", "2009-01-01"));

    assert_eq!(bound(&archive, "2008-01-01"), "b / a c");
    assert_eq!(bound(&archive, "2009-01-01"), " / a c");
}

#[test]
fn an_amendment_that_was_terminated_amends_nothing() {
    let mut archive = amended();
    archive
        .append("[[occurrence]]\ninstrument = \"p\"\nkind = \"termination\"\non = \"2008-01-01\"");

    assert_eq!(bound(&archive, "2007-12-31"), "a b / c");
    assert_eq!(bound(&archive, "2008-01-01"), "");
}

#[test]
fn what_the_parties_of_an_amendment_owe_those_who_joined_later_owe_too() {
    let mut archive = amended();
    archive.append(&act("t", "d", "accession", "2007-01-01", ""));
    archive.append(
        "[[commitment]]\nid = \"owed\"\ndebtors = [\"@parties\"]\ntext = \"x\"\n\
         made = \"2004-01-01\"\nunder = \"p\"",
    );

    let debtors = |day| {
        let readings = archive.readings();
        let debtors = archive.commitment("owed", day).unwrap().debtors.actors;
        let debtors = debtors.iter();
        let ids = debtors.map(|(actor, certainty)| told(&readings.id_of(*actor), *certainty));
        ids.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(debtors("2006-12-31"), "a b");
    assert_eq!(debtors("2007-01-01"), "a b d");
}
