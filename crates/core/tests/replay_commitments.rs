//! Commitments, claims, offices, issues, events and statements on a day.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;

use chancery_core::replay::{EventPhase, Filter, Period, Question, Register};
use chancery_core::worlds::Certainty;
use replay_archive::{Archive, day, question, told};

const ACTORS: &str = r#"
    [[actor]]
    id = "usa"
    name = "United States"
    kind = "state"

    [[actor]]
    id = "russia"
    name = "Russia"
    kind = "state"

    [[actor]]
    id = "kerry"
    name = "Kerry"
    kind = "person"

    [[statement]]
    id = "kerry-said"
    speakers = "kerry"
    for = "usa"
    said = "2016-08-26"
    mode = "paraphrased"
    evidence = [{ source = "paper", quote = "both will act" }]

    [[source]]
    id = "paper"
    title = "A newspaper"
"#;

fn commitment(debtor: &str, more: &str) -> String {
    format!(
        "[[commitment]]\nid = \"c\"\ndebtors = \"{debtor}\"\ntext = \"act\"\nmade = \"2016-08-26\"\n{more}\n"
    )
}

fn with(debtor: &str, more: &str) -> Archive {
    let mut archive = Archive::of(ACTORS);
    archive.append(&commitment(debtor, more));
    archive
}

fn operation(kind: &str, on: &str) -> String {
    format!("[[operation]]\ncommitment = \"c\"\nkind = \"{kind}\"\non = \"{on}\"\n")
}

fn claim(by: &str, claims: &str, said: &str) -> String {
    format!("[[claim]]\nabout = \"c\"\nby = \"{by}\"\nclaims = \"{claims}\"\nsaid = \"{said}\"\n")
}

#[test]
fn a_commitment_is_not_there_before_it_was_made_and_pending_until_it_is_owed() {
    let archive = with("usa", "from = \"2016-09-01\"\nuntil = \"2016-09-10\"");

    assert_eq!(archive.phase("c", "2016-08-25"), "");
    assert_eq!(archive.phase("c", "2016-08-26"), "pending");
    assert_eq!(archive.phase("c", "2016-09-01"), "active");
    assert_eq!(archive.phase("c", "2016-09-10"), "active");
    assert_eq!(archive.phase("c", "2016-09-11"), "expired");
}

#[test]
fn operations_suspend_resume_and_end_a_commitment() {
    let mut archive = with("usa", "");
    archive.append(&operation("suspend", "2016-09-01"));
    archive.append(&operation("resume", "2016-09-02"));
    archive.append(&operation("release", "2016-09-03"));
    archive.append(&operation("cancel", "2016-09-04"));

    assert_eq!(archive.phase("c", "2016-08-31"), "active");
    assert_eq!(archive.phase("c", "2016-09-01"), "suspended");
    assert_eq!(archive.phase("c", "2016-09-02"), "active");
    assert_eq!(archive.phase("c", "2016-09-03"), "released");
    assert_eq!(archive.phase("c", "2016-09-05"), "released");
}

#[test]
fn a_commitment_waits_for_its_instrument_if_that_is_to_enter_into_force() {
    let mut archive = Archive::of(ACTORS);
    archive.append("[[instrument]]\nid = \"plan\"\ntitle = \"Plan\"\nkind = \"understanding\"");
    archive.append(&commitment("usa", "under = \"plan\""));
    assert_eq!(archive.phase("c", "2016-08-26"), "active");

    archive.append(
        "[[occurrence]]\ninstrument = \"plan\"\nkind = \"entry-into-force\"\non = \"2016-09\"",
    );

    assert_eq!(archive.phase("c", "2016-08-31"), "pending");
    assert_eq!(archive.phase("c", "2016-09-15"), "pending? active?");
    assert_eq!(archive.phase("c", "2016-09-30"), "active");
}

const ISSUE: &str = "[[issue]]\nid = \"q\"\ntitle = \"Q\"\nopened = \"../2016-08-26\"\n";

#[test]
fn a_closed_issue_makes_a_conditional_commitment_active_once_it_is_certain() {
    let mut archive = Archive::of(ACTORS);
    archive.append(ISSUE);
    let condition = "condition = { text = \"once settled\", on = \"q\", state = \"closed\" }";
    archive.append(&commitment("usa", condition));
    assert_eq!(archive.phase("c", "2017-01-01"), "conditional");

    archive.append(
        "[[supplement]]\nsupplements = \"q\"\nset = { closed = \"2016-09-08/2016-09-09\" }",
    );

    assert_eq!(archive.phase("c", "2016-09-08"), "conditional");
    assert_eq!(archive.phase("c", "2016-09-09"), "active");
}

