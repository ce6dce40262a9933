use proptest::prelude::*;

use super::*;
use crate::checkpoint::Checkpoint;
use crate::envelope::{MAX_BODY, MAX_ENVELOPE};
use crate::note::MAX_NOTE;
use crate::payload::Origin;
use crate::position::Size;
use crate::testing::{Ledger, key};
use crate::tile::TileBuilder;
use crate::tree::Frontier;

const ORIGIN: &str = "archive.example/test";

/// A proof file of entry 4 of a small ledger, with its body.
fn file() -> ProofFile {
    let ledger = Ledger::with(&[3]);
    let leaves: Vec<_> = ledger
        .entries
        .iter()
        .map(|entry| leaf_hash(&entry.envelope))
        .collect();
    let mut tree = TileBuilder::new();
    for leaf in &leaves {
        tree.push(*leaf);
    }
    let size = Size::new(leaves.len() as u64);
    let node = &mut |level: u32, index: u64| {
        let mut frontier = Frontier::new();
        let first = usize::try_from(index << level).unwrap();
        for leaf in &leaves[first..first + (1 << level)] {
            frontier.push(*leaf);
        }
        Ok::<_, std::convert::Infallible>(frontier.root())
    };
    let seq = Seq::new(5);
    let inclusion = Inclusion::make(seq, size, node).unwrap().unwrap();
    let entry = &ledger.entries[5];
    let origin = Origin::new(ORIGIN).unwrap();
    ProofFile {
        envelope: entry.envelope.clone(),
        slot: entry.slot.clone(),
        seq,
        hashes: inclusion.hashes,
        checkpoint: Checkpoint::new(&origin, size, tree.root())
            .sign(&key(1))
            .unwrap(),
    }
}

fn log() -> Vec<VerifierKey> {
    vec![VerifierKey::new(ORIGIN, key(1).verifying_key()).unwrap()]
}

#[test]
fn a_file_reads_back_as_it_was_written_and_proves_its_entry() {
    let written = file();

    let read = ProofFile::parse(written.to_string().as_bytes()).unwrap();

    assert_eq!(read, written);
    let proved = read.check(&log()).unwrap();
    assert_eq!(proved.envelope.seq, Seq::new(5));
    assert!(proved.body.is_some());
    assert_eq!(proved.believed.signers(), [ORIGIN]);
}

#[test]
fn without_its_body_the_entry_is_proved_all_the_same() {
    let mut shy = file();
    shy.slot = Slot::None;

    let proved = shy.check(&log()).unwrap();

    assert_eq!(proved.body, None);
}

#[test]
fn another_body_is_refused() {
    let mut changed = file();
    if let Slot::Body { body, .. } = &mut changed.slot {
        body[0] ^= 1;
    }

    assert_eq!(changed.check(&log()), Err(NotProved::Body));
}

#[test]
fn another_logs_signature_is_refused() {
    let other = VerifierKey::new(ORIGIN, key(2).verifying_key()).unwrap();
    let of_another_name = VerifierKey::new("archive.example/other", key(1).verifying_key());

    for keys in [vec![other], vec![of_another_name.unwrap()], Vec::new()] {
        assert!(matches!(
            file().check(&keys),
            Err(NotProved::Disbelieved(_))
        ));
    }
}

#[test]
fn a_trusted_key_cannot_vouch_for_another_log() {
    let mut renamed = file();
    let origin = Origin::new("archive.example/other").unwrap();
    let checkpoint = Checkpoint::parse(renamed.checkpoint.text()).unwrap();
    let text = Checkpoint::new(&origin, checkpoint.size(), checkpoint.root()).to_string();
    renamed.checkpoint = Note::new(&text).unwrap().signed(ORIGIN, &key(1)).unwrap();

    assert!(matches!(
        renamed.check(&log()),
        Err(NotProved::Disbelieved(_))
    ));
}

#[test]
fn every_byte_of_a_file_counts_or_is_no_part_of_the_proof() {
    let text = file().to_string().into_bytes();
    let whole = file().check(&log()).unwrap();
    for place in 0..text.len() {
        let mut changed = text.clone();
        changed[place] ^= 1;
        let outcome = ProofFile::parse(&changed)
            .ok()
            .and_then(|file| file.check(&log()).ok());

        // Whatever was changed, nothing else may be proved by it.
        assert!(
            outcome.is_none_or(|proved| proved == whole),
            "byte {place} was changed and another thing proved"
        );
    }
}

#[test]
fn what_is_too_long_is_refused_unread() {
    let of = |length| ProofFile::parse(&vec![b'a'; length]);

    assert_eq!(of(LONGEST_FILE), Err(MalformedProof::FirstLine));
    assert_eq!(of(LONGEST_FILE + 1), Err(MalformedProof::Text));
}

#[test]
fn the_longest_file_that_can_be_written_is_read() {
    let mut longest = file();
    longest.envelope = vec![1; MAX_ENVELOPE];
    longest.slot = Slot::Body {
        salt: [9; 32],
        body: vec![1; MAX_BODY],
    };
    longest.seq = Seq::new(u64::MAX);
    longest.hashes = vec![leaf_hash(b"leaf"); LONGEST];
    let line = longest.checkpoint.signatures()[0].to_string();
    let text = "x".repeat(MAX_NOTE - line.len() - 3);
    let note = format!("{text}\n\n{line}\n");
    longest.checkpoint = Note::parse(note.as_bytes()).unwrap();

    let read = ProofFile::parse(longest.to_string().as_bytes());

    assert!(read == Ok(longest));
}

#[test]
fn a_file_with_more_hashes_than_a_proof_can_have_is_refused() {
    let mut longer = file();
    longer.hashes = vec![leaf_hash(b"leaf"); LONGEST + 1];

    let read = ProofFile::parse(longer.to_string().as_bytes());

    assert_eq!(read, Err(MalformedProof::Hash));
}

#[test]
fn a_body_of_another_length_than_the_envelope_says_is_refused() {
    let mut ledger = Ledger::with(&[1]);
    let mut envelope = Envelope::decode(&ledger.entries[5].envelope).unwrap();
    envelope.body_length += 1;
    let slot = ledger.entries.remove(5).slot;
    let of_another_length = ProofFile { slot, ..file() };

    assert_eq!(of_another_length.body(&envelope), Err(NotProved::Body));
}

proptest! {
    #[test]
    fn whatever_is_taken_for_a_file_is_refused_without_harm(bytes: Vec<u8>) {
        prop_assert!(ProofFile::parse(&bytes).is_err());
    }

    #[test]
    fn a_file_that_was_cut_or_grew_is_refused(cut in 0_usize..1_400, more in "[ -~\n]{0,40}") {
        let text = file().to_string();
        let cut = cut.min(text.len() - 1);
        prop_assert!(ProofFile::parse(&text.as_bytes()[..cut]).is_err()
            || ProofFile::parse(&text.as_bytes()[..cut]).unwrap().check(&log()).is_err());
        let longer = format!("{text}{more}x");
        prop_assert!(ProofFile::parse(longer.as_bytes()).is_err());
    }
}
