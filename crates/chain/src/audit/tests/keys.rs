//! Keys that are enrolled, revoked and in doubt, and what keepers approve of.

use super::*;
use crate::authority::{Decision, MAX_APPROVALS};
use crate::checkpoint::Checkpoint;
use crate::envelope::FIXED_LENGTH;
use crate::expunging::{Expunging, Quorum};
use crate::payload::{ActsHash, Approval, Nonce, Revocation};
use crate::testing::LOG;
use crate::tree;

/// The private keys of a second archivist and a second keeper.
const SECOND_ARCHIVIST: u8 = 8;
const SECOND_KEEPER: u8 = 9;

fn enrol(role: Role, seed: u8) -> Act {
    Act::Enrol(enrolment(role, seed))
}

fn revoke(key: Seq, since: Option<u64>) -> Act {
    Act::Revoke(Revocation {
        key,
        since: since.map(Seq::new),
        reason: "stolen".to_owned(),
    })
}

fn approval(acts: &[Act], keeper: Seq, seed: u8, nonce: Nonce) -> Approval {
    let acts = ActsHash::of(acts).unwrap();
    Approval::sign(&origin(), keeper, nonce, &acts, &key(seed)).unwrap()
}

fn drafts(acts: &[Act], approvals: &[Approval]) -> Vec<Draft> {
    let acts = acts.iter().cloned().map(Draft::Act);
    let approvals = approvals.iter().cloned().map(Draft::Approval);
    acts.chain(approvals).collect()
}

/// A founded ledger (0 to 4), in which entry 5 does this, closed by the keeper (6).
fn ledger_where(act: Act) -> Ledger {
    let mut ledger = Ledger::founded();
    ledger.append(vec![Draft::Act(act)], KEEPER, 3);
    ledger
}

#[test]
fn an_archivist_closes_what_a_keeper_approved_of() {
    let mut ledger = Ledger::founded();
    let acts = [enrol(Role::Archivist, SECOND_ARCHIVIST)];
    let approved = [approval(&acts, KEEPER, 3, [1; 16])];

    ledger.append(drafts(&acts, &approved), ARCHIVIST, 2);
    ledger.append(vec![record(0)], Seq::new(5), SECOND_ARCHIVIST);

    assert_eq!(found(&ledger.entries, None), []);
}

#[test]
fn an_archivist_alone_enrols_and_revokes_nobody() {
    for act in [enrol(Role::Archivist, 8), revoke(KEEPER, None)] {
        let mut ledger = Ledger::founded();

        ledger.append(drafts(&[act], &[]), ARCHIVIST, 2);

        assert_eq!(found(&ledger.entries, None), [("signer-role", 6, 6)]);
    }
}

#[test]
fn an_approval_is_of_what_was_approved_and_of_nothing_else() {
    let other = [enrol(Role::Keeper, SECOND_KEEPER)];
    let acts = [enrol(Role::Archivist, SECOND_ARCHIVIST)];
    let both = [acts[0].clone(), other[0].clone()];
    for approved in [&other[..], &both[..], &[]] {
        let mut ledger = Ledger::founded();

        let approved = approval(approved, KEEPER, 3, [1; 16]);
        ledger.append(drafts(&acts, &[approved]), ARCHIVIST, 2);

        let expected = [("approval-invalid", 6, 6), ("signer-role", 7, 7)];
        assert_eq!(found(&ledger.entries, None), expected);
    }
}

#[test]
fn an_approval_for_another_ledger_is_none_for_this_one() {
    let acts = [enrol(Role::Archivist, SECOND_ARCHIVIST)];
    let elsewhere = Origin::new("archive.example/other").unwrap();
    let hash = ActsHash::of(&acts).unwrap();
    let approved = Approval::sign(&elsewhere, KEEPER, [1; 16], &hash, &key(3)).unwrap();
    let mut ledger = Ledger::founded();

    ledger.append(drafts(&acts, &[approved]), ARCHIVIST, 2);

    let expected = [("approval-invalid", 6, 6), ("signer-role", 7, 7)];
    assert_eq!(found(&ledger.entries, None), expected);
}

