//! What no copy holds any more, named entry by entry.

use std::collections::BTreeSet;

use chancery_chain::{Finding, Hash, Kind, Seq, Size};

use super::merge::Merge;
use super::source::Candidate;
use super::taken::Ranges;
use crate::expunge::expunged;

/// Returns a finding for all of `size` entries that none of the copies holds as it
/// was appended. A body is not lost that an entry destroyed which is held.
pub(super) fn lost(merge: &mut Merge, size: Size) -> Vec<Finding> {
    let (mut entries, mut bodies) = (Ranges::default(), Vec::new());
    let mut destroyed = BTreeSet::new();
    let mut before: Option<Hash> = None;
    let end = merge.size().min(size);
    for seq in (0..end.get()).map(Seq::new) {
        let held = held(merge, seq, before);
        before = held.as_ref().map(|held| held.hash);
        match held {
            None => entries.push(seq),
            Some(held) => {
                destroyed.extend(expunged(seq, &held.bytes));
                if merge.slot(seq, &held.envelope).is_none() {
                    bodies.push(seq);
                }
            }
        }
    }
    let mut lost = Ranges::default();
    for seq in bodies.into_iter().filter(|seq| !destroyed.contains(seq)) {
        lost.push(seq);
    }
    if let Some(last) = size.last_seq().filter(|last| !end.holds(*last)) {
        entries.extend(end.next_seq(), last);
    }
    let entries = entries.findings(|_, _| {
        Finding::damage("entry-lost", "no copy holds the entry as it was appended")
    });
    let bodies = lost
        .findings(|_, _| Finding::damage("body-lost", "no copy holds the body as it was appended"));
    entries.chain(bodies).collect()
}

/// Returns the entry at `seq`, if one is held that others bear out, or that at least
/// goes on from the one before and that none contradicts.
fn held(merge: &mut Merge, seq: Seq, before: Option<Hash>) -> Option<Candidate> {
    let [here, after, later] = [0, 1, 2].map(|more| merge.at(Seq::new(seq.get() + more)));
    let sound = |next: &Candidate| merge.bears_out(&later, next);
    let contradicted = after.iter().any(sound);
    let goes_on = |one: &Candidate| {
        let follows = Some(one.envelope.previous) == before;
        follows && one.envelope.kind != Kind::CLOSING && !contradicted
    };
    let mut held = here.iter();
    let found = held.find(|one| merge.bears_out(&after, one) || goes_on(one));
    found.cloned()
}
