//! Repair: the roll from the store, the store from the roll, `ledger.toml` from
//! the entries. Source files have no second copy here, so one that is damaged
//! is only told.

use std::path::Path;

use chancery_chain::{Finding, Severity};
use chancery_store::repair::{RepairError, repair_roll, repair_store};
use chancery_store::verify::VerifyError;

use crate::verify::Against;
use crate::{index, settings, verify};

/// What was repaired, and what could not be.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was done.
    pub done: Vec<Finding>,
    /// What is still damaged.
    pub left: Vec<Finding>,
}

/// Repairs the ledger in `folder` as far as its two copies allow.
///
/// # Errors
/// Neither copy holds some entry, or the system fails; nothing was thrown away.
pub fn repair(folder: &Path) -> Result<Outcome, RepairError> {
    let roll = repair_roll(folder)?;
    let mut done = roll.done;
    done.retain(|finding| finding.code != "nothing-to-repair");
    if store_is_damaged(folder)? {
        done.extend(repair_store(folder, &index::pairs)?);
    }
    if let Some(text) = settings::of(&roll.report) {
        done.extend(restore_settings(folder, &text));
    }
    let after = verify::verify(folder, &Against::default(), &mut |_, _| {})?;
    let damage = |finding: &Finding| finding.severity == Severity::Damage;
    let left = after.report.findings.into_iter().filter(damage).collect();
    Ok(Outcome { done, left })
}

fn store_is_damaged(folder: &Path) -> Result<bool, RepairError> {
    match verify::verify_store(folder) {
        Ok(report) => Ok(report.is_damaged()),
        Err(VerifyError::NoStore { .. }) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

fn restore_settings(folder: &Path, text: &str) -> Option<Finding> {
    let path = folder.join(settings::FILE);
    if std::fs::read_to_string(&path).is_ok_and(|held| held == text) {
        return None;
    }
    // If it cannot be written, verifying afterwards says that it still differs.
    std::fs::write(&path, text).ok()?;
    let message = "ledger.toml was written anew from the first entries";
    Some(Finding::notice("settings-restored", message).file(settings::FILE))
}
