//! From when one party is bound, world by world of its own deposit.
//!
//! Whose own day of deposit is uncertain may have completed what the rule asks
//! for, so the treaty's day and its own hang together. Let the others meet the
//! rule without it on a day c₂, and with it, had it always stood, on c₁. Then a
//! deposit on day x has the rule met on min(c₂, max(c₁, x)), and neither c₁ nor
//! c₂ depends on x.

use crate::day::Day;
use crate::window::Window;
use crate::worlds::Step;

use super::{After, Bound, Each, Terms, day_after, end, falls_due, window};

/// When a rule is met, as far as that is left to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Others {
    /// With the one consent that is asked about, had it always stood.
    pub with: Window,
    /// Without it.
    pub without: Window,
}

impl Others {
    /// Returns when the rule is met if the consent is given on this day.
    pub fn completion(&self, on: Day) -> Window {
        window(
            self.without.lo().min(self.with.lo().max(on)),
            self.without.hi().min(self.with.hi().max(on)),
        )
    }
}

/// What the treaty's own day is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Governing {
    /// Its rule: the day hangs together with each deposit that may complete it.
    Rule(Terms),
    /// The record, which governs whatever the rule says.
    Recorded(Window),
}

impl Governing {
    fn day(&self, completion: Day, bound: Bound) -> Day {
        match self {
            Self::Rule(terms) => terms.day_of_force(completion, bound),
            // Of the days that it may have been, one once the condition was met.
            Self::Recorded(window) if bound == Bound::Lower => window.lo().max(completion),
            Self::Recorded(window) => end(*window, bound),
        }
    }

    /// Returns when the condition was met, as far as that agrees with the
    /// treaty's own day: what is in force by the record had been met by then.
    pub fn met(&self, completion: Window) -> Window {
        match self {
            Self::Rule(_) => completion,
            Self::Recorded(in_force) => completion.earlier(*in_force),
        }
    }
}

/// Returns the days on which a treaty can enter into force for one that
/// consents on this day, whatever the others do; the first and the last of them
/// are days on which it does in some world.
pub fn party_given(governing: Governing, each: &Each, others: &Others, on: Day) -> Window {
    let met = governing.met(others.completion(on));
    let own = falls_due(on, each.delay, each.rounding);
    let first = |day| governing.day(day, Bound::Lower);
    let last = |day| governing.day(day, Bound::Upper);
    let (with_the_treaty, by_its_own) = match each.after {
        After::Completion => (
            (on <= met.hi()).then(|| (first(met.lo().max(on)), last(met.hi()))),
            (met.lo() < on).then(|| {
                let latest = met.hi().min(on.plus_days(-1));
                (own.max(first(met.lo())), own.max(last(latest)))
            }),
        ),
        After::EntryIntoForce => (
            (on < last(met.hi())).then(|| {
                // The treaty's own day is a later one in some worlds only.
                let force = std::rc::Rc::new(move |day| governing.day(day, Bound::Lower));
                let late_enough = Step::Given(force).first_reaching(day_after(on));
                let earliest = first(met.lo().max(late_enough)).max(day_after(on));
                (earliest.min(last(met.hi())), last(met.hi()))
            }),
            (first(met.lo()) <= on).then(|| {
                let latest = last(met.hi()).min(on);
                (own.max(first(met.lo())), own.max(latest))
            }),
        ),
    };
    let both = with_the_treaty.into_iter().chain(by_its_own);
    let hull = both
        .map(|(first, last)| window(first, last))
        .reduce(Window::hull);
    hull.unwrap_or(Window::UNKNOWN)
}
