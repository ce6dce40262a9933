//! Three answers: what is certain, possible or excluded when days are windows.
//!
//! A possible world picks one day in each happening's window. What holds in
//! every world is certain, in some possible, in none excluded (the certain and
//! possible answers of indeterminate temporal databases). For one happening, or
//! for a span with a beginning and an end, plain comparisons decide. Where the
//! record also says what came before what, a [`Network`] narrows the windows and
//! decides what is possible together. What a register makes of a history is told
//! by a fold: [`outcomes`] finds every value that it can take where nothing binds
//! its happenings to each other, [`Orders`] where links do.

use crate::day::Day;
use crate::window::Window;

mod conflict;
mod network;
mod orders;
mod outcomes;
mod raise;
mod step;

pub use network::{Condition, Conflict, Link, Network, Part, Side, Spent, Var, World};
pub use orders::{Orders, Placed};
pub use outcomes::{Outcomes, outcomes};
pub use step::Step;

/// Whether something that is not excluded is certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// It holds in every possible world.
    Certain,
    /// It holds in some possible worlds and not in others.
    Possible,
    /// What it rests on leaves no possible world, so that there is no answer.
    Contradictory,
}

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// It holds in every possible world.
    Certain,
    /// It holds in some possible worlds and not in others.
    Possible,
    /// It holds in none.
    Excluded,
}

impl Answer {
    /// Returns how certain it is, or `None` if it is excluded.
    pub fn certainty(self) -> Option<Certainty> {
        match self {
            Self::Certain => Some(Certainty::Certain),
            Self::Possible => Some(Certainty::Possible),
            Self::Excluded => None,
        }
    }

    fn new(certain: bool, possible: bool) -> Self {
        match (certain, possible) {
            (true, _) => Self::Certain,
            (false, true) => Self::Possible,
            (false, false) => Self::Excluded,
        }
    }
}

/// Returns whether what happened within `window` has happened by the end of `day`.
pub fn happened_by(window: Window, day: Day) -> Answer {
    let certain = window.latest().is_some_and(|latest| latest <= day);
    Answer::new(certain, window.lo() <= day)
}

/// Returns whether what begun and ended within these windows holds on `day`.
///
/// It holds from the day on which it begins until the day before that on which
/// it has ended; `ended` is `None` if it has no end. A last day becomes such an
/// end by [`Window::day_after`]. Worlds in which it would end before it begins
/// are none, and leaving them out changes no answer while there is a world left.
pub fn holds_on(begun: Window, ended: Option<Window>, day: Day) -> Answer {
    holds_throughout(begun, ended, day, day)
}

/// Returns whether it holds, in the same world, on every day from `first` to `last`.
pub fn holds_throughout(begun: Window, ended: Option<Window>, first: Day, last: Day) -> Answer {
    let certain = begun.latest().is_some_and(|latest| latest <= first)
        && ended.is_none_or(|ended| last < ended.lo());
    let possible = begun.lo() <= first && ended.is_none_or(|ended| ends_after(ended, last));
    Answer::new(certain, possible)
}

/// Returns whether it holds on some day from `first` to `last`.
pub fn holds_within(begun: Window, ended: Option<Window>, first: Day, last: Day) -> Answer {
    let begun_by_then = begun.latest().is_some_and(|latest| latest <= last);
    let not_ended = ended.is_none_or(|ended| first < ended.lo() && begun.hi() < ended.lo());
    let possible = begun.lo() <= last
        && ended.is_none_or(|ended| ends_after(ended, first) && ends_after(ended, begun.lo()));
    Answer::new(begun_by_then && not_ended, possible)
}

fn ends_after(ended: Window, day: Day) -> bool {
    ended.latest().is_none_or(|latest| day < latest)
}

#[cfg(test)]
mod tests;
