//! Checkpoints: origin, size and root, as text to be signed and kept elsewhere.
//!
//! The form is that of c2sp.org/tlog-checkpoint; the signatures around it are
//! a [`Note`]'s affair. A checkpoint that was read out of a note is worth what
//! the verified signatures are worth.

use std::fmt;

use crate::note::Note;
use crate::payload::Origin;
use crate::position::Size;
use crate::private::{NotSigned, PrivateKey};
use crate::tree::TreeHash;

/// How far a ledger goes, for everybody to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: Size,
    root: TreeHash,
    /// The lines after the three that are known, which are carried along.
    extensions: Vec<String>,
}

/// Text that is no checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a checkpoint is three lines, origin, size and root, and no empty ones after them")]
pub struct MalformedCheckpoint;

impl Checkpoint {
    /// Returns the checkpoint of a ledger.
    pub fn new(origin: &Origin, size: Size, root: TreeHash) -> Self {
        Self {
            origin: origin.as_str().to_owned(),
            size,
            root,
            extensions: Vec::new(),
        }
    }

    /// Reads the text of a note; every line but the last newline counts.
    ///
    /// # Errors
    /// It is no checkpoint, or not in its one right spelling.
    pub fn parse(text: &str) -> Result<Self, MalformedCheckpoint> {
        let lines = text.strip_suffix('\n').ok_or(MalformedCheckpoint)?;
        let mut lines = lines.split('\n');
        let mut line = || lines.next().ok_or(MalformedCheckpoint);
        let (origin, size, root) = (line()?, line()?, line()?);
        let size: Size = size.parse().map_err(|_| MalformedCheckpoint)?;
        let root = TreeHash::from_base64(root).ok_or(MalformedCheckpoint)?;
        let checkpoint = Self {
            origin: origin.to_owned(),
            size,
            root,
            extensions: lines.map(str::to_owned).collect(),
        };
        let empty = origin.is_empty() || checkpoint.extensions.iter().any(String::is_empty);
        // A sign or needless zero before the size is another spelling.
        if empty || checkpoint.to_string() != text {
            return Err(MalformedCheckpoint);
        }
        Ok(checkpoint)
    }

    /// Returns this checkpoint as a note signed with the log key, whose name is the origin.
    ///
    /// # Errors
    /// The key does not sign, or the checkpoint was read from elsewhere and its origin
    /// is no key's name.
    pub fn sign(&self, key: &dyn PrivateKey) -> Result<Note, NotSigned> {
        let unfit = || NotSigned {
            why: "the checkpoint is no text for a note".to_owned(),
        };
        let note = Note::new(&self.to_string()).ok_or_else(unfit)?;
        note.signed(&self.origin, key)
    }

    /// Returns the name of the ledger.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns how many entries it covers.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Returns the root of the tree over them.
    pub fn root(&self) -> TreeHash {
        self.root
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)?;
        self.extensions
            .iter()
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::note::VerifierKey;
    use crate::testing::{key, origin, shared};
    use crate::tree::empty_root;

    #[test]
    fn the_published_checkpoints_read_as_they_should() {
        let Some(file) = shared("vectors/signed-note/checkpoint-parse.json") else {
            return;
        };
        let cases: Value = serde_json::from_str(&file).unwrap();
        for text in cases["good"].as_array().unwrap() {
            let text = text.as_str().unwrap();
            assert_eq!(Checkpoint::parse(text).unwrap().to_string(), text);
        }
        for case in cases["bad"].as_array().unwrap() {
            let text = case["text"].as_str().unwrap();
            let read = Checkpoint::parse(text);
            assert_eq!(read, Err(MalformedCheckpoint), "{}", case["why"]);
        }
    }

    #[test]
    fn the_published_signed_checkpoint_verifies() {
        let Some(file) = shared("vectors/signed-note/checkpoint-c2sp-issue-99.json") else {
            return;
        };
        let case: Value = serde_json::from_str(&file).unwrap();
        let hex = case["ed25519_public_key_hex"].as_str().unwrap();
        let public: crate::Hash = hex.parse().unwrap();
        let public = ed25519_dalek::VerifyingKey::from_bytes(public.as_bytes()).unwrap();
        let note = Note::parse(case["checkpoint"].as_str().unwrap().as_bytes()).unwrap();
        let checkpoint = Checkpoint::parse(note.text()).unwrap();
        let verifier = VerifierKey::new(checkpoint.origin(), public).unwrap();

        assert_eq!(checkpoint.size(), Size::new(10));
        assert_eq!(
            note.verify(std::slice::from_ref(&verifier)),
            Ok(vec![&verifier])
        );
    }

    #[test]
    fn a_checkpoint_reads_back_as_it_was_signed() {
        let checkpoint = Checkpoint::new(&origin(), Size::EMPTY, empty_root());

        let note = checkpoint.sign(&key(1)).unwrap();

        let read = Note::parse(note.to_string().as_bytes()).unwrap();
        assert_eq!(Checkpoint::parse(read.text()), Ok(checkpoint));
    }

    #[test]
    fn a_size_has_one_spelling() {
        for size in ["007", "+7", "-7", " 7", "7 ", "", "0x7"] {
            let text = format!("e\n{size}\n{}\n", empty_root());
            assert_eq!(Checkpoint::parse(&text), Err(MalformedCheckpoint), "{size}");
        }
    }
}
