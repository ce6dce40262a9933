//! Standing: how an actor stands to an instrument.
//!
//! All acts of one actor toward one instrument, with the days on which they
//! take effect, are folded over the possible worlds. Standing follows the day
//! of legal effect, counting the day of the act. A declaration of non-intention
//! (VCLT 18 (a)) ends the standing of a signatory and reads as `withdrawn`; a
//! vote reads as a part in the negotiation. What is odd about a history, such as
//! a notice revoked too late, is void here and reported elsewhere.

use std::collections::BTreeMap;

use crate::record::{Act, ActKind, Actor, Instrument, Vote};
use crate::rule::falls_due;
use crate::window::Window;
use crate::worlds::Certainty;

use super::answers::{Answers, happened};
use super::context::Context;
use super::force::{Force, Given, delay};
use super::question::Dated;
use super::readings::Reading;

/// How an actor stands to an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Takes part in the negotiation.
    Negotiating,
    /// Has signed.
    Signatory,
    /// Has given political assent.
    Concurring,
    /// Has consented to be bound; not yet in force for it.
    Contracting,
    /// The instrument is in force for it.
    Party,
    /// Applies it provisionally.
    Provisional,
    /// Has given notice, which has not yet taken effect.
    Withdrawing,
    /// Has left.
    Withdrawn,
    /// Has ceased to exist.
    Former,
}

impl Standing {
    /// Returns the word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Negotiating => "negotiating",
            Self::Signatory => "signatory",
            Self::Concurring => "concurring",
            Self::Contracting => "contracting",
            Self::Party => "party",
            Self::Provisional => "provisional",
            Self::Withdrawing => "withdrawing",
            Self::Withdrawn => "withdrawn",
            Self::Former => "former",
        }
    }
}

/// One standing that an actor has, or may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingItem {
    /// Who.
    pub actor: u64,
    /// How it stands.
    pub standing: Standing,
    /// How certain that is.
    pub certainty: Certainty,
    /// Since when.
    pub since: Dated,
    /// Its acts up to the last day asked about, in order of their days.
    pub acts: Vec<ActItem>,
}

/// An act, up to the last day asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActItem {
    /// Its position.
    pub seq: u64,
    /// Who acted.
    pub by: u64,
    /// What it did.
    pub kind: ActKind,
    /// When.
    pub on: Dated,
    /// From when it has legal effect, if that was recorded.
    pub effective: Option<Dated>,
    /// Who signed.
    pub signed_by: Vec<u64>,
    /// How it voted.
    pub vote: Option<Vote>,
    /// The text of a reservation, declaration or objection.
    pub text: Option<String>,
    /// The act that it is aimed at.
    pub target: Option<u64>,
    /// How certain it is that it had been done.
    pub certainty: Certainty,
    /// The positions of the act and its standing revisions.
    pub rests_on: Vec<u64>,
}

/// An act with its days.
pub(super) struct Done<'a> {
    pub(super) reading: &'a Reading,
    pub(super) act: &'a Act,
    on: Window,
    effective: Option<Window>,
}

/// What an actor did toward an instrument, in order of position.
pub(super) struct Dealings<'a> {
    pub(super) actor: u64,
    pub(super) acts: Vec<Done<'a>>,
    by_seq: BTreeMap<u64, usize>,
}

/// What is so of an actor at some moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    pub(super) standing: Option<Standing>,
    /// The step that brought it about.
    since: usize,
    pub(super) signed: bool,
    pub(super) consented: bool,
    pub(super) party: bool,
}

/// Something that moves a standing; the number is the act's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    // In this order on one day: an end comes first, so that whoever leaves and
    // comes back on one day is in, and a revocation on the day of effect is late.
    Ended(usize),
    Counts(usize),
    Stands(usize),
    InForce(usize),
    Notice(usize),
    Removed(usize),
    NonIntention,
    Former,
}

impl<'a> Done<'a> {
    pub(super) fn new(context: &Context<'_>, reading: &'a Reading, act: &'a Act) -> Self {
        Self {
            reading,
            act,
            on: context.question.window(&act.on),
            effective: act
                .effective
                .as_ref()
                .map(|date| context.question.window(date)),
        }
    }

    /// Returns the act as an item, if it may have been done by the end of the period.
    pub(super) fn item(&self, context: &Context<'_>) -> Option<ActItem> {
        let question = &context.question;
        let certainty = happened(self.on, question.on)?;
        let signed_by = self.act.signed_by.iter().flatten();
        Some(ActItem {
            seq: self.reading.seq,
            by: self.act.by.0,
            kind: self.act.kind,
            on: question.dated(&self.act.on),
            effective: self.act.effective.as_ref().map(|date| question.dated(date)),
            signed_by: signed_by.map(|actor| actor.0).collect(),
            vote: self.act.vote,
            text: self.act.text.clone(),
            target: self.act.target.map(|target| target.0),
            certainty,
            rests_on: self.reading.rests_on(),
        })
    }

