//! What is learnt of the records while the roll is read: whether they read, and
//! which source files they speak of.
//!
//! A body is decoded on whichever thread; what it names is put together here, in
//! order. A million records take some bytes each.

use chancery_chain::{Digest, Envelope, Finding, Kind, Seq, Slot};
use chancery_core::record::{Custody, MalformedRecord, Names, Record, RecordKind};

/// A record, decoded by itself.
pub(crate) enum Seen {
    /// It speaks of these files.
    Reads(Vec<Custody>),
    /// It changes another record, which says what of it are files.
    Changes(Box<Record>),
    /// It is of a newer program's kind or schema.
    Opaque,
    /// It is no record of its kind.
    Malformed(MalformedRecord),
}

/// A source file that a record speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spoken {
    pub(crate) digest: Digest,
    /// The record that took it into custody.
    pub(crate) entry: Seq,
    pub(crate) length: u64,
}

/// What is learnt of the records.
#[derive(Default)]
pub(crate) struct Records {
    kinds: Kinds,
    pub(crate) read: u64,
    pub(crate) opaque: u64,
    files: Vec<Spoken>,
    pub(crate) findings: Vec<Finding>,
}

/// Which kind stands where, for telling what a change changes.
#[derive(Default)]
struct Kinds {
    /// The number of each entry's kind, less that of the first kind of record;
    /// a byte each.
    of: Vec<u8>,
    /// What supplements, corrections and retractions name, in their order.
    subjects: Vec<(u64, u64)>,
}

/// Stands in the place of what is no record, or none that this program knows.
const NO_RECORD: u8 = u8::MAX;

/// Positions come in order. A larger gap than this is no gap, but a forged position.
const WIDEST_GAP: usize = 1 << 20;

impl Seen {
    pub(crate) fn of(envelope: &Envelope, slot: &Slot) -> Self {
        let Slot::Body { body, .. } = slot else {
            return Self::Opaque;
        };
        match Record::decode(envelope.kind.get(), envelope.schema, body) {
            Ok(record) if record.subject().is_some() => Self::Changes(Box::new(record)),
            Ok(record) => Self::Reads(record.files(&Kinds::default())),
            Err(MalformedRecord::Kind(_) | MalformedRecord::Schema(_)) => Self::Opaque,
            Err(error) => Self::Malformed(error),
        }
    }
}

impl Records {
    /// Takes the next entry; `seen` is nothing if its body was not looked at.
    pub(crate) fn take(&mut self, seq: Seq, kind: Kind, seen: Option<Seen>) {
        self.kinds.note(seq, kind);
        match seen {
            None => {}
            Some(Seen::Opaque) => self.opaque += 1,
            Some(Seen::Malformed(error)) => {
                let message = format!("the body of entry {seq}: {error}");
                let finding = Finding::damage("record-malformed", message);
                self.findings.push(finding.at(seq));
            }
            Some(Seen::Reads(files)) => self.note_files(seq, &files),
            Some(Seen::Changes(record)) => {
                if let Some(subject) = record.subject() {
                    self.kinds.subjects.push((seq.get(), subject));
                }
                self.note_files(seq, &record.files(&self.kinds));
            }
        }
    }

    /// Returns the files spoken of, those of one digest together.
    pub(crate) fn files(&mut self) -> Vec<Spoken> {
        self.files.sort_unstable();
        std::mem::take(&mut self.files)
    }

    fn note_files(&mut self, seq: Seq, files: &[Custody]) {
        self.read += 1;
        let spoken = files.iter().map(|file| Spoken {
            digest: Digest::from_bytes(file.digest),
            entry: seq,
            length: file.length,
        });
        self.files.extend(spoken);
    }
}

impl Kinds {
    fn note(&mut self, seq: Seq, kind: Kind) {
        let known = RecordKind::from_number(kind.get());
        let number = known.and_then(|kind| {
            let place = RecordKind::ALL.iter().position(|other| *other == kind)?;
            u8::try_from(place).ok()
        });
        let (Some(number), Ok(at)) = (number, usize::try_from(seq.get())) else {
            return;
        };
        if at > self.of.len().saturating_add(WIDEST_GAP) {
            return;
        }
        if at >= self.of.len() {
            self.of.resize(at + 1, NO_RECORD);
        }
        if let Some(place) = self.of.get_mut(at) {
            *place = number;
        }
    }
}

impl Names for Kinds {
    fn name(&self, seq: u64) -> String {
        format!("#{seq}")
    }

    fn kind(&self, seq: u64) -> Option<RecordKind> {
        let number = self.of.get(usize::try_from(seq).ok()?)?;
        RecordKind::ALL.get(usize::from(*number)).copied()
    }

    fn subject_kind(&self, seq: u64) -> Option<RecordKind> {
        let found = self.subjects.binary_search_by_key(&seq, |(seq, _)| *seq);
        let (_, subject) = self.subjects.get(found.ok()?)?;
        self.kind(*subject)
    }
}
