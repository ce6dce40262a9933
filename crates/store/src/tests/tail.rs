//! The tail's bytes: what is torn, what is damaged, and that nothing panics.

use chancery_chain::seal::Entry;
use chancery_chain::{Hash, Seq, Severity, Size, Slot};
use proptest::prelude::*;

use super::{Clerk, codes};
use crate::tail::frame::{self, HEADER_LENGTH, Header};
use crate::tail::parse::{STEP, parse};

const SECTOR: usize = 512;

/// Returns a tail of these submissions, from the first entry on.
fn tail_of(submissions: &[Vec<Entry>]) -> Vec<u8> {
    let header = Header {
        first: Seq::FIRST,
        previous: Hash::ZERO,
    };
    let mut bytes = header.encode().to_vec();
    for submission in submissions {
        bytes.extend(frame::encode(submission).unwrap());
    }
    bytes.resize((bytes.len() + 1).next_multiple_of(STEP), 0);
    bytes
}

fn three_submissions() -> (Vec<Vec<Entry>>, Vec<u8>) {
    let mut clerk = Clerk::new();
    let submissions = vec![clerk.founding(), clerk.records(2), clerk.records(8)];
    let bytes = tail_of(&submissions);
    (submissions, bytes)
}

#[test]
fn every_set_of_sectors_that_did_not_land_is_torn() {
    let (submissions, whole) = three_submissions();
    let parsed = parse(&whole, Size::EMPTY);
    let last = parsed.frames[2].at;
    let before = parsed.frames[2].first;
    let sectors: Vec<_> = (last / SECTOR..parsed.end.div_ceil(SECTOR)).collect();
    assert!(sectors.len() >= 4, "{}", sectors.len());

    for missing in 1_u32..1 << sectors.len() {
        let mut bytes = whole.clone();
        for (bit, sector) in sectors.iter().enumerate() {
            if missing & (1 << bit) != 0 {
                let from = (sector * SECTOR).max(last);
                bytes[from..((sector + 1) * SECTOR).min(parsed.end)].fill(0);
            }
        }
        let torn = parse(&bytes, Size::new(before.get()));

        assert!(!torn.is_damaged(), "{missing:b}: {:?}", torn.findings);
        assert_eq!(torn.size().get(), before.get(), "{missing:b}");
        let nothing_landed = missing + 1 == 1 << sectors.len();
        let expected: &[&str] = if nothing_landed { &[] } else { &["tail-torn"] };
        assert_eq!(codes(&torn.findings), expected, "{missing:b}");
        assert_eq!(torn.remains.is_none(), nothing_landed);

        let known = parse(&bytes, Size::new(before.get() + 9));
        assert!(known.is_damaged(), "{missing:b}: it had been on the disk");
    }
    assert_eq!(submissions.len(), 3);
}

#[test]
fn a_sector_lost_before_the_last_frame_is_damage() {
    let (_, whole) = three_submissions();
    let parsed = parse(&whole, Size::EMPTY);
    for frame in &parsed.frames[..2] {
        let mut bytes = whole.clone();
        bytes[frame.at..frame.at + 64].fill(0);

        let damaged = parse(&bytes, Size::EMPTY);

        assert!(damaged.is_damaged());
        assert_eq!(damaged.size(), parsed.size(), "what follows is still found");
    }
}

#[test]
fn every_changed_byte_is_damage_or_in_the_zeros() {
    let (_, whole) = three_submissions();
    let end = parse(&whole, Size::EMPTY).end;
    for at in 0..whole.len() {
        for change in [1, 0x80, whole[at].max(1)] {
            let mut bytes = whole.clone();
            bytes[at] ^= change;

            let parsed = parse(&bytes, Size::EMPTY);

            let worst = parsed.findings.iter().map(|found| found.severity).max();
            let least = if at < end {
                Severity::Damage
            } else {
                Severity::Notice
            };
            assert!(
                worst >= Some(least),
                "byte {at} ^ {change}: {:?}",
                parsed.findings
            );
        }
    }
}

#[test]
fn a_frame_begins_and_ends_at_a_multiple_of_eight_and_ends_in_no_zero() {
    let mut clerk = Clerk::new();
    clerk.founding();
    for length in 1..40 {
        let submission = clerk.submission(&[vec![0; length]]);

        let frame = frame::encode(&submission).unwrap();

        assert!(frame.len().is_multiple_of(8));
        assert!(frame[frame.len() - 8..].iter().all(|byte| *byte != 0));
        assert_ne!(frame[..8], [0; 8]);
    }
}

fn slots() -> impl Strategy<Value = Slot> {
    let body = (
        any::<[u8; 32]>(),
        proptest::collection::vec(any::<u8>(), 0..700),
    );
    prop_oneof![
        Just(Slot::None),
        body.prop_map(|(salt, body)| Slot::Body { salt, body }),
        any::<u64>().prop_map(|seq| Slot::Expunged(Seq::new(seq))),
    ]
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let entry = (proptest::collection::vec(any::<u8>(), 0..512), slots());
    let entry = entry.prop_map(|(envelope, slot)| Entry { envelope, slot });
    proptest::collection::vec(entry, 1..6)
}

proptest! {
    #[test]
    fn frames_read_back_as_they_were_written(
        submissions in proptest::collection::vec(entries(), 0..5),
    ) {
        let bytes = tail_of(&submissions);
        let parsed = parse(&bytes, Size::EMPTY);
        let read: Vec<_> = parsed.frames.iter().map(|frame| frame.entries.clone()).collect();
        prop_assert_eq!(read, submissions);
        prop_assert!(parsed.frames.iter().all(|frame| frame.whole));
    }

    #[test]
    fn any_bytes_are_read_without_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..5000),
        headed in any::<bool>(),
        floor in 0_u64..50,
    ) {
        let mut all = Vec::new();
        if headed {
            all = tail_of(&[]);
            all.truncate(HEADER_LENGTH);
        }
        all.extend(bytes);
        let parsed = parse(&all, Size::new(floor));
        prop_assert!(parsed.end <= all.len());
        prop_assert!(parsed.remains.is_none_or(|remains| remains.end <= all.len()));
    }

    #[test]
    fn a_whole_tail_with_a_hole_in_it_is_never_taken_for_whole(
        from in 64_usize..2000,
        length in 1_usize..1500,
        with in any::<u8>(),
    ) {
        let (_, whole) = three_submissions();
        let mut bytes = whole.clone();
        let to = (from + length).min(bytes.len());
        bytes[from.min(to)..to].fill(with);
        let parsed = parse(&bytes, Size::new(parse(&whole, Size::EMPTY).size().get()));
        prop_assert!(bytes == whole || !parsed.findings.is_empty());
    }
}
