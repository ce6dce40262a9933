//! Readings: what supplements, corrections and retractions make of records.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod replay_archive;

use chancery_core::record::Content;
use chancery_core::record::{Actor, Names, Record, RecordKind};
use chancery_core::replay::{Dependence, Misfit, Readings};
use replay_archive::Archive;

const USA: &str = r#"
    [[actor]]
    id = "usa"
    name = "United States"
    kind = "state"
"#;

fn correct(id: &str, of: &str, name: &str) -> String {
    format!(
        "[[correction]]\nid = \"{id}\"\ncorrects = \"{of}\"\nreason = \"r\"\nset = {{ name = \"{name}\" }}\n"
    )
}

fn correct_correction(id: &str, of: &str, name: &str) -> String {
    correct(id, of, name)
        .replace("{ name", "{ set = { name")
        .replace("\" }\n", "\" } }\n")
}

fn retract(id: &str, of: &str) -> String {
    format!("[[retraction]]\nid = \"{id}\"\nretracts = \"{of}\"\nreason = \"r\"\n")
}

fn name(archive: &Archive, id: &str) -> String {
    let readings = archive.readings();
    let reading = readings.reading(archive.seq(id)).unwrap();
    Actor::of(&reading.record).unwrap().name.clone()
}

#[test]
fn the_later_of_two_corrections_wins_and_the_original_stays() {
    let mut archive = Archive::of(USA);
    archive
        .append(&correct("c1", "usa", "USA"))
        .append(&correct("c2", "usa", "U.S.A."));

    let readings = archive.readings();

    let reading = readings.reading(archive.seq("usa")).unwrap();
    assert_eq!(name(&archive, "usa"), "U.S.A.");
    assert_eq!(Actor::of(reading.original()).unwrap().name, "United States");
    assert_eq!(reading.revisions().len(), 2);
    assert_eq!(reading.rests_on(), [0, 1, 2]);
}

#[test]
fn a_supplement_adds_a_field_and_a_correction_clears_it() {
    let mut archive = Archive::of(USA);
    archive.append("[[supplement]]\nsupplements = \"usa\"\nset = { until = \"2020\" }");
    let until = |archive: &Archive| {
        let readings = archive.readings();
        let reading = readings.reading(0).unwrap();
        Actor::of(&reading.record)
            .unwrap()
            .until
            .clone()
            .map(|date| date.edtf)
    };
    assert_eq!(until(&archive).as_deref(), Some("2020"));

    archive.append("[[correction]]\ncorrects = \"usa\"\nclear = [\"until\"]\nreason = \"r\"");

    assert_eq!(until(&archive), None);
}

#[test]
fn a_correction_of_a_correction_is_read_in_its_place() {
    let mut archive = Archive::of(USA);
    archive
        .append(&correct("c1", "usa", "wrong"))
        .append(&correct_correction("c2", "c1", "right"));

    assert_eq!(name(&archive, "usa"), "right");
}

#[test]
fn a_correction_of_an_earlier_correction_does_not_outrank_a_later_one() {
    let mut archive = Archive::of(USA);
    archive
        .append(&correct("c1", "usa", "one"))
        .append(&correct("c2", "usa", "two"))
        .append(&correct_correction("c3", "c1", "three"));

    assert_eq!(name(&archive, "usa"), "two");
}

#[test]
fn a_retracted_correction_has_no_part_in_the_reading() {
    let mut archive = Archive::of(USA);
    archive
        .append(&correct("c1", "usa", "wrong"))
        .append(&retract("r1", "c1"));

    assert_eq!(name(&archive, "usa"), "United States");
    let readings = archive.readings();
    let revision = &readings.reading(0).unwrap().revisions()[0];
    assert_eq!(revision.misfit, Some(Misfit::Retracted(archive.seq("r1"))));
    assert!(!revision.stands);
}

#[test]
fn a_retraction_stands_unless_a_standing_one_retracts_it() {
    let mut archive = Archive::of(USA);
    let retracted = |archive: &Archive| archive.readings().reading(0).unwrap().retracted_by();

    archive.append(&retract("r1", "usa"));
    assert_eq!(retracted(&archive), Some(1));
    archive.append(&retract("r2", "r1"));
    assert_eq!(retracted(&archive), None);
    archive.append(&retract("r3", "r2"));
    assert_eq!(retracted(&archive), Some(1));
}

const STATEMENT: &str = r#"
    [[source]]
    id = "paper"
    title = "A newspaper"

    [[source]]
    id = "agency"
    title = "An agency"

    [[statement]]
    id = "said"
    speakers = "usa"
    said = "2016-08-26"
    mode = "attributed"
    evidence = [{ source = "paper" }]

    [[claim]]
    id = "claimed"
    about = "said"
    claims = "denied"
    by = "usa"
    said = "2016-08-27"
"#;

#[test]
fn what_names_a_retracted_record_in_a_required_field_is_unsupported_and_so_on() {
    let mut archive = Archive::of(USA);
    archive.append(STATEMENT).append(&retract("r1", "usa"));

    let readings = archive.readings();

    let why = |id: &str| readings.reading(archive.seq(id)).unwrap().unsupported();
    assert_eq!(why("said").unwrap().on, archive.seq("usa"));
    assert_eq!(why("said").unwrap().through, Dependence::Required);
    assert!(why("claimed").is_some());
    assert_eq!(why("paper"), None);
}

