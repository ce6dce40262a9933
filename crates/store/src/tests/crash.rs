//! Stopping after each durable step: what was acknowledged is there, and no half
//! submission is.

use std::path::Path;

use chancery_chain::Note;
use chancery_chain::note::NoteSignature;

use super::damage::verify;
use super::superseded::nothing_is_superseded;
use super::{Clerk, checkpoint, new_store, reopen};
use crate::fault::testing::{seen, stop_after, stop_within_write};
use crate::{RollReader, Store};

/// Does `work` on a ledger again and again, stopping one step later each time,
/// and looks at what is left. Returns how many stops there were.
fn at_every_step(published: bool, work: fn(&mut Store, &mut Clerk) -> bool) -> usize {
    for steps in 0.. {
        let folder = tempfile::tempdir().unwrap();
        let (mut store, mut clerk) = new_store(folder.path());
        store.append(&clerk.records(240)).unwrap();
        if published {
            checkpoint(&mut store, &clerk);
        }
        store.append(&clerk.records(20)).unwrap();
        let acknowledged = store.head();

        stop_after(Some(steps));
        let done = work(&mut store, &mut clerk);
        let last = seen().last().copied();
        stop_after(None);
        drop(store);

        consistent(
            folder.path(),
            acknowledged.size.get(),
            &format!("step {steps}, {last:?}"),
        );
        if done {
            return steps;
        }
    }
    unreachable!()
}

fn consistent(folder: &Path, acknowledged: u64, step: &str) {
    let report = verify(folder);
    assert!(!report.is_damaged(), "{step}: {:#?}", report.findings);
    let reader = RollReader::open(folder).unwrap();
    assert!(reader.size().get() >= acknowledged, "{step}");
    assert_eq!(report.head, reader.head(), "{step}: half a submission");
    let (mut store, _) = reopen(folder);
    assert_eq!(store.head(), reader.head(), "{step}");
    assert!(!folder.join("roll/checkpoint.new").exists(), "{step}");
    for item in reader.entries(chancery_chain::Seq::FIRST) {
        let (seq, entry) = item.unwrap();
        assert_eq!(
            store.engine.entry(seq).unwrap(),
            Some(entry),
            "{step}: {seq}"
        );
    }
    let mut clerk = Clerk::new();
    clerk.head = store.head();
    store.append(&clerk.records(3)).unwrap();
    checkpoint(&mut store, &clerk);
    drop(store);
    nothing_is_superseded(folder, step);
    let report = verify(folder);
    assert!(
        !report.is_damaged(),
        "{step}, afterwards: {:#?}",
        report.findings
    );
}

#[test]
fn stopping_anywhere_in_an_append_loses_nothing_acknowledged() {
    let steps = at_every_step(true, |store, clerk| {
        let submission = clerk.records(300);
        store.append(&submission).is_ok()
    });

    assert!(steps >= 3, "{steps}");
}

#[test]
fn stopping_anywhere_in_a_roll_over_or_a_checkpoint_loses_nothing() {
    for published in [true, false] {
        let steps = at_every_step(published, |store, clerk| {
            let Ok(settled) = store.settle() else {
                return false;
            };
            store.put_checkpoint(&clerk.note(settled)).is_ok()
        });

        assert!(steps >= 15, "{steps}");
    }
}

#[test]
fn stopping_anywhere_while_a_checkpoint_gets_more_signatures_loses_nothing() {
    let steps = at_every_step(true, |store, clerk| {
        let Ok(settled) = store.settle() else {
            return false;
        };
        store.put_checkpoint(&clerk.note(settled)).is_ok()
            && store
                .put_checkpoint(&cosigned(&clerk.note(settled)))
                .is_ok()
    });

    assert!(steps >= 6, "{steps}");
}

/// Returns the note with one more signature, by a key that nobody knows.
fn cosigned(note: &[u8]) -> Vec<u8> {
    let mut note = Note::parse(note).unwrap();
    note.add(NoteSignature {
        name: "witness.example/w1".to_owned(),
        id: 1,
        bytes: vec![7; 72],
    });
    note.to_string().into_bytes()
}

#[test]
fn a_write_that_stops_at_any_sector_is_set_aside() {
    for sectors in 0..6 {
        let folder = tempfile::tempdir().unwrap();
        let (mut store, mut clerk) = new_store(folder.path());
        let acknowledged = store.append(&clerk.records(5)).unwrap();
        let path = folder.path().join("roll/tail");
        let bytes = std::fs::read(&path).unwrap();
        let end = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
        stop_within_write(Some((512 - end % 512) + 512 * sectors));

        assert!(store.append(&clerk.records(20)).is_err());
        assert!(
            store.append(&clerk.records(1)).is_err(),
            "the store is poisoned"
        );
        drop(store);

        let (store, notices) = reopen(folder.path());
        assert_eq!(store.head(), acknowledged);
        assert_eq!(super::codes(&notices), ["tail-torn"]);
        assert!(folder.path().join("tail.torn-1").exists());
        drop(store);
        consistent(
            folder.path(),
            acknowledged.size.get(),
            &format!("{sectors} sectors"),
        );
    }
}
