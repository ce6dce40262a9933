//! What verifying came to, as people read it.

use chancery_chain::{Finding, Size};
use chancery_ledger::verify::{Extent, Verified};
use chancery_store::verify::Level;

use super::record::{Timed, by_code};
use super::{Outside, Signed, verdict};
use crate::commands::{timestamp, trust};
use crate::context::Context;
use crate::failure::Failure;
use crate::view::page::{WIDTH, wrap};
use crate::view::say;

/// How many bytes are read before it is said how long that took: a small ledger's answer
/// is the same on a busy machine.
const MUCH: u64 = 100_000_000;

/// How many findings are told one by one; more are told by their codes.
const LISTED: usize = 20;

/// Tells what was found, what was checked, and the verdict.
pub(super) fn tell(
    context: &mut Context,
    verified: &Verified,
    outside: &Outside,
    seed: Option<u64>,
    timed: &Timed,
) -> Result<(), Failure> {
    let report = &verified.report;
    if report.findings.len() > LISTED {
        tell_by_code(context, &report.findings)?;
    } else {
        for finding in &report.findings {
            context.out.line(line(finding))?;
        }
    }
    let origin = report
        .origin
        .as_ref()
        .map_or("an unnamed ledger", |origin| origin.as_str());
    let verdict = format!("{origin}: {}", verdict::sentence(verified));
    tell_wrapped(context, 0, &verdict)?;
    tell_checked(context, verified, seed)?;
    if report.checked.bytes >= MUCH {
        let (bytes, took) = (report.checked.bytes / 1_000_000, timed.took.as_secs_f64());
        let line = format!("  read: {bytes} MB in {took:.1} s");
        context.out.line(line)?;
    }
    context.out.line(format!(
        "  size: {}\n  head: {}",
        report.size, report.head.hash
    ))?;
    if let Some(founding) = &report.founding {
        context.out.line(format!("  founding: {founding}"))?;
    }
    tell_signed(context, &outside.signed)?;
    for stamped in &outside.stamped {
        let (size, when) = (stamped.size, timestamp::told(&stamped.stamp));
        let line = format!("stamped: {size} entries {when}, in {}", stamped.name);
        tell_wrapped(context, 2, &line)?;
    }
    context.out.finish()?;
    if verdict::word(verified) == verdict::ALONE {
        context.notice(
            "self-consistent only: compare it with --against CHECKPOINT or --founding HASH",
        );
    }
    if let Some(pinned) = &outside.pinned {
        context.notice(&pinned.told());
    }
    Ok(())
}

/// Tells which witnesses saw which checkpoint, and when.
fn tell_signed(context: &mut Context, signed: &[Signed]) -> Result<(), Failure> {
    for signed in signed {
        let (name, size) = (&signed.name, signed.believed.checkpoint.size());
        for cosigned in &signed.believed.cosigned {
            let by = trust::told(cosigned);
            tell_wrapped(context, 2, &format!("cosigned: {size} entries {by}"))?;
            context.out.line(format!("    in {name}"))?;
        }
    }
    Ok(())
}

/// Tells what was looked at, and, of a part, which.
fn tell_checked(
    context: &mut Context,
    verified: &Verified,
    seed: Option<u64>,
) -> Result<(), Failure> {
    let report = &verified.report;
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
        let records = counted(verified.opaque, "record", "records");
        context.out.line(format!(
            "  {records} of a newer program's were verified unread"
        ))?;
    }
    let mut lines = Vec::new();
    if !verified.part.levels.are_all() {
        let names: Vec<_> = verified.part.levels.iter().map(Level::name).collect();
        lines.push(format!("levels: {}", names.join(", ")));
    }
    if !verified.part.extent.is_whole() {
        lines.extend(extent(verified, seed));
    }
    lines
        .iter()
        .try_for_each(|line| tell_wrapped(context, 2, line))
}

/// Tells a text in lines of a page's width, those after the first deeper.
fn tell_wrapped(context: &mut Context, indent: usize, text: &str) -> Result<(), Failure> {
    let lines = wrap(text, WIDTH - indent - 2);
    for (number, line) in lines.into_iter().enumerate() {
        let indent = " ".repeat(if number == 0 { indent } else { indent + 2 });
        context.out.line(indent + &line)?;
    }
    Ok(())
}

/// Returns which entries were looked at, and what a sample is worth.
fn extent(verified: &Verified, seed: Option<u64>) -> Vec<String> {
    let report = &verified.report;
    let covered: Vec<(u64, u64)> = (report.covered.iter())
        .map(|(first, last)| (first.get(), last.get()))
        .collect();
    let entries: u64 = covered.iter().map(|(first, last)| last - first + 1).sum();
    let size = report.size;
    let mut lines = vec![format!(
        "verified: {entries} of {size} entries: {}",
        say::ranges(&covered)
    )];
    if let Extent::Between(first, _) = &verified.part.extent
        && !size.holds(*first)
    {
        lines.push("the range that was asked for begins after the last entry".to_owned());
    }
    let before = verified.taken;
    if before > Size::EMPTY {
        lines.push(format!(
            "taken as verified: the first {before} entries, for the checkpoint's sake"
        ));
    }
    if let (Some(seed), Some(drawn)) = (seed, verified.drawn) {
        let (bundles, of) = (drawn.bundles, drawn.of);
        let damaged = [1, 10, 100].into_iter().filter(|damaged| *damaged <= of);
        let chances: Vec<String> = damaged
            .map(|damaged| format!("{} if {damaged}", percent(drawn.chance(damaged))))
            .collect();
        lines.push(format!(
            "sample: {bundles} of {of} bundles of 256 entries, drawn with --seed {seed}"
        ));
        lines.push(format!(
            "chance of finding damage, by how many bundles have it: {}",
            chances.join(", ")
        ));
    }
    lines
}

fn percent(chance: f64) -> String {
    format!("{:.1} %", chance * 100.0)
}

/// Tells how many findings there are of each code, where, and the first of them.
fn tell_by_code(context: &mut Context, findings: &[Finding]) -> Result<(), Failure> {
    for found in by_code(findings) {
        let (severity, code, count) = (&found.severity, &found.code, found.count);
        let times = say::counted(count, count, "finding", "findings");
        let of_it = findings
            .iter()
            .filter(|one| one.code == found.code && one.severity.name() == found.severity);
        let places = places(of_it);
        let entries = if places.is_empty() {
            String::new()
        } else {
            format!(", entries {}", say::ranges(&places))
        };
        tell_wrapped(context, 0, &format!("{severity}: {code}: {times}{entries}"))?;
        tell_wrapped(context, 2, &format!("the first: {}", found.message))?;
        if let Some(file) = &found.file {
            context.out.line(format!("  in {file}"))?;
        }
    }
    context.out.line("--json lists every finding")
}

/// Returns which entries these findings concern, neighbours in one range.
fn places<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<(u64, u64)> {
    let mut all: Vec<(u64, u64)> = findings
        .filter_map(|finding| finding.entries)
        .map(|(first, last)| (first.get(), last.get()))
        .collect();
    all.sort_unstable();
    let mut places: Vec<(u64, u64)> = Vec::new();
    for (first, last) in all {
        match places.last_mut() {
            Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
            _ => places.push((first, last)),
        }
    }
    places
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
