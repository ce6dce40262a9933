//! The source files that records speak of: which ones a copy of the ledger needs.

use chancery_chain::{Digest, Envelope, Seq, Size};
use chancery_store::{ReadError, RollReader};

use crate::verify::records::{Records, Seen};

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
    let mut records = Records::default();
    for item in roll.entries(Seq::FIRST) {
        let (seq, entry) = item?;
        if !size.holds(seq) {
            break;
        }
        let Ok(envelope) = Envelope::decode(&entry.envelope) else {
            continue;
        };
        let true_body = entry.slot.body_hash() == Some(envelope.body_hash);
        let seen = true_body.then(|| Seen::of(&envelope, &entry.slot));
        records.take(seq, envelope.kind, seen);
    }
    let spoken = records.files();
    let firsts = spoken.chunk_by(|a, b| a.digest == b.digest);
    let firsts = firsts.filter_map(<[_]>::first);
    let file = firsts.map(|first| SourceFile {
        digest: first.digest,
        length: first.length,
        entry: first.entry,
    });
    Ok(file.collect())
}
