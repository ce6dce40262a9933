//! What is being destroyed: bodies that the ledger says are gone, and that may be there
//! still.
//!
//! From the record of an expunging until every file was gone through a marker stands in
//! the ledger's folder. Readers take what it names for destroyed. Destroying it is not
//! done here.

use std::path::Path;

use chancery_chain::seal::Entry;
use chancery_chain::{Seq, Slot};

use super::reader::{ReadError, RollReader};
use crate::expunge::{Destroyed, Marker, expunged};

/// The bodies that go, each with its expunging.
#[derive(Debug, Default)]
pub(super) struct Going(Destroyed);

impl Going {
    /// Returns what a destruction that is under way in `folder` names, by the entries that
    /// `reader` reads.
    pub(super) fn of(folder: &Path, reader: &RollReader) -> Result<Self, ReadError> {
        let mut going = Destroyed::new();
        if let Some(marker) = Marker::read(folder)? {
            reader.each_envelope(marker.from, &mut |by, envelope| {
                if let Some(seq) = expunged(by, envelope) {
                    going.entry(seq).or_insert(by);
                }
            })?;
        }
        Ok(Self(going))
    }

    /// Leaves the bodies that go out of these entries, the first of which is at `first`.
    pub(super) fn leave_out(&self, first: Seq, entries: &mut [Entry]) {
        for (seq, by) in self.0.range(first..) {
            let at = usize::try_from(seq.get() - first.get()).ok();
            let Some(entry) = at.and_then(|at| entries.get_mut(at)) else {
                return;
            };
            if matches!(entry.slot, Slot::Body { .. }) {
                entry.slot = Slot::Expunged(*by);
            }
        }
    }
}
