//! Verifying a ledger: the roll below, and what only the record knows of it:
//! that bodies read as records, and that the source files are those spoken of.

mod part;
pub(crate) mod records;
pub mod sample;
mod sources;

use std::io::{self, Read as _};
use std::path::Path;

use chancery_chain::{Checkpoint, Envelope, Finding, Hash, Kind, Note, Seq, Severity, Size, Slot};
use chancery_store::open_plain;
use chancery_store::verify::{Asked, Kept, Level, Progress, Report, VerifyError, verify_roll};

pub use part::{Extent, Part};
use records::{Records, Seen};
use sample::Drawn;

use crate::settings;

/// What verifying a ledger came to.
pub struct Verified {
    /// What the roll's verification came to; its findings include those below.
    pub report: Report,
    /// How many records were read.
    pub records: u64,
    /// How many records are of a newer program's kinds or schema.
    pub opaque: u64,
    /// How many source files were hashed.
    pub sources: u64,
    /// Whether the founding hash was given and is the ledger's.
    pub pinned: bool,
    /// The sizes of the checkpoints kept elsewhere that the ledger agrees with.
    pub agrees: Vec<Size>,
    /// How many entries are under a checkpoint that whoever verifies believes
    /// for its signatures; for the caller to say.
    pub believed: Option<Size>,
    /// What was asked for.
    pub part: Part,
    /// How many entries were taken as verified, since a checkpoint that holds covers them.
    pub taken: Size,
    /// What was drawn, if a sample was asked for.
    pub drawn: Option<Drawn>,
}

/// What a ledger is compared with: without any of it, that it contradicts itself
/// nowhere is all that can be said.
#[derive(Clone, Debug, Default)]
pub struct Against {
    /// The hash that the first submission must end in.
    pub founding: Option<Hash>,
    /// Checkpoints that were kept elsewhere.
    pub checkpoints: Vec<Kept>,
}

/// Verifies the ledger in `folder`: every file of the roll, every body, every
/// source; and compares it with what is known of it elsewhere.
///
/// # Errors
/// There is no ledger there, or its folder cannot be listed.
pub fn verify(
    folder: &Path,
    against: &Against,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Verified, VerifyError> {
    verify_part(folder, against, &Part::default(), progress)
}

/// Verifies a part of the ledger in `folder`: some levels of it, or some entries.
///
/// # Errors
/// There is no ledger there, or its folder cannot be listed.
pub fn verify_part(
    folder: &Path,
    against: &Against,
    part: &Part,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Verified, VerifyError> {
    let checkpoints: Vec<Kept> = (part.extent.since().into_iter())
        .chain(&against.checkpoints)
        .cloned()
        .collect();
    let drawn = std::cell::Cell::new(None);
    let choice = |bundles| part.extent.choose(bundles, &drawn);
    let asked = Asked {
        levels: part.levels.clone(),
        choice: (!part.extent.is_whole()).then_some(&choice),
        against: &checkpoints,
    };
    let mut records = Records::default();
    let mut told = |done, total| progress(done, total);
    let mut each = |seq: Seq, kind: Kind, seen| records.take(seq, kind, seen);
    let read = &|envelope: &Envelope, slot: &Slot| Seen::of(envelope, slot);
    let progress: &mut Progress<'_> = &mut told;
    let mut report = verify_roll(folder, &asked, progress, read, &mut each)?;
    let mut sources = 0;
    if part.levels.has(Level::Sources) {
        let files = records.files();
        sources = sources::check(folder, &files, &mut records.findings);
        if part.extent.is_whole() {
            let all = report.worst() <= Some(Severity::Notice);
            let strays = sources::strays(folder, &files, all);
            records.findings.extend(strays);
        }
    }
    report.findings.append(&mut records.findings);
    report.findings.extend(check_settings(folder, &report));
    let pinned = check_founding(against.founding.as_ref(), &mut report);
    let agrees = agrees(&checkpoints, &report);
    // What a checkpoint covers that does not hold is not taken for its sake.
    let since = part.extent.since().filter(|kept| holds(kept, &report));
    let taken = since.map_or(Size::EMPTY, |_| part.extent.covered());
    Ok(Verified {
        taken,
        report,
        records: records.read,
        opaque: records.opaque,
        sources,
        pinned,
        agrees,
        believed: None,
        part: part.clone(),
        drawn: drawn.get(),
    })
}

/// Verifies a copy of the store's working copy: every entry, every index pair.
///
/// # Errors
/// There is no store, or it cannot be copied.
pub fn verify_store(folder: &Path) -> Result<Report, VerifyError> {
    chancery_store::verify::verify_store(folder, &crate::index::pairs)
}

/// Verifies a copy of the store's working copy, and returns what is found; that it could
/// not be looked at is a gap beside what was verified of the roll.
pub fn look_at_store(folder: &Path) -> Vec<Finding> {
    let fault = match verify_store(folder) {
        Ok(report) => return report.findings,
        Err(fault) => fault,
    };
    let cause = std::error::Error::source(&fault);
    let cause = cause.map_or_else(String::new, |cause| format!(": {cause}"));
    let message = format!("the store was not looked at: {fault}{cause}");
    let finding = Finding::gap("store-unchecked", message);
    vec![finding.file("store")]
}

/// Compares `ledger.toml` with what the first entries say.
fn check_settings(folder: &Path, report: &Report) -> Option<Finding> {
    let expected = settings::of(report)?;
    let finding =
        |message: &str| Some(Finding::damage("settings-differ", message).file(settings::FILE));
    match beginning(&folder.join(settings::FILE), expected.len() + 1) {
        Ok(found) if found == expected.as_bytes() => None,
        Ok(_) => finding("ledger.toml does not say what the first entries say"),
        Err(_) => finding("ledger.toml cannot be read"),
    }
}

/// Returns the first bytes of a plain file, at most so many.
fn beginning(path: &Path, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_plain(path)?
        .take(most as u64)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn check_founding(founding: Option<&Hash>, report: &mut Report) -> bool {
    let Some(expected) = founding else {
        return false;
    };
    if report.founding.as_ref() == Some(expected) {
        return true;
    }
    let found = report
        .founding
        .map_or_else(|| "none".to_owned(), |hash| hash.to_string());
    let message = "this is not the ledger with that founding hash";
    report
        .findings
        .push(Finding::damage("other-founding", message).values(expected, found));
    false
}

/// Returns the sizes of the checkpoints of which nothing bad was found.
fn agrees(checkpoints: &[Kept], report: &Report) -> Vec<Size> {
    let sound = checkpoints.iter().filter(|kept| holds(kept, report));
    let size = |kept: &Kept| {
        let note = Note::parse(&kept.note).ok()?;
        Some(Checkpoint::parse(note.text()).ok()?.size())
    };
    sound.filter_map(size).collect()
}

/// Returns whether nothing was found of a checkpoint.
fn holds(kept: &Kept, report: &Report) -> bool {
    let of_it = |finding: &Finding| finding.file.as_deref() == Some(kept.name.as_str());
    !report.findings.iter().any(of_it)
}