#[test]
fn an_approval_cannot_be_brought_in_a_second_time() {
    let acts = [revoke(ARCHIVIST, None)];
    let approved = [approval(&acts, KEEPER, 3, [1; 16])];
    let mut ledger = ledger_where(enrol(Role::Archivist, SECOND_ARCHIVIST));
    ledger.append(drafts(&acts, &approved), Seq::new(5), SECOND_ARCHIVIST);

    ledger.append(drafts(&acts, &approved), Seq::new(5), SECOND_ARCHIVIST);

    let expected = [("approval-replayed", 11, 11), ("signer-role", 12, 12)];
    assert_eq!(found(&ledger.entries, None), expected);
}

#[test]
fn nobody_approves_of_their_own_enrolment() {
    let acts = [enrol(Role::Keeper, SECOND_KEEPER)];
    let approved = approval(&acts, Seq::new(5), SECOND_KEEPER, [1; 16]);
    let mut ledger = Ledger::founded();

    ledger.append(drafts(&acts, &[approved]), ARCHIVIST, 2);

    let expected = [("approver-unknown", 6, 6), ("signer-role", 7, 7)];
    assert_eq!(found(&ledger.entries, None), expected);
}

#[test]
fn an_approval_that_does_not_count_is_found_even_if_a_keeper_signs() {
    let acts = [enrol(Role::Archivist, SECOND_ARCHIVIST)];
    let approved = approval(&acts, ARCHIVIST, 2, [1; 16]);
    let mut ledger = Ledger::founded();

    ledger.append(drafts(&acts, &[approved]), KEEPER, 3);

    assert_eq!(found(&ledger.entries, None), [("approver-role", 6, 6)]);
}

#[test]
fn a_revoked_keeper_approves_of_nothing() {
    let mut ledger = ledger_where(enrol(Role::Keeper, SECOND_KEEPER));
    ledger.append(drafts(&[revoke(KEEPER, None)], &[]), Seq::new(5), 9);
    let acts = [enrol(Role::Archivist, SECOND_ARCHIVIST)];
    let approved = approval(&acts, KEEPER, 3, [1; 16]);

    ledger.append(drafts(&acts, &[approved]), ARCHIVIST, 2);

    let expected = [("approver-revoked", 10, 10), ("signer-role", 11, 11)];
    assert_eq!(found(&ledger.entries, None), expected);
}

#[test]
fn an_approval_of_nothing_is_found() {
    let mut ledger = Ledger::founded();
    let approved = Draft::Approval(approval(&[], KEEPER, 3, [1; 16]));

    ledger.append(vec![record(0), approved], ARCHIVIST, 2);

    assert_eq!(found(&ledger.entries, None), [("approval-misplaced", 6, 6)]);
}

#[test]
fn a_lost_approval_is_not_blamed_on_whoever_closed() {
    let mut ledger = Ledger::founded();
    let acts = [enrol(Role::Archivist, SECOND_ARCHIVIST)];
    let approved = [approval(&acts, KEEPER, 3, [1; 16])];
    ledger.append(drafts(&acts, &approved), ARCHIVIST, 2);
    let leaves = leaves(&ledger.entries);
    let mut entries = ledger.entries;

    entries[6].envelope[120] ^= 1;

    assert_eq!(found(&entries, Some(&leaves)), [("leaf-mismatch", 6, 6)]);
}

#[test]
fn what_a_keeper_approved_of_is_not_blamed_if_the_key_is_lost_or_altered() {
    let acts = [enrol(Role::Archivist, SECOND_ARCHIVIST)];
    let approved = [approval(&acts, Seq::new(5), SECOND_KEEPER, [1; 16])];
    let mut ledger = ledger_where(enrol(Role::Keeper, SECOND_KEEPER));
    ledger.append(drafts(&acts, &approved), ARCHIVIST, 2);
    let leaves = leaves(&ledger.entries);
    // The version, so that nothing reads; the role; a byte of the key.
    for byte in [0, FIXED_LENGTH, FIXED_LENGTH + 1] {
        let mut entries = ledger.entries.clone();
        entries[5].envelope[byte] ^= 1;

        let found = found(&entries, Some(&leaves));

        let damage = |(code, ..): &&Found| *code != "envelope-malformed";
        let found: Vec<_> = found.iter().filter(damage).copied().collect();
        let expected = [("leaf-mismatch", 5, 5), ("signature-unchecked", 9, 9)];
        assert_eq!(found, expected, "byte {byte}");
    }
}