#[test]
fn a_condition_in_words_holds_until_it_is_detached() {
    let mut archive = with("usa", "condition = \"if all is quiet\"");
    archive.append(&claim("russia", "condition-met", "2016-08-27"));
    archive.append(&operation("detach", "2016-09-01"));

    assert_eq!(archive.phase("c", "2016-08-31"), "conditional");
    assert_eq!(archive.phase("c", "2016-09-01"), "active");
}

#[test]
fn a_condition_that_another_commitment_be_fulfilled_is_not_met_by_a_claim() {
    let mut archive = with("usa", "");
    archive.append(
        &commitment(
            "russia",
            "condition = { on = \"c\", state = \"fulfilled\" }",
        )
        .replace("id = \"c\"", "id = \"d\""),
    );
    archive.append(&claim("usa", "fulfilled", "2016-08-27"));

    assert_eq!(archive.phase("d", "2016-09-01"), "conditional");
}

#[test]
fn whoever_is_bound_by_anothers_word_only_is_attributed() {
    let attributed = |debtor, more| {
        let archive = with(debtor, more);
        archive.commitment("c", "2016-08-27").unwrap().attributed
    };

    assert!(!attributed("kerry", "stated_in = \"kerry-said\""));
    assert!(!attributed("usa", "stated_in = \"kerry-said\""));
    assert!(attributed("russia", "stated_in = \"kerry-said\""));
    assert!(attributed("russia", ""));
}

#[test]
fn a_debtor_that_acted_on_the_instrument_is_bound_by_its_own_act() {
    let mut archive = Archive::of(ACTORS);
    archive.append("[[instrument]]\nid = \"plan\"\ntitle = \"Plan\"\nkind = \"understanding\"");
    archive.append(&commitment(
        "russia",
        "under = \"plan\"\nstated_in = \"kerry-said\"",
    ));
    assert!(archive.commitment("c", "2016-08-27").unwrap().attributed);

    archive.append(
        "[[act]]\ninstrument = \"plan\"\nby = \"russia\"\nkind = \"concurrence\"\non = \"2016-07\"",
    );

    assert!(!archive.commitment("c", "2016-08-27").unwrap().attributed);
}

#[test]
fn a_violation_that_is_denied_is_contested_and_the_phase_stays() {
    let mut archive = with("usa", "");
    archive.append(&claim("russia", "violated", "2016-09-01"));
    archive.append(&claim("usa", "denied", "2016-09-02"));

    let before = archive.commitment("c", "2016-09-01").unwrap();
    let after = archive.commitment("c", "2016-09-02").unwrap();

    assert!(!before.claimed.contested);
    assert_eq!(before.claimed.claims.len(), 1);
    assert!(after.claimed.contested);
    assert_eq!(archive.phase("c", "2016-09-02"), "active");
}

#[test]
fn only_the_latest_claim_of_each_claimant_is_listed() {
    let mut archive = with("usa", "");
    archive.append(&claim("russia", "violated", "2016-09-01"));
    archive.append(&claim("russia", "fulfilled", "2016-09-05"));
    archive.append(&claim("usa", "fulfilled", "2016-09-04"));

    let claimed = archive.commitment("c", "2016-09-05").unwrap().claimed;

    let words: Vec<_> = claimed
        .claims
        .iter()
        .map(|claim| claim.claims.word())
        .collect();
    assert_eq!(words, ["fulfilled", "fulfilled"]);
    assert!(!claimed.contested);
}

#[test]
fn a_claim_that_is_itself_denied_makes_the_matter_contested() {
    let mut archive = with("usa", "");
    archive.append(&format!(
        "{}id = \"k\"\n",
        claim("russia", "violated", "2016-09-01")
    ));
    archive.append(&claim("usa", "denied", "2016-09-02").replace("\"c\"", "\"k\""));

    let claimed = archive.commitment("c", "2016-09-02").unwrap().claimed;

    assert!(claimed.contested);
    assert_eq!(claimed.claims[0].denied_by.len(), 1);
}

