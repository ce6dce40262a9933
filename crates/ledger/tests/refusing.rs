//! Refusing: what an earlier version took without a word, each with what it did.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "support/mod.rs"]
mod support;

use chancery_core::record::Record;
use chancery_ledger::verify::{Against, verify};
use chancery_ledger::{SubmitError, history};
use chancery_store::RollReader;
use support::{Desk, actor, list, member, record, table};

/// A statement with an id of its own.
fn statement(id: &str) -> chancery_core::form::RecordForm {
    record(
        "statement",
        &format!("id = {id}\nspeakers = kerry\nsaid = 2016-08-26\nmode = quoted"),
    )
}

fn correction(of: &str, set: &str) -> chancery_core::form::RecordForm {
    record(
        "correction",
        &format!("corrects = {of}\nreason = misread\nset = {set}"),
    )
}

#[test]
fn a_record_that_is_too_long_is_told_wherever_it_is_too_long() {
    let mut desk = Desk::new();
    desk.submit(vec![
        actor("kerry"),
        statement("s"),
        record("source", "id = src\ntitle = T"),
    ]);
    let long = "x".repeat(70_000);
    let mut whole = statement("t");
    for name in ["note", "text", "place"] {
        whole.members.push(member(
            name,
            chancery_core::form::Form::text("x".repeat(30_000)),
        ));
    }
    let mut within = statement("u");
    let piece = table(&[("source", "src"), ("locator", &long)]);
    within.members.push(member("evidence", list(vec![piece])));

    for form in [
        record("actor", &format!("id = a\nname = {long}\nkind = person")),
        correction("s", &format!("{{text: {long}}}")),
        whole,
        within,
    ] {
        assert_eq!(desk.faults(vec![form]), ["record-too-long"]);
    }
}

#[test]
fn a_correction_at_a_third_remove_changes_only_its_reason() {
    let mut desk = Desk::new();
    desk.submit(vec![actor("kerry"), statement("s")]);
    desk.submit(vec![correction("s", "{text: one}")]);
    desk.submit(vec![correction("#9", "{set: {text: two}}")]);

    let third = correction("#11", "{set: {set: {text: three}}}");
    let reason = correction("#11", "{reason: misread again}");

    assert_eq!(desk.faults(vec![third]), ["unchangeable"]);
    assert!(desk.faults(vec![reason]).is_empty());
}

#[test]
fn no_provisional_reference_is_ever_stored() {
    let mut desk = Desk::new();
    desk.submit(vec![actor("kerry"), statement("s")]);
    desk.submit(vec![correction("s", "{text: one}")]);
    let deep = correction("#9", "{set: {occasion: talks}}");

    let receipt = desk.submit(vec![deep, record("event", "id = talks\ntitle = Talks")]);

    let roll = RollReader::open(desk.path()).unwrap();
    let readings = history::readings(&roll, roll.size(), &mut |_, _| {}).unwrap();
    let seq = readings.seq_of("s").unwrap();
    let Record::Statement(statement) = &readings.reading(seq).unwrap().record else {
        panic!()
    };
    assert_eq!(
        statement.occasion.map(|event| event.0),
        Some(receipt.first.get() + 1)
    );
}

#[test]
fn a_correction_of_a_supplement_clears_nothing_and_a_reason_is_not_empty() {
    let mut desk = Desk::new();
    desk.submit(vec![actor("kerry"), statement("s")]);
    desk.submit(vec![record(
        "supplement",
        "supplements = s\nset = {text: one}",
    )]);
    desk.submit(vec![correction("s", "{place: Geneva}")]);
    let mut clearing = correction("#9", "{reason: x}");
    clearing.members[2].value = table(&[]);
    let clear = member("clear", list(vec![chancery_core::form::Form::text("text")]));
    let chancery_core::form::FormValue::Table(inner) = &mut clearing.members[2].value.value else {
        panic!()
    };
    inner.push(clear);

    assert!(desk.faults(vec![clearing]).contains(&"unchangeable"));
    let mut empty = correction("#11", "{reason: x}");
    empty.members[2].value = table(&[("reason", "")]);
    assert_eq!(desk.faults(vec![empty]), ["empty-field"]);
}

#[test]
fn two_supplements_of_one_submission_do_not_set_the_same_field() {
    let mut desk = Desk::new();
    desk.submit(vec![actor("kerry"), statement("s")]);
    let supplement = |text: &str| {
        record(
            "supplement",
            &format!("supplements = s\nset = {{text: {text}}}"),
        )
    };

    assert_eq!(
        desk.faults(vec![supplement("one"), supplement("two")]),
        ["not-absent"]
    );
}

