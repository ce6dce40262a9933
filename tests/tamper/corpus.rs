//! The damages as data, so that another verifier can be given the same ones.
//!
//! `TAMPER_CORPUS=DIR cargo test --test tamper` leaves in `DIR`, for each test, the
//! undamaged ledger and `cases.jsonl`: a line for each damage with what was done to
//! which file, what has to be named, and what this program found.
//! `tests/independent/corpus.py` does the same to copies of the ledger.

#![allow(unreachable_pub, reason = "a module of a test")]

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

use chancery_chain::Hex;
use serde_json::{Value, json};

use crate::ledger::{Ledger, copy};

/// Where damages are written down, if anywhere.
pub struct Corpus(Option<Written>);

struct Written {
    folder: PathBuf,
    cases: File,
}

/// One damage, and what was found.
pub struct Case<'a> {
    /// What sort of bytes were damaged.
    pub class: &'a str,
    /// What was done to which files.
    pub edits: Vec<Value>,
    /// The file that may be named.
    pub file: &'a str,
    /// The entries of which one has to be covered.
    pub entries: &'a [u64],
    /// Whether it is damage, rather than worth a notice.
    pub damage: bool,
}

impl Corpus {
    /// Begins the corpus of a test.
    pub fn of(test: &str) -> Self {
        let Some(folder) = std::env::var_os("TAMPER_CORPUS") else {
            return Self(None);
        };
        let folder = PathBuf::from(folder).join(test);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder for the corpus");
        let cases = File::create(folder.join("cases.jsonl")).expect("the cases");
        Self(Some(Written { folder, cases }))
    }

    /// Keeps the ledger that the next damages are done to; returns what to call it.
    pub fn ledger(&self, name: &str, ledger: &Ledger) -> String {
        if let Self(Some(written)) = self {
            copy(&ledger.path(), &written.folder.join(name));
        }
        name.to_owned()
    }

    /// Keeps a file beside the cases.
    pub fn file(&self, name: &str, bytes: &[u8]) {
        if let Self(Some(written)) = self {
            fs::write(written.folder.join(name), bytes).expect("a file of the corpus");
        }
    }

    /// Writes a case down.
    pub fn add(&mut self, ledger: &str, case: &Case<'_>) {
        let Self(Some(written)) = self else { return };
        let line = json!({
            "ledger": ledger, "class": case.class, "edits": case.edits, "file": case.file,
            "entries": case.entries, "damage": case.damage,
        });
        writeln!(written.cases, "{line}").expect("a case");
    }

    /// Returns whether anything is written down, which may take some trouble.
    pub fn is_written(&self) -> bool {
        self.0.is_some()
    }
}

/// Returns the edit of one byte.
pub fn flip(file: &str, at: usize, mask: u8) -> Value {
    json!({ "file": file, "at": at, "xor": mask })
}

/// Returns the edits that make of one ledger's files those of another.
pub fn edits(whole: &Ledger, spoilt: &Ledger) -> Vec<Value> {
    let of_interest = |file: &String| !file.starts_with("store/") && !file.starts_with("keys/");
    let names = |ledger: &Ledger| -> Vec<String> {
        ledger.files("").into_iter().filter(of_interest).collect()
    };
    let (before, after) = (names(whole), names(spoilt));
    let gone = before.iter().filter(|file| !after.contains(file));
    let mut edits: Vec<_> = gone
        .map(|file| json!({ "file": file, "gone": true }))
        .collect();
    for file in after {
        let bytes = spoilt.read(&file);
        if !before.contains(&file) || whole.read(&file) != bytes {
            edits.push(json!({ "file": file, "bytes": Hex(&bytes).to_string() }));
        }
    }
    edits
}
