//! `chancery verify`: is anything altered or removed?

mod against;
mod json;
mod part;
mod record;
mod text;
mod verdict;

use chancery_chain::Severity;
use chancery_ledger::verify::{verify_part, verify_store};
use chancery_store::verify::{Level, VerifyError};

use crate::args::VerifyArgs;
use crate::clock;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::progress::Progress;

use record::{Timed, record};

pub(crate) use against::founding_hash;
pub(crate) use json::finding_json;
pub(crate) use text::line;

/// Verifies the ledger, and reports all that was found.
///
/// # Errors
/// There is no ledger, or something is damaged: the answer is no.
pub fn run(context: &mut Context, args: &VerifyArgs) -> Result<(), Failure> {
    let folder = context.folder()?;
    let against = against::read(args)?;
    let mut wanted = part::read(&args.part)?;
    if !against.checkpoints.is_empty() {
        wanted.part.levels = wanted.part.levels.with(Level::Checkpoint);
    }
    let quiet = context.global.quiet || context.global.json;
    let mut bar = Progress::new("verifying", "entries", quiet);
    let began = clock::now();
    let mut verified = verify_part(&folder, &against, &wanted.part, &mut |done, total| {
        bar.at(done, total);
    })
    .map_err(|error| failure(&error))?;
    drop(bar);
    if args.store {
        let store = verify_store(&folder).map_err(|error| failure(&error))?;
        verified.report.findings.extend(store.findings);
    }
    let timed = Timed {
        began,
        took: clock::since(began),
    };
    if context.global.json {
        context.out.json(&json::of(&verified, wanted.seed))?;
    } else {
        text::tell(context, &verified, wanted.seed, &timed)?;
    }
    if let Some(path) = record(&folder, &args.part, &verified, wanted.seed, &timed)? {
        context.out.finish()?;
        context.notice(&format!("recorded in {}", path.display()));
    }
    match verified.report.worst() {
        Some(Severity::Damage) => Err(Failure::told(Exit::No)),
        Some(Severity::Gap) => Err(Failure::told(Exit::Partial)),
        Some(Severity::Notice) | None => Ok(()),
    }
}

fn failure(error: &VerifyError) -> Failure {
    match error {
        VerifyError::NoLedger { .. } => Failure::new(Exit::No, "the roll is missing")
            .cause(error)
            .hint("`chancery repair` makes it again from the store"),
        _ => Failure::of(Exit::System, error),
    }
}
