//! Standard output: written as it comes, and no error if nobody reads it.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use crate::failure::{Exit, Failure};
use crate::view::page::steers;

/// Where answers go.
pub struct Out {
    writer: BufWriter<Box<dyn Write>>,
}

impl Out {
    /// Returns the standard output.
    pub fn standard() -> Self {
        Self::to(Box::new(io::stdout()))
    }

    /// Returns an output that goes elsewhere.
    pub fn to(writer: Box<dyn Write>) -> Self {
        Self {
            writer: BufWriter::new(writer),
        }
    }

    /// Writes a line.
    ///
    /// # Errors
    /// The system cannot write; a closed pipe ends the command without a word.
    pub fn line(&mut self, line: impl AsRef<str>) -> Result<(), Failure> {
        let written = writeln!(self.writer, "{}", line.as_ref());
        written.map_err(failure)
    }

    /// Writes a value as JSON, on one line.
    ///
    /// What would steer a terminal is escaped, as JSON allows for any character.
    ///
    /// # Errors
    /// As [`Self::line`].
    pub fn json(&mut self, value: &serde_json::Value) -> Result<(), Failure> {
        self.line(escaped(&value.to_string()))
    }

    /// Writes out what is still held back.
    ///
    /// # Errors
    /// As [`Self::line`].
    pub fn finish(&mut self) -> Result<(), Failure> {
        self.writer.flush().map_err(failure)
    }
}

/// Returns JSON with each character escaped that would steer a terminal: JSON itself
/// asks for that only below U+0020, and outside of texts it has none.
pub fn escaped(json: &str) -> Cow<'_, str> {
    if !json.contains(steers) {
        return Cow::Borrowed(json);
    }
    let escape = |c: char| match c {
        c if steers(c) => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    Cow::Owned(json.chars().map(escape).collect())
}

fn failure(error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Failure::told(Exit::Done);
    }
    Failure::new(Exit::System, "cannot write to standard output").cause(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_does_not_steer_a_terminal_and_says_the_same() {
        let value = serde_json::json!({ "a\u{9b}": "é \u{1b}[31m \u{9b}31m \u{202e} \u{7f} \n" });

        let text = escaped(&value.to_string()).into_owned();

        assert!(!text.contains(steers), "{text}");
        assert_eq!(serde_json::from_str(&text).ok(), Some(value));
    }
}
