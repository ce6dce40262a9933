//! The keyring: which keys the ledger's own entries enrol, and for what.
//!
//! A key is known by the position of the entry that enrolled it. This module
//! does not ask who enrolled it; [`crate::audit`] does.

use std::collections::BTreeMap;

use crate::note::VerifierKey;
use crate::payload::{KeyPayload, Origin, Role};
use crate::position::Seq;

/// The keys enrolled so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keyring {
    keys: BTreeMap<Seq, KeyPayload>,
}

impl Keyring {
    /// Returns a keyring without keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the key that the entry at `seq` enrols.
    pub fn enrol(&mut self, seq: Seq, key: KeyPayload) {
        self.keys.insert(seq, key);
    }

    /// Takes out the key that the entry at `seq` enrolled.
    pub(crate) fn forget(&mut self, seq: Seq) {
        self.keys.remove(&seq);
    }

    /// Returns the key that the entry at `seq` enrolled, if it did.
    pub fn get(&self, seq: Seq) -> Option<&KeyPayload> {
        self.keys.get(&seq)
    }

    /// Returns the keys with this role, in the order of their enrolment.
    pub fn of_role(&self, role: Role) -> impl Iterator<Item = (Seq, &KeyPayload)> {
        self.iter().filter(move |(_, key)| key.role == role)
    }

    /// Returns the log keys as those who check checkpoints of `origin` know them.
    pub fn log_keys(&self, origin: &Origin) -> Vec<VerifierKey> {
        let keys = self.of_role(Role::Log);
        keys.filter_map(|(_, key)| VerifierKey::new(origin.as_str(), key.key))
            .collect()
    }

    /// Returns all keys, in the order of their enrolment.
    pub fn iter(&self) -> impl Iterator<Item = (Seq, &KeyPayload)> {
        self.keys.iter().map(|(seq, key)| (*seq, key))
    }
}
