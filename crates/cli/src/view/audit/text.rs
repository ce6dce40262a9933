//! The report on a terminal.

use super::{Report, compared_with, looked_at, verdict};
use crate::view::page::Page;
use crate::view::say;

/// How many audits are listed; the page for a browser and `--json` list all.
const LISTED: usize = 10;
/// How wide the labels are.
const COLUMN: usize = 12;

/// Writes the report on a page.
pub fn report(page: &mut Page, report: &Report) {
    page.heading(&format!("{}: {}", report.origin, report.answer()));
    let (today, since) = (report.today, report.since);
    page.aside(
        0,
        &format!("from {since} to {today}, by the audits that were recorded"),
    );
    page.gap();
    for covered in report.covered() {
        let (entries, size) = (covered.entries, report.size);
        let mut text = format!("{entries} of {size} entries");
        if !covered.missing.is_empty() {
            text += &format!("; not {}", say::ranges(&covered.missing));
        }
        page.labelled(0, covered.level, COLUMN, &text);
    }
    if let Some(oldest) = report.oldest() {
        page.labelled(0, "longest ago", COLUMN, &format!("entries {oldest}"));
    }
    page.labelled(0, "size", COLUMN, &report.size.to_string());
    page.labelled(0, "head", COLUMN, &report.head);
    audits(page, report);
    found(page, report);
    remarks(page, report);
}

fn audits(page: &mut Page, report: &Report) {
    let rows: Vec<Vec<String>> = (report.audits.iter().take(LISTED))
        .map(|(audit, standing)| {
            let by = audit.by.clone().unwrap_or_default();
            let what = format!(
                "{}\nagainst {}\n{}",
                looked_at(audit),
                compared_with(audit),
                verdict(audit, *standing)
            );
            vec![audit.at.clone(), by, what]
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    page.table(0, &["audit", "by", "what, against what, verdict"], &rows);
    if let Some(more @ 1..) = report.audits.len().checked_sub(LISTED) {
        let audits = say::number(more, "earlier audit", "earlier audits");
        page.aside(0, &format!("and {audits}; --json and --html list all"));
    }
}

fn found(page: &mut Page, report: &Report) {
    let Some(audit) = report.last_found() else {
        return;
    };
    page.heading(&format!("Last found, {}", audit.at));
    for found in &audit.findings {
        let (severity, code, count) = (&found.severity, &found.code, found.count);
        let times = say::counted(count, count, "finding", "findings");
        page.text(
            0,
            &format!("{severity}: {code}: {times}; {}", found.message),
        );
    }
}

fn remarks(page: &mut Page, report: &Report) {
    if report.is_contradicted() {
        page.gap();
        page.text(
            0,
            "An audit saw what this ledger does not continue: entries were changed or \
             removed since, or the log is not of this ledger. Compare it with a checkpoint \
             that was kept elsewhere: verify --against.",
        );
    }
    if report.unread > 0 {
        page.gap();
        let lines = say::number(report.unread, "line", "lines");
        page.text(0, &format!("{lines} of the log could not be read."));
    }
}
