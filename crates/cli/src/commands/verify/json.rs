//! What verifying came to, as `chancery.verify/1`.

use chancery_chain::{Finding, Size};
use chancery_ledger::verify::Verified;
use chancery_store::verify::Level;
use serde_json::{Value, json};

use super::{Outside, Pinned, Signed, Stamped, verdict};
use crate::clock;
use crate::commands::{timestamp, trust};

/// Returns a finding as it stands in `chancery.verify/1`.
pub(crate) fn finding_json(finding: &Finding) -> Value {
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

/// Returns the whole answer.
pub(super) fn of(verified: &Verified, outside: &Outside, seed: Option<u64>) -> Value {
    let report = &verified.report;
    let part = &verified.part;
    let covered = report.covered.iter();
    let sample = seed
        .zip(verified.drawn)
        .map(|(seed, drawn)| json!({"seed": seed, "bundles": drawn.bundles, "of": drawn.of}));
    json!({
        "schema": "chancery.verify/1",
        "intact": !report.is_damaged(),
        "verdict": verdict::word(verified),
        "origin": report.origin.as_ref().map(chancery_chain::Origin::as_str),
        "founding": report.founding.map(|hash| hash.to_string()),
        "pinned": verified.pinned,
        "agrees_with": verified.agrees.iter().map(|size| size.get()).collect::<Vec<_>>(),
        "believed": verified.believed.map(Size::get),
        "signed": outside.signed.iter().map(signed).collect::<Vec<_>>(),
        "timestamps": outside.stamped.iter().map(stamped).collect::<Vec<_>>(),
        "pin": outside.pinned.as_ref().map(pin),
        "size": report.size.get(),
        "head": report.head.hash.to_string(),
        "root": report.root.map(|root| root.to_string()),
        "levels": part.levels.iter().map(Level::name).collect::<Vec<_>>(),
        "covered": covered.map(|(first, last)| [first.get(), last.get()]).collect::<Vec<_>>(),
        "taken_as_verified": verified.taken.get(),
        "sample": sample,
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

fn signed(signed: &Signed) -> Value {
    let believed = &signed.believed;
    json!({
        "file": signed.name,
        "size": believed.checkpoint.size().get(),
        "signers": believed.signers(),
        "cosigned": trust::cosigned(believed),
        "seen": believed.seen.map(clock::written),
    })
}

fn stamped(stamped: &Stamped) -> Value {
    let mut value = timestamp::json(&stamped.stamp);
    value["file"] = json!(stamped.name);
    value["checkpoint"] = json!(stamped.checkpoint);
    value["size"] = json!(stamped.size.get());
    value
}

fn pin(pinned: &Pinned) -> Value {
    json!({
        "file": pinned.path.display().to_string(),
        "was": pinned.was.map(Size::get),
        "is": pinned.is.get(),
    })
}
