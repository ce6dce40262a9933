//! The arithmetic of entry into force: from days of consent to the treaty's own
//! day, and to each party's.
//!
//! Everything here is plain numbers: which acts are consents, whose count, and
//! what a treaty's words amount to is decided by the caller. Where a day is
//! known only as a window, the result is the window of all days that the rule
//! can give: consents at their earliest and withdrawals at their latest make
//! its first day, and the other way about its last. [`Day::MIN`] and
//! [`Day::MAX`] stand for no bound.

use crate::day::Day;
use crate::window::Window;

mod condition;
mod exact;
mod party;

pub use condition::{Asked, By, Condition, Group, Tally};
pub use exact::PerCent;
pub use party::{Governing, Others, party_given};

/// How long after the deciding day something takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delay {
    /// This many days after.
    Days(u32),
    /// On the same day of the month, this many months after; a month end that
    /// does not exist is clamped.
    Months(u32),
}

/// To which day a day is moved once the delay has been added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// The first of the next month, strictly after.
    FirstOfNextMonth,
    /// The first of the same month: a rounding down.
    FirstOfMonth,
}

/// A consent to be bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Consent {
    /// When it was given.
    pub on: Window,
    /// The first day on which it no longer stands, if it was withdrawn.
    pub until: Option<Window>,
}

/// Which of the days that windows allow is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bound {
    /// The earliest.
    Lower,
    /// The latest.
    Upper,
}

/// What a treaty says of its entry into force, apart from whose consent counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Terms {
    /// How many consents it takes.
    pub needed: u64,
    /// How long after the last of them.
    pub delay: Delay,
    /// To which day that is then moved.
    pub rounding: Option<Rounding>,
    /// A day before which it is not in force in any case.
    pub not_before: Option<Window>,
    /// The day on which it enters into force if the consents are there by then.
    pub on_day: Option<Day>,
}

/// A day of entry into force that follows from consents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The day on which the condition was met; before all days if it always was.
    pub completion: Window,
    /// The day of entry into force.
    pub window: Window,
    /// The consents of the completing day, by their place in the list given;
    /// where that day is not certain, those of its earliest and of its latest.
    pub completed_by: Vec<usize>,
}

/// Against which day a later consent is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum After {
    /// A consent after the condition was met takes its own delay.
    #[default]
    Completion,
    /// A consent on or after the treaty's own day takes its own delay.
    EntryIntoForce,
}

/// What a treaty says of those who consent later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Each {
    /// Who is later.
    pub after: After,
    /// How long after its own consent it becomes a party.
    pub delay: Delay,
    /// To which day that is then moved.
    pub rounding: Option<Rounding>,
}

impl Default for Delay {
    /// Returns no delay at all.
    fn default() -> Self {
        Self::Days(0)
    }
}

impl Terms {
    /// Returns the terms for each later party where the treaty has none of its own.
    pub fn each(&self) -> Each {
        Each {
            after: After::Completion,
            delay: self.delay,
            rounding: self.rounding,
        }
    }

    fn day_of_force(&self, completion: Day, bound: Bound) -> Day {
        let due = falls_due(completion, self.delay, self.rounding);
        let due = match self.on_day {
            Some(fixed) if completion <= fixed => fixed,
            Some(fixed) => due.max(fixed),
            None => due,
        };
        due.max(
            self.not_before
                .map_or(Day::MIN, |window| end(window, bound)),
        )
    }
}

/// Returns the day that `delay` and `rounding` make of `day`.
pub fn falls_due(day: Day, delay: Delay, rounding: Option<Rounding>) -> Day {
    if day == Day::MIN || day == Day::MAX {
        return day;
    }
    let due = match delay {
        Delay::Days(days) => day.plus_days(i64::from(days)),
        Delay::Months(months) => day.plus_months(i64::from(months)),
    };
    match rounding {
        None => due,
        Some(Rounding::FirstOfMonth) => due.first_of_month(),
        Some(Rounding::FirstOfNextMonth) => due.first_of_next_month(),
    }
}

/// Returns the first day on which at least `needed` consents stand, and the
/// consents of that day; `None` if there is no such day.
///
/// Where nothing is needed that day is [`Day::MIN`].
pub fn completion(consents: &[Consent], needed: u64, bound: Bound) -> Option<(Day, Vec<usize>)> {
    completion_when(consents, bound, &|standing| {
        standing.iter().filter(|stands| **stands).count() as u64 >= needed
    })
}