#[test]
fn what_has_only_retracted_evidence_is_unsupported_until_other_evidence_is_given() {
    let mut archive = Archive::of(USA);
    archive.append(STATEMENT).append(&retract("r1", "paper"));
    let why = |archive: &Archive| {
        let readings = archive.readings();
        readings.reading(archive.seq("said")).unwrap().unsupported()
    };
    assert_eq!(why(&archive).unwrap().through, Dependence::Evidence);

    archive.append(
        "[[correction]]\ncorrects = \"said\"\nreason = \"r\"\nset = { evidence = [{ source = \"paper\" }, { source = \"agency\" }] }",
    );

    assert_eq!(why(&archive), None);
}

#[test]
fn an_unsupported_correction_moves_nothing() {
    let mut archive = Archive::of(USA);
    archive.append(STATEMENT);
    archive.append("[[correction]]\nid = \"c1\"\ncorrects = \"usa\"\nreason = \"r\"\nset = { name = \"wrong\" }\nevidence = [{ source = \"paper\" }]");
    assert_eq!(name(&archive, "usa"), "wrong");

    archive.append(&retract("r1", "paper"));

    assert_eq!(name(&archive, "usa"), "United States");
    let readings = archive.readings();
    let misfit = readings.reading(0).unwrap().revisions()[0].misfit;
    assert_eq!(misfit, Some(Misfit::Unsupported));
}

#[test]
fn a_retraction_whose_evidence_is_retracted_retracts_nothing() {
    let mut archive = Archive::of(USA);
    archive.append(STATEMENT);
    archive.append("[[retraction]]\nid = \"r1\"\nretracts = \"usa\"\nreason = \"r\"\nevidence = [{ source = \"paper\" }]");
    archive.append(&retract("r2", "paper"));

    let readings = archive.readings();

    assert_eq!(readings.reading(0).unwrap().retracted_by(), None);
    let said = readings.reading(archive.seq("said")).unwrap();
    assert_eq!(said.unsupported().unwrap().on, archive.seq("paper"));
}

#[test]
fn an_attestation_by_the_same_key_does_not_count_and_lapses_for_what_was_changed_since() {
    let mut archive = Archive::of(USA);
    let attest = "[[attestation]]\nattests = \"usa\"\ngrounds = \"read\"";
    archive
        .append(attest)
        .signed_by(9)
        .append(attest)
        .append(&correct("c1", "usa", "USA"));

    let readings = archive.readings();

    let attested = readings.reading(0).unwrap().attested_by();
    assert_eq!(attested.len(), 1);
    assert_eq!((attested[0].signer, attested[0].seq), (9, 2));
    assert_eq!(attested[0].lapsed, [16]);
}

#[test]
fn records_are_found_by_the_id_chosen_or_given_and_by_no_other() {
    let mut archive = Archive::of(USA);
    archive
        .skip(3)
        .append("[[attestation]]\nattests = \"usa\"\ngrounds = \"read\"");

    let readings = archive.readings();

    assert_eq!(readings.seq_of("usa"), Some(0));
    assert_eq!(readings.seq_of("attestation-4"), Some(4));
    assert_eq!(readings.seq_of("actor-0"), None);
    assert_eq!(readings.seq_of("claim-4"), None);
    assert_eq!(readings.seq_of("nobody"), None);
    assert_eq!(readings.id_of(4), "attestation-4");
    assert_eq!(readings.name(2), "#2");
    assert_eq!(readings.kind(0), Some(RecordKind::Actor));
}

#[test]
fn odd_references_are_ignored_without_a_panic() {
    let mut archive = Archive::of(USA);
    archive.append(STATEMENT);
    archive
        .append(&correct("c1", "usa", "USA"))
        .append(&retract("r1", "c1"));
    let mut records = archive.records.clone();
    for (_, _, record) in &mut records {
        match record {
            // A retraction of what comes later, and a correction of itself.
            Record::Retraction(retraction) => retraction.retracts.0 = 900,
            Record::Correction(correction) => correction.corrects.0 = archive.seq("c1"),
            Record::Claim(claim) => claim.about.0 = u64::MAX - 1,
            _ => {}
        }
    }
    records.push((u64::MAX, 0, records[0].2.clone()));

    let readings = Readings::of(records);

    assert_eq!(readings.reading(0).unwrap().retracted_by(), None);
    let claim = readings.reading(archive.seq("claimed")).unwrap();
    assert!(claim.unsupported().is_some());
    assert!(readings.reading(u64::MAX).is_some());
}

#[test]
fn a_correction_whose_value_does_not_fit_is_ignored_and_noted() {
    let mut archive = Archive::of(USA);
    archive
        .append(&correct("c1", "usa", "USA"))
        .append(&correct("c2", "usa", "U.S."));
    let mut records = archive.records.clone();
    if let Record::Correction(correction) = &mut records[2].2 {
        correction.changes.0[0].value = Some(vec![1, 2, 3]);
    }

    let readings = Readings::of(records);

    let reading = readings.reading(0).unwrap();
    assert_eq!(Actor::of(&reading.record).unwrap().name, "USA");
    assert_eq!(reading.revisions()[1].misfit, Some(Misfit::Unfit));
}
