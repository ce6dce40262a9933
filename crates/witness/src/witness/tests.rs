//! Tests of the witness: what it cosigns, what it refuses, and what it never forgets.

use std::sync::{Arc, Barrier};
use std::thread;

use chancery_chain::note::parse_signatures;
use tempfile::TempDir;

use super::*;
use crate::testing::{Log, at, cosigner, key, witness};

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    Memory::create(folder.path()).unwrap();
    folder
}

/// Whether a witness cosigned this note at this second.
fn is_cosigned(answer: &Answer, note: &Note, second: u64) -> bool {
    let Answer::Cosigned(line) = answer else {
        return false;
    };
    let mut cosigned = Note::new(note.text()).unwrap();
    cosigned.add(line.clone());
    let own = cosigner();
    let signers = cosigned.signers(&[&own]).unwrap();
    signers[0].seen == Some(at(second))
}

#[test]
fn a_log_that_only_grows_is_cosigned_at_every_step() {
    let (folder, log) = (folder(), Log::grown(1, 300));
    let witness = witness(folder.path());
    let mut old = 0;

    for (second, size) in (10..).zip([1, 2, 3, 7, 8, 8, 64, 65, 300, 300]) {
        let answer = witness.add(&log.body(old, size), at(second));
        assert!(
            is_cosigned(&answer, &log.note(size), second),
            "{old} to {size}: {answer:?}"
        );
        old = size;
    }
}

#[test]
fn an_empty_log_can_be_witnessed_and_then_grow() {
    let (folder, log) = (folder(), Log::grown(1, 3));
    let witness = witness(folder.path());

    let empty = witness.add(&log.body(0, 0), at(1));
    let grown = witness.add(&log.body(0, 3), at(2));

    assert!(is_cosigned(&empty, &log.note(0), 1));
    assert!(is_cosigned(&grown, &log.note(3), 2));
}

#[test]
fn a_tree_without_leaves_has_one_root_and_a_cosignature_a_time() {
    let (folder, log) = (folder(), Log::grown(1, 3));
    let witness = witness(folder.path());
    let text = log.note(3).text().replace("\n3\n", "\n0\n");
    let note = Note::new(&text)
        .unwrap()
        .signed(crate::testing::ORIGIN, &key(1))
        .unwrap();
    let none = AddCheckpoint::new(Size::EMPTY, Vec::new(), note).unwrap();

    let rooted = witness.add(none.to_string().as_bytes(), at(1));
    let timeless = witness.add(&log.body(0, 3), Instant::from_micros(999_999));

    assert!(matches!(rooted, Answer::Inconsistent(_)), "{rooted:?}");
    assert_eq!(timeless, Answer::Failed);
    assert_eq!(witness.seen().unwrap()[0].1, None);
}

#[test]
fn another_old_size_is_answered_with_the_one_that_was_seen() {
    let (folder, log) = (folder(), Log::grown(1, 9));
    let witness = witness(folder.path());
    assert_eq!(
        witness.add(&log.body(3, 9), at(1)),
        Answer::Conflict(Size::EMPTY)
    );
    witness.add(&log.body(0, 5), at(1));

    for old in [0, 3, 7, 9] {
        assert_eq!(
            witness.add(&log.body(old, 9), at(2)),
            Answer::Conflict(Size::new(5))
        );
    }
}

#[test]
fn a_rollback_and_a_fork_are_refused_and_change_nothing() {
    let (folder, log) = (folder(), Log::grown(1, 20));
    let witness = witness(folder.path());
    witness.add(&log.body(0, 9), at(1));
    let fork = log.forked(5, 2, 20);

    let back = witness.add(&log.body(0, 5), at(2));
    let beside = witness.add(&fork.body(9, 9), at(2));
    let beyond = witness.add(&fork.body(9, 20), at(2));

    assert_eq!(back, Answer::Conflict(Size::new(9)));
    assert!(matches!(beside, Answer::Inconsistent(_)), "{beside:?}");
    assert!(matches!(beyond, Answer::Inconsistent(_)), "{beyond:?}");
    let on = witness.add(&log.body(9, 20), at(3));
    assert!(is_cosigned(&on, &log.note(20), 3));
}

