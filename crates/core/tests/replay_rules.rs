//! Rules of entry into force, field by field, and what they leave open.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;

use chancery_core::worlds::Certainty;
use replay_archive::Archive;

/// An instrument with this rule.
fn instrument(id: &str, rule: &str) -> String {
    format!(
        "[[instrument]]\nid = \"{id}\"\ntitle = \"{id}\"\nkind = \"treaty\"\n\
         entry_into_force = {{ {rule} }}\n"
    )
}

/// A treaty with this rule, and the actors a to e.
fn treaty(rule: &str) -> Archive {
    treaties(&[("t", rule)])
}

/// Treaties with their rules, and the actors a to e.
fn treaties(rules: &[(&str, &str)]) -> Archive {
    let instruments = rules.iter().map(|(id, rule)| instrument(id, rule));
    let mut dossier: String = instruments.collect();
    for actor in ["a", "b", "c", "d", "e"] {
        let line = format!("[[actor]]\nid = \"{actor}\"\nname = \"{actor}\"\nkind = \"state\"\n");
        dossier.push_str(&line);
    }
    Archive::of(&dossier)
}

fn act(instrument: &str, by: &str, kind: &str, on: &str) -> String {
    format!(
        "[[act]]\ninstrument = \"{instrument}\"\nby = \"{by}\"\nkind = \"{kind}\"\non = \"{on}\"\n"
    )
}

/// A treaty with this rule, ratified on these days.
fn ratified(rule: &str, deposits: &[(&str, &str)]) -> Archive {
    let mut archive = treaty(rule);
    for (actor, on) in deposits {
        archive.append(&act("t", actor, "ratification", on));
    }
    archive
}

/// Returns the derived day, or else the reason why there is none.
fn force(archive: &Archive) -> String {
    force_of(archive, "t")
}

fn force_of(archive: &Archive, id: &str) -> String {
    let force = archive.instrument(id, "2100-01-01").entry_into_force;
    match force.derived {
        Some(derived) => derived.window.to_string(),
        None => force.reason.unwrap(),
    }
}

/// Returns by whom the condition was completed.
fn completed_by(archive: &Archive) -> Vec<String> {
    let force = archive.instrument("t", "2100-01-01").entry_into_force;
    let by = force.derived.unwrap().completed_by;
    let readings = archive.readings();
    by.iter().map(|by| readings.id_of(by.actor)).collect()
}

const THREE: [(&str, &str); 3] = [
    ("a", "2000-01-01"),
    ("b", "2000-02-01"),
    ("c", "2000-03-01"),
];

#[test]
fn all_who_are_required_must_be_among_them() {
    let archive = ratified("requires = [\"b\", \"c\"]", &THREE);
    let without = ratified("requires = [\"b\", \"d\", \"e\"]", &THREE);

    assert_eq!(force(&archive), "2000-03-01");
    assert_eq!(completed_by(&archive), ["c"]);
    assert_eq!(force(&without), "1 of 3 required (missing: d, e)");
}

#[test]
fn so_many_of_each_group_must_be_among_them() {
    let groups = |second: u64| {
        format!(
            "groups = [{{ of = [\"a\", \"b\"], at_least = 1 }}, \
             {{ of = [\"b\", \"c\", \"d\"], at_least = {second} }}]"
        )
    };

    assert_eq!(force(&ratified(&groups(2), &THREE)), "2000-03-01");
    assert_eq!(force(&ratified(&groups(3), &THREE)), "2 of 3 of group 2");
}

#[test]
fn shares_are_added_exactly() {
    let shares = |at_least: &str| {
        let shares = "shares = { a = \"0.1\", b = \"0.2\", c = \"1/3\", d = \"50\" }";
        ratified(&format!("{shares}, at_least = \"{at_least}\""), &THREE)
    };

    assert_eq!(force(&shares("0.3")), "2000-02-01");
    assert_eq!(force(&shares("0.30000000000000001")), "2000-03-01");
    assert_eq!(force(&shares("1/3")), "2000-03-01");
    assert_eq!(
        force(&shares("55.5")),
        "shares of 1009/30 per cent, 55.5 needed"
    );
}

#[test]
fn what_is_given_must_all_be_met() {
    let rule = "consents = 3, requires = [\"a\"], shares = { a = \"17\", c = \"40\" }, \
                at_least = \"55\", delay = { days = 30 }";

    assert_eq!(force(&ratified(rule, &THREE)), "2000-03-31");
    assert_eq!(
        force(&ratified(rule, &THREE[..2])),
        "2 of 3 consents, shares of 17 per cent, 55 needed"
    );
    assert_eq!(
        force(&ratified(rule, &THREE[1..])),
        "2 of 3 consents, 0 of 1 required (missing: a), shares of 40 per cent, 55 needed"
    );
}

