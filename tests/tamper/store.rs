//! The working copy destroyed: the next command that writes says so and makes it
//! again from the roll, without loss.

use std::fs;

use crate::ledger::{Ledger, Random};
use crate::{prototype, said};

/// A way to destroy something, and its name.
type Way = (&'static str, fn(&mut Vec<u8>));

const WAYS: [Way; 4] = [
    ("emptied", Vec::clear),
    ("cut in half", |bytes| bytes.truncate(bytes.len() / 2)),
    ("cut by a byte", |bytes| bytes.truncate(bytes.len() - 1)),
    ("zeroed", |bytes| bytes.fill(0)),
];

#[test]
fn a_store_whose_files_are_lost_or_cut_is_made_again_and_that_is_said() {
    let whole = prototype();
    let mut files = whole.files("store");
    files.push("store.mark".to_owned());
    let mut wrong = Vec::new();

    for file in &files {
        let ledger = whole.copy();
        fs::remove_file(ledger.file(file)).expect("a file of the store");
        let found = fault(&whole, &ledger);
        wrong.extend(found.map(|fault| format!("{file} deleted: {fault}")));
        for (way, change) in WAYS {
            let ledger = whole.copy();
            let mut bytes = ledger.read(file);
            change(&mut bytes);
            ledger.write(file, &bytes);
            wrong.extend(fault(&whole, &ledger).map(|fault| format!("{file} {way}: {fault}")));
        }
    }
    let ledger = whole.copy();
    fs::remove_dir_all(ledger.file("store")).expect("a store");
    wrong.extend(fault(&whole, &ledger).map(|fault| format!("the folder deleted: {fault}")));

    println!(
        "{} ways to destroy {files:?}",
        files.len() * (WAYS.len() + 1) + 1
    );
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Appends to a ledger whose store was destroyed; returns what is not as it should be.
fn fault(whole: &Ledger, ledger: &Ledger) -> Option<String> {
    let ran = ledger.run(&["append", "-", "--json"], &said(990, 5));
    if ran.code != Some(0) {
        return Some(format!("append: exit {:?}: {}", ran.code, ran.said));
    }
    let mut log = ledger.log();
    let last = log.pop();
    if log != whole.log() || last.is_none_or(|last| last["entries"][0]["id"] != "said-990") {
        return Some("something else is recorded".to_owned());
    }
    let (exit, answer) = ledger.verify(&["--store"]);
    if exit != Some(0) || answer["findings"] != serde_json::json!([]) {
        return Some(format!("verify: {answer:#}"));
    }
    let again = ledger.run(&["append", "-"], &said(991, 5));
    if again.code != Some(0) || again.said.contains("made again") {
        return Some(format!("the next append: {}", again.said));
    }
    (!ran.said.contains("made again")).then(|| format!("it is not said: {:?}", ran.said))
}

#[test]
fn a_repair_that_the_system_does_not_let_go_on_says_nothing_of_damage() {
    let ledger = prototype();
    let lock = chancery_store::Lock::take(&ledger.path()).expect("the lock");

    let locked = ledger.run(&["repair"], "");

    assert_eq!(locked.code, Some(4), "{}", locked.said);
    let own = format!("process {}", std::process::id());
    assert!(locked.said.contains(&own), "{}", locked.said);
    assert!(locked.said.contains("try again when it has finished"));
    drop(lock);
    // Whoever may do everything, as in a container, is refused nothing by permissions.
    fs::remove_file(ledger.file("lock")).expect("a lock file");
    fs::create_dir(ledger.file("lock")).expect("a folder in its place");
    let unopened = ledger.run(&["repair"], "");
    assert_eq!(unopened.code, Some(4), "{}", unopened.said);
    assert!(
        unopened.said.starts_with("error: cannot open "),
        "{}",
        unopened.said
    );
    for ran in [locked, unopened] {
        assert!(!ran.said.contains("damaged"), "{}", ran.said);
    }
}

#[test]
fn a_changed_byte_of_the_store_loses_nothing_and_repair_makes_it_good() {
    let mut random = Random::seeded("TAMPER_STORE_SEED", 1_815);
    let whole = prototype();
    let used = whole
        .read("store/db")
        .iter()
        .rposition(|byte| *byte != 0)
        .expect("a store in use");
    let log = whole.log();
    let (mut made_again, mut repaired) = (0, 0);

    for _ in 0..24 {
        let ledger = whole.copy();
        let mut bytes = ledger.read("store/db");
        let at = random.index(used);
        bytes[at] ^= u8::try_from(1 + random.below(255)).expect("a byte");
        ledger.write("store/db", &bytes);

        let ran = ledger.run(&["append", "-"], &said(990, 5));
        made_again += usize::from(ran.said.contains("made again"));
        assert_eq!(ran.code, Some(0), "byte {at}: {}", ran.said);
        assert!(ledger.log().starts_with(&log), "byte {at}");
        let (exit, answer) = ledger.verify(&["--store"]);
        if exit != Some(0) {
            repaired += 1;
            ledger.run(&["repair"], "").succeeded();
            let (exit, again) = ledger.verify(&["--store"]);
            assert_eq!(exit, Some(0), "byte {at}: {answer:#} {again:#}");
        }
    }

    println!("24 bytes changed: {made_again} made again on opening, {repaired} by repair");
}

#[test]
fn the_store_is_verified_without_a_byte_changed_and_not_beside_a_writer() {
    let ledger = prototype();
    // As a reader might find it: whoever verifies may not be able to write it.
    ledger.write("lock", b"process 1\n");
    let lock = ledger.read("lock");

    ledger.run(&["verify", "--store"], "").succeeded();
    assert_eq!(ledger.read("lock"), lock);
    let writer = chancery_store::Lock::take(&ledger.path()).expect("the lock");
    let beside = ledger.run(&["verify", "--store", "--json"], "");
    drop(writer);

    assert_eq!(beside.code, Some(6), "{}", beside.said);
    let beside = beside.json();
    assert_eq!(beside["checked"]["entries"], beside["size"]);
    assert_eq!(beside["findings"][0]["code"], "store-unchecked");
    assert!(
        ledger
            .files("")
            .iter()
            .all(|file| !file.starts_with("store.copy"))
    );
}
