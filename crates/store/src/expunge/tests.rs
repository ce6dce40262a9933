//! Destroying a body: everywhere, wherever it is stopped, and nothing else.

use std::fs;
use std::path::Path;

use chancery_chain::bundle::{decode_body_bundle, encode_body_bundle};
use chancery_chain::seal::{Draft, Entry};
use chancery_chain::tile::bodies_path;
use chancery_chain::{Act, Digest, Expunging, Kind, Seq, Severity, Size, Slot};

use super::{ExpungeError, Marker, SOURCES_FOLDER};
use crate::fault::testing::{seen, stop_after};
use crate::repair::{RepairError, repair_roll, repair_store};
use crate::roll::{ROLL_FOLDER, at, place, width_at};
use crate::tests::{Clerk, by_body, checkpoint, codes, new_store, reopen, verified as verify};
use crate::{OpenError, ReadError, RollReader, Store};

const WORDS: &[u8] = b"the courier is Anna Maria Heller of the Lindengasse";
const SALT: [u8; 32] = *b"a salt that stands nowhere else!";
/// The record whose body is destroyed, and the expunging.
const RECORD: Seq = Seq::new(5);

fn secret() -> Draft {
    Draft::Record {
        kind: Kind::new(256),
        schema: 1,
        body: WORDS.to_vec(),
        salt: SALT,
    }
}

fn expunging(clerk: &mut Clerk, seq: Seq) -> Vec<Entry> {
    clerk.sealed(vec![Draft::Act(Act::Expunge(Expunging {
        seq,
        id: String::new(),
        authority: "decision-12".to_owned(),
        reason: "names a person under protection".to_owned(),
    }))])
}

/// A ledger whose secret lies in a bundle, in an unfinished one under a checkpoint,
/// or in the tail, and in everything that may be kept aside.
fn ledger(folder: &Path, before: u64, published: bool) -> (Store, Clerk) {
    let (mut store, mut clerk) = new_store(folder);
    store.append(&clerk.sealed(vec![secret()])).unwrap();
    if before > 0 {
        store.append(&clerk.records(before)).unwrap();
    }
    if published {
        checkpoint(&mut store, &clerk);
    }
    store.append(&clerk.records(20)).unwrap();
    for aside in [
        "store.aside-1",
        "roll.damaged-1/bodies",
        "sources.damaged-1",
    ] {
        fs::create_dir_all(folder.join(aside)).unwrap();
        fs::write(folder.join(aside).join("old"), WORDS).unwrap();
    }
    fs::write(folder.join("tail.torn-1"), WORDS).unwrap();
    fs::create_dir_all(folder.join(SOURCES_FOLDER)).unwrap();
    fs::write(source(folder), WORDS).unwrap();
    (store, clerk)
}

fn source(folder: &Path) -> std::path::PathBuf {
    folder
        .join(SOURCES_FOLDER)
        .join(Digest::of(WORDS).to_string())
}

/// Returns the files in which the words or the salt can be found.
fn found_in(folder: &Path) -> Vec<String> {
    let holds = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
    let files = crate::files::walk(folder).unwrap().into_iter();
    let found = files.filter(|path| {
        let bytes = fs::read(path).unwrap();
        holds(&bytes, WORDS) || holds(&bytes, &SALT)
    });
    found.map(|path| path.display().to_string()).collect()
}

fn destroyed(folder: &Path) -> bool {
    let reader = RollReader::open(folder).unwrap();
    matches!(reader.entry(RECORD).unwrap().slot, Slot::Expunged(_))
}

#[test]
fn the_words_and_the_salt_are_in_no_file_afterwards() {
    for (before, published) in [(0, false), (100, true), (250, true), (700, false)] {
        let folder = tempfile::tempdir().unwrap();
        let (store, mut clerk) = ledger(folder.path(), before, published);
        let envelope = store.entry(RECORD).unwrap().unwrap().envelope;
        assert!(
            found_in(folder.path()).len() >= 5,
            "it is there to be found"
        );

        let submission = expunging(&mut clerk, RECORD);
        let by = Seq::new(submission_start(&submission));
        let sources = vec![Digest::of(WORDS)];
        let (store, head) = store.expunge(&submission, sources).unwrap();

        assert_eq!(found_in(folder.path()), Vec::<String>::new());
        let entry = store.entry(RECORD).unwrap().unwrap();
        assert_eq!((entry.envelope, entry.slot), (envelope, Slot::Expunged(by)));
        assert_eq!((store.head(), clerk.head), (head, head));
        drop(store);
        let report = verify(folder.path());
        assert_eq!(codes(&report.findings), ["body-expunged"]);
        let (mut store, notices) = reopen(folder.path());
        assert_eq!(
            codes(&notices),
            Vec::<&str>::new(),
            "nothing is left to be done"
        );
        store.append(&clerk.records(3)).unwrap();
    }
}

