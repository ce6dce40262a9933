//! What the ledger holds already, looked up record by record.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::rc::Rc;

use chancery_chain::{Digest, Envelope, Seq, Slot};
use chancery_core::record::{Record, RecordKind};
use chancery_core::replay::Readings;
use chancery_store::{EngineError, ReadError, RollReader, Store};

use crate::custody::Custody;
use crate::history::{HistoryError, Submission, closed_by};
use crate::index;

use super::planned::Planned;

/// Why what the ledger holds cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HeldError {
    /// An entry cannot be read.
    #[error("cannot read an entry that is held")]
    Read(#[from] ReadError),
    /// The index cannot be read.
    #[error("cannot look up what is held")]
    Index(#[from] EngineError),
    /// The records cannot be read.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// A source file that is quoted is missing or altered.
    #[error("cannot read the held source file {digest}; run `chancery verify`")]
    Source {
        /// Its digest.
        digest: Digest,
        /// What is wrong.
        source: io::Error,
    },
}

/// The records that a ledger holds, and those planned to be appended before the ones proposed.
///
/// A failure to read is kept and told at the end: while a dossier is being
/// read there is nobody to tell it to, and nothing is written after one.
pub(super) struct Held<'a> {
    store: &'a Store,
    planned: &'a Planned,
    records: RefCell<HashMap<u64, Option<Rc<Record>>>>,
    failure: RefCell<Option<HeldError>>,
    /// The submissions whose signer was asked for.
    signers: RefCell<Vec<Submission>>,
    /// All readings: made only when a supplement asks what is still absent.
    readings: OnceCell<Option<Readings>>,
}

impl<'a> Held<'a> {
    pub(super) fn new(store: &'a Store, planned: &'a Planned) -> Self {
        Self {
            store,
            planned,
            records: RefCell::default(),
            failure: RefCell::default(),
            signers: RefCell::default(),
            readings: OnceCell::new(),
        }
    }

    pub(super) fn failure(&self) -> Option<HeldError> {
        self.failure.borrow_mut().take()
    }

    /// Returns the position and kind of the record with this id.
    pub(super) fn id(&self, id: &str) -> Option<(Seq, RecordKind)> {
        if let Some(seq) = self.planned.id(id) {
            return Some((Seq::new(seq), self.planned.record(seq)?.kind()));
        }
        let found = self.noted(self.store.lookup(&index::id_key(id)))??;
        index::read_place(&found)
    }

    /// Returns the record that once had this id, and the entry that expunged it.
    pub(super) fn expunged_id(&self, id: &str) -> Option<(Seq, Seq)> {
        let found = self.noted(self.store.lookup(&index::expunged_key(id)))??;
        index::read_expunged(&found)
    }

    /// Returns the entry that expunged the record at this position, if one did.
    pub(super) fn expunged_at(&self, seq: u64) -> Option<Seq> {
        match self.noted(self.store.entry(Seq::new(seq)))??.slot {
            Slot::Expunged(by) => Some(by),
            Slot::None | Slot::Body { .. } => None,
        }
    }

    /// Returns the record at this position, as it was appended.
    pub(super) fn record(&self, seq: u64) -> Option<Rc<Record>> {
        if let Some(planned) = self.planned.record(seq) {
            return Some(planned);
        }
        if let Some(known) = self.records.borrow().get(&seq) {
            return known.clone();
        }
        let record = self.read(Seq::new(seq)).map(Rc::new);
        self.records.borrow_mut().insert(seq, record.clone());
        record
    }

    /// Returns the position of the record without an id that is held with this content.
    pub(super) fn with_content(&self, content: &[u8]) -> Option<Seq> {
        if let Some(seq) = self.planned.with_content(content) {
            return Some(Seq::new(seq));
        }
        let found = self.noted(self.store.lookup(&index::content_key(content)));
        let (seq, _) = index::read_place(&found??)?;
        let held = self.record(seq.get())?;
        (index::content(&held) == content).then_some(seq)
    }

    /// Returns the ledger's folder.
    pub(super) fn folder(&self) -> &Path {
        self.store.folder()
    }

    /// Returns the bytes of a source file that is held, as it was when it was taken in.
    pub(super) fn source_file(&self, custody: &Custody, digest: &Digest) -> Option<Vec<u8>> {
        if let Some(path) = self.planned.file(digest) {
            return std::fs::read(path).ok();
        }
        self.noted(custody.read(digest).map_err(|source| HeldError::Source {
            digest: *digest,
            source,
        }))
    }

    /// Returns the position of the key that signed the submission of the entry at `seq`.
    pub(super) fn signer(&self, seq: u64) -> Option<Seq> {
        if let Some(signer) = self.planned.signer(seq) {
            return Some(signer);
        }
        let known = self.signers.borrow().iter().find_map(|submission| {
            let holds = (submission.first.get()..=submission.last.get()).contains(&seq);
            holds.then_some(submission.signer)
        });
        known.or_else(|| {
            let submission = self.submission_of(seq)?;
            self.signers.borrow_mut().push(submission);
            Some(submission.signer)
        })
    }

    /// Returns whether this key appended the record at `seq`, or anything that changed it.
    pub(super) fn vouched_by(&self, seq: u64, key: Seq) -> bool {
        if self.signer(seq) == Some(key) {
            return true;
        }
        let Some(readings) = self.readings() else {
            return false;
        };
        let revisions = readings
            .reading(seq)
            .map(|reading| reading.revisions().to_vec());
        let mut changed = revisions
            .into_iter()
            .flatten()
            .filter(|revision| revision.stands);
        changed.any(|revision| self.signer(revision.seq) == Some(key))
    }

    fn readings(&self) -> Option<&Readings> {
        let readings = self.readings.get_or_init(|| {
            let roll = self.noted(RollReader::open(self.store.folder()))?;
            let held: Result<Vec<_>, _> = crate::history::records(&roll, Seq::FIRST).collect();
            let held = self.noted(held)?.into_iter();
            let held = held.map(|held| (held.seq.get(), held.signer.get(), held.record));
            Some(Readings::of(held.chain(self.planned.rows())))
        });
        readings.as_ref()
    }

    fn submission_of(&self, seq: u64) -> Option<Submission> {
        (seq..self.store.head().size.get()).find_map(|seq| {
            let entry = self.noted(self.store.entry(Seq::new(seq)))??;
            closed_by(&Envelope::decode(&entry.envelope).ok()?)
        })
    }

    /// Returns the record at this position as it now reads.
    pub(super) fn reading(&self, seq: u64) -> Option<Record> {
        let reading = self.readings()?.reading(seq)?;
        Some(reading.record.clone())
    }

    /// Returns every id that an archivist chose, for "did you mean".
    pub(super) fn all_ids(&self) -> Vec<String> {
        let Some(roll) = self.noted(RollReader::open(self.store.folder())) else {
            return Vec::new();
        };
        let records = crate::history::records(&roll, Seq::FIRST);
        let ids = records
            .flatten()
            .filter_map(|held| Some(held.record.id()?.as_str().to_owned()));
        ids.collect()
    }

    fn read(&self, seq: Seq) -> Option<Record> {
        let entry = self.noted(self.store.entry(seq))??;
        let envelope = Envelope::decode(&entry.envelope).ok()?;
        let Slot::Body { body, .. } = &entry.slot else {
            return None;
        };
        Record::decode(envelope.kind.get(), envelope.schema, body).ok()
    }

    fn noted<T, E: Into<HeldError>>(&self, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.failure.borrow_mut().get_or_insert(error.into());
                None
            }
        }
    }
}