#[test]
fn a_keeper_counts_once_however_often_and_by_whatever_entry() {
    let mut keyring = audit(&Ledger::founded().entries, None).keyring;
    keyring.enrol(Seq::new(7), enrolment(Role::Keeper, 3));
    keyring.enrol(Seq::new(8), enrolment(Role::Keeper, SECOND_KEEPER));
    let acts = [revoke(ARCHIVIST, None)];
    let mut decision = Decision::new();
    decision.decide(acts[0].kind(), &acts[0].encode().unwrap());
    for (keeper, seed) in [(KEEPER, 3), (KEEPER, 3), (Seq::new(7), 3), (Seq::new(8), 9)] {
        decision.approve(Seq::new(20), approval(&acts, keeper, seed, [1; 16]));
    }

    let weighed = decision.weigh(&origin(), &keyring, Seq::new(19), Some(KEEPER));

    assert_eq!(weighed.faults, []);
    let keepers: Vec<_> = weighed.keepers.keys().copied().collect();
    let mut expected = [3, SECOND_KEEPER].map(|seed| key(seed).verifying_key().to_bytes());
    expected.sort_unstable();
    assert_eq!(keepers, expected);
}

#[test]
fn more_approvals_than_a_submission_may_have_are_found() {
    let acts = [revoke(ARCHIVIST, None)];
    let approved = vec![approval(&acts, KEEPER, 3, [1; 16]); MAX_APPROVALS + 1];
    let mut ledger = Ledger::founded();

    ledger.append(drafts(&acts, &approved), KEEPER, 3);

    let last = 5 + 1 + MAX_APPROVALS as u64;
    let expected = [("approval-misplaced", last, last)];
    assert_eq!(found(&ledger.entries, None), expected);
}

#[test]
fn a_revoked_key_signs_nothing_more() {
    let mut ledger = Ledger::with(&[2]);
    ledger.append(drafts(&[revoke(ARCHIVIST, None)], &[]), KEEPER, 3);

    ledger.append(vec![record(1)], ARCHIVIST, 2);

    assert_eq!(found(&ledger.entries, None), [("signer-revoked", 11, 11)]);
}

#[test]
fn what_a_key_signed_while_it_was_in_doubt_is_flagged_and_valid() {
    // Records 5 to 7, 8 to 10, 11 to 13, each with their closing; then the revocation.
    let mut ledger = Ledger::with(&[2, 2, 2]);

    ledger.append(drafts(&[revoke(ARCHIVIST, Some(9))], &[]), KEEPER, 3);

    let audited = audit(&ledger.entries, None);
    assert_eq!(short(&audited), [("signer-flagged", 8, 13)]);
    assert_eq!(audited.findings[0].severity, Severity::Notice);
    assert!(audited.findings[0].message.ends_with("revoked it: stolen"));
}

#[test]
fn what_a_keeper_in_doubt_approved_of_is_flagged() {
    let acts = [enrol(Role::Archivist, SECOND_ARCHIVIST)];
    let approved = [approval(&acts, KEEPER, 3, [1; 16])];
    let mut ledger = ledger_where(enrol(Role::Keeper, SECOND_KEEPER));
    ledger.append(drafts(&acts, &approved), ARCHIVIST, 2);

    ledger.append(drafts(&[revoke(KEEPER, Some(7))], &[]), Seq::new(5), 9);

    assert_eq!(found(&ledger.entries, None), [("signer-flagged", 7, 9)]);
}

#[test]
fn a_key_revoked_again_is_in_doubt_from_the_earlier_position_on() {
    let mut ledger = Ledger::with(&[1, 1]);
    for since in [Some(7), None, Some(5)] {
        ledger.append(drafts(&[revoke(ARCHIVIST, since)], &[]), KEEPER, 3);
    }

    assert_eq!(found(&ledger.entries, None), [("signer-flagged", 5, 8)]);
}

