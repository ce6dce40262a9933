//! What an authority on time brings to light, against `openssl ts` as the authority.
//!
//! Everything it signs is made here, with keys made for the test. Without OpenSSL on
//! the path the tests say so and show nothing.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/ledger.rs"]
mod ledger;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use ledger::{Ledger, speaker, statement};
use serde_json::Value;
use tempfile::TempDir;

const SETTINGS: &str = "
[req]
distinguished_name = dn
prompt = no
[dn]
CN = Test
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[stamps]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = t
[t]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
accuracy = secs:1
";

/// An authority on time, in a folder of its own.
struct Authority {
    folder: TempDir,
}

impl Authority {
    /// Makes an authority, or says that there is no OpenSSL.
    fn new() -> Option<Self> {
        if Command::new("openssl").arg("version").output().is_err() {
            println!("skipped: there is no openssl");
            return None;
        }
        let folder = TempDir::new().expect("a folder");
        let authority = Self { folder };
        fs::write(authority.path("settings"), SETTINGS).expect("settings");
        fs::write(authority.path("serial"), "01").expect("a serial");
        authority.openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out \
             root.pem -days 36500 -config settings -extensions root -subj /CN=Root",
        );
        authority.openssl(
            "req -new -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -config settings -subj \
             /CN=Clock",
        );
        authority.openssl(
            "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -days 36500 \
             -extfile settings -extensions stamps -out tsa.pem",
        );
        Some(authority)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn openssl(&self, words: &str) {
        openssl(self.folder.path(), words);
    }

    fn root(&self) -> String {
        self.path("root.pem").display().to_string()
    }

    /// Answers a question.
    fn answer(folder: &Path, question: &[u8]) -> Vec<u8> {
        fs::write(folder.join("q.tsq"), question).expect("a question");
        openssl(
            folder,
            "ts -reply -queryfile q.tsq -inkey tsa.key -signer tsa.pem -config settings -out a.tsr",
        );
        fs::read(folder.join("a.tsr")).expect("an answer")
    }

    /// Answers one request over HTTP, and returns the address for it.
    fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let folder = self.folder.path().to_owned();
        thread::spawn(move || {
            let (stream, _) = listener.accept().expect("a request");
            let mut reader = BufReader::new(stream);
            let (mut length, mut line) = (0, String::new());
            while reader.read_line(&mut line).is_ok() && line != "\r\n" {
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().expect("a length");
                }
                line.clear();
            }
            let mut question = vec![0; length];
            reader.read_exact(&mut question).expect("a question");
            let answer = Self::answer(&folder, &question);
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n";
            let head = format!("{head}Content-Length: {}\r\n\r\n", answer.len());
            let mut stream = reader.into_inner();
            let sent = stream.write_all(head.as_bytes());
            sent.and_then(|()| stream.write_all(&answer)).expect("sent");
        });
        format!("http://{address}/")
    }

    /// Returns an answer as if it had been given at noon on 1 January 2100: what was
    /// signed, with another time in it, signed again.
    fn answer_of_2100(&self, question: &[u8]) -> Vec<u8> {
        Self::answer(self.folder.path(), question);
        self.openssl("ts -reply -in a.tsr -token_out -out token");
        self.openssl("cms -verify -noverify -inform DER -in token -out info");
        let mut info = fs::read(self.path("info")).expect("what was signed");
        let place = info.windows(2).position(|two| two == [0x18, 15]);
        let place = place.expect("a time") + 2;
        info[place..place + 15].copy_from_slice(b"21000101120000Z");
        fs::write(self.path("info"), info).expect("written");
        self.openssl(
            "cms -sign -econtent_type 1.2.840.113549.1.9.16.1.4 -binary -nodetach -cades -md \
             sha256 -signer tsa.pem -inkey tsa.key -in info -outform DER -out future",
        );
        fs::read(self.path("future")).expect("a token")
    }
}

