//! Coverage: which entries were last verified when, at each level.
//!
//! An audit counts for the entries that it looked at, if it found no damage and
//! its ledger is the beginning of the one at hand; both are the caller's to say.

use std::collections::BTreeMap;

use chancery_core::day::Day;

/// A range of entries, first and last.
pub type Range = (u64, u64);

/// The day on which each entry was last verified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    size: u64,
    /// Where a stretch begins, and the day that counts from there on.
    from: BTreeMap<u64, Option<Day>>,
}

impl Coverage {
    /// Returns the coverage of so many entries by nothing.
    pub fn of(size: u64) -> Self {
        Self {
            size,
            from: BTreeMap::from([(0, None)]),
        }
    }

    /// Takes note that these entries were verified on a day.
    pub fn add(&mut self, (first, last): Range, day: Day) {
        let end = last.saturating_add(1).min(self.size);
        if first >= end {
            return;
        }
        self.split(first);
        self.split(end);
        for (_, held) in self.from.range_mut(first..end) {
            *held = (*held).max(Some(day));
        }
    }

    /// Returns, for each entry, the earlier of the two days.
    #[must_use]
    pub fn least(&self, other: &Self) -> Self {
        let mut least = self.clone();
        for at in other.from.keys() {
            least.split(*at);
        }
        for (at, held) in &mut least.from {
            *held = (*held).min(other.day_at(*at));
        }
        least
    }

    /// Returns the stretches and their days, those of one day in one piece.
    pub fn stretches(&self) -> Vec<(Range, Option<Day>)> {
        let ends = self.from.keys().skip(1).copied().chain([self.size]);
        let mut stretches: Vec<(Range, Option<Day>)> = Vec::new();
        for ((first, day), end) in self.from.iter().zip(ends) {
            if *first >= end {
                continue;
            }
            match stretches.last_mut() {
                Some(((_, last), before)) if before == day => *last = end - 1,
                _ => stretches.push(((*first, end - 1), *day)),
            }
        }
        stretches
    }

    /// Returns the entries that were not verified on this day or after it.
    pub fn missing_since(&self, since: Day) -> Vec<Range> {
        let mut missing: Vec<Range> = Vec::new();
        for ((first, last), day) in self.stretches() {
            if day.is_some_and(|day| day >= since) {
                continue;
            }
            match missing.last_mut() {
                Some((_, end)) if *end + 1 == first => *end = last,
                _ => missing.push((first, last)),
            }
        }
        missing
    }

    /// Returns the stretch that waits longest, and its day, if it ever was verified.
    pub fn oldest(&self) -> Option<(Range, Option<Day>)> {
        self.stretches().into_iter().min_by_key(|(_, day)| *day)
    }

    fn day_at(&self, at: u64) -> Option<Day> {
        let (_, day) = self.from.range(..=at).next_back()?;
        *day
    }

    fn split(&mut self, at: u64) {
        if at < self.size {
            let day = self.day_at(at);
            self.from.entry(at).or_insert(day);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(number: u8) -> Day {
        Day::new(i64::from(number))
    }

    /// Each entry's day, told one by one.
    fn told(coverage: &Coverage) -> Vec<Option<Day>> {
        let stretches = coverage.stretches().into_iter();
        stretches
            .flat_map(|((first, last), day)| (first..=last).map(move |_| day))
            .collect()
    }

    proptest! {
        #[test]
        fn each_entry_has_the_last_day_on_which_it_was_verified(
            size in 1..60_u64,
            audits in prop::collection::vec((0..70_u64, 0..70_u64, 0..9_u8), 0..12),
            since in 0..9_u8,
        ) {
            let mut coverage = Coverage::of(size);
            let mut expected = vec![None; usize::try_from(size).unwrap()];
            for (first, length, number) in audits {
                let last = first + length;
                coverage.add((first, last), day(number));
                for (at, held) in (0..).zip(&mut expected) {
                    if (first..=last).contains(&at) {
                        *held = (*held).max(Some(day(number)));
                    }
                }
            }

            prop_assert_eq!(&told(&coverage), &expected);
            let missing: Vec<u64> = coverage
                .missing_since(day(since))
                .into_iter()
                .flat_map(|(first, last)| first..=last)
                .collect();
            let late = (0..).zip(&expected).filter(|(_, held)| **held < Some(day(since)));
            prop_assert_eq!(missing, late.map(|(at, _)| at).collect::<Vec<u64>>());
            let oldest = coverage.oldest().unwrap();
            prop_assert_eq!(oldest.1, *expected.iter().min().unwrap());
        }

        #[test]
        fn the_least_of_two_is_the_earlier_day_of_each_entry(
            size in 1..40_u64,
            one in prop::collection::vec((0..40_u64, 0..40_u64, 0..9_u8), 0..6),
            other in prop::collection::vec((0..40_u64, 0..40_u64, 0..9_u8), 0..6),
        ) {
            let made = |audits: Vec<(u64, u64, u8)>| {
                let mut coverage = Coverage::of(size);
                for (first, length, number) in audits {
                    coverage.add((first, first + length), day(number));
                }
                coverage
            };
            let (one, other) = (made(one), made(other));

            let least = told(&one.least(&other));

            let pairs = told(&one).into_iter().zip(told(&other));
            prop_assert_eq!(least, pairs.map(|(a, b)| a.min(b)).collect::<Vec<_>>());
        }
    }
}
