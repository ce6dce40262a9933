//! What the record says of sequence narrows what is possible, and what cannot be
//! is answered by nobody.

#![allow(missing_docs, clippy::unwrap_used)]

mod replay_archive;

use chancery_core::replay::Field;
use chancery_core::worlds::Certainty;
use replay_archive::{Archive, told};

const TREATY: &str = "[[instrument]]\nid = \"t\"\ntitle = \"T\"\nkind = \"treaty\"\nentry_into_force = { consents = 1, delay = { days = 10 } }\nwithdrawal = { notice = { days = 20 } }\n[[actor]]\nid = \"a\"\nname = \"A\"\nkind = \"state\"\n[[actor]]\nid = \"b\"\nname = \"B\"\nkind = \"state\"\n";

fn act(id: &str, by: &str, kind: &str, on: &str, more: &str) -> String {
    format!(
        "[[act]]\nid = \"{id}\"\ninstrument = \"t\"\nby = \"{by}\"\nkind = \"{kind}\"\non = \"{on}\"\n{more}\n"
    )
}

fn statement(archive: &Archive, id: &str, day: &str) -> String {
    let items = archive.on(day).statements;
    let item = items.into_iter().find(|item| item.id == id);
    item.map_or(String::new(), |item| told("said", item.certainty))
}

#[test]
fn an_order_between_two_months_narrows_both() {
    let archive = Archive::of(
        "[[actor]]\nid = \"a\"\nname = \"A\"\nkind = \"person\"\n[[statement]]\nid = \"ask\"\nspeakers = [\"a\"]\nsaid = \"2016-07\"\nmode = \"quoted\"\ntext = \"t\"\n[[statement]]\nid = \"answer\"\nspeakers = [\"a\"]\nsaid = \"2016-07\"\nmode = \"quoted\"\ntext = \"t\"\norder = [{ after = \"ask\", at_least = { days = 10 }, at_most = { days = 20 } }]",
    );

    assert_eq!(statement(&archive, "answer", "2016-07-10"), "");
    assert_eq!(statement(&archive, "answer", "2016-07-11"), "said?");
    assert_eq!(statement(&archive, "ask", "2016-07-20"), "said?");
    assert_eq!(statement(&archive, "ask", "2016-07-21"), "said");
}

#[test]
fn nothing_is_certain_of_what_is_linked_to_days_of_which_no_end_is_found() {
    let said = |id: &str, day: &str, more: &str| {
        format!(
            "[[statement]]\nid = \"{id}\"\nspeakers = [\"a\"]\nsaid = \"{day}\"\nmode = \"quoted\"\ntext = \"t\"\n{more}\n"
        )
    };
    let round = "order = [{ after = \"ask\", at_least = { months = 1 } }, { after = \"ask\", at_most = { days = 27 } }]";
    let archive = Archive::of(&format!(
        "[[actor]]\nid = \"a\"\nname = \"A\"\nkind = \"person\"\n{}{}{}",
        said("open", "2016-07-01", ""),
        said("ask", "", "order = [{ after = \"open\" }]"),
        said("answer", "", round),
    ));

    // No month is so short, so that there may be no world; none was found either.
    assert_eq!(statement(&archive, "open", "2017-01-01"), "said?");
}

#[test]
fn what_is_of_one_day_is_so_together() {
    let archive = Archive::of(&format!(
        "{TREATY}{}{}",
        act("one", "a", "signature", "2016-07", ""),
        act(
            "two",
            "a",
            "ratification",
            "2016-07",
            "order = [{ same_day = \"one\" }]"
        ),
    ));

    // In no world has it signed without having ratified.
    assert_eq!(
        archive.standing("t", "a", "2016-07-15"),
        "contracting? party?"
    );
}

#[test]
fn a_notice_takes_effect_so_long_after_it_was_given_in_each_world() {
    let archive = Archive::of(&format!(
        "{TREATY}{}{}",
        act("in", "a", "ratification", "2015-01-01", ""),
        act("out", "a", "withdrawal", "2016-07", ""),
    ));

    assert_eq!(
        archive.standing("t", "a", "2016-07-20"),
        "party? withdrawing?"
    );
    // Given by now, it takes effect twenty days after: it is one of the two.
    assert_eq!(
        archive.standing("t", "a", "2016-07-31"),
        "withdrawing? withdrawn?"
    );
    assert_eq!(archive.standing("t", "a", "2016-08-20"), "withdrawn");
}