#[test]
fn a_key_that_stands_twice_in_a_map_is_told() {
    let desk = Desk::new();
    let mut doubled = actor("kerry");
    let pairs = table(&[("wikidata", "Q1"), ("wikidata", "Q2")]);
    doubled.members.push(member("identifiers", pairs));

    assert_eq!(desk.faults(vec![doubled]), ["doubled-field"]);
}

#[test]
fn an_empty_table_says_what_its_absence_says_and_a_list_has_no_empty_item() {
    let mut desk = Desk::new();
    let plain = || record("instrument", "id = t\ntitle = T\nkind = treaty");
    let mut with_empty = plain();
    with_empty.members.push(member("withdrawal", table(&[])));
    desk.submit(vec![plain()]);
    let mut tagged = record("instrument", "id = u\ntitle = U\nkind = treaty");
    let tags = ["", "a"].map(chancery_core::form::Form::text);
    tagged.members.push(member("tags", list(tags.to_vec())));

    assert_eq!(desk.propose(vec![with_empty]).unwrap().already_held, 1);
    assert_eq!(desk.faults(vec![tagged]), ["empty-field"]);
}

#[test]
fn shares_have_one_order_however_their_actors_are_named() {
    let mut desk = Desk::new();
    desk.submit(vec![actor("b"), actor("a")]);
    let instrument = |first: (&str, &str), second: (&str, &str)| {
        let mut form = record("instrument", "id = t\ntitle = T\nkind = treaty");
        let mut rule = table(&[("at_least", "55")]);
        let chancery_core::form::FormValue::Table(members) = &mut rule.value else {
            panic!()
        };
        members.push(member("shares", table(&[first, second])));
        form.members.push(member("entry_into_force", rule));
        form
    };
    desk.submit(vec![instrument(("a", "10"), ("b", "20"))]);

    let again = desk
        .propose(vec![instrument(("#6", "20"), ("a", "10"))])
        .unwrap();
    let doubled = desk.faults(vec![instrument(("#6", "20"), ("b", "10"))]);

    assert_eq!(again.already_held, 1);
    assert_eq!(doubled, ["doubled-field"]);
}

#[test]
fn a_list_of_references_is_never_taken_for_a_file() {
    let mut desk = Desk::new();
    let mut forms = vec![actor("kerry")];
    forms.extend(["s1", "s2", "s3", "s4", "s5", "s6"].map(statement));
    desk.submit(forms);
    let about = ["#7", "#8", "#9", "#10", "#9", "#10"].map(chancery_core::form::Form::text);
    let mut supplement = record("supplement", "supplements = s1\nset = {text: x}");
    supplement.members[1].value = table(&[]);
    let chancery_core::form::FormValue::Table(set) = &mut supplement.members[1].value.value else {
        panic!()
    };
    set.push(member("about", list(about.to_vec())));

    desk.submit(vec![supplement]);

    let verified = verify(desk.path(), &Against::default(), &mut |_, _| {}).unwrap();
    assert!(
        !verified.report.is_damaged(),
        "{:?}",
        verified.report.findings
    );
}

