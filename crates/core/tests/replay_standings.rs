//! Standings, counts and entry into force, rule by rule.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;

use replay_archive::{Archive, day};

use chancery_core::window::Window;

/// A treaty with this rule, and the actors a to e.
fn treaty(rule: &str) -> Archive {
    let mut dossier =
        format!("[[instrument]]\nid = \"t\"\ntitle = \"T\"\nkind = \"treaty\"\n{rule}\n");
    for actor in ["a", "b", "c", "d", "e"] {
        let line = format!("[[actor]]\nid = \"{actor}\"\nname = \"{actor}\"\nkind = \"state\"\n");
        dossier.push_str(&line);
    }
    Archive::of(&dossier)
}

fn act(by: &str, kind: &str, on: &str) -> String {
    format!("[[act]]\ninstrument = \"t\"\nby = \"{by}\"\nkind = \"{kind}\"\non = \"{on}\"\n")
}

fn force(archive: &Archive) -> String {
    let derived = archive
        .instrument("t", "2100-01-01")
        .entry_into_force
        .derived;
    derived.map_or_else(String::new, |derived| derived.window.to_string())
}

fn reason(archive: &Archive) -> String {
    let item = archive.instrument("t", "2100-01-01");
    item.entry_into_force.reason.unwrap_or_default()
}

const TWO: &str = "entry_into_force = { consents = 2, delay = { days = 30 } }";

#[test]
fn a_signatory_consents_and_becomes_a_party_with_the_treaty() {
    let mut archive = treaty(TWO);
    archive.append(&act("a", "signature", "2000-01-01"));
    archive.append(&act("a", "ratification", "2000-02-01"));
    archive.append(&act("b", "accession", "2000-03-01"));

    let standing = |day| archive.standing("t", "a", day);

    assert_eq!(standing("1999-12-31"), "");
    assert_eq!(standing("2000-01-01"), "signatory");
    assert_eq!(standing("2000-02-01"), "contracting");
    assert_eq!(standing("2000-03-30"), "contracting");
    assert_eq!(standing("2000-03-31"), "party");
    assert_eq!(archive.status("t", "2000-03-30"), "open");
    assert_eq!(archive.status("t", "2000-03-31"), "in-force");
    let item = archive.instrument("t", "2000-03-31");
    let derived = item.entry_into_force.derived.unwrap();
    assert_eq!(derived.completed_by.len(), 1);
    assert_eq!(derived.completed_by[0].actor, archive.seq("b"));
    assert_eq!(
        item.standings[0].since.window,
        Window::on(day("2000-03-31"))
    );
    assert_eq!(item.standings[0].acts.len(), 2);
}

#[test]
fn signatories_are_counted_also_after_they_have_consented() {
    let mut archive = treaty(TWO);
    archive.append(&act("a", "signature", "2000-01-01"));
    archive.append(&act("a", "ratification", "2000-02-01"));
    archive.append(&act("b", "signature-ad-referendum", "2000-01"));

    let counts = archive.instrument("t", "2000-01-15").counts;
    assert_eq!(
        (counts.signatories.certain, counts.signatories.possible),
        (1, 2)
    );
    let counts = archive.instrument("t", "2000-02-01").counts;
    assert_eq!(
        (counts.signatories.certain, counts.consents.certain),
        (2, 1)
    );
    assert_eq!(counts.parties.possible, 0);
}

#[test]
fn whoever_consents_later_takes_its_own_delay() {
    let mut archive = treaty(TWO);
    for (actor, on) in [
        ("a", "2000-01-01"),
        ("b", "2000-03-01"),
        ("c", "2000-03-10"),
    ] {
        archive.append(&act(actor, "ratification", on));
    }

    assert_eq!(archive.standing("t", "c", "2000-04-08"), "contracting");
    assert_eq!(archive.standing("t", "c", "2000-04-09"), "party");
}

