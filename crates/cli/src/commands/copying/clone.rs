//! `chancery clone`: makes a ledger's folder of a published roll, verified.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use chancery_chain::{Hash, Policy, Severity};
use chancery_courier::carry::{self, Carried, CarriedSources};
use chancery_courier::{CarryError, Carrying, Copy, Place};
use chancery_ledger::copies;
use chancery_ledger::spoken::source_files;
use chancery_ledger::verify::{Against, Verified, verify};
use chancery_store::{Lock, RollReader};
use serde_json::json;

use super::super::trust;
use super::super::verify::{finding_json, founding_hash, line};
use super::{
    carried_sources, check_destroyed, copy, failure, remove_destroyed, told, told_gone,
    with_progress,
};
use crate::args::CloneArgs;
use crate::context::Context;
use crate::explain;
use crate::failure::{Exit, Failure};
use crate::progress::Progress;
use crate::view::say;

/// Clones a ledger into a folder.
///
/// # Errors
/// What lies at the place is damaged or not signed as it must be, the folder holds
/// something else, or one of the two fails.
pub fn run(context: &mut Context, args: &CloneArgs) -> Result<(), Failure> {
    let from = copy(&args.place)?;
    let published = carry::published(&from.roll).map_err(|error| failure(&error))?;
    if published.is_none() {
        let place = from.to_string();
        let failed = failure(&CarryError::NoCheckpoint { place });
        return Err(failed.hint("name a place that a roll was pushed to"));
    }
    check_folder(&args.folder)?;
    let founding = args.founding.as_deref().map(founding_hash).transpose()?;
    let against = Against {
        founding,
        ..Against::default()
    };
    let quiet = context.global.quiet || context.global.json;
    let fetched = fetch(&from, args, founding, quiet)?;
    let sources = if fetched.without_bodies {
        CarriedSources::default()
    } else {
        fetch_sources(&from, &args.folder)?
    };
    let mut verified = verified(&args.folder, &against, quiet)?;
    if !verified.report.is_damaged() || only_settings_differ(&verified) {
        settle(&args.folder, &verified, &fetched)?;
        verified = self::verified(&args.folder, &against, quiet)?;
    }
    let cloned = Cloned {
        from: &from,
        carried: fetched.carried,
        gone: fetched.gone,
        sources,
        signed: fetched.signed,
        verified,
    };
    cloned.tell(context, &args.folder)
}

/// What was fetched of the roll.
struct Fetched {
    carried: Carried,
    /// Source files of an earlier clone that were destroyed since, and are gone here too.
    gone: u64,
    /// Who signed the checkpoint, of those that were named.
    signed: Vec<String>,
    /// Whether the place leaves bodies out, and so the clone.
    without_bodies: bool,
}

/// What a clone came to.
struct Cloned<'a> {
    from: &'a Copy,
    carried: Carried,
    gone: u64,
    sources: CarriedSources,
    /// Who signed the checkpoint, of those that were named.
    signed: Vec<String>,
    verified: Verified,
}

/// A folder is cloned into if it is not there yet, if it is empty, or if an earlier clone
/// was made there.
fn check_folder(folder: &Path) -> Result<(), Failure> {
    let mut items = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        items => items.map_err(|error| no_folder(folder, &error))?,
    };
    // One that was interrupted at once has left its lock behind.
    let empty = items.all(|item| item.is_ok_and(|item| item.file_name() == "lock"));
    let cloned = folder.join("roll").is_dir() && !folder.join("keys").exists();
    if empty || cloned {
        return Ok(());
    }
    let message = format!("{} holds something else", folder.display());
    Err(Failure::new(Exit::Refused, message).hint("name a folder that is empty, or not there yet"))
}

fn no_folder(folder: &Path, error: &io::Error) -> Failure {
    let message = format!("cannot make the folder {}", folder.display());
    Failure::new(Exit::System, message).cause(error)
}

/// Locks the folder, if it is there.
fn lock(folder: &Path) -> Result<Option<Lock>, Failure> {
    if !folder.is_dir() {
        return Ok(None);
    }
    let lock = Lock::take(folder).map_err(|error| Failure::of(Exit::System, &error))?;
    Ok(Some(lock))
}

/// Makes the folder, which was not there when the place was asked. Should somebody else
/// have made it since, what is in it was not looked at.
fn make_folder(folder: &Path) -> Result<(), Failure> {
    let parent = folder.parent().filter(|parent| *parent != Path::new(""));
    parent
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::create_dir(folder))
        .map_err(|error| no_folder(folder, &error))
}

