//! The day on which an instrument enters into force: recorded, derived by its
//! rule, or both; and the day for each that consents.
//!
//! The arithmetic is [`crate::rule`]'s. Here it is decided whose consent counts:
//! an actor once, a succession unless the one succeeded counts already, all
//! acts known at the cut. A rule with fields that are not applied yet derives
//! nothing, and says which: the instrument may then have entered into force on
//! any day since the first consent, and nobody is told that it has not.

use std::cell::Cell;
use std::collections::BTreeSet;

use crate::day::Day;
use crate::record::{ActKind, EntryIntoForce, Occurrence, OccurrenceKind, RoundingWord, Span};
use crate::record::{AfterWord, Instrument};
use crate::rule::{
    After, Consent, Delay, Each, Rounding, Terms, entry_into_force_when, party_from,
};
use crate::window::Window;

use super::context::Context;
use super::question::Dated;
use super::readings::Reading;

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
}

impl ForceItem {
    /// Returns the day that governs: the one recorded, else the one derived,
    /// else all days on which it may have been.
    pub fn window(&self) -> Option<Window> {
        let derived = self.derived.as_ref().map(|derived| derived.window);
        let recorded = self.recorded.as_ref();
        let recorded = recorded.map(|recorded| recorded.on.window);
        recorded.or(derived).or(self.undecided)
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
    /// The first day on which it no longer stands.
    pub(super) until: Option<Window>,
}

/// When an instrument enters into force, for itself and for each.
pub(super) struct Force {
    pub(super) item: ForceItem,
    each: Each,
}

impl Force {
    pub(super) fn of(
        context: &Context<'_>,
        instrument: &Instrument,
        occurrences: &[(&Reading, &Occurrence)],
        given: &[Given],
    ) -> Self {
        let recorded = recorded(context, occurrences);
        let rule = instrument.entry_into_force.as_ref();
        let mut item = ForceItem {
            recorded,
            ..ForceItem::default()
        };
        match rule.map(|rule| derive(context, rule, given)) {
            Some(Ok(derived)) => item.derived = Some(derived),
            Some(Err(Underived::TooFew(reason))) => item.reason = Some(reason),
            Some(Err(Underived::NotApplied(reason, since))) => {
                item.reason = Some(reason);
                item.undecided = since.filter(|_| item.recorded.is_none());
            }
            None => item.reason = Some("no rule is recorded".to_owned()),
        }
        let each = rule.map_or_else(without_rule, each);
        Self { item, each }
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
            let earliest = in_force.earliest().max(effective.earliest());
            let latest = in_force.latest().zip(effective.latest());
            return Window::between(earliest, latest.map(|(one, other)| one.max(other)));
        }
        if self.item.undecided.is_some() {
            let earliest = in_force.earliest().max(on.earliest());
            return Window::between(earliest, None);
        }
        let completion = match &self.item.derived {
            Some(derived) => derived.completion,
            // When the condition was met is not known, only that it was by then.
            None => in_force.latest().map_or(Window::UNKNOWN, Window::not_after),
        };
        Some(party_from(&self.each, on, completion, in_force))
    }
}

fn recorded(
    context: &Context<'_>,
    occurrences: &[(&Reading, &Occurrence)],
) -> Option<RecordedForce> {
    let entries: Vec<_> = occurrences
        .iter()
        .filter(|(_, occurrence)| occurrence.kind == OccurrenceKind::EntryIntoForce)
        .collect();
    let on = match entries.as_slice() {
        [] => return None,
        [(_, only)] => context.question.dated(&only.on),
        several => {
            let windows = several
                .iter()
                .map(|(_, each)| context.question.window(&each.on));
            windows.reduce(Window::hull)?.into()
        }
    };
    Some(RecordedForce {
        on,
        seqs: entries.iter().map(|(reading, _)| reading.seq).collect(),
    })
}

/// Why no day follows from a rule.
enum Underived {
    /// The consents do not suffice.
    TooFew(String),
    /// What the rule asks for cannot be told, so that it may have been met on
    /// any of these days; there is none before the first consent.
    NotApplied(String, Option<Window>),
}

