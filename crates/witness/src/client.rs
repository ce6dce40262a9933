//! Asking a witness: what to send, and what its answer means.
//!
//! How bytes get there is the caller's affair, and so is whether the signatures
//! that come back are worth anything: that takes the witness's key.

use std::error::Error;

use chancery_chain::note::{NoteSignature, parse_signatures};
use chancery_chain::{Note, Size, TreeHash};

use crate::request::{self, AddCheckpoint};

/// The path under a witness's address at which it is asked.
pub const PATH: &str = "add-checkpoint";
/// The longest answer that is read, in bytes.
pub const LONGEST_ANSWER: u64 = 1_000_000;

/// What a witness sent back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status of HTTP.
    pub status: u16,
    /// The bytes.
    pub body: Vec<u8>,
}

/// A cause from the caller's own house: the network, or the ledger.
pub type Cause = Box<dyn Error + Send + Sync>;

/// Why a witness did not cosign.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CosignError {
    /// The note is no checkpoint.
    #[error("the note is no checkpoint")]
    NoCheckpoint,
    /// The witness cannot be reached.
    #[error("the witness cannot be asked")]
    Send(#[source] Cause),
    /// The proof that it wants cannot be made.
    #[error("the proof that the witness wants cannot be made")]
    Prove(#[source] Cause),
    /// It does not know the log.
    #[error("the witness does not know this ledger")]
    Unknown,
    /// It knows the log by another key.
    #[error("the witness knows this ledger by another key")]
    OtherKey,
    /// It has seen more of the log than there is.
    #[error("the witness has seen {seen} entries of this ledger, which has {size}")]
    Ahead {
        /// How many it has seen.
        seen: Size,
        /// How many there are.
        size: Size,
    },
    /// It has seen another history of the log.
    #[error("the witness has seen other entries at the first {seen} places of this ledger")]
    OtherHistory {
        /// How many entries it has seen.
        seen: Size,
    },
    /// Somebody else's checkpoints of the same log come in between.
    #[error("the witness was shown another checkpoint of this ledger meanwhile")]
    Overtaken,
    /// Its answer makes no sense.
    #[error("the witness's answer is not one of its protocol's: {what}")]
    Answer {
        /// What it was.
        what: String,
    },
}

impl CosignError {
    /// Returns whether this shows that not all have been shown one history.
    pub fn is_contradiction(&self) -> bool {
        matches!(self, Self::Ahead { .. } | Self::OtherHistory { .. })
    }
}

/// Asks a witness to cosign a checkpoint, once more if it saw another size last
/// than `guess`; returns the signature lines of its answer, not verified.
///
/// # Errors
/// It did not cosign.
pub fn cosign(
    note: &Note,
    guess: Size,
    prove: &mut dyn FnMut(Size) -> Result<Vec<TreeHash>, Cause>,
    send: &mut dyn FnMut(Vec<u8>) -> Result<Reply, Cause>,
) -> Result<Vec<NoteSignature>, CosignError> {
    let mut request =
        AddCheckpoint::new(guess, Vec::new(), note.clone()).ok_or(CosignError::NoCheckpoint)?;
    let size = request.checkpoint.size();
    request.old = guess.min(size);
    let asked = ask(&mut request, prove, send)?;
    let seen = match asked {
        Asked::Cosigned(lines) => return Ok(lines),
        Asked::Saw(seen) => seen,
    };
    request.old = seen;
    match ask(&mut request, prove, send)? {
        Asked::Cosigned(lines) => Ok(lines),
        Asked::Saw(_) => Err(CosignError::Overtaken),
    }
}

/// What asking once came to.
enum Asked {
    Cosigned(Vec<NoteSignature>),
    /// The witness saw this size last.
    Saw(Size),
}

fn ask(
    request: &mut AddCheckpoint,
    prove: &mut dyn FnMut(Size) -> Result<Vec<TreeHash>, Cause>,
    send: &mut dyn FnMut(Vec<u8>) -> Result<Reply, Cause>,
) -> Result<Asked, CosignError> {
    let (old, size) = (request.old, request.checkpoint.size());
    let needs_proof = old != Size::EMPTY && old != size;
    request.proof = if needs_proof {
        prove(old).map_err(CosignError::Prove)?
    } else {
        Vec::new()
    };
    let reply = send(request.to_string().into_bytes()).map_err(CosignError::Send)?;
    match reply.status {
        200 => lines(&reply).map(Asked::Cosigned),
        404 => Err(CosignError::Unknown),
        403 => Err(CosignError::OtherKey),
        409 => conflict(&reply, old, size),
        // What was proved is true of this ledger: it is not the one that was seen.
        // Of another tree of the same size some say 422, too, and not 409.
        422 if old != Size::EMPTY => Err(CosignError::OtherHistory { seen: old }),
        _ => Err(unlike(&reply)),
    }
}

fn lines(reply: &Reply) -> Result<Vec<NoteSignature>, CosignError> {
    let text = std::str::from_utf8(&reply.body).ok();
    let lines = text.and_then(|text| parse_signatures(text).ok());
    lines.ok_or_else(|| unlike(reply))
}

fn conflict(reply: &Reply, old: Size, size: Size) -> Result<Asked, CosignError> {
    let text = std::str::from_utf8(&reply.body).ok();
    let seen = text.and_then(|text| request::size(text.strip_suffix('\n')?));
    match seen.ok_or_else(|| unlike(reply))? {
        seen if seen > size => Err(CosignError::Ahead { seen, size }),
        seen if seen == old && old == size => Err(CosignError::OtherHistory { seen }),
        seen if seen == old => Err(unlike(reply)),
        seen => Ok(Asked::Saw(seen)),
    }
}

/// Says what an answer was that makes no sense, as far as it can be shown.
fn unlike(reply: &Reply) -> CosignError {
    let text = String::from_utf8_lossy(&reply.body);
    let first: String = text
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(80)
        .collect();
    let status = reply.status;
    let what = match first.as_str() {
        "" => format!("{status}"),
        first => format!("{status}, {first}"),
    };
    CosignError::Answer { what }
}

#[cfg(test)]
mod tests;
