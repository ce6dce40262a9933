//! A request to a witness: the size that it saw last, why the log has only grown
//! since, and the checkpoint that it is to see now.
//!
//! Reading one decides only whether it is one; [`crate::Witness`] judges it.

use std::fmt;

use chancery_chain::note::MAX_NOTE;
use chancery_chain::{Checkpoint, Note, Size, TreeHash};

/// The most hashes that a request may have.
const MOST_HASHES: usize = 63;
/// The longest request that is read, in bytes.
pub const LONGEST: usize = MAX_NOTE + 64 * (MOST_HASHES + 1);

/// What a log asks of a witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the witness is believed to have seen last.
    pub old: Size,
    /// The consistency proof from there.
    pub proof: Vec<TreeHash>,
    /// The checkpoint, as it was signed.
    pub note: Note,
    /// What it says.
    pub checkpoint: Checkpoint,
}

/// Why bytes are no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MalformedRequest(&'static str);

impl AddCheckpoint {
    /// Returns the request that this note be seen, if it is a checkpoint.
    pub fn new(old: Size, proof: Vec<TreeHash>, note: Note) -> Option<Self> {
        let checkpoint = Checkpoint::parse(note.text()).ok()?;
        Some(Self {
            old,
            proof,
            note,
            checkpoint,
        })
    }

    /// Reads the body of a request.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, MalformedRequest> {
        let wrong = MalformedRequest;
        let bytes = Some(bytes).filter(|bytes| bytes.len() <= LONGEST);
        let bytes = bytes.ok_or(wrong("the request is too long"))?;
        let text = std::str::from_utf8(bytes).map_err(|_| wrong("the request is not UTF-8"))?;
        let (first, mut rest) = line(text)?;
        let old = first.strip_prefix("old ").and_then(size);
        let old = old.ok_or(wrong("the first line is not `old` and a size"))?;
        let mut proof = Vec::new();
        loop {
            let (hash, next) = line(rest)?;
            rest = next;
            if hash.is_empty() {
                break;
            }
            if proof.len() == MOST_HASHES {
                return Err(wrong("the consistency proof has more than 63 lines"));
            }
            let hash = TreeHash::from_base64(hash);
            proof.push(hash.ok_or(wrong("a line of the consistency proof is no hash"))?);
        }
        let note = Note::parse(rest.as_bytes());
        let note = note.map_err(|_| wrong("what follows the empty line is no signed note"))?;
        Self::new(old, proof, note).ok_or(wrong("what was signed is no checkpoint"))
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        for hash in &self.proof {
            writeln!(f, "{hash}")?;
        }
        write!(f, "\n{}", self.note)
    }
}

/// Returns the size that a text gives in its one right spelling.
pub(crate) fn size(text: &str) -> Option<Size> {
    let size: Size = text.parse().ok()?;
    (size.to_string() == text).then_some(size)
}

fn line(text: &str) -> Result<(&str, &str), MalformedRequest> {
    let parts = text.split_once('\n');
    parts.ok_or(MalformedRequest("the request has no empty line"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Log;

    #[test]
    fn a_request_reads_back_as_it_was_written() {
        let log = Log::grown(1, 5);
        let written = log.request(3, 5);

        let read = AddCheckpoint::parse(written.to_string().as_bytes());

        assert!(!written.proof.is_empty());
        assert_eq!(read, Ok(written));
    }

    #[test]
    fn what_is_no_request_is_refused_and_said() {
        let good = Log::grown(1, 5).request(3, 5).to_string();
        let hash = format!("{}\n", chancery_chain::tree::empty_root());
        for (bytes, expected) in [
            (String::new(), "no empty line"),
            ("old 3".to_owned(), "no empty line"),
            (good.replace("old 3", "old 03"), "not `old` and a size"),
            (good.replace("old 3", "old -3"), "not `old` and a size"),
            (good.replace("old 3", "old  3"), "not `old` and a size"),
            (good.replace("old 3", "3"), "not `old` and a size"),
            (
                good.replace("old 3", "old 18446744073709551616"),
                "not `old` and a size",
            ),
            (good.replace("old 3\n", "old 3\nAAAA\n"), "is no hash"),
            (
                good.replace("old 3\n", &format!("old 3\n{}", hash.repeat(64))),
                "more than 63 lines",
            ),
            (good.replace("old 3\n", "old 3\n\n"), "is no checkpoint"),
            (good.trim_end().to_owned(), "is no signed note"),
            (good.replace("\n5\n", "\n05\n"), "is no checkpoint"),
            ("old 0\n".repeat(200_000), "too long"),
        ] {
            let fault = AddCheckpoint::parse(bytes.as_bytes()).unwrap_err();
            assert!(fault.to_string().contains(expected), "{fault}: {bytes:.80}");
        }
        let fault = AddCheckpoint::parse(b"old 3\n\xff").unwrap_err();
        assert_eq!(fault.to_string(), "the request is not UTF-8");
    }
}
