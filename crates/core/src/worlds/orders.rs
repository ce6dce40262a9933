//! Orders: in which orders linked happenings can have happened by a day.
//!
//! A walk over the orders of steps that some world of a network has, one step
//! placed after the other. Before each is placed the network is asked whether a
//! world is left, so that the walk never enters an order that none has. Where
//! happenings have no links among them, [`super::outcomes`] is quicker.

use crate::day::Day;

use super::network::{Network, Var};
use super::raise::{Bounds, Direction, Stop};
use super::step::Step;

/// How many bounds are pushed before the walk gives up.
const BUDGET: usize = 1_000_000;

/// A step placed in an order: which, and whether on the same day as the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its place among the steps.
    pub step: usize,
    /// Whether it came on the same day as the step before; known only where
    /// days were to be told apart.
    pub same_day: bool,
}

/// A walk over orders.
pub struct Orders<'n, 'a> {
    network: &'n mut Network<'a>,
    /// The happening that each step is, in the order of one day.
    steps: &'n [Var],
    day: Day,
    /// The step after which days are told apart, if they are.
    apart_after: Option<usize>,
    all: Vec<Var>,
    order: Vec<Placed>,
    placed: Vec<bool>,
    budget: usize,
}

impl<'n, 'a> Orders<'n, 'a> {
    /// Returns the walk over the orders in which `steps` may have been taken by
    /// the end of `day`; after the step `apart_after` days are told apart.
    pub fn new(
        network: &'n mut Network<'a>,
        steps: &'n [Var],
        day: Day,
        apart_after: Option<usize>,
    ) -> Self {
        Self {
            all: (0..network.len()).collect(),
            placed: vec![false; steps.len()],
            budget: BUDGET,
            order: Vec::new(),
            network,
            steps,
            day,
            apart_after,
        }
    }

    /// Shows `visit` each order once; returns whether the budget sufficed.
    /// Where there is no world there is no order.
    pub fn run(mut self, visit: &mut dyn FnMut(&[Placed])) -> bool {
        let known = |step: &Var| *step < self.network.len();
        if !self.steps.iter().all(known) {
            return false;
        }
        let mut bounds = self.network.bounds();
        let floor = self.network.floor(&bounds, &self.all);
        let floor = floor.min(self.day.plus_days(-1));
        // Whatever has no first day is held somewhere, so that circles show.
        bounds.hold(floor, &self.all);
        match bounds.push(self.network, Direction::Later, &self.all, &mut self.budget) {
            Ok(()) => self.walk(&bounds, visit).is_ok(),
            Err(stop) => stop != Stop::Spent,
        }
    }

    /// Visits the order so far if it may be the whole, and goes on with each
    /// step that can come next.
    fn walk(&mut self, bounds: &Bounds, visit: &mut dyn FnMut(&[Placed])) -> Result<(), Stop> {
        if self.may_end(bounds)? {
            visit(&self.order);
        }
        let last_chance = self.last_chance(bounds);
        for step in 0..self.steps.len() {
            self.spend(1)?;
            let first = bounds.lo[self.steps[step]];
            if self.placed[step] || first > self.day || first > last_chance {
                continue;
            }
            for same_day in self.ways(step) {
                let links = self.network.links.len();
                let found = self.place(bounds, Placed { step, same_day });
                let walked = match found {
                    Ok(Some(after)) => self.walk(&after, visit),
                    Ok(None) => Ok(()),
                    Err(stop) => Err(stop),
                };
                self.order.pop();
                self.placed[step] = false;
                self.network.unlink(links);
                walked?;
            }
        }
        Ok(())
    }

    /// Returns the ways in which a step can follow: on the same day or on a
    /// later one, where that is told apart.
    fn ways(&self, step: usize) -> Vec<bool> {
        let apart = self.apart_after.is_some_and(|after| self.placed[after]);
        match self.order.last() {
            Some(last) if apart && step > last.step => vec![true, false],
            _ => vec![false],
        }
    }

    /// Returns the last day that leaves time for all that must still happen.
    fn last_chance(&self, bounds: &Bounds) -> Day {
        let open = (0..self.steps.len()).filter(|step| !self.placed[*step]);
        let last = open.map(|step| bounds.hi[self.steps[step]]).min();
        last.unwrap_or(Day::MAX)
    }

    /// Places a step next; returns the bounds after, or `None` if no world has
    /// this order. The links stay until they are taken back.
    fn place(&mut self, bounds: &Bounds, next: Placed) -> Result<Option<Bounds>, Stop> {
        let (var, day) = (self.steps[next.step], self.day);
        let before = self.order.last().copied();
        self.order.push(next);
        self.placed[next.step] = true;
        let mut after = bounds.clone();
        after.hi[var] = after.hi[var].min(day);
        if let Some(before) = before {
            let earlier = self.steps[before.step];
            let apart = self
                .apart_after
                .is_some_and(|step| self.placed[step] && step != next.step);
            if next.same_day {
                self.network.exactly(earlier, var, Step::SAME);
            } else {
                let later = apart || next.step < before.step;
                self.network
                    .at_least(earlier, var, Step::days(u32::from(later)));
            }
        }
        for step in 0..self.steps.len() {
            if !self.placed[step] {
                let later = u32::from(step < next.step);
                self.network
                    .at_least(var, self.steps[step], Step::days(later));
            }
        }
        self.spend(self.network.len())?;
        let mut seeds = vec![var];
        seeds.extend(before.map(|before| self.steps[before.step]));
        self.pushed(after, &seeds)
    }

    /// Returns whether all that is not placed may come after the day.
    fn may_end(&mut self, bounds: &Bounds) -> Result<bool, Stop> {
        let mut after = bounds.clone();
        let next = self.day.plus_days(1);
        let mut seeds = Vec::new();
        for step in (0..self.steps.len()).filter(|step| !self.placed[*step]) {
            let var = self.steps[step];
            if after.hi[var] <= self.day {
                return Ok(false);
            }
            if after.lo[var] < next {
                after.lo[var] = next;
                seeds.push(var);
            }
        }
        self.spend(self.network.len())?;
        Ok(self.pushed(after, &seeds)?.is_some())
    }

    fn pushed(&mut self, mut bounds: Bounds, seeds: &[Var]) -> Result<Option<Bounds>, Stop> {
        match bounds.push(self.network, Direction::Later, seeds, &mut self.budget) {
            Ok(()) => Ok(Some(bounds)),
            Err(Stop::Spent) => Err(Stop::Spent),
            Err(Stop::NoDay(_)) => Ok(None),
        }
    }

    fn spend(&mut self, steps: usize) -> Result<(), Stop> {
        self.budget = self.budget.checked_sub(steps).ok_or(Stop::Spent)?;
        Ok(())
    }
}
