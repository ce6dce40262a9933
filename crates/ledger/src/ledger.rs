//! The ledger, open for appending: the one room where record and chain meet.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chancery_chain::kind::Kind;
use chancery_chain::{
    Digest, Draft, Envelope, Finding, Hash, Head, Instant, Keyring, Origin, PrivateKey, Role,
    SealError, Seq, Signer, Size, seal,
};
use chancery_core::record::{Record, SCHEMA};
use chancery_store::{
    AppendError, EngineError, ExpungeError, OpenError, ReadError, RollReader, Store,
};

use crate::custody::Custody;
use crate::index;
use crate::propose::Proposal;

/// How far a clock may lag behind the head: five minutes, in microseconds.
const MOST_BEHIND: u64 = 5 * 60 * 1_000_000;
/// How far a clock may be ahead of the head: four hundred days, in microseconds.
const MOST_AHEAD: u64 = 400 * 24 * 60 * 60 * 1_000_000;

/// A ledger open for appending, by the one writer.
pub struct Ledger {
    store: Store,
    origin: Origin,
    keyring: Keyring,
}

/// Who appends, when, and with what chance.
pub struct Appending<'a> {
    /// The archivist's private key.
    pub key: &'a dyn PrivateKey,
    /// What the clock says.
    pub now: Instant,
    /// Whether a clock more than 400 days ahead of the head is believed.
    pub accept_clock_jump: bool,
    /// What the archivist says of the submission as a whole.
    pub message: Option<&'a str>,
    /// Fills its argument with random bytes.
    pub random: &'a mut dyn FnMut(&mut [u8]),
}

/// What was appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The number of the submission.
    pub submission: u64,
    /// Its first entry.
    pub first: Seq,
    /// Its last: the closing.
    pub last: Seq,
    /// The size of the ledger after it.
    pub size: Size,
    /// The hash of its closing.
    pub head: Hash,
    /// How many records it holds.
    pub records: usize,
}