#[test]
fn of_two_checkpoints_of_one_size_the_second_is_kept_as_evidence() {
    let (folder, log) = (folder(), Log::grown(1, 9));
    let witness = witness(folder.path());
    witness.add(&log.body(0, 9), at(1));
    let other = Log::grown(2, 9);

    witness.add(&other.body(0, 9), at(2));
    witness.add(&other.body(0, 9), at(3));

    let kept: Vec<_> = std::fs::read_dir(folder.path().join("evidence"))
        .unwrap()
        .collect();
    assert_eq!(kept.len(), 1);
    let bytes = std::fs::read(kept[0].as_ref().unwrap().path()).unwrap();
    assert_eq!(Note::parse(&bytes), Ok(other.note(9)));
}

#[test]
fn a_proof_that_is_none_is_refused() {
    let (folder, log) = (folder(), Log::grown(1, 9));
    let witness = witness(folder.path());
    witness.add(&log.body(0, 5), at(1));
    let good = log.request(5, 9);
    let mut cut = good.clone();
    cut.proof.pop();
    let mut changed = good.clone();
    changed.proof[0] = empty_root();
    let mut longer = good.clone();
    longer.proof.push(empty_root());
    let mut again = log.request(5, 5);
    again.proof.push(empty_root());

    for request in [cut, changed, longer, again] {
        let answer = witness.add(request.to_string().as_bytes(), at(2));
        assert!(matches!(answer, Answer::Inconsistent(_)), "{answer:?}");
    }
    let fresh = self::folder();
    let new = crate::testing::witness(fresh.path());
    let mut first = log.request(0, 5);
    first.proof.push(empty_root());
    let answer = new.add(first.to_string().as_bytes(), at(2));
    assert!(matches!(answer, Answer::Inconsistent(_)), "{answer:?}");
}

#[test]
fn unknown_logs_and_other_keys_are_told_apart() {
    let (folder, log) = (folder(), Log::grown(1, 5));
    let witness = witness(folder.path());
    let by_another = AddCheckpoint::new(Size::EMPTY, Vec::new(), log.signed(5, 2)).unwrap();
    let text = log.note(5).text().replace("/test", "/other");
    let other = Note::new(&text)
        .unwrap()
        .signed("archive.example/test", &key(1))
        .unwrap();
    let unknown = AddCheckpoint::new(Size::EMPTY, Vec::new(), other).unwrap();
    let forged = log.request(0, 5).to_string().replace("\n5\n", "\n6\n");

    let answer = |body: &str| witness.add(body.as_bytes(), at(1));

    assert_eq!(answer(&by_another.to_string()), Answer::Unsigned);
    assert_eq!(answer(&unknown.to_string()), Answer::Unknown);
    assert_eq!(answer(&forged), Answer::Unsigned);
    assert!(matches!(answer("old 0"), Answer::Malformed(_)));
    let larger = AddCheckpoint::new(Size::new(6), Vec::new(), log.note(5)).unwrap();
    assert!(matches!(answer(&larger.to_string()), Answer::Malformed(_)));
    assert_eq!(witness.seen().unwrap(), [(crate::testing::ORIGIN, None)]);
}

#[test]
fn what_was_cosigned_is_remembered_by_whoever_comes_after() {
    let (folder, log) = (folder(), Log::grown(1, 9));
    witness(folder.path()).add(&log.body(0, 9), at(1));

    let after = witness(folder.path());

    assert_eq!(
        after.add(&log.body(0, 5), at(2)),
        Answer::Conflict(Size::new(9))
    );
    let seen = after.seen().unwrap();
    assert_eq!(seen[0].1.as_ref().map(Checkpoint::size), Some(Size::new(9)));
}