fn submission_start(submission: &[Entry]) -> u64 {
    let envelope = chancery_chain::Envelope::decode(&submission[0].envelope).unwrap();
    envelope.seq.get()
}

#[test]
fn stopping_anywhere_in_a_destruction_is_made_good_by_the_next_opening() {
    for published in [true, false] {
        let mut recorded = 0;
        for steps in 0.. {
            let folder = tempfile::tempdir().unwrap();
            let (store, mut clerk) = ledger(folder.path(), 250, published);
            let before = store.head().size;
            let submission = expunging(&mut clerk, RECORD);

            stop_after(Some(steps));
            let outcome = store.expunge(&submission, vec![Digest::of(WORDS)]);
            let step = format!("step {steps}, {:?}", seen().last());
            stop_after(None);
            let done = outcome.is_ok();
            drop(outcome);

            never_misnamed(folder.path(), &step);
            never_read(folder.path(), before, &step);
            let (store, _) = reopen(folder.path());
            let is_recorded = store.head().size > before;
            recorded += u64::from(is_recorded);
            assert_eq!(destroyed(folder.path()), is_recorded, "{step}");
            assert_eq!(source(folder.path()).exists(), !is_recorded, "{step}");
            if is_recorded {
                assert_eq!(found_in(folder.path()), Vec::<String>::new(), "{step}");
            }
            assert!(!folder.path().join("expunging").exists(), "{step}");
            drop(store);
            let report = verify(folder.path());
            assert!(!report.is_damaged(), "{step}: {:#?}", report.findings);
            if done {
                assert!(steps >= 12, "{steps}");
                break;
            }
        }
        assert!(recorded >= 10, "{recorded}");
    }
}

/// Until it is completed a destruction is told as such, or not begun.
fn never_misnamed(folder: &Path, step: &str) {
    let report = verify(folder);
    let damage = report.findings.iter();
    let damage = damage.filter(|finding| finding.severity == Severity::Damage);
    for finding in damage {
        assert_eq!(finding.code, "body-not-destroyed", "{step}: {finding:?}");
        assert_eq!(finding.entries, Some((RECORD, RECORD)), "{step}");
    }
}

/// Once the ledger says that it goes, nobody reads it, wherever it may still be.
fn never_read(folder: &Path, before: Size, step: &str) {
    let reader = RollReader::open(folder).unwrap();
    let is_recorded = reader.size() > before;
    let is_gone = |slot: Slot| matches!(slot, Slot::Expunged(_));
    let each = reader.entries(Seq::FIRST).nth(5).unwrap().unwrap();
    assert_eq!(each.0, RECORD);
    assert_eq!(is_gone(each.1.slot), is_recorded, "{step}");
    let slot = reader.entry(RECORD).unwrap().slot;
    assert_eq!(is_gone(slot), is_recorded, "{step}");
}

#[test]
fn an_expunging_that_was_not_carried_out_is_completed_by_repair() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = ledger(folder.path(), 100, true);
    store.append(&expunging(&mut clerk, RECORD)).unwrap();
    drop(store);
    assert_eq!(
        codes(&verify(folder.path()).findings),
        ["body-not-destroyed"]
    );

    let done = repair_roll(folder.path(), None).unwrap().done;

    assert_eq!(codes(&done), ["expunging-completed"]);
    repair_store(folder.path(), &*by_body()).unwrap();
    assert_eq!(
        found_in(folder.path()),
        [source(folder.path()).display().to_string()]
    );
    assert_eq!(codes(&verify(folder.path()).findings), ["body-expunged"]);
}

