//! Causes: what a difference comes from.
//!
//! Between two days it is what happened between them; between two cuts it is
//! what was recorded between them. Of the grounds of a difference the nearest
//! that tell of such a thing are named; where none does, nothing is.

use std::collections::BTreeMap;

use crate::day::Day;
use crate::replay::chronicle::Chronicled;
use crate::replay::question::Dated;
use crate::replay::readings::{Misfit, Reading, Readings};
use crate::window::Window;

/// What a difference comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The position of the record.
    pub seq: u64,
    /// What happened and when; absent where it is that the record was appended.
    pub happened: Option<(String, Dated)>,
}

/// Where causes are looked for.
pub enum Causes<'a> {
    /// Among what happened after one day and up to another.
    Days {
        /// What is told of each record's days, by position.
        told: BTreeMap<u64, Vec<&'a Chronicled>>,
        /// The day before.
        after: Day,
        /// The last day.
        until: Day,
    },
    /// Among what was recorded from one size on and before another.
    Entries {
        /// The readings of the later cut.
        readings: &'a Readings,
        /// The first position.
        from: u64,
        /// The position behind the last.
        to: u64,
        /// Whether it matters who vouches for what.
        attested: bool,
    },
}

impl<'a> Causes<'a> {
    /// Returns the causes between two days, whichever comes first.
    pub fn days(chronicle: &'a [Chronicled], one: Day, other: Day) -> Self {
        let mut told: BTreeMap<u64, Vec<&Chronicled>> = BTreeMap::new();
        for item in chronicle {
            told.entry(item.seq).or_default().push(item);
        }
        let (after, until) = (one.min(other), one.max(other));
        Self::Days { told, after, until }
    }

    /// Returns the causes between two sizes, given all readings of the later;
    /// attestations are among them where only what is `attested` was compared.
    pub fn entries(readings: &'a Readings, one: u64, other: u64, attested: bool) -> Self {
        let (from, to) = (one.min(other), one.max(other));
        Self::Entries {
            readings,
            from,
            to,
            attested,
        }
    }

    /// Returns what the nearest of these grounds tell of, in order of position.
    pub(super) fn between<'g>(&self, grounds: impl Iterator<Item = &'g [Vec<u64>]>) -> Vec<Cause> {
        let grounds: Vec<&[Vec<u64>]> = grounds.collect();
        let depth = grounds.iter().map(|each| each.len()).max().unwrap_or(0);
        for level in 0..depth {
            let at_level = grounds.iter().filter_map(|each| each.get(level));
            let mut seqs: Vec<u64> = at_level.flatten().copied().collect();
            seqs.sort_unstable();
            seqs.dedup();
            let found = self.of(&seqs);
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    fn of(&self, seqs: &[u64]) -> Vec<Cause> {
        match self {
            Self::Days { told, after, until } => {
                let of_record = |seq: &u64| told.get(seq).into_iter().flatten();
                let items = seqs.iter().flat_map(of_record);
                items.flat_map(|item| turns(item, *after, *until)).collect()
            }
            Self::Entries {
                readings,
                from,
                to,
                attested,
            } => {
                let entries = seqs
                    .iter()
                    .flat_map(|seq| entries_of(readings, *seq, *attested));
                let mut entries: Vec<u64> = entries.filter(|seq| from <= seq && seq < to).collect();
                entries.sort_unstable();
                entries.dedup();
                let cause = |seq| Cause {
                    seq,
                    happened: None,
                };
                entries.into_iter().map(cause).collect()
            }
        }
    }
}

/// Returns which turns of an item may fall after one day and up to another.
fn turns(item: &Chronicled, after: Day, until: Day) -> Vec<Cause> {
    let may = |window: Window| after < window.hi() && window.lo() <= until;
    let dates = item.dates.iter();
    let turned = |(field, date): &&(&'static str, Dated)| {
        // A last day is over on the day after, and so is what was due or planned.
        let is_last = matches!(*field, "until" | "due" | "planned_for" | "closes");
        let over = *field == "held";
        let ends = |window: Window| may(window.day_after());
        match (is_last, over) {
            (true, _) => ends(date.window),
            (_, true) => may(date.window) || ends(date.window),
            _ => may(date.window),
        }
    };
    let cause = |(field, date): &(&'static str, Dated)| {
        let what = match *field {
            "on" | "said" | "made" | "held" | "entry_into_force" => item.what.clone(),
            field => field.replace('_', " "),
        };
        let happened = Some((what, date.clone()));
        Cause {
            seq: item.seq,
            happened,
        }
    };
    dates.filter(turned).map(cause).collect()
}

/// Returns the positions at which something was said of a record, its own first.
fn entries_of(readings: &Readings, seq: u64, attested: bool) -> Vec<u64> {
    let mut entries = vec![seq];
    let Some(reading) = readings.reading(seq) else {
        return entries;
    };
    for revision in reading.revisions() {
        entries.push(revision.seq);
        if let Some(Misfit::Retracted(by)) = revision.misfit {
            entries.push(by);
        }
    }
    entries.extend(reading.retracted_by());
    let attestations = reading.attested_by().iter().filter(|_| attested);
    entries.extend(attestations.map(|attestation| attestation.seq));
    let lost = reading.unsupported().map(|why| why.on);
    let lost = lost.and_then(|on| readings.reading(on));
    entries.extend(lost.and_then(Reading::retracted_by));
    entries
}
