//! A part of a roll: nothing is said of what was not asked for, and what was is
//! looked at as if it were the whole.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chancery_chain::{Envelope, Severity, Slot};

use super::{checkpoint, codes, new_store, verified};
use crate::Report;
use crate::verify::{Asked, Level, Levels, verify_roll};

/// Makes a ledger of three full bundles, and thirteen entries in a fourth.
fn ledger(folder: &Path) {
    let (mut store, mut clerk) = new_store(folder);
    for _ in 0..4 {
        store.append(&clerk.records(193)).unwrap();
    }
    checkpoint(&mut store, &clerk);
    store.close().unwrap();
}

fn part(folder: &Path, levels: &[Level], chosen: &[u64]) -> Report {
    let choice = |_: u64| chosen.iter().copied().collect::<BTreeSet<u64>>();
    let asked = Asked {
        levels: Levels::of(levels),
        choice: Some(&choice),
        against: &[],
    };
    let nothing = &|_: &Envelope, _: &Slot| ();
    verify_roll(folder, &asked, &mut |_, _| {}, nothing, &mut |_, _, _| {}).unwrap()
}

/// Every set of the first four bundles.
fn choices() -> impl Iterator<Item = Vec<u64>> {
    (0..16_u64).map(|set| (0..4).filter(|bundle| set & (1 << bundle) != 0).collect())
}

fn change(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn of_a_sound_roll_no_part_has_findings_and_each_tells_the_same_root() {
    let folder = tempfile::tempdir().unwrap();
    ledger(folder.path());
    let whole = verified(folder.path());
    assert_eq!(whole.size.get(), 781);

    for chosen in choices() {
        for level in Level::ALL {
            let report = part(folder.path(), &[level], &chosen);

            assert_eq!(codes(&report.findings), [""; 0], "{level:?} of {chosen:?}");
            assert_eq!(report.root, whole.root);
            assert_eq!(report.head, whole.head);
        }
    }
}

#[test]
fn a_part_covers_what_was_chosen_with_the_keys_and_the_end() {
    let folder = tempfile::tempdir().unwrap();
    ledger(folder.path());
    for chosen in choices() {
        let report = part(folder.path(), &Level::ALL, &chosen);

        let covered = |bundle: u64| {
            let first = bundle * 256;
            let mut ranges = report.covered.iter();
            ranges.any(|(from, to)| (from.get()..=to.get()).contains(&first))
        };
        for bundle in 0..4 {
            let expected = chosen.contains(&bundle) || [0, 3].contains(&bundle);
            assert_eq!(covered(bundle), expected, "{bundle} of {chosen:?}");
        }
        let entries: u64 = (report.covered.iter())
            .map(|(first, last)| last.get() - first.get() + 1)
            .sum();
        assert_eq!(report.checked.entries, entries);
    }
}

#[test]
fn damage_in_a_bundle_that_was_chosen_is_named_as_the_whole_names_it() {
    let folder = tempfile::tempdir().unwrap();
    ledger(folder.path());
    for file in ["tile/entries/001", "bodies/001", "tile/0/001"] {
        let path = folder.path().join("roll").join(file);
        let sound = fs::read(&path).unwrap();
        for at in (0..sound.len()).step_by(sound.len() / 30 - 1) {
            change(&path, at);
            let whole = verified(folder.path());

            let found = part(folder.path(), &Level::ALL, &[1]);

            assert!(found.is_damaged(), "byte {at} of {file}");
            assert_eq!(found.findings, whole.findings, "byte {at} of {file}");
            fs::write(&path, &sound).unwrap();
        }
    }
}

#[test]
fn an_altered_tile_over_what_was_not_chosen_is_named() {
    let folder = tempfile::tempdir().unwrap();
    ledger(folder.path());
    let path = folder.path().join("roll/tile/0/001");
    for at in [0, 100, 32 * 256 - 1] {
        change(&path, at);

        let report = part(folder.path(), &Level::ALL, &[2]);

        let damage = |one: &&chancery_chain::Finding| one.severity == Severity::Damage;
        let seq = 256 + at as u64 / 32;
        let mut damaged = report.findings.iter().filter(damage);
        let named = damaged.all(|one| {
            one.entries.is_some_and(|(first, last)| {
                (first.get()..=last.get()).contains(&seq) && last.get() - first.get() < 2
            })
        });
        assert!(report.is_damaged() && named, "{:#?}", report.findings);
        change(&path, at);
    }
}

#[test]
fn a_level_that_was_not_asked_for_finds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    ledger(folder.path());
    change(&folder.path().join("roll/bodies/001"), 400);
    change(&folder.path().join("roll/tile/0/002"), 64);
    let all = [0, 1, 2, 3];

    let found = |level| codes(&part(folder.path(), &[level], &all).findings);

    assert_eq!(found(Level::Chain), [""; 0]);
    assert_eq!(found(Level::Signatures), [""; 0]);
    assert_eq!(found(Level::Bodies), ["body-mismatch"]);
    assert!(found(Level::Tree).contains(&"tile-mismatch"));
    assert!(!found(Level::Tree).contains(&"body-mismatch"));
    assert!(found(Level::Checkpoint).contains(&"root-mismatch"));
}
