//! Coming in provisionally, leaving with notice, coming back, and continuing
//! what another began.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;

use replay_archive::Archive;

/// A treaty with these terms, and the actors a to d.
fn treaty(terms: &str) -> Archive {
    let mut dossier =
        format!("[[instrument]]\nid = \"t\"\ntitle = \"T\"\nkind = \"treaty\"\n{terms}\n");
    for actor in ["a", "b", "c", "d"] {
        let line = format!("[[actor]]\nid = \"{actor}\"\nname = \"{actor}\"\nkind = \"state\"\n");
        dossier.push_str(&line);
    }
    Archive::of(&dossier)
}

fn act(by: &str, kind: &str, on: &str, more: &str) -> String {
    format!(
        "[[act]]\ninstrument = \"t\"\nby = \"{by}\"\nkind = \"{kind}\"\non = \"{on}\"\n{more}\n"
    )
}

fn occurrence(kind: &str, on: &str) -> String {
    format!("[[occurrence]]\ninstrument = \"t\"\nkind = \"{kind}\"\non = \"{on}\"\n")
}

/// A treaty that is being applied provisionally since 2001, signed by a.
fn applied_provisionally() -> Archive {
    let mut archive = treaty("entry_into_force = { consents = 2 }");
    archive.append(&act("a", "signature", "2000-01-01", ""));
    archive.append(&occurrence("provisional-entry-into-force", "2001-01-01"));
    archive
}

const YEAR: &str = "entry_into_force = { consents = 1 }\nwithdrawal = { notice = { months = 12 } }";

#[test]
fn whoever_has_signed_or_consented_applies_it_provisionally_with_the_instrument() {
    let mut archive = applied_provisionally();
    archive.append(&act("b", "ratification", "2000-06-01", ""));
    archive.append(&act("c", "signature", "2001-06-01", ""));
    archive.append(&act("d", "participation", "2000-01-01", ""));

    assert_eq!(archive.standing("t", "a", "2000-12-31"), "signatory");
    assert_eq!(archive.standing("t", "a", "2001-01-01"), "provisional");
    assert_eq!(archive.standing("t", "b", "2000-12-31"), "contracting");
    assert_eq!(archive.standing("t", "b", "2001-01-01"), "provisional");
    assert_eq!(archive.standing("t", "c", "2001-06-01"), "provisional");
    assert_eq!(archive.standing("t", "d", "2001-06-01"), "negotiating");
    let since = |actor: &str| {
        let item = archive.instrument("t", "2002-01-01");
        item.standings_of(archive.seq(actor))[0]
            .since
            .window
            .to_string()
    };
    assert_eq!(
        (since("a"), since("c")),
        ("2001-01-01".into(), "2001-06-01".into())
    );
}

#[test]
fn provisional_application_ends_when_the_treaty_enters_into_force_for_the_actor() {
    let mut archive = applied_provisionally();
    archive.append(&act("a", "ratification", "2002-01-01", ""));
    archive.append(&act("b", "ratification", "2002-06-01", ""));
    archive.append(&act("c", "provisional-application", "2000-02-01", ""));

    assert_eq!(archive.standing("t", "a", "2002-05-31"), "provisional");
    assert_eq!(archive.standing("t", "a", "2002-06-01"), "party");
    assert_eq!(archive.standing("t", "c", "2000-02-01"), "provisional");
    assert_eq!(archive.standing("t", "c", "2003-01-01"), "provisional");
}

#[test]
fn whoever_does_not_intend_to_become_a_party_no_longer_applies_it_provisionally() {
    let mut archive = applied_provisionally();
    archive.append(&act("a", "non-intention", "2001-06-01", ""));
    archive.append(&act("b", "ratification", "2000-06-01", ""));
    archive.append(&act("b", "provisional-application", "2000-06-01", ""));
    archive.append(&act("b", "non-intention", "2001-06-01", ""));
    archive.append(&act("c", "provisional-application", "2000-02-01", ""));
    archive.append(&act("c", "non-intention", "2001-06-01", ""));

    let standing = |actor| archive.standing("t", actor, "2001-06-01");
    assert_eq!(standing("a"), "withdrawn");
    assert_eq!(standing("b"), "contracting");
    assert_eq!(standing("c"), "withdrawn");
    archive.append(&act("a", "signature", "2002-01-01", ""));
    assert_eq!(archive.standing("t", "a", "2002-01-01"), "provisional");
}

#[test]
fn an_act_of_provisional_application_can_be_withdrawn() {
    let mut archive = treaty("entry_into_force = { consents = 2 }");
    archive.append(&act("a", "signature", "2000-01-01", ""));
    archive.append(&act(
        "a",
        "provisional-application",
        "2000-02-01",
        "id = \"p\"",
    ));
    archive.append(&act(
        "a",
        "withdrawal-of-act",
        "2001-01-01",
        "target = \"p\"",
    ));

    assert_eq!(archive.standing("t", "a", "2000-12-31"), "provisional");
    assert_eq!(archive.standing("t", "a", "2001-01-01"), "signatory");
}

#[test]
fn whoever_has_only_signed_is_free_on_the_day_of_its_notice() {
    let mut archive = treaty(YEAR);
    archive.append(&act("a", "signature", "2000-01-01", ""));
    archive.append(&act("a", "withdrawal", "2000-06-01", ""));
    archive.append(&act("a", "ratification", "2000-09-01", ""));

    assert_eq!(archive.standing("t", "a", "2000-05-31"), "signatory");
    assert_eq!(archive.standing("t", "a", "2000-06-01"), "withdrawn");
    // A notice that has had its effect does not have it once more.
    assert_eq!(archive.standing("t", "a", "2000-09-01"), "party");
    assert_eq!(archive.standing("t", "a", "2005-01-01"), "party");
}

