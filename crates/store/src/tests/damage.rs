//! Whatever is done to the files: verifying names it, and nothing panics.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use chancery_chain::{Finding, Severity};

use super::{by_body, checkpoint, codes, new_store, reopen};
use crate::{OpenError, ReadError, Report, RollReader, Store, verify_whole_roll};

/// Makes a ledger of about forty entries with bundles, tiles, a checkpoint and a tail.
pub(super) fn small_ledger(folder: &Path) {
    let (mut store, mut clerk) = new_store(folder);
    store.append(&clerk.records(12)).unwrap();
    checkpoint(&mut store, &clerk);
    store.append(&clerk.records(15)).unwrap();
    store.append(&clerk.records(4)).unwrap();
    store.close().unwrap();
}

pub(crate) fn verify(folder: &Path) -> Report {
    verify_whole_roll(folder).unwrap()
}

fn files_of_roll(folder: &Path) -> Vec<PathBuf> {
    crate::files::walk(&folder.join("roll")).unwrap()
}

/// Returns which bytes of a file to change: all, but of the zeros at the end some.
fn places(bytes: &[u8]) -> BTreeSet<usize> {
    let used = bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |at| at + 1);
    let zeros = (used..bytes.len()).step_by(9_973);
    (0..used).chain(zeros).chain([bytes.len() - 1]).collect()
}

#[test]
fn a_whole_roll_has_no_findings() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());

    let report = verify(folder.path());

    assert_eq!(
        codes(&report.findings),
        Vec::<&str>::new(),
        "{:#?}",
        report.findings
    );
    assert_eq!(report.size.get(), 5 + 13 + 16 + 5);
    let reader = RollReader::open(folder.path()).unwrap();
    assert_eq!(report.root, Some(reader.tree().unwrap().root()));
    assert_eq!(report.head, reader.head());
}

#[test]
fn every_changed_byte_of_the_roll_is_found_and_nothing_panics() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());

    for path in files_of_roll(folder.path()) {
        let whole = fs::read(&path).unwrap();
        let used = whole
            .iter()
            .rposition(|byte| *byte != 0)
            .map_or(0, |at| at + 1);
        for at in places(&whole) {
            let mut changed = whole.clone();
            changed[at] ^= 0x10;
            fs::write(&path, &changed).unwrap();

            let report = verify(folder.path());
            let least = if at < used {
                Severity::Damage
            } else {
                Severity::Notice
            };
            let name = path.display();
            assert!(
                report.worst() >= Some(least),
                "byte {at} of {name}: {:?}",
                report.findings
            );
            if at % 16 == 0 {
                let _ = RollReader::open(folder.path()).map(|reader| {
                    reader.entries(chancery_chain::Seq::FIRST).for_each(drop);
                });
            }
        }
        fs::write(&path, &whole).unwrap();
    }
    assert!(!verify(folder.path()).is_damaged());
}

/// Returns the files that verifying reads, besides those that only the store knows.
fn files_that_are_verified(folder: &Path) -> Vec<PathBuf> {
    let mut files = files_of_roll(folder);
    files.push(folder.join("checkpoint"));
    files
}

#[test]
fn a_file_that_is_longer_than_it_can_be_is_named_and_not_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());

    for path in files_that_are_verified(folder.path()) {
        let whole = fs::read(&path).unwrap();
        let file = fs::File::options().append(true).open(&path).unwrap();
        file.set_len(1 << 40).unwrap();

        let report = verify(folder.path());

        let name = path.strip_prefix(folder.path()).unwrap();
        let named = |found: &&Finding| found.file.as_deref().map(Path::new) == Some(name);
        let found: Vec<_> = report.findings.iter().filter(named).collect();
        assert!(!found.is_empty(), "{name:?}: {:#?}", report.findings);
        let codes: Vec<_> = found.iter().map(|found| found.code).collect();
        assert!(!codes.contains(&"file-missing"), "{found:#?}");
        assert!(report.is_damaged(), "{found:#?}");
        fs::write(&path, &whole).unwrap();
    }
    assert!(!verify(folder.path()).is_damaged());
}

