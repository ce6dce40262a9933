//! Witnesses: worlds in which a fold says that something is so, or is not.
//!
//! The folds are those of every answer; here one of them is asked to show its
//! worlds, and the network gives days for the orders that it walked. They are
//! the days of what the fold hangs on and of all that links join to it. What it
//! takes apart, such as the treaty's day where the deposits of others decide on
//! it, it has no days for: [`super::why`] finds those, and asks again.

use std::cell::RefCell;

use crate::day::Day;
use crate::window::Window;
use crate::worlds::{Condition, Placed};

use super::answers::{Around, linked, states};
use super::claims::Claims;
use super::commitment::commitments;
use super::context::Context;
use super::event::{EventPhase, events};
use super::happening::Happening;
use super::instrument::{Status, instruments};
use super::issue::issues;
use super::office::offices;
use super::phase::Phase;
use super::standing::Standing;
use super::statement::statements;
use super::when::When;

/// How many worlds are kept of either kind, each of another order.
const KEPT: usize = 6;

/// Something that an answer may say. The numbers are positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fact {
    /// An actor stands so to an instrument: which one, who, and how.
    Standing(u64, u64, Standing),
    /// An instrument has come so far.
    Status(u64, Status),
    /// It stands so with a commitment. That its debtors have left the
    /// instrument is a fact of their standing.
    Phase(u64, Phase),
    /// An event has come so far.
    Event(u64, EventPhase),
    /// An office is held.
    Office(u64),
    /// An issue is open.
    Issue(u64),
    /// A statement has been made.
    Statement(u64),
    /// This has happened.
    Done(Happening),
}

/// The days of happenings in one world.
pub type World = Vec<(Happening, Day)>;

/// A world that a fold has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Witness {
    /// Whether it is so in it.
    pub(super) is_so: bool,
    pub(super) days: World,
}

/// What is to be shown, and the worlds met with.
#[derive(Debug)]
pub(super) struct Sought {
    fact: Fact,
    found: RefCell<Vec<Witness>>,
}

/// Returns worlds in which something is so or is not on the days asked about.
pub(super) fn witnesses(mut context: Context<'_>, fact: Fact) -> Vec<Witness> {
    context.sought = Some(Sought {
        fact,
        found: RefCell::default(),
    });
    let claims = Claims::of(&context);
    match fact {
        Fact::Standing(..) | Fact::Status(..) => drop(instruments(&context, &claims)),
        Fact::Phase(..) => {
            let instruments = instruments(&context, &claims);
            drop(commitments(&context, &claims, &instruments));
        }
        Fact::Event(..) => drop(events(&context, &claims)),
        Fact::Office(_) => drop(offices(&context)),
        Fact::Issue(_) => drop(issues(&context)),
        Fact::Statement(_) => drop(statements(&context, &claims)),
        Fact::Done(of) => done(&context, of),
    }
    let found = context.sought.map(|sought| sought.found.into_inner());
    found.unwrap_or_default()
}

fn done(context: &Context<'_>, of: Happening) {
    let reading = context.readings.reading(of.seq);
    if let Some(date) = reading.and_then(|reading| of.field.date(&reading.record)) {
        let when = context.when(of.seq, of.field, date);
        context.witness_span(|_| true, &when, None);
    }
}

impl Context<'_> {
    /// Shows worlds of a fold, if it is the one that is sought: `of_fold`
    /// returns of a fact whether it is one of this fold's, and `holds` of what
    /// values it is true.
    pub(super) fn witness<S: Ord, T>(
        &self,
        of_fold: impl Fn(&Fact) -> Option<T>,
        whens: &[When<'_>],
        state: &dyn Fn(&[usize]) -> S,
        holds: impl Fn(&T, &S) -> bool,
    ) {
        let Some(sought) = &self.sought else { return };
        if let Some(asked) = of_fold(&sought.fact) {
            let shown = shown(self, whens, state, &|so| holds(&asked, so));
            sought.found.borrow_mut().extend(shown);
        }
    }

    /// Shows worlds of what begun and ended so, if they are sought.
    pub(super) fn witness_span(
        &self,
        is_asked: impl Fn(&Fact) -> bool,
        begun: &When<'_>,
        ended: Option<&When<'_>>,
    ) {
        let whens: Vec<When<'_>> = std::iter::once(begun).chain(ended).cloned().collect();
        let asked = |fact: &Fact| is_asked(fact).then_some(());
        let state = |order: &[usize]| order == [0];
        self.witness(asked, &whens, &state, |(), held| *held);
    }
}

fn shown<S: Ord>(
    context: &Context<'_>,
    whens: &[When<'_>],
    state: &dyn Fn(&[usize]) -> S,
    holds: &dyn Fn(&S) -> bool,
) -> Vec<Witness> {
    let (mut so, mut not) = (Vec::new(), Vec::new());
    linked(context, whens, &mut |order, mark| {
        let values = states(order, mark, state);
        let is_so = if context.question.throughout {
            values.iter().all(holds)
        } else {
            values.iter().any(holds)
        };
        let kept = if is_so { &mut so } else { &mut not };
        if kept.len() < KEPT {
            kept.push(order.to_vec());
        }
    });
    let each = so.into_iter().map(|order| (true, order));
    let each = each.chain(not.into_iter().map(|order| (false, order)));
    each.filter_map(|(is_so, order)| {
        let days = world(context, whens, &order)?;
        Some(Witness { is_so, days })
    })
    .collect()
}

/// Returns a world in which the steps were taken in this order, and the others
/// later than the days asked about.
fn world(context: &Context<'_>, whens: &[When<'_>], order: &[Placed]) -> Option<World> {
    let on = context.question.on;
    let mut around = Around::default();
    let mut steps: Vec<_> = whens.iter().map(|when| around.var(context, when)).collect();
    if on.first() != on.last() {
        steps.push(around.network.add(Window::on(on.first())));
    }
    let mut conditions = Vec::new();
    for (place, placed) in order.iter().enumerate() {
        let var = steps[placed.step];
        conditions.push(Condition::By(var, on.last()));
        let Some(before) = place.checked_sub(1).map(|before| order[before].step) else {
            continue;
        };
        let earlier = steps[before];
        let mark = whens.len();
        let apart = order[..place].iter().any(|placed| placed.step == mark);
        if placed.same_day {
            conditions.push(Condition::InOrder(var, earlier));
            conditions.push(Condition::InOrder(earlier, var));
        } else if apart || placed.step < before {
            conditions.push(Condition::Before(earlier, var));
        } else {
            conditions.push(Condition::InOrder(earlier, var));
        }
    }
    let taken = |step: &usize| order.iter().any(|placed| placed.step == *step);
    let later = (0..steps.len()).filter(|step| !taken(step));
    conditions.extend(later.map(|step| Condition::After(steps[step], on.last())));
    let world = around.network.world_where(&conditions).ok()??;
    let days = around.places.iter();
    Some(days.map(|(of, var)| (*of, world[*var])).collect())
}
