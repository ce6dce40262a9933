//! Expunging: what would be destroyed, what else holds the words, and doing it.
//!
//! A plan destroys nothing: it says which bodies would go, and lists for decision
//! everything that names them, rests on them or repeats their words. That list
//! is made by comparing texts; whoever expunges has to read it.

mod concerns;

use chancery_chain::{Digest, Envelope, Expunging, Kind, Quorum, Seq};
use chancery_core::record::{Names, RecordKind};
use chancery_core::replay::Readings;
use chancery_store::{ExpungeError, FileError, ReadError, RollReader};

use crate::ledger::SubmitError;

pub use concerns::{Concern, How};

/// A record whose body would be destroyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its position.
    pub seq: u64,
    /// Its id: the one chosen, or the one that the ledger gives.
    pub id: String,
    /// The id that was chosen for it; empty if none was.
    chosen: String,
    /// Its kind.
    pub kind: RecordKind,
}

/// A file in custody of which a record speaks whose body would be destroyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its digest, by which it is kept.
    pub digest: Digest,
    /// The name that it came under.
    pub name: String,
    /// The record that speaks of it.
    pub of: u64,
    /// The other records that speak of it: it stays for them.
    pub shared_with: Vec<u64>,
}

/// What would be destroyed, and what is to be decided before.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The records.
    pub targets: Vec<Target>,
    /// By whose authority, as it will stand in the ledger for ever.
    pub authority: String,
    /// Why, as it will stand in the ledger for ever.
    pub reason: String,
    /// What names the records, rests on them, or repeats their words.
    pub concerns: Vec<Concern>,
    /// The files in custody that belong to them.
    pub files: Vec<SourceFile>,
    /// What is kept aside in the ledger's folder, and goes too.
    pub kept_aside: Vec<String>,
    /// How many keepers must agree.
    pub quorum: Quorum,
}

/// Why nothing may be expunged so.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// Nothing is known by this name.
    #[error("no record is known as `{0}`")]
    Unknown(String),
    /// It was expunged before.
    #[error("`{named}` was expunged already, by entry {by}")]
    Already {
        /// As it was named.
        named: String,
        /// The expunging.
        by: u64,
    },
    /// The authority looks like an id, and is none.
    #[error("the authority `{0}` is no record of this ledger")]
    Authority(String),
    /// The authority would be destroyed with the rest.
    #[error("the authority `{0}` is among what is to be expunged")]
    AuthorityGoes(String),
    /// The authority or the reason repeats what is to be destroyed.
    #[error("the {which} repeats words of `{id}`, and would keep them for ever")]
    Repeats {
        /// Which of the two.
        which: &'static str,
        /// The record whose words they are.
        id: String,
    },
    /// The texts cannot be kept.
    #[error("{0}")]
    Malformed(#[from] chancery_chain::payload::MalformedPayload),
    /// The roll cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The ledger's folder cannot be listed.
    #[error(transparent)]
    File(#[from] FileError),
}

/// What is to be expunged, as it was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The records: ids, or `#N`.
    pub records: &'a [String],
    /// By whose authority: an id, `#N`, or words.
    pub authority: &'a str,
    /// Why.
    pub reason: &'a str,
}

/// Returns what would be destroyed of the ledger in `folder`, and what is to be
/// decided before; `roll` and `readings` are of all of it.
///
/// # Errors
/// It may not be expunged so, or the ledger cannot be read.
pub fn plan(
    folder: &std::path::Path,
    roll: &RollReader,
    readings: &Readings,
    asked: Asked<'_>,
) -> Result<Plan, PlanError> {
    let mut targets: Vec<Target> = Vec::new();
    for named in asked.records {
        let target = target(readings, named)?;
        if !targets.iter().any(|known| known.seq == target.seq) {
            targets.push(target);
        }
    }
    let seqs: Vec<u64> = targets.iter().map(|target| target.seq).collect();
    check_authority(readings, &seqs, asked.authority)?;
    for (which, text) in [("authority", asked.authority), ("reason", asked.reason)] {
        if let Some(seq) = concerns::repeated(readings, &seqs, text) {
            let id = readings.id_of(seq);
            return Err(PlanError::Repeats { which, id });
        }
    }
    let mut concerns = concerns::of(folder, readings, &seqs);
    concerns.extend(concerns::in_messages(readings, &seqs, &messages(roll)?));
    let plan = Plan {
        files: files(readings, &seqs),
        kept_aside: chancery_store::kept_aside(folder)?,
        authority: asked.authority.to_owned(),
        reason: asked.reason.to_owned(),
        concerns,
        targets,
        quorum: chancery_store::keys::read(roll)?.1.quorum(),
    };
    for expunging in plan.expungings() {
        expunging.encode()?;
    }
    Ok(plan)
}

