//! The command line of Chancery: a door to the ledger.
//!
//! Each command is a module under [`commands`]; what they share stands beside
//! this file. The clock and chance are read here and nowhere below.

pub mod args;
pub mod audits;
pub mod chance;
pub mod clock;
pub mod commands;
pub mod context;
pub mod dossier;
pub mod explain;
pub mod failure;
pub mod faults;
pub mod forms;
pub mod import;
pub mod out;
pub mod view;

mod bounded;
mod logging;
mod private;
mod progress;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command};
use context::Context;
use failure::Failure;
use out::Out;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let colours = cli.global.colours_on_stderr();
    logging::start(
        cli.global.verbose,
        cli.global.quiet,
        colours,
        cli.global.json,
    );
    let json = cli.global.json;
    let sides = cli.check_sides();
    let mut context = Context {
        global: cli.global,
        out: Out::standard(),
    };
    let outcome = sides
        .and_then(|()| run(&mut context, &cli.command))
        .and_then(|()| context.out.finish());
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // What was answered before the failure is still worth having.
            let _ = context.out.finish();
            tell(&failure, json);
            ExitCode::from(failure.exit as u8)
        }
    }
}

/// Runs one command.
///
/// # Errors
/// It did not do what it was asked, or the answer is no.
pub fn run(context: &mut Context, command: &Command) -> Result<(), Failure> {
    match command {
        Command::Demo(args) => commands::demo::run(context, args),
        Command::Init(args) => commands::init::run(context, args),
        Command::Append(args) => commands::append::run(context, args),
        Command::Attest(args) => commands::attest::run(context, args),
        Command::Replay(args) => commands::replay::run(context, args),
        Command::Agreed(args) => commands::agreed::run(context, args),
        Command::Commitments(args) => commands::commitments::run(context, args),
        Command::Diff(args) => commands::diff::run(context, args),
        Command::Timeline(args) => commands::timeline::run(context, args),
        Command::Check(args) => commands::check::run(context, args),
        Command::Why(args) => commands::why::run(context, args),
        Command::Show(args) => commands::show::run(context, args),
        Command::Log(args) => commands::log::run(context, args),
        Command::Search(args) => commands::search::run(context, args),
        Command::Cite(args) => commands::cite::run(context, args),
        Command::Coverage(args) => commands::coverage::run(context, args),
        Command::Date(args) => commands::date::run(context, args),
        Command::Verify(args) => commands::verify::run(context, args),
        Command::Audit(args) => commands::audit::run(context, args),
        Command::Checkpoint(args) => commands::checkpoint::run(context, args),
        Command::Witness(args) => commands::witness::run(context, args),
        Command::Prove(args) => commands::prove::run(context, args),
        Command::VerifyProof(args) => commands::verify_proof::run(context, args),
        Command::Key(args) => commands::key::run(context, args),
        Command::Expunge(args) => commands::expunge::run(context, args),
        Command::Approve(args) => commands::approve::run(context, args),
        Command::Enact(args) => commands::enact::run(context, args),
        Command::Repair(args) => commands::repair::run(context, args),
        Command::Roll(args) => commands::copying::run(context, args),
        Command::Clone(args) => commands::copying::clone::run(context, args),
        Command::Import(args) => commands::import::run(context, args),
        Command::Export(args) => commands::export::run(context, args),
        Command::Completions(args) => commands::help_pages::completions(context, args),
        Command::Man(args) => commands::help_pages::man(context, args),
    }
}

/// Prints help or what is wrong with the command line, as its own library says it.
fn usage(error: &clap::Error) -> ExitCode {
    let wants_json = std::env::args_os().any(|argument| argument == "--json");
    if error.use_stderr() && wants_json {
        let text = error.render().to_string();
        let told = text
            .lines()
            .take_while(|line| !line.is_empty())
            .map(str::trim);
        let message = told.collect::<Vec<_>>().join(" ");
        let message = message.trim_start_matches("error: ");
        tell(&Failure::new(failure::Exit::Usage, message), true);
    } else {
        // Nothing is left to be told if even this cannot be printed.
        let _ = error.print();
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(failure::Exit::Usage as u8))
}

#[allow(clippy::print_stderr)]
fn tell(failure: &Failure, json: bool) {
    match (failure.told, json) {
        (true, _) => {}
        (false, true) => eprintln!("{}", failure.json()),
        (false, false) => eprint!("{}", failure.lines()),
    }
}
