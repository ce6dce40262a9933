//! `chancery expunge`: destroys what records say, and leaves that it was done.

mod tell;

use std::io::{IsTerminal as _, Write as _};

use chancery_ledger::expunge::{self, Asked, Plan, PlanError};
use chancery_ledger::{Ledger, SubmitError};
use chancery_store::{ExpungeError, RollReader};
use serde_json::Value;

use super::writing::{close, private_key};
use crate::args::ExpungeArgs;
use crate::clock;
use crate::context::Context;
use crate::explain;
use crate::failure::{Exit, Failure};
use crate::view::ask;
use crate::view::page::Page;
use crate::view::style::Style;

/// Shows what would be destroyed and what is to be decided before, and destroys it
/// if that is confirmed.
///
/// # Errors
/// It may not be expunged so, or is not confirmed, or the system failed.
pub fn run(context: &mut Context, args: &ExpungeArgs) -> Result<(), Failure> {
    let folder = context.folder()?;
    if args.dry_run {
        let plan = plan(context, args)?;
        return tell_plan(context, args, &plan);
    }
    let key = private_key(&folder, args.key.as_deref(), "keeper")?;
    let (ledger, notices) = Ledger::open(&folder).map_err(|error| explain::ledger(&error))?;
    context.notices(&notices);
    ledger
        .keeper(&*key)
        .map_err(|error| explain::submit(&error))?;
    // From here on nobody else writes: what is shown is what is destroyed.
    let plan = plan(context, args)?;
    if plan.quorum.get() > 1 {
        return Err(several(&plan));
    }
    if !context.global.json {
        tell_plan(context, args, &plan)?;
    }
    confirm(context, args)?;
    let sources = if args.with_sources {
        plan.own_files()
    } else {
        Vec::new()
    };
    let done = ledger.expunge(plan.expungings(), sources, &*key, clock::now());
    let (ledger, receipt) = done.map_err(|error| not_done(&error))?;
    let told = if context.global.json {
        context
            .out
            .json(&tell::json(&plan, args.with_sources, Some(&receipt)))
    } else {
        tell::done(context, &plan, &receipt)
    };
    close(ledger)?;
    told
}

fn plan(context: &Context, args: &ExpungeArgs) -> Result<Plan, Failure> {
    let reading = context.read_at(None)?;
    let readings = reading.all_readings()?;
    let folder = context.folder()?;
    let roll = RollReader::open(&folder).map_err(|error| explain::read(&error))?;
    let asked = Asked {
        records: &args.records,
        authority: &args.authority,
        reason: &args.reason,
    };
    expunge::plan(&folder, &roll, &readings, asked).map_err(|error| match &error {
        PlanError::Unknown(named) => ask::unknown(&readings, None, named),
        _ => refused(&error),
    })
}

fn tell_plan(context: &mut Context, args: &ExpungeArgs, plan: &Plan) -> Result<(), Failure> {
    if context.global.json {
        let answer: Value = tell::json(plan, args.with_sources, None);
        return context.out.json(&answer);
    }
    let mut page = Page::new(Style::of(context.global.color));
    tell::plan(&mut page, plan, args.with_sources);
    page.write(&mut context.out)?;
    if args.dry_run {
        context.out.line("\nnothing was written")?;
    }
    context.out.finish()
}

/// Asks whoever sits at the terminal; where nobody does, `--yes` must have been said.
#[allow(clippy::print_stderr)]
fn confirm(context: &Context, args: &ExpungeArgs) -> Result<(), Failure> {
    const WORD: &str = "destroy";
    if args.yes {
        return Ok(());
    }
    let input = std::io::stdin();
    if context.global.json || !input.is_terminal() {
        let message = "nothing was destroyed: this cannot be undone, and nobody confirmed it";
        return Err(Failure::new(Exit::Usage, message).hint("repeat it with --yes"));
    }
    eprint!("\nThis cannot be undone. To go on, type `{WORD}`: ");
    let _ = std::io::stderr().flush();
    let mut line = String::new();
    input.read_line(&mut line)?;
    if line.trim() == WORD {
        return Ok(());
    }
    Err(Failure::new(Exit::Refused, "nothing was destroyed"))
}

fn refused(error: &PlanError) -> Failure {
    match error {
        PlanError::Read(fault) => explain::read(fault),
        PlanError::File(_) => Failure::of(Exit::System, error),
        PlanError::Authority(_) => Failure::of(Exit::Refused, error)
            .hint("name the record that decides it, or say it in several words"),
        PlanError::AuthorityGoes(_) => Failure::of(Exit::Refused, error)
            .hint("name an authority that can be looked up afterwards"),
        PlanError::Repeats { .. } => Failure::of(Exit::Refused, error)
            .hint("say it without the words that are to be destroyed"),
        PlanError::Malformed(_) => Failure::new(
            Exit::Refused,
            "an authority has at most 128 bytes and a reason 140, printable and on one line",
        ),
        _ => Failure::of(Exit::Refused, error),
    }
}

fn several(plan: &Plan) -> Failure {
    let message = format!("{} keepers must agree to an expunging", plan.quorum.get());
    Failure::new(Exit::Refused, message)
}

fn not_done(error: &SubmitError) -> Failure {
    let failure = explain::submit(error);
    match error {
        SubmitError::Expunge(ExpungeError::Incomplete { .. }) => failure.hint(
            "the next command that writes goes on with it; if it cannot, `chancery repair` can",
        ),
        _ => failure,
    }
}
