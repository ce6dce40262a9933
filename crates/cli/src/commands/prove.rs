//! `chancery prove`: a file that shows that one entry is in the ledger.

use chancery_ledger::ledger;
use chancery_ledger::prove::{ProveError, prove};

use super::show::position;
use crate::args::ProveArgs;
use crate::context::Context;
use crate::explain;
use crate::failure::{Exit, Failure};

/// Writes a proof of one entry to standard output.
///
/// # Errors
/// There is no such entry, or it is not under the last checkpoint.
pub fn run(context: &mut Context, args: &ProveArgs) -> Result<(), Failure> {
    let reading = context.read()?;
    let (origin, keyring) =
        ledger::founded(&reading.roll).map_err(|error| explain::ledger(&error))?;
    let readings = reading.readings()?;
    let seq = position(&readings, &args.reference)?;
    if !reading.cut.size.holds(seq) {
        let (size, message) = (reading.cut.size, format!("there is no entry {seq}"));
        return Err(Failure::new(
            Exit::Refused,
            format!("{message}: {size} entries are known"),
        ));
    }
    let proof =
        prove(&reading.roll, &origin, &keyring, seq, args.body).map_err(|error| told(&error))?;
    context.out.line(proof.to_string().trim_end())?;
    context.out.finish()?;
    if !args.body && readings.reading(seq.get()).is_some() {
        context.notice("the body is left out: only who has it can tell what was proved (--body)");
    }
    Ok(())
}

fn told(error: &ProveError) -> Failure {
    let make_one = "make one with `chancery checkpoint`";
    match error {
        ProveError::Read(source) => explain::read(source),
        ProveError::NoCheckpoint | ProveError::NotCovered { .. } => {
            Failure::of(Exit::Refused, error).hint(make_one)
        }
        ProveError::Expunged { .. } => {
            Failure::of(Exit::Refused, error).hint("leave out --body to prove its envelope")
        }
        _ => Failure::of(Exit::No, error).hint("run `chancery verify`"),
    }
}
