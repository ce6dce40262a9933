//! Appending, reading and opening when nothing is wrong.

use chancery_chain::{Seq, Slot};

use super::{by_body, checkpoint, codes, new_store, reopen};
use crate::{AppendError, OpenError, RollReader, Store};

#[test]
fn what_was_appended_is_read_from_roll_and_store() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = new_store(folder.path());
    let submission = clerk.records(20);

    let head = store.append(&submission).unwrap();

    assert_eq!(head, clerk.head);
    let reader = RollReader::open(folder.path()).unwrap();
    assert_eq!(reader.head(), clerk.head);
    for (place, entry) in submission.iter().enumerate() {
        let seq = Seq::new(5 + place as u64);
        assert_eq!(store.entry(seq).unwrap().as_ref(), Some(entry));
        assert_eq!(&reader.entry(seq).unwrap(), entry);
    }
    let found = store.lookup(b"what was said in 7").unwrap();
    assert_eq!(found, Some(7_u64.to_be_bytes().to_vec()));
}

#[test]
fn three_hundred_entries_fill_a_bundle_and_come_back_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = new_store(folder.path());
    for count in [100, 1, 150, 80, 300] {
        store.append(&clerk.records(count)).unwrap();
        checkpoint(&mut store, &clerk);
    }
    store.append(&clerk.records(3)).unwrap();
    let head = store.head();
    store.close().unwrap();

    let reader = RollReader::open(folder.path()).unwrap();
    let entries: Vec<_> = reader.entries(Seq::FIRST).map(Result::unwrap).collect();

    assert_eq!(entries.len() as u64, head.size.get());
    let in_order = entries
        .iter()
        .enumerate()
        .all(|(at, (seq, _))| seq.get() == at as u64);
    assert!(in_order);
    let (store, notices) = reopen(folder.path());
    assert_eq!(codes(&notices), Vec::<&str>::new());
    assert_eq!(store.head(), head);
    for (seq, entry) in entries {
        assert_eq!(store.engine.entry(seq).unwrap(), Some(entry), "entry {seq}");
    }
}

#[test]
fn bodies_of_the_greatest_length_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = new_store(folder.path());
    let bodies: Vec<_> = [65_536, 1, 7_000, 7_100, 65_536]
        .iter()
        .enumerate()
        .map(|(at, length)| vec![u8::try_from(at).unwrap() + 1; *length])
        .collect();

    store.append(&clerk.submission(&bodies)).unwrap();
    store.close().unwrap();

    let (store, _) = reopen(folder.path());
    for (body, seq) in bodies.iter().zip(5..) {
        let entry = store.engine.entry(Seq::new(seq)).unwrap().unwrap();
        assert!(matches!(entry.slot, Slot::Body { body: ref kept, .. } if kept == body));
    }
    assert!(
        !folder
            .path()
            .join("store/blobs")
            .read_dir()
            .unwrap()
            .any(|_| true)
    );
}

#[test]
fn what_does_not_follow_the_head_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = new_store(folder.path());
    let first = clerk.records(2);
    let second = clerk.records(2);
    let mut changed = first.clone();
    changed[0].slot = Slot::None;

    for wrong in [&second[..], &first[..2], &first[1..], &changed, &[]] {
        let refused = store.append(wrong);
        assert!(matches!(refused, Err(AppendError::DoesNotFollow(_))));
    }

    store.append(&first).unwrap();
    store.append(&second).unwrap();
    assert!(matches!(
        store.append(&second),
        Err(AppendError::DoesNotFollow(_))
    ));
}

#[test]
fn one_writer_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let (_store, _) = new_store(folder.path());

    let second = Store::open(folder.path(), by_body());

    assert!(matches!(second, Err(OpenError::Lock(_))));
}

#[test]
fn a_ledger_is_not_made_over_another() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut clerk) = new_store(folder.path());
    drop(store);

    let again = Store::create(folder.path(), &clerk.founding(), by_body());

    assert!(matches!(again, Err(OpenError::Exists)));
}

#[test]
fn a_folder_without_a_ledger_says_so() {
    let folder = tempfile::tempdir().unwrap();

    let opened = Store::open(folder.path(), by_body());

    assert!(opened.is_err());
    assert!(RollReader::open(folder.path()).is_err());
}

#[test]
fn a_reader_opened_before_reads_on_while_the_writer_rolls_over() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = new_store(folder.path());
    store.append(&clerk.records(10)).unwrap();
    checkpoint(&mut store, &clerk);
    store.append(&clerk.records(10)).unwrap();
    let reader = RollReader::open(folder.path()).unwrap();
    for _ in 0..3 {
        store.append(&clerk.records(100)).unwrap();
        checkpoint(&mut store, &clerk);
    }

    let entries = reader.entries(Seq::FIRST).map(Result::unwrap).count();

    assert_eq!(entries as u64, reader.size().get());
    assert_eq!(reader.size().get(), 5 + 11 + 11);
}

#[test]
fn reading_and_verifying_beside_a_writer_finds_nothing_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = new_store(folder.path());
    store.append(&clerk.records(10)).unwrap();
    let path = folder.path().to_owned();
    let done = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let over = done.clone();
    let reading = std::thread::spawn(move || {
        let mut rounds = 0;
        while !over.load(std::sync::atomic::Ordering::Relaxed) || rounds < 3 {
            let reader = RollReader::open(&path).unwrap();
            let read = reader.entries(Seq::FIRST).map(Result::unwrap).count();
            assert_eq!(read as u64, reader.size().get());
            let report = super::damage::verify(&path);
            assert!(!report.is_damaged(), "{:#?}", report.findings);
            rounds += 1;
        }
    });

    for round in 0..60 {
        store.append(&clerk.records(1 + round % 40)).unwrap();
        if round % 3 == 0 {
            checkpoint(&mut store, &clerk);
        }
    }

    done.store(true, std::sync::atomic::Ordering::Relaxed);
    reading.join().unwrap();
}
