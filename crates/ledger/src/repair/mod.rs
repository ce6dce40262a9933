//! Repair: the roll from the store, the store from the roll, both from a copy
//! elsewhere, `ledger.toml` from the entries. Source files are held once here: one
//! that is damaged is fetched from the copy elsewhere, or told.

mod sources;

use std::path::Path;

use chancery_chain::{Finding, Severity};
use chancery_store::repair::{OtherCopy, RepairError, repair_roll, repair_store};
use chancery_store::verify::VerifyError;

use crate::spoken::SourceFile;
use crate::verify::Against;
use crate::{index, settings, verify};

/// What was repaired, and what could not be.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was done.
    pub done: Vec<Finding>,
    /// What is still damaged, and what of the copy elsewhere could not be taken.
    pub left: Vec<Finding>,
}

/// Fetches a source file, if it is there; or says why that cannot be.
pub type Fetch<'a> = dyn Fn(&SourceFile) -> Result<Option<Vec<u8>>, String> + 'a;

/// A copy elsewhere to repair from. Nothing in it is believed.
pub struct Elsewhere<'a> {
    /// Its roll, brought to this machine.
    pub copy: &'a OtherCopy,
    /// What fetches its source files.
    pub source: &'a Fetch<'a>,
}

/// Repairs the ledger in `folder` as far as its two copies, and the one elsewhere,
/// allow.
///
/// # Errors
/// No copy holds some entry, or the one elsewhere is not to be taken, or the system
/// fails; nothing was thrown away.
pub fn repair(folder: &Path, from: Option<&Elsewhere<'_>>) -> Result<Outcome, RepairError> {
    let roll = repair_roll(folder, from.map(|from| from.copy))?;
    let (mut done, mut left) = (roll.done, roll.left);
    done.retain(|finding| finding.code != "nothing-to-repair");
    if store_is_to_be_made_anew(folder)? {
        done.extend(repair_store(folder, &index::pairs)?);
    }
    if let Some(text) = settings::of(&roll.report) {
        done.extend(restore_settings(folder, &text));
    }
    if let Some(from) = from {
        let (restored, not) = sources::restore(folder, from)?;
        done.extend(restored);
        left.extend(not);
    }
    let after = verify::verify(folder, &Against::default(), &mut |_, _| {})?;
    let damage = |finding: &Finding| finding.severity == Severity::Damage;
    left.extend(after.report.findings.into_iter().filter(damage));
    Ok(Outcome { done, left })
}

fn store_is_to_be_made_anew(folder: &Path) -> Result<bool, RepairError> {
    let doubted = |finding: &Finding| finding.code == "store-doubted";
    match verify::verify_store(folder) {
        Ok(report) => Ok(report.is_damaged() || report.findings.iter().any(doubted)),
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
