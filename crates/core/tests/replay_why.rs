//! A proof shows a world in which something is so and one in which it is not.

#![allow(missing_docs, clippy::unwrap_used)]

mod replay_archive;

use std::fmt::Write as _;

use chancery_core::day::Day;
use chancery_core::replay::why::{Decided, Proof, Subject, World};
use chancery_core::worlds::Certainty;
use replay_archive::{Archive, question};

const TREATY: &str = "[[instrument]]\nid = \"t\"\ntitle = \"T\"\nkind = \"treaty\"\nopened = \"2016-01-01\"\nentry_into_force = { consents = 1, delay = { days = 10 } }\nwithdrawal = { notice = { days = 20 } }\n[[actor]]\nid = \"a\"\nname = \"A\"\nkind = \"state\"\n";

fn act(id: &str, kind: &str, on: &str, more: &str) -> String {
    format!(
        "[[act]]\nid = \"{id}\"\ninstrument = \"t\"\nby = \"a\"\nkind = \"{kind}\"\non = \"{on}\"\n{more}\n"
    )
}

fn proof(archive: &Archive, day: &str, subject: Subject) -> Proof {
    Proof::of(&archive.readings(), &question(day), subject)
}

fn standing(archive: &Archive) -> Subject {
    Subject::Standing {
        instrument: archive.seq("t"),
        actor: archive.seq("a"),
    }
}

fn worlds_of<'a>(proof: &'a Proof, word: &str) -> &'a Decided {
    let mut found = proof.worlds.iter();
    found.find(|found| found.word == word).unwrap()
}

/// Returns the day of a record in a world that has these days beside those that
/// are alike.
fn day_in(world: &World, of: &Decided, seq: u64) -> Day {
    let mut all = world.iter().chain(&of.alike);
    all.find(|(of, _)| of.seq == seq).unwrap().1
}

#[test]
fn what_is_possible_has_a_world_of_either_kind() {
    let archive = Archive::of(&format!(
        "{TREATY}{}",
        act("in", "ratification", "2016-07", "")
    ));
    let deposit = archive.seq("in");

    let proof = proof(&archive, "2016-07-20", standing(&archive));

    let tenth: Day = "2016-07-10".parse().unwrap();
    let party = worlds_of(&proof, "party");
    assert!(day_in(&party.holds, party, deposit) <= tenth);
    assert!(day_in(&party.fails, party, deposit) > tenth);
    let decides = proof.days.iter().filter(|day| day.decides == Some(true));
    let decides: Vec<u64> = decides.map(|day| day.of.seq).collect();
    assert_eq!(decides, [deposit]);
}

#[test]
fn what_is_certain_is_told_no_worlds() {
    let archive = Archive::of(&format!(
        "{TREATY}{}",
        act("in", "ratification", "2016-07", "")
    ));

    let party = proof(&archive, "2016-08-10", standing(&archive));
    let status = proof(&archive, "2016-08-10", Subject::Record(archive.seq("t")));

    for (proof, word) in [(party, "party"), (status, "in-force")] {
        assert_eq!(proof.answers[0].word, word);
        assert_eq!(proof.answers[0].certainty, Certainty::Certain);
        assert_eq!(proof.worlds, []);
    }
}

#[test]
fn both_worlds_keep_what_the_records_say_of_sequence() {
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

    let proof = proof(&archive, "2016-07-25", standing(&archive));

    let found = worlds_of(&proof, "contracting");
    for world in [&found.holds, &found.fails] {
        let signed = day_in(world, found, archive.seq("one"));
        let ratified = day_in(world, found, archive.seq("two"));
        assert!(ratified >= signed.plus_days(20), "{world:?}");
    }
}

#[test]
fn worlds_are_found_where_no_day_can_be_chosen_by_itself() {
    // Suspended twice and resumed twice, each a week after the other at least:
    // on the day asked about it is suspended only if the last is well placed.
    let mut dossier = "[[actor]]\nid = \"a\"\nname = \"A\"\nkind = \"state\"\n[[commitment]]\nid = \"c\"\ndebtors = [\"a\"]\ntext = \"t\"\nmade = \"2016-01-01\"\n".to_owned();
    let turns = [
        "suspend", "resume", "suspend", "resume", "suspend", "resume",
    ];
    for (place, kind) in turns.iter().enumerate() {
        let order = place.checked_sub(1).map_or(String::new(), |before| {
            format!("order = [{{ after = \"o{before}\", at_least = {{ days = 7 }}, at_most = {{ days = 9 }} }}]\n")
        });
        let _ = write!(
            dossier,
            "[[operation]]\nid = \"o{place}\"\ncommitment = \"c\"\nkind = \"{kind}\"\non = \"2016\"\n{order}"
        );
    }
    let archive = Archive::of(&dossier);

    let proof = proof(&archive, "2016-07-14", Subject::Record(archive.seq("c")));

    let asked: Day = "2016-07-14".parse().unwrap();
    let found = worlds_of(&proof, "suspended");
    let done = |world: &World| {
        let ids = (0..6).map(|place| archive.seq(&format!("o{place}")));
        ids.filter(|seq| day_in(world, found, *seq) <= asked)
            .count()
    };
    assert_eq!(done(&found.holds) % 2, 1);
    assert_eq!(done(&found.fails) % 2, 0);
}

#[test]
fn a_contradiction_proves_nothing_and_is_named() {
    let archive = Archive::of(
        "[[actor]]\nid = \"a\"\nname = \"A\"\nkind = \"state\"\n[[commitment]]\nid = \"c\"\ndebtors = [\"a\"]\ntext = \"t\"\nmade = \"2016-07-20\"\n[[operation]]\nid = \"o\"\ncommitment = \"c\"\nkind = \"release\"\non = \"2016-07-10\"",
    );

    let proof = proof(&archive, "2016-08-01", Subject::Record(archive.seq("c")));

    let records = [archive.seq("c"), archive.seq("o")];
    assert_eq!(proof.answers[0].certainty, Certainty::Contradictory);
    assert_eq!(proof.contradictions[0].records, records);
    assert_eq!(proof.worlds, []);
}

#[test]
fn of_what_is_in_no_record_nothing_is_told() {
    let archive = Archive::of(TREATY);

    let proof = proof(&archive, "2016-08-01", standing(&archive));

    assert_eq!(proof.answers, []);
    assert_eq!(proof.worlds, []);
}
