//! One entry with its history: what it says, what was said of it later, and who
//! vouches for it.
//!
//! Here all that is shown is gathered; [`json`] and [`text`] write it down.

mod around;
pub mod json;
pub mod text;

use std::path::Path;

use chancery_chain::payload::decode_message;
use chancery_chain::{Envelope, Expunging, Hash, Instant, Kind, Seq, Size, Slot};
use chancery_core::form::Form;
use chancery_core::record::{Evidence, Record, RecordKind};
use chancery_core::replay::{Misfit, Readings, RevisionKind};
use chancery_ledger::custody::Custody;
use chancery_ledger::history::{self, Submission};
use chancery_ledger::keys_at::KeysAt;
use chancery_store::RollReader;

use crate::explain;
use crate::failure::{Exit, Failure};

pub use around::{Around, Place};

/// Fields as an archivist would write them.
pub type Fields = Vec<(String, Form)>;

/// The entry: its envelope, and the submission it came in.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its envelope.
    pub envelope: Envelope,
    /// The hash of its envelope.
    pub hash: Hash,
    /// By what its body was destroyed, if it was.
    pub expunged: Option<Expunged>,
    /// The position and name of the key that signed its submission.
    pub archivist: Signed,
    /// What the archivist said of the submission as a whole.
    pub message: Option<String>,
}

/// The entry by which a body was destroyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expunged {
    /// Its position.
    pub by: Seq,
    /// When it was recorded.
    pub at: Instant,
    /// The id of what was destroyed.
    pub id: String,
    /// By whose authority.
    pub authority: String,
    /// Why.
    pub reason: String,
}

/// A key that signed, by its position and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The position of the entry that enrols the key.
    pub seq: u64,
    /// Its name.
    pub name: Option<String>,
    /// Whether what it signed is in doubt: it was then itself, or a keeper who approved.
    pub in_doubt: bool,
}

/// A record as it now reads, with its history.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its position.
    pub seq: u64,
    /// Its id.
    pub id: String,
    /// What sort of record.
    pub kind: RecordKind,
    /// Its fields, without the evidence.
    pub fields: Fields,
    /// Its fields as they were first written, if they read otherwise now.
    pub original: Option<Fields>,
    /// What it rests on.
    pub evidence: Vec<Piece>,
    /// Its supplements and corrections.
    pub revisions: Vec<Revised>,
    /// The position of its retraction, and the reason given.
    pub retracted: Option<(u64, String)>,
    /// Why it moves nothing, if so.
    pub unsupported: Option<chancery_core::replay::Unsupported>,
    /// Who vouched for it.
    pub attested: Vec<Vouched>,
    /// The positions of the records that name it.
    pub named_by: Vec<u64>,
}

/// One piece of evidence, and where it stands.
#[derive(Clone, Debug)]
pub struct Piece {
    /// As it was written.
    pub evidence: Evidence,
    /// The words around the quote.
    pub place: Place,
}

/// A supplement or a correction.
#[derive(Clone, Debug)]
pub struct Revised {
    /// Its position.
    pub seq: u64,
    /// Which of the two.
    pub kind: RevisionKind,
    /// Why it does not stand, if it does not.
    pub misfit: Option<Misfit>,
    /// Whether it has a part in the reading.
    pub stands: bool,
    /// The reason given.
    pub reason: Option<String>,
    /// What it sets and clears, as it was written.
    pub changes: Fields,
    /// The positions of what revises it in turn, each with whether that stands.
    pub revised_by: Vec<(u64, bool)>,
    /// Who signed it.
    pub archivist: Signed,
}

/// An attestation.
#[derive(Clone, Debug)]
pub struct Vouched {
    /// Its position.
    pub seq: u64,
    /// Who signed it.
    pub archivist: Signed,
    /// On what grounds.
    pub grounds: String,
    /// The names of the fields for which it has lapsed.
    pub lapsed: Vec<String>,
}

/// Returns the entry at a position.
///
/// # Errors
/// It cannot be read.
pub fn entry(roll: &RollReader, keys: &KeysAt, size: Size, seq: Seq) -> Result<Entry, Failure> {
    if !size.holds(seq) {
        let message = format!("there is no entry {seq}: {size} entries are known");
        let failure = Failure::new(Exit::Refused, message);
        return Err(Failure {
            code: "unknown-reference",
            ..failure
        });
    }
    let held = roll.entry(seq).map_err(|error| explain::read(&error))?;
    let envelope = decode(&held.envelope, seq)?;
    let submissions = history::submissions(roll).map_err(|error| explain::history(&error))?;
    let submission = submissions.iter().find(|submission| submission.last >= seq);
    let message = submission.map(|submission| message(roll, submission));
    let signer = submission.map_or(seq, |submission| submission.signer);
    Ok(Entry {
        hash: Hash::of_envelope(&held.envelope),
        expunged: match held.slot {
            Slot::Expunged(by) => Some(expunged(roll, by)?),
            Slot::None | Slot::Body { .. } => None,
        },
        envelope,
        archivist: signed(keys, signer.get(), seq.get()),
        message: message.transpose()?.flatten(),
    })
}

fn expunged(roll: &RollReader, by: Seq) -> Result<Expunged, Failure> {
    let entry = roll.entry(by).map_err(|error| explain::read(&error))?;
    let at = decode(&entry.envelope, by)?.recorded_at;
    let said = Expunging::said_by(&entry.envelope);
    let (id, authority, reason) = said.map_or_else(Default::default, |said| {
        (said.id, said.authority, said.reason)
    });
    Ok(Expunged {
        by,
        at,
        id,
        authority,
        reason,
    })
}

