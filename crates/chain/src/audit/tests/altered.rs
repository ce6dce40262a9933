//! Entries that were altered or lost: what they claim is not believed, and what
//! depended on them is not blamed on those that follow.

use super::*;
use crate::audit::fold::Fold;
use crate::expunging::{Expunging, Quorum};
use crate::payload::{ActsHash, Approval};
use crate::testing::LOG;

/// The last byte of an envelope's time, and the first of the name in a founding entry.
const TIME: usize = 16;
const ORIGIN: usize = crate::envelope::FIXED_LENGTH + 2;

fn approved(acts: &[Act]) -> Vec<Draft> {
    let hash = ActsHash::of(acts).unwrap();
    let approval = Approval::sign(&origin(), KEEPER, [1; 16], &hash, &key(3)).unwrap();
    let acts = acts.iter().cloned().map(Draft::Act);
    acts.chain([Draft::Approval(approval)]).collect()
}

fn enrol(role: Role, seed: u8) -> Act {
    Act::Enrol(enrolment(role, seed))
}

/// Changes an envelope and nothing after it.
fn alter(entry: &mut Entry, change: impl Fn(&mut Envelope)) {
    let mut envelope = Envelope::decode(&entry.envelope).unwrap();
    change(&mut envelope);
    entry.envelope = envelope.encode();
}

/// Makes an envelope into one of the chain's own kinds.
fn become_own(envelope: &mut Envelope, kind: Kind, payload: Vec<u8>) {
    envelope.kind = kind;
    envelope.schema = 0;
    envelope.body_length = 0;
    envelope.body_hash = crate::hash::BodyHash::ZERO;
    envelope.payload = payload;
}

#[test]
fn a_first_entry_that_was_altered_still_tells_the_origin_if_signatures_say_so() {
    let mut entries = ledger();
    let leaves = leaves(&entries);
    entries[0].envelope[TIME] ^= 1;

    let audited = audit(&entries, Some(&leaves));

    assert_eq!(short(&audited), [("leaf-mismatch", 0, 0)]);
    assert_eq!(audited.origin, Some(origin()));
}

#[test]
fn no_signature_is_blamed_if_the_origin_was_altered() {
    let mut ledger = Ledger::with(&[1]);
    ledger.append(approved(&[enrol(Role::Archivist, 8)]), ARCHIVIST, 2);
    let leaves = leaves(&ledger.entries);
    let mut entries = ledger.entries;
    entries[0].envelope[ORIGIN] ^= 1;

    let expected = [("leaf-mismatch", 0, 0), ("signature-unchecked", 4, 9)];
    assert_eq!(found(&entries, Some(&leaves)), expected);
}

#[test]
fn an_altered_entry_gives_the_ledger_no_other_name() {
    let other = Origin::new("archive.example/other").unwrap();
    let mut entries = ledger();
    let leaves = leaves(&entries);
    alter(&mut entries[7], |envelope| {
        become_own(envelope, Kind::FOUNDING, other.encode());
    });
    entries[7].slot = Slot::None;

    let audited = audit(&entries, Some(&leaves));

    assert_eq!(short(&audited), [("leaf-mismatch", 7, 7)]);
    assert_eq!(audited.origin, Some(origin()));
}

#[test]
fn a_second_founding_gives_the_ledger_no_other_name() {
    let other = Origin::new("archive.example/other").unwrap();
    let mut entries = ledger();
    rechain(&mut entries, 7, |envelope| {
        become_own(envelope, Kind::FOUNDING, other.encode());
    });
    entries[7].slot = Slot::None;

    let audited = audit(&entries, None);

    assert_eq!(short(&audited), [("founding-misplaced", 7, 7)]);
    assert_eq!(audited.origin, Some(origin()));
}

#[test]
fn an_altered_entry_puts_no_key_in_the_place_of_another() {
    let mut entries = ledger();
    let leaves = leaves(&entries);
    let payload = enrolment(Role::Archivist, 8).encode().unwrap();
    alter(&mut entries[7], |envelope| {
        become_own(envelope, Kind::KEY, payload.clone());
        envelope.seq = ARCHIVIST;
    });
    entries[7].slot = Slot::None;

    let audited = audit(&entries, Some(&leaves));

    assert_eq!(short(&audited), [("seq-mismatch", 7, 7)]);
    let kept = audited.keyring.get(ARCHIVIST);
    assert_eq!(kept, Some(&enrolment(Role::Archivist, 2)));
}

#[test]
fn a_key_whose_entry_was_altered_vouches_for_what_it_signed_and_is_not_passed_on() {
    let mut entries = ledger();
    let leaves = leaves(&entries);
    let name = entries[2].envelope.len() - 1;
    entries[2].envelope[name] ^= 1;

    let audited = audit(&entries, Some(&leaves));

    assert_eq!(short(&audited), [("leaf-mismatch", 2, 2)]);
    assert_eq!(audited.keyring.get(ARCHIVIST), None);
    assert!(audited.keyring.get(KEEPER).is_some());
}

