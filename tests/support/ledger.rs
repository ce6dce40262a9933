//! A ledger in a folder of its own, and the command line that works on it.
//!
//! For the tests that kill, damage and mend. Whatever the command prints, it may
//! never be a panic: every run is looked at for that here.

#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A ledger, removed at the test's end.
pub struct Ledger {
    folder: TempDir,
}

/// What a command came to.
pub struct Ran {
    /// The exit code; none if it was killed.
    pub code: Option<i32>,
    /// What it printed.
    pub answer: String,
    /// What it said on standard error.
    pub said: String,
}

/// Numbers that look random and follow from a seed (splitmix64).
pub struct Random(u64);

impl Ledger {
    /// Founds a ledger.
    pub fn found() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let ledger = Self { folder };
        let ran = ledger.run(&["init", "ledger", "--origin", "archive.example/tests"], "");
        ran.succeeded();
        ledger
    }

    /// Founds a ledger with a source file and more entries than a bundle has, all under
    /// a checkpoint.
    pub fn with_a_source_and_a_full_bundle() -> Self {
        let ledger = Self::found();
        ledger.beside("one.txt", "What the first source says.\n");
        let mut records = vec![speaker(), source("src-one", "one.txt")];
        records.extend((0..300).map(|number| statement(&format!("said-{number}"), "A word.")));
        ledger.append(&records);
        ledger.run(&["checkpoint"], "").succeeded();
        ledger
    }

    /// Returns a copy of the whole ledger.
    pub fn copy(&self) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        copy(&self.path(), &folder.path().join("ledger"));
        Self { folder }
    }

    /// Returns the ledger's folder.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("ledger")
    }

    /// Returns a file of the ledger, by its name as findings give it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// Reads a file of the ledger.
    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.file(name)).expect("a file of the ledger")
    }

    /// Writes a file of the ledger.
    pub fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.file(name), bytes).expect("a file of the ledger that can be written");
    }

    /// Returns the names of all files under a folder of the ledger, sorted.
    pub fn files(&self, under: &str) -> Vec<String> {
        let mut names = Vec::new();
        let mut open = vec![self.file(under)];
        while let Some(folder) = open.pop() {
            for item in fs::read_dir(folder).expect("a folder of the ledger") {
                let path = item.expect("a file or folder").path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path
                        .strip_prefix(self.path())
                        .expect("a file of the ledger");
                    names.push(name.to_str().expect("a plain name").to_owned());
                }
            }
        }
        names.sort();
        names
    }

    /// Writes a file beside the ledger, where dossiers look for sources.
    pub fn beside(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).expect("a file beside the ledger");
    }

    /// Returns the command with these arguments and this standard input.
    pub fn command(&self, arguments: &[&str], input: &str) -> Command {
        // From a file, so that whoever kills the command need not feed it too.
        self.beside("input", input);
        let input = File::open(self.folder.path().join("input")).expect("the input");
        let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("RUST_BACKTRACE")
            .env("CHANCERY_LEDGER", self.path())
            .stdin(Stdio::from(input))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the command to its end.
    pub fn run(&self, arguments: &[&str], input: &str) -> Ran {
        let output = self
            .command(arguments, input)
            .output()
            .expect("the command");
        Ran::of(arguments, &output)
    }

    /// Appends records and returns the receipt.
    pub fn append(&self, records: &[String]) -> Value {
        let ran = self.run(&["append", "-", "--json"], &records.join("\n"));
        ran.succeeded().json()
    }

    /// Runs `verify --json` with further arguments; returns the exit code and the answer.
    pub fn verify(&self, more: &[&str]) -> (Option<i32>, Value) {
        let arguments = [&["verify", "--json"], more].concat();
        let ran = self.run(&arguments, "");
        assert!(matches!(ran.code, Some(0 | 1)), "verify: {}", ran.said);
        (ran.code, ran.json())
    }

    /// Returns the submissions as the log tells them, the oldest first.
    pub fn log(&self) -> Vec<Value> {
        let ran = self.run(&["log", "--json"], "");
        let mut submissions = ran.succeeded().lines();
        submissions.reverse();
        submissions
    }

    /// Returns the records as they are exported.
    pub fn export(&self) -> Vec<Value> {
        self.run(&["export"], "").succeeded().lines()
    }
}

impl Ran {
    /// Returns what a command came to, if it did not panic.
    pub fn of(arguments: &[&str], output: &std::process::Output) -> Self {
        let ran = Self {
            code: output.status.code(),
            answer: String::from_utf8(output.stdout.clone()).expect("an answer in UTF-8"),
            said: String::from_utf8(output.stderr.clone()).expect("messages in UTF-8"),
        };
        assert!(
            !ran.said.contains("panicked"),
            "{arguments:?}: {}",
            ran.said
        );
        ran
    }

    /// Makes sure that the command succeeded.
    pub fn succeeded(&self) -> &Self {
        assert_eq!(self.code, Some(0), "{}{}", self.answer, self.said);
        self
    }

    /// Returns the answer's first line as JSON.
    pub fn json(&self) -> Value {
        let line = self.answer.lines().next().unwrap_or_default();
        serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}{}", self.said))
    }

    fn lines(&self) -> Vec<Value> {
        let lines = self.answer.lines();
        lines
            .map(|line| serde_json::from_str(line).expect("a line of JSON"))
            .collect()
    }
}

impl Random {
    /// Returns the numbers that follow from the seed in this variable of the
    /// environment, or from `default`; prints it.
    pub fn seeded(variable: &str, default: u64) -> Self {
        let given = std::env::var(variable).ok();
        let seed = given.map_or(default, |seed| seed.parse().expect("a seed is a number"));
        println!("{variable}={seed}");
        Self(seed)
    }

    /// Returns a number less than `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit.max(1)
    }

    /// Returns a position in something of this length.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).expect("a position")
    }
}

/// Returns the line of the actor whose words all statements here are.
pub fn speaker() -> String {
    json!({ "record": "actor", "id": "usa", "name": "United States", "kind": "state" }).to_string()
}

/// Returns the line of a statement.
pub fn statement(id: &str, text: &str) -> String {
    let record = json!({
        "record": "statement", "id": id, "speakers": ["usa"], "said": "2016-08-26",
        "mode": "attributed", "text": text,
    });
    record.to_string()
}

/// Returns the line of a source with a file.
pub fn source(id: &str, file: &str) -> String {
    let record = json!({
        "record": "source", "id": id, "title": id, "kind": "note", "file": file,
        "media_type": "text/plain",
    });
    record.to_string()
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for item in fs::read_dir(from).expect("a folder to copy") {
        let path = item.expect("a file or folder").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, target).expect("a copy");
        }
    }
}
