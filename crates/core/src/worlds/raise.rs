//! Raising: pushing bounds through a network until nothing moves.
//!
//! First days are pushed later and last days earlier, each link in turn, from a
//! queue of those happenings that moved. Links that drive each other round and
//! round are recognised where they count in days; where they count in months it
//! is the budget that ends them.

use std::collections::VecDeque;

use crate::day::Day;
use crate::window::Window;

use super::network::{Link, Network, Side, Var};

/// How often a happening moves between two looks for a circle.
const PATIENCE: u32 = 16;

/// The first and the last day of each happening.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    pub(super) lo: Vec<Day>,
    pub(super) hi: Vec<Day>,
}

/// Which bounds are pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// The first days.
    Later,
    /// The last days.
    Earlier,
}

/// Why pushing ended before nothing moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// No day is left for a happening, or links drive it round and round:
    /// these links, one after the other, brought it about.
    NoDay(Vec<usize>),
    /// The budget is spent.
    Spent,
}

impl Bounds {
    /// Returns the window of a happening, if it has one.
    pub(super) fn window(&self, var: Var) -> Option<Window> {
        let first = Some(self.lo[var]).filter(|day| *day != Day::MIN || self.hi[var] == Day::MIN);
        let last = Some(self.hi[var]).filter(|day| *day != Day::MAX || self.lo[var] == Day::MAX);
        Window::between(first, last)
    }

    /// Holds what has no first day on this one or later, as far as it may be.
    pub(super) fn hold(&mut self, floor: Day, vars: &[Var]) {
        for &var in vars {
            if self.lo[var] == Day::MIN && self.hi[var] > Day::MIN {
                self.lo[var] = floor.min(self.hi[var]);
            }
        }
    }

    /// Pushes the bounds of these happenings as far as they go.
    pub(super) fn push(
        &mut self,
        network: &Network<'_>,
        direction: Direction,
        vars: &[Var],
        budget: &mut usize,
    ) -> Result<(), Stop> {
        if vars.iter().any(|var| self.lo[*var] > self.hi[*var]) {
            return Err(Stop::NoDay(Vec::new()));
        }
        let mut trail = Trail::new(network.len(), vars);
        while let Some(var) = trail.next() {
            for &place in &network.touching[var] {
                *budget = budget.checked_sub(1).ok_or(Stop::Spent)?;
                let link = &network.links[place];
                let Some(moved) = self.moved(link, direction, var) else {
                    continue;
                };
                trail.reasons[moved] = Some(place);
                if self.lo[moved] > self.hi[moved] {
                    return Err(Stop::NoDay(trail.back_from(network, moved)));
                }
                if let Some(circle) = trail.goes_round(network, moved) {
                    return Err(Stop::NoDay(circle));
                }
                trail.add(moved);
            }
        }
        Ok(())
    }

    /// Lets a link move the bound at its other end; returns which it moved.
    fn moved(&mut self, link: &Link<'_>, direction: Direction, var: Var) -> Option<Var> {
        // A link that binds a happening to itself has two ends all the same.
        let forth = || self.forth(link, direction).filter(|_| link.from == var);
        let back = || self.back(link, direction).filter(|_| link.to == var);
        let (moved, day) = forth().or_else(back)?;
        match direction {
            Direction::Later => self.lo[moved] = day,
            Direction::Earlier => self.hi[moved] = day,
        }
        Some(moved)
    }

    /// Returns where the step takes the bound of the happening it is taken to.
    fn forth(&self, link: &Link<'_>, direction: Direction) -> Option<(Var, Day)> {
        let (from, to, step) = (link.from, link.to, &link.step);
        match (direction, link.side) {
            (Direction::Later, Side::AtLeast) => {
                let day = step.of(self.lo[from]);
                (day > self.lo[to]).then_some((to, day))
            }
            (Direction::Earlier, Side::AtMost) => {
                let day = step.of(self.hi[from]);
                (day < self.hi[to]).then_some((to, day))
            }
            _ => None,
        }
    }

    /// Returns where the step, undone, takes the bound of the one it is taken from.
    fn back(&self, link: &Link<'_>, direction: Direction) -> Option<(Var, Day)> {
        let (from, to, step) = (link.from, link.to, &link.step);
        match (direction, link.side) {
            (Direction::Later, Side::AtMost) => {
                let day = step.first_reaching(self.lo[to]);
                (day > self.lo[from]).then_some((from, day))
            }
            (Direction::Earlier, Side::AtLeast) => {
                let day = step.last_within(self.hi[to]);
                (day < self.hi[from]).then_some((from, day))
            }
            _ => None,
        }
    }
}

/// Which happenings are still to be looked at, and what moved each last.
struct Trail {
    queue: VecDeque<Var>,
    queued: Vec<bool>,
    reasons: Vec<Option<usize>>,
    moves: Vec<u32>,
}

impl Trail {
    fn new(length: usize, vars: &[Var]) -> Self {
        let mut trail = Self {
            queue: VecDeque::new(),
            queued: vec![false; length],
            reasons: vec![None; length],
            moves: vec![0; length],
        };
        for &var in vars {
            trail.add(var);
        }
        trail
    }

    fn add(&mut self, var: Var) {
        if !self.queued[var] {
            self.queued[var] = true;
            self.queue.push_back(var);
        }
    }

    fn next(&mut self) -> Option<Var> {
        let var = self.queue.pop_front()?;
        self.queued[var] = false;
        Some(var)
    }

    /// Returns the links that brought a happening where it is, the last first.
    fn back_from(&self, network: &Network<'_>, var: Var) -> Vec<usize> {
        let (mut at, mut links) = (var, Vec::new());
        let mut seen = vec![false; self.reasons.len()];
        while let Some(place) = self.reasons[at].filter(|_| !seen[at]) {
            seen[at] = true;
            links.push(place);
            let link = &network.links[place];
            at = if link.to == at { link.from } else { link.to };
        }
        links
    }

    /// Returns the links of a circle that drives a happening on for ever, if
    /// they count in days, in which case one round shows it.
    fn goes_round(&mut self, network: &Network<'_>, var: Var) -> Option<Vec<usize>> {
        self.moves[var] = self.moves[var].saturating_add(1);
        if !self.moves[var].is_multiple_of(PATIENCE) {
            return None;
        }
        let (mut at, mut links) = (var, Vec::new());
        let mut seen_at = vec![None; self.reasons.len()];
        while let Some(place) = self.reasons[at] {
            if let Some(begun) = seen_at[at] {
                links.drain(..begun);
                let even = |place: &usize| network.links[*place].step.length().is_some();
                return links.iter().all(even).then_some(links);
            }
            seen_at[at] = Some(links.len());
            links.push(place);
            let link = &network.links[place];
            at = if link.to == at { link.from } else { link.to };
        }
        None
    }
}
