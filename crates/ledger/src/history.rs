//! The records of a ledger in order, each with the key that vouched for it.
//!
//! Read from the roll, without a lock. Entries of the chain's own and records
//! of a newer program's are passed over: they verify, and mean nothing here.

use std::collections::BTreeMap;

use chancery_chain::{
    Closing, Envelope, Expunging, Instant, Kind, MalformedEnvelope, Seq, Size, Slot,
};
use chancery_core::record::{MalformedRecord, Record, RecordKind};
use chancery_core::replay::{Expunged, Readings};
use chancery_store::{Entries, ReadError, RollReader};

/// How many entries are read between two words of progress.
const PROGRESS_EVERY: u64 = 4096;

/// A record with its place.
#[derive(Clone, Debug)]
pub struct HeldRecord {
    /// Its position.
    pub seq: Seq,
    /// The position of the key that signed its submission.
    pub signer: Seq,
    /// What it says.
    pub record: Record,
}

/// Why the records cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The roll cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// An envelope does not read: the ledger is damaged.
    #[error("entry {seq} is damaged; run `chancery verify`")]
    Envelope {
        /// Which entry.
        seq: Seq,
        /// What is wrong.
        source: MalformedEnvelope,
    },
    /// A body does not read: the ledger is damaged.
    #[error("the body of entry {seq} is damaged; run `chancery verify`")]
    Body {
        /// Which entry.
        seq: Seq,
        /// What is wrong.
        source: MalformedRecord,
    },
}

/// A submission: its extent and who signed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Its number, from zero.
    pub number: u64,
    /// Its first entry.
    pub first: Seq,
    /// Its closing.
    pub last: Seq,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The position of the key that signed it.
    pub signer: Seq,
}

impl Submission {
    /// Returns the size of the ledger that ends with this submission.
    pub fn end(&self) -> Size {
        Size::new(self.last.get() + 1)
    }
}

/// Returns the submission that an envelope closes, if it closes one.
pub fn closed_by(envelope: &Envelope) -> Option<Submission> {
    if envelope.kind != Kind::CLOSING {
        return None;
    }
    let closing = Closing::decode(&envelope.payload).ok()?;
    Some(Submission {
        number: envelope.submission,
        first: closing.first,
        last: envelope.seq,
        recorded_at: envelope.recorded_at,
        signer: closing.signer,
    })
}

/// Returns the records from `from` on, submission by submission.
pub fn records(roll: &RollReader, from: Seq) -> Records<'_> {
    Records {
        entries: roll.entries(from),
        open: Vec::new(),
        ready: Vec::new().into_iter(),
        gone: Vec::new(),
        end: roll.size(),
    }
}

/// Returns the records of the first `size` entries.
pub fn records_until(roll: &RollReader, size: Size) -> Records<'_> {
    Records {
        end: size,
        ..records(roll, Seq::FIRST)
    }
}

