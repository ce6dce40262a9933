//! Differences: how one register differs from another, item by item.
//!
//! The two are of two days as known at one cut, or of one day as known at two.
//! Items are told apart by their positions, which no cut changes. What a
//! difference comes from is worked out in [`cause`]; nothing is judged, and
//! nothing that is the same in both is told.

mod cause;
mod facets;

use std::collections::BTreeMap;

use crate::worlds::Certainty;

use super::instrument::Count;
use super::question::Dated;
use super::register::Register;

pub use cause::{Cause, Causes};

use facets::{Facet, of_commitment, of_event, of_instrument, of_issue, of_office, of_statement};

/// Which part of a register an item stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// An instrument.
    Instrument,
    /// A commitment.
    Commitment,
    /// An office.
    Office,
    /// An issue.
    Issue,
    /// An event.
    Event,
    /// A statement.
    Statement,
}

impl Part {
    /// Returns the word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Instrument => "instrument",
            Self::Commitment => "commitment",
            Self::Office => "office",
            Self::Issue => "issue",
            Self::Event => "event",
            Self::Statement => "statement",
        }
    }
}

/// How an item differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is in the second register alone.
    Appeared,
    /// It is in the first register alone.
    Gone,
    /// It is in both, and not the same.
    Changed,
}

impl Change {
    /// Returns the word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Appeared => "appeared",
            Self::Gone => "gone",
            Self::Changed => "changed",
        }
    }
}

/// An item that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which part of the register it stands in.
    pub part: Part,
    /// Its position.
    pub seq: u64,
    /// How it differs.
    pub change: Change,
    /// In what it differs; first how it stands with it.
    pub facets: Vec<Differing>,
}

/// Something of an item that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    /// What of the item.
    pub aspect: &'static str,
    /// The position of whose or which, where an item has several.
    pub of: Option<u64>,
    /// What it was in the first register.
    pub before: Option<Told>,
    /// What it is in the second one.
    pub after: Option<Told>,
    /// What the difference comes from, in order of position.
    pub because: Vec<Cause>,
}

/// What is told of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Each word that holds or may hold.
    Words(Vec<(String, Certainty)>),
    /// A date.
    Date(Dated),
    /// A number.
    Count(Count),
    /// A text.
    Text(String),
    /// The positions of actors, or of what something depends on.
    Named(Vec<(u64, Certainty)>),
}

impl Register {
    /// Returns how `after` differs from this register, part by part and in order
    /// of position.
    pub fn differences(&self, after: &Self, causes: &Causes<'_>) -> Vec<Difference> {
        let mut all = Vec::new();
        let (one, other) = (self, after);
        let mut compare = |part, before: Items, after: Items| {
            all.extend(differing(part, before, after, causes));
        };
        compare(
            Part::Instrument,
            items(&one.instruments, |item| (item.seq, of_instrument(item))),
            items(&other.instruments, |item| (item.seq, of_instrument(item))),
        );
        compare(
            Part::Commitment,
            items(&one.commitments, |item| (item.seq, of_commitment(item))),
            items(&other.commitments, |item| (item.seq, of_commitment(item))),
        );
        compare(
            Part::Office,
            items(&one.offices, |item| (item.seq, of_office(item))),
            items(&other.offices, |item| (item.seq, of_office(item))),
        );
        compare(
            Part::Issue,
            items(&one.issues, |item| (item.seq, of_issue(item))),
            items(&other.issues, |item| (item.seq, of_issue(item))),
        );
        compare(
            Part::Event,
            items(&one.events, |item| (item.seq, of_event(item))),
            items(&other.events, |item| (item.seq, of_event(item))),
        );
        compare(
            Part::Statement,
            items(&one.statements, |item| (item.seq, of_statement(item))),
            items(&other.statements, |item| (item.seq, of_statement(item))),
        );
        all
    }
}

/// What is told of each item of a part, by the item's position.
type Items = BTreeMap<u64, Vec<Facet>>;

fn items<T>(all: &[T], facets: impl Fn(&T) -> (u64, Vec<Facet>)) -> Items {
    all.iter().map(facets).collect()
}

fn differing(
    part: Part,
    mut before: Items,
    mut after: Items,
    causes: &Causes<'_>,
) -> Vec<Difference> {
    let mut seqs: Vec<u64> = before.keys().chain(after.keys()).copied().collect();
    seqs.sort_unstable();
    seqs.dedup();
    let one = |seq| {
        let (before, after) = (before.remove(&seq), after.remove(&seq));
        let change = match (&before, &after) {
            (None, _) => Change::Appeared,
            (_, None) => Change::Gone,
            _ => Change::Changed,
        };
        let facets = compared(
            before.unwrap_or_default(),
            after.unwrap_or_default(),
            causes,
        );
        (!facets.is_empty()).then_some(Difference {
            part,
            seq,
            change,
            facets,
        })
    };
    seqs.into_iter().filter_map(one).collect()
}

/// Returns the facets that differ, in the order of the first register, then
/// those that only the second one has.
fn compared(before: Vec<Facet>, mut after: Vec<Facet>, causes: &Causes<'_>) -> Vec<Differing> {
    let mut differing = Vec::new();
    for was in before {
        let same = |is: &Facet| (is.aspect, is.of) == (was.aspect, was.of);
        let is = after.iter().position(same).map(|place| after.remove(place));
        if is.as_ref().is_none_or(|is| is.told != was.told) {
            differing.push(both(Some(was), is, causes));
        }
    }
    differing.extend(after.into_iter().map(|is| both(None, Some(is), causes)));
    differing.sort_by_key(|one| facets::place(one.aspect));
    differing
}

fn both(was: Option<Facet>, is: Option<Facet>, causes: &Causes<'_>) -> Differing {
    let (aspect, of) = was
        .as_ref()
        .or(is.as_ref())
        .map_or(("", None), |facet| (facet.aspect, facet.of));
    let grounds = was.iter().chain(&is).map(|facet| facet.grounds.as_slice());
    Differing {
        because: causes.between(grounds),
        aspect,
        of,
        before: was.map(|facet| facet.told),
        after: is.map(|facet| facet.told),
    }
}
