//! `ledger.toml`: what a person may want to read of a ledger without a tool.
//!
//! Everything in it is a copy of what the entries say; it is compared with
//! them by `verify` and never trusted.

use chancery_chain::{Hex, KeyPayload, Origin};
use chancery_store::verify::Report;

/// The version of the ledger folder's layout.
pub const FORMAT: u32 = 1;
/// The name of the file.
pub const FILE: &str = "ledger.toml";

/// Returns the text of `ledger.toml` for a ledger founded so.
pub fn text(origin: &Origin, keys: &[KeyPayload], founding: &chancery_chain::Hash) -> String {
    use std::fmt::Write;
    let mut text = format!(
        "# A Chancery ledger. This file is for people: all of it stands in the ledger's\n\
         # first entries, which are what is believed.\n\
         format = {FORMAT}\n\
         origin = \"{}\"\n\
         founding = \"{founding}\"\n",
        quoted(origin.as_str()),
    );
    for key in keys {
        let public = Hex(key.key.as_bytes());
        let name = quoted(&key.name);
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n[[key]]\nrole = \"{}\"\nname = \"{name}\"\npublic = \"{public}\"\n",
            key.role.name(),
        );
    }
    text
}

/// Returns the text that `ledger.toml` should have, by what was verified of the entries.
pub fn of(report: &Report) -> Option<String> {
    // The founding keys stand right behind entry 0; later ones behind a closing.
    let founding = report.keyring.iter().zip(1..);
    let keys = founding.take_while(|((seq, _), place)| seq.get() == *place);
    let keys: Vec<_> = keys
        .map(|((_, enrolled), _)| enrolled.key.clone())
        .collect();
    Some(text(
        report.origin.as_ref()?,
        &keys,
        report.founding.as_ref()?,
    ))
}

/// Returns a text as TOML writes it between quotation marks; it has no control characters.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
