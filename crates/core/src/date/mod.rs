//! A date as an archivist wrote it, and what it means.
//!
//! What was written is kept letter for letter, in EDTF (ISO 8601-2, levels 0
//! to 2), with the words of the source and the reason for the reading beside
//! it. Meaning is worked out anew each time and never stored, so that a better
//! reading of the standard needs no new record. Parsing is done by `edtf-core`,
//! of which no type leaves this module. A date in a calendar that cannot be read
//! is refused rather than answered wrongly.

mod bounds;
mod calendar;
mod english;
mod explain;
mod extent;
mod fault;
mod parsed;
mod remedy;
mod stand_in;
mod strict;

use serde::{Deserialize, Serialize};

use crate::window::Window;

pub use calendar::Calendar;
pub use explain::{Explained, explain, explain_in};
pub use fault::DateFault;

use bounds::Reading;
use parsed::Parsed;

/// A date, verbatim.
///
/// This is stored: the fields and their order are for ever.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Date {
    /// The date in EDTF; empty if the record is undated.
    pub edtf: String,
    /// The words of the source that were read as this date.
    pub phrase: Option<String>,
    /// The calendar of `edtf`; absent is Gregorian.
    pub calendar: Option<String>,
    /// Why the words were read so.
    pub because: Option<String>,
}

/// How far a qualified date (`?`, `~`, `%`) is believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Credibility {
    /// Each mark widens the window by one unit of the finest component that it
    /// stands for, each way; `%` by two.
    #[default]
    Strict,
    /// Marks are taken as no more than a remark.
    Accept,
}

impl Date {
    /// Returns the date with this EDTF text and nothing beside it.
    pub fn new(edtf: impl Into<String>) -> Self {
        Self {
            edtf: edtf.into(),
            phrase: None,
            calendar: None,
            because: None,
        }
    }

    /// Says in which calendar the text is written.
    #[must_use]
    pub fn in_calendar(mut self, calendar: Calendar) -> Self {
        self.calendar = (calendar != Calendar::Gregorian).then(|| calendar.name().to_owned());
        self
    }

    /// Checks that the date can be read.
    ///
    /// # Errors
    /// The text is no date, or the calendar is not one that can be read.
    pub fn check(&self) -> Result<(), DateFault> {
        self.parsed().map(drop)
    }

    /// Returns the calendar that the date is written in.
    ///
    /// # Errors
    /// It names one that cannot be read.
    pub fn written_in(&self) -> Result<Calendar, DateFault> {
        Calendar::of(self.calendar.as_deref())
    }

    /// Returns the days that it may have been, as one day among them.
    ///
    /// An interval is one day between its ends, a set one day of its hull. A
    /// text that [`check`](Self::check) refuses says nothing: every day.
    pub fn window(&self, credibility: Credibility) -> Window {
        self.parsed().map_or(Window::UNKNOWN, |(parsed, calendar)| {
            let reading = Reading {
                calendar,
                credibility,
            };
            bounds::one_day(&parsed, reading)
        })
    }

    /// Returns when what lasted over this date began, and the last day it lasted.
    ///
    /// Of an interval `a/b`, it began in `a` and ended in `b`; of anything else
    /// it began and ended within. What is open (`..`) began
    /// [before all days](Window::BEFORE_ALL) or ends [after all](Window::AFTER_ALL);
    /// an end that is unknown may be any day.
    pub fn lasted(&self, credibility: Credibility) -> (Window, Window) {
        let unknown = (Window::UNKNOWN, Window::UNKNOWN);
        self.parsed().map_or(unknown, |(parsed, calendar)| {
            let reading = Reading {
                calendar,
                credibility,
            };
            bounds::lasted(&parsed, reading)
        })
    }

    /// Returns whether the window holds days that the date itself rules out,
    /// as that of a set with gaps or of a mask such as `156X-12-25` does.
    pub fn is_hull(&self) -> bool {
        self.parsed()
            .is_ok_and(|(parsed, calendar)| bounds::is_hull(&parsed, calendar))
    }

    /// Returns the calendar and the Gregorian days of a date that could be
    /// mistaken for a Gregorian one: "Julian; 1917-11-07".
    pub fn calendar_note(&self) -> Option<String> {
        let (parsed, calendar) = self.parsed().ok()?;
        if calendar == Calendar::Gregorian || parsed == Parsed::Undated {
            return None;
        }
        let days = self.window(Credibility::Accept);
        Some(format!("{}; {days}", calendar.title()))
    }

    /// Returns the date as it was written, with its calendar and its Gregorian
    /// days if it could be mistaken for a Gregorian one.
    pub fn told(&self) -> String {
        match self.calendar_note() {
            Some(note) => format!("{} ({note})", self.edtf),
            None => self.edtf.clone(),
        }
    }

    fn parsed(&self) -> Result<(Parsed, Calendar), DateFault> {
        let calendar = self.written_in()?;
        Ok((Parsed::parse(&self.edtf, calendar)?, calendar))
    }
}
