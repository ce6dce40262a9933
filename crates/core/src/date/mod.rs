//! A date as an archivist wrote it, and what it means.
//!
//! What was written is kept letter for letter, in EDTF (ISO 8601-2, levels 0
//! to 2), with the words of the source and the reason for the reading beside
//! it. Meaning is worked out anew each time and never stored, so that a better
//! reading of the standard needs no new record. Parsing is done by `edtf-core`,
//! of which no type leaves this module. No other calendar is read yet: a date
//! in one is refused rather than answered wrongly.

mod bounds;
mod english;
mod explain;
mod fault;
mod parsed;
mod remedy;
mod strict;

use serde::{Deserialize, Serialize};

use crate::window::Window;

pub use explain::{Explained, explain};
pub use fault::DateFault;

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

    /// Checks that the date can be read.
    ///
    /// # Errors
    /// The text is no date, or the calendar is not one that can be read.
    pub fn check(&self) -> Result<(), DateFault> {
        fault::check_calendar(self.calendar.as_deref())?;
        Parsed::parse(&self.edtf).map(drop)
    }

    /// Returns the days that it may have been, as one day among them.
    ///
    /// An interval is one day between its ends, a set one day of its hull. A
    /// text that [`check`](Self::check) refuses says nothing: every day.
    pub fn window(&self, credibility: Credibility) -> Window {
        self.parsed().map_or(Window::UNKNOWN, |parsed| {
            bounds::one_day(&parsed, credibility)
        })
    }

    /// Returns when what lasted over this date began, and the last day it lasted.
    ///
    /// Of an interval `a/b`, it began in `a` and ended in `b`; of anything else
    /// it began and ended within. What is open (`..`) began
    /// [before all days](Window::BEFORE_ALL) or ends [after all](Window::AFTER_ALL);
    /// an end that is unknown may be any day.
    pub fn lasted(&self, credibility: Credibility) -> (Window, Window) {
        self.parsed()
            .map_or((Window::UNKNOWN, Window::UNKNOWN), |parsed| {
                bounds::lasted(&parsed, credibility)
            })
    }

    /// Returns whether the window holds days that the date itself rules out,
    /// as that of a set with gaps or of a mask such as `156X-12-25` does.
    pub fn is_hull(&self) -> bool {
        self.parsed().is_some_and(|parsed| bounds::is_hull(&parsed))
    }

    fn parsed(&self) -> Option<Parsed> {
        fault::check_calendar(self.calendar.as_deref()).ok()?;
        Parsed::parse(&self.edtf).ok()
    }
}