#[test]
fn an_unfinished_bundle_put_back_with_the_body_is_named_and_gone_through_again() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut clerk) = ledger(folder.path(), 100, true);
    let settled = RollReader::open(folder.path()).unwrap().settled();
    let bundle = folder.path().join(format!("roll/bodies/000.p/{settled}"));
    let old = fs::read(&bundle).unwrap();
    let submission = expunging(&mut clerk, RECORD);
    drop(store.expunge(&submission, vec![Digest::of(WORDS)]).unwrap());
    fs::write(&bundle, old).unwrap();

    let found = verify(folder.path()).findings;
    let repaired = repair_roll(folder.path(), None).unwrap();

    assert_eq!(codes(&found), ["body-not-destroyed", "body-expunged"]);
    let file = found.iter().find_map(|finding| finding.file.clone());
    assert_eq!(file, Some(format!("roll/bodies/000.p/{settled}")));
    assert_eq!(codes(&repaired.done), ["expunging-completed"]);
    assert_eq!(found_in(folder.path()), Vec::<String>::new());
    assert_eq!(codes(&verify(folder.path()).findings), ["body-expunged"]);
}

#[test]
fn repair_never_brings_an_expunged_body_back_from_the_other_copy() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut clerk) = ledger(folder.path(), 100, true);
    drop(store);
    let old = tempfile::tempdir().unwrap();
    crate::files::copy_folder(&folder.path().join("store"), &old.path().join("store")).unwrap();
    let (store, _) = reopen(folder.path());
    let (store, _) = store
        .expunge(&expunging(&mut clerk, RECORD), Vec::new())
        .unwrap();
    drop(store);
    fs::remove_file(source(folder.path())).unwrap();
    // The old working copy is put back, and the bundle with the body damaged.
    fs::remove_dir_all(folder.path().join("store")).unwrap();
    crate::files::copy_folder(&old.path().join("store"), &folder.path().join("store")).unwrap();
    let size = RollReader::open(folder.path()).unwrap().settled();
    let bundle = folder.path().join(format!("roll/bodies/000.p/{size}"));
    let mut bytes = fs::read(&bundle).unwrap();
    let last = bytes.len() - 20;
    bytes[last] ^= 1;
    fs::write(&bundle, bytes).unwrap();

    repair_roll(folder.path(), None).unwrap();

    assert!(destroyed(folder.path()));
    assert_eq!(codes(&verify(folder.path()).findings), ["body-expunged"]);
    repair_store(folder.path(), &*by_body()).unwrap();
    assert_eq!(found_in(folder.path()), Vec::<String>::new());
}

#[test]
fn a_body_that_was_expunged_is_not_called_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut clerk) = ledger(folder.path(), 100, true);
    let submission = expunging(&mut clerk, RECORD);
    let (mut store, _) = store.expunge(&submission, Vec::new()).unwrap();
    checkpoint(&mut store, &clerk);
    drop(store);
    // A body after it is altered in both copies: what follows cannot be made again.
    let altered = Seq::new(8);
    alter_body(folder.path(), altered);
    fs::remove_dir_all(folder.path().join("store")).unwrap();

    let refused = repair_roll(folder.path(), None);

    let Err(RepairError::Lost { first, lost, .. }) = refused else {
        panic!("repaired: {refused:?}");
    };
    let named: Vec<_> = lost.iter().map(|lost| (lost.code, lost.entries)).collect();
    assert_eq!(named, [("body-lost", Some((altered, altered)))]);
    assert_eq!(first, altered);
}

/// Changes a byte of a body in the bundle of the roll that is read.
fn alter_body(folder: &Path, seq: Seq) {
    let settled = RollReader::open(folder).unwrap().settled();
    let (index, within) = place(seq);
    let bundle = at(
        &folder.join(ROLL_FOLDER),
        &bodies_path(index, width_at(index, settled)),
    );
    let mut slots = decode_body_bundle(&fs::read(&bundle).unwrap()).unwrap();
    if let Slot::Body { body, .. } = &mut slots[within] {
        body[0] ^= 1;
    }
    fs::write(&bundle, encode_body_bundle(&slots)).unwrap();
}

#[test]
fn nothing_is_expunged_while_the_roll_has_a_damaged_body_of_another_record() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut clerk) = ledger(folder.path(), 700, true);
    let before = store.head();
    let altered = [Seq::new(8), Seq::new(300)];
    let held = altered.map(|seq| store.entry(seq).unwrap().unwrap());
    for seq in altered {
        alter_body(folder.path(), seq);
    }

    let head = clerk.head;
    let refused = store
        .expunge(&expunging(&mut clerk, RECORD), vec![Digest::of(WORDS)])
        .unwrap_err();

    assert!(
        matches!(&refused, ExpungeError::Damaged { entries } if *entries == altered),
        "{refused:?}"
    );
    assert!(source(folder.path()).exists());
    repair_roll(folder.path(), None).unwrap();
    let (store, _) = reopen(folder.path());
    assert_eq!(store.head(), before, "nothing was recorded");
    clerk.head = head;
    let submission = expunging(&mut clerk, RECORD);
    let (store, _) = store.expunge(&submission, vec![Digest::of(WORDS)]).unwrap();
    assert_eq!(
        altered.map(|seq| store.entry(seq).unwrap().unwrap()),
        held,
        "what only the store still held"
    );
    assert_eq!(found_in(folder.path()), Vec::<String>::new());
}

