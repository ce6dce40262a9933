//! The network: happenings with their windows, and what the record says of the
//! time between them.
//!
//! This is the simple temporal problem of Dechter, Meiri and Pearl (1991), with
//! links whose length may also be counted in months. Each link bounds one
//! happening by a [`Step`] from another. Such bounds are closed under taking,
//! day by day, the earlier and the later of two worlds; so pushing them through
//! the network until nothing moves gives the least and the greatest world, and
//! a joint condition is met in some world exactly if pushing its bounds through
//! leaves one. What follows for a fold is asked in [`super::orders`].

use std::collections::{BTreeMap, BTreeSet};

use crate::day::Day;
use crate::window::Window;

use super::raise::{Bounds, Direction, Stop};
use super::step::Step;

/// How many bounds are pushed before a part of the network is left undecided.
pub(super) const BUDGET: usize = 2_000_000;
/// How long before all others something without a first day is told to have
/// happened, where a world has to be shown.
const NEAR: i64 = -30;
/// After so many days the calendar repeats itself.
const DAYS_IN_ERA: i64 = 146_097;

/// A happening, by its place in the network.
pub type Var = usize;

/// Happenings and the links between them.
#[derive(Clone, Debug, Default)]
pub struct Network<'a> {
    pub(super) windows: Vec<Window>,
    pub(super) links: Vec<Link<'a>>,
    /// The links at each happening.
    pub(super) touching: Vec<Vec<usize>>,
}

/// A bound that one happening puts on another.
#[derive(Clone, Debug)]
pub struct Link<'a> {
    /// From which the step is taken.
    pub from: Var,
    /// Which is bounded by where it leads.
    pub to: Var,
    /// The step.
    pub step: Step<'a>,
    /// On which side.
    pub side: Side,
}

/// On which side of where a step leads a happening lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// There or later.
    AtLeast,
    /// There or earlier.
    AtMost,
}

/// What is asked of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It had happened by the end of this day.
    By(Var, Day),
    /// It happened after this day.
    After(Var, Day),
    /// The first happened no later than the second.
    InOrder(Var, Var),
    /// The first happened on an earlier day than the second.
    Before(Var, Var),
}

/// Happenings and links that no world satisfies together, and of which none
/// can be spared as far as it was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The happenings, ascending.
    pub vars: Vec<Var>,
    /// The links, ascending.
    pub links: Vec<usize>,
}

/// What a part of the network, joined by links, comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// It has worlds, and the windows are as narrow as they make them.
    Settled,
    /// No end was found of narrowing it; the windows may be too wide.
    Open,
    /// It has no world.
    Contradictory(Conflict),
}

/// Days for all happenings, one each.
pub type World = Vec<Day>;

/// The budget was spent before there was an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the links are too many to be followed to their end")]
pub struct Spent;

impl Link<'_> {
    /// Returns whether it holds of all days within these windows.
    pub fn goes_without_saying(&self, from: Window, to: Window) -> bool {
        match self.side {
            Side::AtLeast => to.lo() >= self.step.of(from.hi()),
            Side::AtMost => to.hi() <= self.step.of(from.lo()),
        }
    }
}

impl<'a> Network<'a> {
    /// Adds a happening within this window.
    pub fn add(&mut self, window: Window) -> Var {
        self.windows.push(window);
        self.touching.push(Vec::new());
        self.windows.len() - 1
    }

    /// Says that `to` came no earlier than where `step` leads from `from`.
    pub fn at_least(&mut self, from: Var, to: Var, step: Step<'a>) {
        let side = Side::AtLeast;
        self.link(Link {
            from,
            to,
            step,
            side,
        });
    }

    /// Says that `to` came no later than where `step` leads from `from`.
    pub fn at_most(&mut self, from: Var, to: Var, step: Step<'a>) {
        let side = Side::AtMost;
        self.link(Link {
            from,
            to,
            step,
            side,
        });
    }

    /// Says that `to` came on the very day where `step` leads from `from`.
    pub fn exactly(&mut self, from: Var, to: Var, step: Step<'a>) {
        self.at_least(from, to, step.clone());
        self.at_most(from, to, step);
    }