impl Plan {
    /// Returns the entries by which this is done.
    pub fn expungings(&self) -> Vec<Expunging> {
        let expunging = |target: &Target| Expunging {
            seq: Seq::new(target.seq),
            id: target.chosen.clone(),
            authority: self.authority.clone(),
            reason: self.reason.clone(),
        };
        self.targets.iter().map(expunging).collect()
    }

    /// Returns the files in custody that no other record speaks of.
    pub fn own_files(&self) -> Vec<Digest> {
        let own = self.files.iter().filter(|file| file.shared_with.is_empty());
        own.map(|file| file.digest).collect()
    }
}

impl From<ExpungeError> for SubmitError {
    fn from(error: ExpungeError) -> Self {
        match error {
            ExpungeError::Append(error) => error.into(),
            other => Self::Expunge(other),
        }
    }
}

fn target(readings: &Readings, named: &str) -> Result<Target, PlanError> {
    let number = named
        .strip_prefix('#')
        .and_then(|digits| digits.parse().ok());
    let gone = readings.expunged().iter();
    let mut gone = gone.filter(|(seq, gone)| number == Some(**seq) || gone.id == named);
    if let Some((_, gone)) = gone.next() {
        return Err(PlanError::Already {
            named: named.to_owned(),
            by: gone.by,
        });
    }
    let seq = number.or_else(|| readings.seq_of(named));
    let reading = seq.and_then(|seq| readings.reading(seq));
    let reading = reading.ok_or_else(|| PlanError::Unknown(named.to_owned()))?;
    let chosen = reading.record.id().map(|id| id.as_str().to_owned());
    Ok(Target {
        seq: reading.seq,
        id: readings.id_of(reading.seq),
        chosen: chosen.unwrap_or_default(),
        kind: reading.record.kind(),
    })
}

/// The authority is a record that stays, or more than one word.
fn check_authority(readings: &Readings, seqs: &[u64], authority: &str) -> Result<(), PlanError> {
    let number = authority.strip_prefix('#');
    let number = number.and_then(|digits| digits.parse::<u64>().ok());
    let named = number.or_else(|| readings.seq_of(authority));
    match named.filter(|seq| readings.reading(*seq).is_some()) {
        Some(seq) if seqs.contains(&seq) => Err(PlanError::AuthorityGoes(authority.to_owned())),
        Some(_) => Ok(()),
        None if authority.contains(' ') => Ok(()),
        None => Err(PlanError::Authority(authority.to_owned())),
    }
}

/// Returns the files in custody that belong to these records, each with the others
/// that speak of it.
fn files(readings: &Readings, seqs: &[u64]) -> Vec<SourceFile> {
    let mut found: Vec<SourceFile> = Vec::new();
    let of_reading = |seq: u64| {
        let reading = readings.reading(seq)?;
        Some(reading.original().files(readings))
    };
    for seq in seqs {
        for file in of_reading(*seq).unwrap_or_default() {
            let digest = Digest::from_bytes(file.digest);
            if found.iter().all(|known| known.digest != digest) {
                found.push(SourceFile {
                    digest,
                    name: file.name,
                    of: *seq,
                    shared_with: Vec::new(),
                });
            }
        }
    }
    if found.is_empty() {
        return found;
    }
    for reading in readings.all().iter().filter(|row| !seqs.contains(&row.seq)) {
        for file in reading.original().files(readings as &dyn Names) {
            let same = |known: &&mut SourceFile| known.digest.as_bytes() == &file.digest;
            if let Some(known) = found.iter_mut().find(same) {
                known.shared_with.push(reading.seq);
            }
        }
    }
    found
}

/// Returns what was said of submissions as a whole.
fn messages(roll: &RollReader) -> Result<Vec<(u64, String)>, ReadError> {
    let mut messages = Vec::new();
    for item in roll.entries(Seq::FIRST) {
        let (seq, entry) = item?;
        let envelope = Envelope::decode(&entry.envelope).ok();
        let envelope = envelope.filter(|envelope| envelope.kind == Kind::MESSAGE);
        let text = envelope.map(|it| chancery_chain::payload::decode_message(&it.payload));
        messages.extend(text.and_then(Result::ok).map(|text| (seq.get(), text)));
    }
    Ok(messages)
}
