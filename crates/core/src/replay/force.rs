//! The day on which an instrument enters into force: recorded, derived by its
//! rule, or both; and the day for each that consents.
//!
//! What follows from the rule is found in [`super::derive`], the arithmetic is
//! [`crate::rule`]'s. Where a rule decides nothing, the instrument may have
//! entered into force on any day since the first consent, and nobody is told
//! that it has not.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::day::Day;
use crate::record::{ActKind, EntryIntoForce, Occurrence, OccurrenceKind, RoundingWord, Span};
use crate::record::{AfterWord, Instrument};
use crate::rule::{After, Delay, Each, Governing, Others, Rounding, Terms};
use crate::rule::{party_from, party_given};
use crate::window::Window;
use crate::worlds::{Certainty, Step};

use super::context::Context;
use super::derive::{Eligibility, Underived, derive};
use super::happening::{Field, on};
use super::question::Dated;
use super::readings::Reading;
use super::standing::Done;
use super::when::When;

/// What is known of an instrument's day of entry into force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForceItem {
    /// The day that follows from the rule, if one does.
    pub derived: Option<DerivedForce>,
    /// Why none follows from the rule, if none does.
    pub reason: Option<String>,
    /// The days on which it may have entered into force, if it ever did, where
    /// the rule cannot be applied: every one from the first consent on.
    pub undecided: Option<Window>,
    /// The day that was recorded, if one was. It governs.
    pub recorded: Option<RecordedForce>,
    /// The day from which it was applied provisionally, if one was recorded.
    pub provisional: Option<RecordedForce>,
}

impl ForceItem {
    /// Returns the day that governs: the one recorded, else the one derived,
    /// else all days on which it may have been.
    pub fn window(&self) -> Option<Window> {
        let derived = self.derived.as_ref().map(|derived| derived.window);
        let recorded = self.recorded.as_ref();
        let recorded = recorded.map(|recorded| recorded.window);
        recorded.or(derived).or(self.undecided)
    }

    /// Returns when the day that governs was.
    pub(super) fn when(&self) -> Option<When<'static>> {
        let window = self.window()?;
        let recorded = self.recorded.as_ref();
        Some(match recorded.map(|recorded| recorded.seqs.as_slice()) {
            Some(&[seq]) => When::on(on(seq), window),
            _ => When::within(window),
        })
    }

    /// Returns how certain it is that the recorded day is another than the one
    /// derived; `None` if there are not both, or they are one and the same day.
    pub fn differs(&self) -> Option<Certainty> {
        let recorded = self.recorded.as_ref()?.window;
        let derived = self.derived.as_ref()?.window;
        if recorded.intersect(derived).is_none() {
            return Some(Certainty::Certain);
        }
        let same = recorded.is_precise() && recorded == derived;
        (!same).then_some(Certainty::Possible)
    }
}

/// A day of entry into force that follows from a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DerivedForce {
    /// The day.
    pub window: Window,
    /// The day on which the rule's condition was met.
    pub completion: Window,
    /// Every counted deposit of the completing day.
    pub completed_by: Vec<Deposit>,
}

/// A deposit: who made it, and the act's position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deposit {
    /// Who consented.
    pub actor: u64,
    /// The position of the act.
    pub seq: u64,
}

/// A day of entry into force as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedForce {
    /// The day; where several were recorded, all days between them.
    pub on: Dated,
    /// The days that are left of it once the links between happenings are kept.
    pub window: Window,
    /// The positions of the occurrences.
    pub seqs: Vec<u64>,
}

/// A consent as the rule looks at it.
pub(super) struct Given {
    pub(super) actor: u64,
    pub(super) seq: u64,
    pub(super) kind: ActKind,
    pub(super) succeeds: Option<u64>,
    pub(super) on: Window,
    pub(super) effective: Option<Window>,
    /// The first day on which it no longer stands.
    pub(super) until: Option<Window>,
}

