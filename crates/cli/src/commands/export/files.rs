//! The source files that records speak of, copied out beside an export.

use std::fs;
use std::path::Path;

use chancery_chain::Digest;
use chancery_core::record::Custody as File;
use chancery_ledger::custody::Custody;

use crate::failure::{Exit, Failure};

/// Copies a file out of the ledger's custody into `folder`, where an export names it.
///
/// # Errors
/// The file is missing or altered, or the copy cannot be written.
pub(super) fn copy(ledger: &Path, file: &File, folder: &Path) -> Result<(), Failure> {
    let digest = Digest::from_bytes(file.digest);
    let bytes = Custody::of(ledger).read(&digest).map_err(|error| {
        let message = format!("cannot read the source file {}", file.path());
        Failure::new(Exit::No, message)
            .cause(error)
            .hint("`chancery verify` names all that is damaged")
    })?;
    let place = folder.join(file.named_path());
    let made = place.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::write(&place, bytes))
        .map_err(|error| {
            let message = format!("cannot write {}", place.display());
            Failure::new(Exit::System, message).cause(error)
        })
}
