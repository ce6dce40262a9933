//! The report as `chancery.audit-report/1`.

use serde_json::{Value, json};

use super::Report;
use crate::audits::Audit;
use crate::audits::standing::Standing;

/// Returns the report.
pub fn report(report: &Report) -> Value {
    let covered: Vec<Value> = (report.covered().iter())
        .map(|covered| {
            json!({
                "level": covered.level,
                "entries": covered.entries,
                "missing": covered.missing,
            })
        })
        .collect();
    let oldest = report.coverages.all.oldest().map(|(range, day)| {
        json!({"first": range.0, "last": range.1, "day": day.map(|day| day.to_string())})
    });
    let audits = report.audits.iter();
    json!({
        "schema": "chancery.audit-report/1",
        "origin": report.origin,
        "size": report.size,
        "head": report.head,
        "today": report.today.to_string(),
        "within": report.within,
        "since": report.since.to_string(),
        "covered": report.is_covered(),
        "contradicted": report.is_contradicted(),
        "levels": covered,
        "missing": report.missing(),
        "longest_ago": oldest,
        "audits": audits.map(|(audit, standing)| one(audit, *standing)).collect::<Vec<_>>(),
        "unread_lines": report.unread,
    })
}

fn one(audit: &Audit, standing: Standing) -> Value {
    json!({
        "counts": standing == Standing::Counts,
        "reason": standing.reason(),
        "audit": audit,
    })
}
