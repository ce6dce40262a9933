//! Arguments as the system hands them over: any bytes, and not only text.

#![allow(clippy::expect_used)]

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// Runs the command in a folder, with one argument that is no text where a `?` stands.
fn chancery(folder: &Path, words: &[&str]) -> Output {
    let odd = OsString::from(OsStr::from_bytes(b"\xff"));
    let arguments = words.iter().map(|word| match *word {
        "?" => odd.as_os_str(),
        word => OsStr::new(word),
    });
    Command::new(env!("CARGO_BIN_EXE_chancery"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the command")
}

#[test]
fn an_argument_that_is_no_text_is_a_usage_error_and_no_panic() {
    let folder = TempDir::new().expect("a temporary folder");
    for words in [
        &["clone", "?", "copy"][..],
        &["verify", "--roll", "?"],
        &["roll", "push", "?"],
        &["repair", "--from", "?"],
        &["checkpoint", "--cosign", "?"],
        &["--json", "clone", "?", "copy"],
    ] {
        let output = chancery(folder.path(), words);

        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{words:?}: {said}");
        assert!(said.contains("invalid UTF-8"), "{words:?}: {said}");
    }
}

#[test]
fn a_ledger_in_a_folder_whose_name_is_no_text_is_pushed() {
    let folder = TempDir::new().expect("a temporary folder");
    for words in [
        &["init", "?", "--origin", "archive.example/tests"][..],
        &["--ledger", "?", "checkpoint"],
        &["--ledger", "?", "roll", "push", "public"],
        &["--ledger", "?", "verify"],
    ] {
        let output = chancery(folder.path(), words);

        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{words:?}: {said}");
    }
}
