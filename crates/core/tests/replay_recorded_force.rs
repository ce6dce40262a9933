//! Who is bound under an instrument of which the day of entry into force is
//! recorded: its own deposit and that day hang together, world by world.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;

use replay_archive::Archive;

/// A treaty with these terms, in force on 1 April 1981 by the record, to which
/// a consented in good time.
fn in_force(terms: &str) -> Archive {
    let mut archive = Archive::of(&format!(
        "[[instrument]]\nid = \"t\"\ntitle = \"T\"\nkind = \"treaty\"\n{terms}\n\
         [[occurrence]]\ninstrument = \"t\"\nkind = \"entry-into-force\"\non = 1981-04-01\n\
         [[actor]]\nid = \"a\"\nname = \"a\"\nkind = \"state\"\n\
         [[actor]]\nid = \"b\"\nname = \"b\"\nkind = \"state\"\n"
    ));
    archive.append(&consent("a", "1980-05-01"));
    archive
}

fn consent(by: &str, on: &str) -> String {
    format!("[[act]]\ninstrument = \"t\"\nby = \"{by}\"\nkind = \"ratification\"\non = \"{on}\"\n")
}

#[test]
fn whoever_is_bound_from_its_deposit_on_is_in_no_world_merely_contracting() {
    let mut archive = in_force("");
    archive.append(&consent("b", "1981-05"));

    assert_eq!(archive.standing("t", "b", "1981-05-10"), "party?");
    assert_eq!(archive.standing("t", "b", "1981-05-31"), "party");
}

#[test]
fn a_deposit_in_a_month_may_come_before_the_recorded_day_or_after_it() {
    let mut archive = in_force("");
    archive.append(&consent("b", "1981-03/1981-04"));

    assert_eq!(archive.standing("t", "b", "1981-03-10"), "contracting?");
    assert_eq!(archive.standing("t", "b", "1981-04-10"), "party?");
    assert_eq!(archive.standing("t", "b", "1981-04-30"), "party");
}

#[test]
fn who_completes_a_rule_on_an_uncertain_day_is_a_party_from_the_recorded_day() {
    let mut archive = in_force("entry_into_force = { consents = 2, delay = { days = 30 } }");
    archive.append(&consent("b", "1981-01/1981-03"));

    assert_eq!(archive.standing("t", "b", "1981-03-31"), "contracting");
    assert_eq!(archive.standing("t", "b", "1981-04-01"), "party");
}

#[test]
fn who_consents_after_the_rule_was_met_waits_its_own_delay_beside_a_recorded_day() {
    let mut archive = in_force("entry_into_force = { consents = 1, delay = { days = 30 } }");
    archive.append(&consent("b", "1981-04"));

    assert_eq!(archive.standing("t", "b", "1981-04-30"), "contracting");
    assert_eq!(
        archive.standing("t", "b", "1981-05-10"),
        "contracting? party?"
    );
    assert_eq!(archive.standing("t", "b", "1981-05-30"), "party");
}

#[test]
fn nobody_is_a_party_before_its_own_deposit_though_the_rule_was_met_later_than_the_record_says() {
    for on in ["1982-06-05", "1982-06-04/1982-06-05"] {
        let mut archive = in_force("entry_into_force = { consents = 2, delay = { days = 30 } }");
        archive.append(&consent("b", on));

        assert_eq!(archive.standing("t", "a", "1981-04-01"), "party");
        assert_eq!(archive.standing("t", "b", "1982-06-01"), "", "{on}");
        assert_eq!(
            archive.standing("t", "b", "1982-06-05"),
            "contracting",
            "{on}"
        );
        assert_eq!(archive.standing("t", "b", "1982-07-05"), "party", "{on}");
    }
}
