//! What is not known is never answered as if it were: rules that cannot be
//! applied yet, notices given too early, and what began on no recorded day.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;

use chancery_core::worlds::Certainty;
use replay_archive::Archive;

/// A treaty with these terms, and the actors a to c.
fn treaty(terms: &str) -> Archive {
    let mut dossier =
        format!("[[instrument]]\nid = \"t\"\ntitle = \"T\"\nkind = \"treaty\"\n{terms}\n");
    for actor in ["a", "b", "c"] {
        let line = format!("[[actor]]\nid = \"{actor}\"\nname = \"{actor}\"\nkind = \"state\"\n");
        dossier.push_str(&line);
    }
    Archive::of(&dossier)
}

fn act(by: &str, kind: &str, on: &str) -> String {
    format!("[[act]]\ninstrument = \"t\"\nby = \"{by}\"\nkind = \"{kind}\"\non = \"{on}\"\n")
}

fn reason(archive: &Archive) -> String {
    let item = archive.instrument("t", "2100-01-01");
    item.entry_into_force.reason.unwrap_or_default()
}

/// Returns the certain and the possible parties.
fn parties(archive: &Archive, day: &str) -> [u64; 2] {
    let parties = archive.instrument("t", day).counts.parties;
    [parties.certain, parties.possible]
}

const UNDECIDED: &str = "entry_into_force = { shares = { a = \"60\" } }";

#[test]
fn under_a_rule_that_cannot_be_applied_force_is_possible_from_the_first_consent_on() {
    let rules = [
        UNDECIDED,
        "entry_into_force = { consents = 1, eligible = \"party:t\" }",
        "entry_into_force = { consents = 1, at_least = \"55\" }",
        "entry_into_force = { consents = 1, on_day = \"2017-01\" }",
        "entry_into_force = { delay = { days = 30 } }",
        "entry_into_force = { consents = 0 }",
    ];
    for rule in rules {
        let mut archive = treaty(rule);
        archive.append(&act("a", "ratification", "2016-05-01"));
        archive.append(&act("b", "ratification", "2020-05-01"));

        assert_eq!(archive.status("t", "2016-04-30"), "drafted? adopted?");
        assert_eq!(parties(&archive, "2016-04-30"), [0, 0], "{rule}");
        assert_eq!(
            archive.status("t", "2016-05-01"),
            "open? in-force?",
            "{rule}"
        );
        assert_eq!(
            archive.standing("t", "a", "2026-01-01"),
            "contracting? party?"
        );
        assert_eq!(parties(&archive, "2016-05-01"), [0, 1], "{rule}");
        assert_eq!(parties(&archive, "2026-01-01"), [0, 2], "{rule}");
        let item = archive.instrument("t", "2026-01-01");
        assert_eq!(item.entry_into_force.derived, None, "{rule}");
        assert!(item.entry_into_force.reason.is_some(), "{rule}");
    }
}

#[test]
fn whoever_consents_later_may_be_a_party_only_since_then() {
    let mut archive = treaty(UNDECIDED);
    archive.append(&act("a", "ratification", "2016-05-01"));
    archive.append(&act("c", "ratification", "2020-05-01"));

    assert_eq!(archive.standing("t", "c", "2020-04-30"), "");
    let item = archive.instrument("t", "2026-01-01");
    let party = item.standings_of(archive.seq("c")).last().unwrap();
    assert_eq!(party.standing.unwrap().word(), "party");
    assert_eq!(party.since.window.to_string(), "2020-05-01/..");
}

#[test]
fn what_hangs_on_a_rule_that_cannot_be_applied_is_possible_both_ways() {
    let mut archive = treaty(UNDECIDED);
    archive.append(&act("a", "ratification", "2016-05-01"));
    let commitment = |id: &str, more: &str| {
        format!(
            "[[commitment]]\nid = \"{id}\"\ndebtors = [\"a\"]\ntext = \"x\"\nmade = \"2016-01-01\"\n{more}\n"
        )
    };
    archive.append(&commitment(
        "under-it",
        "under = \"t\"\ncreditors = [\"@parties\"]",
    ));
    archive.append(&commitment(
        "on-it",
        "condition = { on = \"t\", state = \"in-force\" }",
    ));

    assert_eq!(archive.phase("under-it", "2016-04-30"), "pending");
    assert_eq!(archive.phase("under-it", "2016-05-01"), "pending? active?");
    assert_eq!(archive.phase("on-it", "2016-04-30"), "conditional");
    assert_eq!(archive.phase("on-it", "2016-05-01"), "conditional? active?");
    let creditors = archive
        .commitment("under-it", "2026-01-01")
        .unwrap()
        .creditors;
    assert_eq!(creditors.actors, [(archive.seq("a"), Certainty::Possible)]);
}