fn openssl(folder: &Path, words: &str) {
    let output = Command::new("openssl")
        .args(words.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("openssl");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {words}\n{said}");
}

fn codes(answer: &Value) -> Vec<&str> {
    let findings = answer["findings"].as_array().expect("findings");
    let codes = findings.iter().map(|finding| finding["code"].as_str());
    codes.flatten().collect()
}

/// Makes a checkpoint, keeps it as `kept`, and returns the question that goes with it.
fn asked(ledger: &Ledger, authority: &Authority) -> Vec<u8> {
    let question = authority.path("mine.tsq").display().to_string();
    let request = ["checkpoint", "--timestamp-request", &question];
    ledger.run(&request, "").succeeded();
    let kept = String::from_utf8(ledger.read("checkpoint")).expect("text");
    ledger.beside("kept", &kept);
    fs::read(&question).expect("a question")
}

#[test]
fn a_checkpoint_is_stamped_and_openssl_and_we_agree_about_it() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let ledger = Ledger::found();
    let (address, root) = (authority.serve(), authority.root());

    let ran = ledger.run(
        &[
            "checkpoint",
            "--timestamp",
            &address,
            "--tsa",
            &root,
            "--json",
        ],
        "",
    );

    let stamp = ran.succeeded().json()["timestamp"].clone();
    assert_eq!(stamp["authority"], "CN=Clock");
    assert_eq!(stamp["believed"], true);
    let file = ledger.file(stamp["file"].as_str().expect("a file"));
    let checkpoint = String::from_utf8(ledger.read("checkpoint")).expect("text");
    let text: Vec<&str> = checkpoint.lines().take(3).collect();
    fs::write(authority.path("text"), text.join("\n") + "\n").expect("written");
    authority.openssl(&format!(
        "ts -verify -data text -in {} -CAfile root.pem",
        file.display()
    ));
    let file = file.display().to_string();
    let (exit, answer) = ledger.verify(&["--timestamp", &file, "--tsa", &root]);
    assert_eq!((exit, codes(&answer)), (Some(0), vec![]));
    assert_eq!(answer["timestamps"][0]["checkpoint"], "roll/checkpoint");
    assert_eq!(answer["timestamps"][0]["at"], stamp["at"]);
}

#[test]
fn a_question_carried_by_hand_is_answered_as_well() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let ledger = Ledger::found();
    let question = asked(&ledger, &authority);

    let answer = Authority::answer(authority.folder.path(), &question);
    fs::write(authority.path("stamp"), answer).expect("written");
    let stamp = authority.path("stamp").display().to_string();
    ledger.append(&[speaker()]);
    ledger.run(&["checkpoint"], "").succeeded();
    let root = authority.root();
    let (exit, answer) =
        ledger.verify(&["--against", "kept", "--timestamp", &stamp, "--tsa", &root]);

    // It is on the checkpoint that was kept, and no longer on the ledger's own.
    assert_eq!((exit, codes(&answer)), (Some(0), vec![]));
    assert_eq!(answer["timestamps"][0]["checkpoint"], "kept");
    let ran = ledger.run(&["verify", "--timestamp", &stamp, "--tsa", &root], "");
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.said.contains("is on no checkpoint that is here"),
        "{}",
        ran.said
    );
}

#[test]
fn entries_dated_before_the_time_of_a_stamp_are_named() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let ledger = Ledger::found();
    let question = asked(&ledger, &authority);
    let token = authority.answer_of_2100(&question);
    fs::write(authority.path("stamp"), token).expect("written");
    let stamp = authority.path("stamp").display().to_string();
    let root = authority.root();
    let against = ["--against", "kept", "--timestamp", &stamp, "--tsa", &root];
    assert_eq!(ledger.verify(&against).0, Some(0));

    ledger.append(&[speaker(), statement("b", "b")]);
    let (exit, answer) = ledger.verify(&against);

    assert_eq!((exit, codes(&answer)), (Some(1), vec!["back-dated"]));
    // The authority says that its clock is right to one second.
    assert_eq!(answer["findings"][0]["expected"], "2100-01-01T11:59:59Z");
    assert_eq!(answer["findings"][0]["first"], 5);
}

#[test]
fn a_stamp_by_an_authority_that_is_not_believed_is_damage() {
    let (Some(authority), Some(other)) = (Authority::new(), Authority::new()) else {
        return;
    };
    let ledger = Ledger::found();
    let address = authority.serve();
    let ran = ledger.run(&["checkpoint", "--timestamp", &address], "");
    let said = &ran.succeeded().said;
    assert!(
        said.contains("not believed yet, since no --tsa vouches for it"),
        "{said}"
    );

    let file = ledger.file("timestamps/5.tsr").display().to_string();
    let (exit, answer) = ledger.verify(&["--timestamp", &file, "--tsa", &other.root()]);

    assert_eq!(
        (exit, codes(&answer)),
        (Some(1), vec!["timestamp-disbelieved"])
    );
    assert_eq!(answer["findings"][0]["file"], file);
}

#[test]
fn what_is_no_stamp_and_no_certificate_is_said() {
    let ledger = Ledger::found();
    ledger.run(&["checkpoint"], "").succeeded();
    ledger.beside("text", "nothing\n");

    let certificate = ledger.run(&["verify", "--timestamp", "text", "--tsa", "text"], "");
    let stamp = ledger.run(&["checkpoint", "--timestamp", "http://127.0.0.1:9/"], "");

    assert_eq!((certificate.code, stamp.code), (Some(2), Some(4)));
    let said = &certificate.said;
    assert!(said.contains("text holds no certificate"), "{said}");
    let said = &stamp.said;
    assert!(
        said.contains("the checkpoint was made, but not stamped"),
        "{said}"
    );
    assert!(!ledger.file("timestamps").exists());
}
