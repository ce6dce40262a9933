//! The source files that records speak of: which ones a copy of the ledger needs.

use std::collections::BTreeMap;

use chancery_chain::{Digest, Envelope, Seq, Size, Slot};
use chancery_store::{ReadError, RollReader};

use crate::verify::records::{Records, Seen, Spoken};

/// A source file that records took into custody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its digest.
    pub digest: Digest,
    /// Its length in bytes, as the record has it.
    pub length: u64,
    /// The first record that speaks of it.
    pub entry: Seq,
}

/// Returns the source files that the first `size` entries speak of, each once, by
/// their digests.
///
/// # Errors
/// The roll cannot be read so far.
pub fn source_files(roll: &RollReader, size: Size) -> Result<Vec<SourceFile>, ReadError> {
    let spoken = spoken(roll, size, &BTreeMap::new())?;
    let firsts = spoken.chunk_by(|a, b| a.digest == b.digest);
    let firsts = firsts.filter_map(<[_]>::first);
    let file = firsts.map(|first| SourceFile {
        digest: first.digest,
        length: first.length,
        entry: first.entry,
    });
    Ok(file.collect())
}

/// Returns the digests of the source files that nothing speaks of but these bodies, which
/// were destroyed: the roll may have them still, or not any more.
///
/// # Errors
/// The roll cannot be read.
pub fn destroyed_files(
    roll: &RollReader,
    destroyed: &BTreeMap<Seq, Slot>,
) -> Result<Vec<Digest>, ReadError> {
    let spoken = spoken(roll, roll.size(), destroyed)?;
    let files = spoken.chunk_by(|a, b| a.digest == b.digest);
    let gone = files.filter(|file| {
        file.iter()
            .all(|spoken| destroyed.contains_key(&spoken.entry))
    });
    Ok(gone
        .filter_map(|file| file.first())
        .map(|file| file.digest)
        .collect())
}

/// Returns all that the first `size` entries say of source files, with these bodies in the
/// place of what the roll has.
fn spoken(
    roll: &RollReader,
    size: Size,
    bodies: &BTreeMap<Seq, Slot>,
) -> Result<Vec<Spoken>, ReadError> {
    let mut records = Records::default();
    for item in roll.entries(Seq::FIRST) {
        let (seq, entry) = item?;
        if !size.holds(seq) {
            break;
        }
        let Ok(envelope) = Envelope::decode(&entry.envelope) else {
            continue;
        };
        let slot = bodies.get(&seq).unwrap_or(&entry.slot);
        let true_body = slot.body_hash() == Some(envelope.body_hash);
        let seen = true_body.then(|| Seen::of(&envelope, slot));
        records.take(seq, envelope.kind, seen);
    }
    Ok(records.files())
}
