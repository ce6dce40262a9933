//! Answers: what a fold over happenings holds to be so over a period, world by world.
//!
//! The searches through the worlds are [`crate::worlds`]'s: a quick one where
//! nothing binds the happenings to each other, and one that asks the network
//! where links do. Here their values are spread over the days asked about, and
//! asked whether something holds in all worlds or in some.

use std::collections::{BTreeMap, BTreeSet};

use crate::window::Window;
use crate::worlds::{Certainty, Network, Orders, Outcomes, Placed, Step, Var, outcomes};

use super::context::Context;
use super::happening::Happening;
use super::question::Period;
use super::when::{HangsOn, How, When};

/// What was so in each kind of world: the distinct values over the days asked about.
#[derive(Clone, Debug)]
pub(super) struct Answers<S> {
    worlds: Vec<Vec<S>>,
    exact: bool,
    throughout: bool,
    contradictory: bool,
}

impl<S: Ord + Clone> Answers<S> {
    /// Folds the happenings: `state` is given the places of those that have
    /// happened, in order, and returns what is then so.
    pub(super) fn of(
        context: &Context<'_>,
        whens: &[When<'_>],
        state: &dyn Fn(&[usize]) -> S,
    ) -> Self {
        let question = &context.question;
        let hangs_on = || whens.iter().filter_map(|when| when.hangs_on.as_ref());
        let contradictory = hangs_on().any(|on| context.links.contradiction(on.of).is_some());
        let mut parts = hangs_on().filter_map(|on| context.links.part(on.of));
        let narrow = !parts.any(|part| context.links.is_open(part));
        let (worlds, exact) = if contradictory {
            (Vec::new(), false)
        } else {
            worlds(context, whens, state)
        };
        Self {
            worlds,
            exact: exact && narrow,
            throughout: question.throughout,
            contradictory,
        }
    }

    /// Returns whether what the happenings rest on leaves no world, so that
    /// there is no answer.
    pub(super) fn is_contradictory(&self) -> bool {
        self.contradictory
    }

    /// Returns how certain it is that `holds` is true of some day of the period,
    /// or of every day if that is asked; `None` if it is not.
    pub(super) fn certainty(&self, holds: impl Fn(&S) -> bool) -> Option<Certainty> {
        if self.contradictory {
            return Some(Certainty::Contradictory);
        }
        let in_world = |values: &Vec<S>| {
            if self.throughout {
                values.iter().all(&holds)
            } else {
                values.iter().any(&holds)
            }
        };
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

impl<T: Ord + Clone> Answers<Option<T>> {
    /// Returns everything that is so, or may be, in ascending order; `None` where
    /// what it rests on leaves no world. Where nothing is so, nothing is told.
    pub(super) fn certainties(&self) -> Option<Vec<(T, Certainty)>> {
        if self.contradictory {
            return None;
        }
        let values = self.values().into_iter().flatten();
        let certainty = |value: &T| {
            let so = self.certainty(|so| so.as_ref() == Some(value))?;
            Some((value.clone(), so))
        };
        Some(values.filter_map(certainty).collect())
    }
}

/// Returns the values over the days asked about in each kind of world, and
/// whether these are all.
fn worlds<S: Ord + Clone>(
    context: &Context<'_>,
    whens: &[When<'_>],
    state: &dyn Fn(&[usize]) -> S,
) -> (Vec<Vec<S>>, bool) {
    let on = context.question.on;
    let windows = || -> Vec<Window> { whens.iter().map(|when| when.window).collect() };
    let alone = |found: Outcomes<S>| found.values.into_iter().map(|(value, _)| vec![value]);
    let one_day = on.first() == on.last();
    if one_day && !is_linked(context, whens) {
        let found = outcomes(&windows(), on.last(), state);
        let exact = found.exact;
        return (alone(found).collect(), exact);
    }
    let mut values = BTreeSet::new();
    let exact = linked(context, whens, &mut |order, mark| {
        values.insert(states(order, mark, state));
    });
    if exact && !values.is_empty() {
        return (values.into_iter().collect(), true);
    }
    // Without links there are more orders, never fewer.
    let days = [on.first(), on.last()];
    for day in &days[usize::from(one_day)..] {
        values.extend(alone(outcomes(&windows(), *day, state)));
    }
    (values.into_iter().collect(), false)
}

/// Returns whether the days of some happenings are bound to those of others, as
/// far as any are uncertain.
fn is_linked(context: &Context<'_>, whens: &[When<'_>]) -> bool {
    let open = |when: &&When<'_>| !when.window.is_precise();
    if whens.iter().filter(open).count() < 2 {
        return false;
    }
    let mut seen = BTreeSet::new();
    let hangs_on = whens.iter().filter_map(|when| when.hangs_on.as_ref());
    hangs_on.filter(|on| !on.window.is_precise()).any(|on| {
        let part = context.links.part(on.of);
        let group = part.map_or((None, Some(on.of)), |part| (Some(part), None));
        !seen.insert(group) || matches!(on.how, How::Between(..))
    })
}

/// Walks the orders that the links leave; in a period, with the place at which
/// the end of its first day stands.
pub(super) fn linked(
    context: &Context<'_>,
    whens: &[When<'_>],
    visit: &mut dyn FnMut(&[Placed], Option<usize>),
) -> bool {
    let on: Period = context.question.on;
    let mut around = Around::default();
    let mut steps: Vec<Var> = whens.iter().map(|when| around.var(context, when)).collect();
    let mark = (on.first() != on.last()).then_some(steps.len());
    if mark.is_some() {
        // The end of the first day is one more happening: whatever is so from
        // it on was so on some day of the period.
        steps.push(around.network.add(Window::on(on.first())));
    }
    Orders::new(&mut around.network, &steps, on.last(), mark).run(&mut |order| visit(order, mark))
}

/// Returns what was so at the end of each day asked about, once each.
pub(super) fn states<S: Ord>(
    order: &[Placed],
    mark: Option<usize>,
    state: &dyn Fn(&[usize]) -> S,
) -> Vec<S> {
    let steps: Vec<usize> = order.iter().map(|placed| placed.step).collect();
    let Some(mark) = mark else {
        return vec![state(&steps)];
    };
    let start = steps.iter().position(|step| *step == mark);
    let start = start.unwrap_or(steps.len());
    let others: Vec<usize> = steps.iter().copied().filter(|step| *step != mark).collect();
    let day_ends = |length: &usize| order.get(length + 1).is_none_or(|next| !next.same_day);
    let lengths = (start..=others.len()).filter(day_ends);
    let mut values: Vec<S> = lengths.map(|length| state(&others[..length])).collect();
    values.sort();
    values.dedup();
    values
}

/// A network of what a fold reckons with and all that links join to it.
#[derive(Default)]
pub(super) struct Around<'a> {
    pub(super) network: Network<'a>,
    pub(super) places: BTreeMap<Happening, Var>,
    parts: BTreeSet<usize>,
}

impl<'a> Around<'a> {
    /// Returns the happening in the network that something in the fold is.
    pub(super) fn var(&mut self, context: &Context<'_>, when: &When<'a>) -> Var {
        let Some(HangsOn { of, window, how }) = &when.hangs_on else {
            return self.network.add(when.window);
        };
        if let Some(part) = context
            .links
            .part(*of)
            .filter(|part| self.parts.insert(*part))
        {
            context
                .links
                .add_to(&mut self.network, part, &mut self.places);
        }
        let network = &mut self.network;
        let base = *self
            .places
            .entry(*of)
            .or_insert_with(|| network.add(*window));
        let How::Between(least, most) = how else {
            return base;
        };
        let var = network.add(when.window);
        if let Some(least) = least {
            network.at_least(base, var, Step::clone(least));
        }
        if let Some(most) = most {
            network.at_most(base, var, Step::clone(most));
        }
        var
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

/// Returns how certain it is that something has happened on some day of the
/// period, or on every day if that is asked.
pub(super) fn has_happened(context: &Context<'_>, when: &When<'_>) -> Option<Certainty> {
    let hangs_on = when.hangs_on.as_ref();
    if hangs_on.is_some_and(|on| context.links.contradiction(on.of).is_some()) {
        return Some(Certainty::Contradictory);
    }
    let on = context.question.on;
    let day = if context.question.throughout {
        on.first()
    } else {
        on.last()
    };
    let answer = crate::worlds::happened_by(when.window, day).certainty();
    // Of what may have no world at all nothing is certain.
    let part = hangs_on.and_then(|on| context.links.part(on.of));
    if part.is_some_and(|part| context.links.is_open(part)) {
        return answer.map(|_| Certainty::Possible);
    }
    answer
}

/// Returns how certain it is that what began and ended so was so on some day of
/// the period, or on every day if that is asked.
pub(super) fn held(
    context: &Context<'_>,
    begun: &When<'_>,
    ended: Option<&When<'_>>,
) -> Option<Certainty> {
    let whens: Vec<When<'_>> = std::iter::once(begun).chain(ended).cloned().collect();
    let bound = |when: &When<'_>| {
        let hangs_on = when.hangs_on.as_ref();
        hangs_on.is_some_and(|on| context.links.part(on.of).is_some())
    };
    if whens.iter().any(bound) {
        let answers = Answers::of(context, &whens, &|order: &[usize]| order == [0]);
        return answers.certainty(|held| *held);
    }
    let (begun, ended) = (begun.window, ended.map(|ended| ended.window));
    let (first, last) = (context.question.on.first(), context.question.on.last());
    let answer = if context.question.throughout {
        crate::worlds::holds_throughout(begun, ended, first, last)
    } else {
        crate::worlds::holds_within(begun, ended, first, last)
    };
    answer.certainty()
}
