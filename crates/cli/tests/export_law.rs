//! The law of export: what comes out and is appended elsewhere amounts to the
//! same register at every cut.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::prelude::*;
use serde_json::{Value, json};

/// A folder with a ledger of two archivists in it, and room for another.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        for name in ["first", "second"] {
            desk.done(&["init", name, "--origin", "test.example/keys"]);
        }
        desk.found("origin");
        desk
    }

    fn found(&self, name: &str) {
        let (first, second) = (
            "archivist=first/keys/archivist",
            "archivist=second/keys/archivist",
        );
        let keys = ["--key", first, "--key", second];
        let founding = ["init", name, "--origin", "test.example/law"];
        self.done(&[&founding[..], &keys].concat());
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .args(["--quiet", "--today", "2020-01-01"])
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    }

    fn done(&self, arguments: &[&str]) -> String {
        let (code, out, said) = self.run(arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {said}");
        out
    }

    /// Appends lines as one submission; returns whether they were taken.
    fn append(&self, lines: &[Value], key: &str, message: Option<&str>) -> bool {
        let text: Vec<String> = lines.iter().map(Value::to_string).collect();
        fs::write(self.path("dossier.jsonl"), text.join("\n")).unwrap();
        let key = format!("{key}/keys/archivist");
        let mut arguments = vec![
            "--ledger",
            "origin",
            "append",
            "dossier.jsonl",
            "--key",
            &key,
        ];
        if let Some(text) = message {
            arguments.extend(["--message", text]);
        }
        self.run(&arguments).0 == Some(0)
    }

    fn export(&self, ledger: &str) -> String {
        self.done(&["--ledger", ledger, "export", "--files", "out"])
    }

    /// Appends an export of the first ledger to a new one, with both keys.
    fn replay_elsewhere(&self) -> String {
        fs::create_dir_all(self.path("out")).unwrap();
        let lines = self.export("origin");
        fs::write(self.path("out/all.jsonl"), &lines).unwrap();
        self.found("copy");
        let keys = ["first/keys/archivist", "second/keys/archivist"];
        let append = ["--ledger", "copy", "append", "out/all.jsonl", "--json"];
        self.done(&[&append[..], &["--key", keys[0], "--key", keys[1]]].concat())
    }

    /// Returns the sizes at which submissions end.
    fn cuts(&self, ledger: &str) -> Vec<u64> {
        let log = self.done(&["--ledger", ledger, "log", "--json"]);
        let end = |line: &str| {
            let submission: Value = serde_json::from_str(line).unwrap();
            submission["last"].as_u64().unwrap() + 1
        };
        log.lines().map(end).collect()
    }

    /// Returns the register, without what names the ledger itself.
    fn register(&self, ledger: &str, cut: u64, on: &str) -> String {
        let cut = cut.to_string();
        let asked = [
            "--ledger",
            ledger,
            "--known-at",
            &cut,
            "--on",
            on,
            "replay",
            "--json",
        ];
        let mut register: Value = serde_json::from_str(&self.done(&asked)).unwrap();
        assert!(register["ledger"].take().is_object());
        register.to_string()
    }

    /// The law.
    fn the_copy_is_the_same(&self, days: &[&str]) {
        let cuts = self.cuts("origin");
        assert_eq!(cuts, self.cuts("copy"));
        for cut in cuts {
            for day in days {
                let (one, other) = ("origin", "copy");
                assert_eq!(self.register(one, cut, day), self.register(other, cut, day));
            }
        }
        assert_eq!(self.export("origin"), self.export("copy"));
        assert!(
            self.done(&["--ledger", "copy", "verify"])
                .contains("intact")
        );
    }
}

fn example() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/geneva-2016");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    files.sort();
    files
}

