//! Whether all of the roll is whole: the look before a working copy is made away with.
//!
//! Opening looks at the roll's right edge. What is damaged further back, the working
//! copy may still hold as it was appended; so it is not made anew from the roll before
//! every entry there was looked at: the chain, and each body by its hash. Naming what
//! exactly is damaged is verifying's affair.

use std::collections::BTreeSet;

use chancery_chain::seal::Entry;
use chancery_chain::{Envelope, Hash, Seq, Slot};

use super::check;
use crate::expunge::expunged;
use crate::roll::reader::{ReadError, RollReader};

/// So many places are named one by one.
const NAMED: usize = 8;

/// An entry that the roll may not hold as it was appended.
pub(crate) struct Doubtful {
    pub(crate) seq: Seq,
    entry: Entry,
    /// Whether its envelope is in doubt, or its body alone.
    envelope: bool,
}

impl Doubtful {
    /// Returns whether the working copy holds something else that may be the entry as it
    /// was appended.
    pub(super) fn may_be(&self, held: &Entry) -> bool {
        let other = self.entry.envelope != held.envelope;
        let body = matches!(held.slot, Slot::Body { .. }) && self.entry.slot != held.slot;
        (other || body) && check::stands_at(held, self.seq)
    }
}

/// Returns the entries of a roll that are not as they were appended, the bodies left
/// out that an expunging destroyed or is to destroy, or that are `to_go`.
///
/// # Errors
/// A bundle does not read at all.
pub(crate) fn doubtful(
    reader: &RollReader,
    to_go: &BTreeSet<Seq>,
) -> Result<Vec<Doubtful>, ReadError> {
    let mut found: Vec<Doubtful> = Vec::new();
    let (mut named, mut gone) = (BTreeSet::new(), to_go.clone());
    let mut before: Option<(Seq, Entry)> = None;
    for item in reader.entries(Seq::FIRST) {
        let (seq, entry) = item?;
        if let Some(record) = expunged(seq, &entry.envelope) {
            named.insert((record, seq));
            gone.insert(record);
        }
        let said_gone = matches!(entry.slot, Slot::Expunged(_));
        let follows = follows(before.as_ref(), seq, &entry);
        if !follows {
            // Which of the two was altered is not known here.
            let before = before.into_iter();
            found.extend(before.map(|(seq, entry)| Doubtful::of(seq, entry, true)));
        }
        if !follows || said_gone || !check::stands_at(&entry, seq) {
            found.push(Doubtful::of(seq, entry.clone(), !follows));
        }
        before = Some((seq, entry));
    }
    found.retain(|one| match one.entry.slot {
        _ if one.envelope => true,
        Slot::Expunged(by) => !named.contains(&(one.seq, by)),
        _ => !gone.contains(&one.seq),
    });
    found.dedup_by_key(|one| one.seq);
    Ok(found)
}

impl Doubtful {
    fn of(seq: Seq, entry: Entry, envelope: bool) -> Self {
        Self {
            seq,
            entry,
            envelope,
        }
    }
}

fn follows(before: Option<&(Seq, Entry)>, seq: Seq, entry: &Entry) -> bool {
    let previous = before.map(|(_, before)| Hash::of_envelope(&before.envelope));
    let envelope = Envelope::decode(&entry.envelope);
    envelope.is_ok_and(|envelope| {
        envelope.seq == seq && envelope.previous == previous.unwrap_or(Hash::ZERO)
    })
}

/// Names entries in words.
pub(crate) fn named(entries: &[Seq]) -> String {
    let few = entries.iter().take(NAMED).map(Seq::to_string);
    let few = few.collect::<Vec<_>>().join(", ");
    let more = entries.len().saturating_sub(NAMED);
    match (entries.len(), more) {
        (1, _) => format!("entry {few}"),
        (_, 0) => format!("entries {few}"),
        _ => format!("entries {few} and {more} more"),
    }
}
