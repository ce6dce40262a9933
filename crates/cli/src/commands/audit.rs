//! `chancery audit`: what the recorded audits amount to.

use std::path::PathBuf;

use chancery_chain::{Size, TreeHash};
use chancery_core::day::Day;
use chancery_ledger::ledger;
use chancery_store::RollReader;

use crate::args::{AuditArgs, AuditCommand, AuditReportArgs};
use crate::audits::standing::{Coverages, Standing};
use crate::audits::{self, Audit, Log};
use crate::context::Context;
use crate::explain;
use crate::failure::{Exit, Failure};
use crate::view::audit::{Report, html, json, text};
use crate::view::page::Page;
use crate::view::style::Style;

/// Within how many days everything is to be verified, unless it is said.
const WITHIN: u32 = 30;

/// Does what is asked with the recorded audits.
///
/// # Errors
/// There is no ledger, or no log; or not everything was verified in time.
pub fn run(context: &mut Context, args: &AuditArgs) -> Result<(), Failure> {
    match &args.command {
        AuditCommand::Report(args) => report(context, args),
    }
}

fn report(context: &mut Context, args: &AuditReportArgs) -> Result<(), Failure> {
    let folder = context.folder()?;
    let today = context.today()?;
    let log = read_logs(args, folder.join(audits::FILE))?;
    let roll = RollReader::open(&folder).map_err(|error| explain::read(&error))?;
    let report = made(&roll, today, args.within.unwrap_or(WITHIN), log)?;
    match &args.html {
        Some(path) => {
            std::fs::write(path, html::page(&report)).map_err(|error| {
                let message = format!("cannot write {}", path.display());
                Failure::new(Exit::System, message).cause(error)
            })?;
            context.notice(&format!("wrote {}", path.display()));
        }
        None if context.global.json => context.out.json(&json::report(&report))?,
        None => {
            let mut page = Page::new(Style::of(context.global.color));
            text::report(&mut page, &report);
            page.write(&mut context.out)?;
        }
    }
    if report.is_contradicted() || (args.within.is_some() && !report.is_covered()) {
        context.out.finish()?;
        return Err(Failure::told(Exit::No));
    }
    Ok(())
}

/// Reads the logs that are named, or the one in the ledger's folder.
fn read_logs(args: &AuditReportArgs, usual: PathBuf) -> Result<Log, Failure> {
    let paths = if args.log.is_empty() {
        vec![usual]
    } else {
        args.log.clone()
    };
    let mut all = Log::default();
    for path in paths {
        let log = audits::read(&path).map_err(|error| {
            Failure::new(
                Exit::System,
                format!("cannot read the audit log {}", path.display()),
            )
            .cause(error)
            .hint("`chancery verify --record` begins one")
        })?;
        all.audits.extend(log.audits);
        all.unread.extend(log.unread);
    }
    Ok(all)
}

fn made(roll: &RollReader, today: Day, within: u32, log: Log) -> Result<Report, Failure> {
    let (origin, _) = ledger::founded(roll).map_err(|error| explain::ledger(&error))?;
    let head = roll.head();
    let mut audits: Vec<(Audit, Standing)> = (log.audits.into_iter())
        .map(|audit| {
            let standing = standing(&audit, origin.as_str(), today, roll);
            (audit, standing)
        })
        .collect();
    // As text, moments in UTC stand in their order; the sort keeps the file's.
    audits.sort_by(|(one, _), (other, _)| one.at.cmp(&other.at));
    audits.reverse();
    let counted = audits.iter().filter_map(|(audit, standing)| {
        let day = audit.day()?;
        (*standing == Standing::Counts).then_some((audit, day))
    });
    let size = head.size.get();
    let coverages = Coverages::of(size, counted);
    let since = today.checked_add_days(-i64::from(within));
    Ok(Report {
        origin: origin.as_str().to_owned(),
        size,
        head: head.hash.to_string(),
        today,
        within,
        since: since.unwrap_or(today),
        coverages,
        audits,
        unread: log.unread.len(),
    })
}

/// Returns whether an audit counts for the ledger at hand.
fn standing(audit: &Audit, origin: &str, today: Day, roll: &RollReader) -> Standing {
    if audit.origin.as_deref() != Some(origin) {
        return Standing::OtherLedger;
    }
    let Some(day) = audit.day() else {
        return Standing::Undated;
    };
    if audit.verdict == "damaged" {
        return Standing::Damage;
    }
    let size = Size::new(audit.size);
    if size > roll.size() {
        return Standing::Longer;
    }
    let root = audit.root.as_deref().and_then(TreeHash::from_base64);
    match (root, roll.root_at(size)) {
        (Some(root), Ok(here)) if root != here => Standing::OtherHistory,
        (Some(_), Ok(_)) if day > today => Standing::Later,
        (Some(_), Ok(_)) => Standing::Counts,
        _ => Standing::Untold,
    }
}
