//! What is left of the records if only what a second person vouched for is believed.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;

use chancery_core::record::RecordKind;
use chancery_core::replay::{Reading, Readings, Register, Vouched};
use proptest::prelude::*;
use replay_archive::{Archive, question};

const START: &str = r#"
    [[actor]]
    id = "usa"
    name = "United States"
    kind = "state"

    [[instrument]]
    id = "t"
    title = "Treaty"
    kind = "treaty"
    adopted = "2016-01-01"

    [[act]]
    id = "consent"
    instrument = "t"
    by = "usa"
    kind = "ratification"
    on = "2016-02-01"

    [[commitment]]
    id = "c"
    debtors = "usa"
    text = "act"
    made = "2016-08-01"
    under = "t"

    [[statement]]
    id = "s"
    speakers = "usa"
    said = "2016-08-01"
    mode = "paraphrased"
    text = "It will act."
"#;

fn attest(archive: &mut Archive, ids: &[&str]) {
    let ids: Vec<String> = ids.iter().map(|id| format!("\"{id}\"")).collect();
    archive.signed_by(9).append(&format!(
        "[[attestation]]\nattests = [{}]\ngrounds = \"compared\"",
        ids.join(", ")
    ));
    archive.signed_by(0);
}

fn attested(ids: &[&str]) -> Archive {
    let mut archive = Archive::of(START);
    attest(&mut archive, ids);
    archive
}

fn ids(readings: &Readings) -> Vec<String> {
    let told = readings.all().iter().filter(|row| {
        !matches!(
            row.record.kind(),
            RecordKind::Actor | RecordKind::Attestation
        )
    });
    told.map(|row| readings.id_of(row.seq)).collect()
}

fn left(archive: &Archive) -> Vec<String> {
    ids(&archive.readings().attested())
}

#[test]
fn what_nobody_attested_has_no_part_and_actors_stay() {
    let archive = attested(&["s"]);

    let readings = archive.readings().attested();

    assert_eq!(ids(&readings), ["s"]);
    assert!(readings.reading(archive.seq("usa")).is_some());
    assert!(readings.seq_of("t").is_none());
}

#[test]
fn the_word_of_whoever_appended_a_record_is_no_second_persons() {
    let mut archive = Archive::of(START);
    archive.append("[[attestation]]\nattests = [\"s\"]\ngrounds = \"I wrote it\"");

    assert!(left(&archive).is_empty());
}

#[test]
fn what_requires_what_nobody_attested_has_no_part_either() {
    assert!(left(&attested(&["consent"])).is_empty());
    assert_eq!(left(&attested(&["consent", "t"])), ["consent", "t"]);
}

#[test]
fn a_commitment_is_not_told_without_the_instrument_that_it_waits_for() {
    assert!(left(&attested(&["c"])).is_empty());
    assert_eq!(left(&attested(&["t", "c"])), ["c", "t"]);
}

#[test]
fn an_answer_to_an_act_is_not_told_without_the_act() {
    let mut archive = attested(&["t", "consent"]);
    archive.append(
        "[[act]]\nid = \"reserves\"\ninstrument = \"t\"\nby = \"usa\"\nkind = \"reservation\"\non = \"2016-02-01\"",
    );
    archive.append(
        "[[act]]\nid = \"accepts\"\ninstrument = \"t\"\nby = \"usa\"\nkind = \"acceptance\"\non = \"2016-03-01\"\ntarget = \"reserves\"",
    );
    attest(&mut archive, &["accepts"]);

    assert_eq!(left(&archive), ["consent", "t"]);
}

#[test]
fn what_was_changed_since_has_no_part_until_it_is_attested_anew() {
    let mut archive = attested(&["s"]);
    archive.append(
        "[[correction]]\nid = \"k\"\ncorrects = \"s\"\nreason = \"r\"\nset = { said = \"2016-08-02\" }",
    );
    assert!(left(&archive).is_empty());

    attest(&mut archive, &["s"]);

    assert_eq!(left(&archive), ["s", "k"]);
    assert_eq!(
        archive
            .readings()
            .attested()
            .reading(archive.seq("s"))
            .unwrap()
            .rests_on(),
        [archive.seq("s"), archive.seq("k")]
    );
}

#[test]
fn what_was_retracted_does_not_come_back() {
    let mut archive = attested(&["s"]);
    archive.append("[[retraction]]\nretracts = \"s\"\nreason = \"r\"");

    assert!(left(&archive).is_empty());
}

#[test]
fn a_retracted_attestation_vouches_for_nothing() {
    let mut archive = attested(&["s"]);
    archive.append("[[retraction]]\nretracts = \"attestation-5\"\nreason = \"r\"");

    assert!(left(&archive).is_empty());
}

#[test]
fn what_was_left_out_keeps_its_name() {
    let archive = attested(&["s"]);
    let readings = archive.readings().attested();

    assert_eq!(readings.id_of(archive.seq("t")), "t");
    assert_eq!(readings.id_of(archive.seq("consent")), "consent");
    assert!(readings.left_out("t") && readings.left_out("#0"));
    assert!(!readings.left_out("s") && !readings.left_out("nothing"));
    assert!(!archive.readings().left_out("t"));
}

const ALL: [&str; 4] = ["t", "consent", "c", "s"];

fn same(one: &Reading, other: &Reading) -> bool {
    one.record == other.record && one.rests_on() == other.rests_on()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nothing_is_left_that_is_not_held_just_so_and_vouched_for(
        steps in prop::collection::vec((0..3_u8, 0..ALL.len()), 0..8),
    ) {
        let mut archive = Archive::of(START);
        for (what, of) in steps {
            let id = ALL[of];
            match what {
                0 => attest(&mut archive, &[id]),
                1 => { archive.append(&format!("[[correction]]\ncorrects = \"{id}\"\nreason = \"r\"\nset = {{ tags = [\"x\"] }}")); }
                _ => { archive.append(&format!("[[retraction]]\nretracts = \"{id}\"\nreason = \"r\"")); }
            }
        }
        let all = archive.readings();

        let left = archive.readings().attested();

        for row in left.all() {
            let held = all.reading(row.seq).unwrap();
            prop_assert!(same(row, held));
            if ALL.contains(&left.id_of(row.seq).as_str()) {
                prop_assert!(held.counts() && held.vouched() == Vouched::Whole);
            }
        }
        let register = Register::of(&left, &question("2016-08-27"), None);
        prop_assert!(register.unsupported.is_empty());
    }

    #[test]
    fn if_all_is_attested_nothing_is_left_out(of in 0..ALL.len()) {
        let mut archive = Archive::of(START);
        archive.append(&format!("[[correction]]\ncorrects = \"{}\"\nreason = \"r\"\nset = {{ tags = [\"x\"] }}", ALL[of]));
        attest(&mut archive, &ALL);
        let question = question("2016-08-27");

        let left = Register::of(&archive.readings().attested(), &question, None);

        let all = Register::of(&archive.readings(), &question, None);
        prop_assert_eq!(format!("{left:?}"), format!("{all:?}"));
    }
}
