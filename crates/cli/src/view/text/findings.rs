//! What is odd in the record, for people: by severity, then by sort.

use chancery_core::replay::check::{Code, Finding, Severity};
use chancery_core::worlds::Certainty;

use super::{BELOW, INDENT};
use crate::view::page::Page;
use crate::view::say;

/// How many findings of one sort are told, unless all are asked for.
const EACH: usize = 5;

/// Adds the findings; of each sort the first few, and what is only possible not
/// at all, unless all are asked for.
pub fn findings(page: &mut Page, found: &[Finding], all: bool) {
    let (certain, possible): (Vec<_>, Vec<_>) = found
        .iter()
        .partition(|finding| finding.certainty == Certainty::Certain);
    let mut cut = false;
    for severity in [Severity::Contradiction, Severity::Oddity, Severity::Notice] {
        let of = certain.iter().filter(|it| it.severity() == severity);
        let of: Vec<&Finding> = of.copied().collect();
        if !of.is_empty() {
            page.heading(&format!("{}: {}", title(severity), of.len()));
            cut |= sorts(page, &of, all);
        }
    }
    if all && !possible.is_empty() {
        page.heading(&format!(
            "Odd in some possible worlds only: {}",
            possible.len()
        ));
        sorts(page, &possible, all);
    }
    page.gap();
    if certain.is_empty() {
        page.text(0, "nothing is odd for certain");
    }
    if !all && !possible.is_empty() {
        let (be, odd) = if possible.len() == 1 {
            ("is", "thing")
        } else {
            ("are", "things")
        };
        let text = format!(
            "{} {odd} {be} odd in some possible worlds only; --all lists them",
            possible.len()
        );
        page.aside(0, &text);
    } else if cut {
        page.aside(0, "--all lists the rest");
    }
}

const fn title(severity: Severity) -> &'static str {
    match severity {
        Severity::Contradiction => "Contradictions",
        Severity::Oddity => "Oddities",
        Severity::Notice => "Notices",
    }
}

/// Adds findings sort by sort; returns whether some were left out.
fn sorts(page: &mut Page, found: &[&Finding], all: bool) -> bool {
    let mut cut = false;
    for of in found.chunk_by(|one, other| one.code == other.code) {
        let Some(first) = of.first() else { continue };
        page.gap();
        page.item(INDENT, first.code.word(), "");
        let shown = if all { of.len() } else { of.len().min(EACH) };
        for finding in &of[..shown] {
            one(page, finding);
        }
        if shown < of.len() {
            page.aside(BELOW, &format!("and {} more", of.len() - shown));
            cut = true;
        }
        help(page, first.code);
    }
    cut
}

/// Adds one finding: the sentence, and where the records stand.
pub fn one(page: &mut Page, finding: &Finding) {
    let possibly = say::possibly(finding.certainty);
    let entries = say::entries(&finding.seqs);
    page.item(
        BELOW,
        "-",
        &format!("{possibly}{} ({entries})", finding.message),
    );
}

fn help(page: &mut Page, code: Code) {
    page.aside(BELOW, &format!("what can be done: {}", code.help()));
}