/// Why a submission was not recorded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SubmitError {
    /// The key is not an archivist's of this ledger.
    #[error("this key is not enrolled as an archivist of {}", origin.as_str())]
    NotAnArchivist {
        /// The ledger's name.
        origin: Origin,
    },
    /// A body was not destroyed, or not in every file yet.
    #[error(transparent)]
    Expunge(ExpungeError),
    /// Something was appended since the records were proposed: propose them again.
    #[error("the ledger has grown since the records were numbered")]
    Stale,
    /// The clock is behind the ledger.
    #[error("the clock is more than 5 minutes behind the ledger's last submission")]
    ClockBehind,
    /// The clock is far ahead of the ledger.
    #[error("the clock is more than 400 days ahead of the ledger's last submission")]
    ClockAhead,
    /// A source file changed while it was being taken in.
    #[error("{} changed while it was being read", path.display())]
    FileChanged {
        /// The file.
        path: PathBuf,
    },
    /// A source file cannot be taken into custody.
    #[error("cannot take {} into custody", path.display())]
    Custody {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The submission cannot be sealed.
    #[error("the submission cannot be sealed")]
    Seal(#[from] SealError),
    /// The store did not take it.
    #[error(transparent)]
    Append(#[from] AppendError),
}

/// Why a ledger cannot be opened for appending.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The first entries cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The first entries do not found a ledger.
    #[error("the first entries of this ledger do not read; run `chancery verify`")]
    NotFounded,
}

impl Ledger {
    /// Opens the ledger in `folder` for appending; the notices say what was mended on the way.
    ///
    /// # Errors
    /// Another writer has it, or it is damaged, or the system fails.
    pub fn open(folder: &Path) -> Result<(Self, Vec<Finding>), LedgerError> {
        let (store, notices) = Store::open(folder, Box::new(index::pairs))?;
        let (origin, keyring) = founded(&RollReader::open(folder)?)?;
        tracing::info!(
            origin = origin.as_str(),
            size = store.head().size.get(),
            "opened the ledger"
        );
        Ok((
            Self {
                store,
                origin,
                keyring,
            },
            notices,
        ))
    }

    /// Returns how far the ledger goes.
    pub fn head(&self) -> Head {
        self.store.head()
    }

    /// Returns the ledger's name.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Returns the store below.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the store below, for settling it.
    pub(crate) fn store_mut(&mut self) -> &mut Store {
        &mut self.store
    }

    /// Returns the ledger's keys.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Takes note of what new entries say of keys.
    pub(crate) fn learn(&mut self, envelopes: impl Iterator<Item = Envelope>) {
        for envelope in envelopes {
            // They were made here, and read.
            let _ = self.keyring.learn(&envelope);
        }
    }

    /// Returns the position of the entry that enrols this key as an archivist's.
    ///
    /// # Errors
    /// It is not enrolled so, or was revoked.
    pub fn archivist(&self, key: &dyn PrivateKey) -> Result<Seq, SubmitError> {
        let origin = self.origin.clone();
        self.in_force(Role::Archivist, key)
            .ok_or(SubmitError::NotAnArchivist { origin })
    }

    /// Returns the position of the entry that enrols this key in this role, if it is
    /// in force for what is appended next.
    pub(crate) fn in_force(&self, role: Role, key: &dyn PrivateKey) -> Option<Seq> {
        let (place, public) = (self.head().size.next_seq(), key.public());
        let mut keys = self.keyring.in_force(role, place);
        let found = keys.find(|(_, known)| known.key == public);
        found.map(|(seq, _)| seq)
    }

    /// Appends what was proposed, as one submission. Once this returns, it is
    /// recorded: it survives a power cut.
    ///
    /// # Errors
    /// It was not recorded, unless the error says that this is not known.
    pub fn append(
        &mut self,
        proposal: &Proposal,
        appending: Appending<'_>,
    ) -> Result<Receipt, SubmitError> {
        let Appending {
            key,
            now,
            accept_clock_jump,
            message,
            random,
        } = appending;
        let seq = self.archivist(key)?;
        if proposal.head != self.head() {
            return Err(SubmitError::Stale);
        }
        let recorded_at = self.moment(now, accept_clock_jump)?;
        let drafts = drafts(message, &proposal.records, random);
        let before = self.head();
        let entries = self.sealed(seq, key, recorded_at, drafts)?;
        // Files first: a record never speaks of a file that is not held.
        let custody = Custody::of(self.store.folder());
        for (digest, path) in &proposal.files {
            take(&custody, digest, path)?;
        }
        let after = self.store.append(&entries)?;
        tracing::info!(
            submission = before.submissions,
            size = after.size.get(),
            head = %after.hash,
            "recorded"
        );
        Ok(Receipt::between(&before, &after, proposal.records.len()))
    }

    /// Records a submission of expungings and destroys what they name.
    pub(crate) fn destroy(
        self,
        entries: &[chancery_chain::Entry],
        sources: Vec<Digest>,
    ) -> Result<(Self, Head), ExpungeError> {
        let (store, head) = self.store.expunge(entries, sources)?;
        Ok((Self { store, ..self }, head))
    }

    /// Syncs the store and lets go of the ledger.
    ///
    /// # Errors
    /// The store could not be synced; nothing is lost, the next opening takes longer.
    pub fn close(self) -> Result<(), EngineError> {
        self.store.close()
    }

    /// Returns the entries of the submission that follows, signed with the key that the
    /// entry at `seq` enrols.
    pub(crate) fn sealed(
        &self,
        seq: Seq,
        key: &dyn PrivateKey,
        recorded_at: Instant,
        drafts: Vec<Draft>,
    ) -> Result<Vec<chancery_chain::Entry>, SealError> {
        let signer = Signer {
            origin: &self.origin,
            seq,
            key,
        };
        let (entries, _) = seal::seal(&self.head(), recorded_at, signer, drafts)?;
        Ok(entries)
    }

    /// Returns when a submission made now is recorded: never before the last one.
    pub(crate) fn moment(&self, now: Instant, accept_jump: bool) -> Result<Instant, SubmitError> {
        let (clock, head) = (now.micros(), self.head().recorded_at.micros());
        if clock.saturating_add(MOST_BEHIND) < head {
            return Err(SubmitError::ClockBehind);
        }
        if clock > head.saturating_add(MOST_AHEAD) && !accept_jump {
            return Err(SubmitError::ClockAhead);
        }
        Ok(Instant::from_micros(clock.max(head)))
    }
}

impl Receipt {
    /// Returns the receipt of a submission between these two heads.
    pub(crate) fn between(before: &Head, after: &Head, records: usize) -> Self {
        Self {
            submission: before.submissions,
            first: before.size.next_seq(),
            last: after.size.last_seq().unwrap_or(Seq::FIRST),
            size: after.size,
            head: after.hash,
            records,
        }
    }
}

fn drafts(
    message: Option<&str>,
    records: &[Record],
    random: &mut dyn FnMut(&mut [u8]),
) -> Vec<Draft> {
    let mut drafts = Vec::with_capacity(records.len() + 1);
    for record in records {
        let mut salt = [0; 32];
        random(&mut salt);
        drafts.push(Draft::Record {
            kind: Kind::new(record.kind().number()),
            schema: SCHEMA,
            body: record.encode(),
            salt,
        });
    }
    // Behind the records: they were numbered from the head on.
    drafts.extend(message.map(|text| Draft::Message(text.to_owned())));
    drafts
}

fn take(
    custody: &Custody,
    digest: &chancery_chain::Digest,
    path: &Path,
) -> Result<(), SubmitError> {
    let custody_error = |source| SubmitError::Custody {
        path: path.to_owned(),
        source,
    };
    let bytes = fs::read(path).map_err(custody_error)?;
    if chancery_chain::Digest::of(&bytes) != *digest {
        return Err(SubmitError::FileChanged {
            path: path.to_owned(),
        });
    }
    tracing::info!(%digest, file = %path.display(), "takes a file into custody");
    custody.take(digest, &bytes).map_err(custody_error)
}

/// Returns the origin and keys of the ledger that a reader reads.
///
/// # Errors
/// The entries cannot be read, or the first does not found a ledger.
pub fn founded(roll: &RollReader) -> Result<(Origin, Keyring), LedgerError> {
    let (origin, keyring) = chancery_store::keys::read(roll)?;
    Ok((origin.ok_or(LedgerError::NotFounded)?, keyring))
}
