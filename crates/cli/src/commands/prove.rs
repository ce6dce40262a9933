//! `chancery prove`: a file that shows that one entry is in the ledger.

use chancery_chain::Envelope;
use chancery_ledger::ledger;
use chancery_ledger::prove::{ProveError, prove};
use chancery_store::RollReader;

use super::show::{numbered, position};
use crate::args::ProveArgs;
use crate::context::Context;
use crate::explain;
use crate::failure::{Exit, Failure};

/// Writes a proof of one entry to standard output.
///
/// # Errors
/// There is no such entry, or it is not under the last checkpoint.
pub fn run(context: &mut Context, args: &ProveArgs) -> Result<(), Failure> {
    // An entry that is named by its number is found without reading the others, and
    // proved without any body.
    let (roll, seq) = if let Some(seq) = numbered(&args.reference)? {
        let roll = RollReader::open_envelopes(&context.folder()?);
        (roll.map_err(|error| explain::read(&error))?, seq)
    } else {
        let reading = context.read()?;
        let seq = position(&reading.readings()?, &args.reference)?;
        (reading.roll, seq)
    };
    let (origin, keyring) = ledger::founded(&roll).map_err(|error| explain::ledger(&error))?;
    if !roll.size().holds(seq) {
        let (size, message) = (roll.size(), format!("there is no entry {seq}"));
        return Err(Failure::new(
            Exit::Refused,
            format!("{message}: {size} entries are known"),
        ));
    }
    let proof = prove(&roll, &origin, &keyring, seq, args.body).map_err(|error| told(&error))?;
    context.out.line(proof.to_string().trim_end())?;
    context.out.finish()?;
    let record = Envelope::decode(&proof.envelope).is_ok_and(|entry| entry.kind.is_record());
    if !args.body && record {
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
