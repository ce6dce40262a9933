//! Where private keys come from, and that they never get out.
//!
//! `ssh-keygen`, `ssh-agent` and `script` are the system's own; where one is absent,
//! the test says so and shows nothing.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/ledger.rs"]
mod ledger;

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_ledger::keyfile::KeyFile;
use ledger::{Ran, speaker};
use tempfile::TempDir;

/// The passphrase of every locked key here.
const PASSPHRASE: &str = "correct horse battery staple";

/// A folder with keys in it, and perhaps a ledger.
struct Desk {
    folder: TempDir,
    agent: Option<Child>,
}

impl Desk {
    fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        Self {
            folder,
            agent: None,
        }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str, mode: u32) {
        fs::write(self.path(name), text).expect("a file");
        self.chmod(name, mode);
    }

    fn chmod(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).expect("a mode");
    }

    fn mode(&self, name: &str) -> u32 {
        let metadata = fs::metadata(self.path(name)).expect("a file");
        metadata.permissions().mode() & 0o777
    }

    /// Makes a key, and says whether it could be made.
    fn keygen(&self, name: &str, passphrase: &str) -> bool {
        let mut keygen = Command::new("ssh-keygen");
        keygen.args(["-q", "-t", "ed25519", "-C", "kerry", "-N", passphrase, "-f"]);
        done(keygen.arg(self.path(name)))
    }

    /// Returns a command in the folder, with no terminal and no agent but the desk's own.
    fn shell(&self, line: &str) -> Command {
        let binary = Path::new(env!("CARGO_BIN_EXE_chancery"));
        let path = std::env::var("PATH").expect("a path");
        let path = format!("{}:{path}", binary.parent().expect("a folder").display());
        let mut command = Command::new("setsid");
        command
            .args(["-w", "sh", "-c", line])
            .current_dir(self.folder.path())
            .env("PATH", path)
            .env("CHANCERY_LEDGER", self.path("ledger"))
            .env("RUST_LOG", "trace")
            .env_remove("CHANCERY_PASSPHRASE_FILE")
            .env_remove("SSH_AUTH_SOCK");
        if self.agent.is_some() {
            command.env("SSH_AUTH_SOCK", self.path("agent"));
        }
        command
    }

    fn run(&self, line: &str) -> Ran {
        let output = self.shell(line).output().expect("a shell");
        Ran::of(&[line], &output)
    }

    /// Starts an agent, and says whether there is one.
    fn start_agent(&mut self) -> bool {
        let mut agent = Command::new("ssh-agent");
        // Nobody sits there who could be asked.
        agent.env("SSH_ASKPASS", "/bin/false").env_remove("DISPLAY");
        agent.arg("-D").arg("-a").arg(self.path("agent"));
        let started = agent.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.agent = started.ok();
        for _ in 0..500 {
            if self.agent.is_none() || self.path("agent").exists() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        self.agent.is_some()
    }

    fn stop_agent(&mut self) {
        if let Some(agent) = &mut self.agent {
            agent.kill().expect("an agent that runs");
            agent.wait().expect("an agent that ends");
        }
    }

    /// Founds a ledger with these keys, and writes a dossier.
    fn found(&self, keys: &str) {
        let line = format!("chancery init ledger --origin archive.example/keys {keys}");
        self.run(&line).succeeded();
        self.write("dossier.jsonl", &speaker(), 0o644);
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(agent) = &mut self.agent {
            agent.kill().ok();
            agent.wait().ok();
        }
    }
}

fn done(command: &mut Command) -> bool {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    let is_done = quiet.status().is_ok_and(|status| status.success());
    if !is_done {
        println!("skipped: {command:?} does not run here");
    }
    is_done
}

/// Makes sure that a command was refused with this exit code and all these words.
fn refused(ran: &Ran, code: i32, words: &[&str]) {
    assert_eq!(ran.code, Some(code), "{}{}", ran.answer, ran.said);
    for word in words {
        assert!(ran.said.contains(word), "{word:?} is not in: {}", ran.said);
    }
}

#[test]
fn a_locked_key_signs_with_the_passphrase_that_a_file_holds() {
    let desk = Desk::new();
    if !desk.keygen("kerry", PASSPHRASE) {
        return;
    }
    desk.write("passphrase", &format!("{PASSPHRASE}\n"), 0o600);
    // Founding needs the public half of an archivist's key only, so that nobody is asked.
    desk.found("--key archivist=kerry");

    let line = "CHANCERY_PASSPHRASE_FILE=passphrase chancery append dossier.jsonl --key kerry";
    desk.run(line).succeeded();

    desk.run("chancery verify").succeeded();
}

