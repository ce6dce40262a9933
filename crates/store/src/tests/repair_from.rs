//! A ledger is repaired from a copy elsewhere, which is not believed: what it holds
//! counts as far as something here proves it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use chancery_chain::bundle::{
    decode_body_bundle, decode_entry_bundle, encode_body_bundle, encode_entry_bundle,
};
use chancery_chain::seal::{Draft, Entry};
use chancery_chain::{Act, Expunging, Finding, Seq, Severity, Size, Slot};
use tempfile::TempDir;

use super::damage::{small_ledger, verify};
use super::{Clerk, by_body, checkpoint, codes, new_store, reopen};
use crate::files::{copy_folder, walk};
use crate::{OtherCopy, RepairError, Repaired, RollReader, Store, repair_roll, repair_store};

const TAIL: &str = "roll/tail";
const ENTRIES: &str = "roll/tile/entries/000.p/18";
const BODIES: &str = "roll/bodies/000.p/18";
const TILE: &str = "roll/tile/0/000.p/18";

/// A ledger, and a copy of it elsewhere.
struct Two {
    here: TempDir,
    there: TempDir,
}

/// The files of a ledger, by their names in its folder.
type Files = Vec<(PathBuf, Vec<u8>)>;

/// Two copies of this are made for each test; making it takes longer.
static SMALL: LazyLock<Files> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    small_ledger(folder.path());
    files_of(folder.path())
});

impl Two {
    fn of(ledger: &Files) -> Self {
        let [here, there] = [(); 2].map(|()| laid_out(ledger));
        Self { here, there }
    }

    /// Two copies of one ledger of 39 entries: 18 in bundles under a checkpoint, the
    /// others in the tail.
    fn alike() -> Self {
        Self::of(&SMALL)
    }

    fn remove(&self, names: &[&str]) {
        for name in names {
            let path = self.here.path().join(name);
            let gone = if path.is_dir() {
                fs::remove_dir_all(path)
            } else {
                fs::remove_file(path)
            };
            gone.unwrap();
        }
    }

    fn repair(&self) -> Result<Repaired, RepairError> {
        let roll = self.there.path().join("roll");
        let name = "elsewhere".to_owned();
        repair_roll(self.here.path(), Some(&OtherCopy { roll, name }))
    }
}

fn files_of(folder: &Path) -> Files {
    let files = walk(folder).unwrap().into_iter();
    let named = files.map(|path| {
        let name = path.strip_prefix(folder).unwrap().to_owned();
        (name, fs::read(path).unwrap())
    });
    named.collect()
}

