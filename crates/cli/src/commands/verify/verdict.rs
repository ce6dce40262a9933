//! The verdict: in a word, and in a sentence with its reasons.

use chancery_chain::{Finding, Severity};
use chancery_ledger::verify::Verified;

use crate::view::say;

/// The word for a ledger that was compared with nothing.
pub(super) const ALONE: &str = "self-consistent";

/// Returns the verdict in a word.
pub(super) fn word(verified: &Verified) -> &'static str {
    match verified.report.worst() {
        Some(Severity::Damage) => "damaged",
        Some(Severity::Gap) => "incomplete",
        _ if verified.pinned || verified.believed.is_some() || !verified.agrees.is_empty() => {
            "authentic"
        }
        _ => ALONE,
    }
}

/// Returns the verdict with its reasons.
pub(super) fn sentence(verified: &Verified) -> String {
    let damage = |finding: &&Finding| finding.severity == Severity::Damage;
    let damaged = verified.report.findings.iter().filter(damage).count();
    if damaged > 0 {
        return format!("DAMAGED: {}", say::number(damaged, "finding", "findings"));
    }
    let gaps = verified.report.worst() == Some(Severity::Gap);
    let all = verified.part.extent.is_whole() && verified.part.levels.are_all() && !gaps;
    let intact = if all {
        "intact"
    } else {
        "intact where verified"
    };
    let largest = verified.agrees.iter().max();
    let agrees =
        largest.map(|size| format!("its first {size} entries are those of your checkpoint"));
    let begins = verified
        .pinned
        .then(|| "it begins with the founding you named".to_owned());
    let signed = verified.believed;
    let signed =
        signed.map(|size| format!("its checkpoint of {size} entries is signed as you ask"));
    let reasons: Vec<String> = begins.into_iter().chain(agrees).chain(signed).collect();
    if reasons.is_empty() {
        return format!("{intact} (self-consistent)");
    }
    format!("{intact}, and authentic: {}", reasons.join(", and "))
}
