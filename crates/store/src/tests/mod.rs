//! Tests of the whole store on folders of their own.

#![allow(clippy::unwrap_used)]

mod brackets;
mod crash;
mod damage;
mod parts;
mod repair;
mod repair_from;
mod store;
mod superseded;
mod tail;

use std::path::Path;

use chancery_chain::head::Head;
use chancery_chain::payload::{KeyPayload, Origin, Role};
use chancery_chain::seal::{Draft, Entry, Signer, seal, seal_founding};
use chancery_chain::{Act, Checkpoint, Envelope, Finding, Instant, Kind, Seq, Slot};
use ed25519_dalek::SigningKey;

use crate::{IndexOf, IndexPair, Settled, Store};

/// Seals submissions as the ledger would.
pub(crate) struct Clerk {
    pub(crate) head: Head,
    origin: Origin,
    key: SigningKey,
}

impl Clerk {
    pub(crate) fn new() -> Self {
        Self::of("archive.example/tests")
    }

    /// Returns the clerk of another ledger.
    pub(crate) fn of(origin: &str) -> Self {
        Self {
            head: Head::EMPTY,
            origin: Origin::new(origin).unwrap(),
            key: SigningKey::from_bytes(&[7; 32]),
        }
    }

    /// Returns somebody who has not the ledger's key, and signs all the same.
    pub(crate) fn with_key(seed: u8) -> Self {
        Self {
            key: SigningKey::from_bytes(&[seed; 32]),
            ..Self::new()
        }
    }

    /// Returns a submission that enrols the key that signs it.
    pub(crate) fn self_enrolled(&mut self) -> Vec<Entry> {
        let key = KeyPayload {
            role: Role::Keeper,
            key: self.key.verifying_key(),
            name: "stranger".to_owned(),
        };
        let place = self.head.size.get();
        self.sealed_by(place, vec![Draft::Act(Act::Enrol(key))])
    }

    /// Returns the founding: origin, log key, keeper, archivist, closing.
    pub(crate) fn founding(&mut self) -> Vec<Entry> {
        let key = |role, name: &str| KeyPayload {
            role,
            key: self.key.verifying_key(),
            name: name.to_owned(),
        };
        let keys = [
            key(Role::Log, self.origin.as_str()),
            key(Role::Keeper, "keeper"),
            key(Role::Archivist, "archivist"),
        ];
        let at = Instant::from_micros(1);
        let (entries, head) = seal_founding(&self.origin, &keys, 1, &self.key, at).unwrap();
        self.head = head;
        entries
    }

    /// Returns a submission of records with these bodies.
    pub(crate) fn submission(&mut self, bodies: &[Vec<u8>]) -> Vec<Entry> {
        let drafts = bodies.iter().map(|body| Draft::Record {
            kind: Kind::new(256),
            schema: 1,
            body: body.clone(),
            salt: [0xA5; 32],
        });
        self.sealed_by(3, drafts.collect())
    }

    /// Returns a submission of what is to be sealed, by whoever may.
    pub(crate) fn sealed(&mut self, drafts: Vec<Draft>) -> Vec<Entry> {
        let records = drafts
            .iter()
            .any(|draft| matches!(draft, Draft::Record { .. }));
        self.sealed_by(if records { 3 } else { 2 }, drafts)
    }

    /// Returns a submission that the key of this entry signs.
    fn sealed_by(&mut self, signer: u64, drafts: Vec<Draft>) -> Vec<Entry> {
        let signer = Signer {
            origin: &self.origin,
            seq: Seq::new(signer),
            key: &self.key,
        };
        let at = Instant::from_micros(self.head.recorded_at.micros() + 1);
        let (entries, head) = seal(&self.head, at, signer, drafts).unwrap();
        self.head = head;
        entries
    }

    /// Returns the signed checkpoint.
    pub(crate) fn note(&self, settled: Settled) -> Vec<u8> {
        let checkpoint = Checkpoint::new(&self.origin, settled.size, settled.root);
        checkpoint.sign(&self.key).unwrap().to_string().into_bytes()
    }

    /// Returns a submission of so many short records.
    pub(crate) fn records(&mut self, count: u64) -> Vec<Entry> {
        let first = self.head.size.get();
        let bodies: Vec<_> = (first..first + count)
            .map(|number| format!("what was said in {number}").into_bytes())
            .collect();
        self.submission(&bodies)
    }
}

/// Indexes every record by its body.
pub(crate) fn by_body() -> Box<IndexOf> {
    Box::new(|seq: Seq, _: &Envelope, slot: &Slot| -> Vec<IndexPair> {
        match slot {
            Slot::Body { body, .. } => {
                let key = body.iter().copied().take(40).collect();
                vec![(key, seq.get().to_be_bytes().to_vec())]
            }
            _ => Vec::new(),
        }
    })
}

/// Makes a ledger with its founding.
pub(crate) fn new_store(folder: &Path) -> (Store, Clerk) {
    let mut clerk = Clerk::new();
    let store = Store::create(folder, &clerk.founding(), by_body()).unwrap();
    (store, clerk)
}

pub(crate) fn reopen(folder: &Path) -> (Store, Vec<Finding>) {
    Store::open(folder, by_body()).unwrap()
}

/// Signs and puts down a checkpoint.
pub(crate) fn checkpoint(store: &mut Store, clerk: &Clerk) {
    let settled = store.settle().unwrap();
    store.put_checkpoint(&clerk.note(settled)).unwrap();
}

pub(crate) use damage::verify as verified;

pub(crate) fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code).collect()
}
