//! What every fold needs to hand: the readings, the question, the links between
//! happenings, and which actors are one.

use std::collections::BTreeSet;

use crate::date::Date;
use crate::record::Content;
use crate::window::Window;

use super::happening::{Field, Happening};
use super::links::Links;
use super::merged::Merged;
use super::question::Question;
use super::readings::{Reading, Readings};
use super::when::When;
use super::witness::Sought;

/// The readings, the question, what binds the days to each other, and which
/// actors turned out to be others.
pub(super) struct Context<'a> {
    pub(super) readings: &'a Readings,
    pub(super) question: Question,
    pub(super) links: Links,
    /// Of what worlds are to be shown, if of anything.
    pub(super) sought: Option<Sought>,
    merged: Merged,
}

impl<'a> Context<'a> {
    pub(super) fn new(readings: &'a Readings, question: Question) -> Self {
        Self {
            readings,
            question,
            sought: None,
            links: Links::of(readings, question.credibility),
            merged: Merged::of(readings),
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
        self.merged.actor(seq)
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
