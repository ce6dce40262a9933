//! `ledger.toml`: what a person may want to read of a ledger without a tool.
//!
//! Everything in it is a copy of what the entries say; it is compared with
//! them by `verify` and never trusted.

use std::fmt;

use chancery_chain::{KeyPayload, Origin};

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
        origin.as_str(),
    );
    for key in keys {
        let public = KeyHex(key.key.as_bytes());
        let name = key.name.replace('\\', "\\\\").replace('"', "\\\"");
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n[[key]]\nrole = \"{}\"\nname = \"{name}\"\npublic = \"{public}\"\n",
            key.role.name(),
        );
    }
    text
}

/// A public key in hexadecimal.
struct KeyHex<'a>(&'a [u8; 32]);

impl fmt::Display for KeyHex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
