//! `chancery demo`: the example from its dossiers to its answers, in one go.
//!
//! The dossiers are those of `examples/geneva-2016`, carried in the binary, so
//! that the demonstration needs no other file. It runs the very commands that
//! it names; nothing in it is prepared.

mod example;

use std::path::Path;

use chancery_core::record::Record;
use chancery_ledger::history;

use crate::args::{AppendArgs, Command, DemoArgs, InitArgs, ReplayArgs};
use crate::context::Context;
use crate::explain;
use crate::failure::{Exit, Failure};

/// The day that the news item behind the example was published.
const DAY: &str = "2016-08-27";

/// Makes a ledger of the example, verifies it, and replays it at two cuts.
///
/// # Errors
/// The folder exists, or a step fails.
pub fn run(context: &mut Context, args: &DemoArgs) -> Result<(), Failure> {
    let folder = args.folder.as_path();
    if folder.exists() {
        let message = format!("{} exists already", folder.display());
        return Err(Failure::new(Exit::Refused, message)
            .hint("name another folder: `chancery demo FOLDER`"));
    }
    title(context, "A ledger is founded")?;
    let init = InitArgs {
        folder: folder.to_owned(),
        origin: "example.org/geneva-2016".to_owned(),
        key: Vec::new(),
    };
    step(context, &Command::Init(init))?;
    context.global.ledger = Some(folder.to_owned());
    let before = append_all(context, folder)?;
    title(context, "Anyone can verify it")?;
    step(context, &Command::Verify(Box::default()))?;
    replays(context, before)?;
    what_next(context, folder, before)
}

/// Appends the dossiers one by one; returns the size before the correction.
fn append_all(context: &mut Context, folder: &Path) -> Result<u64, Failure> {
    let dossiers = example::unpack(&folder.join("example"))?;
    title(
        context,
        "Dossiers are appended, each as one signed submission",
    )?;
    for path in dossiers {
        context.out.line(format!(
            "$ chancery --ledger {} append {}",
            folder.display(),
            path.display()
        ))?;
        let append = AppendArgs {
            files: vec![path],
            message: None,
            dry_run: false,
            expect: None,
            key: Vec::new(),
            checkpoint: false,
            accept_clock_jump: false,
        };
        step(context, &Command::Append(append))?;
    }
    before_correction(context)
}

/// Returns the size of the ledger before the first submission that corrects anything.
fn before_correction(context: &Context) -> Result<u64, Failure> {
    let reading = context.read()?;
    let submissions =
        history::submissions(&reading.roll).map_err(|error| explain::history(&error))?;
    for held in history::records(&reading.roll, chancery_chain::Seq::FIRST) {
        let held = held.map_err(|error| explain::history(&error))?;
        if matches!(held.record, Record::Correction(_)) {
            let of = submissions
                .iter()
                .find(|submission| submission.last >= held.seq);
            return Ok(of.map_or(0, |submission| submission.first.get()));
        }
    }
    Ok(reading.cut.size.get())
}

fn replays(context: &mut Context, before: u64) -> Result<(), Failure> {
    title(
        context,
        "What was so on 27 August 2016, as it is known today",
    )?;
    replay(context, None)?;
    title(
        context,
        "The same day, as it was known before the correction",
    )?;
    replay(context, Some(before))?;
    (context.global.on, context.global.known_at) = (None, None);
    Ok(())
}

fn replay(context: &mut Context, known_at: Option<u64>) -> Result<(), Failure> {
    context.global.on = Some(DAY.to_owned());
    context.global.known_at = known_at.map(|size| size.to_string());
    let ledger = context.folder()?;
    let ledger = ledger.display();
    let cut = known_at.map_or_else(String::new, |size| format!(" --known-at {size}"));
    context.out.line(format!(
        "$ chancery --ledger {ledger} replay --on {DAY}{cut}"
    ))?;
    let args = ReplayArgs {
        actor: None,
        instrument: None,
        tag: None,
        certainty: None,
    };
    step(context, &Command::Replay(args))
}

fn step(context: &mut Context, command: &Command) -> Result<(), Failure> {
    crate::run(context, command)?;
    context.out.finish()
}

fn title(context: &mut Context, text: &str) -> Result<(), Failure> {
    context.out.line(format!("\n== {text} =="))?;
    context.out.finish()
}

fn what_next(context: &mut Context, folder: &Path, before: u64) -> Result<(), Failure> {
    title(context, "Try next")?;
    let ledger = folder.display();
    // As it was called: from a fresh checkout the program is not on the search path.
    let program = std::env::args_os().next().map_or_else(
        || "chancery".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    );
    for line in [
        format!("--ledger {ledger} agreed --on 2016-07-15"),
        format!("--ledger {ledger} agreed --on 2016-07-15 --known-at {before}"),
        format!("--ledger {ledger} show envoy-recalls-parties"),
        format!("--ledger {ledger} log"),
        format!("--ledger {ledger} replay --on 2016-08-27 --json"),
    ] {
        context.out.line(format!("  {program} {line}"))?;
    }
    context
        .out
        .line("The dossiers that this was made from are in the folder `example` inside it.")
}