#[test]
fn an_operation_is_in_no_world_before_the_commitment_was_made() {
    let archive = Archive::of(
        "[[actor]]\nid = \"a\"\nname = \"A\"\nkind = \"state\"\n[[commitment]]\nid = \"c\"\ndebtors = [\"a\"]\ntext = \"t\"\nmade = \"2016-07\"\n[[operation]]\ncommitment = \"c\"\nkind = \"release\"\non = \"2016-07-10\"",
    );

    assert_eq!(archive.phase("c", "2016-07-09"), "active?");
    assert_eq!(archive.phase("c", "2016-07-10"), "released");
}

#[test]
fn records_that_cannot_all_be_right_are_named_and_answer_nothing() {
    let archive = Archive::of(&format!(
        "{TREATY}{}{}{}",
        act("in", "a", "ratification", "2016-07-10", ""),
        act(
            "undone",
            "a",
            "withdrawal-of-act",
            "2016-07-01",
            "target = \"in\""
        ),
        act("other", "b", "signature", "2016-07-01", ""),
    ));
    let register = archive.on("2016-08-01");
    let item = archive.instrument("t", "2016-08-01");

    let [contradiction] = register.contradictions.as_slice() else {
        panic!("{:?}", register.contradictions);
    };
    let records = [archive.seq("in"), archive.seq("undone")];
    assert_eq!(contradiction.records, records);
    let of_on = |of: &chancery_core::replay::Happening| of.field == Field::On;
    assert!(contradiction.happenings.iter().all(of_on));
    let standing = &item.standings_of(archive.seq("a"))[0];
    assert_eq!(standing.standing, None);
    assert_eq!(standing.certainty, Certainty::Contradictory);
    assert_eq!(standing.acts.len(), 2);
    assert_eq!(archive.standing("t", "b", "2016-08-01"), "signatory");
    assert_eq!(item.entry_into_force.derived, None);
    assert_eq!(
        item.entry_into_force.reason.as_deref(),
        Some("`in`, `undone` cannot all be right")
    );
}

#[test]
fn a_circle_of_orders_is_a_contradiction_of_all_on_it() {
    let said = |id: &str, after: &str| {
        format!(
            "[[statement]]\nid = \"{id}\"\nspeakers = [\"a\"]\nsaid = \"\"\nmode = \"quoted\"\ntext = \"t\"\norder = [{{ after = \"{after}\", at_least = {{ days = 1 }} }}]\n"
        )
    };
    let archive = Archive::of(&format!(
        "[[actor]]\nid = \"a\"\nname = \"A\"\nkind = \"person\"\n{}{}{}",
        said("x", "z"),
        said("y", "x"),
        said("z", "y"),
    ));
    let register = archive.on("2016-08-01");

    let records = ["x", "y", "z"].map(|id| archive.seq(id));
    assert_eq!(register.contradictions[0].records, records);
    assert_eq!(statement(&archive, "x", "2016-08-01"), "saidcontradictory");
}

#[test]
fn an_order_is_heard_only_while_both_records_stand() {
    let mut archive = Archive::of(
        "[[actor]]\nid = \"a\"\nname = \"A\"\nkind = \"person\"\n[[statement]]\nid = \"ask\"\nspeakers = [\"a\"]\nsaid = \"2016-07-20\"\nmode = \"quoted\"\ntext = \"t\"\n[[statement]]\nid = \"answer\"\nspeakers = [\"a\"]\nsaid = \"2016-07\"\nmode = \"quoted\"\ntext = \"t\"\norder = [{ after = \"ask\" }]",
    );
    assert_eq!(statement(&archive, "answer", "2016-07-19"), "");

    archive.append("[[retraction]]\nretracts = \"ask\"\nreason = \"misread\"");

    assert_eq!(statement(&archive, "answer", "2016-07-19"), "said?");
}

#[test]
fn an_event_is_followed_by_what_came_after_its_last_day() {
    let archive = Archive::of(
        "[[actor]]\nid = \"a\"\nname = \"A\"\nkind = \"person\"\n[[event]]\nid = \"talks\"\ntitle = \"T\"\nheld = \"2016-07-10/2016-07-14\"\n[[statement]]\nid = \"after\"\nspeakers = [\"a\"]\nsaid = \"2016-07\"\nmode = \"quoted\"\ntext = \"t\"\norder = [{ after = \"talks\" }]\n[[statement]]\nid = \"before\"\nspeakers = [\"a\"]\nsaid = \"2016-07\"\nmode = \"quoted\"\ntext = \"t\"\norder = [{ before = \"talks\" }]",
    );

    assert_eq!(statement(&archive, "after", "2016-07-13"), "");
    assert_eq!(statement(&archive, "after", "2016-07-14"), "said?");
    assert_eq!(statement(&archive, "before", "2016-07-10"), "said");
}
