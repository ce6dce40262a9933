mod altered;
mod keys;
mod skipping;

use super::*;
use crate::envelope::Envelope;
use crate::finding::Severity;
use crate::kind::Kind;
use crate::payload::{Act, Role};
use crate::position::Instant;
use crate::seal::{Draft, Entry};
use crate::testing::{ARCHIVIST, KEEPER, Ledger, enrolment, key, origin, record};
use crate::tree::leaf_hash;

mod expunging;

/// What is found, in short: code, first and last entry.
type Found = (&'static str, u64, u64);

fn leaves(entries: &[Entry]) -> Vec<TreeHash> {
    entries.iter().map(|e| leaf_hash(&e.envelope)).collect()
}

fn audit(entries: &[Entry], leaves: Option<&[TreeHash]>) -> Audited {
    let mut audit = Audit::new();
    for (at, entry) in entries.iter().enumerate() {
        let leaf = leaves.and_then(|leaves| leaves.get(at)).copied();
        audit.entry(
            Seq::new(at as u64),
            &entry.envelope,
            Some(&entry.slot),
            leaf,
        );
    }
    audit.finish()
}

fn short(audited: &Audited) -> Vec<Found> {
    let entries = |f: &Finding| f.entries.map_or((0, 0), |(a, b)| (a.get(), b.get()));
    audited
        .findings
        .iter()
        .map(|f| (f.code, entries(f).0, entries(f).1))
        .collect()
}

fn found(entries: &[Entry], leaves: Option<&[TreeHash]>) -> Vec<Found> {
    short(&audit(entries, leaves))
}

/// Founding 0-4, then records 5-9 with closing 10, records 11-13 with closing 14.
fn ledger() -> Vec<Entry> {
    Ledger::with(&[5, 3]).entries
}

/// Changes an envelope and chains, signs and hashes everything after it anew.
fn rechain(entries: &mut [Entry], at: usize, change: impl Fn(&mut Envelope)) {
    let mut previous = None;
    for entry in &mut entries[at..] {
        let mut envelope = Envelope::decode(&entry.envelope).unwrap();
        match previous {
            None => change(&mut envelope),
            Some(hash) => envelope.previous = hash,
        }
        entry.envelope = envelope.encode();
        if envelope.kind == Kind::CLOSING {
            let seed = if envelope.submission == 0 { 3 } else { 2 };
            crate::payload::sign_closing(&origin(), &mut entry.envelope, &key(seed)).unwrap();
        }
        previous = Some(Hash::of_envelope(&entry.envelope));
    }
}

#[test]
fn an_unaltered_ledger_has_no_findings() {
    let ledger = Ledger::with(&[5, 3]);

    let audited = audit(&ledger.entries, Some(&leaves(&ledger.entries)));

    assert_eq!(audited.findings, []);
    assert_eq!(audited.closed, ledger.head);
    assert_eq!(audited.size, ledger.head.size);
    assert_eq!(audited.hash, ledger.head.hash);
    assert_eq!(audited.origin, Some(origin()));
    let founding = Hash::of_envelope(&ledger.entries[4].envelope);
    assert_eq!(audited.founding, Some(founding));
    let archivists = audited.keyring.in_force(Role::Archivist, Seq::new(5));
    assert_eq!(archivists.count(), 1);
}

#[test]
fn a_ledger_without_entries_has_no_findings() {
    let audited = Audit::new().finish();

    assert_eq!(audited.findings, []);
    assert_eq!(audited.closed, Head::EMPTY);
}

#[test]
fn a_changed_byte_of_an_envelope_names_that_entry_alone_if_there_are_leaves() {
    let good = ledger();
    let leaves = leaves(&good);
    for at in 0..good.len() {
        for byte in 0..good[at].envelope.len() {
            let mut entries = good.clone();
            entries[at].envelope[byte] ^= 1;

            let audited = audit(&entries, Some(&leaves));

            let damage: Vec<_> = audited
                .findings
                .iter()
                .filter(|f| f.severity == Severity::Damage)
                .collect();
            assert!(!damage.is_empty(), "entry {at} byte {byte}");
            let name = Seq::new(at as u64);
            for finding in damage {
                assert_eq!(
                    finding.entries,
                    Some((name, name)),
                    "byte {byte} {finding:?}"
                );
            }
        }
    }
}

#[test]
fn a_changed_byte_of_an_envelope_names_that_entry_or_a_pair_with_it_without_leaves() {
    let good = ledger();
    for at in 0..good.len() {
        for byte in 0..good[at].envelope.len() {
            let mut entries = good.clone();
            entries[at].envelope[byte] ^= 1;

            let audited = audit(&entries, None);

            let name = at as u64;
            let damage: Vec<_> = short(&audited)
                .into_iter()
                .filter(|(code, ..)| *code != "signature-unchecked")
                .collect();
            assert!(!damage.is_empty(), "entry {at} byte {byte}");
            for (code, first, last) in damage {
                let narrow = last - first <= 1 || code == "submission-unclosed";
                let named = (first..=last).contains(&name) && narrow;
                assert!(named, "entry {at} byte {byte}: {code} {first} {last}");
            }
        }
    }
}

#[test]
fn a_changed_previous_is_named_by_its_two_breaks() {
    let mut entries = ledger();
    entries[7].envelope[30] ^= 1;

    assert_eq!(found(&entries, None), [("chain-broken", 7, 7)]);
}

#[test]
fn a_changed_record_without_leaves_is_named_with_the_next_entry() {
    let mut entries = ledger();
    entries[7].envelope[16] ^= 1;

    assert_eq!(found(&entries, None), [("chain-broken", 7, 8)]);
}

#[test]
fn a_break_between_two_entries_that_the_tile_has_names_both() {
    let mut entries = ledger();
    rechain(&mut entries, 8, |envelope| {
        envelope.previous = Hash::from_bytes([7; 32]);
    });
    let leaves = leaves(&entries);

    let audited = audit(&entries, Some(&leaves));

    assert_eq!(short(&audited), [("chain-broken", 7, 8)]);
    let finding = &audited.findings[0];
    assert!(finding.message.ends_with("though the tile has both"));
    let carried = Hash::from_bytes([7; 32]);
    assert_eq!(finding.expected, Some(carried.to_string()));
    let hash = Hash::of_envelope(&entries[7].envelope);
    assert_eq!(finding.found, Some(hash.to_string()));
}

#[test]
fn an_entry_that_does_not_follow_a_signed_closing_is_named_alone() {
    let mut entries = ledger();
    entries.truncate(6);
    entries[5].envelope[30] ^= 1;

    assert_eq!(found(&entries, None), [("chain-broken", 5, 5)]);
}

#[test]
fn a_changed_closing_without_leaves_is_named_alone_by_its_key_signature() {
    let mut entries = ledger();
    entries[10].envelope[16] ^= 1;

    assert_eq!(found(&entries, None), [("chain-broken", 10, 10)]);
}

#[test]
fn a_changed_record_without_a_leaf_is_named_alone_if_the_next_one_has_its_leaf() {
    let mut entries = ledger();
    let leaves = leaves(&entries);
    entries[7].envelope[16] ^= 1;
    let mut audit = Audit::new();
    for (at, entry) in entries.iter().enumerate() {
        let leaf = leaves.get(at).filter(|_| at > 7).copied();
        let at = Seq::new(at as u64);
        audit.entry(at, &entry.envelope, Some(&entry.slot), leaf);
    }

    assert_eq!(short(&audit.finish()), [("chain-broken", 7, 7)]);
}

#[test]
fn a_changed_record_without_leaves_is_named_alone_if_the_closing_after_it_is_signed() {
    let mut entries = ledger();
    entries.truncate(11);
    entries[9].envelope[16] ^= 1;

    let audited = audit(&entries, None);

    assert_eq!(short(&audited), [("chain-broken", 9, 9)]);
    assert_eq!(audited.closed.size, Size::new(11));
}

#[test]
fn a_closing_that_does_not_follow_and_is_not_signed_is_named_alone_and_closes_nothing() {
    let mut entries = ledger();
    entries.truncate(11);
    entries[10].envelope[30] ^= 1;

    let audited = audit(&entries, None);

    assert_eq!(short(&audited), [("chain-broken", 10, 10)]);
    assert_eq!(audited.closed.size, Size::new(5));
}

#[test]
fn a_changed_leaf_in_the_tile_is_not_blamed_on_the_entry() {
    let entries = ledger();
    for at in [0, 3, 7, 10, 13, 14] {
        let mut leaves = leaves(&entries);
        leaves[at] = TreeHash::from_bytes([7; 32]);

        let name = at as u64;
        assert_eq!(
            found(&entries, Some(&leaves)),
            [("tile-mismatch", name, name)]
        );
    }
}

#[test]
fn a_leaf_that_is_wrong_in_the_tile_is_told_from_an_entry_that_is_not_its_leafs() {
    let good = ledger();
    let leaves = leaves(&good);
    let mut wrong = leaves.clone();
    wrong[7] = TreeHash::from_bytes([7; 32]);
    let mut altered = good.clone();
    altered[7].envelope[16] ^= 1;
    let altered_leaf = leaf_hash(&altered[7].envelope);

    let told = |entries: &[Entry], leaves: &[TreeHash]| {
        let mut findings = audit(entries, Some(leaves)).findings;
        assert_eq!(findings.len(), 1);
        let finding = findings.remove(0);
        (finding.message, finding.expected, finding.found)
    };

    let (message, expected, found) = told(&good, &wrong);
    assert_eq!(
        message,
        "the tile is wrong: the entries after these vouch for them"
    );
    assert_eq!(expected, Some(wrong[7].to_string()));
    assert_eq!(found, Some(leaves[7].to_string()));
    let (message, expected, found) = told(&altered, &leaves);
    assert_eq!(
        message,
        "the entry is not the one whose leaf is in the tile"
    );
    assert_eq!(expected, Some(leaves[7].to_string()));
    assert_eq!(found, Some(altered_leaf.to_string()));
}

#[test]
fn of_several_leaves_that_are_wrong_no_hashes_are_told() {
    let good = ledger();
    let mut wrong = leaves(&good);
    wrong[7..9].fill(TreeHash::from_bytes([7; 32]));

    let audited = audit(&good, Some(&wrong));

    assert_eq!(short(&audited), [("tile-mismatch", 7, 8)]);
    assert_eq!(audited.findings[0].expected, None);
}

#[test]
fn a_changed_body_is_named() {
    let mut entries = ledger();
    let Slot::Body { body, .. } = &mut entries[8].slot else {
        panic!("entry 8 has a body");
    };
    body[0] ^= 1;

    assert_eq!(found(&entries, None), [("body-mismatch", 8, 8)]);
}

#[test]
fn a_changed_salt_and_a_changed_length_are_named() {
    let mut entries = ledger();
    let Slot::Body { salt, .. } = &mut entries[5].slot else {
        panic!("entry 5 has a body");
    };
    salt[0] ^= 1;
    let Slot::Body { body, .. } = &mut entries[12].slot else {
        panic!("entry 12 has a body");
    };
    body.push(0);

    let expected = [("body-mismatch", 5, 5), ("body-mismatch", 12, 12)];
    assert_eq!(found(&entries, None), expected);
}

#[test]
fn bodies_that_are_not_there_are_one_finding() {
    let mut entries = ledger();
    for entry in &mut entries[6..9] {
        entry.slot = Slot::None;
    }

    assert_eq!(found(&entries, None), [("body-missing", 6, 8)]);
}

#[test]
fn a_body_where_none_belongs_is_found() {
    let mut entries = ledger();
    entries[1].slot = entries[8].slot.clone();

    assert_eq!(found(&entries, None), [("body-unexpected", 1, 1)]);
}

#[test]
fn a_body_expunged_by_no_expunging_is_missing() {
    let mut entries = ledger();
    entries[6].slot = Slot::Expunged(Seq::new(3));
    entries[7].slot = Slot::Expunged(Seq::new(11));
    entries[8].slot = Slot::Expunged(Seq::new(99));

    let expected = [
        ("body-missing", 6, 6),
        ("body-missing", 7, 7),
        ("body-missing", 8, 8),
    ];
    assert_eq!(found(&entries, None), expected);
}

fn rechain_as(entries: &mut [Entry], at: usize, seed: u8, change: impl Fn(&mut Envelope)) {
    rechain(entries, at, change);
    for entry in &mut entries[at..] {
        let envelope = Envelope::decode(&entry.envelope).unwrap();
        if envelope.kind == Kind::CLOSING {
            crate::payload::sign_closing(&origin(), &mut entry.envelope, &key(seed)).unwrap();
        }
    }
}

#[test]
fn swapped_entries_are_both_named_and_no_others() {
    let mut entries = ledger();
    let leaves = leaves(&entries);
    entries.swap(6, 7);

    let expected = [("seq-mismatch", 6, 6), ("seq-mismatch", 7, 7)];
    let damage = |found: Vec<Found>| -> Vec<Found> {
        found
            .into_iter()
            .filter(|(code, ..)| *code != "body-unchecked")
            .collect()
    };
    assert_eq!(damage(found(&entries, Some(&leaves))), expected);
    assert_eq!(damage(found(&entries, None)), expected);
}

#[test]
fn a_removed_entry_is_named_and_those_after_it_are_not() {
    for at in 0..14 {
        let mut entries = ledger();
        let leaves = leaves(&entries);
        entries.remove(at);

        let name = at as u64;
        for leaves in [None, Some(&leaves[..])] {
            let damage: Vec<_> = found(&entries, leaves)
                .into_iter()
                .filter(|(code, ..)| *code != "signature-unchecked")
                .collect();
            assert_eq!(damage, [("seq-mismatch", name, name)], "without {at}");
        }
    }
}

#[test]
fn an_entry_removed_from_a_bundle_leaves_no_second_gap_at_its_end() {
    let good = ledger();
    let leaves = leaves(&good);
    let mut audit = Audit::new();
    let mut first = good[..10].to_vec();
    first.remove(6);
    for (at, entry) in first.iter().enumerate() {
        let (at, leaf) = (Seq::new(at as u64), leaves[at]);
        audit.entry(at, &entry.envelope, Some(&entry.slot), Some(leaf));
    }

    audit.missing(Seq::new(9), Seq::new(9), None);
    for (at, entry) in good.iter().enumerate().skip(10) {
        let (at, leaf) = (Seq::new(at as u64), leaves[at]);
        audit.entry(at, &entry.envelope, Some(&entry.slot), Some(leaf));
    }

    let found = short(&audit.finish());
    assert_eq!(found, [("seq-mismatch", 6, 6)]);
}

#[test]
fn a_doubled_entry_is_named_where_it_stands_again() {
    for at in 0..15 {
        let mut entries = ledger();
        let leaves = leaves(&entries);
        entries.insert(at + 1, entries[at].clone());

        let name = at as u64 + 1;
        for leaves in [None, Some(&leaves[..])] {
            let found = found(&entries, leaves);
            assert_eq!(found, [("seq-mismatch", name, name)], "{at} doubled");
        }
    }
}

#[test]
fn entries_that_cannot_be_read_are_one_finding() {
    let good = ledger();
    let leaves = leaves(&good);
    let mut audit = Audit::new();
    for (at, entry) in good.iter().enumerate() {
        match at {
            6 => audit.missing(Seq::new(6), Seq::new(8), Some(&leaves[6..9])),
            7 | 8 => {}
            _ => audit.entry(
                Seq::new(at as u64),
                &entry.envelope,
                Some(&entry.slot),
                Some(leaves[at]),
            ),
        }
    }

    let audited = audit.finish();

    assert_eq!(short(&audited), [("entry-missing", 6, 8)]);
    let mut whole = Frontier::new();
    for leaf in &leaves {
        whole.push(*leaf);
    }
    assert_eq!(audited.frontier, Some(whole));
}

#[test]
fn leaves_that_do_not_just_fill_the_gap_tell_no_root() {
    let good = ledger();
    let leaves = leaves(&good);
    for (first, given) in [(6, &leaves[6..8]), (6, &leaves[6..10]), (7, &leaves[7..9])] {
        let mut audit = Audit::new();
        for (at, entry) in good.iter().enumerate().take(6) {
            let at = Seq::new(at as u64);
            audit.entry(at, &entry.envelope, Some(&entry.slot), None);
        }

        audit.missing(Seq::new(first), Seq::new(8), Some(given));

        let frontier = audit.finish().frontier;
        assert_eq!(frontier, None, "{} from {first} on", given.len());
    }
}

#[test]
fn a_tree_in_which_an_entry_stands_twice_has_no_root() {
    let good = ledger();
    let mut audit = Audit::new();
    for (at, entry) in good.iter().enumerate() {
        let at = Seq::new(at as u64);
        audit.entry(at, &entry.envelope, Some(&entry.slot), None);
        if at == Seq::new(7) {
            audit.entry(at, &entry.envelope, Some(&entry.slot), None);
        }
    }

    let audited = audit.finish();

    assert_eq!(short(&audited), [("seq-mismatch", 8, 8)]);
    assert_eq!(audited.frontier, None);
}

#[test]
fn an_audit_without_a_tree_of_its_own_finds_the_same() {
    let mut entries = ledger();
    let leaves = leaves(&entries);
    entries[7].envelope[30] ^= 1;
    let checks = Checks {
        signatures: false,
        ..Checks::default()
    };
    let mut audit = Audit::with(checks).without_frontier();
    for (at, entry) in entries.iter().enumerate() {
        let (at, leaf) = (Seq::new(at as u64), leaves[at]);
        audit.entry(at, &entry.envelope, Some(&entry.slot), Some(leaf));
    }

    let audited = audit.finish();

    assert_eq!(short(&audited), [("leaf-mismatch", 7, 7)]);
    assert_eq!(audited.frontier, None);
}

#[test]
fn a_lost_archivist_key_is_not_blamed_on_the_submissions_it_signed() {
    let good = ledger();
    let leaves = leaves(&good);
    let mut audit = Audit::new();
    for (at, entry) in good.iter().enumerate() {
        let at = Seq::new(at as u64);
        if at != ARCHIVIST {
            let leaf = leaves.get(usize::try_from(at.get()).unwrap()).copied();
            audit.entry(at, &entry.envelope, Some(&entry.slot), leaf);
        }
    }

    let found = short(&audit.finish());

    let expected = [("entry-missing", 2, 2), ("signature-unchecked", 10, 14)];
    assert_eq!(found, expected);
}

#[test]
fn a_rechained_history_differs_from_the_tile_in_one_range() {
    let mut entries = ledger();
    let leaves = leaves(&entries);
    rechain(&mut entries, 6, |envelope| envelope.schema = 9);

    let found = found(&entries, Some(&leaves));

    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].1, found[0].2), (6, 14));
}

