//! Every code that a finding can have stands in docs/findings.md, with its
//! severity, and no code stands there that no finding has.
//!
//! The sources are read as text: a finding is made with a code in plain letters,
//! directly or by a helper called `damage`, `notice` or `gap`.

#![allow(clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What a finding is made with, before its code, and the severity that it has then.
const MAKERS: [(&str, Option<&str>); 7] = [
    ("Finding::damage(", Some("damage")),
    ("Finding::notice(", Some("notice")),
    ("Finding::gap(", Some("gap")),
    ("Finding::new(", None),
    (".damage(", Some("damage")),
    (".notice(", Some("notice")),
    ("flush_run(", Some("damage")),
];

#[test]
fn every_code_of_a_finding_is_explained_with_its_severity() {
    let explained = explained();

    for (code, severities) in made() {
        let told = explained.get(&code).map(String::as_str);
        assert!(told.is_some(), "docs/findings.md does not explain {code}");
        for severity in severities {
            assert_eq!(told, Some(severity.as_str()), "the severity of {code}");
        }
    }
}

#[test]
fn no_code_is_explained_that_no_finding_has() {
    let sources: Vec<String> = sources().iter().map(|path| text(path)).collect();

    for code in explained().keys() {
        let literal = format!("\"{code}\"");
        let made = sources.iter().any(|source| source.contains(&literal));
        assert!(made, "nothing in the program says {code}");
    }
}

/// Returns every code that stands where a finding is made, with its severities.
fn made() -> BTreeMap<String, BTreeSet<String>> {
    let mut made: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in sources() {
        let source = text(&path);
        for (maker, severity) in MAKERS {
            for (at, _) in source.match_indices(maker) {
                let Some(code) = code_at(&source[at + maker.len()..]) else {
                    continue;
                };
                let severities = made.entry(code).or_default();
                severities.extend(severity.map(str::to_owned));
            }
        }
    }
    assert!(made.len() > 50, "the codes are found");
    made
}

/// Returns the code in quotes that a text begins with, if it does.
fn code_at(text: &str) -> Option<String> {
    let text = text.trim_start().strip_prefix('"')?;
    let (code, _) = text.split_once('"')?;
    let letters = |c: char| c.is_ascii_lowercase() || c == '-';
    (code.contains('-') && code.chars().all(letters)).then(|| code.to_owned())
}

/// Returns the codes of the tables in docs/findings.md, with their severities.
fn explained() -> BTreeMap<String, String> {
    let page = fs::read_to_string(project().join("docs/findings.md")).expect("the page");
    let mut explained = BTreeMap::new();
    for row in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, code, severity, meaning, remedy, _] = cells[..] else {
            panic!("a row has four cells: {row}");
        };
        assert!(!meaning.is_empty() && !remedy.is_empty(), "{row}");
        let code = code.trim_matches('`').to_owned();
        let again = explained.insert(code, severity.to_owned());
        assert_eq!(again, None, "{row} stands there twice");
    }
    explained
}

/// Returns the source files that are no tests.
fn sources() -> Vec<PathBuf> {
    let mut open = vec![project().join("crates")];
    let mut found = Vec::new();
    while let Some(next) = open.pop() {
        for item in fs::read_dir(next).expect("a folder") {
            let path = item.expect("a file").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let is_rust = path.extension().is_some_and(|ending| ending == "rs");
            let name = path.to_string_lossy().into_owned();
            if is_rust && name.contains("/src/") && !name.contains("/tests") {
                found.push(path);
            }
        }
    }
    found
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("a source file")
}

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