#[test]
fn conditions_that_were_never_met_together_are_not_met() {
    let mut archive = ratified("consents = 1, requires = [\"a\"]", &[]);
    archive.append(&format!(
        "{}id = \"r\"\n",
        act("t", "a", "ratification", "2000-01-01")
    ));
    let withdrawn = act("t", "a", "withdrawal-of-act", "2000-01-01");
    archive.append(&format!("{withdrawn}target = \"r\"\n"));
    assert_eq!(
        force(&archive),
        "0 of 1 consents, 0 of 1 required (missing: a)"
    );

    let apart = ratified(
        "consents = 2, groups = [{ of = [\"a\"], at_least = 1 }]",
        &[],
    );
    let mut apart = apart;
    apart.append(&format!(
        "{}id = \"r\"\n",
        act("t", "a", "ratification", "2000-01-01")
    ));
    let withdrawn = act("t", "a", "withdrawal-of-act", "2000-02-01");
    apart.append(&format!("{withdrawn}target = \"r\"\n"));
    apart.append(&act("t", "b", "ratification", "2000-03-01"));
    apart.append(&act("t", "c", "ratification", "2000-03-01"));

    assert_eq!(
        force(&apart),
        "what is asked for was never all met on one day"
    );
}

#[test]
fn a_fixed_day_holds_if_the_conditions_are_met_by_then_and_otherwise_the_delay() {
    let rule =
        |needed| format!("consents = {needed}, on_day = \"2000-02-15\", delay = {{ days = 90 }}");

    assert_eq!(force(&ratified(&rule(2), &THREE)), "2000-02-15");
    assert_eq!(force(&ratified(&rule(3), &THREE)), "2000-05-30");
    assert_eq!(force(&ratified(&rule(4), &THREE)), "3 of 4 consents");
}

#[test]
fn only_parties_to_the_other_instrument_count_and_only_while_they_are() {
    let mut archive = treaties(&[
        ("t", "consents = 2, eligible = \"party:u\""),
        ("u", "consents = 1, delay = { days = 10 }"),
    ]);
    for (actor, on) in THREE {
        archive.append(&act("t", actor, "ratification", on));
    }
    archive.append(&act("u", "b", "ratification", "1999-01-01"));
    assert_eq!(force(&archive), "1 of 2 consents");

    // It consented to this one first and became a party to the other later.
    archive.append(&act("u", "a", "accession", "2001-01-01"));
    assert_eq!(force(&archive), "2001-01-11");
    assert_eq!(completed_by(&archive), ["a"]);

    archive.append(&format!(
        "{}effective = \"2000-06-01\"\n",
        act("u", "b", "withdrawal", "2000-05-01")
    ));
    assert_eq!(force(&archive), "1 of 2 consents");

    // Whoever comes back to the other one counts again, and once.
    archive.append(&act("u", "b", "accession", "2002-01-01"));
    assert_eq!(force(&archive), "2002-01-11");
}

#[test]
fn where_it_is_open_who_is_a_party_to_the_other_the_day_is_open_too() {
    let mut archive = treaties(&[
        ("t", "consents = 1, eligible = \"party:u\""),
        ("u", "delay = { days = 10 }"),
    ]);
    archive.append(&act("t", "a", "ratification", "2000-01-01"));
    archive.append(&act("u", "a", "ratification", "1999-01-01"));

    assert_eq!(
        force_of(&archive, "u"),
        "the rule names no number of consents"
    );
    assert_eq!(force(&archive), "2000-01-01/..");
}

#[test]
fn rules_that_look_at_each_other_in_a_circle_are_told_so() {
    let mut archive = treaties(&[
        ("t", "consents = 1, eligible = \"party:u\""),
        ("u", "consents = 1, eligible = \"party:v\""),
        ("v", "consents = 1, eligible = \"party:u\""),
    ]);
    archive.append(&act("t", "a", "ratification", "2000-01-01"));
    archive.append(&act("u", "a", "ratification", "2000-01-01"));

    assert_eq!(
        force_of(&archive, "u"),
        "the rule counts only parties to `v`, that one's only parties to `u`: a circle"
    );
    assert_eq!(
        force_of(&archive, "v"),
        "the rule counts only parties to `u`, that one's only parties to `v`: a circle"
    );
    // It is not on the circle itself: whether it is in force is as open as that is.
    assert_eq!(force(&archive), "2000-01-01/..");
    let itself = treaty("consents = 1, eligible = \"party:t\"");
    assert_eq!(
        force(&itself),
        "the rule counts only parties to `t`: a circle"
    );
}

#[test]
fn a_long_chain_of_treaties_that_look_at_each_other_comes_to_an_end() {
    let last = 300;
    let mut dossier = String::from("[[actor]]\nid = \"a\"\nname = \"a\"\nkind = \"state\"\n");
    for place in 0..=last {
        let next = format!("consents = 1, eligible = \"party:t{}\"", place + 1);
        let rule = if place == last { "consents = 1" } else { &next };
        let id = format!("t{place}");
        dossier.push_str(&instrument(&id, rule));
        dossier.push_str(&act(&id, "a", "ratification", "2000-01-01"));
    }
    let archive = Archive::of(&dossier);

    assert_eq!(force_of(&archive, "t0"), "2000-01-01");
}