#[test]
fn a_locked_key_without_its_passphrase_is_refused() {
    let desk = Desk::new();
    if !desk.keygen("kerry", PASSPHRASE) {
        return;
    }
    desk.write("passphrase", "another", 0o600);
    desk.write("open", PASSPHRASE, 0o640);
    desk.found("--key archivist=kerry");
    let with = |file: &str| {
        let append = "chancery append dossier.jsonl --key kerry";
        desk.run(&format!("CHANCERY_PASSPHRASE_FILE={file} {append}"))
    };

    let words = ["error: this is not the passphrase of kerry"];
    refused(&with("passphrase"), 3, &words);
    let words = ["error: cannot use the key file absent"];
    refused(&with("absent"), 4, &words);
    let words = [
        "can read or change open: its mode is 0640",
        "chmod 600 open",
    ];
    refused(&with("open"), 3, &words);
    let words = [
        "error: the key in kerry is locked by a passphrase",
        "cause: it cannot be asked for on a terminal",
        "hint: name a file with the passphrase in CHANCERY_PASSPHRASE_FILE",
    ];
    refused(&with(""), 3, &words);
}

#[test]
fn a_passphrase_typed_on_a_terminal_is_not_shown() {
    let desk = Desk::new();
    let has_script = done(Command::new("script").arg("--version"));
    if !has_script || !desk.keygen("kerry", PASSPHRASE) {
        return;
    }
    desk.found("--key archivist=kerry");
    let line = "script -qec 'chancery append dossier.jsonl --key kerry' /dev/null";
    let mut command = desk.shell(line);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = piped.spawn().expect("a terminal");
    let mut keyboard = child.stdin.take().expect("a keyboard");
    let mut screen = child.stdout.take().expect("a screen");

    let mut shown = Vec::new();
    for typed in ["wrong\n", &format!("{PASSPHRASE}\n")] {
        let before = shown.len();
        while !String::from_utf8_lossy(&shown[before..]).contains("passphrase of kerry: ") {
            let mut byte = [0];
            screen.read_exact(&mut byte).expect("a question");
            shown.extend(byte);
        }
        keyboard.write_all(typed.as_bytes()).expect("an answer");
    }
    screen.read_to_end(&mut shown).expect("the rest");
    let status = child.wait().expect("an end");

    let shown = String::from_utf8_lossy(&shown);
    assert!(status.success(), "{shown}");
    assert!(
        !shown.contains(PASSPHRASE) && !shown.contains("wrong"),
        "{shown}"
    );
}

#[test]
fn an_agent_signs_for_a_key_that_is_nowhere_else() {
    let mut desk = Desk::new();
    for name in ["log", "archivist", "keeper"] {
        if !desk.keygen(name, "") {
            return;
        }
    }
    if !desk.start_agent() || !desk.run("ssh-add log archivist keeper").code.eq(&Some(0)) {
        println!("skipped: there is no ssh-agent here");
        return;
    }
    for name in ["log", "archivist", "keeper"] {
        fs::remove_file(desk.path(name)).expect("a private key");
    }

    desk.found("--key log=log.pub --key archivist=archivist.pub --key keeper=keeper.pub");
    let append = "chancery append dossier.jsonl --key archivist.pub";
    desk.run(append).succeeded();
    // The private file is gone: the public one beside it says which key is meant.
    desk.run("chancery checkpoint --key log").succeeded();
    desk.run("chancery expunge usa --authority 'a court' --reason why --yes --key keeper")
        .succeeded();
    desk.run("chancery verify").succeeded();

    desk.run("ssh-add -D").succeeded();
    let words = [
        "error: archivist.pub holds a public key: it cannot sign",
        "cause: the ssh agent does not hold its private half",
        "hint: give it to the agent with `ssh-add`",
    ];
    refused(&desk.run(append), 3, &words);
    desk.stop_agent();
    refused(
        &desk.run(append),
        4,
        &["error: cannot speak to the ssh agent at"],
    );
    desk.agent = None;
    let words = ["start an ssh agent that holds the key"];
    refused(&desk.run(append), 3, &words);
}