#[test]
fn the_example_is_the_same_register_elsewhere_at_every_cut() {
    let desk = Desk::new();
    for file in example() {
        let file = file.to_str().unwrap();
        let key = "first/keys/archivist";
        desk.done(&[
            "--ledger",
            "origin",
            "append",
            file,
            "--key",
            key,
            "-m",
            file_name(file),
        ]);
    }

    desk.replay_elsewhere();

    desk.the_copy_is_the_same(&["2016-07-15", "2016-08-27", "2016-12-01"]);
    assert!(
        desk.export("copy")
            .contains("\"@message\":\"06-correction.toml\"")
    );
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

#[test]
fn nameless_records_changes_of_changes_and_attestations_are_the_same_elsewhere() {
    let desk = Desk::new();
    for (lines, key) in nasty() {
        assert!(desk.append(&lines, key, Some(key)), "{lines:?}");
    }

    desk.replay_elsewhere();

    desk.the_copy_is_the_same(&["2000-06-01", "2001-06-01", "2003-01-01"]);
    let shown = |ledger| desk.done(&["--ledger", ledger, "show", "act-8"]);
    let attested = |text: &str| text.contains("Attested") && text.contains("archivist (#3)");
    assert!(attested(&shown("origin")) && attested(&shown("copy")));
}

/// Entries 0 to 5 found the ledger, so that the first record is #6; each submission
/// has a message and a closing behind its records.
fn nasty() -> Vec<(Vec<Value>, &'static str)> {
    let actor = |id: &str| json!({"record": "actor", "id": id, "name": id, "kind": "state"});
    let corrects = |of: &str, set: Value| json!({"record": "correction", "corrects": of, "set": set, "reason": "misread"});
    vec![
        (
            vec![
                actor("norland"),
                json!({"record": "instrument", "id": "pact", "title": "=Pact", "kind": "treaty",
                    "entry_into_force": {"consents": 1, "delay": {"days": 30}}}),
                json!({"record": "act", "instrument": "pact", "by": "norland",
                    "kind": "ratification", "on": "2000-03"}),
            ],
            "first",
        ),
        (
            vec![corrects("act-8", json!({"on": "2000-04-01"}))],
            "first",
        ),
        (
            vec![
                json!({"record": "attestation", "attests": ["#8"], "grounds": "seen"}),
                actor("sudmark"),
            ],
            "second",
        ),
        (
            vec![corrects("#11", json!({"set": {"on": "2000-05-02"}}))],
            "first",
        ),
        (
            vec![corrects("#18", json!({"reason": "misread twice"}))],
            "second",
        ),
        (
            vec![json!({"record": "retraction", "retracts": "#21", "reason": "it was right"})],
            "first",
        ),
        (
            vec![json!({"record": "retraction", "retracts": "#24", "reason": "it was not"})],
            "second",
        ),
        (
            vec![
                json!({"record": "claim", "about": "#8", "claims": "affirmed",
                "by": ["sudmark"], "said": "2001", "order": [{"after": "#8"}]}),
                json!({"record": "supplement", "supplements": "norland", "set": {"until": "2002"}}),
            ],
            "second",
        ),
    ]
}

#[test]
fn a_file_in_custody_keeps_its_bytes_and_its_name() {
    let desk = Desk::new();
    fs::write(desk.path("words.txt"), "We shall meet again in the spring.").unwrap();
    let source = json!({"record": "source", "id": "s", "title": "Words", "file": "words.txt"});
    let said = json!({"record": "statement", "id": "said", "speakers": "a", "said": "2000",
        "mode": "quoted", "evidence": [{"source": "s", "quote": "meet again"}]});
    let actor = json!({"record": "actor", "id": "a", "name": "A", "kind": "person"});
    assert!(desk.append(&[source], "first", None));
    assert!(desk.append(&[actor, said], "second", None));

    desk.replay_elsewhere();

    desk.the_copy_is_the_same(&["2000-06-01"]);
    let line = desk.export("copy").lines().next().unwrap().to_owned();
    assert!(line.contains("/words.txt\""), "{line}");
    let held = |ledger| {
        fs::read_dir(desk.path(ledger).join("sources"))
            .unwrap()
            .count()
    };
    assert_eq!((held("origin"), held("copy")), (1, 1));
}

#[test]
fn an_export_that_is_sent_again_adds_nothing() {
    let desk = Desk::new();
    for (lines, key) in nasty() {
        assert!(desk.append(&lines, key, Some("so")), "{lines:?}");
    }
    desk.replay_elsewhere();

    let keys = ["--key", "first/keys/archivist"];
    let append = ["--ledger", "copy", "append", "out/all.jsonl", "--json"];
    let receipt = desk.done(&[&append[..], &keys].concat());

    let receipt: Value = serde_json::from_str(&receipt).unwrap();
    assert_eq!(
        (&receipt["submission"], &receipt["records"]),
        (&Value::Null, &json!(0))
    );
    assert_eq!(
        (&receipt["already_held"], &receipt["left_out"]),
        (&json!(12), &json!([]))
    );
}

/// One step of a random history: which kind of record, of which earlier ones, in which year.
type Step = (u8, u8, u16, bool);

/// Returns the record of a step, when `held` are the positions of earlier records.
fn random_record(number: usize, (kind, pick, year, named): Step, held: &[(u64, &str)]) -> Value {
    let year = format!("{}", 1990 + year % 20);
    let of = |wanted: &[&str]| {
        let fitting: Vec<u64> = held
            .iter()
            .filter(|(_, kind)| wanted.contains(kind))
            .map(|(seq, _)| *seq)
            .collect();
        fitting
            .get(usize::from(pick) % fitting.len().max(1))
            .map(|seq| format!("#{seq}"))
    };
    let any = ["actor", "act", "correction", "retraction", "supplement"];
    let mut record = match (kind % 6, of(&["act"]), of(&any)) {
        (0, ..) => json!({"record": "act", "instrument": "pact", "by": "norland",
            "kind": if named { "ratification" } else { "denunciation" }, "on": year,
            "note": number.to_string()}),
        (1, Some(act), _) => json!({"record": "correction", "corrects": act,
            "set": {"on": year}, "reason": format!("r{number}")}),
        (2, _, Some(of)) => json!({"record": "retraction", "retracts": of,
            "reason": format!("r{number}")}),
        (3, Some(act), _) => json!({"record": "supplement", "supplements": act,
            "set": {"effective": year}}),
        (4, _, Some(of)) => json!({"record": "attestation", "attests": [of],
            "grounds": format!("g{number}")}),
        (5, _, _) if held.iter().any(|(_, kind)| *kind == "correction") => {
            let of = of(&["correction"]);
            json!({"record": "correction", "corrects": of, "set": {"set": {"on": year}},
                "reason": format!("r{number}")})
        }
        _ => {
            json!({"record": "actor", "id": format!("actor.{number}"), "name": "é\"\\\n", "kind": "state"})
        }
    };
    if named && record.get("id").is_none() {
        record["id"] = json!(format!("chosen.{number}"));
    }
    record
}

fn random_history(desk: &Desk, steps: &[Step]) {
    let founding = [
        json!({"record": "actor", "id": "norland", "name": "Norland", "kind": "state"}),
        json!({"record": "instrument", "id": "pact", "title": "Pact", "kind": "treaty",
            "entry_into_force": {"consents": 2}}),
    ];
    assert!(desk.append(&founding, "first", None));
    let mut held: Vec<(u64, &str)> = vec![(6, "actor")];
    let mut next = 9;
    let kinds = [
        "act",
        "correction",
        "retraction",
        "supplement",
        "attestation",
        "actor",
    ];
    for (number, step) in steps.iter().enumerate() {
        let record = random_record(number, *step, &held);
        let kind = record["record"].as_str().unwrap();
        let kind = kinds.iter().find(|known| **known == kind).unwrap();
        let key = if step.1 % 2 == 0 { "first" } else { "second" };
        let message = (step.2 % 3 == 0).then_some("about this");
        // What the rules refuse is no part of the history.
        if desk.append(std::slice::from_ref(&record), key, message) {
            held.push((next, kind));
            next += 2 + u64::from(message.is_some());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn any_history_is_the_same_register_elsewhere_at_every_cut(
        steps in proptest::collection::vec(any::<Step>(), 4..14),
    ) {
        let desk = Desk::new();
        random_history(&desk, &steps);

        desk.replay_elsewhere();

        desk.the_copy_is_the_same(&["1995", "2005"]);
    }
}