/// When an instrument enters into force, for itself and for each.
pub(super) struct Force {
    pub(super) item: ForceItem,
    /// When the instrument began to be applied provisionally, as recorded.
    pub(super) provisional: Vec<When<'static>>,
    /// The rule's terms, and when it is met without each uncertain deposit, if
    /// the day follows from it.
    by_rule: Option<(Terms, BTreeMap<u64, Others>)>,
    each: Each,
}

impl Force {
    pub(super) fn of(
        context: &Context<'_>,
        instrument: &Instrument,
        occurrences: &[(&Reading, &Occurrence)],
        given: &[Given],
        eligibility: &Eligibility,
    ) -> Self {
        let recorded = |kind| recorded(context, occurrences, kind);
        let rule = instrument.entry_into_force.as_ref();
        let mut item = ForceItem {
            recorded: recorded(OccurrenceKind::EntryIntoForce),
            provisional: recorded(OccurrenceKind::ProvisionalEntryIntoForce),
            ..ForceItem::default()
        };
        let mut by_rule = None;
        match rule.map(|rule| derive(context, rule, given, eligibility)) {
            Some(Ok(found)) => {
                item.derived = Some(found.day);
                by_rule = Some((found.terms, found.others));
            }
            Some(Err(Underived::TooFew(reason))) => item.reason = Some(reason),
            Some(Err(Underived::Undecided(reason, since))) => {
                item.reason = Some(reason);
                item.undecided = since.filter(|_| item.recorded.is_none());
            }
            None => item.reason = Some("no rule is recorded".to_owned()),
        }
        let each = rule.map_or_else(without_rule, each);
        let provisional = occurrences
            .iter()
            .filter(|(_, each)| each.kind == OccurrenceKind::ProvisionalEntryIntoForce)
            .map(|(reading, each)| context.when(reading.seq, Field::On, &each.on));
        Self {
            item,
            provisional: provisional.collect(),
            by_rule,
            each,
        }
    }

    /// Returns the instrument's own day, as [`ForceItem::window`] does.
    pub(super) fn window(&self) -> Option<Window> {
        self.item.window()
    }

    /// Returns when the instrument enters into force for an actor that consented
    /// so, if it enters into force at all.
    pub(super) fn party_from(&self, on: Window, effective: Option<Window>) -> Option<Window> {
        let in_force = self.window()?;
        if let Some(effective) = effective {
            return Some(in_force.later(effective));
        }
        if self.item.undecided.is_some() {
            let earliest = in_force.earliest().max(on.earliest());
            return Window::between(earliest, None);
        }
        Some(party_from(&self.each, on, self.completion(), in_force))
    }
}

impl Force {
    /// Returns when the instrument enters into force for an actor by this
    /// consent, if it enters into force at all.
    pub(super) fn party_when(
        &self,
        context: &Context<'_>,
        done: &Done<'_>,
    ) -> Option<When<'static>> {
        let own = self.item.when()?;
        let withheld = own
            .hangs_on
            .as_ref()
            .is_some_and(|on| context.links.contradiction(on.of).is_some());
        if withheld {
            return Some(own);
        }
        let in_force = self.window()?;
        if let Some(effective) = done.when_effective() {
            let later = |bound: Day| Step::Given(Rc::new(move |day: Day| day.max(bound)));
            return Some(effective.between(later(in_force.lo()), Some(later(in_force.hi()))));
        }
        let Some((governing, others)) = self.governed(done) else {
            return Some(When::within(self.party_from(done.on, None)?));
        };
        let each = self.each;
        let first = move |day| party_given(governing, &each, &others, day).lo();
        let last = move |day| party_given(governing, &each, &others, day).hi();
        let (first, last) = (Step::Given(Rc::new(first)), Step::Given(Rc::new(last)));
        Some(done.when().between(first, Some(last)))
    }

    /// Returns what the instrument's own day is taken from, and when its rule is
    /// met as far as that is left to others than this consent; nothing where the
    /// two days need not be told in one world.
    ///
    /// Beside a recorded day a precise deposit has nothing to choose, and one that
    /// is known only to have been made by some day is told by itself: that calls
    /// nothing certain that is not, and spares a search through all days.
    fn governed(&self, done: &Done<'_>) -> Option<(Governing, Others)> {
        let recorded = self.item.recorded.as_ref().map(|recorded| recorded.window);
        let governing = match (recorded, &self.by_rule) {
            (Some(recorded), _) if is_some_day_of_a_few(done.on) => Governing::Recorded(recorded),
            (Some(_), _) | (None, None) => return None,
            (None, Some((terms, _))) => Governing::Rule(*terms),
        };
        let known = self.by_rule.as_ref();
        let known = known.and_then(|(_, others)| others.get(&done.reading.seq).copied());
        let completion = self.completion();
        let apart = Others {
            with: completion,
            without: completion,
        };
        Some((governing, known.unwrap_or(apart)))
    }

    /// Returns when the rule's condition was met, which is by the recorded day
    /// if there is one.
    fn completion(&self) -> Window {
        let in_force = self.window();
        match (&self.item.derived, &self.item.recorded) {
            (Some(derived), None) => derived.completion,
            (Some(derived), Some(recorded)) => {
                Governing::Recorded(recorded.window).met(derived.completion)
            }
            // When the condition was met is not known, only that it was by then.
            (None, _) => in_force
                .and_then(Window::latest)
                .map_or(Window::UNKNOWN, Window::not_after),
        }
    }
}

