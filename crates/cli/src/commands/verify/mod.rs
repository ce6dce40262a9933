//! `chancery verify`: is anything altered or removed?

mod against;
mod json;
mod text;

use chancery_chain::Severity;
use chancery_ledger::verify::{verify, verify_store};
use chancery_store::verify::VerifyError;

use crate::args::VerifyArgs;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::progress::Progress;

pub(crate) use json::finding_json;
pub(crate) use text::line;

/// Verifies the ledger, and reports all that was found.
///
/// # Errors
/// There is no ledger, or something is damaged: the answer is no.
pub fn run(context: &mut Context, args: &VerifyArgs) -> Result<(), Failure> {
    let folder = context.folder()?;
    let against = against::read(args)?;
    let quiet = context.global.quiet || context.global.json;
    let mut bar = Progress::new("verifying", "entries", quiet);
    let mut verified = verify(&folder, &against, &mut |done, total| {
        bar.at(done, total);
    })
    .map_err(|error| failure(&error))?;
    drop(bar);
    if args.store {
        let store = verify_store(&folder).map_err(|error| failure(&error))?;
        verified.report.findings.extend(store.findings);
    }
    if context.global.json {
        context.out.json(&json::of(&verified))?;
    } else {
        text::tell(context, &verified)?;
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
