//! Reservations: which of them stand, who objected, and what follows between the two.
//!
//! A reservation stands until it is withdrawn or its actor leaves. Between its
//! actor and whoever did not object, the treaty is in force as the reservation
//! modifies it (VCLT 20 (5), 21 (1)); whoever objected is bound but for what was
//! reserved (21 (3)), or not at all if its objection says so (20 (4) (b)). Whether
//! a reservation was permitted, and whether an objection came in time, is not
//! judged here: from when the twelve months run is in no record.

use std::collections::BTreeMap;

use crate::record::{Act, ActKind};
use crate::worlds::Certainty;

use super::answers::{Answers, has_happened};
use super::context::Context;
use super::dealings::{Dealings, Timed};
use super::force::Force;
use super::gathered::Gathered;
use super::happening::Field;
use super::question::Dated;
use super::readings::Reading;
use super::steps::Step;
use super::when::When;

/// A reservation that stands, or a declaration that another treats as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservationItem {
    /// Its position.
    pub seq: u64,
    /// Who made it.
    pub by: u64,
    /// Whether it calls itself a reservation or a declaration.
    pub kind: ActKind,
    /// When it was made.
    pub on: Dated,
    /// On which article.
    pub article: Option<String>,
    /// Its text.
    pub text: Option<String>,
    /// How certain it is that it stands.
    pub certainty: Certainty,
    /// The objections to it that stand, and acceptances of it.
    pub answers: Vec<ReservationAnswer>,
    /// The positions of the act and its standing revisions.
    pub rests_on: Vec<u64>,
}

/// What another said to a reservation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservationAnswer {
    /// Its position.
    pub seq: u64,
    /// Who said it.
    pub by: u64,
    /// Whether it is an objection or an acceptance.
    pub kind: ActKind,
    /// When.
    pub on: Dated,
    /// Whether it keeps the treaty from entering into force between the two.
    pub precludes: bool,
    /// As what it treats the other.
    pub treats_as: Option<String>,
    /// Its text.
    pub text: Option<String>,
    /// How certain it is that it stands.
    pub certainty: Certainty,
    /// What is, or may be, so between the two.
    pub between: Vec<(Between, Certainty)>,
    /// The positions of the act and its standing revisions.
    pub rests_on: Vec<u64>,
}

/// How a treaty is in force between an actor that made a reservation and another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Between {
    /// One of the two is no party.
    NotBothParties,
    /// Both are parties, but an objection keeps it from being in force between
    /// them (VCLT 20 (4) (b)).
    NotInForce,
    /// It is in force but for what was reserved, to the extent of the
    /// reservation (VCLT 21 (3)).
    ExceptReserved,
    /// It is in force as the reservation modifies it (VCLT 21 (1)).
    AsModified,
    /// It is in force whole: the reservation does not stand.
    InFull,
}

impl ReservationItem {
    /// Returns whether the reservation or an answer to it is this actor's, or
    /// whether no actor is asked about.
    pub fn concerns(&self, actor: Option<u64>) -> bool {
        actor.is_none_or(|actor| {
            self.by == actor || self.answers.iter().any(|answer| answer.by == actor)
        })
    }
}

impl Between {
    /// Returns the word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotBothParties => "not-both-parties",
            Self::NotInForce => "not-in-force",
            Self::ExceptReserved => "except-reserved",
            Self::AsModified => "as-modified",
            Self::InFull => "in-full",
        }
    }
}

/// An instrument's dealings and what else is needed to fold two of them.
pub(super) struct Among<'a> {
    context: &'a Context<'a>,
    of: &'a Gathered<'a>,
    force: &'a Force,
    over: &'a [When<'static>],
    /// Who objects to which act, and by which of its own.
    objections: BTreeMap<u64, Vec<(&'a Dealings<'a>, usize)>>,
}

/// What one actor did, with an act of its that is asked about.
struct Asked<'a> {
    dealings: &'a Dealings<'a>,
    place: usize,
    steps: Vec<Timed>,
}

/// What is so of a pair at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    reserved: bool,
    answered: bool,
    parties: bool,
}