fn recorded(
    context: &Context<'_>,
    occurrences: &[(&Reading, &Occurrence)],
    kind: OccurrenceKind,
) -> Option<RecordedForce> {
    let entries: Vec<_> = occurrences
        .iter()
        .filter(|(_, occurrence)| occurrence.kind == kind)
        .collect();
    let left = entries
        .iter()
        .map(|(reading, each)| context.window(reading.seq, Field::On, &each.on));
    let window = left.reduce(Window::hull)?;
    let on = match entries.as_slice() {
        [(_, only)] => context.question.dated(&only.on),
        several => {
            let written = several
                .iter()
                .map(|(_, each)| context.question.window(&each.on));
            written.reduce(Window::hull)?.into()
        }
    };
    Some(RecordedForce {
        on,
        window,
        seqs: entries.iter().map(|(reading, _)| reading.seq).collect(),
    })
}

fn each(rule: &EntryIntoForce) -> Each {
    let own = rule.each.as_ref();
    Each {
        after: match own.and_then(|each| each.after) {
            Some(AfterWord::EntryIntoForce) => After::EntryIntoForce,
            Some(AfterWord::Completion) | None => After::Completion,
        },
        delay: delay(
            own.and_then(|each| each.delay.as_ref())
                .or(rule.delay.as_ref()),
        ),
        rounding: own
            .and_then(|each| each.rounding)
            .or(rule.rounding)
            .map(rounding),
    }
}

/// Returns what holds for each where only the instrument's own day is recorded:
/// whoever consents later is bound from that day.
fn without_rule() -> Each {
    Each {
        after: After::EntryIntoForce,
        ..Each::default()
    }
}

pub(super) fn delay(span: Option<&Span>) -> Delay {
    let narrow = |length: u64| u32::try_from(length).unwrap_or(u32::MAX);
    match span.map(|span| (span.days, span.months)) {
        Some((_, Some(months))) => Delay::Months(narrow(months)),
        Some((Some(days), None)) => Delay::Days(narrow(days)),
        Some((None, None)) | None => Delay::default(),
    }
}

pub(super) fn rounding(word: RoundingWord) -> Rounding {
    match word {
        RoundingWord::FirstOfNextMonth => Rounding::FirstOfNextMonth,
        RoundingWord::FirstOfMonth => Rounding::FirstOfMonth,
    }
}

/// How many days a window may span for its days to be told one by one.
const FEW: i64 = 1_100;

fn is_some_day_of_a_few(window: Window) -> bool {
    match (window.earliest(), window.latest()) {
        (Some(first), Some(last)) => first < last && last.days() - first.days() <= FEW,
        _ => false,
    }
}
