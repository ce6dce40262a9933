//! `chancery expunge`: destroys what records say, and leaves that it was done.

mod tell;

use chancery_chain::{Act, PrivateKey};
use chancery_ledger::Ledger;
use chancery_ledger::decide::Resolution;
use chancery_ledger::expunge::{self, Asked, Plan, PlanError};
use chancery_store::RollReader;
use serde_json::Value;

use super::request;
use super::writing::{Sure, close, confirm, private_key};
use crate::args::ExpungeArgs;
use crate::clock;
use crate::context::Context;
use crate::explain;
use crate::failure::{Exit, Failure};
use crate::view::ask;
use crate::view::page::Page;
use crate::view::style::Style;

/// Asked before anything is destroyed.
const SURE: Sure = Sure {
    word: "destroy",
    why: "this cannot be undone",
    not_done: "nothing was destroyed",
};

/// Shows what would be destroyed and what is to be decided before, and destroys it
/// if that is confirmed; or writes a request for it.
///
/// # Errors
/// It may not be expunged so, or is not confirmed, or the system failed.
pub fn run(context: &mut Context, args: &ExpungeArgs) -> Result<(), Failure> {
    let asked = Asked {
        records: &args.records,
        authority: &args.authority,
        reason: &args.reason,
    };
    if args.dry_run {
        let plan = plan(context, asked)?;
        if context.global.json {
            return context
                .out
                .json(&tell::json(&plan, args.with_sources, None));
        }
        tell_plan(context, &plan, args.with_sources)?;
        context.out.line("\nnothing was written")?;
        return context.out.finish();
    }
    if let Some(path) = &args.by.request {
        let plan = plan(context, asked)?;
        if !context.global.json {
            tell_plan(context, &plan, false)?;
            context.out.line("")?;
        }
        return request::write(context, path, |_, _| Ok(acts(&plan)));
    }
    let folder = context.folder()?;
    let key = private_key(&folder, args.by.key.as_deref(), "keeper")?;
    let (ledger, notices) = Ledger::open(&folder).map_err(|error| explain::ledger(&error))?;
    context.notices(&notices);
    // From here on nobody else writes: what is shown is what is destroyed.
    let plan = plan(context, asked)?;
    let resolution = Resolution {
        acts: acts(&plan),
        ..Resolution::default()
    };
    ledger
        .may_decide(&resolution, &*key)
        .map_err(|error| explain::decide(&error))?;
    let how = How {
        with_sources: args.with_sources,
        yes: args.yes,
    };
    carry_out(context, ledger, &plan, resolution, &*key, how)
}

/// How what was planned is carried out.
#[derive(Clone, Copy)]
pub(super) struct How {
    /// Whether the files in custody go too that no other record speaks of.
    pub(super) with_sources: bool,
    /// Whether nobody is asked.
    pub(super) yes: bool,
}

/// Shows what is planned and may be decided, and destroys it if that is confirmed.
pub(super) fn carry_out(
    context: &mut Context,
    ledger: Ledger,
    plan: &Plan,
    mut resolution: Resolution,
    key: &dyn PrivateKey,
    how: How,
) -> Result<(), Failure> {
    if !context.global.json {
        tell_plan(context, plan, how.with_sources)?;
    }
    confirm(context, how.yes, SURE)?;
    if how.with_sources {
        resolution.sources = plan.own_files();
    }
    let done = ledger.decide(resolution, key, clock::now());
    let (ledger, receipt) = done.map_err(|error| explain::decide(&error))?;
    let told = if context.global.json {
        let answer: Value = tell::json(plan, how.with_sources, Some(&receipt));
        context.out.json(&answer)
    } else {
        tell::done(context, plan, &receipt)
    };
    close(ledger)?;
    told
}

/// Returns what would be destroyed, and what is to be decided before.
pub(super) fn plan(context: &Context, asked: Asked<'_>) -> Result<Plan, Failure> {
    let reading = context.read_at(None)?;
    let readings = reading.all_readings()?;
    let folder = context.folder()?;
    let roll = RollReader::open(&folder).map_err(|error| explain::read(&error))?;
    expunge::plan(&folder, &roll, &readings, asked).map_err(|error| match &error {
        PlanError::Unknown(named) => ask::unknown(&readings, None, named),
        _ => refused(&error),
    })
}

fn acts(plan: &Plan) -> Vec<Act> {
    plan.expungings().into_iter().map(Act::Expunge).collect()
}

fn tell_plan(context: &mut Context, plan: &Plan, with_sources: bool) -> Result<(), Failure> {
    let mut page = Page::new(Style::of(context.global.color));
    tell::plan(&mut page, plan, with_sources);
    page.write(&mut context.out)?;
    context.out.finish()
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
