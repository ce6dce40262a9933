//! Times that somebody else vouches for, and entries that contradict them.
//!
//! Recorded-at is the archivist's own clock. But if somebody else says that at
//! some time the ledger had so many entries and no more, every entry behind
//! these was appended later, and one that claims an earlier time is back-dated.
//! Who vouches, and whether to be believed, is for the caller to say.

use chancery_chain::{Envelope, Instant, Seq, Size};
use chancery_store::{ReadError, RollReader};

/// How far two clocks may be apart, in microseconds: 5 minutes.
pub const APART: u64 = 5 * 60 * 1_000_000;

/// That a ledger had so many entries at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// How many.
    pub size: Size,
    /// When.
    pub at: Instant,
}

/// Entries that claim to be older than they can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackDated {
    /// The first of them.
    pub first: Seq,
    /// The last of them.
    pub last: Seq,
    /// The earliest time that one of them claims.
    pub claimed: Instant,
}

impl Vouched {
    /// Returns the entries, in runs, that were appended after this time, and claim to
    /// have been recorded more than five minutes before it; but for those that `others`
    /// saw by the time that they claim.
    ///
    /// A checkpoint may have been brought to somebody long after it was made: then
    /// honest entries came in between, and only such others can tell.
    ///
    /// # Errors
    /// An entry cannot be read.
    pub fn back_dated(
        &self,
        roll: &RollReader,
        others: &[Self],
    ) -> Result<Vec<BackDated>, ReadError> {
        let mut found: Vec<BackDated> = Vec::new();
        for item in roll.entries(self.size.next_seq()) {
            let (seq, entry) = item?;
            let Ok(envelope) = Envelope::decode(&entry.envelope) else {
                continue;
            };
            let claimed = envelope.recorded_at;
            if claimed.micros().saturating_add(APART) >= self.at.micros() {
                // Recorded-at never goes back: all that follow are later still.
                break;
            }
            if others.iter().any(|other| other.saw(seq, claimed)) {
                continue;
            }
            match found.last_mut() {
                Some(run) if run.last.get() + 1 == seq.get() => run.last = seq,
                _ => found.push(BackDated {
                    first: seq,
                    last: seq,
                    claimed,
                }),
            }
        }
        Ok(found)
    }

    /// Returns whether the entry was there at the time that it claims, clocks apart.
    fn saw(&self, seq: Seq, claimed: Instant) -> bool {
        let by_then = self.at.micros() <= claimed.micros().saturating_add(APART);
        self.size.holds(seq) && by_then
    }
}
