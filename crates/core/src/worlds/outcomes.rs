//! Every value that a fold over a history can take on a day.
//!
//! A history is happenings, each with its window; in each world they have an
//! order, those of one day in the order of the list, and those up to the day
//! are folded. The search walks through the orders that some world has, never
//! into one that none has, so precise windows cost no more than sorting. Where
//! windows overlap so much that the orders are too many it gives up and says so.

use std::collections::BTreeSet;

use super::Certainty;
use crate::day::Day;
use crate::window::Window;

/// How many steps are taken, beyond some for each happening, before giving up.
const BUDGET: usize = 100_000;

/// The values that a fold can take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcomes<S> {
    /// The values, in ascending order, each with whether it is the only one.
    pub values: Vec<(S, Certainty)>,
    /// Whether these are all of them. If not, none is called certain, and a
    /// value that is absent is not excluded.
    pub exact: bool,
}

/// Returns the values that `fold` can take on `day`, over all possible worlds.
///
/// `fold` is given the happenings that have happened by the end of that day, by
/// their places in the list, in the order in which they happened.
pub fn outcomes<S: Ord + Clone>(
    happenings: &[Window],
    day: Day,
    fold: &dyn Fn(&[usize]) -> S,
) -> Outcomes<S> {
    let mut values = BTreeSet::new();
    let exact = Search::new(happenings, day).run(&mut |order| {
        values.insert(fold(order));
    });
    if !exact {
        add_likely(happenings, day, fold, &mut values);
    }
    let certainty = match values.len() {
        1 if exact => Certainty::Certain,
        _ => Certainty::Possible,
    };
    let values = values.into_iter().map(|value| (value, certainty)).collect();
    Outcomes { values, exact }
}

/// Adds the values after each happening that is not certain to be over, in the
/// order of the first days, then in that of the last.
fn add_likely<S: Ord>(
    happenings: &[Window],
    day: Day,
    fold: &dyn Fn(&[usize]) -> S,
    values: &mut BTreeSet<S>,
) {
    let begun = |index: &usize| happenings[*index].lo() <= day;
    let mut order: Vec<usize> = (0..happenings.len()).filter(begun).collect();
    for by_last in [false, true] {
        order.sort_by_key(|index| {
            let window = happenings[*index];
            (if by_last { window.hi() } else { window.lo() }, *index)
        });
        let certain = order
            .iter()
            .rposition(|index| happenings[*index].hi() <= day);
        let shortest = certain.map_or(0, |last| last + 1);
        // Each fold costs as much as its prefix is long, so only so many are made.
        let most = BUDGET / (order.len() + 1) + 1;
        for length in (shortest..=order.len()).rev().take(most) {
            values.insert(fold(&order[..length]));
        }
    }
}

/// A walk over the orders that some world has.
struct Search<'a> {
    windows: &'a [Window],
    day: Day,
    /// The happenings so far, in order, each with the earliest day it can then have.
    order: Vec<(Day, usize)>,
    /// Those not yet placed that may have happened by the day, by their first days.
    open: BTreeSet<(Day, usize)>,
    /// Those not yet placed that must have happened by the day, by their last days.
    due: BTreeSet<(Day, usize)>,
    budget: usize,
}

impl<'a> Search<'a> {
    fn new(windows: &'a [Window], day: Day) -> Self {
        let mut search = Self {
            windows,
            day,
            order: Vec::new(),
            open: BTreeSet::new(),
            due: BTreeSet::new(),
            budget: BUDGET.saturating_add(windows.len().saturating_mul(8)),
        };
        for index in 0..windows.len() {
            search.release(index);
        }
        search
    }

    /// Shows `visit` each order once; returns whether the budget sufficed.
    fn run(&mut self, visit: &mut dyn FnMut(&[usize])) -> bool {
        let mut choices = Vec::new();
        let Some(next) = self.arrive(visit) else {
            return false;
        };
        choices.push(next);
        while let Some(next) = choices.last_mut() {
            if let Some((earliest, index)) = next.pop() {
                self.place(earliest, index);
                let Some(next) = self.arrive(visit) else {
                    return false;
                };
                choices.push(next);
            } else {
                choices.pop();
                if let Some((_, index)) = self.order.pop() {
                    self.release(index);
                }
            }
        }
        true
    }

    /// Visits the order so far if it may be the whole, and returns what can
    /// come next; `None` if the budget is used up.
    fn arrive(&mut self, visit: &mut dyn FnMut(&[usize])) -> Option<Vec<(Day, usize)>> {
        if self.due.is_empty() {
            self.spend(self.order.len())?;
            let order: Vec<usize> = self.order.iter().map(|(_, index)| *index).collect();
            visit(&order);
        }
        let (next, looked_at) = self.next();
        self.spend(looked_at + 1)?;
        Some(next)
    }

    fn spend(&mut self, steps: usize) -> Option<()> {
        self.budget = self.budget.checked_sub(steps)?;
        Some(())
    }

    /// Returns what can come next, with its earliest day, which is whatever
    /// leaves time for all that must still happen; and how many were looked at.
    fn next(&self) -> (Vec<(Day, usize)>, usize) {
        let limit = self.due.first().copied();
        let limit = limit.unwrap_or((self.day, usize::MAX));
        let mut looked_at = 0;
        let next = self
            .open
            .range(..=limit)
            .inspect(|_| looked_at += 1)
            .map(|&(first, index)| (self.earliest(first, index), index))
            .filter(|&(day, index)| (day, index) <= limit && day <= self.windows[index].hi())
            .collect();
        (next, looked_at)
    }

    /// Returns the earliest day that `index` can have after the order so far.
    fn earliest(&self, first: Day, index: usize) -> Day {
        match self.order.last() {
            Some(&(day, last)) if index < last => first.max(day.plus_days(1)),
            Some(&(day, _)) => first.max(day),
            None => first,
        }
    }

    fn place(&mut self, earliest: Day, index: usize) {
        self.order.push((earliest, index));
        self.open.remove(&(self.windows[index].lo(), index));
        self.due.remove(&(self.windows[index].hi(), index));
    }

    fn release(&mut self, index: usize) {
        let window = self.windows[index];
        if window.lo() <= self.day {
            self.open.insert((window.lo(), index));
        }
        if window.hi() <= self.day {
            self.due.insert((window.hi(), index));
        }
    }
}
