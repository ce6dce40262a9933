//! What every fold needs to hand: the readings, the question, the links between
//! happenings, and which actors are one.

use std::collections::{BTreeMap, BTreeSet};

use crate::date::Date;
use crate::record::{Actor, Content};
use crate::window::Window;

use super::happening::{Field, Happening};
use super::links::Links;
use super::proof::Proving;
use super::question::Question;
use super::readings::{Reading, Readings};
use super::when::When;

/// The readings, the question, what binds the days to each other, and which
/// actors turned out to be others.
pub(super) struct Context<'a> {
    pub(super) readings: &'a Readings,
    pub(super) question: Question,
    pub(super) links: Links,
    /// What is to be proved, if anything is.
    pub(super) proving: Option<Proving>,
    /// The actor that each merged actor counts as.
    merged: BTreeMap<u64, u64>,
}

impl<'a> Context<'a> {
    pub(super) fn new(readings: &'a Readings, question: Question) -> Self {
        Self {
            readings,
            question,
            proving: None,
            links: Links::of(readings, question.credibility),
            merged: merged(readings),
        }
    }

    /// Returns the days that a date of a record may have been, as far as links
    /// leave them.
    pub(super) fn window(&self, seq: u64, field: Field, date: &Date) -> Window {
        let left = self.links.window(Happening { seq, field });
        left.unwrap_or_else(|| self.question.window(date))
    }

    /// Returns when a date of a record was.
    pub(super) fn when<'w>(&self, seq: u64, field: Field, date: &Date) -> When<'w> {
        When::on(Happening { seq, field }, self.window(seq, field, date))
    }

    /// Returns the actor that this one counts as: itself, unless it is the same as another.
    pub(super) fn actor(&self, seq: u64) -> u64 {
        self.merged.get(&seq).copied().unwrap_or(seq)
    }

    /// Returns the actors that these count as, once each, in the order given.
    pub(super) fn actors(&self, seqs: impl IntoIterator<Item = u64>) -> Vec<u64> {
        let mut seen = BTreeSet::new();
        let actors = seqs.into_iter().map(|seq| self.actor(seq));
        actors.filter(|actor| seen.insert(*actor)).collect()
    }

    /// Returns the records of a kind that count: neither retracted nor unsupported.
    pub(super) fn counting<T: Content>(&self) -> impl Iterator<Item = (&'a Reading, &'a T)> {
        self.readings
            .each::<T>()
            .filter(|(reading, _)| reading.counts())
    }

    /// Returns the record at a position if it is of the kind and counts.
    pub(super) fn get<T: Content>(&self, seq: u64) -> Option<(&'a Reading, &'a T)> {
        self.readings
            .get::<T>(seq)
            .filter(|(reading, _)| reading.counts())
    }
}

/// Returns what each merged actor counts as: the end of its chain of `same_as`,
/// or the first of those that name each other in a circle.
fn merged(readings: &Readings) -> BTreeMap<u64, u64> {
    let mut next = BTreeMap::new();
    for (reading, actor) in readings
        .each::<Actor>()
        .filter(|(reading, _)| reading.counts())
    {
        let same = actor.same_as.map(|same| same.0);
        if let Some(same) = same.filter(|same| readings.get::<Actor>(*same).is_some()) {
            next.insert(reading.seq, same);
        }
    }
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
    merged
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
