//! Comparing the ledger with copies of it elsewhere: exactly which entries differ.

use std::path::Path;

use chancery_chain::{Finding, Severity};
use chancery_courier::carry::{self, Published};
use chancery_courier::compare::{CompareError, Compared, compare};
use chancery_courier::{CarryError, Copy};
use chancery_ledger::verify::Verified;
use chancery_store::{ReadError, RollReader};

use super::super::copying::{copy, failure};
use crate::explain;
use crate::failure::{Exit, Failure};

/// A copy of a ledger, with its checkpoint.
pub(super) struct Elsewhere {
    copy: Copy,
    pub(super) published: Published,
}

/// Returns the copy that a text names, or nothing if it names something else: a file,
/// or an address without a roll.
pub(super) fn at(text: &Path) -> Result<Option<Elsewhere>, Failure> {
    let name = text.to_string_lossy();
    let far = name.contains("://");
    if !far && !text.is_dir() {
        return Ok(None);
    }
    let copy = copy(&name)?;
    let found = match carry::published(&copy.roll) {
        // An address may be that of a checkpoint by itself, with nothing below it:
        // whoever fetches that tells what is wrong.
        Err(CarryError::BadCheckpoint { .. } | CarryError::Place(_)) if far => None,
        other => other.map_err(|error| failure(&error))?,
    };
    match found {
        Some(published) => Ok(Some(Elsewhere { copy, published })),
        None if far => Ok(None),
        None => {
            let message = format!("there is no checkpoint at {name}");
            Err(Failure::new(Exit::Usage, message)
                .hint("name a checkpoint's file, a roll that was pushed, or a ledger's folder"))
        }
    }
}

/// Compares the ledger in `folder` with every copy that is named, and adds what differs
/// to the findings.
pub(super) fn check(
    folder: &Path,
    against: &[std::path::PathBuf],
    verified: &mut Verified,
) -> Result<(), Failure> {
    for text in against {
        let Some(elsewhere) = at(text)? else {
            continue;
        };
        let name = elsewhere.copy.to_string();
        let found = match compared(folder, &elsewhere) {
            Ok(compared) => findings(&compared, &name),
            // What is missing or damaged there is a finding, too.
            Err(CompareError::There(
                fault @ (CarryError::Missing { .. } | CarryError::Damaged { .. }),
            )) => vec![Finding::damage("copy-damaged", fault.to_string()).file(name)],
            Err(CompareError::There(fault)) => return Err(failure(&fault)),
            Err(CompareError::Here(fault)) => return Err(explain::read(&fault)),
            Err(other) => return Err(Failure::of(Exit::System, &other)),
        };
        verified.report.findings.extend(found);
    }
    Ok(())
}

fn compared(folder: &Path, elsewhere: &Elsewhere) -> Result<Compared, CompareError<ReadError>> {
    let roll = RollReader::open(folder).map_err(CompareError::Here)?;
    let mut here = |level, index| roll.node(level, index);
    let checkpoint = &elsewhere.published.checkpoint;
    compare(roll.settled(), &mut here, &elsewhere.copy.roll, checkpoint)
}

fn findings(compared: &Compared, name: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (first, last) in &compared.differing.leaves {
        let message = if first == last {
            "the copy has another entry here"
        } else {
            "the copy has other entries here"
        };
        let finding = Finding::damage("copy-differs", message);
        findings.push(finding.between(*first, *last).file(name));
    }
    for (first, last) in &compared.differing.unsound {
        let message = "the copy's tiles contradict each other over these entries";
        let finding = Finding::damage("copy-damaged", message);
        findings.push(finding.between(*first, *last).file(name));
    }
    let told = |finding: &Finding| finding.severity == Severity::Damage;
    if !compared.sound && !findings.iter().any(told) {
        let message = "the copy's tiles do not lead to its checkpoint";
        findings.push(Finding::damage("copy-damaged", message).file(name));
    }
    findings
}
