//! `chancery repair`: rebuilds what is damaged from the other copy, or from one that
//! lies elsewhere.

use std::fs;
use std::path::{Path, PathBuf};

use chancery_chain::Finding;
use chancery_courier::carry::{self, source};
use chancery_courier::{CarryError, Copy};
use chancery_ledger::repair::{Elsewhere, Outcome, repair};
use chancery_ledger::spoken::SourceFile;
use chancery_store::repair::{OtherCopy, RepairError};
use chancery_store::verify::VerifyError;
use chancery_store::{BundleError, OpenError, ReadError};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::copying::{self, carried_sources, failure, mirrored};
use super::verify::{finding_json, line};
use crate::args::RepairArgs;
use crate::context::Context;
use crate::explain;
use crate::failure::{Exit, Failure};

/// How many notices of what was done are told one by one.
const LISTED: usize = 20;

/// Repairs the ledger, and says what was done and what could not be.
///
/// # Errors
/// Something is still damaged, the copy elsewhere is not to be taken, or the system
/// failed.
pub fn run(context: &mut Context, args: &RepairArgs) -> Result<(), Failure> {
    let folder = context.folder()?;
    let quiet = context.global.quiet || context.global.json;
    let brought = args
        .from
        .as_deref()
        .map(|from| Brought::from(from, &folder, quiet));
    let brought = brought.transpose()?;
    let outcome = match &brought {
        None => repair(&folder, None),
        Some(brought) => {
            let elsewhere = Elsewhere {
                copy: &brought.copy,
                source: &|file| brought.source(file),
            };
            repair(&folder, Some(&elsewhere))
        }
    };
    let place = brought.as_ref().map(|brought| brought.copy.name.as_str());
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => return Err(refused(context, &error, place)),
    };
    tell(context, &outcome, place)?;
    if outcome.left.is_empty() {
        Ok(())
    } else {
        Err(Failure::told(Exit::No))
    }
}

/// A copy elsewhere, with its roll on this machine: where it lies, or fetched into a
/// folder that goes when the repair is done.
struct Brought {
    there: Copy,
    copy: OtherCopy,
    _fetched: Option<TempDir>,
}

impl Brought {
    fn from(text: &str, ledger: &Path, quiet: bool) -> Result<Self, Failure> {
        let there = copying::copy(text)?;
        let name = there.to_string();
        if let Some(near) = there.roll.as_folder() {
            let roll = near.to_owned();
            check_near(&name, &roll, ledger)?;
            let copy = OtherCopy { roll, name };
            return Ok(Self {
                there,
                copy,
                _fetched: None,
            });
        }
        let published = carry::published(&there.roll).map_err(|error| failure(&error))?;
        let Some(published) = published else {
            let error = CarryError::NoCheckpoint { place: name };
            return Err(failure(&error).hint("name a place that a roll was pushed to"));
        };
        let folder = TempDir::with_prefix("chancery-")?;
        let roll = folder.path().join("roll");
        fs::create_dir(&roll)?;
        mirrored(&there, &published, &roll, quiet)?;
        fs::write(roll.join("checkpoint"), &published.bytes)?;
        Ok(Self {
            there,
            copy: OtherCopy { roll, name },
            _fetched: Some(folder),
        })
    }

    /// Fetches a source file; what the place answers instead is said in words.
    fn source(&self, file: &SourceFile) -> Result<Option<Vec<u8>>, String> {
        let files = carried_sources(&[*file]).map_err(|failure| failure.message)?;
        let Some(file) = files.first() else {
            return Ok(None);
        };
        source(&self.there.sources, file).map_err(|error| error.to_string())
    }
}

