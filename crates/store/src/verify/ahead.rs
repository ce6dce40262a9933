//! Working ahead: several threads each make a share of what one takes in order.
//!
//! Thread k of n makes every n-th thing from the k-th on, and waits once it is
//! a few ahead, so that no more than these are held in memory.

use std::sync::mpsc::sync_channel;
use std::thread;

/// How many things a thread may be ahead.
const AHEAD: usize = 4;
/// So few are made by whoever takes them.
const FEW: u64 = 8;

/// Makes each of the first `count` things, and has each taken, in order.
pub fn in_order<P: Send>(
    count: u64,
    make: &(dyn Fn(u64) -> P + Sync),
    mut take: impl FnMut(u64, P),
) {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    if threads < 2 || count < FEW {
        for index in 0..count {
            take(index, make(index));
        }
        return;
    }
    thread::scope(|scope| {
        let mut receivers = Vec::new();
        for first in 0..threads as u64 {
            let (sender, receiver) = sync_channel(AHEAD);
            receivers.push(receiver);
            scope.spawn(move || {
                for index in (first..count).step_by(threads) {
                    if sender.send(make(index)).is_err() {
                        return;
                    }
                }
            });
        }
        for (index, receiver) in (0..count).zip(receivers.iter().cycle()) {
            // A thread that is gone has left its share to be made here.
            let made = receiver.recv().unwrap_or_else(|_| make(index));
            take(index, made);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_ahead_is_taken_in_order() {
        for count in [0, 1, 7, 8, 9, 1000] {
            let mut taken = Vec::new();

            in_order(count, &|index| index * 3, |index, made| {
                taken.push((index, made));
            });

            let expected: Vec<_> = (0..count).map(|index| (index, index * 3)).collect();
            assert_eq!(taken, expected);
        }
    }
}