#[test]
fn what_is_no_plain_file_is_named_and_all_else_is_verified() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());
    let mut files = files_that_are_verified(folder.path());
    files.push(folder.path().join("store.mark"));

    for path in files {
        let whole = fs::read(&path).unwrap();
        for pipe in [false, true] {
            fs::remove_file(&path).unwrap();
            if pipe {
                let made = std::process::Command::new("mkfifo").arg(&path).status();
                assert!(made.unwrap().success());
            } else {
                fs::create_dir(&path).unwrap();
            }

            let report = verify(folder.path());

            let name = path.strip_prefix(folder.path()).unwrap();
            let named = |found: &Finding| found.file.as_deref().map(Path::new) == Some(name);
            let named: Vec<_> = report.findings.iter().filter(|one| named(one)).collect();
            assert!(
                named.iter().any(|one| one.code == "file-unreadable"),
                "{name:?}: {:#?}",
                report.findings
            );
            assert!(
                named.iter().all(|one| one.code != "file-missing"),
                "{named:#?}"
            );
            assert!(report.origin.is_some() || name.ends_with("18"), "{name:?}");
            if pipe {
                fs::remove_file(&path).unwrap();
            } else {
                fs::remove_dir(&path).unwrap();
            }
            fs::write(&path, &whole).unwrap();
        }
    }
    assert!(!verify(folder.path()).is_damaged());
}

#[test]
fn every_file_that_is_missing_is_missed() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());

    for path in files_of_roll(folder.path()) {
        let whole = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();

        let report = verify(folder.path());

        assert!(report.is_damaged(), "{}", path.display());
        fs::write(&path, &whole).unwrap();
    }
}

#[test]
fn a_changed_envelope_is_named_by_its_number_alone() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());
    let path = folder.path().join("roll/tile/entries/000.p/18");
    let mut bytes = fs::read(&path).unwrap();
    let entry = RollReader::open(folder.path())
        .unwrap()
        .entry(chancery_chain::Seq::new(9))
        .unwrap();
    let at = bytes
        .windows(20)
        .position(|window| window == &entry.envelope[60..80])
        .unwrap();
    bytes[at + 10] ^= 1;
    fs::write(&path, &bytes).unwrap();

    let report = verify(folder.path());

    let damaged: BTreeSet<_> = report
        .findings
        .iter()
        .map(|found| found.entries.unwrap())
        .collect();
    let nine = chancery_chain::Seq::new(9);
    assert_eq!(
        damaged,
        BTreeSet::from([(nine, nine)]),
        "{:#?}",
        report.findings
    );
}

#[test]
fn a_tail_cut_anywhere_is_never_taken_for_whole() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());
    let path = folder.path().join("roll/tail");
    let whole = fs::read(&path).unwrap();
    let used = whole.iter().rposition(|byte| *byte != 0).unwrap() + 1;

    for length in 0..=used + 64 {
        fs::write(&path, &whole[..length]).unwrap();
        assert!(verify(folder.path()).is_damaged(), "cut to {length}");
        if length % 64 == 0 {
            let opened = Store::open(folder.path(), by_body());
            assert!(matches!(opened, Err(OpenError::Roll(_))), "cut to {length}");
        }
    }
    for end in (64..used).step_by(40) {
        let mut zeroed = whole.clone();
        zeroed[end..].fill(0);
        fs::write(&path, &zeroed).unwrap();
        assert!(verify(folder.path()).is_damaged(), "zeroed from {end}");
        assert!(Store::open(folder.path(), by_body()).is_err());
    }
}

#[test]
fn a_damaged_roll_is_not_opened_for_writing() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());
    let path = folder.path().join("roll/tail");
    let mut bytes = fs::read(&path).unwrap();
    bytes[300] ^= 1;
    fs::write(&path, &bytes).unwrap();

    let opened = Store::open(folder.path(), by_body());

    let Err(OpenError::Roll(fault @ ReadError::Damaged { .. })) = opened else {
        panic!("opened: {opened:?}");
    };
    let message = fault.to_string();
    assert!(message.contains("chancery verify") && message.contains("chancery repair"));
}

