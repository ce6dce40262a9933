//! The witness itself: judges a request, remembers it, and only then cosigns.
//!
//! It knows the logs that it was told of. Looking up what it saw last, checking
//! and remembering are one step under a lock: of two histories of one log, in
//! whatever order and however many at once they arrive, one is cosigned.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chancery_chain::note::NoteSignature;
use chancery_chain::proof::Consistency;
use chancery_chain::tree::empty_root;
use chancery_chain::{Checkpoint, Instant, NotSigned, Note, PrivateKey, Size, VerifierKey};

use crate::memory::{Memory, MemoryError, name_of};
use crate::request::AddCheckpoint;

/// A witness with its key, the logs that it knows, and what it saw of them.
pub struct Witness {
    own: VerifierKey,
    key: Box<dyn PrivateKey + Send + Sync>,
    logs: BTreeMap<String, Vec<VerifierKey>>,
    memory: Mutex<Memory>,
}

/// What a witness answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It saw the checkpoint; this is its signature line.
    Cosigned(NoteSignature),
    /// The request does not read, or makes no sense.
    Malformed(String),
    /// It does not know the log.
    Unknown,
    /// No key of the log signed the checkpoint.
    Unsigned,
    /// It saw this size last.
    Conflict(Size),
    /// The log is not shown to have only grown.
    Inconsistent(String),
    /// It cannot remember, and so it does not cosign.
    Failed,
}

impl Witness {
    /// Returns the witness of this name and key, if the name is one for a key.
    pub fn new(name: &str, key: Box<dyn PrivateKey + Send + Sync>, memory: Memory) -> Option<Self> {
        let own = VerifierKey::cosigner(name, key.public())?;
        Some(Self {
            own,
            key,
            logs: BTreeMap::new(),
            memory: Mutex::new(memory),
        })
    }

    /// Makes a log known whose checkpoints have this origin and may be signed by this key.
    #[must_use]
    pub fn knowing(mut self, origin: &str, key: VerifierKey) -> Self {
        self.logs.entry(origin.to_owned()).or_default().push(key);
        self
    }

    /// Returns the key that verifies what this witness cosigns.
    pub fn verifier(&self) -> &VerifierKey {
        &self.own
    }

    /// Returns the last checkpoint of each known log that this witness cosigned.
    ///
    /// # Errors
    /// What it remembers of one cannot be read.
    pub fn seen(&self) -> Result<Vec<(&str, Option<Checkpoint>)>, MemoryError> {
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let logs = self.logs.keys();
        logs.map(|origin| Ok((origin.as_str(), memory.last(origin, &self.own)?)))
            .collect()
    }

    /// Returns the last checkpoint that this witness cosigned, as it was signed, of
    /// the log whose origin has this SHA-256 hash in lower-case hexadecimal.
    ///
    /// # Errors
    /// What it remembers cannot be read.
    pub fn checkpoint(&self, hash: &str) -> Result<Option<Note>, MemoryError> {
        let Some(origin) = self.logs.keys().find(|origin| name_of(origin) == hash) else {
            return Ok(None);
        };
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.note(origin, &self.own)
    }

    /// Judges a request to add a checkpoint, made now.
    pub fn add(&self, body: &[u8], now: Instant) -> Answer {
        let request = match AddCheckpoint::parse(body) {
            Ok(request) => request,
            Err(fault) => return Answer::Malformed(fault.to_string()),
        };
        let Some(keys) = self.logs.get(request.checkpoint.origin()) else {
            return Answer::Unknown;
        };
        if request.note.verify(keys).is_err() {
            return Answer::Unsigned;
        }
        if request.old > request.checkpoint.size() {
            let fault = "the old size is larger than the checkpoint's".to_owned();
            return Answer::Malformed(fault);
        }
        let judged = self.judge(&request, now);
        judged.unwrap_or_else(|fault| {
            tracing::error!(%fault, origin = request.checkpoint.origin(), "nothing is cosigned");
            Answer::Failed
        })
    }

    /// Compares a signed checkpoint with the last one, and takes its place.
    fn judge(&self, request: &AddCheckpoint, now: Instant) -> Result<Answer, MemoryError> {
        let checkpoint = &request.checkpoint;
        // Poisoned by a panic, the memory still says what is on the disk.
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let last = memory.last(checkpoint.origin(), &self.own)?;
        let (size, root) = last
            .as_ref()
            .map_or((Size::EMPTY, empty_root()), |it| (it.size(), it.root()));
        if checkpoint.size() == size && checkpoint.root() != root {
            // Both are signed by the log: whoever holds the two can show it.
            if last.is_some() {
                memory.keep_evidence(&request.note)?;
            }
        }
        if request.old != size {
            return Ok(Answer::Conflict(size));
        }
        if let Err(fault) = grew(request, root) {
            return Ok(Answer::Inconsistent(fault));
        }
        let Some((note, line)) = self.cosign(&request.note, checkpoint.origin(), now) else {
            return Ok(Answer::Failed);
        };
        memory.put(checkpoint.origin(), &note)?;
        Ok(Answer::Cosigned(line))
    }

    /// Returns the note with the signatures of the log's keys and this witness's own.
    fn cosign(&self, note: &Note, origin: &str, now: Instant) -> Option<(Note, NoteSignature)> {
        // The time of a cosignature is never zero: that stands for none.
        let now = Some(now).filter(|now| now.micros() >= 1_000_000)?;
        let line = NoteSignature::of_witness(note.text(), self.own.name(), &*self.key, now);
        let unsigned = |error: &NotSigned| tracing::error!(%error, origin, "nothing is cosigned");
        let line = line.inspect_err(unsigned).ok()?;
        let mut cosigned = Note::new(note.text())?;
        let known = self.logs.get(origin)?;
        let logs = note.signatures().iter();
        for signature in logs.filter(|it| known.iter().any(|key| it.names(key))) {
            cosigned.add(signature.clone());
        }
        cosigned.add(line.clone());
        Some((cosigned, line))
    }
}

/// Returns whether the log is shown to have only grown since it had this root.
fn grew(request: &AddCheckpoint, root: chancery_chain::TreeHash) -> Result<(), String> {
    let checkpoint = &request.checkpoint;
    if checkpoint.size() == Size::EMPTY && checkpoint.root() != empty_root() {
        return Err("a tree without leaves has another root".to_owned());
    }
    if request.old == Size::EMPTY {
        let is_empty = request.proof.is_empty();
        let fault = "from a tree without leaves there is nothing to prove";
        return is_empty.then_some(()).ok_or_else(|| fault.to_owned());
    }
    let proof = Consistency {
        from: request.old,
        to: checkpoint.size(),
        hashes: request.proof.clone(),
    };
    let checked = proof.check(root, checkpoint.root());
    checked.map_err(|fault| fault.to_string())
}

#[cfg(test)]
mod tests;