#[test]
fn after_entry_into_force_only_a_consent_on_or_after_that_day_takes_its_own_delay() {
    let rule = "entry_into_force = { consents = 2, delay = { days = 30 }, each = { after = \"entry-into-force\", delay = { days = 10 } } }";
    let mut archive = treaty(rule);
    for (actor, on) in [
        ("a", "2000-01-01"),
        ("b", "2000-03-01"),
        ("c", "2000-03-30"),
        ("d", "2000-03-31"),
    ] {
        archive.append(&act(actor, "ratification", on));
    }

    assert_eq!(archive.standing("t", "c", "2000-03-31"), "party");
    assert_eq!(archive.standing("t", "d", "2000-04-09"), "contracting");
    assert_eq!(archive.standing("t", "d", "2000-04-10"), "party");
}

#[test]
fn too_few_consents_derive_nothing_and_say_how_many_there_are() {
    let mut archive = treaty(TWO);
    archive.append(&act("a", "ratification", "2000-01-01"));
    archive.append(&act("a", "acceptance", "2000-01-05"));

    assert_eq!(force(&archive), "");
    assert_eq!(reason(&archive), "1 of 2 consents");
}

#[test]
fn without_a_rule_no_day_follows_and_the_reason_says_so() {
    assert_eq!(reason(&treaty("")), "no rule is recorded");
}

#[test]
fn a_recorded_day_governs_where_it_differs_from_the_rules() {
    let mut archive = treaty(TWO);
    archive.append(&act("a", "ratification", "2000-01-01"));
    archive.append(&act("b", "ratification", "2000-03-01"));
    archive.append(
        "[[occurrence]]\ninstrument = \"t\"\nkind = \"entry-into-force\"\non = \"2000-05-01\"",
    );

    let item = archive.instrument("t", "2000-04-30");

    assert_eq!(item.status.unwrap().word(), "open");
    assert_eq!(
        item.entry_into_force.derived.unwrap().window,
        Window::on(day("2000-03-31"))
    );
    assert_eq!(archive.standing("t", "a", "2000-04-30"), "contracting");
    assert_eq!(archive.standing("t", "a", "2000-05-01"), "party");
}

#[test]
fn a_treaty_without_a_rule_or_a_recorded_day_never_enters_into_force() {
    let mut archive = treaty("");
    archive.append(&act("a", "ratification", "2000-01-01"));

    assert_eq!(archive.standing("t", "a", "2050-01-01"), "contracting");
    assert_eq!(archive.status("t", "2050-01-01"), "open");
}

#[test]
fn a_withdrawal_takes_effect_after_the_instruments_notice() {
    let rule = "entry_into_force = { consents = 1 }\nwithdrawal = { notice = { months = 12 } }";
    let mut archive = treaty(rule);
    archive.append(&act("a", "ratification", "2000-01-01"));
    archive.append(&act("a", "withdrawal", "2001-01-31"));

    assert_eq!(archive.standing("t", "a", "2001-01-30"), "party");
    assert_eq!(archive.standing("t", "a", "2002-01-30"), "withdrawing");
    assert_eq!(
        archive.instrument("t", "2002-01-30").counts.parties.certain,
        1
    );
    assert_eq!(archive.standing("t", "a", "2002-01-31"), "withdrawn");
    let counts = archive.instrument("t", "2002-01-31").counts;
    assert_eq!((counts.parties.possible, counts.consents.possible), (0, 0));
}

#[test]
fn when_a_withdrawal_takes_effect_is_unknown_without_a_notice() {
    let mut archive = treaty("entry_into_force = { consents = 1 }");
    archive.append(&act("a", "ratification", "2000-01-01"));
    archive.append(&act("a", "withdrawal", "2001-01-31"));

    assert_eq!(
        archive.standing("t", "a", "2001-02-01"),
        "withdrawing? withdrawn?"
    );
}