#[test]
fn a_store_that_was_destroyed_is_made_again_without_loss() {
    type Destroy = fn(&Path);
    let ways: [(&str, Destroy); 8] = [
        ("folder removed", |store| fs::remove_dir_all(store).unwrap()),
        ("file removed", |store| {
            fs::remove_file(store.join("db")).unwrap();
        }),
        ("file emptied", |store| {
            fs::write(store.join("db"), b"").unwrap();
        }),
        ("file cut", |store| {
            let bytes = fs::read(store.join("db")).unwrap();
            fs::write(store.join("db"), &bytes[..bytes.len() / 2]).unwrap();
        }),
        ("file zeroed", |store| {
            let length = fs::metadata(store.join("db")).unwrap().len();
            let length = usize::try_from(length).unwrap();
            fs::write(store.join("db"), vec![0; length]).unwrap();
        }),
        ("settings removed", |store| {
            fs::remove_file(store.join("conf")).unwrap();
        }),
        ("settings cut", |store| {
            let bytes = fs::read(store.join("conf")).unwrap();
            fs::write(store.join("conf"), &bytes[..bytes.len() - 1]).unwrap();
        }),
        ("mark removed", |store| {
            fs::remove_file(store.with_file_name("store.mark")).unwrap();
        }),
    ];
    for (way, destroy) in ways {
        let folder = tempfile::tempdir().unwrap();
        small_ledger(folder.path());
        destroy(&folder.path().join("store"));

        let (store, notices) = reopen(folder.path());

        assert_eq!(codes(&notices), ["store-remade"], "{way}");
        let reader = RollReader::open(folder.path()).unwrap();
        for item in reader.entries(chancery_chain::Seq::FIRST) {
            let (seq, entry) = item.unwrap();
            assert_eq!(
                store.engine.entry(seq).unwrap(),
                Some(entry),
                "{way}: entry {seq}"
            );
        }
        assert!(
            store.lookup(b"what was said in 7").unwrap().is_some(),
            "{way}"
        );
    }
}

#[test]
fn a_store_with_changed_bytes_loses_nothing() {
    let whole = tempfile::tempdir().unwrap();
    small_ledger(whole.path());
    let length = fs::metadata(whole.path().join("store/db")).unwrap().len();
    let length = usize::try_from(length).unwrap();
    let bytes = fs::read(whole.path().join("store/db")).unwrap();
    let used = bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .unwrap()
        .min(length);

    for at in (0..used).step_by(used / 40) {
        let folder = tempfile::tempdir().unwrap();
        crate::files::copy_folder(whole.path(), folder.path()).unwrap();
        let mut changed = bytes.clone();
        changed[at] ^= 0x40;
        fs::write(folder.path().join("store/db"), changed).unwrap();

        let (store, _) = reopen(folder.path());

        let reader = RollReader::open(folder.path()).unwrap();
        for item in reader.entries(chancery_chain::Seq::FIRST) {
            let (seq, entry) = item.unwrap();
            assert_eq!(
                store.entry(seq).unwrap(),
                Some(entry),
                "byte {at}: entry {seq}"
            );
        }
    }
}

#[test]
fn another_history_under_the_checkpoint_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());
    let path = folder.path().join("checkpoint");
    let text = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<_> = text.split('\n').map(str::to_owned).collect();
    lines[2] = chancery_chain::tree::leaf_hash(b"another").to_string();
    fs::write(&path, lines.join("\n")).unwrap();

    let opened = Store::open(folder.path(), by_body());

    assert!(
        matches!(opened, Err(OpenError::Rewritten { .. })),
        "{opened:?}"
    );
    assert!(verify(folder.path()).is_damaged());
}

#[test]
fn an_altered_checkpoint_is_not_copied_over_the_other_one() {
    let altered = |text: &str| {
        let origin = text.replacen("archive", "achieve", 1);
        let signature = text.replacen("\n\n\u{2014} archive", "\n\n\u{2014} achieve", 1);
        [origin, signature]
    };
    for file in ["checkpoint", "roll/checkpoint"] {
        let folder = tempfile::tempdir().unwrap();
        small_ledger(folder.path());
        let path = folder.path().join(file);
        let good = fs::read_to_string(&path).unwrap();
        for text in altered(&good) {
            fs::write(&path, &text).unwrap();

            let opened = Store::open(folder.path(), by_body());

            assert!(
                matches!(opened, Err(OpenError::CheckpointDamaged)),
                "{text}: {opened:?}"
            );
            assert!(verify(folder.path()).is_damaged(), "{text}");
            crate::repair_roll(folder.path(), None).unwrap();
            for place in ["checkpoint", "roll/checkpoint"] {
                let mended = fs::read_to_string(folder.path().join(place)).unwrap();
                assert_eq!(mended, good, "{file}, {place}");
            }
        }
    }
}

