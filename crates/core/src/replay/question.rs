//! The question: of which days it is asked, and how dates are believed.
//!
//! What "today" is comes with the question, since nothing here knows it.

use crate::date::{Calendar, Credibility, Date};
use crate::day::Day;
use crate::window::Window;

/// The days asked about, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    first: Day,
    last: Day,
}

/// What is asked of the readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The days asked about. What is asked of several days is whether it was so
    /// on some day among them, in the same world.
    pub on: Period,
    /// Whether it is asked instead what was so on every one of them.
    pub throughout: bool,
    /// The day on which it is asked; it moves nothing but is a part of the answer.
    pub today: Day,
    /// How far qualified dates are believed.
    pub credibility: Credibility,
    /// The position of the actor whose claims move the phases of commitments;
    /// without one nobody's do.
    pub according_to: Option<u64>,
}

/// A day or days as they were written, if they were, and as they are understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// The EDTF text, if this is a date that an archivist wrote.
    pub edtf: Option<String>,
    /// The calendar that the text is written in.
    pub calendar: Calendar,
    /// Its days, which are Gregorian whatever the calendar.
    pub window: Window,
}

impl Period {
    /// Returns the period that is one day.
    pub const fn on(day: Day) -> Self {
        Self {
            first: day,
            last: day,
        }
    }

    /// Returns the period between two days, or `None` if the last is before the first.
    pub fn between(first: Day, last: Day) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// Returns the first day.
    pub const fn first(self) -> Day {
        self.first
    }

    /// Returns the last day.
    pub const fn last(self) -> Day {
        self.last
    }
}

impl Question {
    /// Returns the question about one day, asked on another, dates being strictly believed.
    pub fn on(day: Day, today: Day) -> Self {
        Self {
            on: Period::on(day),
            throughout: false,
            today,
            credibility: Credibility::Strict,
            according_to: None,
        }
    }

    pub(super) fn dated(&self, date: &Date) -> Dated {
        Dated {
            edtf: Some(date.edtf.clone()),
            // One that cannot be read has every day for its window.
            calendar: date.written_in().unwrap_or_default(),
            window: self.window(date),
        }
    }

    pub(super) fn window(&self, date: &Date) -> Window {
        date.window(self.credibility)
    }
}

impl Dated {
    /// Returns whether the window holds days that the date itself rules out.
    pub fn is_hull(&self) -> bool {
        self.written().is_some_and(|date| date.is_hull())
    }

    /// Returns the date as it was written, never to be mistaken for a Gregorian
    /// one if it is none; or its days, where it was not written.
    pub fn told(&self) -> String {
        match self.written() {
            Some(date) => date.told(),
            None => self.window.to_string(),
        }
    }

    fn written(&self) -> Option<Date> {
        let edtf = self.edtf.as_deref()?;
        Some(Date::new(edtf).in_calendar(self.calendar))
    }
}

impl From<Window> for Dated {
    fn from(window: Window) -> Self {
        Self {
            edtf: None,
            calendar: Calendar::Gregorian,
            window,
        }
    }
}