#[test]
fn a_memory_that_was_altered_cosigns_nothing_more() {
    let (folder, log) = (folder(), Log::grown(1, 9));
    witness(folder.path()).add(&log.body(0, 9), at(1));
    let file = std::fs::read_dir(folder.path().join("logs"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let text = std::fs::read_to_string(file.path()).unwrap();
    for altered in [
        text.replace("\n9\n", "\n4\n"),
        log.note(5).to_string(),
        String::new(),
    ] {
        std::fs::write(file.path(), altered).unwrap();

        let witness = witness(folder.path());

        assert_eq!(witness.add(&log.body(0, 5), at(2)), Answer::Failed);
        assert!(matches!(witness.seen(), Err(MemoryError::Damaged { .. })));
    }
}

#[test]
fn a_folder_is_made_once_and_held_by_one() {
    let folder = folder();
    let empty = TempDir::new().unwrap();
    let held = Memory::open(folder.path()).unwrap();

    assert!(matches!(
        Memory::create(folder.path()),
        Err(MemoryError::Exists { .. })
    ));
    assert!(matches!(
        Memory::open(folder.path()),
        Err(MemoryError::Held { .. })
    ));
    assert!(matches!(
        Memory::open(empty.path()),
        Err(MemoryError::NotOne { .. })
    ));
    drop(held);
    assert!(Memory::open(folder.path()).is_ok());
}

#[test]
fn of_two_histories_asked_for_at_once_one_is_cosigned() {
    let folder = folder();
    let witness = Arc::new(witness(folder.path()));
    let log = Log::grown(1, 30);
    let fork = log.forked(7, 2, 30);
    witness.add(&log.body(0, 7), at(1));
    let (many, start) = (16, Arc::new(Barrier::new(16)));

    let askers: Vec<_> = (0..many)
        .map(|number| {
            let side = if number % 2 == 0 { &log } else { &fork };
            let (body, note) = (side.body(7, 30), side.note(30));
            let (witness, start) = (Arc::clone(&witness), Arc::clone(&start));
            thread::spawn(move || {
                start.wait();
                let answer = witness.add(&body, at(2));
                is_cosigned(&answer, &note, 2).then_some(note)
            })
        })
        .collect();
    let cosigned: Vec<Note> = askers
        .into_iter()
        .filter_map(|asker| asker.join().unwrap())
        .collect();

    assert_eq!(cosigned.len(), 1);
    let last = witness.seen().unwrap().remove(0).1.unwrap();
    assert_eq!(last.to_string(), cosigned[0].text());
}

#[test]
fn the_published_exchanges_come_out_as_they_should() {
    let root = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/vectors/litewitness-exchange"
    );
    let path = format!("{root}/sigsum-add-checkpoint.hurl.txt");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: ../shared/vectors/litewitness-exchange is not there");
        return;
    };
    let origin =
        "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562";
    let public: chancery_chain::Hash =
        "ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f"
            .parse()
            .unwrap();
    let public = ed25519_dalek::VerifyingKey::from_bytes(public.as_bytes()).unwrap();
    let log = VerifierKey::new(origin, public).unwrap();
    let folder = folder();
    let memory = Memory::open(folder.path()).unwrap();
    let witness = Witness::new("example.com/witness", Box::new(key(7)), memory)
        .unwrap()
        .knowing(origin, log);
    let exchanges: Vec<&str> = text.split("POST ").skip(1).collect();
    assert_eq!(exchanges.len(), 9);

    for exchange in exchanges {
        let parts: Vec<&str> = exchange.split("```\n").collect();
        let status: u16 = parts[2][5..8].parse().unwrap();

        let answer = witness.add(parts[1].as_bytes(), at(1));

        let found = match &answer {
            Answer::Cosigned(line) => {
                assert!(parse_signatures(&format!("{line}\n")).is_ok());
                200
            }
            // The exchanges are older than the rule that an unknown log is not found.
            Answer::Unsigned | Answer::Unknown => 403,
            // The bad signature is not base64 in its one right spelling either.
            Answer::Malformed(fault) if fault.ends_with("no signed note") => 403,
            Answer::Conflict(size) => {
                assert!(parts[2].contains(&format!("\"{size}\\n\"")), "{size}");
                409
            }
            Answer::Inconsistent(_) => 422,
            Answer::Malformed(_) | Answer::Failed => 0,
        };
        assert_eq!(found, status, "{exchange}: {answer:?}");
    }
}

#[test]
fn a_log_whose_key_has_another_name_is_known_by_its_origin() {
    let root = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/vectors/litewitness-exchange"
    );
    let Ok(text) = std::fs::read_to_string(format!("{root}/sumdb-add-checkpoint.hurl.txt")) else {
        println!("skipped: ../shared/vectors/litewitness-exchange is not there");
        return;
    };
    let log = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
    let folder = folder();
    let memory = Memory::open(folder.path()).unwrap();
    let witness = Witness::new("example.com/witness", Box::new(key(7)), memory)
        .unwrap()
        .knowing("go.sum database tree", log.parse().unwrap());

    let answer = witness.add(text.split("```\n").nth(1).unwrap().as_bytes(), at(1));

    assert!(matches!(answer, Answer::Cosigned(_)), "{answer:?}");
}
