//! Entries examined apart, and entries that are not looked at.

use super::*;
use crate::audit::examined::Examined;

/// Audits all entries but those from `first` to `last`, of which only what
/// binds them to the others is told.
fn without(entries: &[Entry], first: usize, last: usize) -> Audited {
    let mut audit = Audit::new();
    for (at, entry) in entries.iter().enumerate() {
        let seq = Seq::new(at as u64);
        if at == first {
            let previous = Envelope::decode(&entry.envelope).unwrap().previous;
            let hash = Hash::of_envelope(&entries[last].envelope);
            audit.skip(seq, Seq::new(last as u64), Some((previous, hash)));
        }
        if !(first..=last).contains(&at) {
            audit.entry(seq, &entry.envelope, Some(&entry.slot), None);
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