/// Lays a ledger out in a folder of its own, without waiting for the disk.
fn laid_out(ledger: &Files) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in ledger {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn entries(folder: &Path) -> Vec<Entry> {
    let reader = RollReader::open(folder).unwrap();
    let entries = reader.entries(Seq::FIRST);
    entries.map(|item| item.unwrap().1).collect()
}

/// Returns what is in a folder, but for the lock.
fn contents(folder: &Path) -> Files {
    let mut files = files_of(folder);
    files.retain(|(name, _)| name != Path::new("lock"));
    files
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

/// Spoils one body of those in the bundle.
fn spoil_body(folder: &Path, at: usize) {
    change_slots(folder, BODIES, |slots| match &mut slots[at] {
        Slot::Body { body, .. } => body[0] ^= 1,
        other => panic!("no body: {other:?}"),
    });
}

fn change_slots(folder: &Path, file: &str, change: impl Fn(&mut Vec<Slot>)) {
    let path = folder.join(file);
    let mut slots = decode_body_bundle(&fs::read(&path).unwrap()).unwrap();
    change(&mut slots);
    fs::write(&path, encode_body_bundle(&slots)).unwrap();
}

/// Spoils one entry of those in the bundle: the hash of its body, say.
fn spoil_entry(folder: &Path, at: usize) {
    let path = folder.join(ENTRIES);
    let bytes = fs::read(&path).unwrap();
    let entries = decode_entry_bundle(&bytes).unwrap();
    let mut entries: Vec<_> = entries.into_iter().map(<[u8]>::to_vec).collect();
    *entries[at].last_mut().unwrap() ^= 1;
    fs::write(
        &path,
        encode_entry_bundle(entries.iter().map(Vec::as_slice)),
    )
    .unwrap();
}

fn places(findings: &[Finding], code: &str) -> Vec<(u64, u64)> {
    let of_it = findings.iter().filter(|finding| finding.code == code);
    let places = of_it.map(|finding| finding.entries.unwrap());
    places
        .map(|(first, last)| (first.get(), last.get()))
        .collect()
}

/// Makes sure that a repair was refused, and that nothing was changed by it.
fn refused(two: &Two) -> RepairError {
    let before = contents(two.here.path());
    let error = two.repair().unwrap_err();
    assert!(contents(two.here.path()) == before, "something was changed");
    error
}

#[test]
fn whatever_is_lost_in_both_own_copies_comes_back_from_a_copy_elsewhere() {
    for file in [TAIL, ENTRIES, BODIES, TILE, "roll/checkpoint"] {
        for at in [150, 700, 1300] {
            let two = Two::alike();
            two.remove(&["store"]);
            let path = two.here.path().join(file);
            let before = entries(two.there.path());
            flip(&path, at.min(fs::read(&path).unwrap().len() - 1));

            let repaired = two.repair().unwrap();

            assert_eq!(entries(two.here.path()), before, "{file} {at}");
            assert_eq!(codes(&repaired.left), Vec::<&str>::new(), "{file} {at}");
            assert!(!verify(two.here.path()).is_damaged(), "{file} {at}");
            assert!(
                two.here.path().join("roll.damaged-1").exists(),
                "{file} {at}"
            );
            assert!(!two.here.path().join("repair.new").exists());
        }
    }
}

#[test]
fn any_files_of_the_roll_may_be_gone_and_each_merge_gives_the_same_roll() {
    let files = [TAIL, ENTRIES, BODIES, TILE, "roll/checkpoint", "checkpoint"];
    for chosen in 0..1_u32 << files.len() {
        let two = Two::alike();
        two.remove(&["store"]);
        let gone = files
            .iter()
            .enumerate()
            .filter(|(at, _)| chosen >> at & 1 == 1);
        let gone: Vec<_> = gone.map(|(_, file)| *file).collect();
        two.remove(&gone);
        let nothing_left = [ENTRIES, TILE, "roll/checkpoint", "checkpoint", TAIL];

        let outcome = two.repair();

        if nothing_left.iter().all(|file| gone.contains(file)) {
            let unproven = matches!(outcome, Err(RepairError::Unproven { .. }));
            assert!(unproven, "{gone:?}: {outcome:?}");
            continue;
        }
        outcome.unwrap_or_else(|error| panic!("{gone:?}: {error}"));
        assert_eq!(
            entries(two.here.path()),
            entries(two.there.path()),
            "{gone:?}"
        );
        assert!(!verify(two.here.path()).is_damaged(), "{gone:?}");
    }
}

#[test]
fn what_was_taken_is_named_entry_by_entry_and_body_by_body() {
    let two = Two::alike();
    two.remove(&["store"]);
    spoil_entry(two.here.path(), 8);
    for at in [13, 14, 16] {
        spoil_body(two.here.path(), at);
    }

    let repaired = two.repair().unwrap();

    assert_eq!(places(&repaired.done, "entries-restored"), [(8, 8)]);
    assert_eq!(
        places(&repaired.done, "bodies-restored"),
        [(13, 14), (16, 16)]
    );
}

#[test]
fn a_ledger_of_which_only_the_checkpoint_is_left_comes_back_as_far_as_that_goes_and_on() {
    let two = Two::alike();
    two.remove(&["roll", "store", "store.mark"]);

    let repaired = two.repair().unwrap();

    assert_eq!(entries(two.here.path()), entries(two.there.path()));
    assert_eq!(places(&repaired.done, "entries-restored"), [(0, 17)]);
    assert_eq!(places(&repaired.done, "tail-restored"), [(18, 38)]);
}

#[test]
fn where_nothing_is_left_that_proves_it_a_copy_is_not_taken() {
    let two = Two::alike();
    two.remove(&["roll", "store", "checkpoint"]);

    let error = refused(&two);

    assert!(matches!(error, RepairError::Unproven { .. }), "{error:?}");
}

#[test]
fn a_checkpoint_of_another_ledger_proves_nothing() {
    let two = Two::alike();
    two.remove(&["roll", "store"]);
    let checkpoint = two.here.path().join("checkpoint");
    let text = fs::read_to_string(&checkpoint).unwrap();
    let mut lines: Vec<_> = text.split('\n').map(str::to_owned).collect();
    lines[2] = chancery_chain::tree::leaf_hash(b"another").to_string();
    fs::write(&checkpoint, lines.join("\n")).unwrap();

    let error = refused(&two);

    assert!(matches!(error, RepairError::Unproven { .. }), "{error:?}");
}

#[test]
fn a_whole_ledger_is_left_alone_by_a_copy_that_has_no_more() {
    for truncated in [false, true] {
        let two = Two::alike();
        if truncated {
            fs::remove_file(two.there.path().join(TAIL)).unwrap();
        }
        let before = contents(two.here.path());

        let repaired = two.repair().unwrap();

        assert_eq!(codes(&repaired.done), ["nothing-to-repair"]);
        assert_eq!(codes(&repaired.left), Vec::<&str>::new());
        assert!(contents(two.here.path()) == before);
    }
}

/// A ledger that was put back from a backup, and a copy of what it was before.
fn put_back() -> (Two, Store, Clerk) {
    let there = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = new_store(there.path());
    store.append(&clerk.records(12)).unwrap();
    checkpoint(&mut store, &clerk);
    store.append(&clerk.records(3)).unwrap();
    let here = tempfile::tempdir().unwrap();
    copy_folder(there.path(), here.path()).unwrap();
    store.append(&clerk.records(7)).unwrap();
    checkpoint(&mut store, &clerk);
    store.append(&clerk.records(2)).unwrap();
    (Two { here, there }, store, clerk)
}

#[test]
fn what_goes_on_under_the_ledgers_own_keys_is_taken_with_its_checkpoint() {
    let (two, store, _) = put_back();
    drop(store);

    let repaired = two.repair().unwrap();

    assert_eq!(places(&repaired.done, "tail-restored"), [(22, 32)]);
    assert_eq!(entries(two.here.path()), entries(two.there.path()));
    let checkpoint = |two: &TempDir| fs::read(two.path().join("checkpoint")).unwrap();
    assert_eq!(checkpoint(&two.here), checkpoint(&two.there));
    repair_store(two.here.path(), &*by_body()).unwrap();
    assert_eq!(reopen(two.here.path()).0.head().size, Size::new(33));
}

#[test]
fn of_a_copy_that_breaks_off_in_the_middle_of_a_submission_the_whole_ones_are_taken() {
    let (two, store, _) = put_back();
    drop(store);
    let tail = two.there.path().join(TAIL);
    let bytes = fs::read(&tail).unwrap();
    fs::write(&tail, &bytes[..bytes.len().min(300)]).unwrap();

    let repaired = two.repair().unwrap();

    assert_eq!(places(&repaired.done, "tail-restored"), [(22, 29)]);
    assert_eq!(repaired.report.size, Size::new(30));
}

#[test]
fn what_a_copy_without_bodies_goes_on_with_is_not_taken_and_that_is_said() {
    let (two, store, _) = put_back();
    drop(store);
    fs::remove_dir_all(two.there.path().join("roll/bodies")).unwrap();
    fs::write(two.there.path().join("roll/without-bodies"), b"").unwrap();
    let before = entries(two.here.path());

    let repaired = two.repair().unwrap();

    assert_eq!(codes(&repaired.done), ["nothing-to-repair"]);
    assert_eq!(places(&repaired.left, "copy-beyond"), [(22, 32)]);
    assert_eq!(entries(two.here.path()), before);
}

#[test]
fn a_copy_without_bodies_gives_the_entries_back_and_a_body_that_is_lost_is_named() {
    let two = Two::alike();
    two.remove(&["store"]);
    fs::remove_dir_all(two.there.path().join("roll/bodies")).unwrap();
    fs::write(two.there.path().join("roll/without-bodies"), b"").unwrap();
    let before = entries(two.here.path());
    spoil_entry(two.here.path(), 8);

    two.repair().unwrap();
    assert_eq!(entries(two.here.path()), before);

    for at in [9, 10, 14] {
        spoil_body(two.here.path(), at);
    }
    let Err(RepairError::Lost { first, lost, .. }) = two.repair() else {
        panic!("it was repaired");
    };
    assert_eq!(first, Seq::new(9));
    assert_eq!(places(&lost, "body-lost"), [(9, 10), (14, 14)]);
    assert_eq!(places(&lost, "entry-lost"), []);
}

#[test]
fn bodies_that_were_left_out_here_are_fetched_from_a_copy_that_has_them() {
    let two = Two::alike();
    two.remove(&["store", "store.mark", "roll/bodies"]);
    fs::write(two.here.path().join("roll/without-bodies"), b"").unwrap();

    let repaired = two.repair().unwrap();

    assert_eq!(entries(two.here.path()), entries(two.there.path()));
    assert_eq!(repaired.report.worst(), None);
}

#[test]
fn damage_here_and_there_is_made_good_as_long_as_it_is_not_in_the_same_place() {
    let two = Two::alike();
    two.remove(&["store"]);
    let before = entries(two.here.path());
    spoil_entry(two.here.path(), 8);
    spoil_entry(two.there.path(), 12);
    flip(&two.there.path().join(BODIES), 60);
    flip(&two.there.path().join(TILE), 100);
    flip(&two.there.path().join(TAIL), 200);

    two.repair().unwrap();

    assert_eq!(entries(two.here.path()), before);
}

#[test]
fn an_entry_altered_in_the_copy_is_not_taken_and_what_is_lost_is_named() {
    let two = Two::alike();
    two.remove(&["store"]);
    spoil_entry(two.here.path(), 8);
    spoil_entry(two.there.path(), 8);

    let error = refused(&two);

    let RepairError::Lost {
        first, lost, place, ..
    } = error
    else {
        panic!("{error:?}");
    };
    assert_eq!((first, place.as_deref()), (Seq::new(8), Some("elsewhere")));
    assert_eq!(places(&lost, "entry-lost"), [(8, 8)]);
}

#[test]
fn every_changed_byte_of_the_copy_is_repaired_around_or_said_to_be_lost() {
    let whole = Two::alike();
    let before = entries(whole.here.path());
    for file in [TAIL, ENTRIES, BODIES, TILE, "roll/checkpoint"] {
        let bytes = fs::read(whole.there.path().join(file)).unwrap();
        let used = bytes.iter().rposition(|byte| *byte != 0).unwrap();
        for at in (0..used).step_by(151) {
            let two = Two::alike();
            two.remove(&["store"]);
            spoil_entry(two.here.path(), 8);
            spoil_body(two.here.path(), 13);
            let mut changed = bytes.clone();
            changed[at] ^= 0x41;
            fs::write(two.there.path().join(file), changed).unwrap();

            match two.repair() {
                Ok(_) => assert_eq!(entries(two.here.path()), before, "{file} {at}"),
                Err(RepairError::Lost { lost, .. }) => {
                    let named = lost.iter().all(|lost| lost.severity == Severity::Damage);
                    assert!(named && !lost.is_empty(), "{file} {at}");
                }
                Err(other) => panic!("{file} {at}: {other}"),
            }
        }
    }
}

#[test]
fn a_copy_of_another_ledger_is_refused_by_its_name() {
    let two = Two::alike();
    let there = tempfile::tempdir().unwrap();
    let mut clerk = Clerk::of("archive.example/others");
    let mut store = Store::create(there.path(), &clerk.founding(), by_body()).unwrap();
    store.append(&clerk.records(30)).unwrap();
    let two = Two { there, ..two };

    for lost in [&[][..], &["roll", "store", "store.mark"]] {
        two.remove(lost);
        let error = refused(&two).to_string();

        assert_eq!(
            error,
            "elsewhere is a copy of archive.example/others, and this ledger is \
             archive.example/tests; nothing was changed"
        );
    }
}

/// Two writers that went on from one backup, with the same keys.
fn forked(here: u64, there: u64) -> Two {
    let backup = tempfile::tempdir().unwrap();
    let (mut store, mut clerk) = new_store(backup.path());
    store.append(&clerk.records(12)).unwrap();
    checkpoint(&mut store, &clerk);
    drop(store);
    let two = Two::of(&files_of(backup.path()));
    for (folder, count) in [(&two.here, here), (&two.there, there)] {
        let (mut store, _) = reopen(folder.path());
        let mut clerk = Clerk::new();
        clerk.head = store.head();
        store.append(&clerk.records(count)).unwrap();
        store.append(&clerk.records(2)).unwrap();
    }
    two
}

#[test]
fn a_copy_with_another_history_is_refused_and_where_it_parts_is_said() {
    for (here, there) in [(4, 9), (9, 4)] {
        let two = forked(here, there);

        let error = refused(&two);

        assert_eq!(
            error.to_string(),
            "elsewhere has another history: from entry 22 on its entries are not those here; \
             nothing was changed"
        );
    }
}

#[test]
fn another_history_does_not_take_the_place_of_one_that_is_damaged() {
    let (here, there) = (4, 9);
    let used = |two: &Two| {
        let tail = fs::read(two.here.path().join(TAIL)).unwrap();
        tail.iter().rposition(|byte| *byte != 0).unwrap()
    };
    let length = used(&forked(here, there));
    for at in (64..length).step_by(83) {
        let two = forked(here, there);
        two.remove(&["store"]);
        flip(&two.here.path().join(TAIL), at);

        let error = refused(&two);

        assert!(
            matches!(error, RepairError::OtherHistory { .. }),
            "{at}: {error}"
        );
    }
}

#[test]
fn another_history_under_the_checkpoint_that_is_left_is_refused() {
    let two = forked(4, 9);
    let (mut store, _) = reopen(two.here.path());
    let mut clerk = Clerk::new();
    clerk.head = store.head();
    checkpoint(&mut store, &clerk);
    drop(store);
    two.remove(&[
        "store",
        "store.mark",
        TAIL,
        "roll/tile",
        "roll/bodies",
        "roll/checkpoint",
    ]);
    let bundles = two.there.path().join("roll/tile/entries/000.p");
    let kept = two.here.path().join("roll/tile/entries/000.p");
    copy_folder(&bundles, &kept).unwrap();

    let error = refused(&two);

    assert!(
        matches!(error, RepairError::OtherCheckpoint { size, .. } if size.get() == 26),
        "{error:?}"
    );
}

#[test]
fn what_no_key_of_this_ledger_signed_is_not_taken() {
    let (two, mut store, clerk) = put_back();
    let mut stranger = Clerk::with_key(9);
    stranger.head = clerk.head;
    store.append(&stranger.records(5)).unwrap();
    drop(store);

    let repaired = two.repair().unwrap();

    assert_eq!(repaired.report.size, Size::new(33));
    assert_eq!(places(&repaired.left, "copy-beyond"), [(33, 38)]);
}

#[test]
fn a_key_that_enrols_itself_signs_nothing() {
    let (two, mut store, clerk) = put_back();
    let mut stranger = Clerk::with_key(9);
    stranger.head = clerk.head;
    store.append(&stranger.self_enrolled()).unwrap();
    drop(store);

    let repaired = two.repair().unwrap();

    assert_eq!(repaired.report.size, Size::new(33));
    assert_eq!(places(&repaired.left, "copy-beyond"), [(33, 34)]);
}

fn expunging(clerk: &mut Clerk, seq: u64) -> Vec<Entry> {
    clerk.sealed(vec![Draft::Act(Act::Expunge(Expunging {
        seq: Seq::new(seq),
        id: String::new(),
        authority: "decision-12".to_owned(),
        reason: "names a person under protection".to_owned(),
    }))])
}

#[test]
fn a_body_that_the_copy_still_holds_and_was_expunged_here_does_not_come_back() {
    let two = Two::alike();
    let (store, _) = reopen(two.here.path());
    let mut clerk = Clerk::new();
    clerk.head = store.head();
    let (store, _) = store
        .expunge(&expunging(&mut clerk, 9), Vec::new())
        .unwrap();
    drop(store);
    two.remove(&["store"]);
    let before = entries(two.here.path());
    change_slots(two.here.path(), "roll/bodies/000.p/41", |slots| {
        slots[9] = Slot::Expunged(Seq::new(99));
        slots[8] = slots[7].clone();
    });

    two.repair().unwrap();

    assert_eq!(entries(two.here.path()), before);
}

#[test]
fn what_the_copy_says_was_expunged_goes_here_too() {
    let (two, store, mut clerk) = put_back();
    let (store, _) = store
        .expunge(&expunging(&mut clerk, 9), Vec::new())
        .unwrap();
    drop(store);
    let words = b"what was said in 9";
    let holds = |path: &PathBuf| {
        let bytes = fs::read(path).unwrap();
        bytes.windows(words.len()).any(|part| part == words)
    };
    assert!(walk(two.here.path()).unwrap().iter().any(holds));

    two.repair().unwrap();
    repair_store(two.here.path(), &*by_body()).unwrap();

    assert_eq!(entries(two.here.path()), entries(two.there.path()));
    let held: Vec<_> = walk(two.here.path())
        .unwrap()
        .into_iter()
        .filter(holds)
        .collect();
    assert_eq!(held, Vec::<PathBuf>::new());
}

#[test]
fn a_body_is_not_brought_back_that_an_expunging_names_which_cannot_be_taken_itself() {
    let (two, store, mut clerk) = put_back();
    let (store, _) = store
        .expunge(&expunging(&mut clerk, 9), Vec::new())
        .unwrap();
    drop(store);
    let bodies = two.there.path().join("roll/bodies");
    fs::remove_dir_all(bodies).unwrap();

    let repaired = two.repair().unwrap();
    assert_eq!(
        codes(&repaired.done),
        ["nothing-to-repair"],
        "it stays where it lies"
    );

    spoil_body(two.here.path(), 9);
    let Err(RepairError::Lost { first, lost, .. }) = two.repair() else {
        panic!("the store gave it back");
    };
    assert_eq!(first, Seq::new(9));
    assert_eq!(places(&lost, "body-lost"), [(9, 9)]);
}

#[test]
fn a_made_up_expunging_in_the_copy_destroys_nothing() {
    let two = Two::alike();
    let before = entries(two.here.path());
    change_slots(two.there.path(), BODIES, |slots| {
        slots[9] = Slot::Expunged(Seq::new(30));
    });
    let mut stranger = Clerk::with_key(9);
    let (mut store, _) = reopen(two.there.path());
    stranger.head = store.head();
    store.append(&expunging(&mut stranger, 10)).unwrap();
    drop(store);
    flip(&two.here.path().join(TILE), 100);

    two.repair().unwrap();

    assert_eq!(entries(two.here.path()), before);
}

#[test]
fn files_that_are_longer_than_they_can_be_are_not_read() {
    let two = Two::alike();
    for long in [BODIES, TILE, TAIL, "roll/checkpoint"] {
        let file = fs::File::create(two.there.path().join(long)).unwrap();
        file.set_len(1 << 40).unwrap();
    }
    let before = entries(two.here.path());
    two.remove(&["store"]);
    spoil_entry(two.here.path(), 8);

    let repaired = two.repair().unwrap();

    assert_eq!(entries(two.here.path()), before);
    assert_eq!(codes(&repaired.left), ["copy-damaged"]);
}

#[test]
fn a_copy_that_claims_to_be_endless_is_looked_for_in_vain_and_not_for_ever() {
    let two = Two::alike();
    let far = two.there.path().join("roll/tile/entries/x999/x999");
    fs::create_dir_all(&far).unwrap();
    fs::write(far.join("000"), b"").unwrap();
    fs::remove_file(two.there.path().join(TAIL)).unwrap();

    let error = refused(&two);

    assert!(matches!(error, RepairError::Unreadable { .. }), "{error:?}");
}

#[test]
fn a_place_of_which_nothing_can_be_read_does_no_harm() {
    let two = Two::alike();
    two.remove(&["store"]);
    spoil_entry(two.here.path(), 8);
    fs::remove_dir_all(two.there.path().join("roll")).unwrap();
    fs::create_dir(two.there.path().join("roll")).unwrap();

    let error = refused(&two);

    assert!(matches!(error, RepairError::Unreadable { .. }), "{error:?}");
}
