//! Notices: when a withdrawal takes effect, and which consents it ends.
//!
//! What becomes of a standing when it does is told in [`super::steps`].

use crate::day::Day;
use crate::record::{Instrument, NotBefore};
use crate::rule::falls_due;
use crate::window::Window;
use crate::worlds::Step;

use super::force::delay;
use super::standing::Done;
use super::when::When;

/// Returns when the instrument first lets notice be given, if it says.
pub(super) fn not_before(instrument: &Instrument) -> Option<&NotBefore> {
    instrument.withdrawal.as_ref()?.not_before.as_ref()
}

/// Returns when a notice takes effect: on the day recorded, else after the
/// instrument's time of notice, else at some unknown time after it was given.
///
/// A notice that was, or may have been, given before the first day allowed is
/// not the instrument's: it may take effect at any time once both its own time
/// and that day are past, or never.
pub(super) fn end_of_notice(
    done: &Done<'_>,
    instrument: &Instrument,
    not_before: Option<Window>,
) -> Window {
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

/// Returns when a notice takes effect, and how that hangs on the day it was given.
pub(super) fn notice_ends(
    done: &Done<'_>,
    instrument: &Instrument,
    not_before: Option<Window>,
) -> When<'static> {
    if let Some(effective) = done.when_effective() {
        return effective;
    }
    let window = end_of_notice(done, instrument, not_before);
    let terms = instrument.withdrawal.as_ref();
    let notice = terms.and_then(|terms| terms.notice.as_ref());
    let due = Step::Due(delay(notice), None);
    let known = window.latest().is_some();
    let most = known.then(|| due.clone());
    done.when().between(due, most).kept_within(window)
}

/// A day on which consents end.
pub(super) struct End {
    /// The place of the one act that it ends; all that were done before if none.
    of: Option<usize>,
    /// When the notice was given.
    given: Window,
    effect: Window,
}

impl End {
    pub(super) fn of_act(place: usize, on: Window) -> Self {
        Self {
            of: Some(place),
            given: on,
            effect: on,
        }
    }

    pub(super) fn by_notice(given: Window, effect: Window) -> Self {
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
pub(super) fn until(on: Window, place: usize, ends: &[End]) -> Option<Window> {
    let may_end = ends.iter().filter(|end| end.may_end(place, on));
    let earliest = may_end.clone().map(|end| end.effect.lo()).min()?;
    let must_end = may_end.filter(|end| end.must_end(on));
    let latest = must_end.map(|end| end.effect.hi()).min();
    let known = |day: &Day| *day != Day::MIN && *day != Day::MAX;
    Window::between(Some(earliest).filter(known), latest.filter(known))
}
