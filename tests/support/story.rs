//! A story: a Markdown file whose commands are run and whose outputs are compared.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::markdown::{self, Block, Step};
use super::pattern;
use super::sandbox::Sandbox;

/// How the project is run from its source, in the README.
const FROM_SOURCE: &str = "cargo run --release -- ";

/// Runs a story; returns what in it is not true, in words.
pub(crate) fn failures(path: &Path) -> String {
    let mut text = String::new();
    for (step, found) in play(path) {
        if pattern::matches(&step.expected, &found) {
            continue;
        }
        let place = format!("{}:{}", path.display(), step.line + 1);
        let (expected, found) = (step.expected.join("\n  "), found.join("\n  "));
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{place}\n$ {}\nthe story tells:\n  {expected}\nit is:\n  {found}\n",
            step.command
        );
    }
    text
}

/// Runs a story and writes into it what came out.
pub(crate) fn rewrite(path: &Path) {
    let text = fs::read_to_string(path).expect("a story");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (step, found) in play(path).into_iter().rev() {
        let told = pattern::retold(&step.expected, &found);
        lines.splice(step.start..step.start + step.expected.len(), told);
    }
    fs::write(path, lines.join("\n") + "\n").expect("a story that can be written");
}

/// Runs a story from beginning to end; returns each step with what it printed.
fn play(path: &Path) -> Vec<(Step, Vec<String>)> {
    let text = fs::read_to_string(path).expect("a story");
    let sandbox = Sandbox::new();
    let mut played = Vec::new();
    for block in markdown::blocks(&text) {
        match (block.language(), block.file()) {
            (_, Some(name)) => sandbox.write(name, &block.lines),
            ("console", None) => {
                for step in markdown::steps(&block) {
                    let found = sandbox.run(&step.command);
                    played.push((step, found));
                }
            }
            ("sh", None) => run_from_source(&sandbox, &block),
            _ => {}
        }
    }
    played
}

/// Runs what an `sh` block says about running from source. Its output is not
/// compared, but it has to succeed; other commands are not run.
fn run_from_source(sandbox: &Sandbox, block: &Block) {
    for line in &block.lines {
        let Some(arguments) = line.strip_prefix(FROM_SOURCE) else {
            continue;
        };
        let arguments = arguments.split(" #").next().unwrap_or_default();
        let found = sandbox.run(&format!("chancery --quiet {arguments} > /dev/null"));
        assert!(found.is_empty(), "{line} failed:\n{}", found.join("\n"));
    }
}
