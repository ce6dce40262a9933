//! Verifying the working copy: a copy of it, since sled rewrites what it opens.
//!
//! What is found here never concerns the record: the roll is that. The store can
//! be made again from it at any time.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use chancery_chain::seal::Entry;
use chancery_chain::{Audit, Envelope, Finding, Kind, Seq, Severity, Size, Slot};

use super::{Checked, Report, VerifyError};
use crate::engine::{Engine, EngineError, STORE_FOLDER};
use crate::files::{self, FileError};
use crate::lock::Lock;
use crate::mark::Mark;
use crate::roll::reader::{Entries, RollReader};
use crate::store::IndexOf;
use crate::store::working::look_at_files;

/// Verifies a copy of the store of the ledger in `folder`: every entry by the
/// audit, and against the roll if that can be read; and every index pair.
///
/// # Errors
/// There is no store, a writer is at work on it, or it cannot be copied.
pub fn verify_store(folder: &Path, index: &IndexOf) -> Result<Report, VerifyError> {
    let store = folder.join(STORE_FOLDER);
    if !store.is_dir() {
        let folder = folder.to_owned();
        return Err(VerifyError::NoStore { folder });
    }
    let copy = Copy::of(folder, &store)?;
    let mut look = Look::new(index);
    look.files(&copy);
    if let Err(fault) = look.at(&copy) {
        look.damage(fault.to_string());
    }
    Ok(look.report())
}

/// A copy of the store, which is gone when it is dropped, with what it is compared with.
struct Copy {
    folder: PathBuf,
    mark: Option<Mark>,
    roll: Option<RollReader>,
}

impl Copy {
    /// Copies the store, with writers kept out, and only meanwhile.
    fn of(folder: &Path, store: &Path) -> Result<Self, VerifyError> {
        let lock = Lock::keep_writers_out(folder)?;
        let copy = Self {
            folder: Self::place(folder)?,
            // That it cannot be read is told with the roll, to whose size it bears witness.
            mark: Mark::read(folder).unwrap_or_default(),
            roll: RollReader::open(folder).ok(),
        };
        files::copy_folder(store, &copy.folder)?;
        if lock.is_none() && Lock::keep_writers_out(folder)?.is_some() {
            // The first writer of all has come meanwhile.
            drop(copy);
            return Self::of(folder, store);
        }
        Ok(copy)
    }

    /// Makes a folder for a copy: beside the store, where an expunging looks for copies
    /// that were left, or elsewhere if nothing can be written there.
    fn place(folder: &Path) -> Result<PathBuf, FileError> {
        match files::make_unused_folder(&folder.join("store.copy")) {
            Err(fault) if denied(&fault) => {
                let elsewhere = std::env::temp_dir().join("chancery-store");
                files::make_unused_folder(&elsewhere)
            }
            made => made,
        }
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        // A copy that cannot be removed is in no one's way.
        let _ = files::remove_folder(&self.folder);
    }
}

fn denied(fault: &FileError) -> bool {
    let denied = [ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem];
    denied.contains(&fault.source.kind())
}

/// What has been seen of the store.
struct Look<'a> {
    index: &'a IndexOf,
    audit: Audit,
    next: Seq,
    checked: Checked,
    findings: Vec<Finding>,
}

impl<'a> Look<'a> {
    fn new(index: &'a IndexOf) -> Self {
        Self {
            index,
            audit: Audit::new(),
            next: Seq::FIRST,
            checked: Checked::default(),
            findings: Vec::new(),
        }
    }

    /// Tells why the store will not be used, if its files show it.
    fn files(&mut self, copy: &Copy) {
        if let Err(why) = look_at_files(&copy.folder, copy.mark) {
            let message = format!("the store will be made again from the roll, since {why}");
            let finding = Finding::notice("store-doubted", message);
            self.findings.push(finding.file(STORE_FOLDER));
        }
    }

