//! Entries proved from the tiles of a ledger that spans several of them.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use chancery_chain::proof::{Consistency, ProofFile};
use chancery_chain::{Seq, Size, Slot};
use chancery_ledger::prove::{ProveError, prove};
use chancery_store::{ReadError, RollReader};
use ed25519_dalek::SigningKey;
use support::{Desk, actor};

/// How many records there are: their tiles fill one of level 0 twice, and a
/// part of a third.
const RECORDS: u64 = 600;

fn log_key(desk: &Desk) -> SigningKey {
    let path = desk.path().join("keys").join("log");
    let file = chancery_ledger::keyfile::KeyFile::read(&path).unwrap();
    file.private.unwrap()
}

/// Returns a desk with a checkpoint over its records.
fn checkpointed() -> (Desk, RollReader) {
    let mut desk = Desk::new();
    desk.submit((0..RECORDS).map(|at| actor(&format!("a{at}"))).collect());
    let key = log_key(&desk);
    desk.ledger.checkpoint(&[&key]).unwrap();
    let roll = RollReader::open(desk.path()).unwrap();
    (desk, roll)
}

fn proof_of(desk: &Desk, roll: &RollReader, seq: u64) -> Result<ProofFile, ProveError> {
    let (origin, keyring) = (desk.ledger.origin(), desk.ledger.keyring());
    prove(roll, origin, keyring, Seq::new(seq), true)
}

#[test]
fn every_entry_under_the_checkpoint_is_proved_with_its_body() {
    let (desk, roll) = checkpointed();
    let keys = desk.ledger.keyring().log_keys(desk.ledger.origin());
    for seq in 0..roll.size().get() {
        let proof = proof_of(&desk, &roll, seq).unwrap();
        let read = ProofFile::parse(proof.to_string().as_bytes()).unwrap();

        let proved = read.check(&keys).unwrap();

        let held = roll.entry(Seq::new(seq)).unwrap();
        assert_eq!(read.envelope, held.envelope);
        assert_eq!(read.slot, held.slot);
        assert_eq!(proved.body.is_some(), held.slot != Slot::None);
    }
}

#[test]
fn what_came_after_the_checkpoint_is_not_proved_by_it() {
    let (mut desk, _) = checkpointed();
    let after = desk.submit(vec![actor("late")]).first.get();
    let roll = RollReader::open(desk.path()).unwrap();

    let refused = proof_of(&desk, &roll, after);

    assert!(matches!(refused, Err(ProveError::NotCovered { .. })));
    assert!(proof_of(&desk, &roll, after - 1).is_ok());
}

#[test]
fn without_a_checkpoint_nothing_is_proved() {
    let desk = Desk::new();
    let roll = RollReader::open(desk.path()).unwrap();

    assert!(matches!(
        proof_of(&desk, &roll, 0),
        Err(ProveError::NoCheckpoint)
    ));
}

#[test]
fn from_a_changed_tile_nothing_is_proved() {
    let (desk, roll) = checkpointed();
    let tile = desk.path().join("roll/tile/0/000");
    let mut bytes = std::fs::read(&tile).unwrap();
    bytes[40] ^= 1;
    std::fs::write(&tile, bytes).unwrap();

    let refused = proof_of(&desk, &roll, 100);

    assert!(matches!(refused, Err(ProveError::OtherRoot)));
}

#[test]
fn every_size_is_proved_to_begin_the_whole() {
    let (_desk, roll) = checkpointed();
    let whole = roll.size();
    let root = roll.root_at(whole).unwrap();
    for from in 1..=whole.get() {
        let from = Size::new(from);
        let nodes = &mut |level, index| roll.node(level, index);

        let proof = Consistency::make::<ReadError>(from, whole, nodes).unwrap();

        let old = roll.root_at(from).unwrap();
        assert_eq!(proof.unwrap().check(old, root), Ok(()), "{from}");
    }
}