#[test]
fn a_record_that_was_changed_and_rechained_but_not_signed_fails_the_signature() {
    let mut entries = ledger();
    let signature = entries[10].envelope.clone();
    rechain(&mut entries, 6, |envelope| envelope.schema = 9);
    let start = signature.len() - 64;
    entries[10].envelope[start..].copy_from_slice(&signature[start..]);
    let hash = Hash::of_envelope(&entries[10].envelope);
    rechain(&mut entries, 11, |envelope| envelope.previous = hash);

    assert_eq!(found(&entries, None), [("signature-invalid", 10, 10)]);
}

#[test]
fn a_ledger_that_ends_in_the_middle_of_a_submission_says_so() {
    let mut entries = ledger();
    entries.truncate(13);

    let audited = audit(&entries, None);

    assert_eq!(short(&audited), [("submission-unclosed", 11, 12)]);
    assert_eq!(audited.closed.size, Size::new(11));
    assert_eq!(audited.closed.submissions, 2);
}

#[test]
fn time_that_goes_back_is_found_once() {
    let mut entries = ledger();
    for at in 11..15 {
        rechain(&mut entries, at, |envelope| {
            envelope.recorded_at = Instant::from_micros(5);
        });
    }

    assert_eq!(found(&entries, None), [("time-decreases", 11, 11)]);
}