    fn at(&mut self, copy: &Copy) -> Result<(), EngineError> {
        let engine = Engine::open(&copy.folder)?;
        let mut roll = copy.roll.as_ref().map(|reader| reader.entries(Seq::FIRST));
        for run in engine.runs() {
            let (first, entries) = run?;
            let Some(entries) = entries else {
                self.damage(format!(
                    "the run that begins with entry {first} does not read"
                ));
                continue;
            };
            for (seq, entry) in (first.get()..).map(Seq::new).zip(&entries) {
                self.entry(seq, entry, &engine, roll.as_mut())?;
            }
        }
        self.compare_ends(&engine, copy)
    }

    fn entry(
        &mut self,
        seq: Seq,
        entry: &Entry,
        engine: &Engine,
        roll: Option<&mut Entries<'_>>,
    ) -> Result<(), EngineError> {
        let skipped = seq.get().saturating_sub(self.next.get());
        self.next = Seq::new(seq.get().saturating_add(1));
        self.audit
            .entry(seq, &entry.envelope, Some(&entry.slot), None);
        self.checked.entries += 1;
        self.checked.bodies += u64::from(matches!(entry.slot, Slot::Body { .. }));
        self.checked.bytes += entry.envelope.len() as u64;
        let skip = usize::try_from(skipped).unwrap_or(usize::MAX);
        if let Some(Ok((_, other))) = roll.and_then(|roll| roll.nth(skip))
            && other != *entry
        {
            let message = "the store and the roll do not hold the same entry";
            let finding = Finding::damage("store-differs", message).at(seq);
            self.findings.push(finding.file(STORE_FOLDER));
        }
        let Ok(envelope) = Envelope::decode(&entry.envelope) else {
            return Ok(());
        };
        self.checked.signatures += u64::from(envelope.kind == Kind::CLOSING);
        for (key, value) in (self.index)(seq, &envelope, &entry.slot) {
            if engine.lookup(&key)?.as_ref() != Some(&value) {
                let message = "the store's index does not lead to the entry";
                let finding = Finding::damage("index-mismatch", message).at(seq);
                self.findings.push(finding.file(STORE_FOLDER));
            }
        }
        Ok(())
    }

    fn compare_ends(&mut self, engine: &Engine, copy: &Copy) -> Result<(), EngineError> {
        let size = Size::new(self.next.get());
        let head = engine.head()?;
        if head.is_none_or(|head| head.size != size) {
            let said = head.map_or(Size::EMPTY, |head| head.size);
            self.damage(format!(
                "it holds {size} entries and says that it holds {said}"
            ));
        }
        let marked = copy.mark.map_or(Size::EMPTY, |mark| mark.size);
        if size < marked {
            self.damage(format!("it held {marked} entries and holds {size}"));
        }
        let Some(reader) = &copy.roll else {
            return Ok(());
        };
        if size > reader.size() {
            self.damage(format!(
                "it holds {size} entries, the roll {}",
                reader.size()
            ));
        } else if size < reader.size() {
            let message = "the store is behind the roll; opening the ledger mends it";
            let finding = Finding::notice("store-behind", message).file(STORE_FOLDER);
            self.findings.push(finding.values(reader.size(), size));
        }
        Ok(())
    }

    fn damage(&mut self, what: impl Into<String>) {
        let finding = Finding::damage("store-damaged", what).file(STORE_FOLDER);
        self.findings.push(finding);
    }

    fn report(self) -> Report {
        let audited = self.audit.finish();
        let mut findings = self.findings;
        let placed = audited.findings.into_iter();
        findings.extend(placed.map(|finding| finding.file(STORE_FOLDER)));
        findings.sort_by_key(|found| found.severity == Severity::Notice);
        Report {
            findings,
            size: audited.size,
            head: audited.closed,
            root: audited.frontier.map(|frontier| frontier.root()),
            origin: audited.origin,
            founding: audited.founding,
            keyring: audited.keyring,
            checked: self.checked,
            covered: Vec::new(),
        }
    }
}