#[test]
fn a_key_may_revoke_itself_and_nothing_else() {
    for (own, seed) in [(LOG, 1), (ARCHIVIST, 2), (KEEPER, 3)] {
        let mut ledger = Ledger::founded();
        ledger.append(drafts(&[revoke(own, None)], &[]), own, seed);
        assert_eq!(found(&ledger.entries, None), []);
    }
    let (own, other) = (revoke(ARCHIVIST, None), revoke(KEEPER, None));
    for also in [[own.clone(), other.clone()], [other, own]] {
        let mut ledger = Ledger::founded();

        ledger.append(drafts(&also, &[]), ARCHIVIST, 2);

        assert_eq!(found(&ledger.entries, None), [("signer-role", 7, 7)]);
    }
}

#[test]
fn a_key_may_say_of_itself_twice_that_it_is_revoked() {
    let twice = [revoke(ARCHIVIST, None), revoke(ARCHIVIST, None)];
    let mut ledger = Ledger::founded();

    ledger.append(drafts(&twice, &[]), ARCHIVIST, 2);

    assert_eq!(found(&ledger.entries, None), []);
}

#[test]
fn a_log_key_that_revokes_itself_signs_no_records_with_that() {
    let mut ledger = Ledger::founded();

    ledger.append(vec![record(0), Draft::Act(revoke(LOG, None))], LOG, 1);

    assert_eq!(found(&ledger.entries, None), [("signer-role", 7, 7)]);
}

#[test]
fn a_revocation_of_no_key_is_found() {
    for key in [0, 4, 5, 99] {
        let ledger = ledger_where(revoke(Seq::new(key), None));

        let expected = [("revocation-unknown", 5, 5)];
        assert_eq!(found(&ledger.entries, None), expected, "key {key}");
    }
}

#[test]
fn a_log_key_is_believed_for_the_sizes_at_which_it_was_in_force() {
    // The second log key is entry 5; entry 7 revokes the first one.
    let mut ledger = ledger_where(enrol(Role::Log, 11));
    ledger.append(drafts(&[revoke(LOG, None)], &[]), KEEPER, 3);
    let keyring = audit(&ledger.entries, None).keyring;

    let seeds = |size: u64| -> Vec<u8> {
        let keys = keyring.log_keys_at(&origin(), Size::new(size));
        let is = |seed: &u8| keys.iter().any(|k| *k.key() == key(*seed).verifying_key());
        [1, 11].into_iter().filter(is).collect()
    };

    assert_eq!(seeds(1), Vec::<u8>::new());
    assert_eq!(seeds(5), [1]);
    assert_eq!(seeds(6), [1, 11]);
    assert_eq!(seeds(7), [1, 11]);
    assert_eq!(seeds(8), [11]);
    assert_eq!(keyring.log_keys(&origin()).len(), 1);
}

#[test]
fn a_checkpoint_is_in_doubt_if_only_a_log_key_in_doubt_signed_it() {
    // The second log key is entry 5; entry 7 revokes the first one, in doubt from 6 on.
    let mut ledger = ledger_where(enrol(Role::Log, 11));
    let stolen = revoke(LOG, Some(6));
    ledger.append(drafts(&[stolen], &[]), KEEPER, 3);
    let keyring = audit(&ledger.entries, None).keyring;

    let doubted = |size: u64, seeds: &[u8]| {
        let checkpoint = Checkpoint::new(&origin(), Size::new(size), tree::leaf_hash(b"a leaf"));
        let mut note = checkpoint.sign(&key(seeds[0])).unwrap();
        for seed in &seeds[1..] {
            note = note.signed(origin().as_str(), &key(*seed)).unwrap();
        }
        let found = keyring.doubted_signer(&origin(), &note, Size::new(size));
        found.map(|(seq, revoked)| (seq, revoked.doubt(seq)))
    };

    assert_eq!(doubted(5, &[1]), None);
    let (signer, told) = doubted(6, &[1]).unwrap();
    assert_eq!(signer, LOG);
    assert_eq!(
        told,
        "the key of entry 1, which signed this, is in doubt from entry 6 on; entry 7 revoked it: stolen"
    );
    assert!(doubted(7, &[1]).is_some());
    assert_eq!(doubted(6, &[11]), None);
    assert_eq!(doubted(6, &[1, 11]), None);
    // What it signs afterwards is nobody's word, and that is another finding.
    assert_eq!(doubted(8, &[1]), None);
    assert_eq!(doubted(6, &[9]), None);
}

