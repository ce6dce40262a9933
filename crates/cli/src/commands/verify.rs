//! `chancery verify`: is anything altered or removed?

use chancery_chain::{Finding, Hash, Severity};
use std::path::Path;

use chancery_ledger::verify::{Against, Verified, verify, verify_store};
use chancery_store::verify::{Kept, VerifyError};
use serde_json::{Value, json};

use crate::args::VerifyArgs;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::progress::Progress;
use crate::view::say;

/// How many findings are listed for people; `--json` lists all.
const LISTED: usize = 50;

/// Verifies the ledger, and reports all that was found.
///
/// # Errors
/// There is no ledger, or something is damaged: the answer is no.
pub fn run(context: &mut Context, args: &VerifyArgs) -> Result<(), Failure> {
    let folder = context.folder()?;
    let against = Against {
        founding: args.founding.as_deref().map(founding_hash).transpose()?,
        checkpoints: args
            .against
            .iter()
            .map(|path| kept(path))
            .collect::<Result<_, _>>()?,
    };
    let quiet = context.global.quiet || context.global.json;
    let mut bar = Progress::new("verifying", "entries", quiet);
    let mut verified = verify(&folder, &against, &mut |done, total| {
        bar.at(done, total);
    })
    .map_err(|error| failure(&error))?;
    drop(bar);
    if args.store {
        let store = verify_store(&folder).map_err(|error| failure(&error))?;
        verified.report.findings.extend(store.findings);
    }
    if context.global.json {
        context.out.json(&as_json(&verified))?;
    } else {
        tell(context, &verified)?;
    }
    match verified.report.worst() {
        Some(Severity::Damage) => Err(Failure::told(Exit::No)),
        Some(Severity::Gap) => Err(Failure::told(Exit::Partial)),
        Some(Severity::Notice) | None => Ok(()),
    }
}

fn failure(error: &VerifyError) -> Failure {
    match error {
        VerifyError::NoLedger { .. } => Failure::new(Exit::No, "the roll is missing")
            .cause(error)
            .hint("`chancery repair` makes it again from the store"),
        _ => Failure::of(Exit::System, error),
    }
}

fn founding_hash(text: &str) -> Result<Hash, Failure> {
    text.parse().map_err(|error| {
        Failure::new(Exit::Usage, format!("--founding {text}: {error}"))
            .hint("it was printed when the ledger was founded, and stands in ledger.toml")
    })
}

/// Reads a checkpoint that was kept elsewhere.
fn kept(path: &Path) -> Result<Kept, Failure> {
    let name = path.display().to_string();
    let note = std::fs::read(path).map_err(|error| {
        Failure::new(Exit::Usage, format!("cannot read the checkpoint {name}")).cause(error)
    })?;
    Ok(Kept { name, note })
}

/// Returns a finding as it stands in `chancery.verify/1`.
pub(super) fn finding_json(finding: &Finding) -> Value {
    json!({
        "code": finding.code,
        "severity": finding.severity.name(),
        "first": finding.entries.map(|(first, _)| first.get()),
        "last": finding.entries.map(|(_, last)| last.get()),
        "file": finding.file,
        "expected": finding.expected,
        "found": finding.found,
        "message": finding.message,
    })
}

fn as_json(verified: &Verified) -> Value {
    let report = &verified.report;
    json!({
        "schema": "chancery.verify/1",
        "intact": !report.is_damaged(),
        "origin": report.origin.as_ref().map(chancery_chain::Origin::as_str),
        "founding": report.founding.map(|hash| hash.to_string()),
        "pinned": verified.pinned,
        "agrees_with": verified.agrees.iter().map(|size| size.get()).collect::<Vec<_>>(),
        "size": report.size.get(),
        "head": report.head.hash.to_string(),
        "root": report.root.map(|root| root.to_string()),
        "checked": {
            "entries": report.checked.entries,
            "bodies": report.checked.bodies,
            "records": verified.records,
            "opaque": verified.opaque,
            "tiles": report.checked.tiles,
            "signatures": report.checked.signatures,
            "sources": verified.sources,
            "bytes": report.checked.bytes,
        },
        "findings": report.findings.iter().map(finding_json).collect::<Vec<_>>(),
    })
}

fn tell(context: &mut Context, verified: &Verified) -> Result<(), Failure> {
    let report = &verified.report;
    for finding in report.findings.iter().take(LISTED) {
        context.out.line(line(finding))?;
    }
    if let Some(more @ 1..) = report.findings.len().checked_sub(LISTED) {
        context
            .out
            .line(format!("… and {more} more; --json lists all"))?;
    }
    let origin = report
        .origin
        .as_ref()
        .map_or("an unnamed ledger", |origin| origin.as_str());
    context
        .out
        .line(format!("{origin}: {}", verdict(verified)))?;
    let checked = &report.checked;
    let counted = |count: u64, one: &str, several: &str| say::counted(count, count, one, several);
    context.out.line(format!(
        "  checked: {}, {}, {}, {}, {}",
        counted(checked.entries, "entry", "entries"),
        counted(checked.bodies, "body", "bodies"),
        counted(checked.tiles, "tile", "tiles"),
        counted(checked.signatures, "key signature", "key signatures"),
        counted(verified.sources, "source file", "source files"),
    ))?;
    if verified.opaque > 0 {
        let records = say::counted(verified.opaque, verified.opaque, "record", "records");
        context.out.line(format!(
            "  {records} of a newer program's were verified unread"
        ))?;
    }
    context.out.line(format!(
        "  size: {}\n  head: {}",
        report.size, report.head.hash
    ))?;
    if let Some(founding) = &report.founding {
        context.out.line(format!("  founding: {founding}"))?;
    }
    context.out.finish()?;
    if !verified.pinned && verified.agrees.is_empty() && !report.is_damaged() {
        context.notice(
            "self-consistent only: compare it with --against CHECKPOINT or --founding HASH",
        );
    }
    Ok(())
}

fn verdict(verified: &Verified) -> String {
    let damage = |finding: &&Finding| finding.severity == Severity::Damage;
    let damaged = verified.report.findings.iter().filter(damage).count();
    if damaged > 0 {
        return format!("DAMAGED: {}", say::number(damaged, "finding", "findings"));
    }
    let largest = verified.agrees.iter().max();
    let agrees =
        largest.map(|size| format!("its first {size} entries are those of your checkpoint"));
    let begins = verified
        .pinned
        .then(|| "it begins with the founding you named".to_owned());
    let reasons: Vec<String> = begins.into_iter().chain(agrees).collect();
    if reasons.is_empty() {
        return "intact (self-consistent)".to_owned();
    }
    format!("intact, and authentic: {}", reasons.join(", and "))
}

/// Returns a finding as people read it.
pub(super) fn line(finding: &Finding) -> String {
    let place = match finding.entries {
        Some((first, last)) if first == last => format!(" entry {first}"),
        Some((first, last)) => format!(" entries {first} to {last}"),
        None => String::new(),
    };
    let mut line = format!(
        "{}: {}{place}: {}",
        finding.severity.name(),
        finding.code,
        finding.message
    );
    if let Some(file) = &finding.file {
        line.push_str(&format!("\n  in {file}"));
    }
    if let (Some(expected), Some(found)) = (&finding.expected, &finding.found) {
        line.push_str(&format!("\n  expected {expected}\n  found    {found}"));
    }
    line
}