/// Fetches the roll and makes it readable.
fn fetch(
    from: &Copy,
    args: &CloneArgs,
    founding: Option<Hash>,
    quiet: bool,
) -> Result<Fetched, Failure> {
    let policy = trust::policy(&args.key, args.policy.as_deref())?;
    let asked = !args.key.is_empty() || args.policy.is_some();
    let mut held = lock(&args.folder)?;
    let roll = Place::folder(&args.folder.join("roll"));
    let carrying = Carrying::begin(&from.roll, &roll, false).map_err(|error| failure(&error))?;
    let signed = signed(from, &carrying, asked.then_some(&policy))?;
    check(from, &carrying, &args.folder, founding)?;
    if held.is_none() {
        make_folder(&args.folder)?;
        held = lock(&args.folder)?;
    }
    let carried = with_progress("fetching", quiet, |progress| carrying.files(progress))
        .map_err(|error| failure(&error))?;
    let places = (&from.sources, &Place::folder(&args.folder.join("sources")));
    let open = || RollReader::open(&args.folder);
    let gone = remove_destroyed(&carrying, &carried, places, &open)?;
    let carried = carrying.replace(carried).map_err(|error| failure(&error))?;
    if carried.expunged > 0 {
        copies::forget(&args.folder).map_err(|error| Failure::of(Exit::System, &error))?;
    }
    chancery_store::adopt(&args.folder, &carrying.published().bytes)
        .map_err(|error| Failure::of(Exit::Refused, &error))?;
    carrying.publish().map_err(|error| failure(&error))?;
    carrying.prune(true).map_err(|error| failure(&error))?;
    drop(held);
    Ok(Fetched {
        carried,
        gone,
        signed,
        without_bodies: carrying.is_without_bodies(),
    })
}

/// Returns who signed the checkpoint, of those that were named, if it is signed as it must be.
fn signed(
    from: &Copy,
    carrying: &Carrying<'_>,
    policy: Option<&Policy>,
) -> Result<Vec<String>, Failure> {
    let Some(policy) = policy else {
        return Ok(Vec::new());
    };
    let believed = policy.judge(&carrying.published().note);
    let believed = believed.map_err(|error| {
        let message = format!("the checkpoint at {from} is not signed as you ask");
        Failure::new(Exit::No, message).cause(error)
    })?;
    Ok(believed.signers())
}

/// Looks at all that can be known beforehand to speak against the clone: what is refused
/// later has been written to an earlier clone by then.
fn check(
    from: &Copy,
    carrying: &Carrying<'_>,
    folder: &Path,
    founding: Option<Hash>,
) -> Result<(), Failure> {
    let size = carrying.published().checkpoint.size();
    chancery_store::check_no_own_entries(folder, size).map_err(|error| {
        Failure::of(Exit::Refused, &error)
            .hint("nothing was changed; clone into a folder of its own")
    })?;
    if let Some(founding) = founding {
        check_founding(from, carrying, founding)?;
    }
    if carrying.is_without_bodies() {
        return Ok(());
    }
    let hint = "make one first, where the ledger is kept: `chancery checkpoint`; nothing was \
                fetched";
    // What cannot be read here is told by what is fetched.
    match from.ledger().map(|ledger| RollReader::open(&ledger)) {
        Some(Ok(reader)) => check_destroyed(&reader, size, hint),
        _ => Ok(()),
    }
}

/// Tells another ledger by how it begins. Where that cannot be told by the first bundle,
/// verifying the whole tells.
fn check_founding(from: &Copy, carrying: &Carrying<'_>, expected: Hash) -> Result<(), Failure> {
    let found = carrying.founding().map_err(|error| failure(&error))?;
    match found.filter(|found| *found != expected) {
        None => Ok(()),
        Some(found) => {
            let message = format!("what lies at {from} is not the ledger with that founding hash");
            Err(Failure::new(Exit::No, message)
                .cause(format!("it begins with {found}"))
                .hint("nothing was fetched; compare the hash with what the archive says"))
        }
    }
}

