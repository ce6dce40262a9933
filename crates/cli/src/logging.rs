//! What `-v` shows: the traces of the libraries below, on standard error.

use tracing_subscriber::EnvFilter;

/// Shows warnings always, what is done with `-v`, and the details with `-vv`.
pub(crate) fn start(verbose: u8, quiet: bool, colours: bool) {
    let level = match (quiet, verbose) {
        (true, _) => "error",
        (false, 0) => "warn",
        (false, 1) => "info",
        (false, _) => "debug",
    };
    let filter = EnvFilter::new(format!(
        "error,chancery_cli={level},chancery_ledger={level},chancery_store={level}"
    ));
    // A second start, as in tests that call the library, changes nothing.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours)
        .with_target(false)
        .without_time()
        .try_init();
}
