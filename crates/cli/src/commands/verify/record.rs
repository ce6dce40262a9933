//! Recording what was verified, in the audit log.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chancery_chain::{Finding, Instant, Seq, Size};
use chancery_ledger::verify::{Extent, Verified};

use super::verdict;
use crate::args::PartArgs;
use crate::audits::{self, Against, Audit, Checked, Found, Sample};
use crate::clock;
use crate::failure::{Exit, Failure};

/// When an audit began, and how long it took.
pub(super) struct Timed {
    pub(super) began: Instant,
    pub(super) took: Duration,
}

/// Adds what was verified to the audit log; returns where, if it was to be recorded.
pub(super) fn record(
    folder: &Path,
    args: &PartArgs,
    verified: &Verified,
    seed: Option<u64>,
    timed: &Timed,
) -> Result<Option<PathBuf>, Failure> {
    let Some(named) = &args.record else {
        return Ok(None);
    };
    let path = named.clone();
    let path = path.unwrap_or_else(|| folder.join(audits::FILE));
    let by = args.by.clone().or_else(|| std::env::var("USER").ok());
    let audit = audit(verified, by.filter(|by| !by.is_empty()), seed, timed);
    audits::append(&path, &audit).map_err(|error| {
        let message = format!("cannot record the audit in {}", path.display());
        Failure::new(Exit::System, message).cause(error)
    })?;
    Ok(Some(path))
}

fn audit(verified: &Verified, by: Option<String>, seed: Option<u64>, timed: &Timed) -> Audit {
    let report = &verified.report;
    let extent = &verified.part.extent;
    let drawn = seed.zip(verified.drawn);
    Audit {
        schema: audits::SCHEMA.to_owned(),
        at: clock::written_short(timed.began),
        milliseconds: u64::try_from(timed.took.as_millis()).unwrap_or(u64::MAX),
        by,
        program: concat!("chancery ", env!("CARGO_PKG_VERSION")).to_owned(),
        origin: report
            .origin
            .as_ref()
            .map(|origin| origin.as_str().to_owned()),
        founding: report.founding.map(|hash| hash.to_string()),
        size: report.size.get(),
        head: report.head.hash.to_string(),
        root: report.root.map(|root| root.to_string()),
        levels: (verified.part.levels.iter())
            .map(|level| level.name().to_owned())
            .collect(),
        extent: extent_name(extent).to_owned(),
        covered: (report.covered.iter())
            .map(|(first, last)| (first.get(), last.get()))
            .collect(),
        taken_as_verified: verified.taken.get(),
        sample: drawn.map(|(seed, drawn)| Sample {
            seed,
            bundles: drawn.bundles,
            of: drawn.of,
        }),
        against: Against {
            founding: verified.pinned,
            checkpoints: verified.agrees.iter().map(|size| size.get()).collect(),
            signed: verified.believed.map(Size::get),
        },
        verdict: verdict::word(verified).to_owned(),
        checked: Checked {
            entries: report.checked.entries,
            bodies: report.checked.bodies,
            tiles: report.checked.tiles,
            signatures: report.checked.signatures,
            sources: verified.sources,
            bytes: report.checked.bytes,
        },
        findings: by_code(&report.findings),
    }
}

const fn extent_name(extent: &Extent) -> &'static str {
    match extent {
        Extent::Whole => "whole",
        Extent::Between(..) => "range",
        Extent::Since(_) => "since",
        Extent::Sample { .. } => "sample",
    }
}

/// Returns the findings by severity and code, in the order in which each first came.
pub(super) fn by_code(findings: &[Finding]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for finding in findings {
        let (first, last) = finding.entries.unzip();
        let (first, last) = (first.map(Seq::get), last.map(Seq::get));
        let severity = finding.severity.name();
        let same = |one: &&mut Found| one.code == finding.code && one.severity == severity;
        if let Some(one) = found.iter_mut().find(same) {
            one.count += 1;
            one.first = one.first.into_iter().chain(first).min();
            one.last = one.last.max(last);
            continue;
        }
        found.push(Found {
            code: finding.code.to_owned(),
            severity: severity.to_owned(),
            count: 1,
            first,
            last,
            file: finding.file.clone(),
            message: finding.message.clone(),
        });
    }
    found
}
