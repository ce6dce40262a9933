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

fn back_dated(desk: &Desk, size: u64, at: u64) -> Vec<BackDated> {
    let (size, at) = (Size::new(size), Instant::from_micros(at));
    let roll = RollReader::open(desk.path()).unwrap();
    Vouched { size, at }.back_dated(&roll, &[]).unwrap()
}

#[test]
fn what_was_appended_later_and_dated_earlier_is_named() {
    let (desk, sizes) = desk(&[NOON, NOON + DAY, NOON + 2 * DAY, NOON + 5 * DAY]);

    let found = back_dated(&desk, sizes[1], NOON + 3 * DAY);

    assert_eq!(
        found,
        [BackDated {
            first: Seq::new(sizes[1]),
            last: Seq::new(sizes[3] - 1),
            claimed: Instant::from_micros(NOON + DAY),
        }]
    );
}

#[test]
fn an_honest_ledger_is_never_accused() {
    let (desk, sizes) = desk(&[NOON, NOON + DAY, NOON + 2 * DAY]);

    for (place, size) in sizes.iter().enumerate() {
        let before = NOON + (place as u64) * DAY;
        assert_eq!(back_dated(&desk, *size, before), []);
    }
    let all = desk.ledger.head().size.get();
    assert_eq!(back_dated(&desk, all, NOON + 99 * DAY), []);
}

#[test]
fn what_somebody_else_saw_in_time_is_cleared_of_a_checkpoint_that_was_seen_late() {
    let (desk, sizes) = desk(&[NOON, NOON + DAY, NOON + 2 * DAY]);
    let roll = RollReader::open(desk.path()).unwrap();
    let late = Vouched {
        size: Size::new(sizes[0]),
        at: Instant::from_micros(NOON + 9 * DAY),
    };
    let seen = |size: u64, at: u64| Vouched {
        size: Size::new(size),
        at: Instant::from_micros(at),
    };
    let accused = |others: &[Vouched]| -> Vec<(u64, u64)> {
        let found = late.back_dated(&roll, others).unwrap();
        let runs = found.iter().map(|run| (run.first.get(), run.last.get()));
        runs.collect()
    };
    let (first, last) = (sizes[0], desk.ledger.head().size.get() - 1);

    assert_eq!(accused(&[late]), [(first, last)]);
    // Of the second submission it was seen that it was there when it says; of the
    // first that it was there a day later.
    let second = seen(sizes[2], NOON + DAY + 5 * MINUTE);
    let around = [(first, sizes[1] - 1), (sizes[2], last)];
    assert_eq!(accused(&[late, second]), around);
    let in_time = [(1, 0), (2, 1), (3, 2)].map(|(next, day)| {
        let size = sizes.get(next).copied().unwrap_or(last + 1);
        seen(size, NOON + day * DAY)
    });
    assert_eq!(accused(&in_time), []);
    // Seen later than it says, and five minutes, it may have been dated back.
    let after = seen(sizes[2], NOON + DAY + 5 * MINUTE + 1);
    assert_eq!(accused(&[after]), [(first, last)]);
}

#[test]
fn two_clocks_may_be_five_minutes_apart() {
    let (desk, sizes) = desk(&[NOON, NOON + DAY]);

    let at = |minutes: u64, more: u64| NOON + DAY + minutes * MINUTE + more;

    assert_eq!(back_dated(&desk, sizes[1], at(5, 0)), []);
    assert_eq!(back_dated(&desk, sizes[1], at(5, 1)).len(), 1);
}
