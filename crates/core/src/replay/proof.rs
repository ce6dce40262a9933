//! Proof: a world in which something is so, one in which it is not, and the
//! happenings that decide between them.
//!
//! The folds are those of every answer; here one of them is asked to show its
//! worlds. What the records are, and what their sources say, is for whoever
//! tells the proof.

use std::cell::RefCell;

use crate::day::Day;
use crate::window::Window;
use crate::worlds::{Certainty, Condition, Placed};

use super::answers::{Answers, Around, linked, states};
use super::claims::Claims;
use super::commitment::commitments;
use super::context::Context;
use super::event::{EventPhase, events};
use super::happening::Happening;
use super::instrument::{Status, instruments};
use super::issue::issues;
use super::links::Contradiction;
use super::office::offices;
use super::phase::Phase;
use super::question::Question;
use super::readings::Readings;
use super::standing::Standing;
use super::statement::statements;
use super::when::When;

/// Something that an answer may say. The numbers are positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// An actor stands so to an instrument: which one, who, and how.
    Standing(u64, u64, Standing),
    /// An instrument has come so far.
    Status(u64, Status),
    /// It stands so with a commitment. That its debtors have left the
    /// instrument is proved by their standing.
    Phase(u64, Phase),
    /// An event has come so far.
    Event(u64, EventPhase),
    /// An office is held.
    Office(u64),
    /// An issue is open.
    Issue(u64),
    /// A statement has been made.
    Statement(u64),
}

/// The day of a happening in one world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayOf {
    /// The happening.
    pub happening: Happening,
    /// Its day.
    pub day: Day,
}

/// Why something is so, or may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// How certain it is; `None` if it is so in no world.
    pub certainty: Option<Certainty>,
    /// A world in which it is so, if there is one: the days of the happenings
    /// it rests on and of all that links join to them.
    pub holds: Option<Vec<DayOf>>,
    /// A world in which it is not, if there is one.
    pub fails: Option<Vec<DayOf>>,
    /// The happenings without any one of which the answer would be another.
    pub decided_by: Vec<Happening>,
    /// The records that leave no world, if none is left.
    pub contradiction: Option<Contradiction>,
}

/// What is to be proved, and the proof once it has been met with.
#[derive(Debug)]
pub(super) struct Proving {
    fact: Fact,
    found: RefCell<Option<Proof>>,
}

/// Returns why something is so or may be on the days asked about, if the
/// readings tell of anything of the kind at all.
pub fn prove(readings: &Readings, question: &Question, fact: Fact) -> Option<Proof> {
    let mut context = Context::new(readings, *question);
    context.proving = Some(Proving {
        fact,
        found: RefCell::new(None),
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
    }
    context.proving?.found.into_inner()
}

impl Context<'_> {
    /// Proves what a fold says, if that is what is to be proved: `holds`
    /// returns of a fact whether it is one of this fold's, and of what values
    /// it is true.
    pub(super) fn proving<S: Ord + Clone, T>(
        &self,
        of_fold: impl Fn(&Fact) -> Option<T>,
        whens: &[When<'_>],
        state: &dyn Fn(&[usize]) -> S,
        holds: impl Fn(&T, &S) -> bool,
    ) {
        let Some(proving) = &self.proving else { return };
        if let Some(asked) = of_fold(&proving.fact) {
            let proof = proof(self, whens, state, &|so| holds(&asked, so));
            proving.found.replace(Some(proof));
        }
    }

    /// Proves that what begun and ended so was so, if that is to be proved.
    pub(super) fn proving_held(
        &self,
        is_asked: impl Fn(&Fact) -> bool,
        begun: &When<'_>,
        ended: Option<&When<'_>>,
    ) {
        let whens: Vec<When<'_>> = std::iter::once(begun).chain(ended).cloned().collect();
        let asked = |fact: &Fact| is_asked(fact).then_some(());
        let state = |order: &[usize]| order == [0];
        self.proving(asked, &whens, &state, |(), held| *held);
    }
}

fn proof<S: Ord + Clone>(
    context: &Context<'_>,
    whens: &[When<'_>],
    state: &dyn Fn(&[usize]) -> S,
    holds: &dyn Fn(&S) -> bool,
) -> Proof {
    let certainty = Answers::of(context, whens, state).certainty(holds);
    let of = || whens.iter().filter_map(|when| when.hangs_on.as_ref());
    let contradiction = of().find_map(|on| context.links.contradiction(on.of));
    if contradiction.is_some() {
        return Proof {
            certainty,
            holds: None,
            fails: None,
            decided_by: Vec::new(),
            contradiction: contradiction.cloned(),
        };
    }
    let (mut so, mut not) = (None, None);
    linked(context, whens, &mut |order, mark| {
        let values = states(order, mark, state);
        let is_so = if context.question.throughout {
            values.iter().all(holds)
        } else {
            values.iter().any(holds)
        };
        let place = if is_so { &mut so } else { &mut not };
        place.get_or_insert_with(|| order.to_vec());
    });
    let mut happenings: Vec<Happening> = of().map(|on| on.of).collect();
    happenings.sort_unstable();
    happenings.dedup();
    let matters = |happening: &Happening| {
        let left: Vec<When<'_>> = whens.iter().map(|when| without(when, *happening)).collect();
        Answers::of(context, &left, state).certainty(holds) != certainty
    };
    happenings.retain(matters);
    let world = |order: Option<Vec<Placed>>| world(context, whens, &order?);
    Proof {
        certainty,
        holds: world(so),
        fails: world(not),
        decided_by: happenings,
        contradiction: None,
    }
}

/// Returns when something comes about if a happening never did.
fn without<'a>(when: &When<'a>, happening: Happening) -> When<'a> {
    match &when.hangs_on {
        Some(on) if on.of == happening => When::within(Window::AFTER_ALL),
        _ => when.clone(),
    }
}

/// Returns a world in which the steps were taken in this order, and the others
/// later than the days asked about.
fn world(context: &Context<'_>, whens: &[When<'_>], order: &[Placed]) -> Option<Vec<DayOf>> {
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
    let days = around.places.iter().map(|(happening, var)| DayOf {
        happening: *happening,
        day: world[*var],
    });
    Some(days.collect())
}
