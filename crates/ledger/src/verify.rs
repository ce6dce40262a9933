//! Verifying a ledger: the roll below, and what only the record knows of it:
//! that bodies read as records, and that the source files are those spoken of.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use chancery_chain::{Checkpoint, Digest, Envelope, Finding, Hash, Note, Seq, Size, Slot};
use chancery_core::record::{MalformedRecord, Names, Record, RecordKind};
use chancery_store::verify::{Kept, Progress, Report, VerifyError, verify_roll};

use crate::custody::{Custody, FOLDER};
use crate::settings;

/// What verifying a whole ledger came to.
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

/// A source file that records speak of.
struct Expected {
    length: u64,
    /// The records that took it into custody.
    entries: Vec<Seq>,
}

/// Which kind stands where, for telling what a change changes.
#[derive(Default)]
struct Kinds {
    of: HashMap<u64, RecordKind>,
    /// What supplements, corrections and retractions name.
    subjects: HashMap<u64, u64>,
}

impl Names for Kinds {
    fn name(&self, seq: u64) -> String {
        format!("#{seq}")
    }

    fn kind(&self, seq: u64) -> Option<RecordKind> {
        self.of.get(&seq).copied()
    }

    fn subject_kind(&self, seq: u64) -> Option<RecordKind> {
        self.kind(*self.subjects.get(&seq)?)
    }
}

/// What is learnt of the records while the roll is read.
#[derive(Default)]
struct Records {
    kinds: Kinds,
    read: u64,
    opaque: u64,
    files: BTreeMap<Digest, Expected>,
    findings: Vec<Finding>,
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
    let mut records = Records::default();
    let mut told = |done, total| progress(done, total);
    let mut each = |seq: Seq, envelope: &Envelope, slot: &Slot| records.take(seq, envelope, slot);
    let progress: &mut Progress<'_> = &mut told;
    let mut report = verify_roll(folder, &against.checkpoints, progress, &mut each)?;
    let sources = check_sources(folder, &records.files, &mut records.findings);
    report.findings.append(&mut records.findings);
    report.findings.extend(check_settings(folder, &report));
    let pinned = check_founding(against.founding.as_ref(), &mut report);
    let agrees = agrees(&against.checkpoints, &report);
    Ok(Verified {
        report,
        records: records.read,
        opaque: records.opaque,
        sources,
        pinned,
        agrees,
    })
}

/// Verifies a copy of the store's working copy: every entry, every index pair.
///
/// # Errors
/// There is no store, or it cannot be copied.
pub fn verify_store(folder: &Path) -> Result<Report, VerifyError> {
    chancery_store::verify::verify_store(folder, &crate::index::pairs)
}

impl Records {
    fn take(&mut self, seq: Seq, envelope: &Envelope, slot: &Slot) {
        let Slot::Body { body, .. } = slot else {
            return;
        };
        // A body that is not the one hashed has been told by the level below.
        if slot.body_hash() != Some(envelope.body_hash) {
            return;
        }
        match Record::decode(envelope.kind.get(), envelope.schema, body) {
            Ok(record) => {
                self.read += 1;
                self.note_file(seq, &record);
            }
            Err(MalformedRecord::Kind(_) | MalformedRecord::Schema(_)) => self.opaque += 1,
            Err(error) => self.findings.push(
                Finding::damage(
                    "record-malformed",
                    format!("the body of entry {seq}: {error}"),
                )
                .at(seq),
            ),
        }
    }

    fn note_file(&mut self, seq: Seq, record: &Record) {
        if let Some(subject) = record.subject() {
            self.kinds.subjects.insert(seq.get(), subject);
        }
        for file in record.files(&self.kinds) {
            let digest = Digest::from_bytes(file.digest);
            let fresh = || Expected {
                length: file.length,
                entries: Vec::new(),
            };
            self.files
                .entry(digest)
                .or_insert_with(fresh)
                .entries
                .push(seq);
        }
        self.kinds.of.insert(seq.get(), record.kind());
    }
}

fn check_sources(
    folder: &Path,
    expected: &BTreeMap<Digest, Expected>,
    findings: &mut Vec<Finding>,
) -> u64 {
    let custody = Custody::of(folder);
    let mut hashed = 0;
    for (digest, file) in expected {
        let path = format!("{FOLDER}/{digest}");
        let finding = match fs::read(custody.path(digest)) {
            Ok(bytes) => {
                hashed += 1;
                let found = Digest::of(&bytes);
                if found == *digest && bytes.len() as u64 == file.length {
                    continue;
                }
                let message = format!("the source file of {} was altered", entries(file));
                Finding::damage("source-altered", message).values(digest, found)
            }
            Err(error) => {
                let message = format!(
                    "the source file of {} cannot be read: {error}",
                    entries(file)
                );
                Finding::damage("source-missing", message)
            }
        };
        let (first, last) = (file.entries.first(), file.entries.last());
        let (Some(first), Some(last)) = (first, last) else {
            continue;
        };
        findings.push(finding.between(*first, *last).file(path));
    }
    findings.extend(strays(&custody, expected));
    hashed
}

/// Tells files in the folder of sources that no record speaks of: left behind
/// by a submission that was not recorded, or put there.
fn strays(custody: &Custody, expected: &BTreeMap<Digest, Expected>) -> Vec<Finding> {
    let names = match custody.names() {
        Ok(names) => names,
        Err(error) => {
            let message = format!("the folder of sources cannot be read: {error}");
            return vec![Finding::damage("sources-unreadable", message).file(FOLDER)];
        }
    };
    let stray = |name: &String| {
        !name
            .parse()
            .is_ok_and(|digest| expected.contains_key(&digest))
    };
    let notice = |name: String| {
        let message = format!("no record speaks of the file {name}");
        Finding::notice("source-unreferenced", message).file(format!("{FOLDER}/{name}"))
    };
    names.into_iter().filter(stray).map(notice).collect()
}

fn entries(file: &Expected) -> String {
    let names: Vec<String> = file
        .entries
        .iter()
        .map(|seq| format!("entry {seq}"))
        .collect();
    names.join(", ")
}

/// Compares `ledger.toml` with what the first entries say.
fn check_settings(folder: &Path, report: &Report) -> Option<Finding> {
    let expected = settings::of(report)?;
    let finding =
        |message: &str| Some(Finding::damage("settings-differ", message).file(settings::FILE));
    match std::fs::read_to_string(folder.join(settings::FILE)) {
        Ok(found) if found == expected => None,
        Ok(_) => finding("ledger.toml does not say what the first entries say"),
        Err(_) => finding("ledger.toml cannot be read"),
    }
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
    let faulted = |kept: &&Kept| {
        let of_it = |finding: &&Finding| finding.file.as_deref() == Some(kept.name.as_str());
        !report.findings.iter().any(|finding| of_it(&finding))
    };
    let sound = checkpoints.iter().filter(faulted);
    let size = |kept: &Kept| {
        let note = Note::parse(&kept.note).ok()?;
        Some(Checkpoint::parse(note.text()).ok()?.size())
    };
    sound.filter_map(size).collect()
}
