//! `expunging`: the file that says that a destruction is under way.
//!
//! It stands in the ledger's folder from before the expunging is recorded until
//! every file has been gone through, so that whoever opens the ledger in between
//! completes what was begun. It holds none of the words that are destroyed.

use std::path::Path;

use chancery_chain::{Digest, Seq};

use crate::files::{self, FileError};

/// The name of the marker in the ledger's folder.
const MARKER_FILE: &str = "expunging";
const FIRST_LINE: &str = "chancery expunging 1";

/// A destruction that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marker {
    /// The position of the first entry that may be an expunging not yet carried out.
    pub(crate) from: Seq,
    /// The source files that go with it.
    pub(crate) sources: Vec<Digest>,
}

impl Marker {
    /// Returns the marker of the ledger in `folder`, if there is one. One that does
    /// not read stands for every expunging, and for no source file.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>, FileError> {
        let bytes = files::read_if_there(&folder.join(MARKER_FILE))?;
        let all = Self {
            from: Seq::FIRST,
            sources: Vec::new(),
        };
        Ok(bytes.map(|bytes| Self::decode(&bytes).unwrap_or(all)))
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<(), FileError> {
        files::replace(&folder.join(MARKER_FILE), self.encode().as_bytes())
    }

    pub(crate) fn remove(folder: &Path) -> Result<(), FileError> {
        files::remove(&folder.join(MARKER_FILE))?;
        files::sync_folder(folder)
    }

    fn encode(&self) -> String {
        let sources = self.sources.iter();
        let sources = sources.map(|digest| format!("source {digest}\n"));
        let from = self.from;
        format!("{FIRST_LINE}\nfrom {from}\n{}", sources.collect::<String>())
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut lines = std::str::from_utf8(bytes).ok()?.lines();
        if lines.next() != Some(FIRST_LINE) {
            return None;
        }
        let from = lines.next()?.strip_prefix("from ")?.parse().ok()?;
        let source = |line: &str| line.strip_prefix("source ")?.parse().ok();
        let sources = lines.map(source).collect::<Option<_>>()?;
        Some(Self {
            from: Seq::new(from),
            sources,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_marker_reads_back_and_one_that_is_none_stands_for_everything() {
        let folder = tempfile::tempdir().unwrap();
        let marker = Marker {
            from: Seq::new(812),
            sources: vec![Digest::of(b"a letter"), Digest::of(b"a note")],
        };

        assert_eq!(Marker::read(folder.path()).unwrap(), None);
        marker.write(folder.path()).unwrap();
        assert_eq!(Marker::read(folder.path()).unwrap(), Some(marker));
        std::fs::write(folder.path().join(MARKER_FILE), "source ../roll\n").unwrap();
        let read = Marker::read(folder.path()).unwrap().unwrap();
        assert_eq!((read.from, read.sources), (Seq::FIRST, Vec::new()));
    }
}
