//! A witness that is killed again and again while two histories of one ledger are
//! shown to it cosigns one of them, and never a step back.
//!
//! `KILLED_WITNESS_SEED=N` kills it at other moments.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/ledger.rs"]
mod ledger;
#[path = "support/witness.rs"]
mod witness;

use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use chancery_chain::proof::Consistency;
use chancery_chain::tree::leaf_hash;
use chancery_chain::{Checkpoint, Frontier, Note, Origin, Size, TreeHash, VerifierKey};
use chancery_courier::web;
use chancery_witness::AddCheckpoint;
use ed25519_dalek::SigningKey;
use ledger::Random;
use tempfile::TempDir;

const ORIGIN: &str = "archive.example/killed";
/// How often the witness is killed.
const ROUNDS: u64 = 12;
/// How many leaves the histories share.
const SHARED: u64 = 3;
/// How far each goes.
const LENGTH: u64 = 4_000;

/// One of the histories.
struct History {
    leaves: Vec<TreeHash>,
    key: SigningKey,
}

impl History {
    fn new(side: u64) -> Self {
        let leaf = |place: u64| {
            let side = if place < SHARED { 0 } else { side };
            leaf_hash(format!("{side} {place}").as_bytes())
        };
        Self {
            leaves: (0..LENGTH).map(leaf).collect(),
            key: SigningKey::from_bytes(&[1; 32]),
        }
    }

    fn root(&self, first: u64, end: u64) -> TreeHash {
        let place = |at: u64| usize::try_from(at).expect("a place");
        let mut tree = Frontier::new();
        for leaf in &self.leaves[place(first)..place(end)] {
            tree.push(*leaf);
        }
        tree.root()
    }

    fn request(&self, old: u64, size: u64) -> String {
        let nodes = &mut |level: u32, index: u64| {
            let first = index << level;
            Ok::<_, std::convert::Infallible>(self.root(first, first + (1 << level)))
        };
        let Ok(proof) = Consistency::make(Size::new(old), Size::new(size), nodes);
        let hashes = proof
            .filter(|_| old != size)
            .map_or_else(Vec::new, |proof| proof.hashes);
        let origin = Origin::new(ORIGIN).expect("an origin");
        let checkpoint = Checkpoint::new(&origin, Size::new(size), self.root(0, size));
        let note = checkpoint.sign(&self.key).expect("a signed checkpoint");
        let request = AddCheckpoint::new(Size::new(old), hashes, note);
        request.expect("a request").to_string()
    }
}

/// Returns the size that the witness remembers.
fn remembered(folder: &TempDir) -> u64 {
    let state = std::fs::read_dir(folder.path().join("state/logs")).expect("what it remembers");
    let mut files = state.map(|file| file.expect("a file").path());
    let note = files.find(|path| path.extension().is_none());
    let note = std::fs::read(note.expect("a checkpoint")).expect("a checkpoint");
    let note = Note::parse(&note).expect("a note");
    let checkpoint = Checkpoint::parse(note.text());
    checkpoint.expect("a checkpoint").size().get()
}

/// Shows a history step by step until the witness is gone; returns the sizes that it cosigned.
fn show(history: &History, address: &str, from: u64) -> Vec<u64> {
    let (mut old, mut cosigned) = (from, Vec::new());
    while old + 1 < LENGTH {
        let size = old + 1;
        let body = history.request(old, size).into_bytes();
        let Ok(answer) = web::post(&format!("{address}/add-checkpoint"), "", body, 10_000) else {
            break;
        };
        match answer.status {
            200 => {
                cosigned.push(size);
                old = size;
            }
            409 => {
                let seen = String::from_utf8(answer.body).expect("a size");
                old = seen.trim().parse().expect("a size");
            }
            // Of another history than it saw: that is what it is there for.
            422 => break,
            other => panic!("the witness answers {other}"),
        }
    }
    cosigned
}

#[test]
fn a_witness_that_is_killed_at_any_moment_cosigns_one_history_and_no_step_back() {
    let mut random = Random::seeded("KILLED_WITNESS_SEED", 1);
    let folder = TempDir::new().expect("a folder");
    witness::init(folder.path());
    let histories = [History::new(1), History::new(2)];
    let log = VerifierKey::new(ORIGIN, histories[0].key.verifying_key()).expect("a key");
    let cosigned: [Mutex<Vec<u64>>; 2] = Default::default();

    for _ in 0..ROUNDS {
        let (mut running, address) = witness::start(folder.path(), &log.to_string());
        thread::scope(|scope| {
            for (history, cosigned) in histories.iter().zip(&cosigned) {
                let address = &address;
                scope.spawn(move || {
                    let sizes = show(history, address, 0);
                    cosigned.lock().expect("sizes").extend(sizes);
                });
            }
            thread::sleep(Duration::from_millis(20 + random.below(150)));
            witness::kill(&mut running);
        });
    }

    let cosigned = cosigned.map(|sizes| sizes.into_inner().expect("sizes"));
    let beyond = |sizes: &[u64]| sizes.iter().filter(|size| **size > SHARED).count();
    let counts = cosigned.each_ref().map(|sizes| beyond(sizes));
    assert!(
        counts.contains(&0),
        "both histories were cosigned: {counts:?}"
    );
    assert!(counts.iter().sum::<usize>() > 0, "nothing was cosigned");
    for sizes in &cosigned {
        assert!(
            sizes.is_sorted_by(|one, other| one < other),
            "a step back: {sizes:?}"
        );
    }
    let last = remembered(&folder);
    let most = cosigned.iter().flatten().max().expect("a size");
    // It may have remembered what it did not live to hand out.
    assert!(
        last >= *most && last <= most + ROUNDS,
        "{last} after {most}"
    );
}