#[test]
fn a_key_of_another_sort_is_said_to_be_no_ed25519_key() {
    let desk = Desk::new();
    let make = "for sort in ecdsa rsa; do ssh-keygen -q -t $sort -N '' -f $sort || exit; done";
    if desk.run(make).code != Some(0) {
        println!("skipped: there is no ssh-keygen here");
        return;
    }
    desk.found("");
    for file in ["ecdsa", "ecdsa.pub", "rsa", "rsa.pub"] {
        let append = format!("chancery append - --key {file} < /dev/null");
        let ran = desk.run(&append);

        let words = format!("the key in {file} is not Ed25519");
        refused(&ran, 3, &[&words]);
    }
}

#[test]
fn a_witness_cosigns_with_a_key_that_an_agent_holds() {
    let mut desk = Desk::new();
    let name = "ssh-keygen -q -c -C witness.example/w -f w";
    if !desk.keygen("w", "") || !desk.start_agent() {
        println!("skipped: there is no ssh-agent here");
        return;
    }
    desk.run(name).succeeded();
    desk.run("ssh-add w && rm w").succeeded();
    desk.found("");
    desk.run("chancery witness init --state state --name witness.example/unused")
        .succeeded();
    let serve = "chancery witness serve --state state --key w.pub --listen 127.0.0.1:0";
    let cosign = "until grep -q http address; do sleep 0.1; done; \
                  chancery checkpoint --cosign $(cat address)";
    let line = format!(
        "{serve} --log \"$(chancery key list --log)\" >address & {cosign}; code=$?; kill $!; exit $code"
    );

    let ran = desk.run(&format!("timeout 60 sh -c '{line}'"));

    let answer = &ran.succeeded().answer;
    assert!(answer.contains("\u{2014} witness.example/w "), "{answer}");
}

#[test]
fn a_locked_key_that_the_agent_holds_needs_no_passphrase() {
    let mut desk = Desk::new();
    if !desk.keygen("kerry", "") || !desk.start_agent() {
        println!("skipped: there is no ssh-agent here");
        return;
    }
    desk.run("ssh-add kerry").succeeded();
    let lock = format!("ssh-keygen -q -p -P '' -N '{PASSPHRASE}' -f kerry");
    desk.run(&lock).succeeded();
    desk.found("--key archivist=kerry");

    desk.run("chancery append dossier.jsonl --key kerry")
        .succeeded();

    desk.run("chancery verify").succeeded();
}

#[test]
fn private_keys_are_written_for_their_owner_alone_whatever_the_umask() {
    let desk = Desk::new();

    desk.run("umask 0; chancery init ledger --origin archive.example/keys")
        .succeeded();
    desk.run("umask 0; chancery witness init --state witness --name witness.example/w")
        .succeeded();

    assert_eq!(desk.mode("ledger/keys"), 0o700);
    for file in [
        "ledger/keys/log",
        "ledger/keys/archivist",
        "ledger/keys/keeper",
        "witness/key",
    ] {
        assert_eq!(desk.mode(file), 0o600, "{file}");
    }
}

#[test]
fn a_private_key_that_others_can_read_is_refused() {
    let desk = Desk::new();
    desk.found("");
    for (mode, shown) in [(0o640, "0640"), (0o604, "0604"), (0o620, "0620")] {
        desk.chmod("ledger/keys/archivist", mode);
        let ran = desk.run("cd ledger && chancery append ../dossier.jsonl --key keys/archivist");
        let words = [
            &format!(
                "error: others than its owner can read or change keys/archivist: its mode is {shown}"
            ),
            "hint: nobody else may: `chmod 600 keys/archivist`",
        ];
        refused(&ran, 3, &words);
    }

    let again = "chancery init other --origin archive.example/other --key archivist=";
    let ran = desk.run(&format!("{again}ledger/keys/archivist"));
    refused(&ran, 3, &["its mode is 0620"]);
    assert!(!desk.path("other").exists());

    desk.chmod("ledger/keys/archivist", 0o400);
    desk.run("chancery append dossier.jsonl").succeeded();
}

