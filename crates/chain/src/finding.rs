//! What verifying can find, in words that scripts may rely on.
//!
//! A finding never stops a verification: every one is reported. This module
//! does not look for any; it is the form in which all levels report.

use std::fmt;

use crate::position::Seq;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong with the ledger.
    Notice,
    /// A copy is deliberately absent; what is there was verified.
    Gap,
    /// Something was altered, removed, or cannot be read.
    Damage,
}

/// One thing that verifying found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A stable name for this sort of finding, in kebab case: `body-mismatch`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The first and last entries concerned, if entries are.
    pub entries: Option<(Seq, Seq)>,
    /// The file concerned, relative to the ledger's folder, with `/` between names.
    pub file: Option<String>,
    /// What should stand there.
    pub expected: Option<String>,
    /// What stands there.
    pub found: Option<String>,
    /// The finding in a sentence, small initial, no stop.
    pub message: String,
}

impl Severity {
    /// Returns the word for this severity.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Gap => "gap",
            Self::Damage => "damage",
        }
    }
}

impl Finding {
    /// Returns a finding of damage.
    pub fn damage(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Damage, message)
    }

    /// Returns a finding that something is deliberately absent.
    pub fn gap(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Gap, message)
    }

    /// Returns a notice.
    pub fn notice(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Notice, message)
    }

    /// Returns a finding of this severity.
    pub fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            entries: None,
            file: None,
            expected: None,
            found: None,
            message: message.into(),
        }
    }

    /// Names the one entry concerned.
    #[must_use]
    pub fn at(self, seq: Seq) -> Self {
        self.between(seq, seq)
    }

    /// Names the first and last entries concerned.
    #[must_use]
    pub fn between(mut self, first: Seq, last: Seq) -> Self {
        self.entries = Some((first, last));
        self
    }

    /// Names the file concerned, relative to the ledger's folder.
    #[must_use]
    pub fn file(mut self, path: impl Into<String>) -> Self {
        self.file = Some(path.into());
        self
    }

    /// Says what should stand there, and what does.
    #[must_use]
    pub fn values(mut self, expected: impl fmt::Display, found: impl fmt::Display) -> Self {
        self.expected = Some(expected.to_string());
        self.found = Some(found.to_string());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_severity_has_the_word_that_scripts_rely_on() {
        let all = [Severity::Notice, Severity::Gap, Severity::Damage];

        assert_eq!(all.map(Severity::name), ["notice", "gap", "damage"]);
    }
}
