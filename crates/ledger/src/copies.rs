//! Copies: making a ledger's folder of a roll that was carried here, and verifying
//! a roll that is no more than that.

use std::path::Path;

use chancery_chain::Finding;
use chancery_store::verify::{Report, VerifyError};
use chancery_store::{EngineError, OpenError, Store};

use crate::verify::{self, Against, Part, Verified};
use crate::{custody, index, settings};

/// Why a roll that was carried here did not become a ledger.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettleError {
    /// A file or folder cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// What was to be written.
        path: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The working copy cannot be made of the roll.
    #[error("the store cannot be made from the roll")]
    Store(#[from] OpenError),
    /// The working copy was made and not synced.
    #[error("the store cannot be made durable")]
    Sync(#[from] EngineError),
}

/// Writes what a ledger's folder has beside the roll: `ledger.toml` as the first
/// entries say it, a folder for sources, and the working copy.
///
/// # Errors
/// Something cannot be written.
pub fn settle(folder: &Path, report: &Report) -> Result<(), SettleError> {
    describe(folder, report)?;
    let (store, _) = Store::open(folder, Box::new(index::pairs))?;
    store.close()?;
    Ok(())
}

/// Removes the working copy of a roll in which bodies were destroyed: it may hold them
/// still. [`settle`] makes another.
///
/// # Errors
/// It cannot be removed.
pub fn forget(folder: &Path) -> Result<(), SettleError> {
    let working = folder.join("store");
    if working.exists() {
        written(&working, std::fs::remove_dir_all(&working))?;
    }
    Ok(())
}

/// Writes what a ledger's folder has beside a roll without bodies: `ledger.toml` as the
/// first entries say it, and a folder for sources.
///
/// # Errors
/// Something cannot be written.
pub fn describe(folder: &Path, report: &Report) -> Result<(), SettleError> {
    let sources = folder.join(custody::FOLDER);
    written(&sources, std::fs::create_dir_all(&sources))?;
    if let Some(text) = settings::of(report) {
        let path = folder.join(settings::FILE);
        written(&path, std::fs::write(&path, text))?;
    }
    Ok(())
}

fn written(path: &Path, outcome: std::io::Result<()>) -> Result<(), SettleError> {
    let path = path.to_owned();
    outcome.map_err(|source| SettleError::Write { path, source })
}

/// Verifies the roll in `folder`, which has no `ledger.toml` and a tail that was
/// made for it.
///
/// # Errors
/// There is no roll there, or it cannot be listed.
pub fn verify_bare(
    folder: &Path,
    against: &Against,
    part: &Part,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Verified, VerifyError> {
    let mut verified = verify::verify_part(folder, against, part, progress)?;
    // What was made up here to be able to look says nothing of the roll.
    let ours = |finding: &Finding| matches!(finding.code, "settings-differ" | "tail-previous");
    verified.report.findings.retain(|finding| !ours(finding));
    Ok(verified)
}

/// Tells source files that are missing as left out: a ledger's own roll, taken by itself,
/// never has any.
pub fn leave_sources_out(verified: &mut Verified) {
    let findings = &mut verified.report.findings;
    let missing = |finding: &mut Finding| finding.code == "source-missing";
    let entries: Vec<_> = findings
        .extract_if(.., missing)
        .filter_map(|finding| finding.entries)
        .collect();
    let first = entries.iter().map(|(first, _)| *first).min();
    let last = entries.iter().map(|(_, last)| *last).max();
    if let (Some(first), Some(last)) = (first, last) {
        let message = "source files are not in a ledger's own roll, and none was found with it";
        let finding = Finding::gap("sources-absent", message).file(custody::FOLDER);
        findings.push(finding.between(first, last));
    }
}
