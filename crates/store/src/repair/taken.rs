//! What was taken from a copy elsewhere, so that it can be told.

use chancery_chain::{Finding, Seq, Size};

/// Places in a ledger, gathered into ranges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ranges(Vec<(Seq, Seq)>);

/// The entries, and the bodies alone, that only the copy elsewhere had.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken {
    pub(super) entries: Ranges,
    pub(super) bodies: Ranges,
}

impl Ranges {
    /// Adds a place that comes after all others.
    pub(super) fn push(&mut self, seq: Seq) {
        self.extend(seq, seq);
    }

    /// Adds places that come after all others.
    pub(super) fn extend(&mut self, first: Seq, last: Seq) {
        match self.0.last_mut() {
            Some((_, end)) if Size::ending_at(*end).map(Size::next_seq) == Some(first) => {
                *end = last;
            }
            _ => self.0.push((first, last)),
        }
    }

    /// Returns whether a place is among these.
    pub(super) fn has(&self, seq: Seq) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= seq);
        let range = after.checked_sub(1).and_then(|at| self.0.get(at));
        range.is_some_and(|(_, last)| seq <= *last)
    }

    /// Returns the last place.
    pub(super) fn last(&self) -> Option<Seq> {
        self.0.last().map(|(_, last)| *last)
    }

    /// Returns a finding for each range.
    pub(super) fn findings(
        &self,
        finding: impl Fn(Seq, Seq) -> Finding,
    ) -> impl Iterator<Item = Finding> {
        let told = move |(first, last): &(Seq, Seq)| finding(*first, *last).between(*first, *last);
        self.0.iter().map(told)
    }

    /// Returns these places without those from `size` on, and the others.
    fn split(self, size: Size) -> (Self, Self) {
        let (mut before, mut after) = (Self::default(), Self::default());
        for (first, last) in self.0 {
            if size.holds(last) {
                before.extend(first, last);
            } else if !size.holds(first) {
                after.extend(first, last);
            } else {
                before.extend(first, size.last_seq().unwrap_or(first));
                after.extend(size.next_seq(), last);
            }
        }
        (before, after)
    }
}

impl Taken {
    /// Returns the notices of what was taken from `place`, where `size` entries
    /// were here, whole or damaged.
    pub(super) fn notices(self, place: &str, size: Size) -> Vec<Finding> {
        let (entries, beyond) = self.entries.split(size);
        let restored = entries.findings(|first, last| {
            let message = format!(
                "{} restored from {place}",
                were("entry", "entries", first, last)
            );
            Finding::notice("entries-restored", message)
        });
        let bodies = self.bodies.findings(|first, last| {
            let which = were("the body of entry", "the bodies of entries", first, last);
            Finding::notice("bodies-restored", format!("{which} restored from {place}"))
        });
        let tail = beyond.findings(|first, last| {
            let which = were("entry", "entries", first, last);
            let message = format!(
                "{which} not here, and taken from {place}: signed with keys of this ledger, \
                 and going on where it ended"
            );
            Finding::notice("tail-restored", message)
        });
        restored.chain(bodies).chain(tail).collect()
    }
}

fn were(one: &str, several: &str, first: Seq, last: Seq) -> String {
    if first == last {
        format!("{one} {first} was")
    } else {
        format!("{several} {first} to {last} were")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(places: &[u64]) -> Ranges {
        let mut ranges = Ranges::default();
        for place in places {
            ranges.push(Seq::new(*place));
        }
        ranges
    }

    #[test]
    fn places_beside_each_other_are_one_range() {
        let three = ranges(&[1, 2, 3, 7, 9, 10]);

        let pair = |first, last| (Seq::new(first), Seq::new(last));
        assert_eq!(three.0, [pair(1, 3), pair(7, 7), pair(9, 10)]);
        let held: Vec<u64> = (0..12).filter(|seq| three.has(Seq::new(*seq))).collect();
        assert_eq!(held, [1, 2, 3, 7, 9, 10]);
    }

    #[test]
    fn what_was_not_here_is_told_apart_from_what_was_damaged() {
        let split = ranges(&[1, 4, 5, 6, 9]).split(Size::new(5));

        assert_eq!(split, (ranges(&[1, 4]), ranges(&[5, 6, 9])));
    }
}