#[test]
fn a_signatorys_notice_takes_effect_on_the_day_recorded_if_one_was() {
    let mut archive = treaty(YEAR);
    archive.append(&act("a", "signature", "2000-01-01", ""));
    archive.append(&act(
        "a",
        "withdrawal",
        "2000-06-01",
        "effective = \"2000-07-01\"",
    ));

    assert_eq!(archive.standing("t", "a", "2000-06-30"), "signatory");
    assert_eq!(archive.standing("t", "a", "2000-07-01"), "withdrawn");
}

#[test]
fn a_notice_given_while_only_contracting_runs_its_time() {
    let mut archive =
        treaty("entry_into_force = { consents = 2 }\nwithdrawal = { notice = { months = 12 } }");
    archive.append(&act("a", "ratification", "2000-01-01", ""));
    archive.append(&act("a", "withdrawal", "2000-06-01", ""));
    archive.append(&act("b", "ratification", "2001-06-01", ""));

    assert_eq!(archive.standing("t", "a", "2000-06-01"), "withdrawing");
    assert_eq!(archive.standing("t", "a", "2001-06-01"), "withdrawn");
    let force = archive.instrument("t", "2001-06-01").entry_into_force;
    assert_eq!(force.reason.as_deref(), Some("1 of 2 consents"));
}

#[test]
fn a_consent_given_after_a_notice_is_not_ended_by_it() {
    let mut archive = treaty(YEAR);
    archive.append(&act("a", "ratification", "2000-01-01", ""));
    archive.append(&act("a", "denunciation", "2001-01-01", ""));
    archive.append(&act("a", "accession", "2001-06-01", ""));
    archive.append(&act("b", "ratification", "2000-01-01", ""));
    archive.append(&act("b", "denunciation", "2001-01-01", ""));

    assert_eq!(archive.standing("t", "b", "2002-01-01"), "withdrawn");
    assert_eq!(archive.standing("t", "a", "2001-05-31"), "withdrawing");
    assert_eq!(archive.standing("t", "a", "2001-06-01"), "party");
    assert_eq!(archive.standing("t", "a", "2003-01-01"), "party");
    let counts = archive.instrument("t", "2003-01-01").counts;
    assert_eq!((counts.consents.certain, counts.parties.certain), (1, 1));
}

#[test]
fn a_consent_before_entry_into_force_that_followed_a_notice_counts() {
    let mut archive =
        treaty("entry_into_force = { consents = 2 }\nwithdrawal = { notice = { months = 12 } }");
    archive.append(&act("a", "ratification", "2000-01-01", ""));
    archive.append(&act("a", "withdrawal", "2000-06-01", ""));
    archive.append(&act("a", "accession", "2000-09-01", ""));
    archive.append(&act("b", "ratification", "2002-01-01", ""));

    let derived = archive
        .instrument("t", "2002-01-01")
        .entry_into_force
        .derived;
    assert_eq!(derived.unwrap().window.to_string(), "2002-01-01");
}

#[test]
fn a_second_notice_after_a_revoked_one_counts_from_its_own_day() {
    let mut archive = treaty(YEAR);
    archive.append(&act("a", "ratification", "2000-01-01", ""));
    archive.append(&act("a", "withdrawal", "2001-01-01", "id = \"first\""));
    archive.append(&act(
        "a",
        "withdrawal-of-act",
        "2001-03-01",
        "target = \"first\"",
    ));
    archive.append(&act("a", "withdrawal", "2001-10-01", ""));

    assert_eq!(archive.standing("t", "a", "2001-03-01"), "party");
    assert_eq!(archive.standing("t", "a", "2002-01-01"), "withdrawing");
    assert_eq!(archive.standing("t", "a", "2002-10-01"), "withdrawn");
}

#[test]
fn a_succession_with_effect_from_before_makes_a_party_from_then_on() {
    let mut archive = treaty("entry_into_force = { consents = 1, delay = { days = 30 } }");
    archive.append(&act("a", "ratification", "1980-01-01", ""));
    archive.append("[[supplement]]\nsupplements = \"a\"\nset = { until = \"1991-12-25\" }");
    archive.append(&act(
        "b",
        "succession",
        "1995-06-01",
        "effective = \"1991-12-26\"\nsucceeds = \"a\"",
    ));

    assert_eq!(archive.standing("t", "a", "1991-12-25"), "party");
    assert_eq!(archive.standing("t", "a", "1991-12-26"), "former");
    assert_eq!(archive.standing("t", "b", "1991-12-25"), "");
    assert_eq!(archive.standing("t", "b", "1991-12-26"), "party");
    let parties = archive.instrument("t", "1993-01-01").counts.parties;
    assert_eq!((parties.certain, parties.possible), (1, 1));
}

#[test]
fn a_succession_before_it_was_notified_does_not_count_toward_entry_into_force() {
    let mut archive = treaty("entry_into_force = { consents = 2 }");
    archive.append(&act("a", "ratification", "1990-01-01", ""));
    archive.append(&act(
        "b",
        "succession",
        "1995-06-01",
        "effective = \"1991-12-26\"\nsucceeds = \"c\"",
    ));

    let force = archive.instrument("t", "1999-01-01").entry_into_force;
    assert_eq!(force.derived.unwrap().window.to_string(), "1995-06-01");
    assert_eq!(archive.standing("t", "b", "1991-12-26"), "contracting");
    assert_eq!(archive.standing("t", "b", "1995-06-01"), "party");
}