/// A ledger with two keepers (of entries 3 and 5) who must both agree from entry 9 on.
fn ledger_of_two_keepers() -> Ledger {
    let mut ledger = ledger_where(enrol(Role::Keeper, SECOND_KEEPER));
    ledger.append(vec![record(0)], ARCHIVIST, 2);
    ledger.append(vec![Draft::Act(two())], KEEPER, 3);
    ledger
}

fn two() -> Act {
    Act::SetQuorum(Quorum::new(2).unwrap())
}

fn expunge() -> Act {
    Act::Expunge(Expunging {
        seq: Seq::new(7),
        id: String::new(),
        authority: "decision-12".to_owned(),
        reason: "names a person under protection".to_owned(),
    })
}

#[test]
fn two_keepers_agree_by_closing_and_approving_or_by_two_approvals() {
    let acts = [expunge()];
    let (first, second) = (KEEPER, Seq::new(5));
    let by_first = approval(&acts, first, 3, [1; 16]);
    let by_second = approval(&acts, second, SECOND_KEEPER, [1; 16]);
    for (approved, signer, seed) in [
        (vec![by_second.clone()], first, 3),
        (vec![by_first, by_second], ARCHIVIST, 2),
    ] {
        let mut ledger = ledger_of_two_keepers();
        let expunging = ledger.entries.len() as u64;
        ledger.append(drafts(&acts, &approved), signer, seed);
        ledger.entries[7].slot = Slot::Expunged(Seq::new(expunging));

        assert_eq!(found(&ledger.entries, None), [("body-expunged", 7, 7)]);
    }
}

#[test]
fn one_keeper_who_signs_and_approves_is_still_one() {
    let acts = [expunge()];
    let mut ledger = ledger_of_two_keepers();
    let expunging = ledger.entries.len() as u64;

    let approved = approval(&acts, KEEPER, 3, [1; 16]);
    ledger.append(drafts(&acts, &[approved]), KEEPER, 3);
    ledger.entries[7].slot = Slot::Expunged(Seq::new(expunging));

    let expected = [
        ("quorum-short", expunging + 2, expunging + 2),
        ("body-expunged", 7, 7),
    ];
    assert_eq!(found(&ledger.entries, None), expected);
}

#[test]
fn every_key_in_doubt_is_told_for_itself_and_every_stretch_that_it_signed() {
    // Submissions of the first archivist, of the second (of entry 5), and of the first.
    let second = Seq::new(5);
    let mut ledger = ledger_where(enrol(Role::Archivist, SECOND_ARCHIVIST));
    for (signer, seed) in [(ARCHIVIST, 2), (second, SECOND_ARCHIVIST), (ARCHIVIST, 2)] {
        ledger.append(vec![record(0)], signer, seed);
    }
    ledger.append(drafts(&[revoke(ARCHIVIST, Some(7))], &[]), KEEPER, 3);
    let stretches = [("signer-flagged", 7, 8), ("signer-flagged", 11, 12)];
    assert_eq!(found(&ledger.entries, None), stretches);

    ledger.append(drafts(&[revoke(second, Some(7))], &[]), KEEPER, 3);

    let between = ("signer-flagged", 9, 10);
    let expected = [stretches[0], between, stretches[1]];
    assert_eq!(found(&ledger.entries, None), expected);
}

#[test]
fn a_keeper_who_approved_is_flagged_though_somebody_else_closed_in_the_same_name() {
    let acts = [enrol(Role::Archivist, SECOND_ARCHIVIST)];
    let approved = [approval(&acts, KEEPER, 3, [1; 16])];
    let mut ledger = ledger_where(enrol(Role::Keeper, SECOND_KEEPER));
    ledger.append(drafts(&acts, &approved), KEEPER, 2);

    ledger.append(drafts(&[revoke(KEEPER, Some(7))], &[]), Seq::new(5), 9);

    let expected = [("signature-invalid", 9, 9), ("signer-flagged", 7, 9)];
    assert_eq!(found(&ledger.entries, None), expected);
}