#[test]
fn an_old_checkpoint_is_not_put_over_a_later_one() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = new_store(folder.path());
    checkpoint(&mut store, &clerk);
    let old = fs::read(folder.path().join("checkpoint")).unwrap();
    store.append(&clerk.records(3)).unwrap();
    checkpoint(&mut store, &clerk);
    drop(store);
    let last = fs::read(folder.path().join("checkpoint")).unwrap();
    fs::write(folder.path().join("checkpoint"), old).unwrap();

    let opened = Store::open(folder.path(), by_body());

    assert!(matches!(opened, Err(OpenError::CheckpointDamaged)));
    crate::repair_roll(folder.path(), None).unwrap();
    let mended = fs::read(folder.path().join("checkpoint")).unwrap();
    assert_eq!(mended, last);
}

#[test]
fn entries_taken_out_or_swapped_are_found() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());
    let path = folder.path().join("roll/tile/entries/000.p/18");
    let whole = fs::read(&path).unwrap();
    let entries = chancery_chain::bundle::decode_entry_bundle(&whole).unwrap();
    let mut swapped = entries.clone();
    swapped.swap(6, 7);
    let mut fewer = entries.clone();
    fewer.remove(8);
    let mut more = entries.clone();
    more.insert(9, entries[8]);

    for changed in [swapped, fewer, more] {
        let bytes = chancery_chain::bundle::encode_entry_bundle(changed);
        fs::write(&path, bytes).unwrap();

        let report = verify(folder.path());

        let about = |seq: u64| {
            let seq = chancery_chain::Seq::new(seq);
            let damage = report
                .findings
                .iter()
                .filter(|f| f.severity == Severity::Damage);
            damage
                .filter_map(|found| found.entries)
                .any(|(first, last)| first <= seq && seq <= last)
        };
        assert!((6..10).any(about), "{:#?}", report.findings);
    }
}

#[test]
fn a_frame_taken_out_of_the_tail_or_moved_is_found() {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());
    let path = folder.path().join("roll/tail");
    let whole = fs::read(&path).unwrap();
    let tail = crate::tail::parse::parse(&whole, chancery_chain::Size::EMPTY);
    let (first, second) = (tail.frames[0].at, tail.frames[1].at);
    let moved = [
        &whole[..first],
        &whole[second..tail.end],
        &whole[first..second],
    ]
    .concat();
    let taken = [&whole[..first], &whole[second..tail.end]].concat();

    for mut changed in [moved, taken] {
        changed.resize(whole.len(), 0);
        fs::write(&path, changed).unwrap();

        assert!(verify(folder.path()).is_damaged());
        assert!(Store::open(folder.path(), by_body()).is_err());
        assert!(RollReader::open(folder.path()).is_err());
    }
}

#[test]
fn a_changed_byte_of_a_tile_above_the_leaves_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = new_store(folder.path());
    // So many that there is a full tile of the second level, and one of the third.
    while store.head().size.get() < 66_000 {
        store.append(&clerk.records(8_000)).unwrap();
    }
    checkpoint(&mut store, &clerk);
    store.close().unwrap();
    let edge = format!("tile/1/001.p/{}", store_edge(folder.path()));
    let files = ["tile/1/000", &edge, "tile/2/000.p/1"];

    for (number, file) in files.iter().enumerate() {
        let path = folder.path().join("roll").join(file);
        let whole = fs::read(&path).unwrap();
        let mut changed = whole.clone();
        // The first byte of one, the last of another, and one in between.
        let at = [0, whole.len() - 1, whole.len() / 2][number];
        changed[at] ^= 1;
        fs::write(&path, changed).unwrap();

        let report = verify(folder.path());

        let named = format!("roll/{file}");
        let damage = report.findings.iter();
        let mut damage = damage.filter(|found| found.severity == Severity::Damage);
        assert!(report.is_damaged(), "{file}");
        assert!(
            damage.all(|found| found.file.as_ref() == Some(&named)),
            "{file}"
        );
        fs::write(&path, whole).unwrap();
    }
}

/// Returns how many hashes the unfinished tile of the second level has.
fn store_edge(folder: &Path) -> u64 {
    let size = RollReader::open(folder).unwrap().size();
    size.get() / 256 - 256
}
