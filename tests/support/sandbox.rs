//! A fresh folder to run commands in, in which nothing of this machine shows.
//!
//! `chancery` is on the path and the project's examples lie under `examples`.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

use tempfile::TempDir;

/// A folder of one story's own, removed at its end.
pub(crate) struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    /// Makes the folder.
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        fs::create_dir(folder.path().join("home")).expect("a home");
        fs::create_dir(folder.path().join("here")).expect("a folder to work in");
        let sandbox = Self { folder };
        copy(
            &super::project().join("examples"),
            &sandbox.here().join("examples"),
        );
        sandbox
    }

    /// Writes a file that the story shows.
    pub(crate) fn write(&self, name: &str, lines: &[String]) {
        let path = self.here().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the file's folder");
        fs::write(path, lines.join("\n") + "\n").expect("a file of the story");
    }

    /// Runs a command; returns the lines it prints, and its exit code if not zero.
    pub(crate) fn run(&self, command: &str) -> Vec<String> {
        let output = Command::new("sh")
            .args(["-c", command])
            .current_dir(self.here())
            .env_clear()
            .env("PATH", path())
            .env("HOME", self.folder.path().join("home"))
            .env("LC_ALL", "C")
            .env("COLUMNS", "80")
            .env("TERM", "dumb")
            .stdin(Stdio::null())
            .output()
            .expect("a shell");
        let mut lines = Vec::new();
        for text in [&output.stdout, &output.stderr] {
            lines.extend(String::from_utf8_lossy(text).lines().map(str::to_owned));
        }
        match output.status.code() {
            Some(0) => {}
            Some(code) => lines.push(format!("? {code}")),
            None => lines.push("? killed".to_owned()),
        }
        lines
    }

    /// Returns the folder that commands are run in.
    pub(crate) fn here(&self) -> std::path::PathBuf {
        self.folder.path().join("here")
    }
}

fn path() -> OsString {
    let ours = Path::new(env!("CARGO_BIN_EXE_chancery"))
        .parent()
        .expect("the binary's folder");
    let others = env::var_os("PATH").unwrap_or_default();
    let folders = [ours.to_owned()]
        .into_iter()
        .chain(env::split_paths(&others));
    env::join_paths(folders).expect("folders that can stand in a path")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the examples") {
        let entry = entry.expect("a file or folder");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