#[test]
fn a_file_that_a_correction_brings_is_verified() {
    let mut desk = Desk::new();
    std::fs::write(desk.path().join("item.txt"), "the words").unwrap();
    desk.submit(vec![record("source", "id = src\ntitle = T")]);
    desk.submit(vec![correction("src", "{file: item.txt}")]);

    let whole = verify(desk.path(), &Against::default(), &mut |_, _| {}).unwrap();
    let held = std::fs::read_dir(desk.path().join("sources"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    std::fs::remove_file(held.path()).unwrap();
    let missing = verify(desk.path(), &Against::default(), &mut |_, _| {}).unwrap();

    assert!(!whole.report.is_damaged() && whole.sources == 1);
    assert_eq!(missing.report.findings[0].code, "source-missing");
}

#[test]
fn a_quote_is_sought_in_the_source_as_it_was_taken_in_or_not_at_all() {
    let mut desk = Desk::new();
    std::fs::write(desk.path().join("item.txt"), "the exact words").unwrap();
    desk.submit(vec![
        actor("kerry"),
        record("source", "id = src\ntitle = T\nfile = item.txt"),
    ]);
    let quoting = |quote: &str| {
        let mut form = statement("s");
        let piece = table(&[("source", "src"), ("quote", quote)]);
        form.members.push(member("evidence", list(vec![piece])));
        form
    };
    assert_eq!(
        desk.faults(vec![quoting("other words")]),
        ["quote-not-found"]
    );
    let held = std::fs::read_dir(desk.path().join("sources"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    std::fs::write(held.path(), "the other words").unwrap();

    let refused = desk.propose(vec![quoting("other words")]);

    assert!(matches!(
        refused,
        Err(chancery_ledger::ProposeError::Held(_))
    ));
}

#[test]
fn a_quote_is_sought_in_a_file_that_came_later() {
    let mut desk = Desk::new();
    std::fs::write(desk.path().join("item.txt"), "the exact words").unwrap();
    desk.submit(vec![
        actor("kerry"),
        record("source", "id = src\ntitle = T"),
    ]);
    desk.submit(vec![record(
        "supplement",
        "supplements = src\nset = {file: item.txt}",
    )]);
    let mut form = statement("s");
    let piece = table(&[("source", "src"), ("quote", "nowhere in it")]);
    form.members.push(member("evidence", list(vec![piece])));

    assert_eq!(desk.faults(vec![form]), ["quote-not-found"]);
}

#[test]
fn only_regular_files_that_are_not_the_ledgers_own_are_taken_into_custody() {
    let desk = Desk::new();

    for path in [
        "keys/archivist",
        "roll/tail",
        "roll",
        "/dev/zero",
        "nothing.txt",
    ] {
        let source = record("source", &format!("id = src\ntitle = T\nfile = {path}"));
        assert_eq!(desk.faults(vec![source]), ["unreadable-file"], "{path}");
    }
}

#[test]
fn a_message_that_is_refused_leaves_no_file_behind() {
    let mut desk = Desk::new();
    std::fs::write(desk.path().join("item.txt"), "the words").unwrap();
    let source = record("source", "id = src\ntitle = T\nfile = item.txt");

    let refused = desk.submit_at(vec![source], support::NOON, Some("two\nlines"));

    assert!(refused.is_err());
    assert_eq!(
        std::fs::read_dir(desk.path().join("sources"))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn records_that_were_numbered_for_an_earlier_head_are_refused() {
    let mut desk = Desk::new();
    let early = desk.propose(vec![actor("a")]).unwrap();
    desk.submit(vec![actor("b")]);

    let refused = desk.append(&early);

    assert!(matches!(refused, Err(SubmitError::Stale)));
}

#[test]
fn parties_are_those_of_an_instrument_and_stand_alone() {
    let mut desk = Desk::new();
    desk.submit(vec![actor("usa")]);
    let owed = |debtors: Vec<&str>| {
        let mut form = record("commitment", "id = c\ntext = To do it\nmade = 2016");
        let debtors = debtors.into_iter().map(chancery_core::form::Form::text);
        form.members
            .push(member("debtors", list(debtors.collect())));
        form
    };

    assert_eq!(desk.faults(vec![owed(vec!["@parties"])]), ["no-instrument"]);
    assert_eq!(
        desk.faults(vec![owed(vec!["@parties", "usa"])]),
        ["bad-parties"]
    );
    assert!(desk.faults(vec![owed(vec!["usa"])]).is_empty());
}

#[test]
fn a_condition_names_a_state_that_its_subject_can_come_to() {
    let mut desk = Desk::new();
    desk.submit(vec![actor("usa"), record("issue", "id = i\ntitle = I")]);
    let conditional = |state: &str| {
        let mut form = record(
            "commitment",
            "id = c\ndebtors = usa\ntext = To do it\nmade = 2016",
        );
        form.members
            .push(member("condition", table(&[("on", "i"), ("state", state)])));
        form
    };

    assert_eq!(
        desk.faults(vec![conditional("in-force")]),
        ["bad-condition"]
    );
    assert!(desk.faults(vec![conditional("closed")]).is_empty());
}

#[test]
fn an_actor_is_not_the_same_as_itself() {
    let desk = Desk::new();
    let mut own = actor("usa");
    own.members
        .push(member("same_as", chancery_core::form::Form::text("usa")));

    assert_eq!(desk.faults(vec![own]), ["self-reference"]);
}

#[test]
fn words_beside_a_quote_need_the_quote() {
    let mut desk = Desk::new();
    desk.submit(vec![
        actor("kerry"),
        record("source", "id = src\ntitle = T"),
    ]);
    let mut form = statement("s");
    let piece = table(&[("source", "src"), ("prefix", "just before")]);
    form.members.push(member("evidence", list(vec![piece])));

    assert_eq!(desk.faults(vec![form]), ["bad-evidence"]);
}

#[test]
fn nobody_attests_a_record_that_the_same_key_has_corrected() {
    let mut desk = Desk::new();
    desk.submit(vec![actor("kerry")]);
    let attestation = || record("attestation", "attests = kerry\ngrounds = read beside it");
    desk.hand_over();
    assert!(desk.faults(vec![attestation()]).is_empty());

    desk.submit(vec![correction("kerry", "{name: John Kerry}")]);

    assert_eq!(desk.faults(vec![attestation()]), ["same-person"]);
}

#[test]
fn a_date_without_quotation_marks_that_is_a_number_is_told() {
    let desk = Desk::new();
    let mut form = record("event", "id = e\ntitle = E");
    form.members
        .push(member("held", chancery_core::form::Form::whole(2016)));

    assert_eq!(desk.faults(vec![form]), ["wrong-type"]);
}