#[test]
fn a_recorded_day_governs_also_where_the_rule_cannot_be_applied() {
    let mut archive = treaty(UNDECIDED);
    archive.append(&act("a", "ratification", "2016-05-01"));
    archive.append(
        "[[occurrence]]\ninstrument = \"t\"\nkind = \"entry-into-force\"\non = \"2017-05-01\"",
    );

    assert_eq!(archive.standing("t", "a", "2017-04-30"), "contracting");
    assert_eq!(archive.standing("t", "a", "2017-05-01"), "party");
}

#[test]
fn too_few_consents_under_a_rule_that_can_be_applied_are_certainly_too_few() {
    let mut archive = treaty("entry_into_force = { consents = 2 }");
    archive.append(&act("a", "ratification", "2016-05-01"));

    assert_eq!(archive.status("t", "2026-01-01"), "open");
    assert_eq!(archive.standing("t", "a", "2026-01-01"), "contracting");
    assert_eq!(parties(&archive, "2026-01-01"), [0, 0]);
}

#[test]
fn too_few_consents_are_counted_as_they_stood_together() {
    let mut archive = treaty("entry_into_force = { consents = 2 }");
    archive.append(&format!(
        "{}id = \"r\"\n",
        act("a", "ratification", "2016-05-01")
    ));
    archive.append(&format!(
        "{}target = \"r\"\n",
        act("a", "withdrawal-of-act", "2016-06-01")
    ));
    archive.append(&act("b", "ratification", "2016-07-01"));

    assert_eq!(reason(&archive), "1 of 2 consents");
    assert_eq!(
        reason(&treaty("entry_into_force = { consents = 2 }")),
        "0 of 2 consents"
    );
}

#[test]
fn a_rule_that_needs_no_consent_and_names_no_day_says_so() {
    let archive = treaty("entry_into_force = { consents = 0 }");

    assert_eq!(
        reason(&archive),
        "the rule needs no consent and names no day"
    );
    assert_eq!(
        reason(&treaty("entry_into_force = { delay = { days = 30 } }")),
        "the rule names no number of consents"
    );
}

/// A treaty in force at once for a, with these terms of withdrawal, and a's notice.
fn notice(terms: &str, on: &str) -> Archive {
    let mut archive = treaty(&format!(
        "entry_into_force = {{ consents = 1 }}\nwithdrawal = {{ {terms} }}"
    ));
    archive.append(&act("a", "ratification", "2000-01-01"));
    archive.append(&act("a", "withdrawal", on));
    archive
}

const FROM_2003: [&str; 2] = [
    "notice = { months = 12 }, not_before = \"2003-01-01\"",
    "notice = { months = 12 }, not_before = { months = 36 }",
];

#[test]
fn a_notice_given_before_it_may_be_given_takes_effect_on_no_known_day() {
    for terms in FROM_2003 {
        let archive = notice(terms, "2001-06-01");
        let standing = |day| archive.standing("t", "a", day);

        assert_eq!(standing("2002-06-01"), "withdrawing", "{terms}");
        assert_eq!(standing("2002-12-31"), "withdrawing", "{terms}");
        assert_eq!(standing("2003-01-01"), "withdrawing? withdrawn?", "{terms}");
        assert_eq!(standing("2050-01-01"), "withdrawing? withdrawn?", "{terms}");

        let archive = notice(terms, "2002-06-01");
        let standing = |day| archive.standing("t", "a", day);
        assert_eq!(standing("2003-05-31"), "withdrawing", "{terms}");
        assert_eq!(standing("2003-06-01"), "withdrawing? withdrawn?", "{terms}");
    }
}

#[test]
fn a_notice_given_once_it_may_be_given_takes_effect_after_its_time() {
    for terms in FROM_2003 {
        let archive = notice(terms, "2003-01-01");

        assert_eq!(archive.standing("t", "a", "2003-12-31"), "withdrawing");
        assert_eq!(archive.standing("t", "a", "2004-01-01"), "withdrawn");
    }
}

