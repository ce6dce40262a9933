//! Each copy is made again from the other, and from both together.

use std::fs;
use std::path::Path;

use chancery_chain::bundle::{decode_body_bundle, encode_body_bundle};
use chancery_chain::{Seq, Slot};

use super::damage::{small_ledger, verify};
use super::{by_body, checkpoint, codes, new_store, reopen};
use crate::{RepairError, RollReader, Store, repair_roll, repair_store, verify_store};

fn entries(folder: &Path) -> Vec<chancery_chain::seal::Entry> {
    let reader = RollReader::open(folder).unwrap();
    let entries = reader.entries(chancery_chain::Seq::FIRST);
    entries.map(|item| item.unwrap().1).collect()
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_whole_roll_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());

    let repaired = repair_roll(folder.path(), None).unwrap();

    assert_eq!(codes(&repaired.done), ["nothing-to-repair"]);
}

#[test]
fn a_damaged_roll_is_made_again_from_the_store_and_kept_aside() {
    for file in [
        "tail",
        "tile/entries/000.p/18",
        "bodies/000.p/18",
        "tile/0/000.p/18",
        "checkpoint",
    ] {
        let folder = tempfile::tempdir().unwrap();
        small_ledger(folder.path());
        let before = entries(folder.path());
        flip(&folder.path().join("roll").join(file), 140);

        let repaired = repair_roll(folder.path(), None).unwrap();

        assert!(!repaired.report.is_damaged(), "{file}");
        assert_eq!(
            codes(&verify(folder.path()).findings),
            Vec::<&str>::new(),
            "{file}"
        );
        assert_eq!(entries(folder.path()), before, "{file}");
        assert!(folder.path().join("roll.damaged-1/tail").exists());
        let (_, notices) = reopen(folder.path());
        assert_eq!(codes(&notices), Vec::<&str>::new(), "{file}");
    }
}

#[test]
fn a_roll_that_is_gone_comes_back_from_the_store() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());
    let before = entries(folder.path());
    fs::remove_dir_all(folder.path().join("roll")).unwrap();

    repair_roll(folder.path(), None).unwrap();

    assert_eq!(entries(folder.path()), before);
}

#[test]
fn bodies_that_were_destroyed_and_said_to_be_left_out_are_damage_and_come_back() {
    for working in ["store", "store.mark"] {
        let folder = tempfile::tempdir().unwrap();
        small_ledger(folder.path());
        let before = entries(folder.path());
        let roll = folder.path().join("roll");
        fs::remove_dir_all(roll.join("bodies")).unwrap();
        fs::write(roll.join("without-bodies"), b"").unwrap();
        if working == "store" {
            fs::remove_file(folder.path().join("store.mark")).unwrap();
        } else {
            let kept = folder.path().join("kept");
            fs::rename(folder.path().join("store"), &kept).unwrap();
            let found = verify(folder.path()).findings;
            assert!(codes(&found).contains(&"body-missing"), "{found:#?}");
            fs::rename(kept, folder.path().join("store")).unwrap();
        }

        let found = verify(folder.path()).findings;
        let expected = ["file-missing", "body-missing", "stray-file"];
        assert_eq!(codes(&found), expected, "{working}");

        repair_roll(folder.path(), None).unwrap();
        let found = verify(folder.path()).findings;
        assert_eq!(codes(&found), Vec::<&str>::new(), "{working}");
        assert_eq!(entries(folder.path()), before, "{working}");
    }
}

#[test]
fn what_is_lost_in_both_copies_is_named_and_nothing_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());
    fs::remove_dir_all(folder.path().join("store")).unwrap();
    let path = folder.path().join("roll/tile/entries/000.p/18");
    flip(&path, 1300);
    let damaged = fs::read(&path).unwrap();

    let refused = repair_roll(folder.path(), None);

    let named = matches!(
        refused,
        Err(RepairError::Lost { .. } | RepairError::NotWhole { .. })
    );
    assert!(named, "{refused:?}");
    assert_eq!(fs::read(&path).unwrap(), damaged);
    assert!(!folder.path().join("repair.new").exists());
}

#[test]
fn a_body_is_taken_from_the_store_where_the_roll_seems_to_say_that_it_was_expunged() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());
    let before = entries(folder.path());
    let path = folder.path().join("roll/bodies/000.p/18");
    let mut slots = decode_body_bundle(&fs::read(&path).unwrap()).unwrap();
    slots[9] = Slot::Expunged(Seq::new(30));
    fs::write(&path, encode_body_bundle(&slots)).unwrap();

    repair_roll(folder.path(), None).unwrap();

    assert_eq!(entries(folder.path()), before);
}

#[test]
fn what_is_lost_in_both_copies_is_named() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());
    fs::remove_dir_all(folder.path().join("store")).unwrap();
    let path = folder.path().join("roll/bodies/000.p/18");
    let mut slots = decode_body_bundle(&fs::read(&path).unwrap()).unwrap();
    slots[9] = Slot::None;
    fs::write(&path, encode_body_bundle(&slots)).unwrap();

    let refused = repair_roll(folder.path(), None);

    let Err(RepairError::Lost { first, .. }) = refused else {
        panic!("repaired: {refused:?}");
    };
    assert_eq!(first, Seq::new(9));
}

#[test]
fn a_tile_alone_is_made_again_from_the_entries() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());
    fs::remove_dir_all(folder.path().join("store")).unwrap();
    flip(&folder.path().join("roll/tile/0/000.p/18"), 100);

    repair_roll(folder.path(), None).unwrap();

    assert_eq!(codes(&verify(folder.path()).findings), Vec::<&str>::new());
}