fn notice_revoked(on: &str) -> Archive {
    let rule = "entry_into_force = { consents = 1 }\nwithdrawal = { notice = { months = 12 } }";
    let mut archive = treaty(rule);
    archive.append(&act("a", "ratification", "2000-01-01"));
    archive.append(&format!(
        "{}id = \"notice\"\n",
        act("a", "denunciation", "2001-01-31")
    ));
    let revocation = act("a", "withdrawal-of-act", on);
    archive.append(&format!("{revocation}target = \"notice\"\n"));
    archive
}

#[test]
fn a_notice_revoked_before_it_takes_effect_restores_the_standing() {
    let archive = notice_revoked("2001-06-01");

    assert_eq!(archive.standing("t", "a", "2001-05-31"), "withdrawing");
    assert_eq!(archive.standing("t", "a", "2001-06-01"), "party");
    assert_eq!(archive.standing("t", "a", "2003-01-01"), "party");
}

#[test]
fn a_notice_revoked_on_the_day_it_takes_effect_or_later_is_not() {
    for late in ["2002-01-31", "2002-06-01"] {
        let archive = notice_revoked(late);

        assert_eq!(archive.standing("t", "a", "2003-01-01"), "withdrawn");
    }
}

#[test]
fn a_withdrawn_consent_no_longer_counts_toward_entry_into_force() {
    let mut archive = treaty(TWO);
    archive.append(&format!(
        "{}id = \"r\"\n",
        act("a", "ratification", "2000-01-01")
    ));
    archive.append(&format!(
        "{}target = \"r\"\n",
        act("a", "withdrawal-of-act", "2000-02-01")
    ));
    archive.append(&act("b", "ratification", "2000-03-01"));
    archive.append(&act("c", "ratification", "2000-04-01"));

    assert_eq!(force(&archive), "2000-05-01");
    assert_eq!(archive.standing("t", "a", "2000-01-15"), "contracting");
    assert_eq!(archive.standing("t", "a", "2000-02-01"), "");
}

#[test]
fn nobody_can_withdraw_anothers_act() {
    let mut archive = treaty(TWO);
    archive.append(&format!(
        "{}id = \"r\"\n",
        act("a", "ratification", "2000-01-01")
    ));
    archive.append(&format!(
        "{}target = \"r\"\n",
        act("b", "withdrawal-of-act", "2000-02-01")
    ));

    assert_eq!(archive.standing("t", "a", "2000-02-01"), "contracting");
}

#[test]
fn whoever_comes_back_is_a_party_again_by_the_new_consent() {
    let mut archive = treaty("entry_into_force = { consents = 1, delay = { days = 30 } }");
    archive.append(&act("a", "ratification", "2000-01-01"));
    archive.append(&format!(
        "{}effective = \"2001-06-01\"\n",
        act("a", "withdrawal", "2001-01-01")
    ));
    archive.append(&act("a", "accession", "2002-01-01"));

    assert_eq!(archive.standing("t", "a", "2001-06-01"), "withdrawn");
    assert_eq!(archive.standing("t", "a", "2002-01-01"), "contracting");
    assert_eq!(archive.standing("t", "a", "2002-01-31"), "party");
}

#[test]
fn a_signatory_that_does_not_intend_to_become_a_party_is_none_but_has_signed() {
    let mut archive = treaty(TWO);
    archive.append(&act("a", "signature", "2000-01-01"));
    archive.append(&act("a", "non-intention", "2002-05-06"));

    assert_eq!(archive.standing("t", "a", "2002-05-05"), "signatory");
    assert_eq!(archive.standing("t", "a", "2002-05-06"), "withdrawn");
    assert_eq!(
        archive
            .instrument("t", "2002-05-06")
            .counts
            .signatories
            .certain,
        1
    );
}