/// Returns what the records of the first `size` entries amount to, record by record;
/// `progress` is told how many entries are read, of how many.
///
/// # Errors
/// The roll cannot be read, or an entry is damaged.
pub fn readings(
    roll: &RollReader,
    size: Size,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Readings, HistoryError> {
    let mut failure = None;
    let mut records = records_until(roll, size);
    let held = records.by_ref().map_while(|held| match held {
        Ok(held) => {
            if held.seq.get() % PROGRESS_EVERY == 0 {
                progress(held.seq.get(), size.get());
            }
            Some((held.seq.get(), held.signer.get(), held.record))
        }
        Err(error) => {
            failure = Some(error);
            None
        }
    });
    let readings = Readings::of(held);
    let found = records.gone;
    tracing::info!(
        records = readings.len(),
        entries = size.get(),
        "read the records"
    );
    match failure {
        None => Ok(readings.without(expunged(roll, &found)?)),
        Some(error) => Err(error),
    }
}

/// Returns what is known still of records whose bodies were destroyed, each by the
/// entry beside it.
fn expunged(roll: &RollReader, found: &[Gone]) -> Result<BTreeMap<u64, Expunged>, HistoryError> {
    let known = found.iter().map(|gone| {
        let entry = roll.entry(gone.by)?;
        let said = Expunging::said_by(&entry.envelope).filter(|said| said.seq == gone.seq);
        let chosen = said.map(|said| said.id).filter(|id| !id.is_empty());
        let expunged = Expunged {
            id: chosen.unwrap_or_else(|| given_id(gone.kind, gone.seq)),
            by: gone.by.get(),
        };
        Ok((gone.seq.get(), expunged))
    });
    known.collect()
}

/// Returns the id that the ledger gives to a record of this kind, at this position.
fn given_id(kind: Kind, seq: Seq) -> String {
    match RecordKind::from_number(kind.get()) {
        Some(kind) => format!("{}-{seq}", kind.name()),
        None => format!("#{seq}"),
    }
}

/// A record whose body is gone, and the entry that its slot names.
#[derive(Clone, Copy, Debug)]
struct Gone {
    seq: Seq,
    kind: Kind,
    by: Seq,
}

/// The records of a ledger, in order.
pub struct Records<'a> {
    entries: Entries<'a>,
    /// Records whose submission is not closed yet.
    open: Vec<(Seq, Record)>,
    ready: std::vec::IntoIter<HeldRecord>,
    /// Records whose bodies were destroyed.
    gone: Vec<Gone>,
    end: Size,
}

impl Iterator for Records<'_> {
    type Item = Result<HeldRecord, HistoryError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.ready.next() {
                return Some(Ok(record));
            }
            let (seq, entry) = match self.entries.next()? {
                Ok(entry) => entry,
                Err(error) => return Some(Err(error.into())),
            };
            if !self.end.holds(seq) {
                return None;
            }
            if let Err(error) = self.take(seq, &entry) {
                return Some(Err(error));
            }
        }
    }
}

impl Records<'_> {
    fn take(&mut self, seq: Seq, entry: &chancery_chain::Entry) -> Result<(), HistoryError> {
        let envelope = Envelope::decode(&entry.envelope)
            .map_err(|source| HistoryError::Envelope { seq, source })?;
        if let Some(submission) = closed_by(&envelope) {
            let signer = submission.signer;
            let ready = self.open.drain(..).map(|(seq, record)| HeldRecord {
                seq,
                signer,
                record,
            });
            self.ready = ready.collect::<Vec<_>>().into_iter();
            return Ok(());
        }
        let body = match &entry.slot {
            Slot::Body { body, .. } => body,
            Slot::Expunged(by) => {
                let (kind, by) = (envelope.kind, *by);
                self.gone.push(Gone { seq, kind, by });
                return Ok(());
            }
            Slot::None => return Ok(()),
        };
        match Record::decode(envelope.kind.get(), envelope.schema, body) {
            Ok(record) => self.open.push((seq, record)),
            Err(MalformedRecord::Kind(_) | MalformedRecord::Schema(_)) => {}
            Err(source) => return Err(HistoryError::Body { seq, source }),
        }
        Ok(())
    }
}

/// Returns the submissions of a ledger, in order.
///
/// # Errors
/// The roll cannot be read, or an envelope is damaged.
pub fn submissions(roll: &RollReader) -> Result<Vec<Submission>, HistoryError> {
    let mut submissions = Vec::new();
    for entry in roll.entries(Seq::FIRST) {
        let (seq, entry) = entry?;
        // Most entries are none, and need not be decoded.
        if Envelope::kind_of(&entry.envelope) != Some(Kind::CLOSING) {
            continue;
        }
        let envelope = Envelope::decode(&entry.envelope)
            .map_err(|source| HistoryError::Envelope { seq, source })?;
        submissions.extend(closed_by(&envelope));
    }
    Ok(submissions)
}
