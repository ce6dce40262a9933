//! A proof file with a changed byte, a line less, or a line twice: it is refused.

use chancery_chain::note::VerifierKey;
use chancery_chain::proof::ProofFile;
use serde_json::json;

use crate::corpus::{self, Case, Corpus};
use crate::ledger::{Ledger, Random};
use crate::prototype;

/// Where a proof file's parts end: the parts' names, and how many bytes they have.
fn regions(proof: &str) -> Vec<(&'static str, usize)> {
    let (head, note) = proof
        .split_once("\n\n")
        .expect("a proof and its checkpoint");
    let (text, signatures) = note
        .split_once("\n\n")
        .expect("a checkpoint and its signatures");
    let mut regions: Vec<_> = head
        .split_inclusive('\n')
        .enumerate()
        .map(|(line, text)| {
            let name = ["proof: first line", "proof: extra", "proof: index"];
            (*name.get(line).unwrap_or(&"proof: hash"), text.len())
        })
        .collect();
    regions.push(("proof: empty line", 2));
    let names = ["origin", "size", "root"].map(|line| match line {
        "origin" => "proof: checkpoint's origin",
        "size" => "proof: checkpoint's size",
        _ => "proof: checkpoint's root",
    });
    regions.extend(
        names
            .into_iter()
            .zip(text.split_inclusive('\n').map(str::len)),
    );
    regions.push(("proof: empty line", 2));
    regions.push(("proof: signature", signatures.len()));
    regions
}

fn is_refused(bytes: &[u8], key: &VerifierKey) -> bool {
    let proof = ProofFile::parse(bytes);
    !proof.is_ok_and(|proof| proof.check(std::slice::from_ref(key)).is_ok())
}

fn key_of(ledger: &Ledger) -> VerifierKey {
    let answer = ledger.run(&["key", "list", "--json"], "").json();
    let keys = answer["keys"].as_array().expect("keys");
    let log = keys.iter().find(|key| key["role"] == "log");
    let text = log.and_then(|key| key["verifier"].as_str());
    text.expect("a verifier key")
        .parse()
        .expect("a verifier key")
}

#[test]
fn every_changed_byte_of_a_proof_file_is_refused() {
    let mut random = Random::seeded("TAMPER_SEED", 19_690_523);
    let ledger = prototype();
    let key = key_of(&ledger);
    let proof = ledger
        .run(&["prove", "said-3"], "")
        .succeeded()
        .answer
        .clone();
    let mut corpus = Corpus::of("proof");
    corpus.file("proof", proof.as_bytes());
    corpus.file("key", key.to_string().as_bytes());
    assert!(!is_refused(proof.as_bytes(), &key));

    let (mut start, mut passed) = (0, Vec::new());
    for (class, length) in regions(&proof) {
        for at in start..start + length {
            let mask = u8::try_from(1 + random.below(255)).expect("a byte");
            let mut changed = proof.clone().into_bytes();
            changed[at] ^= mask;
            if !is_refused(&changed, &key) {
                passed.push((class, at, mask));
            }
            let edits = vec![corpus::flip("proof", at, mask)];
            let (file, entries, damage) = ("proof", &[][..], true);
            corpus.add(
                "",
                &Case {
                    class,
                    edits,
                    file,
                    entries,
                    damage,
                },
            );
        }
        start += length;
    }

    println!("{start} bytes changed in a proof file");
    assert_eq!(start, proof.len(), "every byte has its region");
    assert_eq!(passed, []);
}

#[test]
fn a_proof_file_with_a_line_less_or_twice_is_refused() {
    let ledger = prototype();
    let key = key_of(&ledger);
    let proof = ledger
        .run(&["prove", "said-3"], "")
        .succeeded()
        .answer
        .clone();
    let lines: Vec<&str> = proof.split_inclusive('\n').collect();
    let mut corpus = Corpus::of("proof-lines");
    corpus.file("proof", proof.as_bytes());
    corpus.file("key", key.to_string().as_bytes());

    for place in 0..lines.len() {
        let mut less = lines.clone();
        less.remove(place);
        let mut twice = lines.clone();
        twice.insert(place, lines[place]);
        // The same signature twice is still the log's signature.
        let last = place == lines.len() - 1;
        for (class, changed) in [("proof: line less", less), ("proof: line twice", twice)] {
            let changed = changed.concat();
            if class == "proof: line twice" && last {
                continue;
            }

            assert!(is_refused(changed.as_bytes(), &key), "{class} at {place}");

            let hex = chancery_chain::Hex(changed.as_bytes()).to_string();
            let edits = vec![json!({ "file": "proof", "bytes": hex })];
            let (file, entries, damage) = ("proof", &[][..], true);
            corpus.add(
                "",
                &Case {
                    class,
                    edits,
                    file,
                    entries,
                    damage,
                },
            );
        }
    }
}
