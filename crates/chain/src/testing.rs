//! Small ledgers for tests, the same on every run.

use std::path::PathBuf;

use ed25519_dalek::SigningKey;

use crate::head::Head;
use crate::kind::Kind;
use crate::payload::{KeyPayload, Origin, Role};
use crate::position::{Instant, Seq};
use crate::seal::{Draft, Entry, Signer, seal, seal_founding};

/// The position of the log's key entry in these ledgers.
pub(crate) const LOG: Seq = Seq::new(1);
/// The position of the archivist's key entry in these ledgers.
pub(crate) const ARCHIVIST: Seq = Seq::new(2);
/// The position of the keeper's key entry in these ledgers.
pub(crate) const KEEPER: Seq = Seq::new(3);

/// A ledger in the making.
pub(crate) struct Ledger {
    pub(crate) entries: Vec<Entry>,
    pub(crate) head: Head,
}

/// Returns the private key with this seed byte.
pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// Returns the ledger's name.
pub(crate) fn origin() -> Origin {
    Origin::new("archive.example/test").unwrap()
}

/// Returns the payload that enrols the key with this seed byte.
pub(crate) fn enrolment(role: Role, seed: u8) -> KeyPayload {
    KeyPayload {
        role,
        key: key(seed).verifying_key(),
        name: format!("{} {seed}", role.name()),
    }
}

/// Returns the record with this number.
pub(crate) fn record(number: u8) -> Draft {
    Draft::Record {
        kind: Kind::FIRST_RECORD,
        schema: 1,
        body: format!("record {number}").into_bytes(),
        salt: [number; 32],
    }
}

impl Ledger {
    /// Returns a ledger with its founding: entries 0 to 4, and the keys 1 (log),
    /// 2 (archivist) and 3 (keeper).
    pub(crate) fn founded() -> Self {
        let keys = [
            enrolment(Role::Log, 1),
            enrolment(Role::Archivist, 2),
            enrolment(Role::Keeper, 3),
        ];
        let (entries, head) =
            seal_founding(&origin(), &keys, 2, &key(3), Instant::from_micros(1_000)).unwrap();
        Self { entries, head }
    }

    /// Returns a founded ledger with submissions of this many records each.
    pub(crate) fn with(submissions: &[u8]) -> Self {
        let mut ledger = Self::founded();
        for count in submissions {
            ledger.append((0..*count).map(record).collect(), ARCHIVIST, 2);
        }
        ledger
    }

    /// Appends a submission signed by the key with this seed, naming this key entry.
    pub(crate) fn append(&mut self, drafts: Vec<Draft>, seq: Seq, seed: u8) {
        let at = Instant::from_micros(self.head.recorded_at.micros() + 1_000);
        self.append_at(at, drafts, seq, seed);
    }

    /// Appends a submission recorded at this time.
    pub(crate) fn append_at(&mut self, at: Instant, drafts: Vec<Draft>, seq: Seq, seed: u8) {
        let (origin, key) = (origin(), key(seed));
        let signer = Signer {
            origin: &origin,
            seq,
            key: &key,
        };
        let (entries, head) = seal(&self.head, at, signer, drafts).unwrap();
        self.entries.extend(entries);
        self.head = head;
    }
}

/// Returns the text of a file of the shared material, or says that it is not there.
pub(crate) fn shared(path: &str) -> Option<String> {
    std::fs::read_to_string(shared_path(path)?).ok()
}

/// Returns the place of something in the shared material, or says that it is not there.
pub(crate) fn shared_path(path: &str) -> Option<PathBuf> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/");
    let found = PathBuf::from(format!("{root}{path}"));
    if !found.exists() {
        println!("skipped: ../shared/{path} is not there");
        return None;
    }
    Some(found)
}
