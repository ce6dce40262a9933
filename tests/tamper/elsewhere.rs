//! The ledger damaged in many places at once, with its working copy lost: a copy
//! elsewhere makes it good, however that copy is damaged in other places.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::ledger::{Ledger, Random};
use crate::{found, prototype, regions, said};

/// How many bytes are changed here, and as many there, in each round.
const CHANGES: usize = 12;

/// Changes bytes of the roll and the sources anywhere but in these entries; returns the
/// entries and files in which it did.
fn spoil(ledger: &Ledger, random: &mut Random, but: &BTreeSet<String>) -> BTreeSet<String> {
    let mut files = ledger.files("roll");
    files.extend(ledger.files("sources"));
    let mut spoilt = BTreeSet::new();
    while spoilt.len() < CHANGES {
        let file = &files[random.index(files.len())];
        let mut bytes = ledger.read(file);
        let regions = regions::of(file, &bytes);
        let region = &regions[random.index(regions.len())];
        let place = match region.entry {
            Some(entry) => format!("entry {entry}"),
            None => file.clone(),
        };
        // A length that is wrong makes the rest of the file unreadable.
        let alone = region.name.contains("length") || region.name.contains("tag");
        if alone || file == "roll/tail" || but.contains(&place) {
            continue;
        }
        bytes[region.range.start + random.index(region.range.len())] ^= 0x20;
        ledger.write(file, &bytes);
        spoilt.insert(place);
    }
    spoilt
}

#[test]
fn what_both_copies_have_lost_comes_back_from_a_copy_elsewhere() {
    let mut random = Random::seeded("TAMPER_SEED", 19_690_523);
    let whole = prototype();
    let (log, export) = (whole.log(), whole.export());

    for _ in 0..8 {
        let (here, there) = (whole.copy(), whole.copy());
        let spoilt = spoil(&here, &mut random, &BTreeSet::new());
        let _ = spoil(&there, &mut random, &spoilt);
        fs::remove_dir_all(here.file("store")).expect("a store");
        assert!(!found(&here).is_empty());

        let told = here.run(
            &["repair", "--from", there.path().to_str().expect("a path")],
            "",
        );

        assert_eq!(
            told.code,
            Some(0),
            "{spoilt:?}: {}{}",
            told.answer,
            told.said
        );
        let (exit, answer) = here.verify(&["--store"]);
        assert_eq!(
            (exit, &answer["findings"]),
            (Some(0), &Value::Array(Vec::new()))
        );
        assert!(here.log() == log && here.export() == export, "{spoilt:?}");
        here.run(&["append", "-"], &said(990, 5)).succeeded();
    }
}

#[test]
fn what_is_damaged_in_the_same_place_elsewhere_is_named_and_nothing_is_touched() {
    let whole = prototype();
    let (here, there) = (whole.copy(), whole.copy());
    for ledger in [&here, &there] {
        let file = "roll/bodies/000";
        let mut bytes = ledger.read(file);
        let regions = regions::of(file, &bytes);
        for entry in [40, 41, 200] {
            let region = regions.iter().rfind(|region| region.entry == Some(entry));
            bytes[region.expect("a body").range.start] ^= 1;
        }
        ledger.write(file, &bytes);
        fs::remove_dir_all(ledger.file("store")).expect("a store");
    }
    let before: Vec<_> = here
        .files("roll")
        .iter()
        .map(|file| here.read(file))
        .collect();

    let from = there.path();
    let told = here.run(
        &["repair", "--json", "--from", from.to_str().expect("a path")],
        "",
    );

    assert_eq!(told.code, Some(1), "{}{}", told.answer, told.said);
    let left = told.json()["left"]
        .as_array()
        .expect("what is left")
        .clone();
    let named: Vec<_> = left
        .iter()
        .map(|lost| (&lost["code"], lost["first"].as_u64(), lost["last"].as_u64()))
        .collect();
    let code = Value::from("body-lost");
    assert_eq!(
        named,
        [(&code, Some(40), Some(41)), (&code, Some(200), Some(200))]
    );
    let after: Vec<_> = here
        .files("roll")
        .iter()
        .map(|file| here.read(file))
        .collect();
    assert!(before == after, "repair changed what it could not restore");
}
