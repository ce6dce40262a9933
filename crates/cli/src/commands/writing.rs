//! What the commands that write have in common: the key, and letting go.

use std::path::Path;

use chancery_ledger::Ledger;
use chancery_ledger::founding::AnyKey;

use crate::failure::{Exit, Failure};
use crate::private;

/// Reads the private key named, or the one in the ledger's own folder.
pub(super) fn private_key(
    ledger: &Path,
    named: Option<&Path>,
    role: &str,
) -> Result<AnyKey, Failure> {
    let path = named.map_or_else(|| ledger.join("keys").join(role), Path::to_owned);
    let opened = private::open(&path).map_err(|failure| match named {
        None if !path.exists() => {
            failure.hint(format!("name the {role}'s private key: --key FILE"))
        }
        _ => failure,
    })?;
    Ok(opened.key)
}

/// Lets go of the ledger; whatever was recorded stays so even if this fails.
pub(super) fn close(ledger: Ledger) -> Result<(), Failure> {
    ledger.close().map_err(|error| {
        Failure::of(Exit::System, &error)
            .hint("nothing is lost: the next command that writes makes the store again")
    })
}