fn decode(envelope: &[u8], seq: Seq) -> Result<Envelope, Failure> {
    Envelope::decode(envelope)
        .map_err(|source| explain::history(&history::HistoryError::Envelope { seq, source }))
}

/// Returns what was said of a submission: in its last entry before the closing.
fn message(roll: &RollReader, submission: &Submission) -> Result<Option<String>, Failure> {
    let Some(before) = submission.last.get().checked_sub(1).map(Seq::new) else {
        return Ok(None);
    };
    if before < submission.first {
        return Ok(None);
    }
    let entry = roll.entry(before).map_err(|error| explain::read(&error))?;
    let envelope = decode(&entry.envelope, before)?;
    let is_message = envelope.kind == Kind::MESSAGE;
    Ok(is_message
        .then(|| decode_message(&envelope.payload).ok())
        .flatten())
}

/// Returns the record at a position with its history, if there is one.
pub fn record(folder: &Path, keys: &KeysAt, readings: &Readings, seq: u64) -> Option<Shown> {
    let mut shown = alone(folder, keys, readings, seq)?;
    shown.named_by = named_by(readings, seq);
    Some(shown)
}

/// Returns the record at a position with its history, if there is one, without
/// looking for the records that name it.
pub fn alone(folder: &Path, keys: &KeysAt, readings: &Readings, seq: u64) -> Option<Shown> {
    let reading = readings.reading(seq)?;
    let now = &reading.record;
    let fields = without_evidence(now.write(readings));
    let original = without_evidence(reading.original().write(readings));
    let custody = Custody::of(folder);
    let piece = |evidence: &Evidence| Piece {
        place: around::place(&custody, readings, evidence),
        evidence: evidence.clone(),
    };
    Some(Shown {
        seq,
        id: readings.id_of(seq),
        kind: now.kind(),
        original: (original != fields).then_some(original),
        fields,
        evidence: reading.record.evidence().iter().map(piece).collect(),
        revisions: revisions(keys, readings, reading),
        retracted: reading
            .retracted_by()
            .map(|by| (by, reason(readings, by).unwrap_or_default())),
        unsupported: reading.unsupported(),
        attested: attested(keys, readings, reading),
        named_by: Vec::new(),
    })
}

fn without_evidence(mut fields: Fields) -> Fields {
    fields.retain(|(key, _)| key != "evidence");
    fields
}

fn revisions(
    keys: &KeysAt,
    readings: &Readings,
    reading: &chancery_core::replay::Reading,
) -> Vec<Revised> {
    let revised = |revision: &chancery_core::replay::Revision| {
        let by = readings.reading(revision.seq);
        let mut changes = by.map(|by| by.record.write(readings)).unwrap_or_default();
        changes.retain(|(key, _)| key == "set" || key == "clear");
        let in_turn = by.map_or(&[][..], |by| by.revisions()).iter();
        Revised {
            seq: revision.seq,
            kind: revision.kind,
            misfit: revision.misfit,
            stands: revision.stands,
            reason: reason(readings, revision.seq),
            changes,
            revised_by: in_turn.map(|each| (each.seq, each.stands)).collect(),
            archivist: signed(keys, by.map_or(revision.seq, |by| by.signer), revision.seq),
        }
    };
    reading.revisions().iter().map(revised).collect()
}

/// Returns the reason that a correction or retraction gives.
fn reason(readings: &Readings, seq: u64) -> Option<String> {
    match &readings.reading(seq)?.record {
        Record::Correction(correction) => Some(correction.reason.clone()),
        Record::Retraction(retraction) => Some(retraction.reason.clone()),
        _ => None,
    }
}

fn attested(
    keys: &KeysAt,
    readings: &Readings,
    reading: &chancery_core::replay::Reading,
) -> Vec<Vouched> {
    let kind = reading.record.kind();
    let name = |number: &u16| kind.field(*number).map(|spec| spec.name.to_owned());
    let vouched = |attested: &chancery_core::replay::Attested| Vouched {
        seq: attested.seq,
        archivist: signed(keys, attested.signer, attested.seq),
        grounds: match readings.reading(attested.seq).map(|by| &by.record) {
            Some(Record::Attestation(attestation)) => attestation.grounds.clone(),
            _ => String::new(),
        },
        lapsed: attested.lapsed.iter().filter_map(name).collect(),
    };
    reading.attested_by().iter().map(vouched).collect()
}

/// Returns the positions of the records that name the one at `seq`, its revisions left out.
fn named_by(readings: &Readings, seq: u64) -> Vec<u64> {
    let names = |reading: &&chancery_core::replay::Reading| {
        let of_another = reading.seq != seq && reading.record.subject() != Some(seq);
        of_another && reading.record.refs(readings).contains(&seq)
    };
    readings
        .all()
        .iter()
        .filter(names)
        .map(|reading| reading.seq)
        .collect()
}

/// Returns the key that signed the entry at `what`.
fn signed(keys: &KeysAt, seq: u64, what: u64) -> Signed {
    Signed {
        seq,
        name: keys.name(Seq::new(seq)).map(str::to_owned),
        in_doubt: keys.doubts(Seq::new(what)),
    }
}

/// Returns the word for the kind of an entry, whether the chain's own or a record.
pub fn kind_word(kind: Kind) -> String {
    let word = match kind {
        Kind::FOUNDING => "founding",
        Kind::KEY => "key",
        Kind::CLOSING => "closing",
        Kind::REVOCATION => "revocation",
        Kind::APPROVAL => "approval",
        Kind::MESSAGE => "message",
        Kind::EXPUNGING => "expunging",
        Kind::QUORUM => "quorum",
        other => match RecordKind::from_number(other.get()) {
            Some(known) => known.name(),
            None => return format!("kind {other}"),
        },
    };
    word.to_owned()
}
