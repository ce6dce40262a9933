//! Merged actors: who turned out to be whom.
//!
//! Whoever is said to be the same as another counts as that other, at the end
//! of the chain; those that name each other in a circle count as the first of
//! them. Who may be the same as whom without being said so is not asked here.

use std::collections::{BTreeMap, BTreeSet};

use crate::record::Actor;

use super::readings::Readings;

/// The actor that each merged actor counts as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged(BTreeMap<u64, u64>);

impl Merged {
    /// Returns which actors turned out to be others, by the readings that count.
    pub fn of(readings: &Readings) -> Self {
        let next = next(readings);
        let mut merged = BTreeMap::new();
        for &start in next.keys() {
            let mut path = BTreeSet::new();
            let mut at = start;
            let end = loop {
                if let Some(end) = merged.get(&at) {
                    break *end;
                }
                if !path.insert(at) {
                    break least_in_circle(&next, at);
                }
                match next.get(&at) {
                    Some(same) => at = *same,
                    None => break at,
                }
            };
            merged.extend(path.into_iter().map(|actor| (actor, end)));
        }
        Self(merged)
    }

    /// Returns the actor that this one counts as: itself, unless it is the same as another.
    pub fn actor(&self, seq: u64) -> u64 {
        self.0.get(&seq).copied().unwrap_or(seq)
    }
}

/// Returns as which other each is said to be, of those that are.
fn next(readings: &Readings) -> BTreeMap<u64, u64> {
    let counting = readings
        .each::<Actor>()
        .filter(|(reading, _)| reading.counts());
    let same = counting.filter_map(|(reading, actor)| Some((reading.seq, actor.same_as?.0)));
    same.filter(|(_, same)| readings.get::<Actor>(*same).is_some())
        .collect()
}

fn least_in_circle(next: &BTreeMap<u64, u64>, member: u64) -> u64 {
    let mut least = member;
    let mut at = member;
    while let Some(same) = next.get(&at).copied().filter(|same| *same != member) {
        least = least.min(same);
        at = same;
    }
    least
}
