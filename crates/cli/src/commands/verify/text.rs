//! What verifying came to, as people read it.

use chancery_chain::{Finding, Severity};
use chancery_ledger::verify::Verified;

use crate::context::Context;
use crate::failure::Failure;
use crate::view::say;

/// How many findings are listed for people; `--json` lists all.
const LISTED: usize = 50;

/// Tells what was found, what was checked, and the verdict.
pub(super) fn tell(context: &mut Context, verified: &Verified) -> Result<(), Failure> {
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
pub(crate) fn line(finding: &Finding) -> String {
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