#[test]
fn two_times_within_a_submission_are_found() {
    let mut entries = ledger();
    rechain(&mut entries, 7, |envelope| {
        envelope.recorded_at = Instant::from_micros(999_999);
    });

    let found = found(&entries, None);

    assert_eq!(found, [("time-differs", 7, 7)]);
}

#[test]
fn a_skipped_submission_number_is_found() {
    let mut entries = ledger();
    for at in 11..15 {
        rechain(&mut entries, at, |envelope| envelope.submission = 5);
    }

    assert_eq!(found(&entries, None), [("submission-number", 11, 11)]);
}

#[test]
fn a_closing_that_counts_wrongly_is_found() {
    let mut entries = ledger();
    rechain(&mut entries, 10, |envelope| envelope.payload[11] = 5);
    assert_eq!(found(&entries, None), [("closing-mismatch", 10, 10)]);

    let mut entries = ledger();
    rechain(&mut entries, 10, |envelope| envelope.payload[7] = 6);
    assert_eq!(found(&entries, None), [("closing-mismatch", 10, 10)]);
}

#[test]
fn a_signature_by_a_key_that_nobody_enrolled_is_found() {
    let mut ledger = Ledger::with(&[2]);
    ledger.append(vec![record(0)], Seq::new(5), 8);
    ledger.append(vec![record(0)], Seq::new(u64::MAX), 8);

    let expected = [("signer-unknown", 9, 9), ("signer-unknown", 11, 11)];
    assert_eq!(found(&ledger.entries, None), expected);
}

