//! A proof shows a world in which something is so and one in which it is not.

#![allow(missing_docs, clippy::unwrap_used)]

mod replay_archive;

use chancery_core::day::Day;
use chancery_core::replay::{DayOf, Fact, Phase, Proof, Standing, Status, prove};
use chancery_core::worlds::Certainty;
use replay_archive::{Archive, question};

const TREATY: &str = "[[instrument]]\nid = \"t\"\ntitle = \"T\"\nkind = \"treaty\"\nopened = \"2016-01-01\"\nentry_into_force = { consents = 1, delay = { days = 10 } }\nwithdrawal = { notice = { days = 20 } }\n[[actor]]\nid = \"a\"\nname = \"A\"\nkind = \"state\"\n";

fn act(id: &str, kind: &str, on: &str, more: &str) -> String {
    format!(
        "[[act]]\nid = \"{id}\"\ninstrument = \"t\"\nby = \"a\"\nkind = \"{kind}\"\non = \"{on}\"\n{more}\n"
    )
}

fn proof(archive: &Archive, day: &str, fact: Fact) -> Proof {
    prove(&archive.readings(), &question(day), fact).unwrap()
}

fn day_in(world: Option<&[DayOf]>, seq: u64) -> Day {
    let found = world.unwrap().iter().find(|of| of.happening.seq == seq);
    found.unwrap().day
}

#[test]
fn what_is_possible_has_a_world_of_either_kind() {
    let archive = Archive::of(&format!(
        "{TREATY}{}",
        act("in", "ratification", "2016-07", "")
    ));
    let fact = Fact::Standing(archive.seq("t"), archive.seq("a"), Standing::Party);
    let deposit = archive.seq("in");

    let proof = proof(&archive, "2016-07-20", fact);

    let tenth: Day = "2016-07-10".parse().unwrap();
    assert_eq!(proof.certainty, Some(Certainty::Possible));
    assert!(day_in(proof.holds.as_deref(), deposit) <= tenth);
    assert!(day_in(proof.fails.as_deref(), deposit) > tenth);
    let decided_by: Vec<u64> = proof.decided_by.iter().map(|of| of.seq).collect();
    assert_eq!(decided_by, [deposit]);
}

#[test]
fn what_is_certain_fails_in_no_world() {
    let archive = Archive::of(&format!(
        "{TREATY}{}",
        act("in", "ratification", "2016-07", "")
    ));
    let (treaty, actor) = (archive.seq("t"), archive.seq("a"));

    let party = proof(
        &archive,
        "2016-08-10",
        Fact::Standing(treaty, actor, Standing::Party),
    );
    let status = proof(
        &archive,
        "2016-08-10",
        Fact::Status(treaty, Status::InForce),
    );

    assert_eq!(party.certainty, Some(Certainty::Certain));
    assert!(party.holds.is_some() && party.fails.is_none());
    assert_eq!(status.certainty, Some(Certainty::Certain));
    assert!(status.fails.is_none());
}

#[test]
fn the_world_shown_keeps_what_the_records_say_of_sequence() {
    let archive = Archive::of(&format!(
        "{TREATY}{}{}",
        act("one", "signature", "2016-07", ""),
        act(
            "two",
            "ratification",
            "2016-07",
            "order = [{ after = \"one\", at_least = { days = 20 } }]"
        ),
    ));
    let fact = Fact::Standing(archive.seq("t"), archive.seq("a"), Standing::Contracting);

    let proof = proof(&archive, "2016-07-25", fact);

    for world in [&proof.holds, &proof.fails] {
        let signed = day_in(world.as_deref(), archive.seq("one"));
        let ratified = day_in(world.as_deref(), archive.seq("two"));
        assert!(ratified >= signed.plus_days(20), "{world:?}");
    }
}

#[test]
fn a_contradiction_proves_nothing_and_is_named() {
    let archive = Archive::of(
        "[[actor]]\nid = \"a\"\nname = \"A\"\nkind = \"state\"\n[[commitment]]\nid = \"c\"\ndebtors = [\"a\"]\ntext = \"t\"\nmade = \"2016-07-20\"\n[[operation]]\nid = \"o\"\ncommitment = \"c\"\nkind = \"release\"\non = \"2016-07-10\"",
    );

    let proof = proof(
        &archive,
        "2016-08-01",
        Fact::Phase(archive.seq("c"), Phase::Active),
    );

    let records = [archive.seq("c"), archive.seq("o")];
    assert_eq!(proof.certainty, Some(Certainty::Contradictory));
    assert_eq!(proof.contradiction.unwrap().records, records);
    assert_eq!((proof.holds, proof.fails), (None, None));
}

#[test]
fn what_is_in_no_record_has_no_proof() {
    let archive = Archive::of(TREATY);

    let nobody = Fact::Standing(archive.seq("t"), archive.seq("a"), Standing::Party);

    assert_eq!(
        prove(&archive.readings(), &question("2016-08-01"), nobody),
        None
    );
}