#[test]
fn a_recorded_day_opens_a_circle() {
    let mut archive = treaties(&[
        ("t", "consents = 1, eligible = \"party:u\""),
        ("u", "consents = 1, eligible = \"party:t\""),
    ]);
    archive.append(&act("u", "a", "ratification", "2000-01-01"));
    archive.append(&act("t", "a", "ratification", "2000-01-01"));
    archive.append(
        "[[occurrence]]\ninstrument = \"u\"\nkind = \"entry-into-force\"\non = \"2000-05-01\"",
    );

    assert_eq!(archive.standing("u", "a", "2000-05-01"), "party");
    assert_eq!(archive.status("t", "2000-04-30"), "open? in-force?");
}

#[test]
fn an_instrument_that_was_retracted_has_no_parties_to_count() {
    let mut archive = treaties(&[
        ("t", "consents = 1, eligible = \"party:u\""),
        ("u", "consents = 1"),
    ]);
    archive.append("[[retraction]]\nretracts = \"u\"\nreason = \"forged\"");

    assert_eq!(
        force(&archive),
        "the rule counts only parties to `u`, which does not stand"
    );
}

#[test]
fn whoever_continues_a_counted_actor_is_among_the_required_but_counts_once() {
    let succession = |rule: &str| {
        let mut archive = ratified(rule, &[("a", "2000-01-01")]);
        archive.append(&format!(
            "{}succeeds = \"a\"\n",
            act("t", "b", "succession", "2000-02-01")
        ));
        force(&archive)
    };

    assert_eq!(
        succession("consents = 2, requires = [\"b\"]"),
        "1 of 2 consents"
    );
    assert_eq!(succession("consents = 1, requires = [\"b\"]"), "2000-02-01");
    assert_eq!(
        succession("groups = [{ of = [\"a\", \"b\"], at_least = 2 }]"),
        "1 of 2 of group 1"
    );
}

#[test]
fn a_rule_that_says_half_leaves_the_day_open_and_says_what_is_missing() {
    let halves = [
        (
            "shares = { a = \"60\" }",
            "the rule names `shares`, but no `at_least`",
        ),
        (
            "consents = 1, at_least = \"60\"",
            "the rule names `at_least`, but no `shares`",
        ),
        (
            "consents = 1, on_day = \"2000\"",
            "the rule's `on_day` is not one day",
        ),
        ("consents = 0", "the rule needs no consent and names no day"),
        (
            "shares = { a = \"1/999999999999999989\", b = \"1/999999999999999967\", \
             c = \"1/999999999999999877\" }, at_least = \"1\"",
            "the rule's `shares` are too long to be added exactly",
        ),
    ];
    for (rule, expected) in halves {
        assert_eq!(force(&ratified(rule, &THREE)), expected, "{rule}");
    }
}

#[test]
fn deposits_known_to_the_month_give_a_window_under_every_condition() {
    let deposits = [("a", "2000-01"), ("b", "2000-03"), ("c", "2000-05-01")];
    let rules = [
        ("requires = [\"a\", \"b\"]", "2000-03-01/2000-03-31"),
        (
            "groups = [{ of = [\"a\", \"c\"], at_least = 2 }]",
            "2000-05-01",
        ),
        (
            "shares = { a = \"30\", b = \"30\" }, at_least = \"60\", on_day = \"2000-03-10\", \
             delay = { months = 1 }",
            "2000-03-10/2000-04-30",
        ),
    ];
    for (rule, expected) in rules {
        assert_eq!(force(&ratified(rule, &deposits)), expected, "{rule}");
    }
}

#[test]
fn a_recorded_day_that_is_not_the_rules_is_told_apart() {
    let recorded = |on: &str, deposit: &str| {
        let mut archive = ratified("consents = 1", &[("a", deposit)]);
        archive.append(&format!(
            "[[occurrence]]\ninstrument = \"t\"\nkind = \"entry-into-force\"\non = \"{on}\""
        ));
        archive
            .instrument("t", "2100-01-01")
            .entry_into_force
            .differs()
    };

    assert_eq!(recorded("2000-01-01", "2000-01-01"), None);
    assert_eq!(
        recorded("2000-01-02", "2000-01-01"),
        Some(Certainty::Certain)
    );
    assert_eq!(recorded("2000-01", "2000-01-01"), Some(Certainty::Possible));
    let nothing = ratified("consents = 1", &THREE);
    assert_eq!(
        nothing
            .instrument("t", "2100-01-01")
            .entry_into_force
            .differs(),
        None
    );
}
