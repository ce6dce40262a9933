//! The days that an answer rests on: as written, as believed, as the record's
//! own sequence leaves them, and whether they decide.

use std::collections::{BTreeMap, BTreeSet};

use crate::date::{Credibility, Date};
use crate::window::Window;
use crate::worlds::Certainty;

use super::Answer;
use super::near::Near;
use crate::replay::context::Context;
use crate::replay::happening::{Field, Happening};

/// How many days are tried on the other side of the day that is asked about.
const TRIED: usize = 48;

/// A day that an answer rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Which date of which record.
    pub of: Happening,
    /// The date, as it was written.
    pub date: Date,
    /// Its days as written.
    pub written: Window,
    /// Its days as far as qualified dates are believed.
    pub believed: Window,
    /// Its days as far as what the records say of sequence leaves them.
    pub left: Window,
    /// The records that it is linked to, if that narrowed it.
    pub narrowed_by: Vec<u64>,
    /// Whether to move it to one side of the day that is asked about, or to the
    /// other, gives another answer; `None` if there are so many days that this
    /// one was not tried.
    pub decides: Option<bool>,
}

/// Returns the days of the records that an answer rests on.
pub(super) fn bounds(
    context: &Context<'_>,
    near: &Near,
    records: &[u64],
    answers: &[Answer],
) -> Vec<Bound> {
    let mut found = Vec::new();
    for &seq in records {
        let Some(reading) = context.readings.reading(seq).filter(|row| row.counts()) else {
            continue;
        };
        for field in Field::ALL
            .into_iter()
            .filter(|field| *field != Field::Published)
        {
            let Some(date) = field.date(&reading.record) else {
                continue;
            };
            let of = Happening { seq, field };
            let within = |credibility| {
                let window = field.window(&reading.record, credibility);
                window.unwrap_or(Window::UNKNOWN)
            };
            let believed = within(context.question.credibility);
            let left = context.links.window(of).unwrap_or(believed);
            found.push(Bound {
                of,
                date: date.clone(),
                written: within(Credibility::Accept),
                believed,
                left,
                narrowed_by: if left == believed {
                    Vec::new()
                } else {
                    linked(near, seq)
                },
                decides: None,
            });
        }
    }
    for bound in found.iter_mut().take(TRIED) {
        bound.decides = Some(decides(near, bound, answers));
    }
    found
}

/// Returns whether to move this to one side of the day that is asked about, or
/// to the other, gives another answer.
fn decides(near: &Near, bound: &Bound, answers: &[Answer]) -> bool {
    let on = near.question.on;
    let mut days = Vec::new();
    if bound.left.lo() <= on.last() {
        days.push(on.last().plus_days(1));
    }
    if bound.left.hi() > on.first() {
        days.push(on.first());
    }
    let Happening { seq, field } = bound.of;
    days.into_iter().any(|day| {
        let mut days = BTreeMap::from([(bound.of, day)]);
        // What lasted has two days; where only one is moved the other goes along.
        if matches!(field, Field::Held | Field::HeldUntil) {
            let other = if field == Field::Held {
                Field::HeldUntil
            } else {
                Field::Held
            };
            days.insert(Happening { seq, field: other }, day);
        }
        let other = near.answers(&days);
        let withheld = |answer: &Answer| answer.certainty == Certainty::Contradictory;
        other != answers && !other.iter().any(withheld)
    })
}

/// Returns the records whose days are linked to those of this one, by what
/// either says of sequence.
fn linked(near: &Near, seq: u64) -> Vec<u64> {
    let mut found = BTreeSet::new();
    for (by, _, record) in &near.records {
        for order in record.orders() {
            match order.named() {
                Some(named) if *by == seq => found.insert(named),
                Some(named) if named == seq => found.insert(*by),
                _ => false,
            };
        }
        let target = match record {
            crate::record::Record::Act(act) => act.target.map(|target| target.0),
            crate::record::Record::Operation(operation) => Some(operation.commitment.0),
            _ => None,
        };
        match target {
            Some(target) if *by == seq => found.insert(target),
            Some(target) if target == seq => found.insert(*by),
            _ => false,
        };
    }
    found.remove(&seq);
    found.into_iter().collect()
}