    /// Adds a link, unless it names what is not there.
    pub fn link(&mut self, link: Link<'a>) {
        let (from, to) = (link.from, link.to);
        if from.max(to) >= self.windows.len() {
            return;
        }
        self.touching[from].push(self.links.len());
        if to != from {
            self.touching[to].push(self.links.len());
        }
        self.links.push(link);
    }

    /// Takes the links back that were added since there were `length`.
    pub(super) fn unlink(&mut self, length: usize) {
        while self.links.len() > length {
            let Some(link) = self.links.pop() else { return };
            self.touching[link.from].pop();
            if link.to != link.from {
                self.touching[link.to].pop();
            }
        }
    }

    /// Returns the window of a happening.
    pub fn window(&self, var: Var) -> Window {
        self.windows.get(var).copied().unwrap_or(Window::UNKNOWN)
    }

    /// Returns how many happenings there are.
    pub fn len(&self) -> usize {
        self.windows.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.windows.is_empty()
    }

    /// Returns the links, in the order in which they were added.
    pub fn links(&self) -> &[Link<'a>] {
        &self.links
    }

    /// Returns the links at these happenings, once each.
    pub fn links_of(&self, vars: &[Var]) -> Vec<&Link<'a>> {
        let places = self.places_of(vars).into_iter();
        places.map(|place| &self.links[place]).collect()
    }

    fn places_of(&self, vars: &[Var]) -> Vec<usize> {
        let at = vars.iter().filter_map(|var| self.touching.get(*var));
        let mut places: Vec<usize> = at.flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Returns the happenings that links join to one, itself among them, ascending.
    pub fn joined_to(&self, var: Var) -> Vec<Var> {
        let mut found = BTreeSet::from([var]);
        let mut queue = vec![var];
        while let Some(next) = queue.pop() {
            for &link in self.touching.get(next).into_iter().flatten() {
                for end in [self.links[link].from, self.links[link].to] {
                    if found.insert(end) {
                        queue.push(end);
                    }
                }
            }
        }
        found.into_iter().collect()
    }

    /// Narrows the windows of these happenings, which are all that links join
    /// to one of them, to the least and the greatest world.
    pub fn settle(&mut self, vars: &[Var]) -> Part {
        // By itself, so that many parts cost no more than one as large as all.
        let (part, links) = self.part(vars);
        let all: Vec<Var> = (0..part.len()).collect();
        match part.narrowed(&all, &mut { BUDGET }) {
            Ok(bounds) => {
                for (place, &var) in vars.iter().enumerate() {
                    if let Some((narrow, window)) =
                        bounds.window(place).zip(self.windows.get_mut(var))
                    {
                        *window = narrow;
                    }
                }
                Part::Settled
            }
            Err(Stop::Spent) => Part::Open,
            Err(stop) => {
                let conflict = super::conflict::of(&part, &all, &stop);
                Part::Contradictory(Conflict {
                    vars: conflict.vars.iter().map(|var| vars[*var]).collect(),
                    links: conflict.links.iter().map(|link| links[*link]).collect(),
                })
            }
        }
    }

    /// Returns a part alone, its happenings in this order, and the places that
    /// its links have here.
    fn part(&self, vars: &[Var]) -> (Self, Vec<usize>) {
        let mut part = Self::default();
        let mut places = BTreeMap::new();
        for &var in vars {
            places.insert(var, part.add(self.window(var)));
        }
        let mut links = Vec::new();
        for link in self.places_of(vars) {
            let mut moved = self.links[link].clone();
            if let (Some(from), Some(to)) = (places.get(&moved.from), places.get(&moved.to)) {
                (moved.from, moved.to) = (*from, *to);
                part.link(moved);
                links.push(link);
            }
        }
        (part, links)
    }

    /// Returns the bounds of the least and the greatest world of these happenings.
    pub(super) fn narrowed(&self, vars: &[Var], budget: &mut usize) -> Result<Bounds, Stop> {
        let mut bounds = self.bounds();
        bounds.push(self, Direction::Later, vars, budget)?;
        bounds.push(self, Direction::Earlier, vars, budget)?;
        let no_first = vars.iter().any(|var| bounds.lo[*var] == Day::MIN);
        let no_last = vars.iter().any(|var| bounds.hi[*var] == Day::MAX);
        if no_first && no_last {
            // Nothing bounds some of them: what turns in a circle among those
            // shows only once they are held somewhere.
            self.held(bounds.clone(), vars, budget)?;
        }
        Ok(bounds)
    }

    /// Returns a world of the happenings joined to those in the conditions in
    /// which all of these hold, if there is one. Of all others the days are
    /// any of their windows.
    ///
    /// # Errors
    /// The budget was spent before there was an answer.
    pub fn world_where(&self, conditions: &[Condition]) -> Result<Option<World>, Spent> {
        let mut network = self.clone();
        for condition in conditions {
            if !network.suppose(*condition) {
                return Ok(None);
            }
        }
        let all: Vec<Var> = (0..network.len()).collect();
        let budget = &mut { BUDGET };
        let found = network.narrowed(&all, budget).and_then(|bounds| {
            if bounds.hi.contains(&Day::MAX) {
                network.held(bounds, &all, budget)
            } else {
                Ok(bounds.hi)
            }
        });
        match found {
            Ok(world) => Ok(Some(world)),
            Err(Stop::Spent) => Err(Spent),
            Err(_) => Ok(None),
        }
    }

    /// Adds a condition; returns whether its own happening leaves room for it.
    fn suppose(&mut self, condition: Condition) -> bool {
        let narrowed = match condition {
            Condition::InOrder(first, then) => {
                self.at_least(first, then, Step::SAME);
                return true;
            }
            Condition::Before(first, then) => {
                self.at_least(first, then, Step::days(1));
                return true;
            }
            Condition::By(var, day) => self.window(var).intersect(Window::not_after(day)),
            // No day is after the last that can be counted.
            Condition::After(_, Day::MAX) => None,
            Condition::After(var, day) => self
                .window(var)
                .intersect(Window::not_before(day.plus_days(1))),
        };
        let (Condition::By(var, _) | Condition::After(var, _)) = condition else {
            return true;
        };
        match (narrowed, self.windows.get_mut(var)) {
            (Some(narrowed), Some(window)) => {
                *window = narrowed;
                true
            }
            _ => false,
        }
    }

    /// Returns the least world in which whatever has no first day comes near
    /// the others, or if there is none, late enough to be counted.
    fn held(&self, bounds: Bounds, vars: &[Var], budget: &mut usize) -> Result<World, Stop> {
        let mut near = bounds.clone();
        near.hold(first_known(&bounds, vars).plus_days(NEAR), vars);
        if near.push(self, Direction::Later, vars, budget).is_ok() {
            return Ok(near.lo);
        }
        let mut far = bounds;
        far.hold(self.floor(&far, vars), vars);
        far.push(self, Direction::Later, vars, budget)?;
        Ok(far.lo)
    }

    /// Returns a day so early that a world which nothing keeps from beginning
    /// there may begin there.
    pub(super) fn floor(&self, bounds: &Bounds, vars: &[Var]) -> Day {
        let links = vars.iter().flat_map(|var| &self.touching[*var]);
        let (mut reach, mut even) = (1_i64, true);
        for link in links {
            let step = &self.links[*link].step;
            reach = reach.saturating_add(step.reach());
            even &= step.length().is_some();
        }
        // Months differ: what does not fit here may fit in another year.
        let margin = if even {
            reach
        } else {
            reach.saturating_add(2 * DAYS_IN_ERA)
        };
        first_known(bounds, vars)
            .plus_days(margin.saturating_neg())
            .max(Day::MIN.plus_days(1))
    }

    pub(super) fn bounds(&self) -> Bounds {
        Bounds {
            lo: self.windows.iter().map(|window| window.lo()).collect(),
            hi: self.windows.iter().map(|window| window.hi()).collect(),
        }
    }
}

/// Returns the first of the bounds that there are.
fn first_known(bounds: &Bounds, vars: &[Var]) -> Day {
    let known = |day: &Day| *day != Day::MIN && *day != Day::MAX;
    let ends = vars
        .iter()
        .flat_map(|var| [bounds.lo[*var], bounds.hi[*var]]);
    ends.filter(known).min().unwrap_or(Day::new(0))
}
