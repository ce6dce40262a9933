//! The signers: whose keys vouch for which entries, as known at a cut.
//!
//! That a key was stolen is known later than it happened. What it signed from then
//! on stays in the record, and whoever reads it is told. An answer as known before
//! the revocation does not know of it.

use chancery_chain::{Keyring, Seq, Size};
use chancery_store::{RollReader, keys};

use crate::history::{self, HistoryError, Submission};

/// The keys of a ledger at a cut, and the entries that one in doubt signed.
#[derive(Clone, Debug)]
pub struct Signers {
    keyring: Keyring,
    doubted: Vec<(Seq, Seq)>,
}

impl Signers {
    /// Returns the signers of the first `size` entries; `now` are the keys of all.
    ///
    /// # Errors
    /// The roll cannot be read.
    pub fn at(roll: &RollReader, size: Size, now: Keyring) -> Result<Self, HistoryError> {
        let keyring = if size < roll.size() {
            keys::read_until(roll, size)?.1
        } else {
            now
        };
        let mut doubted: Vec<(Seq, Seq)> = Vec::new();
        if keyring.iter().any(|(_, enrolled)| enrolled.is_in_doubt()) {
            let submissions = history::submissions(roll)?;
            let known = submissions.iter().filter(|one| one.end() <= size);
            let flagged = |one: &&Submission| keyring.is_flagged(one.signer, one.last);
            for one in known.filter(flagged) {
                match doubted.last_mut() {
                    Some((_, last)) if last.get() + 1 == one.first.get() => *last = one.last,
                    _ => doubted.push((one.first, one.last)),
                }
            }
        }
        Ok(Self { keyring, doubted })
    }

    /// Returns the keys.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Returns the name of the key that the entry at `key` enrols.
    pub fn name(&self, key: Seq) -> Option<&str> {
        self.keyring.get(key).map(|key| key.name.as_str())
    }

    /// Returns whether the entry at `seq` was signed by a key while it was in doubt.
    pub fn doubts(&self, seq: Seq) -> bool {
        let mut doubted = self.doubted.iter();
        doubted.any(|(first, last)| (*first..=*last).contains(&seq))
    }

    /// Returns the entries that were signed by a key while it was in doubt, in ranges.
    pub fn doubted(&self) -> &[(Seq, Seq)] {
        &self.doubted
    }
}