/// Puts beside the roll what a ledger's folder has beside it. There is no working copy
/// where there are no bodies.
fn settle(folder: &Path, verified: &Verified, fetched: &Fetched) -> Result<(), Failure> {
    let settled = if fetched.without_bodies {
        copies::describe(folder, &verified.report)
    } else {
        copies::settle(folder, &verified.report)
    };
    settled.map_err(|error| Failure::of(Exit::System, &error))
}

fn fetch_sources(from: &Copy, folder: &Path) -> Result<CarriedSources, Failure> {
    let reader = RollReader::open(folder).map_err(|error| explain::read(&error))?;
    let files = source_files(&reader, reader.size()).map_err(|error| explain::read(&error))?;
    let files = carried_sources(&files)?;
    let to = Place::folder(&folder.join("sources"));
    carry::carry_sources(&from.sources, &to, &files).map_err(|error| failure(&error))
}

fn verified(folder: &Path, against: &Against, quiet: bool) -> Result<Verified, Failure> {
    let mut bar = Progress::new("verifying", "entries", quiet);
    verify(folder, against, &mut |done, total| bar.at(done, total))
        .map_err(|error| Failure::of(Exit::System, &error))
}

/// Before `ledger.toml` is written it is missing, and nothing else may be wrong.
fn only_settings_differ(verified: &Verified) -> bool {
    let findings = verified.report.findings.iter();
    let mut damage = findings.filter(|finding| finding.severity == Severity::Damage);
    damage.all(|finding| matches!(finding.code, "settings-differ" | "source-missing"))
}

impl Cloned<'_> {
    fn tell(&self, context: &mut Context, folder: &Path) -> Result<(), Failure> {
        let report = &self.verified.report;
        let worst = report.worst();
        if context.global.json {
            context.out.json(&json!({
                "schema": "chancery.clone/1",
                "place": self.from.to_string(),
                "origin": report.origin.as_ref().map(chancery_chain::Origin::as_str),
                "founding": report.founding.map(|hash| hash.to_string()),
                "size": report.size.get(),
                "files": self.carried.files,
                "bytes": self.carried.bytes,
                "there": self.carried.there,
                "sources": self.sources.files,
                "sources_removed": self.gone,
                "intact": worst.is_none_or(|worst| worst < Severity::Gap),
                "pinned": self.verified.pinned,
                "signers": self.signed,
                "findings": report.findings.iter().map(finding_json).collect::<Vec<_>>(),
            }))?;
        } else {
            self.tell_people(context, folder)?;
        }
        context.out.finish()?;
        if worst == Some(Severity::Damage) {
            return Err(Failure::told(Exit::No));
        }
        if self.signed.is_empty() && !self.verified.pinned {
            context.notice("self-consistent only: say whom to trust with --key or --founding");
        }
        if worst == Some(Severity::Gap) {
            return Err(Failure::told(Exit::Partial));
        }
        Ok(())
    }

    fn tell_people(&self, context: &mut Context, folder: &Path) -> Result<(), Failure> {
        let report = &self.verified.report;
        for finding in &report.findings {
            context.out.line(line(finding))?;
        }
        let origin = report.origin.as_ref();
        let origin = origin.map_or("an unnamed ledger", |origin| origin.as_str());
        let (size, folder) = (report.size, folder.display());
        context.out.line(format!(
            "{origin}: {size} entries from {} in {folder}",
            self.from
        ))?;
        context
            .out
            .line(format!("  fetched: {}", told(&self.carried)))?;
        let sources = self.sources.files;
        if sources > 0 {
            let files = say::counted(sources, sources, "source file", "source files");
            context.out.line(format!("  fetched: {files}"))?;
        }
        if let Some(line) = told_gone(self.gone) {
            context.out.line(line)?;
        }
        context.out.line(format!("  {}", self.verdict()))
    }

    fn verdict(&self) -> String {
        if self.verified.report.is_damaged() {
            return "not whole: see above; the same command fetches what is missing".to_owned();
        }
        let signed = (!self.signed.is_empty())
            .then(|| format!("its checkpoint is signed by {}", self.signed.join(", ")));
        let begins = self
            .verified
            .pinned
            .then(|| "it begins with the founding you named".to_owned());
        let reasons: Vec<_> = signed.into_iter().chain(begins).collect();
        let intact = match self.verified.report.worst() {
            Some(Severity::Gap) => "intact where verified",
            _ => "intact",
        };
        if reasons.is_empty() {
            return format!("{intact} (self-consistent)");
        }
        format!("{intact}, and authentic: {}", reasons.join(", and "))
    }
}
