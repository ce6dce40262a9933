//! The published vectors: bytes that this program makes today and must make for ever.
//!
//! The files in `tests/vectors` at the root of the project are made here from
//! fixed inputs and compared byte for byte. With `CHANCERY_WRITE_VECTORS=1` a
//! file that is *not there yet* is written; one that is there is never changed.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write as _;
use std::path::PathBuf;

use chancery_chain::payload::{approval_message, closing_message, sign_closing};
use chancery_chain::proof::{Consistency, Inclusion, ProofFile};
use chancery_chain::seal::{Draft, Entry, Signer, seal, seal_founding};
use chancery_chain::tile::TileBuilder;
use chancery_chain::tree::leaf_hash;
use chancery_chain::{
    Act, ActsHash, Approval, BodyHash, Checkpoint, Closing, Digest, Envelope, Expunging, Frontier,
    Hash, Head, Instant, KeyPayload, Kind, Origin, Quorum, Revocation, Role, Seq, Size, Slot,
    TreeHash, VerifierKey,
};
use ed25519_dalek::{Signature, SigningKey};
use serde_json::{Value, json};

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../"))
}

fn hold(name: &str, value: &Value) {
    let file = root().join("tests/vectors").join(name);
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

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn origin() -> Origin {
    Origin::new("archive.example/vectors").unwrap()
}

fn enrolment(role: Role, seed: u8) -> KeyPayload {
    KeyPayload {
        role,
        key: key(seed).verifying_key(),
        name: format!("{} {seed}", role.name()),
    }
}

fn record(number: u16) -> Draft {
    let digit = u8::try_from(number % 251).unwrap();
    Draft::Record {
        kind: Kind::new(256 + number % 3),
        schema: 1,
        body: format!("body of record {number}").into_bytes(),
        salt: [digit; 32],
    }
}

/// The founding (entries 0 to 4), then submissions of nine records to 300 entries.
fn ledger() -> Vec<Entry> {
    let keys = [
        enrolment(Role::Log, 1),
        enrolment(Role::Archivist, 2),
        enrolment(Role::Keeper, 3),
    ];
    let start = Instant::from_micros(1_472_256_000_000_000);
    let (mut entries, mut head) = seal_founding(&origin(), &keys, 2, &key(3), start).unwrap();
    let mut number = 0;
    while entries.len() < 300 {
        let count = 9.min(300 - entries.len() - 1);
        let drafts = (0..count)
            .map(|_| {
                number += 1;
                record(number)
            })
            .collect();
        let (more, after) = append(&head, drafts);
        entries.extend(more);
        head = after;
    }
    entries
}

fn append(head: &Head, drafts: Vec<Draft>) -> (Vec<Entry>, Head) {
    append_by(2, head, drafts)
}

/// Appends what the key with this seed signs, which entry of that number enrols.
fn append_by(seed: u8, head: &Head, drafts: Vec<Draft>) -> (Vec<Entry>, Head) {
    let (origin, key) = (origin(), key(seed));
    let signer = Signer {
        origin: &origin,
        seq: Seq::new(seed.into()),
        key: &key,
    };
    let at = Instant::from_micros(head.recorded_at.micros() + 60_000_000);
    seal(head, at, signer, drafts).unwrap()
}

fn envelope_row(name: &str, bytes: &[u8]) -> Value {
    let envelope = Envelope::decode(bytes).unwrap();
    json!({
        "name": name,
        "seq": envelope.seq.get(),
        "recorded_at": envelope.recorded_at.micros(),
        "submission": envelope.submission,
        "kind": envelope.kind.get(),
        "schema": envelope.schema,
        "previous": envelope.previous.to_string(),
        "body_length": envelope.body_length,
        "body_hash": envelope.body_hash.to_string(),
        "payload": hex(&envelope.payload),
        "bytes": hex(bytes),
        "hash": Hash::of_envelope(bytes).to_string(),
        "leaf_hash": leaf_hash(bytes).to_hex(),
    })
}

#[test]
fn envelopes_are_the_published_ones() {
    let entries = ledger();
    let opaque = Envelope {
        seq: Seq::new(u64::MAX),
        recorded_at: Instant::from_micros(u64::MAX),
        submission: u64::MAX,
        kind: Kind::new(255),
        schema: 0,
        previous: Hash::from_bytes([0xff; 32]),
        body_length: 0,
        body_hash: BodyHash::ZERO,
        payload: (0..=255).collect(),
    };

    let rows = [
        envelope_row("founding", &entries[0].envelope),
        envelope_row("log key", &entries[1].envelope),
        envelope_row("archivist key", &entries[2].envelope),
        envelope_row("keeper key", &entries[3].envelope),
        envelope_row("closing of the founding", &entries[4].envelope),
        envelope_row("record", &entries[5].envelope),
        envelope_row("closing of records", &entries[14].envelope),
        envelope_row("unknown kind, largest numbers", &opaque.encode()),
    ];
    hold("envelopes.json", &json!({ "envelopes": rows }));
}

#[test]
fn a_message_is_the_published_one() {
    let text = "received with the bag of 27 August";
    let after_founding = Head {
        size: chancery_chain::Size::new(5),
        hash: Hash::of_envelope(&ledger()[4].envelope),
        submissions: 1,
        recorded_at: Instant::from_micros(1_472_256_000_000_000),
    };

    let (entries, _) = append(&after_founding, vec![Draft::Message(text.to_owned())]);

    let row = envelope_row("message", &entries[0].envelope);
    hold("message.json", &json!({ "text": text, "envelope": row }));
}

/// Keeper 3 approves of an enrolment and a revocation; the archivist appends them
/// after the founding.
#[test]
fn what_keepers_decide_is_the_published_one() {
    let revocation = Revocation {
        key: Seq::new(2),
        since: Some(Seq::new(5)),
        reason: "laptop stolen".to_owned(),
    };
    let acts = [
        Act::Enrol(enrolment(Role::Archivist, 4)),
        Act::Revoke(revocation.clone()),
    ];
    let (nonce, hash) = ([0x11; 16], ActsHash::of(&acts).unwrap());
    let approval = Approval::sign(&origin(), Seq::new(3), nonce, &hash, &key(3)).unwrap();
    let after_founding = Head {
        size: Size::new(5),
        hash: Hash::of_envelope(&ledger()[4].envelope),
        submissions: 1,
        recorded_at: Instant::from_micros(1_472_256_000_000_000),
    };
    let drafts = acts.into_iter().map(Draft::Act);
    let drafts = drafts.chain([Draft::Approval(approval)]).collect();

    let (entries, _) = append(&after_founding, drafts);

    let quiet = Revocation {
        since: None,
        reason: String::new(),
        ..revocation
    };
    let rows: Vec<_> = ["key", "revocation", "approval", "closing"]
        .into_iter()
        .zip(&entries)
        .map(|(name, entry)| envelope_row(name, &entry.envelope))
        .collect();
    let value = json!({
        "nonce": hex(&nonce),
        "acts_hash": hash.to_string(),
        "approval_message": hex(&approval_message(&origin(), &nonce, &hash)),
        "revocation_without_since_or_reason": hex(&quiet.encode().unwrap()),
        "envelopes": rows,
    });
    hold("decisions.json", &value);
}

#[test]
fn payloads_are_the_published_ones() {
    let closing = Closing {
        first: Seq::new(5),
        count: 10,
        signer: Seq::new(2),
        signature: Signature::from_bytes(&[0xab; 64]),
    };
    let keys: Vec<_> = [(Role::Log, 1), (Role::Archivist, 2), (Role::Keeper, 3)]
        .map(|(role, seed)| {
            let payload = enrolment(role, seed);
            json!({
                "role": role.name(),
                "key": hex(payload.key.as_bytes()),
                "name": payload.name,
                "bytes": hex(&payload.encode().unwrap()),
            })
        })
        .into();

    let value = json!({
        "founding": { "origin": origin().as_str(), "bytes": hex(&origin().encode()) },
        "keys": keys,
        "closing": {
            "first": 5,
            "count": 10,
            "signer": 2,
            "signature": hex(&[0xab; 64]),
            "bytes": hex(&closing.encode()),
        },
    });
    hold("payloads.json", &value);
}

#[test]
fn the_closing_signature_is_the_published_one() {
    let closing = &ledger()[14].envelope;
    let mut again = closing.clone();
    sign_closing(&origin(), &mut again, &key(2)).unwrap();

    let value = json!({
        "origin": origin().as_str(),
        "secret_key": hex(&[2; 32]),
        "public_key": hex(key(2).verifying_key().as_bytes()),
        "message": hex(&closing_message(&origin(), closing)),
        "signature": hex(&closing[closing.len() - 64..]),
        "envelope": hex(closing),
    });
    hold("closing.json", &value);
    assert_eq!(&again, closing);
}

#[test]
fn the_expunging_and_the_quorum_are_the_published_ones() {
    let last = Envelope::decode(&ledger()[299].envelope).unwrap();
    let head = Head {
        size: Size::new(300),
        hash: Hash::of_envelope(&ledger()[299].envelope),
        submissions: last.submission + 1,
        recorded_at: last.recorded_at,
    };
    let expunging = Expunging {
        seq: Seq::new(258),
        id: "note-verbale".to_owned(),
        authority: "decision-12".to_owned(),
        reason: "names a person under protection".to_owned(),
    };
    let quorum = Quorum::new(2).unwrap();

    let drafts = vec![
        Draft::Act(Act::Expunge(expunging.clone())),
        Draft::Act(Act::SetQuorum(quorum)),
    ];
    let (entries, _) = append_by(3, &head, drafts);

    let value = json!({
        "expunging": {
            "seq": 258,
            "id": expunging.id,
            "authority": expunging.authority,
            "reason": expunging.reason,
            "payload": hex(&expunging.encode().unwrap()),
            "entry_300": envelope_row("expunging", &entries[0].envelope),
        },
        "quorum": {
            "keepers": 2,
            "payload": hex(&quorum.encode()),
            "entry_301": envelope_row("quorum", &entries[1].envelope),
        },
    });
    hold("expunging.json", &value);
}

#[test]
fn hashes_and_slots_are_the_published_ones() {
    let bodies: [(u8, &[u8]); 3] = [(0, b""), (1, b"a body"), (255, &[0x55; 1_500])];
    let slot_row = |slot: &Slot| {
        let mut bytes = Vec::new();
        slot.encode_into(&mut bytes);
        hex(&bytes)
    };
    let rows: Vec<_> = bodies
        .iter()
        .map(|(salt, body)| {
            let slot = Slot::Body {
                salt: [*salt; 32],
                body: body.to_vec(),
            };
            json!({
                "salt": hex(&[*salt; 32]),
                "body": hex(body),
                "body_hash": BodyHash::of(&[*salt; 32], body).to_string(),
                "plain_digest": Digest::of(body).to_string(),
                "slot": slot_row(&slot),
            })
        })
        .collect();

    let value = json!({
        "bodies": rows,
        "slot_without_body": slot_row(&Slot::None),
        "slot_expunged_by_entry_258": slot_row(&Slot::Expunged(Seq::new(258))),
    });
    hold("bodies.json", &value);
}

#[test]
fn the_tree_of_300_entries_is_the_published_one() {
    let mut frontier = Frontier::new();
    let mut tiles = TileBuilder::new();
    let mut full = Vec::new();
    let mut roots = vec![frontier.root().to_hex()];
    for entry in &ledger() {
        let leaf = leaf_hash(&entry.envelope);
        frontier.push(leaf);
        full.extend(tiles.push(leaf));
        roots.push(frontier.root().to_hex());
    }
    full.extend(tiles.partial());

    let tiles: Vec<_> = full
        .iter()
        .map(|tile| {
            let hashes: Vec<_> = tile.hashes.iter().map(TreeHash::to_hex).collect();
            json!({ "path": tile.path(), "hashes": hashes })
        })
        .collect();
    hold(
        "tree.json",
        &json!({ "roots_by_size": roots, "tiles": tiles }),
    );
}

#[test]
fn the_proof_of_entry_150_is_the_published_one() {
    let entries = ledger();
    let node = |level: u32, index: u64| {
        let first = usize::try_from(index << level).unwrap();
        let mut frontier = Frontier::new();
        for entry in &entries[first..first + (1 << level)] {
            frontier.push(leaf_hash(&entry.envelope));
        }
        Ok::<_, std::convert::Infallible>(frontier.root())
    };
    let mut frontier = Frontier::new();
    for entry in &entries {
        frontier.push(leaf_hash(&entry.envelope));
    }
    let (seq, size) = (Seq::new(150), frontier.size());
    let inclusion = Inclusion::make(seq, size, &mut { node }).unwrap().unwrap();
    let from = Size::new(150);
    let consistency = Consistency::make(from, size, &mut { node })
        .unwrap()
        .unwrap();
    let checkpoint = Checkpoint::new(&origin(), size, frontier.root());
    let file = ProofFile {
        envelope: entries[150].envelope.clone(),
        slot: entries[150].slot.clone(),
        seq,
        hashes: inclusion.hashes,
        checkpoint: checkpoint.sign(&key(1)).unwrap(),
    };

    let base64 = |hash: &TreeHash| hash.to_string();
    let hashes: Vec<_> = consistency.hashes.iter().map(base64).collect();
    let value = json!({
        "proof_file_of_entry_150": file.to_string(),
        "consistency_from_150_to_300": hashes,
    });
    hold("proofs.json", &value);
}

#[test]
fn the_signed_checkpoint_is_the_published_one() {
    let entries = ledger();
    let mut frontier = Frontier::new();
    for entry in &entries {
        frontier.push(leaf_hash(&entry.envelope));
    }
    let verifier = VerifierKey::new(origin().as_str(), key(1).verifying_key()).unwrap();

    let checkpoint = Checkpoint::new(&origin(), frontier.size(), frontier.root());

    let value = json!({
        "secret_key": hex(&[1; 32]),
        "verifier_key": verifier.to_string(),
        "text": checkpoint.to_string(),
        "note": checkpoint.sign(&key(1)).unwrap().to_string(),
    });
    hold("checkpoint.json", &value);
}

/// Returns bytes as `docs/format.md` shows them: offset, sixteen bytes, a line each.
fn dump(bytes: &[u8]) -> String {
    let lines = bytes.chunks(16).enumerate();
    lines.fold(String::new(), |mut text, (line, bytes)| {
        let row: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(text, "{:04x}  {}", line * 16, row.join(" ")).unwrap();
        text
    })
}

#[test]
fn the_envelope_shown_in_the_format_is_the_one_that_is_made() {
    let format = std::fs::read_to_string(root().join("docs/format.md")).unwrap();

    let shown = dump(&ledger()[0].envelope);

    assert!(
        format.contains(&shown),
        "docs/format.md does not show:\n{shown}"
    );
}