fn derive(
    context: &Context<'_>,
    rule: &EntryIntoForce,
    given: &[Given],
) -> Result<DerivedForce, Underived> {
    let counted = counted(context, rule, given);
    let not_applied_because = |reason| {
        let first = counted.iter().map(|(consent, _)| consent.on.lo()).min();
        let since = first.map(|first| Some(first).filter(|day| *day != Day::MIN));
        let since = since.and_then(|first| Window::between(first, None));
        Underived::NotApplied(reason, since)
    };
    if let Some(field) = not_applied(rule) {
        let reason = format!("the rule's `{field}` cannot be applied yet");
        return Err(not_applied_because(reason));
    }
    let consents: Vec<Consent> = counted.iter().map(|(consent, _)| *consent).collect();
    let terms = Terms {
        needed: rule.consents.unwrap_or(0),
        delay: delay(rule.delay.as_ref()),
        rounding: rule.rounding.map(rounding),
        not_before: rule
            .not_before
            .as_ref()
            .map(|date| context.question.window(date)),
        on_day: None,
    };
    let once = actors(counted.iter().map(|(_, deposit)| deposit)) == counted.len() as u64;
    let most = Cell::new(0);
    let derived = entry_into_force_when(&terms, &consents, &|standing| {
        let stand = counted.iter().zip(standing).filter(|(_, stands)| **stands);
        let together = if once {
            stand.count() as u64
        } else {
            // Some actor consented more than once, and counts once.
            actors(stand.map(|((_, deposit), _)| deposit))
        };
        most.set(together.max(most.get()));
        together >= terms.needed
    });
    match derived {
        Some(derived) => Ok(DerivedForce {
            window: derived.window,
            completion: derived.completion,
            completed_by: derived
                .completed_by
                .into_iter()
                .filter_map(|index| counted.get(index).map(|(_, deposit)| *deposit))
                .collect(),
        }),
        None if rule.consents.is_none() => Err(not_applied_because(
            "the rule names no number of consents".to_owned(),
        )),
        None if terms.needed == 0 => Err(not_applied_because(
            "the rule needs no consent and names no day".to_owned(),
        )),
        None => Err(Underived::TooFew(format!(
            "{} of {} consents",
            most.get(),
            terms.needed
        ))),
    }
}

/// Returns the first field of the rule that is stored but not applied.
fn not_applied(rule: &EntryIntoForce) -> Option<&'static str> {
    let fields = [
        ("eligible", rule.eligible.is_some()),
        ("requires", rule.requires.is_some()),
        ("shares", rule.shares.is_some()),
        ("at_least", rule.at_least.is_some()),
        ("groups", rule.groups.is_some()),
        ("on_day", rule.on_day.is_some()),
    ];
    fields
        .into_iter()
        .find(|(_, given)| *given)
        .map(|(field, _)| field)
}

/// Returns the consents that count, ordered by actor and day.
fn counted(
    context: &Context<'_>,
    rule: &EntryIntoForce,
    given: &[Given],
) -> Vec<(Consent, Deposit)> {
    let excluded = rule
        .excluding
        .iter()
        .flatten()
        .map(|actor| context.actor(actor.0));
    let excluded: BTreeSet<u64> = excluded.collect();
    let eligible = |consent: &&Given| {
        let counts = match &rule.counting {
            Some(kinds) => kinds.contains(&consent.kind),
            None => consent.kind.is_consent(),
        };
        counts && !excluded.contains(&consent.actor)
    };
    let mut eligible: Vec<&Given> = given.iter().filter(eligible).collect();
    eligible.sort_by_key(|consent| (consent.actor, consent.on.lo(), consent.seq));
    let succeeding =
        |consent: &Given| consent.kind == ActKind::Succession && consent.succeeds.is_some();
    let mut actors: BTreeSet<u64> = eligible
        .iter()
        .filter(|consent| !succeeding(consent))
        .map(|consent| consent.actor)
        .collect();
    let mut by_day = eligible.clone();
    by_day.sort_by_key(|consent| (consent.on.lo(), consent.seq));
    let mut repeated = BTreeSet::new();
    for consent in by_day.into_iter().filter(|consent| succeeding(consent)) {
        if consent
            .succeeds
            .is_some_and(|succeeds| actors.contains(&succeeds))
        {
            repeated.insert(consent.seq);
        } else {
            actors.insert(consent.actor);
        }
    }
    eligible.retain(|consent| !repeated.contains(&consent.seq));
    without_repeated(&eligible)
}

/// Returns the consents without those that add nothing to an earlier one of the
/// same actor; they come ordered by actor and day.
fn without_repeated(consents: &[&Given]) -> Vec<(Consent, Deposit)> {
    let mut counted: Vec<(Consent, Deposit)> = Vec::with_capacity(consents.len());
    for consent in consents {
        let (on, until) = (consent.on, consent.until);
        let repeats = |(last, deposit): &(Consent, Deposit)| {
            let lasts = last.until.is_none() || last.until == until;
            deposit.actor == consent.actor && last.on.hi() <= on.lo() && lasts
        };
        if !counted.last().is_some_and(repeats) {
            let (actor, seq) = (consent.actor, consent.seq);
            counted.push((Consent { on, until }, Deposit { actor, seq }));
        }
    }
    counted
}

/// Returns how many actors there are behind the deposits, which are ordered by actor.
fn actors<'a>(deposits: impl Iterator<Item = &'a Deposit>) -> u64 {
    let (mut count, mut last) = (0, None);
    for deposit in deposits {
        count += u64::from(last != Some(deposit.actor));
        last = Some(deposit.actor);
    }
    count
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

fn rounding(word: RoundingWord) -> Rounding {
    match word {
        RoundingWord::FirstOfNextMonth => Rounding::FirstOfNextMonth,
        RoundingWord::FirstOfMonth => Rounding::FirstOfMonth,
    }
}
