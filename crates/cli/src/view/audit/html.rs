//! The report as a page for a browser: one file, without script, that fetches nothing.
//!
//! Whatever comes from a record or a log is escaped; nothing of it is markup.

use std::fmt::Write as _;

use super::{Covered, Report, compared_with, looked_at, verdict};
use crate::audits::Audit;
use crate::audits::coverage::Range;
use crate::audits::standing::Standing;
use crate::view::markup::escape;
use crate::view::say;

const STYLE: &str = include_str!("page.css");

/// Returns the page.
pub fn page(report: &Report) -> String {
    let mut page = String::new();
    head(&mut page, report);
    levels(&mut page, report);
    audits(&mut page, report);
    found(&mut page, report);
    foot(&mut page, report);
    page
}

// Writing to a String cannot fail.
macro_rules! put {
    ($page:expr, $($text:tt)*) => { let _ = writeln!($page, $($text)*); };
}

fn head(page: &mut String, report: &Report) {
    let origin = escape(&report.origin);
    put!(
        page,
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">"
    );
    put!(
        page,
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
    );
    put!(page, "<title>Audits of {origin}, {}</title>", report.today);
    put!(page, "<style>\n{STYLE}</style>\n<body>\n<header>");
    put!(
        page,
        "<p class=\"origin\">{origin}</p>\n<h1>Audits until {}</h1>",
        report.today
    );
    put!(page, "</header>\n<main>");
    let no = if report.is_covered() { "" } else { " no" };
    put!(
        page,
        "<p class=\"answer{no}\">{}.</p>",
        capital(&report.answer())
    );
    if report.is_contradicted() {
        put!(
            page,
            "<p class=\"alarm\">An audit saw what this ledger does not continue: entries were \
            changed or removed since, or the log is not of this ledger. Compare it with a checkpoint \
            that was kept elsewhere.</p>"
        );
    }
    put!(page, "<dl>\n<dt>Entries</dt><dd>{}</dd>", report.size);
    put!(
        page,
        "<dt>Head</dt><dd class=\"hash\">{}</dd>",
        escape(&report.head)
    );
    let days = say::number(report.within as usize, "day", "days");
    put!(
        page,
        "<dt>In time</dt><dd>{} to {} ({days})</dd>",
        report.since,
        report.today
    );
    if let Some(oldest) = report.oldest() {
        put!(page, "<dt>Longest ago</dt><dd>entries {oldest}</dd>");
    }
    put!(page, "</dl>");
}

fn levels(page: &mut String, report: &Report) {
    put!(page, "<h2>What was verified in time</h2>\n<table>");
    put!(
        page,
        "<tr><th>Level<th>Entries<th>From the first to the last<th>Not verified in time"
    );
    for covered in report.covered() {
        let Covered {
            level,
            entries,
            missing,
        } = &covered;
        let late = match missing.as_slice() {
            [] => "–".to_owned(),
            missing => say::ranges(missing),
        };
        put!(
            page,
            "<tr><td>{level}<td class=\"number\">{entries} of {}<td>{}<td>{late}",
            report.size,
            bar(missing, report.size)
        );
    }
    put!(page, "</table>");
}

/// Returns a bar of all entries, with those that are missing marked.
fn bar(missing: &[Range], size: u64) -> String {
    let mut bar = "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" \
        role=\"img\" aria-label=\"coverage\"><rect class=\"all\" width=\"1000\" height=\"10\"/>"
        .to_owned();
    for (first, end) in stripes(missing, size) {
        let _ = write!(
            bar,
            "<rect class=\"missing\" x=\"{first}\" width=\"{}\" height=\"10\"/>",
            end - first
        );
    }
    bar + "</svg>"
}

/// Returns the stripes of a bar a thousand units wide; what is missing is never
/// too thin to be seen, and stripes that touch are one.
fn stripes(missing: &[Range], size: u64) -> Vec<Range> {
    let at = |entry: u64| u64::try_from(u128::from(entry) * 1000 / u128::from(size.max(1)));
    let mut stripes: Vec<Range> = Vec::new();
    for (first, last) in missing {
        let first = at(*first).unwrap_or(1000).min(997);
        let end = at(last.saturating_add(1))
            .unwrap_or(1000)
            .clamp(first + 3, 1000);
        match stripes.last_mut() {
            Some((_, before)) if *before >= first => *before = end.max(*before),
            _ => stripes.push((first, end)),
        }
    }
    stripes
}

fn audits(page: &mut String, report: &Report) {
    put!(page, "<h2>Audits, the last first</h2>");
    if report.audits.is_empty() {
        put!(page, "<p>None was recorded.</p>");
        return;
    }
    put!(page, "<div class=\"wide\"><table>");
    put!(
        page,
        "<tr><th>When (UTC)<th>By<th>What<th>Against<th>Verdict<th>Program"
    );
    for (audit, standing) in &report.audits {
        row(page, audit, *standing);
    }
    put!(page, "</table></div>");
}

fn row(page: &mut String, audit: &Audit, standing: Standing) {
    let bad = if standing == Standing::Counts {
        ""
    } else {
        " class=\"bad\""
    };
    let [at, by, program] = [
        audit.at.as_str(),
        audit.by.as_deref().unwrap_or("–"),
        audit.program.as_str(),
    ]
    .map(escape);
    put!(
        page,
        "<tr><td class=\"number\">{at}<td>{by}<td>{}<td>{}<td{bad}>{}<td>{program}",
        escape(&looked_at(audit)),
        escape(&compared_with(audit)),
        escape(&verdict(audit, standing))
    );
}

fn found(page: &mut String, report: &Report) {
    let Some(audit) = report.last_found() else {
        return;
    };
    put!(
        page,
        "<h2>What was last found, {}</h2>\n<table>",
        escape(&audit.at)
    );
    put!(
        page,
        "<tr><th>Severity<th>Code<th>How often<th>Entries<th>The first says"
    );
    for found in &audit.findings {
        let entries = found.first.zip(found.last);
        let entries = entries.map_or_else(|| "–".to_owned(), |range| say::ranges(&[range]));
        put!(
            page,
            "<tr><td>{}<td><code>{}</code><td class=\"number\">{}<td>{entries}<td>{}",
            escape(&found.severity),
            escape(&found.code),
            found.count,
            escape(&found.message)
        );
    }
    put!(page, "</table>");
}

fn foot(page: &mut String, report: &Report) {
    put!(page, "</main>\n<footer>");
    if report.unread > 0 {
        let lines = say::number(report.unread, "line", "lines");
        put!(page, "<p>{lines} of the log could not be read.</p>");
    }
    put!(
        page,
        "<p>This page says what the audit log says, and the log is a memory aid: whoever can write \
        to it can write anything. That an audit counts means that the tree it saw is the beginning of this \
        ledger's. To know and not to believe, run <code>chancery verify</code> with a checkpoint that \
        was kept elsewhere.</p>\n<p>Made by chancery {}.</p>\n</footer>\n</body>\n</html>",
        env!("CARGO_PKG_VERSION")
    );
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_seen_on_the_bar_however_little_it_is() {
        assert_eq!(stripes(&[], 100), []);
        assert_eq!(stripes(&[(0, 99)], 100), [(0, 1000)]);
        assert_eq!(stripes(&[(1_000_000, 1_000_000)], 4_000_000), [(250, 253)]);
        assert_eq!(stripes(&[(3_999_999, 3_999_999)], 4_000_000), [(997, 1000)]);
        assert_eq!(stripes(&[(5, 5), (7, 7)], 1_000_000), [(0, 3)]);
    }
}
