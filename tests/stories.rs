//! The stories: what the README, the tutorial, the example's page and
//! `tests/scenarios` tell is run, and it has to come out as they tell it.
//!
//! `UPDATE_STORIES=WORD cargo test --test stories` writes what came out into those
//! whose name contains the word; read the difference before you believe it.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::path::PathBuf;
use std::{env, fs, thread};

use support::sandbox::Sandbox;
use support::{markdown, pattern, project, story};

#[test]
fn every_story_is_true() {
    let stories = stories();
    if let Ok(word) = env::var("UPDATE_STORIES") {
        assert!(
            env::var_os("CI").is_none(),
            "stories are rewritten by people"
        );
        for path in stories
            .iter()
            .filter(|path| path.to_string_lossy().contains(&word))
        {
            story::rewrite(path);
        }
    }

    let failures: Vec<String> = thread::scope(|scope| {
        let running: Vec<_> = stories
            .iter()
            .map(|path| scope.spawn(|| story::failures(path)))
            .collect();
        running
            .into_iter()
            .map(|story| story.join().expect("a story that runs"))
            .collect()
    });

    let failures = failures.concat();
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn the_readme_and_ci_test_with_the_same_command() {
    let readme = read("README.md");
    let ci = read(".ci/run");

    let blocks = markdown::blocks(&readme);
    let mut commands = blocks
        .iter()
        .filter(|block| block.info == "sh")
        .flat_map(|block| &block.lines);
    let test = commands
        .find(|line| line.starts_with("cargo test"))
        .expect("a test command");
    let test = test.split(" #").next().unwrap_or_default().trim_end();

    assert!(
        ci.lines().any(|line| line == test),
        ".ci/run does not call `{test}`"
    );
}

#[test]
fn the_readme_begins_with_the_demonstration() {
    let readme = read("README.md");

    let blocks = markdown::blocks(&readme);
    let first = blocks
        .first()
        .and_then(|block| block.lines.first())
        .expect("a first command");

    assert!(
        first.starts_with("cargo run --release -- demo"),
        "it begins with `{first}`"
    );
}

#[test]
fn a_wildcard_stands_for_the_rest_of_a_line_and_no_more() {
    assert!(pattern::line_matches("head: [..]", "head: 1f"));
    assert!(pattern::line_matches(
        "size [..], [..] records",
        "size 4, 3 records"
    ));
    assert!(!pattern::line_matches("head: [..]", "tail: 1f"));
    assert!(!pattern::line_matches(
        "size [..], 3 records",
        "size 4, 13 record"
    ));
}

#[test]
fn three_dots_stand_for_any_number_of_lines() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();

    assert!(pattern::matches(&lines("a\n...\nz"), &lines("a\nz")));
    assert!(pattern::matches(&lines("a\n...\nz"), &lines("a\nb\nc\nz")));
    assert!(!pattern::matches(&lines("a\n...\nz"), &lines("a\nb\nc")));
    assert!(!pattern::matches(&lines("a"), &lines("a\nb")));
}

#[test]
fn hashes_roots_and_times_are_not_written_into_a_story() {
    let hash = "0123456789abcdef".repeat(4);
    let found = [
        format!("head: {hash}, at 2026-11-23T22:50:53Z"),
        "2016-07-14".to_owned(),
    ];

    let told = pattern::retold(&[], &found);

    assert_eq!(told, ["head: [..], at [..]", "2016-07-14"]);
}

#[test]
fn a_command_may_go_on_over_several_lines() {
    let text = "```console\n$ cat <<E\n> one\n> E\none\n$ true\n```\n";

    let blocks = markdown::blocks(text);
    let steps = markdown::steps(&blocks[0]);

    assert_eq!(steps.len(), 2);
    assert_eq!(steps[0].command, "cat <<E\none\nE");
    assert_eq!(steps[0].expected, ["one"]);
    assert_eq!(steps[0].start, 4);
}

/// A story cannot hold a lock while it runs a command, so that this one is told here.
#[test]
fn a_ledger_that_is_being_written_to_says_so_and_can_be_read() {
    let sandbox = Sandbox::new();
    sandbox.run("chancery init talks --origin archive.example/talks");
    let lock = fs::File::open(sandbox.here().join("talks/lock")).expect("a lock file");
    lock.lock().expect("the lock");

    let writing = sandbox
        .run("chancery --ledger talks append examples/geneva-2016/01-actors-and-offices.toml");
    let reading = sandbox.run("chancery --ledger talks replay > answer");

    let told = [
        "error: another process is writing to this ledger[..]",
        "hint: try again when it has finished; readers need no lock",
        "? 4",
    ];
    let told = told.map(str::to_owned);
    assert!(pattern::matches(&told, &writing), "{}", writing.join("\n"));
    assert!(reading.is_empty(), "{}", reading.join("\n"));
}

/// Returns every file that tells something that can be run.
fn stories() -> Vec<PathBuf> {
    let scenarios = fs::read_dir(project().join("tests/scenarios")).expect("the scenarios");
    let mut stories: Vec<PathBuf> = scenarios
        .map(|entry| entry.expect("a scenario").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    let pages = [
        "README.md",
        "docs/import.md",
        "docs/questions.md",
        "docs/tutorial.md",
        "examples/geneva-2016/README.md",
        "examples/whaling-1946/README.md",
    ];
    stories.extend(pages.map(|page| project().join(page)));
    stories.sort();
    stories
}

fn read(name: &str) -> String {
    fs::read_to_string(project().join(name)).expect("a file of the project")
}
