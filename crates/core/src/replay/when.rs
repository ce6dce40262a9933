//! When: on which day something in a fold comes about, and what decides it.
//!
//! What a fold reckons with is seldom a date of its own: a notice takes effect
//! a year after it was given, and whoever denounced and whoever is still bound
//! is so in the same world. So a fold says of each of its steps not only between
//! which days it lies but also which happening it hangs on.

use crate::day::Day;
use crate::window::Window;
use crate::worlds::Step;

use super::happening::Happening;

/// When something in a fold comes about.
#[derive(Clone, Debug)]
pub(super) struct When<'a> {
    pub(super) window: Window,
    pub(super) hangs_on: Option<HangsOn<'a>>,
}

/// The happening that something hangs on.
#[derive(Clone, Debug)]
pub(super) struct HangsOn<'a> {
    pub(super) of: Happening,
    /// The window of that happening, as narrow as links make it.
    pub(super) window: Window,
    pub(super) how: How<'a>,
}

/// How something hangs on a happening.
#[derive(Clone, Debug)]
pub(super) enum How<'a> {
    /// It is that happening.
    Itself,
    /// It comes where the first step leads or later, and where the second leads
    /// or earlier, as far as there are such steps.
    Between(Option<Step<'a>>, Option<Step<'a>>),
}

impl<'a> When<'a> {
    /// Somewhere within these days.
    pub(super) const fn within(window: Window) -> Self {
        let hangs_on = None;
        Self { window, hangs_on }
    }

    /// On the day of a happening.
    pub(super) const fn on(of: Happening, window: Window) -> Self {
        let how = How::Itself;
        let hangs_on = Some(HangsOn { of, window, how });
        Self { window, hangs_on }
    }

    /// On the day where a step leads from this one.
    pub(super) fn then(self, step: &Step<'a>) -> Self {
        self.between(step.clone(), Some(step.clone()))
    }

    /// No earlier than where one step leads from this one, and no later than
    /// where the other does.
    pub(super) fn between(self, least: Step<'a>, most: Option<Step<'a>>) -> Self {
        let first = least.of(self.window.lo());
        let last = most
            .as_ref()
            .map_or(Day::MAX, |most| most.of(self.window.hi()));
        let window = between(first, last);
        let hangs_on = self.hangs_on.map(|on| HangsOn {
            how: match on.how {
                How::Itself => How::Between(Some(least), most),
                // Of a step upon a step only the outer window is kept.
                How::Between(..) => How::Between(None, None),
            },
            ..on
        });
        Self { window, hangs_on }
    }

    /// Within this window and no other.
    pub(super) fn kept_within(self, window: Window) -> Self {
        Self { window, ..self }
    }
}

/// Returns the window between two days of which the extremes are no bounds.
pub(super) fn between(first: Day, last: Day) -> Window {
    match (first, last) {
        (_, Day::MIN) => Window::BEFORE_ALL,
        (Day::MAX, _) => Window::AFTER_ALL,
        _ => {
            let first = Some(first).filter(|day| *day != Day::MIN);
            let last = Some(last).filter(|day| *day != Day::MAX);
            Window::between(first, last).unwrap_or(Window::UNKNOWN)
        }
    }
}
