//! Dealings: all that one actor did toward one instrument, folded.
//!
//! Each act is laid out as steps with their days, and the steps are folded over
//! the possible worlds. Standing follows the day of legal effect, counting the
//! day of the act. What is odd about a history, such as a notice revoked too
//! late, is void here and reported elsewhere.

use std::collections::BTreeMap;

use crate::day::Day;
use crate::record::{Act, ActKind, Actor, Instrument, NotBefore};
use crate::rule::falls_due;
use crate::window::Window;
use crate::worlds::Certainty;

use super::answers::{Answers, held};
use super::context::Context;
use super::force::{Force, Given, delay};
use super::question::Dated;
use super::readings::Reading;
use super::standing::{ActItem, Done, Standing, StandingItem};
use super::steps::{Fold, Moment, Step};

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
                held(from, given.until, context.question.on)?;
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
        over: &[Window],
    ) -> Stood {
        let steps = self.steps(context, instrument, force, over);
        let windows: Vec<Window> = steps.iter().map(|(_, window, _)| *window).collect();
        let answers = Answers::of(&windows, context.question.on, &|order: &[usize]| {
            self.after(&steps, order).moment(&self.acts)
        });
        Stood { steps, answers }
    }

    /// Returns all that moves the actor's standing, in the order in which it
    /// does so if it is of one day.
    pub(super) fn steps(
        &self,
        context: &Context<'_>,
        instrument: &Instrument,
        force: &Force,
        over: &[Window],
    ) -> Vec<Timed> {
        let mut steps: Vec<Timed> = Vec::new();
        for place in 0..self.acts.len() {
            self.steps_of(place, context, instrument, force, &mut steps);
        }
        if let Some(until) = context
            .get::<Actor>(self.actor)
            .and_then(|(_, actor)| actor.until.as_ref())
        {
            let window = context.question.window(until).day_after();
            steps.push((Step::Former, window, None));
        }
        steps.extend(over.iter().map(|window| (Step::Over, *window, None)));
        let provisional = force.provisional.iter();
        steps.extend(provisional.map(|window| (Step::Provisional, *window, None)));
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
        let on = (done.on, Some(place));
        let from = done.effective.map_or(on, |effective| (effective, None));
        let mut push = |step, (window, by)| steps.push((step, window, by));
        match done.act.kind {
            kind if kind.is_consent() => {
                let earlier = done
                    .effective
                    .filter(|effective| effective.lo() < done.on.lo());
                push(Step::Counts(place), on);
                push(
                    Step::Stands(place),
                    earlier.map_or(on, |window| (window, None)),
                );
                if let Some(window) = force.party_from(done.on, done.effective) {
                    push(Step::InForce(place), (window, None));
                }
            }
            ActKind::Signature | ActKind::SignatureAdReferendum => {
                push(Step::Counts(place), on);
                push(Step::Stands(place), from);
            }
            ActKind::Concurrence
            | ActKind::Endorsement
            | ActKind::ProvisionalApplication
            | ActKind::Participation
            | ActKind::Initialling
            | ActKind::Vote => push(Step::Stands(place), from),
            ActKind::Denunciation | ActKind::Withdrawal => {
                push(Step::Notice(place), on);
                let not_before = self.notice_from(done, context, instrument, force);
                let end = end_of_notice(done, instrument, not_before);
                push(Step::Ended(place), (end, None));
            }
            ActKind::NonIntention => push(Step::NonIntention, on),
            ActKind::WithdrawalOfAct => {
                if let Some(target) = self.removes(done) {
                    push(Step::Removed(target), on);
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
pub(super) type Timed = (Step, Window, Option<usize>);

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
        let mut acts: Vec<(Window, ActItem)> = dealings
            .acts
            .iter()
            .filter_map(|done| Some((done.on, done.item(context)?)))
            .collect();
        acts.sort_by_key(|(on, item)| (on.lo(), on.hi(), item.seq));
        let acts: Vec<ActItem> = acts.into_iter().map(|(_, item)| item).collect();
        let item = |standing| {
            let certainty = self.certainty(|moment| moment.standing == Some(standing))?;
            let since = moments
                .iter()
                .filter(|moment| moment.standing == Some(standing));
            Some(StandingItem {
                actor: dealings.actor,
                standing,
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
            return context.question.dated(&dealings.acts[by].act.on);
        }
        let windows = steps.iter().map(|step| self.steps[*step].1);
        windows
            .reduce(Window::hull)
            .unwrap_or(Window::UNKNOWN)
            .into()
    }
}

/// Returns when the instrument first lets notice be given, if it says.
fn not_before(instrument: &Instrument) -> Option<&NotBefore> {
    instrument.withdrawal.as_ref()?.not_before.as_ref()
}

/// Returns when a notice takes effect: on the day recorded, else after the
/// instrument's time of notice, else at some unknown time after it was given.
///
/// A notice that was, or may have been, given before the first day allowed is
/// not the instrument's: it may take effect at any time once both its own time
/// and that day are past, or never.
fn end_of_notice(done: &Done<'_>, instrument: &Instrument, not_before: Option<Window>) -> Window {
    if let Some(effective) = done.effective {
        return effective;
    }
    let terms = instrument.withdrawal.as_ref();
    let notice = terms.and_then(|terms| terms.notice.as_ref());
    let due = |day| falls_due(day, delay(notice), None);
    let earliest = done.on.earliest().map(due);
    let early = not_before.filter(|allowed| done.on.lo() < allowed.hi());
    let latest = match early {
        None if notice.is_some() => done.on.latest().map(due),
        _ => None,
    };
    let earliest = earliest.max(early.and_then(Window::earliest));
    Window::between(earliest, latest).unwrap_or(Window::UNKNOWN)
}

/// A day on which consents end.
struct End {
    /// The place of the one act that it ends; all that were done before if none.
    of: Option<usize>,
    /// When the notice was given.
    given: Window,
    effect: Window,
}

impl End {
    fn of_act(place: usize, on: Window) -> Self {
        Self {
            of: Some(place),
            given: on,
            effect: on,
        }
    }

    fn by_notice(given: Window, effect: Window) -> Self {
        Self {
            of: None,
            given,
            effect,
        }
    }

    /// Returns whether it may end a consent given then.
    fn may_end(&self, place: usize, on: Window) -> bool {
        match self.of {
            Some(of) => of == place,
            None => self.effect.hi() > on.lo() && self.given.hi() >= on.lo(),
        }
    }

    /// Returns whether it ends, if anything, a consent given then: one that may
    /// have come before that consent may have left it untouched.
    fn must_end(&self, on: Window) -> bool {
        self.of.is_some() || (self.effect.lo() > on.hi() && self.given.lo() >= on.hi())
    }
}

/// Returns the first day on which a consent no longer stands, if it may be ended.
fn until(on: Window, place: usize, ends: &[End]) -> Option<Window> {
    let may_end = ends.iter().filter(|end| end.may_end(place, on));
    let earliest = may_end.clone().map(|end| end.effect.lo()).min()?;
    let must_end = may_end.filter(|end| end.must_end(on));
    let latest = must_end.map(|end| end.effect.hi()).min();
    let known = |day: &Day| *day != Day::MIN && *day != Day::MAX;
    Window::between(Some(earliest).filter(known), latest.filter(known))
}
