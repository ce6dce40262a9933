//! The rules of the house that a test can tell: which way the arrows point, what
//! the lower rooms do not do, how long a file is, and whether links lead anywhere.
//!
//! Everything here reads text; nothing is compiled or run.

#![allow(clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

/// Which crates each crate may stand on. An arrow that is not here is a decision.
const ARROWS: [(&str, &[&str]); 8] = [
    ("chain", &[]),
    ("core", &[]),
    ("store", &["chain"]),
    ("ledger", &["chain", "core", "store"]),
    ("courier", &["chain"]),
    ("stamp", &[]),
    ("witness", &["chain"]),
    (
        "cli",
        &[
            "chain", "core", "store", "ledger", "courier", "stamp", "witness",
        ],
    ),
];

/// What `chain` and `core` never do: they open no file, ask no clock, speak to no
/// network, draw no random number and print nothing.
const BELOW_THE_DOORS: [&str; 9] = [
    "std::fs",
    "std::net",
    "std::time",
    "std::env",
    "getrandom",
    "rand::",
    "println!",
    "eprintln!",
    "tracing::",
];

/// How many lines a source file may have, its tests not counted.
const MOST_LINES: usize = 420;

#[test]
fn no_arrow_between_crates_points_up() {
    for (name, allowed) in ARROWS {
        let manifest = read(&format!("crates/{name}/Cargo.toml"));

        let below = dependencies(&manifest);

        for other in below
            .iter()
            .filter_map(|line| line.strip_prefix("chancery-"))
        {
            let other = other.split(['.', ' ']).next().unwrap_or_default();
            assert!(allowed.contains(&other), "{name} may not stand on {other}");
        }
    }
}

#[test]
fn every_crate_has_its_place_in_the_drawing() {
    let folders = fs::read_dir(project().join("crates")).expect("the crates");

    for folder in folders {
        let name = folder
            .expect("a crate")
            .file_name()
            .to_string_lossy()
            .into_owned();
        assert!(
            ARROWS.iter().any(|(known, _)| *known == name),
            "{name} has no place"
        );
        let manifest = read(&format!("crates/{name}/Cargo.toml"));
        assert!(
            manifest.contains(&format!("name = \"chancery-{name}\"")),
            "{name}'s package"
        );
    }
}

#[test]
fn the_chain_and_the_record_know_no_file_no_clock_and_no_chance() {
    for path in sources().filter(|path| is_below_the_doors(path)) {
        let text = without_tests(&fs::read_to_string(&path).expect("a source file"));

        for word in BELOW_THE_DOORS {
            assert!(!text.contains(word), "{} uses {word}", path.display());
        }
    }
}

#[test]
fn a_file_opens_by_saying_what_it_is_for_and_is_not_long() {
    for path in sources().filter(|path| !is_test(path)) {
        let text = fs::read_to_string(&path).expect("a source file");

        let lines = without_tests(&text).lines().count();

        assert!(
            text.starts_with("//!"),
            "{} does not say what it is for",
            path.display()
        );
        assert!(lines <= MOST_LINES, "{} has {lines} lines", path.display());
    }
}

#[test]
fn nothing_is_marked_to_be_done() {
    // Written apart, so that this file does not find itself.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
        concat!("todo", "!("),
    ];

    for path in sources() {
        let text = fs::read_to_string(&path).expect("a source file");
        for mark in marks {
            assert!(!text.contains(mark), "{} has a {mark}", path.display());
        }
    }
}

#[test]
fn every_link_in_the_documents_leads_somewhere() {
    for path in documents() {
        let text = fs::read_to_string(&path).expect("a document");
        let folder = path.parent().expect("a document lies in a folder");

        for target in links(&text) {
            let file = target.split('#').next().unwrap_or_default();
            let leads = file.is_empty() || folder.join(file).exists();
            assert!(leads, "{}: {target} leads nowhere", path.display());
        }
    }
}

#[test]
fn every_test_that_the_guarantees_name_is_there() {
    let sources: Vec<String> = sources().map(|path| text_of(&path)).collect();

    for name in read("docs/guarantees.md").split('`') {
        let there = || {
            let function = format!("fn {name}(");
            sources.iter().any(|text| text.contains(&function))
        };
        assert!(
            !is_test_name(name) || there(),
            "docs/guarantees.md names {name}"
        );
    }
}

#[test]
fn every_story_and_file_of_tests_that_the_guarantees_name_is_there() {
    let text = read("docs/guarantees.md");
    let (mut stories, mut files) = (0, 0);

    for row in text.lines() {
        for story in stories_in(row) {
            let file = format!("tests/scenarios/{story}.md");
            assert!(project().join(&file).exists(), "there is no story {story}");
            stories += 1;
        }
        let named = row.split('`').filter(|name| name.starts_with("tests/"));
        for file in named {
            assert!(project().join(file).exists(), "there is no {file}");
            files += 1;
        }
    }

    assert!(
        stories > 20 && files > 20,
        "{stories} stories, {files} files"
    );
}