#[test]
fn a_signature_by_another_key_is_found() {
    let mut ledger = Ledger::with(&[2]);
    ledger.append(vec![record(0)], ARCHIVIST, 8);

    assert_eq!(found(&ledger.entries, None), [("signature-invalid", 9, 9)]);
}

#[test]
fn a_submission_signed_in_the_wrong_role_is_found() {
    let mut ledger = Ledger::founded();
    ledger.append(vec![record(0)], KEEPER, 3);
    ledger.append(vec![record(0)], Seq::new(1), 1);
    ledger.append(
        vec![Draft::Act(Act::Enrol(enrolment(Role::Archivist, 9)))],
        ARCHIVIST,
        2,
    );

    let expected = [
        ("signer-role", 6, 6),
        ("signer-role", 8, 8),
        ("signer-role", 10, 10),
    ];
    assert_eq!(found(&ledger.entries, None), expected);
}

#[test]
fn a_key_cannot_sign_for_its_own_enrolment() {
    let mut ledger = Ledger::founded();
    ledger.append(
        vec![Draft::Act(Act::Enrol(enrolment(Role::Keeper, 9)))],
        Seq::new(5),
        9,
    );

    assert_eq!(found(&ledger.entries, None), [("signer-unknown", 6, 6)]);
}

#[test]
fn a_key_that_a_keeper_enrolled_signs_afterwards() {
    let mut ledger = Ledger::founded();
    ledger.append(
        vec![Draft::Act(Act::Enrol(enrolment(Role::Archivist, 9)))],
        KEEPER,
        3,
    );
    ledger.append(vec![record(0)], Seq::new(5), 9);

    assert_eq!(found(&ledger.entries, None), []);
}