#[test]
fn a_damaged_body_can_be_expunged_itself() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut clerk) = ledger(folder.path(), 100, true);
    alter_body(folder.path(), RECORD);

    let submission = expunging(&mut clerk, RECORD);
    let (store, _) = store.expunge(&submission, vec![Digest::of(WORDS)]).unwrap();

    drop(store);
    assert_eq!(codes(&verify(folder.path()).findings), ["body-expunged"]);
}

#[test]
fn an_opening_that_would_lose_what_the_store_holds_leaves_the_destruction_to_repair() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = ledger(folder.path(), 100, true);
    let altered = Seq::new(8);
    let held = store.entry(altered).unwrap();
    // It was stopped once it was recorded.
    let from = store.head().size.next_seq();
    let sources = vec![Digest::of(WORDS)];
    Marker { from, sources }.write(folder.path()).unwrap();
    store.append(&expunging(&mut clerk, RECORD)).unwrap();
    drop(store);
    alter_body(folder.path(), altered);

    let refused = Store::open(folder.path(), by_body()).unwrap_err();

    let damaged = matches!(&refused, OpenError::Roll(ReadError::Damaged { .. }));
    assert!(damaged, "{refused:?}");
    assert!(refused.to_string().contains("entry 8 as the store does"));
    let done = repair_roll(folder.path(), None).unwrap().done;
    assert_eq!(codes(&done), ["roll-remade", "expunging-completed"]);
    assert_eq!(found_in(folder.path()), Vec::<String>::new());
    repair_store(folder.path(), &*by_body()).unwrap();
    let (store, _) = reopen(folder.path());
    assert_eq!(store.entry(altered).unwrap(), held);
    drop(store);
    assert_eq!(codes(&verify(folder.path()).findings), ["body-expunged"]);
}

#[test]
fn what_may_not_be_appended_destroys_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut clerk) = ledger(folder.path(), 3, false);
    let stale = expunging(&mut clerk, RECORD);
    let stale: Vec<_> = stale.into_iter().skip(1).collect();

    let refused = store.expunge(&stale, vec![Digest::of(WORDS)]).unwrap_err();

    assert!(matches!(refused, ExpungeError::Append(_)), "{refused:?}");
    assert!(!folder.path().join("expunging").exists());
    assert!(source(folder.path()).exists());
    assert!(!destroyed(folder.path()));
}

#[test]
fn a_copy_without_some_bodies_verifies_with_its_gaps_named() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = new_store(folder.path());
    store.append(&clerk.records(700)).unwrap();
    checkpoint(&mut store, &clerk);
    drop(store);
    let bodies = folder.path().join("roll/bodies");
    fs::remove_file(bodies.join("000")).unwrap();
    fs::remove_file(bodies.join("001")).unwrap();
    // A copy has no working copy beside its roll.
    fs::remove_dir_all(folder.path().join("store")).unwrap();
    fs::remove_file(folder.path().join("store.mark")).unwrap();
    let gap = |path: &Path| {
        let findings = verify(path).findings;
        let said = findings.iter().map(|found| (found.code, found.entries));
        said.collect::<Vec<_>>()
    };
    assert!(
        verify(folder.path()).is_damaged(),
        "it does not say that they were left out"
    );

    fs::write(folder.path().join("roll/without-bodies"), "").unwrap();

    let entries = Some((Seq::new(0), Seq::new(511)));
    assert_eq!(gap(folder.path()), [("bodies-absent", entries)]);
    assert_eq!(verify(folder.path()).worst(), Some(Severity::Gap));
    // What is there is verified all the same.
    let last = fs::read_dir(bodies.join("002.p"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let mut bytes = fs::read(last.path()).unwrap();
    bytes[50] ^= 1;
    fs::write(last.path(), bytes).unwrap();
    assert!(verify(folder.path()).is_damaged());
}