#[test]
fn an_agent_that_refuses_to_sign_stops_the_append() {
    let mut desk = Desk::new();
    if !desk.keygen("kerry", "") || !desk.start_agent() {
        println!("skipped: there is no ssh-agent here");
        return;
    }
    desk.found("--key archivist=kerry.pub");
    // With `-c` the agent asks a person each time, and here there is none to say yes.
    desk.run("ssh-add -c kerry").succeeded();

    let ran = desk.run("chancery append dossier.jsonl --key kerry.pub");

    let words = [
        "error: the key does not sign: the ssh agent at",
        "refuses to sign with this key",
        "hint: nothing was recorded; send it again",
    ];
    refused(&ran, 4, &words);
    let ran = desk.run("chancery show usa");
    assert_ne!(ran.code, Some(0));
}

#[test]
fn a_private_key_that_is_printed_for_debugging_shows_nothing() {
    let desk = Desk::new();
    desk.found("");
    let path = desk.path("ledger/keys/archivist");
    let key = KeyFile::read(&path).expect("a key file").private;

    let shown = format!("{key:?} {key:#?}");

    assert!(!holds(shown.as_bytes(), &spellings(&path)));
}

/// Returns how a private key would look if it got out.
fn spellings(path: &Path) -> Vec<Vec<u8>> {
    let key = KeyFile::read(path).expect("a key file").private;
    let seed = key.expect("a private key").to_bytes();
    let hex = chancery_chain::Hash::from_bytes(seed).to_string();
    let list = format!("{seed:?}");
    let mut spellings = vec![
        seed.to_vec(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
        list.trim_matches(['[', ']']).as_bytes().to_vec(),
    ];
    // In base64 it depends on how many bytes stand before it.
    for before in 0..3 {
        let bytes = [&vec![0; before][..], &seed].concat();
        let text = STANDARD.encode(bytes).into_bytes();
        spellings.push(text[4..40].to_vec());
    }
    spellings
}

/// Returns whether bytes hold one of these, be it over several lines.
fn holds(bytes: &[u8], spellings: &[Vec<u8>]) -> bool {
    let joined: Vec<u8> = bytes
        .iter()
        .copied()
        .filter(|byte| *byte != b'\n')
        .collect();
    let within = |bytes: &[u8], spelling: &[u8]| {
        let mut windows = bytes.windows(spelling.len());
        windows.any(|window| window == spelling)
    };
    let mut spellings = spellings.iter();
    spellings.any(|spelling| within(bytes, spelling) || within(&joined, spelling))
}

#[test]
fn no_command_writes_a_private_key_anywhere_but_into_its_own_file() {
    let desk = Desk::new();
    desk.found("-vv");
    desk.run("chancery witness init -vv --state witness --name witness.example/w")
        .succeeded();
    let keys = [
        "ledger/keys/log",
        "ledger/keys/archivist",
        "ledger/keys/keeper",
        "witness/key",
    ];
    let spelt: Vec<_> = keys
        .iter()
        .flat_map(|key| spellings(&desk.path(key)))
        .collect();
    let lines = [
        "append -vv dossier.jsonl --checkpoint",
        "attest usa --grounds compared -vv",
        "checkpoint -vv",
        "key list -vv",
        "prove usa -vv",
        "verify -vv --store --record",
        "export -vv",
        "append -vv absent.jsonl",
        "append -vv dossier.jsonl --key ledger/keys/log",
        "checkpoint -vv --key ledger/keys/keeper",
        "witness serve -vv --state witness --listen 256.0.0.0:1 --policy absent",
        "expunge usa -vv --authority 'a court' --reason why --yes",
        "key add ledger/keys/log --role archivist -vv --request request",
        "approve request --key ledger/keys/keeper --yes -vv",
        "enact request -vv",
        "key revoke ledger/keys/archivist --reason why -vv",
        "verify -vv --json",
    ];

    for line in lines {
        let ran = desk.run(&format!("chancery {line}"));
        let said = [ran.answer.as_bytes(), ran.said.as_bytes()].concat();
        assert!(!holds(&said, &spelt), "{line} prints a private key");
    }

    let mut open = vec![desk.folder.path().to_owned()];
    let (mut seen, mut own) = (0, 0);
    while let Some(folder) = open.pop() {
        for item in fs::read_dir(folder).expect("a folder") {
            let path = item.expect("a file or folder").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let is_own = keys.iter().any(|key| desk.path(key) == path);
            let bytes = fs::read(&path).expect("a file");
            // That it is found where it has to be shows that it would be found elsewhere.
            assert_eq!(holds(&bytes, &spelt), is_own, "{}", path.display());
            seen += 1;
            own += usize::from(is_own);
        }
    }
    assert!(seen > 10 && own == keys.len());
}
