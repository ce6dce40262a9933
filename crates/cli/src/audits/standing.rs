//! How each recorded audit stands to the ledger at hand: whether it counts.

use chancery_core::day::Day;

use super::Audit;
use super::coverage::Coverage;

/// Whether an audit counts for coverage, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It counts.
    Counts,
    /// It found damage.
    Damage,
    /// It was of another ledger.
    OtherLedger,
    /// Its ledger is not the beginning of this one: one of the two was changed.
    OtherHistory,
    /// Its ledger was longer than this one is.
    Longer,
    /// No root was recorded, or none of this ledger's can be told for its size.
    Untold,
    /// When it was does not read.
    Undated,
    /// It is dated after the day that counts as today.
    Later,
}

impl Standing {
    /// Returns why the audit does not count; nothing if it does.
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Counts => None,
            Self::Damage => Some("it found damage"),
            Self::OtherLedger => Some("it was of another ledger"),
            Self::OtherHistory => Some("it saw another history than this ledger's"),
            Self::Longer => Some("it saw more entries than there are"),
            Self::Untold => Some("its tree cannot be compared with this ledger's"),
            Self::Undated => Some("its date does not read"),
            Self::Later => Some("it is dated after the day of this report"),
        }
    }

    /// Returns whether it speaks against the ledger, and not only not for it.
    pub const fn is_alarming(self) -> bool {
        matches!(self, Self::OtherHistory | Self::Longer)
    }
}

/// The levels at which an entry can be verified, the lowest first.
pub const LEVELS: [&str; 5] = ["chain", "tree", "bodies", "signatures", "sources"];

/// When each entry was last verified, level by level.
#[derive(Clone, Debug)]
pub struct Coverages {
    /// For each of [`LEVELS`], in that order.
    pub levels: Vec<Coverage>,
    /// At all of them.
    pub all: Coverage,
}

impl Coverages {
    /// Returns what these audits, with their days, come to for so many entries.
    pub fn of<'a>(size: u64, audits: impl Iterator<Item = (&'a Audit, Day)>) -> Self {
        let mut levels = vec![Coverage::of(size); LEVELS.len()];
        for (audit, day) in audits {
            for (level, coverage) in LEVELS.iter().zip(&mut levels) {
                if audit.verified(level) {
                    for range in &audit.covered {
                        coverage.add(*range, day);
                    }
                }
            }
        }
        let least = levels
            .iter()
            .cloned()
            .reduce(|one, other| one.least(&other));
        let all = least.unwrap_or_default();
        Self { levels, all }
    }
}

impl Audit {
    /// Returns the day (UTC) of the audit, if it reads.
    pub fn day(&self) -> Option<Day> {
        self.at.get(..10)?.parse().ok()
    }

    /// Returns whether it vouches for this level: bodies that were absent, with
    /// no damage, leave bodies and sources unverified.
    fn verified(&self, level: &str) -> bool {
        let asked = self.levels.iter().any(|asked| asked == level);
        let absent = self.verdict == "incomplete" && ["bodies", "sources"].contains(&level);
        asked && !absent
    }
}
