//! Whether a submission follows the head: the last look before it is written.
//!
//! Key signatures and rights are not looked at here: the audit and the ledger do.

use chancery_chain::head::Head;
use chancery_chain::seal::Entry;
use chancery_chain::{Closing, Envelope, Hash, Kind, MalformedEnvelope, Seq, Size, Slot};

/// Why entries are no submission that follows the head.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DoesNotFollow {
    /// There is no entry.
    #[error("a submission has at least one entry")]
    Empty,
    /// An envelope does not read.
    #[error("the envelope for place {seq} does not read")]
    Malformed {
        /// The place that it should take.
        seq: Seq,
        /// What is wrong with it.
        source: MalformedEnvelope,
    },
    /// An entry was made for another place: the head has moved meanwhile, or the
    /// entries are out of order.
    #[error("entry {found} stands where entry {expected} should follow")]
    OutOfOrder {
        /// The place that is next.
        expected: Seq,
        /// The place that the entry was made for.
        found: Seq,
    },
    /// An entry was sealed onto another history.
    #[error("entry {seq} does not follow the entry before it")]
    Previous {
        /// The entry.
        seq: Seq,
    },
    /// An entry belongs to another submission, or was recorded at another time.
    #[error("entry {seq} does not belong to submission {submission}")]
    Apart {
        /// The entry.
        seq: Seq,
        /// The submission that is next.
        submission: u64,
    },
    /// A body is not the one that its envelope vouches for.
    #[error("the body of entry {seq} is not the one that its envelope names")]
    Body {
        /// The entry.
        seq: Seq,
    },
    /// The last entry is no closing that counts these entries, or another one is.
    #[error("entry {seq} does not close the submission as it should")]
    Closing {
        /// The entry.
        seq: Seq,
    },
}

/// Returns the head after these entries, if they are one submission that
/// follows `head`.
pub(super) fn follows(head: &Head, entries: &[Entry]) -> Result<Head, DoesNotFollow> {
    let mut next = *head;
    let last = entries.len().checked_sub(1).ok_or(DoesNotFollow::Empty)?;
    for (place, entry) in entries.iter().enumerate() {
        let seq = next.size.next_seq();
        let envelope = Envelope::decode(&entry.envelope)
            .map_err(|source| DoesNotFollow::Malformed { seq, source })?;
        if place == 0 {
            next.recorded_at = envelope.recorded_at;
        }
        check(&next, &envelope, &entry.slot)?;
        if (envelope.kind == Kind::CLOSING) != (place == last)
            || (place == last && !closes(&envelope, head.size, entries.len()))
        {
            return Err(DoesNotFollow::Closing { seq });
        }
        next.hash = Hash::of_envelope(&entry.envelope);
        next.size = Size::ending_at(seq).ok_or(DoesNotFollow::Closing { seq })?;
    }
    next.submissions += 1;
    Ok(next)
}

/// Returns whether an entry says of itself that it stands at `seq`, with its body.
pub(super) fn stands_at(entry: &Entry, seq: Seq) -> bool {
    Envelope::decode(&entry.envelope)
        .is_ok_and(|envelope| envelope.seq == seq && body_fits(&envelope, &entry.slot))
}

fn check(next: &Head, envelope: &Envelope, slot: &Slot) -> Result<(), DoesNotFollow> {
    let (expected, found) = (next.size.next_seq(), envelope.seq);
    if expected != found {
        return Err(DoesNotFollow::OutOfOrder { expected, found });
    }
    let seq = found;
    if envelope.previous != next.hash {
        return Err(DoesNotFollow::Previous { seq });
    }
    let submission = next.submissions;
    if envelope.submission != submission || envelope.recorded_at != next.recorded_at {
        return Err(DoesNotFollow::Apart { seq, submission });
    }
    if !body_fits(envelope, slot) {
        return Err(DoesNotFollow::Body { seq });
    }
    Ok(())
}

fn body_fits(envelope: &Envelope, slot: &Slot) -> bool {
    match slot {
        Slot::None => !envelope.kind.is_record(),
        Slot::Body { body, .. } => {
            body.len() == envelope.body_length as usize
                && slot.body_hash() == Some(envelope.body_hash)
        }
        Slot::Expunged(_) => envelope.kind.is_record(),
    }
}

fn closes(envelope: &Envelope, before: Size, count: usize) -> bool {
    Closing::decode(&envelope.payload)
        .is_ok_and(|closing| closing.first == before.next_seq() && closing.count as usize == count)
}