#[test]
fn a_due_day_that_is_past_without_a_claim_of_fulfilment_is_overdue() {
    let mut archive = with("usa", "due = \"2016-08-27/2016-09-02\"");
    let overdue = |archive: &Archive, day| archive.commitment("c", day).unwrap().overdue;

    assert_eq!(overdue(&archive, "2016-08-27"), None);
    assert_eq!(overdue(&archive, "2016-08-30"), Some(Certainty::Possible));
    assert_eq!(overdue(&archive, "2016-09-03"), Some(Certainty::Certain));

    archive.append(&claim("usa", "fulfilled", "2016-09-01"));
    assert_eq!(overdue(&archive, "2016-09-03"), None);
}

#[test]
fn all_parties_are_whoever_is_party_on_that_day_and_whoever_leaves_owes_no_more() {
    let mut archive = Archive::of(ACTORS);
    archive.append("[[instrument]]\nid = \"t\"\ntitle = \"T\"\nkind = \"treaty\"\nentry_into_force = { consents = 1 }");
    archive.append(&commitment(
        "usa",
        "under = \"t\"\ncreditors = [\"@parties\"]",
    ));
    for (actor, on) in [("usa", "2016-01-01"), ("russia", "2016-09-01")] {
        archive.append(&format!(
            "[[act]]\ninstrument = \"t\"\nby = \"{actor}\"\nkind = \"ratification\"\non = \"{on}\""
        ));
    }
    archive.append("[[act]]\ninstrument = \"t\"\nby = \"usa\"\nkind = \"withdrawal\"\non = \"2017-01-01\"\neffective = \"2018-01-01\"");

    let creditors = |day| archive.commitment("c", day).unwrap().creditors;
    assert_eq!(creditors("2016-08-27").actors.len(), 1);
    assert_eq!(creditors("2016-09-01").actors.len(), 2);
    assert!(creditors("2016-09-01").all_parties);
    assert_eq!(archive.phase("c", "2017-12-31"), "active");
    assert_eq!(archive.phase("c", "2018-01-01"), "left");
}

#[test]
fn an_issue_opened_by_some_day_is_open_for_certain_from_that_day_until_it_is_closed() {
    let mut archive = Archive::of(ISSUE);
    archive.append("[[supplement]]\nsupplements = \"q\"\nset = { closed = \"2016-09\" }");
    let open = |day| {
        let issues = archive.on(day).issues;
        issues.first().map(|item| item.certainty)
    };

    assert_eq!(open("2016-08-01"), Some(Certainty::Possible));
    assert_eq!(open("2016-08-26"), Some(Certainty::Certain));
    assert_eq!(open("2016-09-01"), Some(Certainty::Possible));
    assert_eq!(open("2016-09-30"), None);
}

#[test]
fn an_office_is_held_through_its_last_day() {
    let mut archive = Archive::of(ACTORS);
    archive.append("[[office]]\nperson = \"kerry\"\ntitle = \"Secretary\"\nof = \"usa\"\nfrom = \"2013-02-01\"\nuntil = \"2017-01-20\"");

    assert_eq!(archive.on("2013-01-31").offices.len(), 0);
    assert_eq!(archive.on("2017-01-20").offices.len(), 1);
    assert_eq!(archive.on("2017-01-21").offices.len(), 0);
}

fn phases(archive: &Archive, day: &str) -> String {
    let events = archive.on(day).events;
    let phases = events.iter().flat_map(|item| &item.phases);
    let words: Vec<_> = phases
        .map(|(phase, certainty)| told(phase.word(), *certainty))
        .collect();
    words.join(" ")
}

#[test]
fn a_meeting_is_planned_until_its_days_are_past_and_then_without_a_record() {
    let mut archive = Archive::of(
        "[[event]]\nid = \"m\"\ntitle = \"M\"\nannounced = \"2016-08-26\"\nplanned_for = \"2016-08-27/2016-09-02\"",
    );
    assert_eq!(phases(&archive, "2016-08-25"), "");
    assert_eq!(phases(&archive, "2016-08-27"), "planned");
    assert_eq!(phases(&archive, "2016-09-02"), "planned");
    assert_eq!(phases(&archive, "2016-09-03"), "no-record");

    archive
        .append("[[supplement]]\nsupplements = \"m\"\nset = { held = \"2016-08-29/2016-08-31\" }");

    assert_eq!(phases(&archive, "2016-08-28"), "planned");
    assert_eq!(phases(&archive, "2016-08-29"), "under-way");
    assert_eq!(phases(&archive, "2016-08-31"), "under-way");
    assert_eq!(phases(&archive, "2016-09-03"), "held");
}

