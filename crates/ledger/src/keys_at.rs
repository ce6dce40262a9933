//! The keys as known at a cut: whose vouch for which entries, and which of that is in doubt.
//!
//! That a key was stolen is known later than it happened. What it signed or approved of
//! from then on stays in the record, and whoever reads it is told. An answer as known
//! before the revocation does not know of it.

use chancery_chain::{Approval, Closing, Envelope, Keyring, Kind, Seq, Size};
use chancery_store::{ReadError, RollReader, keys};

/// The keys of a ledger at a cut, and the entries for which one in doubt stands.
#[derive(Clone, Debug)]
pub struct KeysAt {
    keyring: Keyring,
    doubted: Vec<(Seq, Seq)>,
}

impl KeysAt {
    /// Returns the keys of the first `size` entries; `now` are those of all.
    ///
    /// # Errors
    /// The roll cannot be read.
    pub fn of(roll: &RollReader, size: Size, now: Keyring) -> Result<Self, ReadError> {
        let keyring = if size < roll.size() {
            keys::read_until(roll, size)?.1
        } else {
            now
        };
        let doubted = if keyring.iter().any(|(_, enrolled)| enrolled.is_in_doubt()) {
            doubted(roll, size, &keyring)?
        } else {
            Vec::new()
        };
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

    /// Returns whether a key stands for the entry at `seq` that was in doubt then.
    pub fn doubts(&self, seq: Seq) -> bool {
        let mut doubted = self.doubted.iter();
        doubted.any(|(first, last)| (*first..=*last).contains(&seq))
    }

    /// Returns the entries for which a key stands that was in doubt then, in ranges.
    pub fn doubted(&self) -> &[(Seq, Seq)] {
        &self.doubted
    }
}

/// Returns the submissions that a key in doubt closed or approved of, in ranges.
fn doubted(roll: &RollReader, size: Size, keyring: &Keyring) -> Result<Vec<(Seq, Seq)>, ReadError> {
    let mut doubted: Vec<(Seq, Seq)> = Vec::new();
    let mut behind = Vec::new();
    for item in roll.entries(Seq::FIRST) {
        let (seq, entry) = item?;
        if !size.holds(seq) {
            break;
        }
        let Some((key, first)) = stands(&entry.envelope) else {
            continue;
        };
        behind.push(key);
        let Some(first) = first else { continue };
        let flagged = behind.drain(..).any(|key| keyring.is_flagged(key, seq));
        match doubted.last_mut() {
            _ if !flagged => {}
            Some((_, last)) if last.get() + 1 == first.get() => *last = seq,
            _ => doubted.push((first, seq)),
        }
    }
    Ok(doubted)
}

/// Returns the key that stands for a submission by this entry, and where the submission
/// begins if the entry closes it. What does not read is damage, which verifying tells.
fn stands(envelope: &[u8]) -> Option<(Seq, Option<Seq>)> {
    let kind = Envelope::kind_of(envelope)?;
    if ![Kind::APPROVAL, Kind::CLOSING].contains(&kind) {
        return None;
    }
    let payload = Envelope::decode(envelope).ok()?.payload;
    if kind == Kind::APPROVAL {
        return Some((Approval::decode(&payload).ok()?.keeper, None));
    }
    let closing = Closing::decode(&payload).ok()?;
    Some((closing.signer, Some(closing.first)))
}
