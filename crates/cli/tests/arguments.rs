//! Arguments as the system hands them over: any bytes, and not only text.

#![allow(clippy::expect_used)]

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::process::{Command, Output};

use tempfile::TempDir;

fn chancery(arguments: &[&OsStr]) -> Output {
    let folder = TempDir::new().expect("a temporary folder");
    Command::new(env!("CARGO_BIN_EXE_chancery"))
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .expect("the command")
}

#[test]
fn an_argument_that_is_no_text_is_a_usage_error_and_no_panic() {
    let odd = OsString::from(OsStr::from_bytes(b"\xff"));
    for words in [
        &["clone", "?", "copy"][..],
        &["verify", "--roll", "?"],
        &["roll", "push", "?"],
        &["repair", "--from", "?"],
        &["checkpoint", "--cosign", "?"],
        &["--json", "clone", "?", "copy"],
    ] {
        let arguments = words.iter().map(|word| match *word {
            "?" => odd.as_os_str(),
            word => OsStr::new(word),
        });

        let output = chancery(&arguments.collect::<Vec<_>>());

        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{words:?}: {said}");
        assert!(said.contains("invalid UTF-8"), "{words:?}: {said}");
    }
}
