//! Standard output: written as it comes, and no error if nobody reads it.

use std::io::{self, BufWriter, Write};

use crate::failure::{Exit, Failure};

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
    /// # Errors
    /// As [`Self::line`].
    pub fn json(&mut self, value: &serde_json::Value) -> Result<(), Failure> {
        self.line(value.to_string())
    }

    /// Writes out what is still held back.
    ///
    /// # Errors
    /// As [`Self::line`].
    pub fn finish(&mut self) -> Result<(), Failure> {
        self.writer.flush().map_err(failure)
    }
}

fn failure(error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Failure::told(Exit::Done);
    }
    Failure::new(Exit::System, "cannot write to standard output").cause(error)
}
