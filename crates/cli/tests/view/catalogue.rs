//! The catalogue of findings, `docs/check.md`: each sort has an example, which
//! raises it, and what is told of it there is what the program says.
//!
//! `UPDATE_STORIES=1 cargo test --test view` writes what is told anew; the
//! examples are written by people.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chancery_cli::view::page::Page;
use chancery_cli::view::style::Style;
use chancery_cli::view::text;
use chancery_core::replay::Question;
use chancery_core::replay::check::{Code, Finding, Severity, findings};
use chancery_ledger::history;
use chancery_store::RollReader;

use crate::bench::Bench;

const INTRODUCTION: &str = "\
# What `chancery check` finds

History is odd, so nothing of this is refused when it is appended, and replay goes on in spite of it.
`check` says it. (Whether anything was altered or removed is another question: `chancery verify`.)

- A **contradiction** is a set of records that cannot all be right; an **oddity** is what does not happen, or
  not in this order, unless history was odd. With either of them `check` ends with exit code 1.
- A **notice** is nothing wrong; somebody may want to look. So is what is odd in some possible worlds
  only, because a day is not known precisely: `--all` lists it, and `--json` always does. Of days that are
  not known at all, and of two days put in the same words, nothing of the sort is said.
- `--on` says on which day it is asked what is overdue, contested or without a record; all else is odd
  whatever the day. `--known-at` asks of an earlier state of the record. `--instrument` and `--actor` keep
  what concerns one of them. Of each sort the first five are told, and with `--all` every one.
- Where two places' clocks could account for it, as between a speech and its report, a day is let pass.

Below is each sort by its code, which is stable, with an example that raises it. All examples begin with
these records; a second block was appended later, by another archivist. This page is written by a test
from what the program says.
";

/// A sort of finding with the blocks of its example.
struct Example {
    code: String,
    blocks: Vec<String>,
}

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/check.md")
}

/// Returns the records that all examples begin with, and the examples.
fn examples(text: &str) -> (String, Vec<Example>) {
    let (mut common, mut examples): (String, Vec<Example>) = (String::new(), Vec::new());
    let mut block: Option<String> = None;
    for line in text.lines() {
        match (&mut block, line) {
            (Some(lines), "```") => {
                let lines = std::mem::take(lines);
                block = None;
                match examples.last_mut() {
                    Some(example) => example.blocks.push(lines),
                    None => common = lines,
                }
            }
            (Some(lines), line) => *lines += &format!("{line}\n"),
            (None, "```toml") => block = Some(String::new()),
            (None, line) => examples.extend(line.strip_prefix("## `").map(|code| Example {
                code: code.trim_end_matches('`').to_owned(),
                blocks: Vec::new(),
            })),
        }
    }
    (common, examples)
}

/// Returns all that is found in an example.
fn found(common: &str, example: &Example) -> Vec<Finding> {
    let bench = Bench::of_two_archivists();
    let folder = bench.ledger.parent().unwrap();
    std::fs::write(folder.join("transcript.txt"), "The dues were paid.\n").unwrap();
    for (place, block) in example.blocks.iter().enumerate() {
        let dossier = match place {
            0 => format!("{common}\n{block}"),
            _ => block.clone(),
        };
        let path = folder.join(format!("{place}.toml"));
        std::fs::write(&path, dossier).unwrap();
        let key = folder.join(if place == 0 { "first" } else { "second" });
        let (path, key) = (path.display().to_string(), key.display().to_string());
        bench.ask(&["append", &path, "--key", &key]);
    }
    let roll = RollReader::open(&bench.ledger).unwrap();
    let readings = history::readings(&roll, roll.size(), &mut |_, _| {}).unwrap();
    let day = "1930-12-31".parse().unwrap();
    findings(&readings, &Question::on(day, day))
}

/// Returns the section of the page on one sort of finding.
fn section(code: Code, blocks: &[String], found: &[Finding]) -> String {
    let mut text = format!("\n## `{}`\n\n", code.word());
    let (meaning, severity) = (code.meaning(), code.severity().word());
    writeln!(text, "{meaning} ({severity})\n").unwrap();
    for block in blocks {
        writeln!(text, "```toml\n{block}```\n").unwrap();
    }
    let mut page = Page::new(Style::PLAIN);
    for finding in found.iter().filter(|finding| finding.code == code) {
        text::finding(&mut page, finding);
    }
    let lines: Vec<&str> = page.lines().iter().map(|line| line.trim_start()).collect();
    let told = lines
        .join("\n")
        .replace("\n- ", "\n\u{0}")
        .replace('\n', "\n  ");
    let told = told.replace("\n  \u{0}", "\n- ");
    writeln!(
        text,
        "```text\n{told}\n```\n\nWhat can be done: {}.",
        code.help()
    )
    .unwrap();
    text
}

#[test]
fn the_catalogue_tells_what_each_example_raises() {
    let held = std::fs::read_to_string(page()).unwrap_or_default();
    let (common, examples) = examples(&held);
    let mut told = format!("{INTRODUCTION}\n```toml\n{common}```\n");

    for code in Code::ALL {
        let example = examples.iter().find(|example| example.code == code.word());
        let example = example.unwrap_or_else(|| panic!("{} has no example", code.word()));
        let found = found(&common, example);
        assert!(
            found.iter().any(|finding| finding.code == *code),
            "{}: {found:#?}",
            code.word()
        );
        let grave = |finding: &&Finding| finding.severity() != Severity::Notice;
        let others: Vec<&Finding> = found
            .iter()
            .filter(grave)
            .filter(|finding| finding.code != *code)
            .collect();
        assert!(others.is_empty(), "{} raises {others:#?} too", code.word());
        told += &section(*code, &example.blocks, &found);
    }

    if std::env::var_os("UPDATE_STORIES").is_some() {
        std::fs::write(page(), &told).unwrap();
    }
    let held = std::fs::read_to_string(page()).unwrap();
    assert!(
        held == told,
        "docs/check.md: UPDATE_STORIES=1 cargo test --test view"
    );
}

#[test]
fn the_records_that_examples_begin_with_are_not_odd() {
    let held = std::fs::read_to_string(page()).unwrap();
    let (common, _) = examples(&held);
    let none = Example {
        code: String::new(),
        blocks: vec![String::new()],
    };

    assert_eq!(found(&common, &none), []);
}

/// Returns the codes of what is found in the example that is worse than a notice.
fn grave_in_the_example(more: &[&str]) -> Vec<String> {
    let answer = Bench::geneva().json_whatever(&[&["check", "--on", "2016-12-31"], more].concat());
    let findings = answer["findings"].as_array().unwrap();
    let grave = findings
        .iter()
        .filter(|finding| finding["severity"] != "notice");
    grave
        .map(|finding| finding["code"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_example_is_not_odd_once_it_is_corrected() {
    assert_eq!(grave_in_the_example(&[]), [""; 0]);
    assert_eq!(
        grave_in_the_example(&["--known-at", crate::bench::BEFORE]),
        ["claimed-before"]
    );
}
