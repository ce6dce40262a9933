//! The published vectors of the tail and the mark: bytes that stay as they are.
//!
//! The files in `tests/vectors` at the root of the project are made here from
//! fixed inputs and compared byte for byte. With `CHANCERY_WRITE_VECTORS=1` a
//! file that is *not there yet* is written; one that is there is never changed.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::PathBuf;

use chancery_chain::seal::{Draft, Entry, Signer, seal, seal_founding};
use chancery_chain::{Hash, Head, Instant, KeyPayload, Kind, Origin, Role, Seq, Size};
use chancery_store::mark::Mark;
use chancery_store::tail::frame::{self, Header};
use chancery_store::tail::parse::parse;
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};

fn hold(name: &str, value: &Value) {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../"));
    let file = root.join("tests/vectors").join(name);
    let text = format!("{}\n", serde_json::to_string_pretty(value).unwrap());
    let asked = std::env::var_os("CHANCERY_WRITE_VECTORS").is_some();
    if asked && !file.exists() {
        std::fs::write(&file, &text).unwrap();
    }
    let held = std::fs::read_to_string(&file).unwrap();
    assert!(
        held == text,
        "{name} differs from what is made now:\n{text}"
    );
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// The head after the founding of the vectors' ledger, and the submission of one
/// record that follows it.
fn submission() -> (Head, Vec<Entry>) {
    let origin = Origin::new("archive.example/vectors").unwrap();
    let key = |seed: u8| SigningKey::from_bytes(&[seed; 32]);
    let enrolment = |role: Role, seed: u8| KeyPayload {
        role,
        key: key(seed).verifying_key(),
        name: format!("{} {seed}", role.name()),
    };
    let keys = [
        enrolment(Role::Log, 1),
        enrolment(Role::Archivist, 2),
        enrolment(Role::Keeper, 3),
    ];
    let start = Instant::from_micros(1_472_256_000_000_000);
    let (_, head) = seal_founding(&origin, &keys, 2, &key(3), start).unwrap();
    let archivist = key(2);
    let signer = Signer {
        origin: &origin,
        seq: Seq::new(2),
        key: &archivist,
    };
    let record = Draft::Record {
        kind: Kind::new(256),
        schema: 1,
        body: b"body of record 1".to_vec(),
        salt: [1; 32],
    };
    let later = Instant::from_micros(start.micros() + 60_000_000);
    let (entries, _) = seal(&head, later, signer, vec![record]).unwrap();
    (head, entries)
}

#[test]
fn the_tail_is_the_published_one() {
    let (head, entries) = submission();
    let header = Header {
        first: head.size.next_seq(),
        previous: head.hash,
    };
    let frame = frame::encode(&entries).unwrap();
    let rows: Vec<_> = entries
        .iter()
        .map(|entry| {
            let mut slot = Vec::new();
            entry.slot.encode_into(&mut slot);
            json!({ "envelope": hex(&entry.envelope), "slot": hex(&slot) })
        })
        .collect();

    hold(
        "store-tail.json",
        &json!({
            "header": {
                "first": header.first.get(),
                "previous": header.previous.to_string(),
                "bytes": hex(&header.encode()),
            },
            "frame": {
                "entries": rows,
                "payload_length": frame::decode_head(&frame).unwrap(),
                "bytes": hex(&frame),
            },
        }),
    );

    let mut tail = header.encode().to_vec();
    tail.extend(&frame);
    tail.resize(4096, 0);
    let read = parse(&tail, Size::EMPTY);
    assert!(read.findings.is_empty());
    assert_eq!(read.frames[0].entries, entries);
}

#[test]
fn the_mark_is_the_published_one() {
    let mark = Mark {
        size: Size::new(300),
        file_length: 524_288,
    };

    hold(
        "store-mark.json",
        &json!({
            "size": 300,
            "file_length": 524_288,
            "bytes": hex(&mark.encode()),
        }),
    );
}

#[test]
fn the_header_of_an_empty_ledger_has_no_previous() {
    let header = Header {
        first: Seq::FIRST,
        previous: Hash::ZERO,
    };

    assert_eq!(Header::decode(&header.encode()), Some(header));
}
