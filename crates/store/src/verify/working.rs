//! Verifying the working copy: a copy of it, since sled rewrites what it opens.
//!
//! What is found here never concerns the record: the roll is that. The store can
//! be made again from it at any time.

use std::path::Path;

use chancery_chain::seal::Entry;
use chancery_chain::{Audit, Envelope, Finding, Kind, Seq, Severity, Size, Slot};

use super::{Checked, Report, VerifyError};
use crate::engine::{Engine, EngineError, STORE_FOLDER};
use crate::files;
use crate::lock::Lock;
use crate::mark::Mark;
use crate::roll::reader::{Entries, RollReader};
use crate::store::IndexOf;

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
    let _lock = Lock::take(folder)?;
    let copy = files::unused(&folder.join("store.copy"));
    files::copy_folder(&store, &copy)?;
    let mut look = Look::new(index);
    if let Err(fault) = look.at(folder, &copy) {
        look.damage(fault.to_string());
    }
    files::remove_folder(&copy)?;
    Ok(look.report())
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

    fn at(&mut self, folder: &Path, copy: &Path) -> Result<(), EngineError> {
        let engine = Engine::open(copy)?;
        let reader = RollReader::open(folder).ok();
        let mut roll = reader.as_ref().map(|reader| reader.entries(Seq::FIRST));
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
        self.compare_ends(&engine, folder, reader.as_ref())
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

    fn compare_ends(
        &mut self,
        engine: &Engine,
        folder: &Path,
        reader: Option<&RollReader>,
    ) -> Result<(), EngineError> {
        let size = Size::new(self.next.get());
        let head = engine.head()?;
        if head.is_none_or(|head| head.size != size) {
            let said = head.map_or(Size::EMPTY, |head| head.size);
            self.damage(format!(
                "it holds {size} entries and says that it holds {said}"
            ));
        }
        let marked = Mark::read(folder)?.map_or(Size::EMPTY, |mark| mark.size);
        if size < marked {
            self.damage(format!("it held {marked} entries and holds {size}"));
        }
        let Some(reader) = reader else { return Ok(()) };
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