#[test]
fn an_unknown_kind_verifies_as_opaque() {
    let mut entries = Ledger::with(&[2]).entries;
    rechain(&mut entries, 5, |envelope| {
        envelope.kind = Kind::new(200);
        envelope.schema = 0;
        envelope.body_length = 0;
        envelope.body_hash = crate::hash::BodyHash::ZERO;
        envelope.payload = vec![1; 100];
    });
    entries[5].slot = Slot::None;
    rechain(&mut entries, 6, |envelope| {
        envelope.previous = Hash::of_envelope(&Ledger::with(&[2]).entries[5].envelope);
        envelope.kind = Kind::new(60_000);
        envelope.schema = 77;
    });
    let previous = Hash::of_envelope(&entries[5].envelope);
    rechain(&mut entries, 6, |envelope| envelope.previous = previous);

    assert_eq!(found(&entries, None), []);
}

#[test]
fn an_archivist_may_send_a_message_with_a_submission() {
    let mut ledger = Ledger::founded();
    let message = Draft::Message("from the spring bag".to_owned());
    ledger.append(vec![record(0), message], ARCHIVIST, 2);

    assert_eq!(found(&ledger.entries, None), []);
}

#[test]
fn a_message_of_two_lines_is_found() {
    let mut ledger = Ledger::founded();
    ledger.append(vec![Draft::Message("a message".to_owned())], ARCHIVIST, 2);
    rechain(&mut ledger.entries, 5, |envelope| {
        envelope.payload[1] = b'\n';
    });

    assert_eq!(found(&ledger.entries, None), [("payload-malformed", 5, 5)]);
}