#[test]
fn a_meeting_that_is_called_off_is_no_longer_planned() {
    let archive = Archive::of(
        "[[event]]\nid = \"m\"\ntitle = \"M\"\nannounced = \"2016-08-26\"\nplanned_for = \"2016-09-02\"\ncalled_off = \"2016-09-01\"",
    );

    assert_eq!(phases(&archive, "2016-08-31"), "planned");
    assert_eq!(phases(&archive, "2016-09-03"), "called-off");
    assert_eq!(
        archive.on("2016-09-03").events[0].phase,
        Some(EventPhase::CalledOff)
    );
}

#[test]
fn a_statement_is_there_from_its_day_and_its_text_is_its_only_quote() {
    let archive = Archive::of(ACTORS);

    assert!(archive.on("2016-08-25").statements.is_empty());
    let statements = archive.on("2016-08-26").statements;
    assert_eq!(statements[0].text.as_deref(), Some("both will act"));
    assert_eq!(statements[0].on_behalf_of, [archive.seq("usa")]);
}

#[test]
fn over_a_period_what_was_so_on_some_day_of_it_counts() {
    let mut archive = with("usa", "");
    archive.append(&operation("suspend", "2016-09-01"));
    archive.append(&operation("resume", "2016-09-02"));
    let on = Period::between(day("2016-08-30"), day("2016-09-05")).unwrap();
    let question = Question {
        on,
        ..question("2016-08-30")
    };

    let register = Register::of(&archive.readings(), &question, None);

    let phases = &register.commitments[0].phases;
    let words: Vec<_> = phases
        .iter()
        .map(|(phase, certainty)| told(phase.word(), *certainty))
        .collect();
    assert_eq!(words, ["active", "suspended"]);
}

#[test]
fn a_filter_leaves_what_was_asked_for_and_changes_no_answer() {
    let mut archive = with("usa", "creditors = \"russia\"");
    archive.append(ISSUE);
    let filter = Filter {
        actor: Some(archive.seq("russia")),
        ..Filter::default()
    };

    let register = Register::of(&archive.readings(), &question("2016-08-27"), Some(&filter));

    assert_eq!(register.commitments, archive.on("2016-08-27").commitments);
    assert!(register.issues.is_empty() && register.statements.is_empty());
}

#[test]
fn an_unsupported_commitment_is_shown_and_an_unsupported_operation_moves_nothing() {
    let mut archive = with("usa", "evidence = [{ source = \"paper\" }]");
    let evidence = "evidence = [{ source = \"paper\" }]\n";
    archive.append(&format!("{}{evidence}", operation("cancel", "2016-09-01")));
    assert_eq!(archive.phase("c", "2016-09-01"), "cancelled");

    archive.append("[[retraction]]\nretracts = \"paper\"\nreason = \"forged\"");

    assert_eq!(archive.phase("c", "2016-09-01"), "active");
    let item = archive.commitment("c", "2016-09-01").unwrap();
    assert_eq!(item.unsupported.unwrap().on, archive.seq("paper"));
}

#[test]
fn every_answer_names_the_positions_it_rests_on() {
    let mut archive = with("usa", "stated_in = \"kerry-said\"");
    archive.append(&operation("suspend", "2016-09-01"));
    archive
        .append("[[supplement]]\nid = \"more\"\nsupplements = \"c\"\nset = { due = \"2016-10\" }");

    let rests_on = archive.commitment("c", "2016-08-31").unwrap().rests_on;

    assert_eq!(
        rests_on,
        [
            archive.seq("c"),
            archive.seq("more"),
            archive.seq("kerry-said")
        ]
    );
    let later = archive.commitment("c", "2016-09-01").unwrap().rests_on;
    assert_eq!(later.len(), 4);
}

#[test]
fn an_instrument_that_is_also_the_condition_is_named_once() {
    let mut archive = with(
        "usa",
        "under = \"t\"\ncondition = { on = \"t\", state = \"in-force\" }\n\
         [[instrument]]\nid = \"t\"\ntitle = \"T\"\nkind = \"treaty\"",
    );
    archive.append(&operation("suspend", "2016-08-30"));

    let rests_on = archive.commitment("c", "2016-08-31").unwrap().rests_on;

    assert_eq!(rests_on.len(), 3, "{rests_on:?}");
}