    pub(super) const fn on(&self) -> Window {
        self.on
    }

    fn is_notice(&self) -> bool {
        matches!(self.act.kind, ActKind::Denunciation | ActKind::Withdrawal)
    }
}

/// Returns whether an act of this kind is a signature.
pub(super) const fn is_signature(kind: ActKind) -> bool {
    matches!(
        kind,
        ActKind::Signature | ActKind::SignatureAdReferendum | ActKind::DefinitiveSignature
    )
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
        let ends = self.ends(instrument);
        let given = |(place, done): (usize, &Done<'_>)| {
            let later = ends.iter().filter(|(of, end)| match of {
                Some(of) => *of == place,
                None => end.hi() > done.on.lo(),
            });
            Given {
                actor: self.actor,
                seq: done.reading.seq,
                kind: done.act.kind,
                succeeds: done.act.succeeds.map(|actor| context.actor(actor.0)),
                on: done.on,
                until: later
                    .map(|(_, end)| *end)
                    .min_by_key(|end| (end.lo(), end.hi())),
            }
        };
        self.acts.iter().enumerate().map(given).collect()
    }

    /// Returns the days on which consents end: of one act, or of all before.
    fn ends(&self, instrument: &Instrument) -> Vec<(Option<usize>, Window)> {
        let mut ends = Vec::new();
        for (place, done) in self.acts.iter().enumerate() {
            if let Some(target) = self.removes(done).filter(|of| !self.acts[*of].is_notice()) {
                ends.push((Some(target), done.on));
            } else if done.is_notice() {
                let end = end_of_notice(done, instrument);
                let revoked = self
                    .acts
                    .iter()
                    .filter(|by| self.removes(by) == Some(place));
                let earliest = revoked.map(|by| by.on).min_by_key(|on| on.hi());
                match earliest {
                    Some(on) if on.hi() < end.lo() => {}
                    Some(on) if on.lo() < end.hi() => {
                        let open = Window::between(end.earliest(), None);
                        ends.push((None, open.unwrap_or(Window::UNKNOWN)));
                    }
                    _ => ends.push((None, end)),
                }
            }
        }
        ends
    }

    /// Returns what was so of the actor, in all possible worlds.
    pub(super) fn fold(
        &self,
        context: &Context<'_>,
        instrument: &Instrument,
        force: &Force,
    ) -> Stood {
        let mut steps: Vec<(Step, Window, Option<usize>)> = Vec::new();
        for place in 0..self.acts.len() {
            self.steps_of(place, instrument, force, &mut steps);
        }
        if let Some(until) = context
            .get::<Actor>(self.actor)
            .and_then(|(_, actor)| actor.until.as_ref())
        {
            let window = context.question.window(until).day_after();
            steps.push((Step::Former, window, None));
        }
        steps.sort_by_key(|(step, ..)| *step);
        let windows: Vec<Window> = steps.iter().map(|(_, window, _)| *window).collect();
        let answers = Answers::of(&windows, context.question.on, &|order: &[usize]| {
            self.moment(&steps, order)
        });
        Stood { steps, answers }
    }

    fn steps_of(
        &self,
        place: usize,
        instrument: &Instrument,
        force: &Force,
        steps: &mut Vec<(Step, Window, Option<usize>)>,
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
                push(Step::Ended(place), (end_of_notice(done, instrument), None));
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

    /// Folds the steps that have been taken, in their order.
    fn moment(&self, steps: &[(Step, Window, Option<usize>)], order: &[usize]) -> Moment {
        let mut fold = Fold::new(self.acts.len());
        for (rank, &index) in order.iter().enumerate() {
            fold.take(steps[index].0, (rank, index), &self.acts);
        }
        fold.moment(&self.acts)
    }
}

/// Returns when a notice takes effect: on the day recorded, else after the
/// instrument's time of notice, else at some unknown time after it was given.
fn end_of_notice(done: &Done<'_>, instrument: &Instrument) -> Window {
    if let Some(effective) = done.effective {
        return effective;
    }
    let unknown = Window::between(done.on.earliest(), None).unwrap_or(Window::UNKNOWN);
    let notice = instrument
        .withdrawal
        .as_ref()
        .and_then(|terms| terms.notice.as_ref());
    let Some(notice) = notice else {
        return unknown;
    };
    let due = |day| falls_due(day, delay(Some(notice)), None);
    Window::between(done.on.earliest().map(due), done.on.latest().map(due)).unwrap_or(unknown)
}