#[test]
fn a_founding_that_holds_a_record_is_found() {
    let mut entries = Ledger::founded().entries;
    rechain(&mut entries, 1, |envelope| {
        envelope.kind = Kind::new(300);
        envelope.payload = Vec::new();
        envelope.body_hash = crate::hash::BodyHash::of(&[0; 32], b"");
    });
    entries[1].slot = Slot::Body {
        salt: [0; 32],
        body: Vec::new(),
    };

    assert_eq!(found(&entries, None), [("founding-misplaced", 1, 1)]);
}

#[test]
fn a_payload_that_does_not_read_is_found() {
    let mut entries = Ledger::with(&[1]).entries;
    rechain(&mut entries, 1, |envelope| envelope.payload[0] = 77);

    assert_eq!(found(&entries, None), [("payload-malformed", 1, 1)]);
}

#[test]
fn signatures_and_bodies_are_left_alone_if_they_are_not_asked_for() {
    let mut ledger = Ledger::with(&[2]);
    ledger.append(vec![record(0)], ARCHIVIST, 8);
    let mut audit = Audit::with(Checks {
        tree: true,
        bodies: false,
        signatures: false,
    });
    for (at, entry) in ledger.entries.iter().enumerate() {
        audit.entry(Seq::new(at as u64), &entry.envelope, None, None);
    }

    assert_eq!(audit.finish().findings, []);
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_audited_without_a_panic(
        entries in proptest::collection::vec(
            (proptest::collection::vec(proptest::num::u8::ANY, 0..300), proptest::num::u64::ANY),
            0..20,
        ),
        good in 0usize..15,
    ) {
        let mut audit = Audit::new();
        for (at, entry) in ledger().iter().enumerate().take(good) {
            audit.entry(Seq::new(at as u64), &entry.envelope, Some(&entry.slot), None);
        }
        for (mut bytes, at) in entries {
            if let Some(version) = bytes.first_mut() {
                *version = 1;
            }
            audit.entry(Seq::new(at), &bytes, Some(&Slot::Expunged(Seq::new(at))), None);
        }
        audit.missing(Seq::new(u64::MAX), Seq::new(u64::MAX), None);
        audit.finish();
    }
}
