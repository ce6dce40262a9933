//! `chancery completions` and `chancery man`: what a shell and a reader of
//! manuals need, made from the command line itself.

use std::path::Path;

use clap::CommandFactory;

use crate::args::{Cli, CompletionsArgs, ManArgs};
use crate::context::Context;
use crate::failure::{Exit, Failure};

/// Writes the completions of a shell to standard output.
///
/// # Errors
/// Nobody reads it.
pub fn completions(context: &mut Context, args: &CompletionsArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "chancery", &mut script);
    context
        .out
        .line(String::from_utf8_lossy(&script).trim_end())
}

/// Writes a manual page for each command into a folder.
///
/// # Errors
/// The folder cannot be written to.
pub fn man(context: &mut Context, args: &ManArgs) -> Result<(), Failure> {
    let folder = args.folder.as_path();
    std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    clap_mangen::generate_to(Cli::command(), folder).map_err(|error| unwritable(folder, &error))?;
    context
        .out
        .line(format!("manual pages are in {}", folder.display()))
}

fn unwritable(folder: &Path, error: &std::io::Error) -> Failure {
    Failure::new(
        Exit::System,
        format!("cannot write manual pages into {}", folder.display()),
    )
    .cause(error)
}

/// Returns the command reference as Markdown: every command with its help, in 80 columns.
pub fn reference() -> String {
    let mut root = Cli::command().term_width(80).max_term_width(80);
    root.build();
    let mut text = String::from(
        "# Commands\n\nMade from the command line itself; a test holds the two equal. What holds for \
         every\ncommand is listed once, at the end.\n",
    );
    let mut commands = Vec::new();
    gather(&root, &mut commands);
    for mut command in commands {
        let name = command.get_bin_name().unwrap_or("chancery").to_owned();
        let help = without_global(&command.render_help().to_string());
        text.push_str(&format!(
            "\n## {name}\n\n```text\n{}\n```\n",
            help.trim_end()
        ));
    }
    let shared = root.render_help().to_string();
    let shared = shared
        .split_once(GLOBAL)
        .map_or("", |(_, shared)| shared.trim_start_matches(':'));
    text.push_str(&format!(
        "\n## {GLOBAL}\n\n```text\n{}\n```\n",
        shared.trim_matches('\n').trim_end()
    ));
    text
}

const GLOBAL: &str = crate::args::GLOBAL;

fn gather(command: &clap::Command, found: &mut Vec<clap::Command>) {
    for sub in command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "help")
    {
        if sub.has_subcommands() {
            gather(sub, found);
        } else {
            found.push(sub.clone().term_width(80));
        }
    }
}

fn without_global(help: &str) -> String {
    help.split_once(GLOBAL)
        .map_or(help, |(own, _)| own)
        .trim_end()
        .to_owned()
}
