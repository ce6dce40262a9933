//! What is over binds nobody: instruments that end or are suspended, and
//! debtors that leave.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;

use chancery_core::replay::Side;
use chancery_core::worlds::Certainty;
use replay_archive::Archive;

/// A treaty to which a, b and c are parties since 2000, and what a and b owe under it.
fn treaty() -> Archive {
    let mut dossier = "[[instrument]]\nid = \"t\"\ntitle = \"T\"\nkind = \"treaty\"\nentry_into_force = { consents = 1 }\n".to_owned();
    for actor in ["a", "b", "c"] {
        dossier.push_str(&format!(
            "[[actor]]\nid = \"{actor}\"\nname = \"{actor}\"\nkind = \"state\"\n"
        ));
        dossier.push_str(&act(actor, "accession", "2000-01-01"));
    }
    dossier.push_str("[[commitment]]\nid = \"k\"\ndebtors = [\"a\", \"b\"]\ncreditors = [\"@parties\"]\ntext = \"x\"\nmade = \"2000-01-01\"\nunder = \"t\"\n");
    Archive::of(&dossier)
}

fn act(by: &str, kind: &str, on: &str) -> String {
    format!("[[act]]\ninstrument = \"t\"\nby = \"{by}\"\nkind = \"{kind}\"\non = \"{on}\"\n")
}

fn withdrawal(by: &str, effective: &str) -> String {
    let notice = act(by, "withdrawal", "2001-01-01");
    format!("{notice}effective = \"{effective}\"\n")
}

fn occurrence(kind: &str, on: &str) -> String {
    format!("[[occurrence]]\ninstrument = \"t\"\nkind = \"{kind}\"\non = \"{on}\"\n")
}

fn debtors(archive: &Archive, day: &str) -> Side {
    archive.commitment("k", day).unwrap().debtors
}

#[test]
fn nobody_is_a_party_to_what_is_terminated_or_invalid() {
    for kind in ["termination", "invalidity"] {
        let mut archive = treaty();
        archive.append(&occurrence(kind, "2003-01-01"));
        let creditors = |day| archive.commitment("k", day).unwrap().creditors.actors;

        assert_eq!(archive.standing("t", "a", "2002-12-31"), "party");
        assert_eq!(creditors("2002-12-31").len(), 3);
        assert_eq!(archive.standing("t", "a", "2003-01-01"), "");
        assert_eq!(creditors("2003-01-01"), []);
        let item = archive.instrument("t", "2003-01-01");
        assert_eq!(item.counts.parties.possible, 0);
        assert_eq!(item.counts.consents.certain, 3);
        assert!(item.parties.is_empty());
    }
}

#[test]
fn whoever_signed_or_had_left_is_still_so_told_once_the_treaty_is_over() {
    let mut archive = treaty();
    archive.append(&act("a", "signature", "1999-01-01"));
    archive.append(&withdrawal("b", "2002-01-01"));
    archive.append(&withdrawal("c", "2004-01-01"));
    archive.append(&occurrence("termination", "2003-01-01"));

    assert_eq!(archive.standing("t", "a", "2005-01-01"), "signatory");
    assert_eq!(archive.standing("t", "b", "2005-01-01"), "withdrawn");
    assert_eq!(archive.standing("t", "c", "2002-12-31"), "withdrawing");
    assert_eq!(archive.standing("t", "c", "2005-01-01"), "");
}

#[test]
fn what_is_owed_under_a_treaty_ends_with_it() {
    for kind in ["termination", "invalidity"] {
        let mut archive = treaty();
        archive.append(&occurrence(kind, "2003-01"));

        assert_eq!(archive.phase("k", "2002-12-31"), "active");
        assert_eq!(archive.phase("k", "2003-01-15"), "active? terminated?");
        assert_eq!(archive.standing("t", "a", "2003-01-15"), "party?");
        assert_eq!(archive.phase("k", "2003-01-31"), "terminated");
    }
}

#[test]
fn what_is_owed_under_a_suspended_treaty_is_suspended_until_it_is_resumed() {
    let mut archive = treaty();
    archive.append("[[operation]]\ncommitment = \"k\"\nkind = \"suspend\"\non = \"2002-06-01\"");
    archive.append("[[operation]]\ncommitment = \"k\"\nkind = \"resume\"\non = \"2002-07-01\"");
    archive.append(&occurrence("suspension", "2002-01-01"));
    archive.append(&occurrence("resumption", "2003-01-01"));

    assert_eq!(archive.phase("k", "2001-12-31"), "active");
    assert_eq!(archive.phase("k", "2002-01-01"), "suspended");
    assert_eq!(archive.phase("k", "2002-07-01"), "suspended");
    assert_eq!(archive.phase("k", "2003-01-01"), "active");
    assert_eq!(archive.standing("t", "a", "2002-01-01"), "party");
}

#[test]
fn a_debtor_that_has_left_owes_no_more_while_the_others_do() {
    let mut archive = treaty();
    let (a, b) = (archive.seq("a"), archive.seq("b"));
    archive.append(&withdrawal("b", "2002-01"));

    let both = [(a, Certainty::Certain), (b, Certainty::Certain)];
    assert_eq!(debtors(&archive, "2001-12-31").actors, both);
    let perhaps = [(a, Certainty::Certain), (b, Certainty::Possible)];
    assert_eq!(debtors(&archive, "2002-01-15").actors, perhaps);
    let only = [(a, Certainty::Certain)];
    assert_eq!(debtors(&archive, "2002-01-31").actors, only);
    assert_eq!(archive.phase("k", "2002-01-31"), "active");
}

#[test]
fn where_all_debtors_have_left_it_stays_named_who_owed() {
    let mut archive = treaty();
    archive.append(&withdrawal("a", "2002-01-01"));
    archive.append(&withdrawal("b", "2003-01-01"));

    assert_eq!(debtors(&archive, "2002-01-01").actors.len(), 1);
    assert_eq!(debtors(&archive, "2003-01-01").actors.len(), 2);
    assert_eq!(archive.phase("k", "2003-01-01"), "left");
}

#[test]
fn what_was_owed_by_those_who_had_left_did_not_end_with_the_treaty() {
    let mut archive = treaty();
    archive.append(&withdrawal("a", "2002-01-01"));
    archive.append(&withdrawal("b", "2002-01-01"));
    archive.append(&occurrence("termination", "2003-01-01"));

    assert_eq!(archive.phase("k", "2002-01-01"), "left");
    assert_eq!(archive.phase("k", "2003-01-01"), "left");
}
