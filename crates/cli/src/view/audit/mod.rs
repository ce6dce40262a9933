//! The report on the audits of a ledger: what was verified, when, and what was not.

pub mod html;
pub mod json;
pub mod text;

use chancery_core::day::Day;

use crate::audits::Audit;
use crate::audits::coverage::Range;
use crate::audits::standing::{Coverages, LEVELS, Standing};
use crate::view::say;

/// What is reported.
pub struct Report {
    /// The ledger's name.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The head hash.
    pub head: String,
    /// The day of the report.
    pub today: Day,
    /// Within how many days everything was to be verified.
    pub within: u32,
    /// The first of these days.
    pub since: Day,
    /// When each entry was last verified.
    pub coverages: Coverages,
    /// The audits, the last first, and whether each counts.
    pub audits: Vec<(Audit, Standing)>,
    /// How many lines of the logs do not read.
    pub unread: usize,
}

/// How far one level is covered.
pub struct Covered {
    /// The level.
    pub level: &'static str,
    /// How many entries were verified in time.
    pub entries: u64,
    /// Those that were not.
    pub missing: Vec<Range>,
}

impl Report {
    /// Returns how far each level is covered in time.
    pub fn covered(&self) -> Vec<Covered> {
        let levels = LEVELS.iter().zip(&self.coverages.levels);
        levels
            .map(|(level, coverage)| {
                let missing = coverage.missing_since(self.since);
                Covered {
                    level,
                    entries: self.size.saturating_sub(entries(&missing)),
                    missing,
                }
            })
            .collect()
    }

    /// Returns the entries that were not verified in time at some level.
    pub fn missing(&self) -> Vec<Range> {
        self.coverages.all.missing_since(self.since)
    }

    /// Returns whether every entry was verified in time, at every level.
    pub fn is_covered(&self) -> bool {
        self.size > 0 && self.missing().is_empty()
    }

    /// Returns whether an audit saw what this ledger does not continue.
    pub fn is_contradicted(&self) -> bool {
        self.audits
            .iter()
            .any(|(_, standing)| standing.is_alarming())
    }

    /// Returns the answer in a sentence.
    pub fn answer(&self) -> String {
        let days = say::number(self.within as usize, "day", "days");
        let late = entries(&self.missing());
        if self.is_covered() {
            format!("every entry was verified at every level within {days}")
        } else {
            let were = if late == 1 { "was" } else { "were" };
            let size = self.size;
            format!("{late} of {size} entries {were} not verified at every level within {days}")
        }
    }

    /// Returns which entries wait longest, and since when, in a sentence.
    pub fn oldest(&self) -> Option<String> {
        let (range, day) = self.coverages.all.oldest()?;
        let entries = say::ranges(&[range]);
        Some(match day {
            Some(day) => format!("{entries}, last on {day}"),
            None => format!("{entries}, never"),
        })
    }

    /// Returns the last audit of this ledger that found anything.
    pub fn last_found(&self) -> Option<&Audit> {
        let of_this = |(_, standing): &&(Audit, Standing)| *standing != Standing::OtherLedger;
        let mut audits = self.audits.iter().filter(of_this);
        audits.find_map(|(audit, _)| (!audit.findings.is_empty()).then_some(audit))
    }
}

/// Returns how many entries there are in these ranges.
fn entries(ranges: &[Range]) -> u64 {
    ranges.iter().map(|(first, last)| last - first + 1).sum()
}

/// Returns what an audit looked at: `all`, or the levels and how much.
fn looked_at(audit: &Audit) -> String {
    let levels = if audit.levels.len() == LEVELS.len() + 1 {
        "all levels".to_owned()
    } else {
        audit.levels.join(", ")
    };
    match audit.extent.as_str() {
        "whole" => format!("all entries, {levels}"),
        extent => {
            let (entries, size) = (entries(&audit.covered), audit.size);
            format!("{entries} of {size} entries ({extent}), {levels}")
        }
    }
}

/// Returns what an audit compared the ledger with.
fn compared_with(audit: &Audit) -> String {
    let founding = audit.against.founding.then(|| "founding hash".to_owned());
    let sizes = audit.against.checkpoints.iter();
    let checkpoints = sizes.map(|size| format!("checkpoint of {size}"));
    let signed = audit.against.signed;
    let signed = signed.map(|size| format!("signatures under {size} entries"));
    let all: Vec<String> = (founding.into_iter())
        .chain(checkpoints)
        .chain(signed)
        .collect();
    if all.is_empty() {
        return "nothing".to_owned();
    }
    all.join(", ")
}

/// Returns the verdict of an audit, and why it does not count if it does not.
fn verdict(audit: &Audit, standing: Standing) -> String {
    match standing.reason() {
        Some(reason) => format!("{}; not counted: {reason}", audit.verdict),
        None => audit.verdict.clone(),
    }
}
