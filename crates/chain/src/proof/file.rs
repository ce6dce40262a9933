//! Proof files: one entry, with all that it takes to believe it elsewhere.
//!
//! The form is that of c2sp.org/tlog-proof, so that other tools can check the
//! tree and the signatures. Its extra data holds what they cannot know: the
//! envelope, which is the leaf, and the body with its salt if it is to be
//! shown. Nothing in a file is to be believed before [`ProofFile::check`].

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{BadProof, Inclusion, LONGEST};
use crate::envelope::{Envelope, MalformedEnvelope};
use crate::note::{MalformedNote, Note, VerifierKey};
use crate::policy::{Believed, Disbelieved, Policy};
use crate::position::Seq;
use crate::slot::Slot;
use crate::tree::{TreeHash, leaf_hash};

/// The first line of a proof file.
const FIRST: &str = "c2sp.org/tlog-proof@v1";
/// The version of the extra data's form.
const EXTRA_VERSION: u8 = 1;
/// The longest proof file that is read: more than the longest note takes, with an
/// envelope and a body in base64.
const LONGEST_FILE: usize = 1_200_000;

/// A proof that one entry is in a ledger, as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofFile {
    /// The bytes of the envelope.
    pub envelope: Vec<u8>,
    /// The body and its salt, if they are shown.
    pub slot: Slot,
    /// Where the entry is.
    pub seq: Seq,
    /// The hashes from the entry to the root.
    pub hashes: Vec<TreeHash>,
    /// The checkpoint, with its signatures.
    pub checkpoint: Note,
}

/// What a proof file proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proved {
    /// The entry's envelope.
    pub envelope: Envelope,
    /// The body, if it is shown.
    pub body: Option<Vec<u8>>,
    /// The checkpoint under which the entry is, and who signed it.
    pub believed: Believed,
}

/// Why bytes are no proof file of this program's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MalformedProof {
    /// They are too many, or no text.
    #[error("a proof file is text of at most {LONGEST_FILE} bytes")]
    Text,
    /// The first line is another.
    #[error("a proof file begins with the line {FIRST}")]
    FirstLine,
    /// There is no extra line, or what it holds is no envelope and body.
    #[error("the second line is `extra` with the envelope, and the body if it is shown")]
    Extra,
    /// There is no index, or it is not in its one right spelling.
    #[error("the line after `extra` is `index` and the position of the entry")]
    Index,
    /// A line that should be a hash is none, or there are too many.
    #[error("the lines up to the empty one are hashes in base64, at most {LONGEST}")]
    Hash,
    /// What follows the hashes is no signed note.
    #[error("what follows the hashes is no signed checkpoint")]
    Note(#[source] MalformedNote),
}

