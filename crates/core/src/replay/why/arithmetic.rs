//! The arithmetic of a rule, spelled out: from the day on which its conditions
//! were met to the day of entry into force.

use crate::record::{Act, ActKind, EntryIntoForce, RoundingWord, Span};
use crate::rule::{Rounding, falls_due};
use crate::window::Window;

use super::{OwnDay, Subject};
use crate::replay::context::Context;
use crate::replay::force::{DerivedForce, delay, rounding};
use crate::replay::happening::Field;
use crate::replay::instrument::InstrumentItem;
use crate::replay::standing::Standing;

/// What stands for all that is not spelled out.
const REST: &str = "by all that the rule and the record say";

/// A step of the arithmetic, and the days that it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub what: String,
    /// Where it leads.
    pub leads_to: Window,
}

/// Returns the steps from the completing day to the rule's day.
pub(super) fn steps(
    context: &Context<'_>,
    rule: &EntryIntoForce,
    derived: &DerivedForce,
) -> Vec<Step> {
    let mut at = derived.completion;
    let mut steps = vec![Step {
        what: "the conditions are met".to_owned(),
        leads_to: at,
    }];
    later(&mut steps, &mut at, rule.delay.as_ref(), rule.rounding);
    let mut push = |what: String, leads_to: Window| steps.push(Step { what, leads_to });
    if let Some(not_before) = &rule.not_before {
        let bound = context.question.window(not_before);
        let (first, last) = (at.lo().max(bound.lo()), at.hi().max(bound.hi()));
        at = Window::between(first, last).unwrap_or(at);
        push(format!("not before {}", not_before.told()), at);
    }
    if let Some(on_day) = &rule.on_day {
        at = derived.window;
        push(format!("on {}, if they are met by then", on_day.told()), at);
    }
    if at != derived.window {
        push(REST.to_owned(), derived.window);
    }
    steps
}

/// Returns how the day on which an actor became a party comes about, if that is
/// a later day than the instrument's own and one consent made it so.
pub(super) fn own(
    context: &Context<'_>,
    rule: &EntryIntoForce,
    item: &InstrumentItem,
    subject: Subject,
) -> Option<OwnDay> {
    let Subject::Standing { actor, .. } = subject else {
        return None;
    };
    let standings = item.standings_of(actor).iter();
    let mut party = standings.filter(|item| item.standing == Some(Standing::Party));
    let party = party.next()?;
    let since = party.since.window;
    if Some(since) == item.in_force() {
        return None;
    }
    let mut consents = party.acts.iter().filter(|act| act.kind.is_consent());
    let (consent, None) = (consents.next()?, consents.next()) else {
        return None;
    };
    let (_, act) = context.get::<Act>(consent.seq)?;
    let mut at = context.window(consent.seq, Field::On, &act.on);
    let each = rule.each.as_ref();
    let mut steps = vec![Step {
        what: format!("its own {}", act.kind.word()),
        leads_to: at,
    }];
    let span = each
        .and_then(|each| each.delay.as_ref())
        .or(rule.delay.as_ref());
    let word = each.and_then(|each| each.rounding).or(rule.rounding);
    later(&mut steps, &mut at, span, word);
    if at != since {
        steps.push(Step {
            what: REST.to_owned(),
            leads_to: since,
        });
    }
    Some(OwnDay {
        consent: consent.seq,
        steps,
    })
}

/// Returns the consents that the rule may have counted, in order of their days,
/// without those that are told already.
pub(super) fn counted(
    context: &Context<'_>,
    rule: &EntryIntoForce,
    derived: &DerivedForce,
    instrument: u64,
    told: &[u64],
) -> Vec<u64> {
    let excluded: Vec<u64> = rule
        .excluding
        .iter()
        .flatten()
        .map(|actor| context.actor(actor.0))
        .collect();
    let counts = |kind: ActKind| match &rule.counting {
        Some(kinds) => kinds.contains(&kind),
        None => kind.is_consent(),
    };
    let mut found: Vec<(Window, u64)> = context
        .counting::<Act>()
        .filter(|(reading, act)| act.instrument.0 == instrument && !told.contains(&reading.seq))
        .filter(|(_, act)| counts(act.kind) && !excluded.contains(&context.actor(act.by.0)))
        .map(|(reading, act)| (context.window(reading.seq, Field::On, &act.on), reading.seq))
        .filter(|(on, _)| on.lo() <= derived.completion.hi())
        .collect();
    found.sort_by_key(|(on, seq)| (on.lo(), on.hi(), *seq));
    found.into_iter().map(|(_, seq)| seq).collect()
}

/// Adds the delay and the rounding.
fn later(steps: &mut Vec<Step>, at: &mut Window, span: Option<&Span>, word: Option<RoundingWord>) {
    let mut push = |what: String, leads_to: Window| steps.push(Step { what, leads_to });
    if let Some(span) = span {
        *at = moved(*at, |day| falls_due(day, delay(Some(span)), None));
        push(format!("and {} more", length(span)), *at);
    }
    if let Some(word) = word {
        let to = rounding(word);
        *at = moved(*at, |day| match to {
            Rounding::FirstOfMonth => day.first_of_month(),
            Rounding::FirstOfNextMonth => day.first_of_next_month(),
        });
        let what = match word {
            RoundingWord::FirstOfMonth => "the first of that month",
            RoundingWord::FirstOfNextMonth => "the first of the next month",
        };
        push(what.to_owned(), *at);
    }
}

fn moved(window: Window, to: impl Fn(crate::day::Day) -> crate::day::Day) -> Window {
    let (first, last) = (window.earliest(), window.latest());
    Window::between(first.map(&to), last.map(&to)).unwrap_or(window)
}

/// Returns "60 days" or "1 month".
fn length(span: &Span) -> String {
    let counted = |count: u64, one: &str| {
        let several = if count == 1 { "" } else { "s" };
        format!("{count} {one}{several}")
    };
    match (span.days, span.months) {
        (_, Some(months)) => counted(months, "month"),
        (days, None) => counted(days.unwrap_or(0), "day"),
    }
}