#[test]
fn a_store_is_verified_without_being_touched_and_made_again() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());
    let index = by_body();
    let db = folder.path().join("store/db");
    let before = fs::read(&db).unwrap();

    let report = verify_store(folder.path(), &*index).unwrap();
    assert_eq!(
        codes(&report.findings),
        Vec::<&str>::new(),
        "{:#?}",
        report.findings
    );
    assert_eq!(fs::read(&db).unwrap(), before);

    let done = repair_store(folder.path(), &*index).unwrap();
    assert_eq!(codes(&done), ["store-remade"]);
    let report = verify_store(folder.path(), &*index).unwrap();
    assert_eq!(codes(&report.findings), Vec::<&str>::new());
    assert_eq!(report.size, RollReader::open(folder.path()).unwrap().size());
}

#[test]
fn a_store_whose_mark_or_roster_is_changed_is_doubted_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());
    let index = by_body();

    for file in ["store.mark", "store/roster"] {
        let path = folder.path().join(file);
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            flip(&path, at);
            let found = verify_store(folder.path(), &*index).unwrap().findings;
            assert_eq!(codes(&found), ["store-doubted"], "byte {at} of {file}");
            fs::write(&path, &whole).unwrap();
        }
        fs::remove_file(&path).unwrap();
        let found = verify_store(folder.path(), &*index).unwrap().findings;
        assert_eq!(codes(&found), ["store-doubted"], "{file} deleted");
        assert!(!verify(folder.path()).is_damaged());
        fs::write(&path, &whole).unwrap();
    }
    let found = verify_store(folder.path(), &*index).unwrap().findings;
    assert_eq!(codes(&found), Vec::<&str>::new());
}

#[test]
fn a_submission_of_which_nothing_can_be_read_is_lost_and_not_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = new_store(folder.path());
    store.append(&clerk.records(3)).unwrap();
    drop(store);
    fs::remove_dir_all(folder.path().join("store")).unwrap();
    fs::remove_file(folder.path().join("store.mark")).unwrap();
    let tail = folder.path().join("roll/tail");
    let bytes = fs::read(&tail).unwrap();
    let ends = bytes.windows(8).position(|part| part == b"FRAMEEND");
    // Behind the frame's head is the length of its first entry.
    flip(&tail, ends.unwrap() + 8 + 8 + 1);

    let refused = repair_roll(folder.path(), None);

    let Err(RepairError::Lost { first, lost, .. }) = refused else {
        panic!("repaired: {refused:?}");
    };
    assert_eq!((first, codes(&lost)), (Seq::new(5), vec!["entry-lost"]));
}

/// Makes a ledger of three bundles, and returns an entry in the first of them.
fn long_ledger(folder: &Path) -> (Seq, chancery_chain::seal::Entry) {
    let (mut store, mut clerk) = new_store(folder);
    store.append(&clerk.records(700)).unwrap();
    checkpoint(&mut store, &clerk);
    let seq = Seq::new(9);
    let entry = store.entry(seq).unwrap().unwrap();
    store.close().unwrap();
    (seq, entry)
}

fn alter_slot(folder: &Path, seq: Seq) {
    let path = folder.join("roll/bodies/000");
    let mut slots = decode_body_bundle(&fs::read(&path).unwrap()).unwrap();
    let at = usize::try_from(seq.get()).unwrap();
    if let Slot::Body { body, .. } = &mut slots[at] {
        body[0] ^= 1;
    }
    fs::write(&path, encode_body_bundle(&slots)).unwrap();
}

#[test]
fn a_store_that_holds_what_is_damaged_in_the_roll_is_not_made_again_from_it() {
    type Damage = fn(&Path, Seq);
    let damages: [(&str, Damage); 2] = [
        ("a body", alter_slot),
        // So far into the bundle is the hash of the body of an entry.
        ("an envelope", |folder, _| {
            flip(&folder.join("roll/tile/entries/000"), 1300);
        }),
    ];
    for (name, damage) in damages {
        let folder = tempfile::tempdir().unwrap();
        let (seq, held) = long_ledger(folder.path());
        let before = entries(folder.path());
        damage(folder.path(), seq);
        fs::remove_file(folder.path().join("store.mark")).unwrap();

        let refused = Store::open(folder.path(), by_body()).unwrap_err();

        let told = refused.to_string();
        assert!(told.contains("as the store does"), "{name}: {told}");
        assert!(!folder.path().join("store.aside-1").exists(), "{name}");
        repair_roll(folder.path(), None).unwrap();
        let (store, notices) = reopen(folder.path());
        assert_eq!(codes(&notices), ["store-remade"], "{name}");
        assert_eq!(store.entry(seq).unwrap(), Some(held), "{name}");
        assert_eq!(entries(folder.path()), before, "{name}");
    }
}

#[test]
fn a_store_that_has_lost_the_same_is_made_again_and_the_ledger_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (seq, _) = long_ledger(folder.path());
    alter_slot(folder.path(), seq);
    fs::remove_dir_all(folder.path().join("store")).unwrap();
    reopen(folder.path()).0.close().unwrap();
    fs::remove_file(folder.path().join("store.mark")).unwrap();

    let (_, notices) = reopen(folder.path());

    assert_eq!(codes(&notices), ["store-remade"]);
}