/// Why a proof file proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotProved {
    /// The checkpoint is not signed, or not cosigned, as it must be.
    #[error(transparent)]
    Disbelieved(#[from] Disbelieved),
    /// The envelope does not read.
    #[error("the envelope does not read")]
    Envelope(#[source] MalformedEnvelope),
    /// The envelope is of another position than the proof.
    #[error("the envelope is of entry {envelope}, the proof of entry {index}")]
    OtherEntry {
        /// What the envelope says.
        envelope: Seq,
        /// What the proof says.
        index: Seq,
    },
    /// The hashes do not lead to the root.
    #[error("the entry is not shown to be in the tree")]
    Tree(#[source] BadProof),
    /// The body is not the one that the envelope binds.
    #[error("the body is not the one that was appended")]
    Body,
}

impl ProofFile {
    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// They are none; nothing in them may be used.
    pub fn parse(bytes: &[u8]) -> Result<Self, MalformedProof> {
        if bytes.len() > LONGEST_FILE {
            return Err(MalformedProof::Text);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| MalformedProof::Text)?;
        let (first, rest) = line(text).ok_or(MalformedProof::FirstLine)?;
        if first != FIRST {
            return Err(MalformedProof::FirstLine);
        }
        let (extra, rest) = line(rest).ok_or(MalformedProof::Extra)?;
        let (envelope, slot) = extra
            .strip_prefix("extra ")
            .and_then(parse_extra)
            .ok_or(MalformedProof::Extra)?;
        let (index, mut rest) = line(rest).ok_or(MalformedProof::Index)?;
        let seq = index.strip_prefix("index ").and_then(parse_index);
        let seq = seq.ok_or(MalformedProof::Index)?;
        let mut hashes = Vec::new();
        loop {
            let (hash, next) = line(rest).ok_or(MalformedProof::Hash)?;
            rest = next;
            if hash.is_empty() {
                break;
            }
            let hash = TreeHash::from_base64(hash).filter(|_| hashes.len() < LONGEST);
            hashes.push(hash.ok_or(MalformedProof::Hash)?);
        }
        Ok(Self {
            envelope,
            slot,
            seq,
            hashes,
            checkpoint: Note::parse(rest.as_bytes()).map_err(MalformedProof::Note)?,
        })
    }

    /// Checks the whole against the log's key, or keys while one is being
    /// replaced: signature, tree, envelope, and the body if it is shown.
    ///
    /// # Errors
    /// It does not hold, and proves nothing.
    pub fn check(&self, log: &[VerifierKey]) -> Result<Proved, NotProved> {
        self.check_under(&Policy::of(log))
    }

    /// Checks the whole against a policy, which may ask for witnesses too.
    ///
    /// # Errors
    /// It does not hold, and proves nothing.
    pub fn check_under(&self, policy: &Policy) -> Result<Proved, NotProved> {
        let believed = policy.judge(&self.checkpoint)?;
        let checkpoint = &believed.checkpoint;
        let inclusion = Inclusion {
            seq: self.seq,
            size: checkpoint.size(),
            hashes: self.hashes.clone(),
        };
        inclusion
            .check(leaf_hash(&self.envelope), checkpoint.root())
            .map_err(NotProved::Tree)?;
        let envelope = Envelope::decode(&self.envelope).map_err(NotProved::Envelope)?;
        if envelope.seq != self.seq {
            let (envelope, index) = (envelope.seq, self.seq);
            return Err(NotProved::OtherEntry { envelope, index });
        }
        Ok(Proved {
            body: self.body(&envelope)?,
            envelope,
            believed,
        })
    }

    fn body(&self, envelope: &Envelope) -> Result<Option<Vec<u8>>, NotProved> {
        match &self.slot {
            Slot::None => Ok(None),
            Slot::Body { body, .. } => {
                let fits = self.slot.body_hash() == Some(envelope.body_hash)
                    && body.len() == envelope.body_length as usize;
                fits.then(|| Some(body.clone())).ok_or(NotProved::Body)
            }
            // A file that was made before says nothing of what was destroyed since.
            Slot::Expunged(_) => Err(NotProved::Body),
        }
    }
}

impl fmt::Display for ProofFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut extra = vec![EXTRA_VERSION];
        // An envelope is at most 512 bytes long.
        let length = u16::try_from(self.envelope.len()).unwrap_or(u16::MAX);
        extra.extend(length.to_be_bytes());
        extra.extend(&self.envelope);
        self.slot.encode_into(&mut extra);
        writeln!(f, "{FIRST}\nextra {}", STANDARD.encode(extra))?;
        writeln!(f, "index {}", self.seq.get())?;
        for hash in &self.hashes {
            writeln!(f, "{hash}")?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

/// Returns the first line, without its end, and what follows.
fn line(text: &str) -> Option<(&str, &str)> {
    text.split_once('\n')
}

fn parse_extra(text: &str) -> Option<(Vec<u8>, Slot)> {
    let bytes = STANDARD.decode(text).ok()?;
    let rest = bytes.strip_prefix(&[EXTRA_VERSION])?;
    let (length, rest) = rest.split_first_chunk::<2>()?;
    let (envelope, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    let (slot, rest) = Slot::decode(rest).ok()?;
    rest.is_empty().then(|| (envelope.to_vec(), slot))
}

fn parse_index(text: &str) -> Option<Seq> {
    let index: u64 = text.parse().ok()?;
    (index.to_string() == text).then_some(Seq::new(index))
}

#[cfg(test)]
mod tests;
