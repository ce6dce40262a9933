//! Dealings: all that one actor did toward one instrument, folded.
//!
//! Each act is laid out as steps with their days, and the steps are folded over
//! the possible worlds. Standing follows the day of legal effect, counting the
//! day of the act. What is odd about a history, such as a notice revoked too
//! late, is void here and reported elsewhere.

use std::collections::BTreeMap;

use crate::record::{Act, ActKind, Actor, Instrument, NotBefore};
use crate::rule::falls_due;
use crate::window::Window;
use crate::worlds::{self, Certainty};

use super::answers::{Answers, held};
use super::context::Context;
use super::force::{Force, Given, delay};
use super::happening::Field;
use super::notice::{End, end_of_notice, not_before, notice_ends, until};
use super::question::Dated;
use super::readings::Reading;
use super::standing::{ActItem, Done, Standing, StandingItem};
use super::steps::{Fold, Moment, Step};
use super::when::When;
use super::witness::Fact;

/// What an actor did toward an instrument, in order of position.
pub(super) struct Dealings<'a> {
    pub(super) actor: u64,
    pub(super) acts: Vec<Done<'a>>,
    by_seq: BTreeMap<u64, usize>,
}

impl<'a> Dealings<'a> {
    pub(super) fn new(
        context: &Context<'_>,
        actor: u64,
        acts: impl Iterator<Item = (&'a Reading, &'a Act)>,
    ) -> Self {
        let acts: Vec<_> = acts
            .map(|(reading, act)| Done::new(context, reading, act))
            .collect();
        let by_seq = acts.iter().enumerate();
        let by_seq = by_seq
            .map(|(place, done)| (done.reading.seq, place))
            .collect();
        Self {
            actor,
            acts,
            by_seq,
        }
    }

    /// Returns the place of the act that this one withdraws, if it is the actor's own.
    fn removes(&self, done: &Done<'_>) -> Option<usize> {
        if done.act.kind != ActKind::WithdrawalOfAct {
            return None;
        }
        self.by_seq.get(&done.act.target?.0).copied()
    }

    /// Returns the consents, each with the day from which it no longer stands.
    pub(super) fn consents(&self, context: &Context<'_>, instrument: &Instrument) -> Vec<Given> {
        let ends = self.ends(context, instrument);
        let given = |(place, done): (usize, &Done<'_>)| Given {
            actor: self.actor,
            seq: done.reading.seq,
            kind: done.act.kind,
            succeeds: done.act.succeeds.map(|actor| context.actor(actor.0)),
            on: done.on,
            effective: done.effective,
            until: until(done.on, place, &ends),
        };
        self.acts.iter().enumerate().map(given).collect()
    }

    /// Returns since when the instrument is in force for the actor, as far as
    /// it is or may be on the days asked about.
    pub(super) fn party_since(
        &self,
        context: &Context<'_>,
        instrument: &Instrument,
        force: &Force,
    ) -> Option<Window> {
        let consents = self.consents(context, instrument).into_iter();
        let spells = consents
            .filter(|given| given.kind.is_consent())
            .filter_map(|given| {
                let from = force.party_from(given.on, given.effective)?;
                let until = given.until.map(When::within);
                held(context, &When::within(from), until.as_ref())?;
                Some(from)
            });
        spells.reduce(Window::earlier)
    }

    /// Returns the days on which consents end: of one act, or of all before.
    fn ends(&self, context: &Context<'_>, instrument: &Instrument) -> Vec<End> {
        // A day counted from entry into force is not known before that is; and
        // while a consent still decides on that, any notice is early.
        let not_before = not_before(instrument).map(|terms| match terms {
            NotBefore::On(date) => context.question.window(date),
            NotBefore::After(_) => Window::UNKNOWN,
        });
        let mut ends = Vec::new();
        for (place, done) in self.acts.iter().enumerate() {
            if let Some(target) = self.removes(done).filter(|of| !self.acts[*of].is_notice()) {
                ends.push(End::of_act(target, done.on));
            } else if done.is_notice() {
                let end = end_of_notice(done, instrument, not_before);
                let revoked = self
                    .acts
                    .iter()
                    .filter(|by| self.removes(by) == Some(place));
                let earliest = revoked.map(|by| by.on).min_by_key(|on| on.hi());
                match earliest {
                    Some(on) if on.hi() < end.lo() => {}
                    Some(on) if on.lo() < end.hi() => {
                        let open = Window::between(end.earliest(), None);
                        let open = open.unwrap_or(Window::UNKNOWN);
                        ends.push(End::by_notice(done.on, open));
                    }
                    _ => ends.push(End::by_notice(done.on, end)),
                }
            }
        }
        ends
    }

