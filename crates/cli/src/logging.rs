//! What `-v` shows: the traces of the libraries below, on standard error.

use std::io::{self, Write};

use serde_json::json;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

/// Standard error where scripts read it: each line that is traced is a notice in JSON.
struct Notices;

/// Shows warnings always, what is done with `-v`, and the details with `-vv`.
pub(crate) fn start(verbose: u8, quiet: bool, colours: bool, in_json: bool) {
    let level = match (quiet, verbose) {
        (true, _) => "error",
        (false, 0) => "warn",
        (false, 1) => "info",
        (false, _) => "debug",
    };
    let filter = EnvFilter::new(format!(
        "error,chancery_cli={level},chancery_ledger={level},chancery_store={level}"
    ));
    let writer = if in_json {
        BoxMakeWriter::new(|| Notices)
    } else {
        BoxMakeWriter::new(io::stderr)
    };
    // A second start, as in tests that call the library, changes nothing.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(colours && !in_json)
        .with_target(false)
        .without_time()
        .try_init();
}

impl Write for Notices {
    fn write(&mut self, traced: &[u8]) -> io::Result<usize> {
        let message = String::from_utf8_lossy(traced);
        let notice = json!({ "schema": "chancery.notice/1", "message": message.trim() });
        writeln!(io::stderr(), "{notice}")?;
        Ok(traced.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