#[test]
fn a_notice_that_was_perhaps_given_too_early_takes_effect_on_no_known_day() {
    for terms in FROM_2003 {
        let archive = notice(terms, "2002-12/2003-02");

        let standing = |day| archive.standing("t", "a", day);
        assert_eq!(standing("2003-11-30"), "withdrawing", "{terms}");
        assert_eq!(standing("2050-01-01"), "withdrawing? withdrawn?", "{terms}");
    }
}

#[test]
fn an_early_notice_may_end_a_consent_before_it_completes_the_treaty() {
    let mut archive = treaty(
        "entry_into_force = { consents = 2 }\nwithdrawal = { notice = { days = 10 }, not_before = { months = 36 } }",
    );
    archive.append(&act("a", "ratification", "2000-01-01"));
    archive.append(&act("a", "withdrawal", "2000-02-01"));
    archive.append(&act("b", "ratification", "2000-03-01"));

    assert_eq!(archive.status("t", "2000-02-28"), "open");
    assert_eq!(archive.status("t", "2000-03-01"), "open? in-force?");
}

#[test]
fn an_unknown_day_of_effect_is_never_before_the_act_itself() {
    let mut archive = treaty("entry_into_force = { consents = 1 }");
    let unknown =
        |by: &str, kind: &str, on: &str| format!("{}effective = \"\"\n", act(by, kind, on));
    archive.append(&act("a", "ratification", "2000-01-01"));
    archive.append(&unknown("a", "withdrawal", "2001-01-01"));
    archive.append(&unknown("b", "ratification", "2001-01-01"));
    archive.append(&unknown("c", "concurrence", "2001-01-01"));

    assert_eq!(archive.standing("t", "a", "2000-12-31"), "party");
    assert_eq!(archive.standing("t", "b", "2000-12-31"), "");
    assert_eq!(archive.standing("t", "c", "2000-12-31"), "");
    assert_eq!(
        archive.standing("t", "a", "2001-01-01"),
        "withdrawing? withdrawn?"
    );
    assert_eq!(
        archive.standing("t", "b", "2001-01-01"),
        "contracting? party?"
    );
    assert_eq!(archive.standing("t", "c", "2001-01-01"), "concurring?");
}

#[test]
fn a_standing_lists_the_act_that_it_rests_on_though_that_came_later() {
    let mut archive = treaty("entry_into_force = { consents = 1 }");
    archive.append(&act("b", "ratification", "2000-01-01"));
    archive.append(&format!(
        "{}effective = \"2010-07-01\"\n",
        act("a", "succession", "2011-01-10")
    ));

    let item = archive.instrument("t", "2010-07-01");
    let [standing] = item.standings_of(archive.seq("a")) else {
        panic!("{:?}", item.standings);
    };
    assert_eq!(standing.standing.unwrap().word(), "party");
    assert_eq!(standing.acts.len(), 1);
    assert_eq!(standing.acts[0].on.edtf.as_deref(), Some("2011-01-10"));
    assert_eq!(archive.standing("t", "a", "2010-06-30"), "");
}

#[test]
fn an_instrument_is_only_possibly_drafted_until_somebody_has_a_part_in_it() {
    let mut archive = treaty("adopted = \"2016-07-15\"");

    assert_eq!(archive.status("t", "1900-01-01"), "drafted?");
    assert_eq!(archive.status("t", "2016-07-14"), "drafted?");
    assert_eq!(archive.status("t", "2016-07-15"), "adopted");

    archive.append(&act("a", "participation", "2016-05"));
    archive.append(&act("b", "initialling", "2016-07-01"));

    assert_eq!(archive.status("t", "2016-05-15"), "drafted?");
    assert_eq!(archive.status("t", "2016-05-31"), "drafted");
    assert_eq!(archive.status("t", "2016-07-14"), "drafted");
}

#[test]
fn a_part_in_the_negotiation_does_not_make_a_text_adopted() {
    let mut archive = treaty("");
    archive.append(&act("a", "participation", "2016-05-01"));

    assert_eq!(archive.status("t", "2016-04-30"), "drafted? adopted?");
    assert_eq!(archive.status("t", "2016-05-01"), "drafted? adopted?");
}
