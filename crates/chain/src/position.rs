//! Where an entry stands: its position, how many entries there are, and when it
//! was recorded.
//!
//! Three numbers that must not be mixed up are three types here. This module
//! does not say what an entry holds.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

/// The position of an entry: zero for the first, and no gaps after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(u64);

/// How many entries a ledger, or a part of its beginning, holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size(u64);

/// A moment of recording: microseconds since 1970-01-01T00:00:00Z (UTC).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(u64);

impl Seq {
    /// The position of the first entry.
    pub const FIRST: Self = Self(0);

    /// Returns the position with this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Returns the number of this position.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl Size {
    /// The size of a ledger without entries.
    pub const EMPTY: Self = Self(0);

    /// Returns the size that counts this many entries.
    pub const fn new(count: u64) -> Self {
        Self(count)
    }

    /// Returns the count.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Returns the position that the next entry will take.
    pub const fn next_seq(self) -> Seq {
        Seq(self.0)
    }

    /// Returns the size of the ledger whose last entry is `seq`, if it can be counted.
    pub const fn ending_at(seq: Seq) -> Option<Self> {
        match seq.0.checked_add(1) {
            Some(count) => Some(Self(count)),
            None => None,
        }
    }

    /// Returns whether an entry at `seq` is among those counted.
    pub const fn holds(self, seq: Seq) -> bool {
        seq.0 < self.0
    }

    /// Returns the position of the last entry, or `None` if there is no entry.
    pub const fn last_seq(self) -> Option<Seq> {
        match self.0.checked_sub(1) {
            Some(number) => Some(Seq(number)),
            None => None,
        }
    }
}

impl Instant {
    /// Returns the moment this many microseconds after 1970-01-01T00:00:00Z.
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// Returns the microseconds since 1970-01-01T00:00:00Z.
    pub const fn micros(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Size {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_counts_the_positions_before_the_next() {
        let (none, three) = (Size::EMPTY, Size::new(3));

        assert_eq!(three.next_seq(), Seq::new(3));
        assert_eq!(
            [1, 2, 3].map(|it| three.holds(Seq::new(it))),
            [true, true, false]
        );
        assert_eq!(three.last_seq(), Some(Seq::new(2)));
        assert_eq!(none.last_seq(), None);
        assert_eq!(Size::ending_at(Seq::new(2)), Some(three));
        assert_eq!(Size::ending_at(Seq::new(u64::MAX)), None);
    }

    #[test]
    fn positions_and_sizes_are_written_as_numbers() {
        assert_eq!(Seq::new(17).to_string(), "17");
        assert_eq!(Size::new(17).to_string(), "17");
        assert_eq!("17".parse(), Ok(Size::new(17)));
        assert!("seventeen".parse::<Size>().is_err());
    }

    #[test]
    fn a_moment_is_told_in_microseconds() {
        assert_eq!(Instant::from_micros(17).micros(), 17);
    }
}