    /// Returns what was so of the actor, in all possible worlds; the instrument
    /// is `over` once it is terminated or invalid.
    pub(super) fn fold(
        &self,
        context: &Context<'_>,
        instrument: &Instrument,
        force: &Force,
        over: &[When<'static>],
    ) -> Stood {
        let steps = self.steps(context, instrument, force, over);
        let whens: Vec<When<'_>> = steps.iter().map(|(_, when, _)| when.clone()).collect();
        let state = |order: &[usize]| self.after(&steps, order).moment(&self.acts);
        let asked = |fact: &Fact| match fact {
            Fact::Standing(of, actor, standing) => {
                let of_this = self.acts.iter().any(|done| done.act.instrument.0 == *of);
                (of_this && context.actor(*actor) == self.actor).then_some(*standing)
            }
            _ => None,
        };
        context.witness(asked, &whens, &state, |asked, so| {
            so.standing == Some(*asked)
        });
        let answers = Answers::of(context, &whens, &state);
        Stood { steps, answers }
    }

    /// Returns all that moves the actor's standing, in the order in which it
    /// does so if it is of one day.
    pub(super) fn steps(
        &self,
        context: &Context<'_>,
        instrument: &Instrument,
        force: &Force,
        over: &[When<'static>],
    ) -> Vec<Timed> {
        let mut steps: Vec<Timed> = Vec::new();
        for place in 0..self.acts.len() {
            self.steps_of(place, context, instrument, force, &mut steps);
        }
        if let Some((reading, until)) = context
            .get::<Actor>(self.actor)
            .and_then(|(reading, actor)| Some((reading, actor.until.as_ref()?)))
        {
            let last_day = context.when(reading.seq, Field::Until, until);
            let after = last_day.then(&worlds::Step::days(1));
            steps.push((Step::Former, after, None));
        }
        steps.extend(over.iter().map(|when| (Step::Over, when.clone(), None)));
        let provisional = force.provisional.iter();
        steps.extend(provisional.map(|when| (Step::Provisional, when.clone(), None)));
        steps.sort_by_key(|(step, ..)| *step);
        steps
    }

    fn steps_of(
        &self,
        place: usize,
        context: &Context<'_>,
        instrument: &Instrument,
        force: &Force,
        steps: &mut Vec<Timed>,
    ) {
        let done = &self.acts[place];
        let on = || (done.when(), Some(place));
        let effective = || done.when_effective().map(|when| (when, None));
        let mut push = |step, (when, by)| steps.push((step, when, by));
        match done.act.kind {
            kind if kind.is_consent() => {
                let earlier = effective().filter(|(when, _)| when.window.lo() < done.on.lo());
                push(Step::Counts(place), on());
                push(Step::Stands(place), earlier.unwrap_or_else(on));
                if let Some(when) = force.party_when(context, done) {
                    push(Step::InForce(place), (when, None));
                }
            }
            ActKind::Signature | ActKind::SignatureAdReferendum => {
                push(Step::Counts(place), on());
                push(Step::Stands(place), effective().unwrap_or_else(on));
            }
            ActKind::Concurrence
            | ActKind::Endorsement
            | ActKind::ProvisionalApplication
            | ActKind::Participation
            | ActKind::Initialling
            | ActKind::Vote => push(Step::Stands(place), effective().unwrap_or_else(on)),
            ActKind::Denunciation | ActKind::Withdrawal => {
                push(Step::Notice(place), on());
                let not_before = self.notice_from(done, context, instrument, force);
                let end = notice_ends(done, instrument, not_before);
                push(Step::Ended(place), (end, None));
            }
            ActKind::NonIntention => push(Step::NonIntention, on()),
            ActKind::WithdrawalOfAct => {
                if let Some(target) = self.removes(done) {
                    push(Step::Removed(target), on());
                }
            }
            _ => {}
        }
    }

    /// Returns the first day on which the notice may be given, if the instrument has one.
    fn notice_from(
        &self,
        notice: &Done<'_>,
        context: &Context<'_>,
        instrument: &Instrument,
        force: &Force,
    ) -> Option<Window> {
        let span = match not_before(instrument)? {
            NotBefore::On(date) => return Some(context.question.window(date)),
            NotBefore::After(span) => span,
        };
        let due = |day| falls_due(day, delay(Some(span)), None);
        let consents = self
            .acts
            .iter()
            .filter(|done| done.act.kind.is_consent() && done.on.lo() <= notice.on.hi());
        let party_from = consents.filter_map(|done| force.party_from(done.on, done.effective));
        let party_from = party_from.reduce(Window::hull).unwrap_or(Window::UNKNOWN);
        let (first, last) = (party_from.earliest(), party_from.latest());
        Window::between(first.map(due), last.map(due))
    }

    /// Folds the steps that have been taken, in their order.
    pub(super) fn after(&self, steps: &[Timed], order: &[usize]) -> Fold {
        let mut fold = Fold::new(self.acts.len());
        for (rank, &index) in order.iter().enumerate() {
            fold.take(steps[index].0, (rank, index), &self.acts);
        }
        fold
    }
}

/// A step with its days, and the place of the act whose date they are, if they
/// are written in one.
pub(super) type Timed = (Step, When<'static>, Option<usize>);

/// What was so of an actor, in all possible worlds.
pub(super) struct Stood {
    steps: Vec<Timed>,
    answers: Answers<Moment>,
}

impl Stood {
    pub(super) fn certainty(&self, holds: impl Fn(&Moment) -> bool) -> Option<Certainty> {
        self.answers.certainty(holds)
    }

    /// Returns every standing that the actor has or may have.
    pub(super) fn items(
        &self,
        context: &Context<'_>,
        dealings: &Dealings<'_>,
    ) -> Vec<StandingItem> {
        let acts = || acts_in_order(context, dealings);
        if self.answers.is_contradictory() {
            return vec![StandingItem {
                actor: dealings.actor,
                standing: None,
                certainty: Certainty::Contradictory,
                since: Window::UNKNOWN.into(),
                acts: acts(),
            }];
        }
        let moments = self.answers.values();
        let mut found: Vec<Standing> = moments
            .iter()
            .filter_map(|moment| moment.standing)
            .collect();
        found.sort();
        found.dedup();
        if found.is_empty() {
            return Vec::new();
        }
        let acts = acts();
        let item = |standing| {
            let certainty = self.certainty(|moment| moment.standing == Some(standing))?;
            let since = moments
                .iter()
                .filter(|moment| moment.standing == Some(standing));
            Some(StandingItem {
                actor: dealings.actor,
                standing: Some(standing),
                certainty,
                since: self.since(context, dealings, since.map(|moment| moment.since)),
                acts: acts.clone(),
            })
        };
        found.into_iter().filter_map(item).collect()
    }

    fn since(
        &self,
        context: &Context<'_>,
        dealings: &Dealings<'_>,
        steps: impl Iterator<Item = usize>,
    ) -> Dated {
        let mut steps: Vec<usize> = steps.filter(|step| *step < self.steps.len()).collect();
        steps.sort_unstable();
        steps.dedup();
        if let [only] = steps.as_slice()
            && let Some(by) = self.steps[*only].2
        {
            let done = &dealings.acts[by];
            return Dated {
                window: done.on,
                ..context.question.dated(&done.act.on)
            };
        }
        let windows = steps.iter().map(|step| self.steps[*step].1.window);
        windows
            .reduce(Window::hull)
            .unwrap_or(Window::UNKNOWN)
            .into()
    }
}

fn acts_in_order(context: &Context<'_>, dealings: &Dealings<'_>) -> Vec<ActItem> {
    let acts = dealings.acts.iter();
    let mut acts: Vec<(Window, ActItem)> = acts
        .filter_map(|done| Some((done.on, done.item(context)?)))
        .collect();
    acts.sort_by_key(|(on, item)| (on.lo(), on.hi(), item.seq));
    acts.into_iter().map(|(_, item)| item).collect()
}
