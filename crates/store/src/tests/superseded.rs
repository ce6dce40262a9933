//! Unfinished tiles and bundles: there as long as somebody may ask for them, and no longer.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chancery_chain::{Seq, Severity};

use super::{checkpoint, codes, new_store, verified};
use crate::{RollReader, Store};

/// Returns the names and bytes of the roll's unfinished files.
fn unfinished(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let roll = folder.join("roll");
    let files = crate::files::walk(&roll).unwrap().into_iter();
    let named = files.map(|path| {
        let name = path.strip_prefix(&roll).unwrap().to_str().unwrap();
        (name.to_owned(), fs::read(&path).unwrap())
    });
    named.filter(|(name, _)| name.contains(".p/")).collect()
}

fn names(folder: &Path) -> Vec<String> {
    unfinished(folder).into_keys().collect()
}

/// Makes sure that nothing unfinished lies beside its full form.
pub(super) fn nothing_is_superseded(folder: &Path, step: &str) {
    for name in names(folder) {
        let (full, _) = name.split_once(".p/").unwrap();
        assert!(!folder.join("roll").join(full).exists(), "{step}: {name}");
    }
}

/// Makes a ledger with checkpoints of 100 and of 200 entries.
fn twice_signed(folder: &Path) -> (Store, super::Clerk) {
    let (mut store, mut clerk) = new_store(folder);
    for records in [94, 99] {
        store.append(&clerk.records(records)).unwrap();
        checkpoint(&mut store, &clerk);
    }
    (store, clerk)
}

#[test]
fn unfinished_files_of_every_checkpoint_stay_until_the_full_one_is_published() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = twice_signed(folder.path());
    let twice = names(folder.path());
    store.append(&clerk.records(99)).unwrap();

    let settled = store.settle().unwrap();
    let full = names(folder.path());
    store.put_checkpoint(&clerk.note(settled)).unwrap();
    let published = names(folder.path());

    // Bodies are no part of what others' tools read: those of the last checkpoint do.
    let of_both = [
        "bodies/000.p/200",
        "tile/0/000.p/100",
        "tile/0/000.p/200",
        "tile/entries/000.p/100",
        "tile/entries/000.p/200",
    ];
    assert_eq!(twice, of_both);
    // The checkpoint of 200 entries is still the one that is there for all to see.
    assert!(
        of_both
            .iter()
            .all(|name| full.contains(&(*name).to_owned()))
    );
    let at_the_edge = [
        "bodies/001.p/44",
        "tile/0/001.p/44",
        "tile/1/000.p/1",
        "tile/entries/001.p/44",
    ];
    assert_eq!(published, at_the_edge);
}

#[test]
fn unfinished_files_that_no_checkpoint_needs_do_not_gather() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = twice_signed(folder.path());
    for _ in 0..3 {
        store.append(&clerk.records(9)).unwrap();
        store.settle().unwrap();
    }

    let tiles = names(folder.path());

    let of_tiles = tiles.iter().filter(|name| name.starts_with("tile/0/"));
    let expected = ["tile/0/000.p/100", "tile/0/000.p/200", "tile/0/000.p/230"];
    assert_eq!(of_tiles.collect::<Vec<_>>(), expected);
}

#[test]
fn a_reader_of_an_older_size_sees_no_hole() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = twice_signed(folder.path());
    let reader = RollReader::open(folder.path()).unwrap();
    let root = reader.root_at(reader.size()).unwrap();

    for _ in 0..2 {
        store.append(&clerk.records(299)).unwrap();
        checkpoint(&mut store, &clerk);

        let entries = reader.entries(Seq::FIRST).map(Result::unwrap).count();
        assert_eq!(entries, 200);
        assert_eq!(reader.root_at(reader.size()).unwrap(), root);
    }
}

#[test]
fn superseded_files_that_are_still_there_are_no_damage_until_they_are_altered() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = twice_signed(folder.path());
    let stale = unfinished(folder.path());
    store.append(&clerk.records(499)).unwrap();
    checkpoint(&mut store, &clerk);
    store.close().unwrap();
    let roll = folder.path().join("roll");
    for (name, bytes) in &stale {
        fs::create_dir_all(roll.join(name).parent().unwrap()).unwrap();
        fs::write(roll.join(name), bytes).unwrap();
    }
    assert_eq!(codes(&verified(folder.path()).findings), [""; 0]);

    for (name, bytes) in &stale {
        for at in (0..bytes.len()).step_by(bytes.len() / 25) {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            fs::write(roll.join(name), changed).unwrap();

            let report = verified(folder.path());

            let file = format!("roll/{name}");
            let named = report.findings.iter().all(|found| {
                found.severity == Severity::Damage && found.file.as_ref() == Some(&file)
            });
            assert!(report.is_damaged() && named, "byte {at} of {name}");
        }
        fs::write(roll.join(name), bytes).unwrap();
    }

    let (store, _) = super::reopen(folder.path());
    store.close().unwrap();
    nothing_is_superseded(folder.path(), "after opening");
}