/// When among the steps taken something came about, and by which of them.
type Since = (usize, usize);

/// What has come about so far, for each act.
struct Fold {
    stands: Vec<Option<Since>>,
    counts: Vec<bool>,
    consents: Vec<bool>,
    in_force: Vec<Option<Since>>,
    notice: Vec<Option<Since>>,
    removed: Vec<bool>,
    ended: Vec<bool>,
    withdrawn: Option<Since>,
    former: Option<Since>,
}

impl Fold {
    fn new(acts: usize) -> Self {
        Self {
            stands: vec![None; acts],
            counts: vec![false; acts],
            consents: vec![false; acts],
            in_force: vec![None; acts],
            notice: vec![None; acts],
            removed: vec![false; acts],
            ended: vec![false; acts],
            withdrawn: None,
            former: None,
        }
    }

    fn take(&mut self, step: Step, since: Since, acts: &[Done<'_>]) {
        match step {
            Step::Counts(place) => {
                self.counts[place] = true;
                self.consents[place] = acts[place].act.kind.is_consent();
            }
            Step::Stands(place) => self.stands[place] = Some(since),
            Step::InForce(place) => self.in_force[place] = Some(since),
            Step::Notice(place) => self.notice[place] = Some(since),
            Step::Removed(place) => {
                // A notice that has taken effect cannot be taken back.
                if !self.ended[place] {
                    self.removed[place] = true;
                }
            }
            Step::Ended(place) => {
                if !self.removed[place] {
                    self.ended[place] = true;
                    self.end(since, acts, |_| true);
                }
            }
            Step::NonIntention => {
                let bound = |place: &usize| acts[*place].act.kind.is_consent();
                let stands = |place: &usize| self.stands[*place].is_some() && !self.removed[*place];
                if !(0..acts.len()).any(|place| bound(&place) && stands(&place)) {
                    self.end(since, acts, is_signature);
                }
            }
            Step::Former => self.former = Some(since),
        }
    }

    /// Ends what stands by acts of these kinds; that one has signed stays so.
    fn end(&mut self, since: Since, acts: &[Done<'_>], kinds: impl Fn(ActKind) -> bool) {
        for (place, done) in acts.iter().enumerate() {
            if kinds(done.act.kind) {
                self.stands[place] = None;
                self.consents[place] = false;
            }
        }
        self.withdrawn = Some(since);
    }

    fn moment(&self, acts: &[Done<'_>]) -> Moment {
        let places = || (0..acts.len()).filter(|place| !self.removed[*place]);
        let first = |kinds: &dyn Fn(ActKind) -> bool| {
            let of_kinds = places().filter(|place| kinds(acts[*place].act.kind));
            of_kinds.filter_map(|place| self.stands[place]).min()
        };
        let party = places()
            .filter(|place| self.stands[*place].is_some())
            .filter_map(|place| self.in_force[place])
            .min();
        let notice = places()
            .filter(|place| !self.ended[*place])
            .filter_map(|place| self.notice[place])
            .min();
        let consent = first(&ActKind::is_consent);
        let concurring = first(&|kind| matches!(kind, ActKind::Concurrence | ActKind::Endorsement));
        let standing = [
            (
                Standing::Withdrawing,
                notice.filter(|_| consent.or(concurring).is_some()),
            ),
            (Standing::Party, party),
            (
                Standing::Provisional,
                first(&|kind| kind == ActKind::ProvisionalApplication),
            ),
            (Standing::Contracting, consent),
            (Standing::Concurring, concurring),
            (Standing::Signatory, first(&is_signature)),
            (Standing::Withdrawn, self.withdrawn),
            (Standing::Negotiating, first(&is_negotiation)),
        ];
        let mut standing = standing
            .into_iter()
            .find_map(|(standing, since)| Some((standing, since?)));
        if let (Some(former), Some(_)) = (self.former, standing) {
            standing = Some((Standing::Former, former));
        }
        let exists = self.former.is_none();
        Moment {
            standing: standing.map(|(standing, _)| standing),
            since: standing.map_or(0, |(_, (_, step))| step),
            signed: places().any(|place| self.counts[place] && is_signature(acts[place].act.kind)),
            consented: exists && places().any(|place| self.consents[place]),
            party: exists && party.is_some(),
        }
    }
}

const fn is_negotiation(kind: ActKind) -> bool {
    matches!(
        kind,
        ActKind::Participation | ActKind::Initialling | ActKind::Vote
    )
}

/// What was so of an actor, in all possible worlds.
pub(super) struct Stood {
    steps: Vec<(Step, Window, Option<usize>)>,
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
