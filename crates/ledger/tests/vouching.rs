//! Entries that claim to be older than somebody else's word allows.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use chancery_chain::{Instant, Seq, Size};
use chancery_ledger::vouched::{BackDated, Vouched};
use chancery_store::RollReader;
use support::{DAY, Desk, MINUTE, NOON, actor};

/// Returns a desk with submissions of one record each, recorded at these moments,
/// and the size before each.
fn desk(moments: &[u64]) -> (Desk, Vec<u64>) {
    let mut desk = Desk::new();
    let mut sizes = Vec::new();
    for (number, moment) in moments.iter().enumerate() {
        sizes.push(desk.ledger.head().size.get());
        let record = actor(&format!("a{number}"));
        desk.submit_at(vec![record], *moment, None).unwrap();
    }
    (desk, sizes)
}

fn back_dated(desk: &Desk, size: u64, at: u64) -> Option<BackDated> {
    let (size, at) = (Size::new(size), Instant::from_micros(at));
    let roll = RollReader::open(desk.path()).unwrap();
    Vouched { size, at }.back_dated(&roll).unwrap()
}

#[test]
fn what_was_appended_later_and_dated_earlier_is_named() {
    let (desk, sizes) = desk(&[NOON, NOON + DAY, NOON + 2 * DAY, NOON + 5 * DAY]);

    let found = back_dated(&desk, sizes[1], NOON + 3 * DAY);

    assert_eq!(
        found,
        Some(BackDated {
            first: Seq::new(sizes[1]),
            last: Seq::new(sizes[3] - 1),
            claimed: Instant::from_micros(NOON + DAY),
        })
    );
}

#[test]
fn an_honest_ledger_is_never_accused() {
    let (desk, sizes) = desk(&[NOON, NOON + DAY, NOON + 2 * DAY]);

    for (place, size) in sizes.iter().enumerate() {
        let before = NOON + (place as u64) * DAY;
        assert_eq!(back_dated(&desk, *size, before), None);
    }
    let all = desk.ledger.head().size.get();
    assert_eq!(back_dated(&desk, all, NOON + 99 * DAY), None);
}

#[test]
fn two_clocks_may_be_five_minutes_apart() {
    let (desk, sizes) = desk(&[NOON, NOON + DAY]);

    let at = |minutes: u64, more: u64| NOON + DAY + minutes * MINUTE + more;

    assert_eq!(back_dated(&desk, sizes[1], at(5, 0)), None);
    assert!(back_dated(&desk, sizes[1], at(5, 1)).is_some());
}
