//! Entries examined apart, and entries that are not looked at.

use super::*;
use crate::audit::examined::Examined;

/// Audits all entries but those from `first` to `last`, of which only what
/// binds them to the others is told.
fn without(entries: &[Entry], first: usize, last: usize) -> Audited {
    without_beside(entries, None, first, last)
}

/// The same where there are leaves.
fn without_beside(
    entries: &[Entry],
    leaves: Option<&[TreeHash]>,
    first: usize,
    last: usize,
) -> Audited {
    let mut audit = Audit::new();
    for (at, entry) in entries.iter().enumerate() {
        let seq = Seq::new(at as u64);
        if at == first {
            let previous = Envelope::decode(&entry.envelope).unwrap().previous;
            let hash = Hash::of_envelope(&entries[last].envelope);
            audit.skip(seq, Seq::new(last as u64), Some((previous, hash)));
        }
        if !(first..=last).contains(&at) {
            let leaf = leaves.map(|leaves| leaves[at]);
            audit.entry(seq, &entry.envelope, Some(&entry.slot), leaf);
        }
    }
    audit.finish()
}

/// Examines each entry apart, trying this key, before the audit takes them.
fn apart(entries: &[Entry], tried: Option<u8>) -> Audited {
    let mut audit = Audit::new();
    let examined: Vec<_> = entries
        .iter()
        .map(|entry| {
            let mut one = Examined::of(&entry.envelope, Some(&entry.slot), Checks::default());
            if let Some(seed) = tried {
                one.try_key(&origin(), &key(seed).verifying_key());
            }
            one
        })
        .collect();
    for (at, one) in examined.into_iter().enumerate() {
        audit.take(Seq::new(at as u64), one, None);
    }
    audit.finish()
}

#[test]
fn entries_examined_apart_are_audited_as_if_they_were_not() {
    let mut entries = ledger();
    entries[7].envelope[30] ^= 1;
    let end = entries[14].envelope.len() - 1;
    entries[14].envelope[end] ^= 1;

    let expected = audit(&entries, None).findings;

    assert!(!expected.is_empty());
    for tried in [None, Some(2), Some(3), Some(9)] {
        assert_eq!(apart(&entries, tried).findings, expected, "{tried:?}");
    }
}

#[test]
fn a_key_tried_ahead_that_is_not_the_one_that_counts_decides_nothing() {
    let good = ledger();
    let mut forged = Ledger::with(&[2]);
    forged.append(vec![record(0)], ARCHIVIST, 8);

    assert_eq!(short(&apart(&good, Some(8))), []);
    let found = short(&apart(&forged.entries, Some(8)));
    assert_eq!(found, [("signature-invalid", 9, 9)]);
}

#[test]
fn of_entries_that_are_skipped_nothing_is_said_wherever_they_are() {
    let good = ledger();
    for first in 5..good.len() {
        for last in first..good.len() {
            let audited = without(&good, first, last);

            assert_eq!(short(&audited), [], "without {first} to {last}");
            assert_eq!(audited.size, Size::new(15));
        }
    }
}

#[test]
fn what_does_not_follow_on_either_side_of_what_is_skipped_is_found() {
    let mut entries = ledger();
    entries[8].envelope[30] ^= 1;

    assert_eq!(
        short(&without(&entries, 8, 9)),
        [("chain-broken", 7, 8)],
        "the first that is skipped carries another hash"
    );
    let found = short(&without(&entries, 6, 7));
    assert!(found.contains(&("chain-broken", 7, 8)), "{found:?}");
}

#[test]
fn entries_after_skipped_ones_are_audited_as_ever() {
    let mut entries = ledger();
    let Slot::Body { salt, .. } = &mut entries[12].slot else {
        panic!("entry 12 has a body");
    };
    salt[0] ^= 1;
    let end = entries[14].envelope.len() - 1;
    entries[14].envelope[end] ^= 1;

    let found = short(&without(&entries, 6, 9));

    let expected = [("body-mismatch", 12, 12), ("signature-invalid", 14, 14)];
    assert_eq!(found, expected);
}

#[test]
fn leaves_are_neither_hashed_nor_compared_if_they_are_not_asked_for() {
    let good = ledger();
    let checks = Checks {
        tree: false,
        ..Checks::default()
    };
    let mut audit = Audit::with(checks);
    for (at, entry) in good.iter().enumerate() {
        let wrong = Some(crate::tree::leaf_hash(b"another"));
        let one = Examined::of(&entry.envelope, Some(&entry.slot), checks);
        assert_eq!(one.leaf(), None);
        audit.take(Seq::new(at as u64), one, wrong);
    }

    let audited = audit.finish();

    assert_eq!(short(&audited), []);
    assert_eq!(audited.frontier, None);
}

#[test]
fn the_first_that_is_skipped_bears_witness_for_the_entry_before_it() {
    let good = ledger();
    let mut wrong = leaves(&good);
    wrong[7] = TreeHash::from_bytes([7; 32]);

    let found = short(&without_beside(&good, Some(&wrong), 8, 9));

    assert_eq!(found, [("tile-mismatch", 7, 7)]);
}

#[test]
fn an_entry_before_what_is_skipped_is_blamed_once() {
    let good = ledger();
    let leaves = leaves(&good);
    let found = |at: usize, byte: usize, leaves: Option<&[TreeHash]>| {
        let mut entries = good.clone();
        entries[at].envelope[byte] ^= 1;
        short(&without_beside(&entries, leaves, 8, 9))
    };

    // The leaf says that it was altered.
    assert_eq!(found(7, 16, Some(&leaves)), [("leaf-mismatch", 7, 7)]);
    // It does not read.
    assert_eq!(found(7, 0, None), [("envelope-malformed", 7, 7)]);
    // It fits on neither side.
    assert_eq!(found(7, 30, None), [("chain-broken", 7, 7)]);
}

#[test]
fn an_entry_that_does_not_follow_a_signed_one_is_blamed_once_if_the_next_is_skipped() {
    let mut entries = ledger();
    entries[5].envelope[30] ^= 1;

    let found = short(&without(&entries, 6, 9));

    assert_eq!(found, [("chain-broken", 5, 5)]);
}