/// Makes sure that there is a folder to look into, and that it is another one.
fn check_near(name: &str, roll: &Path, ledger: &Path) -> Result<(), Failure> {
    if !roll.is_dir() {
        let message = format!("there is no folder {name}");
        return Err(Failure::new(Exit::Usage, message)
            .hint("name a roll that was pushed, another ledger's folder, or an address of one"));
    }
    let real = |path: PathBuf| fs::canonicalize(path).ok();
    let own = real(ledger.join("roll"));
    if own.is_some() && own == real(roll.to_owned()) {
        let message = format!("{name} is this ledger itself");
        return Err(Failure::new(Exit::Usage, message)
            .hint("name a copy of it; without --from its own two copies are asked"));
    }
    Ok(())
}

fn tell(context: &mut Context, outcome: &Outcome, place: Option<&str>) -> Result<(), Failure> {
    if context.global.json {
        return context
            .out
            .json(&as_json(&outcome.done, &outcome.left, place));
    }
    for finding in outcome.done.iter().take(LISTED) {
        context.out.line(&finding.message)?;
    }
    let more = outcome.done.len().saturating_sub(LISTED);
    if more > 0 {
        context
            .out
            .line(format!("and {more} more like these; --json lists each"))?;
    }
    if outcome.done.is_empty() && outcome.left.is_empty() {
        context.out.line("nothing to repair")?;
    }
    tell_left(context, &outcome.left)
}

fn tell_left(context: &mut Context, left: &[Finding]) -> Result<(), Failure> {
    for finding in left {
        let line = format!("not repaired: {}", line(finding));
        context.out.line(line)?;
    }
    Ok(())
}

fn as_json(done: &[Finding], left: &[Finding], place: Option<&str>) -> Value {
    let told = |findings: &[Finding]| findings.iter().map(finding_json).collect::<Vec<_>>();
    json!({
        "schema": "chancery.repair/1",
        "from": place,
        "done": told(done),
        "left": told(left),
    })
}

/// Names what is lost, and returns why nothing was repaired.
fn refused(context: &mut Context, error: &RepairError, place: Option<&str>) -> Failure {
    if let Some(failure) = of_the_system(error) {
        return failure;
    }
    let left = match error {
        RepairError::Lost { lost: left, .. } | RepairError::NotWhole { findings: left } => left,
        _ => &Vec::new(),
    };
    let told = if context.global.json && !left.is_empty() {
        context.out.json(&as_json(&[], left, place))
    } else {
        tell_left(context, left)
    };
    if let Err(failure) = told {
        return failure;
    }
    Failure::of(Exit::No, error).hint(hint(error, place.is_none()))
}

/// Returns the failure, if it is the disk's, a lock's or a permission's: nothing is then
/// said of damage, and whether there is any is not known.
fn of_the_system(error: &RepairError) -> Option<Failure> {
    match error {
        RepairError::Lock(lock)
        | RepairError::Verify(VerifyError::Lock(lock))
        | RepairError::Store(OpenError::Lock(lock)) => Some(explain::lock(lock)),
        RepairError::File(_)
        | RepairError::Verify(VerifyError::File(_))
        | RepairError::Bundle(BundleError::File(_))
        | RepairError::Roll(ReadError::File(_))
        | RepairError::Store(
            OpenError::File(_) | OpenError::Engine(_) | OpenError::Roll(ReadError::File(_)),
        ) => Some(Failure::of(Exit::System, error)),
        _ => None,
    }
}

fn hint(error: &RepairError, asked_here_alone: bool) -> &'static str {
    match error {
        RepairError::OtherLedger { .. } => "name a copy of this ledger",
        RepairError::Unreadable { .. } => {
            "name a place that a roll was pushed to, or another ledger's folder"
        }
        RepairError::OtherHistory { .. } | RepairError::OtherCheckpoint { .. } => {
            "keep both as they are: together they are evidence; without --from only what is here is asked"
        }
        RepairError::Unproven { .. } => {
            "`chancery clone PLACE DIR` makes a ledger of it elsewhere; --key or --founding says whose it must be"
        }
        RepairError::Lost { .. } if asked_here_alone => {
            "nothing was thrown away; a copy elsewhere may have it: `chancery repair --from PLACE`"
        }
        _ => "nothing was thrown away; `chancery verify` names what is damaged",
    }
}