#[test]
fn provisional_application_and_political_assent_are_standings_of_their_own() {
    let mut archive = treaty(TWO);
    archive.append(&act("a", "signature", "2000-01-01"));
    archive.append(&act("a", "provisional-application", "2000-01-02"));
    archive.append(&act("b", "concurrence", "2000-01-01"));
    archive.append(&act("c", "endorsement", "2000-01-01"));
    archive.append(&act("d", "initialling", "2000-01-01"));
    archive.append(&act("e", "reservation", "2000-01-01"));

    let standing = |actor| archive.standing("t", actor, "2000-01-02");
    assert_eq!(standing("a"), "provisional");
    assert_eq!(standing("b"), "concurring");
    assert_eq!(standing("c"), "concurring");
    assert_eq!(standing("d"), "negotiating");
    assert_eq!(standing("e"), "");
}

#[test]
fn an_actor_that_has_ceased_to_exist_is_former_but_its_consent_counted() {
    let mut archive = treaty(TWO);
    archive.append(&act("a", "ratification", "2000-01-01"));
    archive.append(&act("b", "ratification", "2000-03-01"));
    archive.append("[[supplement]]\nsupplements = \"a\"\nset = { until = \"2000-02-01\" }");

    assert_eq!(force(&archive), "2000-03-31");
    assert_eq!(archive.standing("t", "a", "2000-02-01"), "contracting");
    assert_eq!(archive.standing("t", "a", "2000-02-02"), "former");
    assert_eq!(
        archive.instrument("t", "2000-04-01").counts.parties.certain,
        1
    );
}

#[test]
fn a_succession_counts_unless_it_succeeds_one_that_counted() {
    let succession = |of: &str| {
        let mut archive = treaty(TWO);
        archive.append(&act("a", "ratification", "2000-01-01"));
        archive.append(&format!("{}{of}", act("b", "succession", "2000-03-01")));
        archive
    };

    assert_eq!(force(&succession("")), "2000-03-31");
    assert_eq!(force(&succession("succeeds = \"c\"")), "2000-03-31");
    assert_eq!(reason(&succession("succeeds = \"a\"")), "1 of 2 consents");
}

#[test]
fn actors_that_are_the_same_count_once_also_in_a_circle() {
    let mut archive = treaty(TWO);
    archive.append(&act("a", "ratification", "2000-01-01"));
    archive.append(&act("b", "ratification", "2000-02-01"));
    assert_eq!(force(&archive), "2000-03-02");

    archive.append("[[supplement]]\nsupplements = \"b\"\nset = { same_as = \"a\" }");
    assert_eq!(reason(&archive), "1 of 2 consents");

    archive.append("[[supplement]]\nsupplements = \"a\"\nset = { same_as = \"b\" }");
    assert_eq!(reason(&archive), "1 of 2 consents");
    assert_eq!(archive.standing("t", "a", "2000-01-01"), "contracting");
}

#[test]
fn excluded_actors_and_kinds_that_do_not_count_are_left_out() {
    let rule =
        "entry_into_force = { consents = 2, counting = [\"ratification\"], excluding = [\"a\"] }";
    let mut archive = treaty(rule);
    for (actor, kind) in [
        ("a", "ratification"),
        ("b", "accession"),
        ("c", "ratification"),
    ] {
        archive.append(&act(actor, kind, "2000-01-01"));
    }
    assert_eq!(reason(&archive), "1 of 2 consents");

    archive.append(&act("d", "ratification", "2000-02-01"));

    assert_eq!(force(&archive), "2000-02-01");
    assert_eq!(
        archive
            .instrument("t", "2000-02-01")
            .counts
            .consents
            .certain,
        4
    );
}

#[test]
fn an_effective_day_makes_a_party_no_earlier_than_the_treaty_itself() {
    let mut archive = treaty(TWO);
    let effective = |actor, on| {
        format!(
            "{}effective = \"{on}\"\n",
            act(actor, "ratification", "2000-01-01")
        )
    };
    archive.append(&effective("a", "2000-01-10"));
    archive.append(&effective("b", "2001-01-10"));

    assert_eq!(archive.standing("t", "a", "2000-01-30"), "contracting");
    assert_eq!(archive.standing("t", "a", "2000-01-31"), "party");
    assert_eq!(archive.standing("t", "b", "2001-01-09"), "contracting");
    assert_eq!(archive.standing("t", "b", "2001-01-10"), "party");
}