#[test]
fn what_was_approved_of_is_not_judged_if_some_of_it_was_altered() {
    let mut ledger = Ledger::founded();
    let acts = [enrol(Role::Archivist, 8), enrol(Role::Archivist, 9)];
    ledger.append(approved(&acts), ARCHIVIST, 2);
    let leaves = leaves(&ledger.entries);
    let mut entries = ledger.entries;
    entries[5].envelope[TIME] ^= 1;

    let expected = [("leaf-mismatch", 5, 5), ("signature-unchecked", 8, 8)];
    assert_eq!(found(&entries, Some(&leaves)), expected);
}

#[test]
fn entries_lost_one_after_the_other_are_kept_as_one_range() {
    let mut fold = Fold::default();

    for (first, last) in [(6, 6), (7, 8), (10, 10)] {
        fold.lose(Seq::new(first), Seq::new(last));
    }

    let (first, second) = ((6, 8), (10, 10));
    let range = |(first, last)| (Seq::new(first), Seq::new(last));
    assert_eq!(fold.lost, [range(first), range(second)]);
}

/// A ledger in which two keepers have to agree, and entries 11 to 13 say that one is
/// enough again, before entry 16 destroys the body of entry 7.
fn ledger_of_a_lowered_quorum() -> Vec<Entry> {
    let quorum = |keepers| Act::SetQuorum(Quorum::new(keepers).unwrap());
    let expunging = Act::Expunge(Expunging {
        seq: Seq::new(7),
        id: String::new(),
        authority: "decision-12".to_owned(),
        reason: "names a person under protection".to_owned(),
    });
    let second = Seq::new(5);
    let mut ledger = Ledger::founded();
    ledger.append(vec![Draft::Act(enrol(Role::Keeper, 9))], KEEPER, 3);
    ledger.append(vec![record(0)], ARCHIVIST, 2);
    ledger.append(vec![Draft::Act(quorum(2))], KEEPER, 3);
    ledger.append(approved(&[quorum(1)]), second, 9);
    ledger.append(vec![record(1)], ARCHIVIST, 2);
    ledger.append(vec![Draft::Act(expunging)], KEEPER, 3);
    ledger.entries[7].slot = Slot::Expunged(Seq::new(16));
    ledger.entries
}

#[test]
fn nobody_is_too_few_for_a_quorum_that_what_is_lost_or_skipped_may_have_set() {
    let entries = ledger_of_a_lowered_quorum();
    let without = |leave_out: fn(&mut Audit)| {
        let mut audit = Audit::new();
        for (at, entry) in entries.iter().enumerate() {
            match at {
                11 => leave_out(&mut audit),
                12 | 13 => {}
                _ => {
                    let at = Seq::new(at as u64);
                    audit.entry(at, &entry.envelope, Some(&entry.slot), None);
                }
            }
        }
        short(&audit.finish())
    };

    let destroyed = ("body-expunged", 7, 7);
    assert_eq!(found(&entries, None), [destroyed]);
    let skipped = without(|audit| audit.skip(Seq::new(11), Seq::new(13), None));
    assert_eq!(skipped, [destroyed]);
    let lost = without(|audit| audit.missing(Seq::new(11), Seq::new(13), None));
    assert_eq!(lost, [("entry-missing", 11, 13), destroyed]);
}

#[test]
fn an_archivist_founds_no_ledger_even_if_something_of_the_founding_is_lost() {
    let mut entries = Ledger::founded().entries;
    rechain_as(&mut entries, 4, 2, |envelope| {
        let signer = ARCHIVIST.get().to_be_bytes();
        envelope.payload[12..20].copy_from_slice(&signer);
    });
    let mut audit = Audit::new();
    for (at, entry) in entries.iter().enumerate() {
        let at = Seq::new(at as u64);
        if at != LOG {
            audit.entry(at, &entry.envelope, Some(&entry.slot), None);
        }
    }

    assert_eq!(found(&entries, None), [("signer-role", 4, 4)]);
    let expected = [("entry-missing", 1, 1), ("signer-role", 4, 4)];
    assert_eq!(short(&audit.finish()), expected);
}

#[test]
fn what_is_of_an_unknown_kind_may_be_a_keepers_and_is_never_a_log_keys() {
    for (signer, seed, expected) in [
        (ARCHIVIST, 2, None),
        (KEEPER, 3, None),
        (LOG, 1, Some(("signer-role", 6, 6))),
    ] {
        let mut ledger = Ledger::founded();
        ledger.append(vec![Draft::Message("a message".to_owned())], signer, seed);

        rechain_as(&mut ledger.entries, 5, seed, |envelope| {
            envelope.kind = Kind::new(200);
        });

        let found = found(&ledger.entries, None);
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn two_submissions_may_be_recorded_at_the_same_moment() {
    let mut ledger = Ledger::with(&[1]);

    ledger.append_at(ledger.head.recorded_at, vec![record(1)], ARCHIVIST, 2);

    assert_eq!(found(&ledger.entries, None), []);
}

#[test]
fn a_key_entry_that_moved_is_believed_only_if_the_next_one_follows_it() {
    let mut entries = ledger();
    entries.remove(1);

    let followed = audit(&entries, None);
    let last = audit(&entries[..2], None);

    assert!(followed.keyring.get(ARCHIVIST).is_some());
    assert_eq!(last.keyring.get(ARCHIVIST), None);
}
