//! Answers: what a fold over happenings holds to be so over a period, world by world.
//!
//! The search through the worlds is [`crate::worlds::outcomes`]; here its
//! values are spread over the days asked about, and asked whether something
//! holds in all worlds or in some.

use crate::window::Window;
use crate::worlds::{Certainty, outcomes};

use super::question::Period;

/// What was so in each kind of world: the distinct values over the days asked about.
#[derive(Clone, Debug)]
pub(super) struct Answers<S> {
    worlds: Vec<Vec<S>>,
    exact: bool,
}

impl<S: Ord + Clone> Answers<S> {
    /// Folds the happenings: `state` is given the places of those that have
    /// happened, in order, and returns what is then so.
    pub(super) fn of(happenings: &[Window], on: Period, state: &dyn Fn(&[usize]) -> S) -> Self {
        if on.first() == on.last() {
            let found = outcomes(happenings, on.last(), state);
            let exact = found.exact;
            let worlds = found.values.into_iter().map(|(value, _)| vec![value]);
            return Self {
                worlds: worlds.collect(),
                exact,
            };
        }
        // The end of the first day is one more happening: whatever is so from
        // it on was so on some day of the period.
        let end_of_first = happenings.len();
        let mut with_start = happenings.to_vec();
        with_start.push(Window::on(on.first()));
        let found = outcomes(&with_start, on.last(), &|order: &[usize]| {
            let start = order.iter().position(|index| *index == end_of_first);
            let start = start.unwrap_or(order.len());
            let others: Vec<usize> = order
                .iter()
                .copied()
                .filter(|index| *index != end_of_first)
                .collect();
            let mut values: Vec<S> = (start..=others.len())
                .map(|length| state(&others[..length]))
                .collect();
            values.sort();
            values.dedup();
            values
        });
        Self {
            exact: found.exact,
            worlds: found.values.into_iter().map(|(values, _)| values).collect(),
        }
    }

    /// Returns how certain it is that `holds` is true of some day of the period;
    /// `None` if it is of none.
    pub(super) fn certainty(&self, holds: impl Fn(&S) -> bool) -> Option<Certainty> {
        let in_world = |values: &Vec<S>| values.iter().any(&holds);
        if !self.worlds.iter().any(in_world) {
            None
        } else if self.exact && self.worlds.iter().all(in_world) {
            Some(Certainty::Certain)
        } else {
            Some(Certainty::Possible)
        }
    }

    /// Returns every value that is so in some world, once each, in ascending order.
    pub(super) fn values(&self) -> Vec<&S> {
        let mut values: Vec<&S> = self.worlds.iter().flatten().collect();
        values.sort();
        values.dedup();
        values
    }
}

/// Returns how certain both are together.
pub(super) fn both(one: Certainty, other: Certainty) -> Certainty {
    one.max(other)
}

/// Returns how certain it is that what happened within `window` has happened by
/// the end of the period; `None` if it cannot have.
pub(super) fn happened(window: Window, on: Period) -> Option<Certainty> {
    crate::worlds::happened_by(window, on.last()).certainty()
}

/// Returns how certain it is that what began and ended so was so on some day of the period.
pub(super) fn held(begun: Window, ended: Option<Window>, on: Period) -> Option<Certainty> {
    crate::worlds::holds_within(begun, ended, on.first(), on.last()).certainty()
}