/// Returns the first day on which the consents that stand are enough, and the
/// consents of that day.
///
/// `met` is told of each consent whether it stands. It must not be unmet by one
/// more consent, or the bounds are none.
pub fn completion_when(
    consents: &[Consent],
    bound: Bound,
    met: &dyn Fn(&[bool]) -> bool,
) -> Option<(Day, Vec<usize>)> {
    let mut standing = vec![false; consents.len()];
    if met(&standing) {
        return Some((Day::MIN, Vec::new()));
    }
    let changes = changes(consents, bound);
    for of_day in changes.chunk_by(|one, next| one.day == next.day) {
        for change in of_day {
            standing[change.consent] = change.given;
        }
        if met(&standing) {
            let given = of_day.iter().filter(|change| change.given);
            return Some((of_day[0].day, given.map(|change| change.consent).collect()));
        }
    }
    None
}

/// Returns when the treaty enters into force by its terms, if the consents may suffice.
///
/// A treaty that needs no consent enters into force on the first day that its
/// terms allow, and without such a day nothing follows from them.
pub fn entry_into_force(terms: &Terms, consents: &[Consent]) -> Option<Derived> {
    entry_into_force_when(terms, consents, &|standing| {
        standing.iter().filter(|stands| **stands).count() as u64 >= terms.needed
    })
}

/// Returns when the treaty enters into force if `met` says when the consents
/// suffice; the number in the terms is not looked at.
pub fn entry_into_force_when(
    terms: &Terms,
    consents: &[Consent],
    met: &dyn Fn(&[bool]) -> bool,
) -> Option<Derived> {
    let (first, mut completed_by) = completion_when(consents, Bound::Lower, met)?;
    if first == Day::MIN && completed_by.is_empty() {
        terms.on_day.map(Window::on).or(terms.not_before)?;
    }
    let (last, completing_last) =
        completion_when(consents, Bound::Upper, met).unwrap_or((Day::MAX, Vec::new()));
    completed_by.extend(completing_last);
    completed_by.sort_unstable();
    completed_by.dedup();
    Some(Derived {
        completion: window(first, last),
        window: window(
            terms.day_of_force(first, Bound::Lower),
            terms.day_of_force(last, Bound::Upper),
        ),
        completed_by,
    })
}

/// Returns when whoever consented becomes a party to a treaty whose condition
/// was met in `completion` and which entered into force in `in_force`.
pub fn party_from(each: &Each, consent_on: Window, completion: Window, in_force: Window) -> Window {
    let own = |day| falls_due(day, each.delay, each.rounding);
    let consent = consent_on;
    let (with_the_treaty, later_than) = match each.after {
        After::Completion => (
            (consent.lo() <= completion.hi()).then_some((in_force.lo(), in_force.hi())),
            day_after(completion.lo()),
        ),
        After::EntryIntoForce => (
            (consent.lo() < in_force.hi())
                .then(|| (in_force.lo().max(day_after(consent.lo())), in_force.hi())),
            in_force.lo(),
        ),
    };
    let by_its_own_delay = (consent.hi() >= later_than).then(|| {
        let first = own(consent.lo().max(later_than)).max(in_force.lo());
        (first, own(consent.hi()).max(in_force.hi()))
    });
    [with_the_treaty, by_its_own_delay]
        .into_iter()
        .flatten()
        .map(|(first, last)| window(first, last))
        .reduce(Window::hull)
        .unwrap_or(in_force)
}

/// A day on which a consent comes to stand or falls.
struct Change {
    day: Day,
    given: bool,
    consent: usize,
}

/// Returns the changes in order of their days, leaving out what has no day at this bound.
fn changes(consents: &[Consent], bound: Bound) -> Vec<Change> {
    let opposite = match bound {
        Bound::Lower => Bound::Upper,
        Bound::Upper => Bound::Lower,
    };
    let mut changes = Vec::with_capacity(consents.len());
    for (consent, terms) in consents.iter().enumerate() {
        let given = end(terms.on, bound);
        let until = terms.until.map_or(Day::MAX, |until| end(until, opposite));
        // Never given as far as this bound goes, or gone before it stood.
        if given == Day::MAX || until <= given {
            continue;
        }
        changes.push(Change {
            day: given,
            given: true,
            consent,
        });
        if until != Day::MAX {
            changes.push(Change {
                day: until,
                given: false,
                consent,
            });
        }
    }
    changes.sort_by_key(|change| (change.day, change.consent));
    changes
}

fn end(window: Window, bound: Bound) -> Day {
    match bound {
        Bound::Lower => window.lo(),
        Bound::Upper => window.hi(),
    }
}

/// Returns the next day; what has no bound has none a day later.
fn day_after(day: Day) -> Day {
    if day == Day::MIN {
        day
    } else {
        day.plus_days(1)
    }
}

/// Returns the window between two days of which the extremes are no bounds.
fn window(first: Day, last: Day) -> Window {
    if last == Day::MIN {
        return Window::BEFORE_ALL;
    }
    let first = Some(first).filter(|day| *day != Day::MIN);
    let last = Some(last).filter(|day| *day != Day::MAX);
    Window::between(first, last).unwrap_or(Window::UNKNOWN)
}

#[cfg(test)]
mod tests;
