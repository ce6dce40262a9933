//! A witness that runs as a command of its own, in a folder of its own.
//!
//! For the tests that show it histories, and for the one that kills it.

#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// A witness that answers until the test is done with it.
pub struct Witness {
    _folder: TempDir,
    running: Child,
    address: String,
}

impl Witness {
    /// Starts a new witness of the log with this verifier key.
    pub fn of(log: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        init(folder.path());
        let (running, address) = start(folder.path(), log);
        Self {
            _folder: folder,
            running,
            address,
        }
    }

    /// Returns its address, `http://127.0.0.1:…`.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        kill(&mut self.running);
    }
}

/// Makes the witness's folder.
pub fn init(folder: &Path) {
    let made = Command::new(env!("CARGO_BIN_EXE_chancery"))
        .args(["witness", "init", "--state", "state"])
        .args(["--name", "witness.example/w"])
        .current_dir(folder)
        .output()
        .expect("a witness made");
    assert!(made.status.success());
}

/// Starts the witness; returns it and its address.
pub fn start(folder: &Path, log: &str) -> (Child, String) {
    let said = folder.join("address");
    let out = File::create(&said).expect("a file");
    let mut witness = Command::new(env!("CARGO_BIN_EXE_chancery"))
        .args(["--quiet", "witness", "serve", "--state", "state"])
        .args(["--listen", "127.0.0.1:0", "--log", log])
        .current_dir(folder)
        .stdout(Stdio::from(out))
        .stderr(Stdio::null())
        .spawn()
        .expect("a witness");
    let mut address = String::new();
    for _ in 0..600 {
        address = std::fs::read_to_string(&said).expect("its address");
        if address.ends_with('\n') {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    if address.is_empty() {
        kill(&mut witness);
    }
    assert!(!address.is_empty(), "the witness does not listen");
    (witness, address.trim().to_owned())
}

/// Stops the witness by force.
pub fn kill(witness: &mut Child) {
    witness.kill().expect("a killed witness");
    witness.wait().expect("a dead witness");
}
