//! Failures: what went wrong, why, what to do, and the exit code that says so.

use std::error::Error;
use std::fmt::Display;

use crate::view::page::clean;

/// The exit codes, the same for every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, nothing worse than a notice.
    Done = 0,
    /// The answer is no: damage, a difference, a finding.
    No = 1,
    /// The command line is wrong.
    Usage = 2,
    /// Refused: the dossier breaks a rule or cannot be read.
    Refused = 3,
    /// The system failed: disk, lock, permission.
    System = 4,
    /// An expectation failed: try again.
    Expectation = 5,
    /// Verified as far as could be, but a copy was absent.
    Partial = 6,
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub struct Failure {
    /// The exit code that belongs to it.
    pub exit: Exit,
    /// A stable name, in kebab case.
    pub code: &'static str,
    /// What went wrong, small initial, no stop.
    pub message: String,
    /// Why, from the nearest cause to the farthest.
    pub causes: Vec<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// Where it was found, if a file that was given is at fault; apart, as it is rare.
    pub place: Option<Box<Place>>,
    /// What was already said to the user in full, so that nothing more is printed.
    pub told: bool,
}

/// A place in a file that was given.
#[derive(Debug)]
pub struct Place {
    /// The file, as it was named.
    pub file: String,
    /// The line, from one, if it is one.
    pub line: Option<usize>,
}

impl Failure {
    /// Returns a failure with this message.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        let code = match exit {
            Exit::Usage => "usage",
            Exit::Refused => "refused",
            Exit::Expectation => "expectation",
            Exit::Done | Exit::No | Exit::System | Exit::Partial => "failed",
        };
        Self {
            exit,
            code,
            message: message.into(),
            causes: Vec::new(),
            hint: None,
            place: None,
            told: false,
        }
    }

    /// Returns a failure of which everything has been printed.
    pub fn told(exit: Exit) -> Self {
        Self {
            told: true,
            ..Self::new(exit, "")
        }
    }

    /// Returns a failure from an error, with its sources as causes.
    pub fn of(exit: Exit, error: &dyn Error) -> Self {
        Self::new(exit, error.to_string()).sources(error.source())
    }

    /// Adds a cause.
    #[must_use]
    pub fn cause(mut self, cause: impl Display) -> Self {
        self.causes.push(cause.to_string());
        self
    }

    /// Adds an error and its sources as causes.
    #[must_use]
    pub fn sources(mut self, mut source: Option<&dyn Error>) -> Self {
        while let Some(error) = source {
            self.causes.push(error.to_string());
            source = error.source();
        }
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says in which file it was found and, if in one, in which line; the message has both already.
    #[must_use]
    pub fn at(mut self, file: impl Display, line: Option<usize>) -> Self {
        let file = file.to_string();
        self.place = Some(Box::new(Place { file, line }));
        self
    }

    /// Returns the `error:`, `cause:` and `hint:` lines.
    ///
    /// What they name may come from a file or a stranger, and does not steer the terminal.
    pub fn lines(&self) -> String {
        let mut lines = line("error", &self.message);
        for cause in &self.causes {
            lines.push_str(&line("cause", cause));
        }
        if let Some(hint) = &self.hint {
            lines.push_str(&line("hint", hint));
        }
        lines
    }

    /// Returns the failure as `chancery.error/1`.
    pub fn json(&self) -> serde_json::Value {
        let mut message = self.message.clone();
        for cause in &self.causes {
            message.push_str(": ");
            message.push_str(cause);
        }
        let place = self.place.as_deref();
        serde_json::json!({
            "schema": "chancery.error/1",
            "faults": [{
                "file": place.map(|place| &place.file),
                "line": place.and_then(|place| place.line), "column": null,
                "code": self.code, "message": message, "help": self.hint,
            }],
        })
    }
}

fn line(what: &str, text: &str) -> String {
    let parts: Vec<String> = text.split('\n').map(clean).collect();
    format!("{what}: {}\n", parts.join("\n"))
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::of(Exit::System, &error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_an_error_cannot_steer_the_terminal() {
        let failure = Failure::new(Exit::Refused, "no record is known as `\u{1b}[31m`")
            .cause("a\u{9b}31m")
            .hint("one\ntwo\u{202e}");

        assert_eq!(
            failure.lines(),
            "error: no record is known as `\u{fffd}[31m`\ncause: a\u{fffd}31m\nhint: one\ntwo\u{fffd}\n"
        );
    }
}