#[test]
fn every_row_of_the_guarantees_says_by_what_it_is_shown() {
    let text = read("docs/guarantees.md");
    let rows = text.lines().filter(|line| line.starts_with('|'));
    let told = rows.filter(|row| !row.contains("---") && !row.ends_with("shown by |"));

    for row in told {
        let shown = row.trim_end_matches('|').rsplit('|').next();
        let shown = shown.expect("a last column");
        let names_test = shown.split('`').any(is_test_name);
        assert!(
            names_test || !stories_in(shown).is_empty(),
            "not shown by anything: {row}"
        );
    }
}

#[test]
fn every_vector_is_listed() {
    let listed = read("tests/vectors/README.md");

    for path in files(&project().join("tests/vectors")) {
        let name = path
            .file_name()
            .expect("a file")
            .to_string_lossy()
            .into_owned();
        let is_listed = name == "README.md" || listed.contains(&format!("`{name}`"));
        assert!(is_listed, "tests/vectors/README.md does not list {name}");
    }
}

#[test]
fn no_file_names_a_place_on_one_machine() {
    let places = [
        "/home/",
        "/root/",
        "/Users/",
        concat!("/wo", "rk/"),
        concat!("/tm", "p/"),
    ];
    let places: Vec<String> = places.iter().map(ToString::to_string).collect();

    for path in everything().filter(|path| !path.ends_with("tests/hygiene.rs")) {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        for place in &places {
            assert!(
                !text.contains(place.as_str()),
                "{} names {place}",
                path.display()
            );
        }
    }
}

fn project() -> PathBuf {
    let cli = Path::new(env!("CARGO_MANIFEST_DIR"));
    cli.ancestors()
        .nth(2)
        .expect("the command line lies two folders down")
        .to_owned()
}

fn read(name: &str) -> String {
    fs::read_to_string(project().join(name)).expect("a file of the project")
}

/// Returns the lines under `[dependencies]`, to the next heading.
fn dependencies(manifest: &str) -> Vec<&str> {
    let lines = manifest
        .lines()
        .skip_while(|line| *line != "[dependencies]");
    lines
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .collect()
}

/// Returns a file's text up to its test module.
fn without_tests(text: &str) -> String {
    let lines = text
        .lines()
        .take_while(|line| line.trim() != "#[cfg(test)]");
    lines.collect::<Vec<_>>().join("\n")
}

fn is_below_the_doors(path: &Path) -> bool {
    let crates = project().join("crates");
    let below = ["chain/src", "core/src"]
        .iter()
        .any(|room| path.starts_with(crates.join(room)));
    below && !is_test(path)
}

fn is_test(path: &Path) -> bool {
    let in_folder = path.components().any(|part| part.as_os_str() == "tests");
    in_folder || path.ends_with("tests.rs") || path.ends_with("testing.rs")
}

/// Returns whether this is how a test is named here: in words, and many of them.
fn is_test_name(name: &str) -> bool {
    name.matches('_').count() > 2 && name.split('_').all(is_word)
}

fn is_word(part: &str) -> bool {
    let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    !part.is_empty() && part.bytes().all(lower)
}

/// Returns the stories that a row names: those behind the word for them, to the next `;`.
fn stories_in(row: &str) -> Vec<&str> {
    let parts = row.split([';', '|', '(', ')']).map(str::trim);
    let named = parts.filter(|part| {
        let first = part.split(' ').next().unwrap_or_default();
        ["story", "Story", "stories"].contains(&first)
    });
    named
        .flat_map(|part| part.split('`').skip(1).step_by(2))
        .collect()
}

fn text_of(path: &Path) -> String {
    fs::read_to_string(path).expect("a source file")
}

/// Returns the targets of the links that stay inside the project.
fn links(text: &str) -> Vec<&str> {
    let after = text.split("](").skip(1);
    let targets = after.filter_map(|rest| rest.split([')', ' ']).next());
    targets
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        .collect()
}

fn sources() -> impl Iterator<Item = PathBuf> {
    everything().filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
}

fn documents() -> impl Iterator<Item = PathBuf> {
    everything().filter(|path| path.extension().is_some_and(|extension| extension == "md"))
}

/// Returns every file of the project that is written by hand.
fn everything() -> impl Iterator<Item = PathBuf> {
    let rooms = [".ci", "benches", "crates", "docs", "examples", "tests"];
    let below = rooms
        .into_iter()
        .flat_map(|room| files(&project().join(room)));
    let top = fs::read_dir(project())
        .expect("the project")
        .map(|entry| entry.expect("a file").path());
    // In a second working tree `.git` is a file, and git's own.
    let not_ours = ["Cargo.lock", ".git"];
    let by_hand =
        |path: &PathBuf| path.is_file() && !not_ours.iter().any(|name| path.ends_with(name));
    top.filter(by_hand)
        .chain(below)
        .collect::<Vec<_>>()
        .into_iter()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for entry in entries {
        let path = entry.expect("a file or folder").path();
        match path.is_dir() {
            true if path.ends_with("target") => {}
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}