#[test]
fn what_is_dated_to_a_month_is_possible_in_it_and_certain_at_its_end() {
    let mut archive = treaty("force = \"political\"\nadopted = \"2016-07\"");
    archive.append(&act("a", "concurrence", "2016-07"));

    assert_eq!(archive.standing("t", "a", "2016-06-30"), "");
    assert_eq!(archive.standing("t", "a", "2016-07-14"), "concurring?");
    assert_eq!(archive.standing("t", "a", "2016-07-31"), "concurring");
    assert_eq!(archive.standing("t", "a", "2016-08-01"), "concurring");
    assert_eq!(archive.status("t", "2016-07-14"), "drafted? adopted?");
    assert_eq!(archive.status("t", "2016-08-01"), "adopted");
    let since = &archive.instrument("t", "2016-08-01").standings[0].since;
    assert_eq!(since.edtf.as_deref(), Some("2016-07"));
}

#[test]
fn imprecise_consents_give_a_window_of_entry_into_force() {
    let mut archive = treaty(TWO);
    archive.append(&act("a", "ratification", "2000-01-01"));
    archive.append(&act("b", "ratification", "2000-03"));

    assert_eq!(force(&archive), "2000-03-31/2000-04-30");
    assert_eq!(
        archive.standing("t", "a", "2000-04-15"),
        "contracting? party?"
    );
    let parties = archive.instrument("t", "2000-04-15").counts.parties;
    assert_eq!((parties.certain, parties.possible), (0, 2));
    assert_eq!(archive.standing("t", "a", "2000-04-30"), "party");
}

#[test]
fn a_suspended_treaty_is_resumed_and_a_terminated_one_has_no_parties() {
    let mut archive = treaty(TWO);
    archive.append(&act("a", "ratification", "2000-01-01"));
    archive.append(&act("b", "ratification", "2000-01-01"));
    for (kind, on) in [
        ("suspension", "2001-01-01"),
        ("resumption", "2002-01-01"),
        ("termination", "2003-01-01"),
    ] {
        archive.append(&format!(
            "[[occurrence]]\ninstrument = \"t\"\nkind = \"{kind}\"\non = \"{on}\""
        ));
    }

    assert_eq!(archive.status("t", "2001-01-01"), "suspended");
    assert_eq!(archive.status("t", "2002-01-01"), "in-force");
    assert_eq!(archive.status("t", "2003-01-01"), "terminated");
    assert_eq!(
        archive.instrument("t", "2002-06-01").counts.parties.certain,
        2
    );
    assert_eq!(
        archive
            .instrument("t", "2003-01-01")
            .counts
            .parties
            .possible,
        0
    );
}

#[test]
fn an_unsupported_act_is_shown_and_moves_nothing_and_a_retracted_one_is_gone() {
    let mut archive = treaty(TWO);
    archive.append("[[source]]\nid = \"list\"\ntitle = \"A list\"");
    archive.append(&format!(
        "{}id = \"r\"\nevidence = [{{ source = \"list\" }}]",
        act("a", "ratification", "2000-01-01")
    ));
    archive.append("[[retraction]]\nretracts = \"list\"\nreason = \"forged\"");

    let item = archive.instrument("t", "2000-02-01");
    assert!(item.standings.is_empty());
    assert_eq!(item.unsupported_acts.len(), 1);
    assert_eq!(archive.on("2000-02-01").unsupported, [archive.seq("r")]);

    archive.append("[[retraction]]\nretracts = \"r\"\nreason = \"forged\"");
    assert!(
        archive
            .instrument("t", "2000-02-01")
            .unsupported_acts
            .is_empty()
    );
}