/// Returns the reservations that stand or may stand, in order of position.
pub(super) fn reservations(among: &Among<'_>) -> Vec<ReservationItem> {
    let mut items = Vec::new();
    for dealings in &among.of.dealings {
        for (place, done) in dealings.acts.iter().enumerate() {
            let reserves = match done.act.kind {
                ActKind::Reservation => true,
                ActKind::Declaration => among.objections.contains_key(&done.reading.seq),
                _ => false,
            };
            if reserves {
                items.extend(among.item(dealings, place));
            }
        }
    }
    items.sort_by_key(|item| item.seq);
    items
}

impl<'a> Among<'a> {
    pub(super) fn new(
        context: &'a Context<'a>,
        of: &'a Gathered<'a>,
        force: &'a Force,
        over: &'a [When<'static>],
    ) -> Self {
        let mut objections: BTreeMap<u64, Vec<_>> = BTreeMap::new();
        for dealings in &of.dealings {
            for (place, done) in dealings.acts.iter().enumerate() {
                let target = done.act.target;
                if let Some(to) = target.filter(|_| done.act.kind == ActKind::Objection) {
                    objections.entry(to.0).or_default().push((dealings, place));
                }
            }
        }
        Self {
            context,
            of,
            force,
            over,
            objections,
        }
    }

    fn item(&self, dealings: &Dealings<'_>, place: usize) -> Option<ReservationItem> {
        let done = &dealings.acts[place];
        let own = self.asked(dealings, place);
        let stands = self.answers(&own, None, |pair| pair.reserved)?;
        let question = &self.context.question;
        Some(ReservationItem {
            seq: done.reading.seq,
            by: dealings.actor,
            kind: done.act.kind,
            on: question.dated(&done.act.on),
            article: done.act.article.clone(),
            text: done.act.text.clone(),
            certainty: stands,
            answers: self.answers_to(&own, done.reading.seq),
            rests_on: done.reading.rests_on(),
        })
    }

    fn asked<'b>(&self, dealings: &'b Dealings<'b>, place: usize) -> Asked<'b> {
        let instrument = self.of.instrument;
        let mut steps = dealings.steps(self.context, instrument, self.force, self.over);
        let done = &dealings.acts[place];
        let from = done.when_effective().unwrap_or_else(|| done.when());
        steps.push((Step::Stands(place), from, None));
        steps.sort_by_key(|(step, ..)| *step);
        Asked {
            dealings,
            place,
            steps,
        }
    }

    /// Returns all that others said to a reservation, in order of position.
    fn answers_to(&self, own: &Asked<'_>, seq: u64) -> Vec<ReservationAnswer> {
        let objections = self.objections.get(&seq).into_iter().flatten();
        let of_others = objections.filter(|(other, _)| other.actor != own.dealings.actor);
        let mut answers: Vec<ReservationAnswer> = of_others
            .filter_map(|(dealings, place)| self.objection(own, dealings, *place))
            .collect();
        let of_this = |(_, act): &&(&Reading, &Act)| act.target.is_some_and(|of| of.0 == seq);
        let acceptances = self.of.acceptances.iter().filter(of_this);
        answers.extend(acceptances.filter_map(|(reading, act)| self.acceptance(own, reading, act)));
        answers.sort_by_key(|answer: &ReservationAnswer| answer.seq);
        answers
    }

    fn objection(
        &self,
        own: &Asked<'_>,
        dealings: &Dealings<'_>,
        place: usize,
    ) -> Option<ReservationAnswer> {
        let (done, other) = (&dealings.acts[place], self.asked(dealings, place));
        let certainty = self.answers(own, Some(&other), |pair| pair.answered)?;
        let precludes = done.act.precludes_entry_into_force == Some(true);
        let between = self.between(own, &other, |pair| match pair {
            Pair { parties: false, .. } => Between::NotBothParties,
            Pair {
                reserved: false, ..
            } => Between::InFull,
            Pair {
                answered: false, ..
            } => Between::AsModified,
            _ if precludes => Between::NotInForce,
            _ => Between::ExceptReserved,
        });
        let answer = self.answer(dealings.actor, done.reading, done.act, certainty);
        Some(ReservationAnswer { between, ..answer })
    }

    /// An acceptance changes nothing between the two: whoever does not object
    /// is held to have accepted.
    fn acceptance(
        &self,
        own: &Asked<'_>,
        reading: &Reading,
        act: &Act,
    ) -> Option<ReservationAnswer> {
        let by = self.context.actor(act.by.0);
        let on = self.context.when(reading.seq, Field::On, &act.on);
        let certainty = has_happened(self.context, &on)?;
        let answer = self.answer(by, reading, act, certainty);
        let dealings = self
            .of
            .dealings
            .iter()
            .find(|dealings| dealings.actor == by);
        let Some(dealings) = dealings.filter(|_| by != own.dealings.actor) else {
            return Some(answer);
        };
        let instrument = self.of.instrument;
        let other = Asked {
            dealings,
            place: usize::MAX,
            steps: dealings.steps(self.context, instrument, self.force, self.over),
        };
        let between = self.between(own, &other, |pair| match pair {
            Pair { parties: false, .. } => Between::NotBothParties,
            Pair {
                reserved: false, ..
            } => Between::InFull,
            Pair { .. } => Between::AsModified,
        });
        Some(ReservationAnswer { between, ..answer })
    }

    fn answer(
        &self,
        by: u64,
        reading: &Reading,
        act: &Act,
        certainty: Certainty,
    ) -> ReservationAnswer {
        ReservationAnswer {
            seq: reading.seq,
            by,
            kind: act.kind,
            on: self.context.question.dated(&act.on),
            precludes: act.precludes_entry_into_force == Some(true),
            treats_as: act.treats_as.clone(),
            text: act.text.clone(),
            certainty,
            between: vec![(Between::NotBothParties, Certainty::Certain)],
            rests_on: reading.rests_on(),
        }
    }

    fn answers(
        &self,
        own: &Asked<'_>,
        other: Option<&Asked<'_>>,
        holds: impl Fn(&Pair) -> bool,
    ) -> Option<Certainty> {
        self.pairs(own, other).certainty(holds)
    }

    fn between(
        &self,
        own: &Asked<'_>,
        other: &Asked<'_>,
        between: impl Fn(&Pair) -> Between,
    ) -> Vec<(Between, Certainty)> {
        let pairs = self.pairs(own, Some(other));
        let mut found: Vec<Between> = pairs.values().into_iter().map(&between).collect();
        found.sort();
        found.dedup();
        let certainty = |so| Some((so, pairs.certainty(|pair| between(pair) == so)?));
        found.into_iter().filter_map(certainty).collect()
    }

    /// Folds what both did, in all possible worlds.
    fn pairs(&self, own: &Asked<'_>, other: Option<&Asked<'_>>) -> Answers<Pair> {
        let steps = own
            .steps
            .iter()
            .chain(other.iter().flat_map(|other| &other.steps));
        let whens: Vec<When<'_>> = steps.map(|(_, when, _)| when.clone()).collect();
        let first_of_other = own.steps.len();
        Answers::of(self.context, &whens, &|order: &[usize]| {
            let (ours, theirs): (Vec<usize>, Vec<usize>) =
                order.iter().partition(|index| **index < first_of_other);
            let theirs: Vec<usize> = theirs.iter().map(|index| index - first_of_other).collect();
            let (reserved, one) = own.after(&ours);
            let (answered, another) = other.map_or((false, false), |other| other.after(&theirs));
            Pair {
                reserved,
                answered,
                parties: one && another,
            }
        })
    }
}

impl Asked<'_> {
    /// Returns whether the act stands after these steps, and whether its actor is a party.
    fn after(&self, order: &[usize]) -> (bool, bool) {
        let fold = self.dealings.after(&self.steps, order);
        let stands = self.place < self.dealings.acts.len() && fold.stands(self.place);
        (stands, fold.moment(&self.dealings.acts).party)
    }
}
