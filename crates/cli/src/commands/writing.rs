//! What the commands that write have in common: the key, and letting go.

use std::path::Path;

use chancery_ledger::Ledger;
use chancery_ledger::keyfile::KeyFile;
use ed25519_dalek::SigningKey;

use crate::explain;
use crate::failure::{Exit, Failure};

/// Reads the private key named, or the one in the ledger's own folder.
pub(super) fn private_key(
    ledger: &Path,
    named: Option<&Path>,
    role: &str,
) -> Result<SigningKey, Failure> {
    let path = named.map_or_else(|| ledger.join("keys").join(role), Path::to_owned);
    let file = KeyFile::read(&path).map_err(|error| match named {
        Some(_) => explain::key(&error),
        None => explain::key(&error).hint(format!("name the {role}'s private key: --key FILE")),
    })?;
    file.private.ok_or_else(|| {
        let message = format!("{} holds a public key: it cannot sign", path.display());
        Failure::new(Exit::Refused, message).hint("name the file without .pub")
    })
}

/// Lets go of the ledger; whatever was recorded stays so even if this fails.
pub(super) fn close(ledger: Ledger) -> Result<(), Failure> {
    ledger.close().map_err(|error| {
        Failure::of(Exit::System, &error)
            .hint("nothing is lost: the next command that writes makes the store again")
    })
}
