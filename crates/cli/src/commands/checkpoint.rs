//! `chancery checkpoint`: signs how far the ledger goes.

use chancery_chain::{Note, PrivateKey};
use chancery_ledger::Ledger;
use chancery_ledger::checkpoint::SignError;
use chancery_ledger::founding::AnyKey;

use super::cosign::{self, Asking, Cosigned};
use super::timestamp::{Stamped, Stamping};
use super::writing::{close, private_key};
use crate::args::CheckpointArgs;
use crate::context::Context;
use crate::explain;
use crate::failure::{Exit, Failure};

/// Makes a checkpoint and prints it, with what witnesses put under it.
///
/// # Errors
/// There is no log key, the roll cannot be made ready, or a witness does not cosign.
pub fn run(context: &mut Context, args: &CheckpointArgs) -> Result<(), Failure> {
    let asking = Asking::of(args)?;
    let stamping = Stamping::of(&args.timestamp)?;
    let folder = context.folder()?;
    let keys = if args.key.is_empty() {
        vec![private_key(&folder, None, "log")?]
    } else {
        let named = args
            .key
            .iter()
            .map(|key| private_key(&folder, Some(key), "log"));
        named.collect::<Result<_, _>>()?
    };
    let (mut ledger, notices) = Ledger::open(&folder).map_err(|error| explain::ledger(&error))?;
    context.notices(&notices);
    let guess = cosign::guess(&ledger);
    let mut note = make(&mut ledger, &keys)?;
    if args.key.is_empty() && ledger.keyring().log_keys(ledger.origin()).len() > 1 {
        context.notice("the log's key is being replaced: sign with both, --key twice");
    }
    let asked = asking.map(|asking| asking.ask(&mut ledger, &mut note, guess));
    let cosigned = asked.transpose()?;
    let size = ledger.head().size;
    // Before the ledger is let go, so that the time given bounds what comes later.
    let stamped = stamping.map(|stamping| stamping.ask(&folder, size, &note));
    let (stamped, unstamped) = stamped
        .transpose()
        .map_or_else(|failure| (None, Some(failure)), |stamped| (stamped, None));
    let told = write(context, &ledger, &note, cosigned.as_ref(), stamped.as_ref());
    close(ledger)?;
    told?;
    if let Some(stamped) = &stamped {
        stamped.tell(context);
    }
    cosigned.map_or(Ok(()), |cosigned| cosigned.conclude(context))?;
    unstamped.map_or(Ok(()), Err)
}

/// Makes a checkpoint of an open ledger.
pub(super) fn make(ledger: &mut Ledger, keys: &[AnyKey]) -> Result<Note, Failure> {
    let keys: Vec<&dyn PrivateKey> = keys.iter().map(|key| &**key as &dyn PrivateKey).collect();
    ledger.checkpoint(&keys).map_err(|error| match error {
        SignError::NotTheLogKey => Failure::of(Exit::Refused, &error)
            .hint("the log key signs checkpoints: name its file with --key"),
        _ => Failure::of(Exit::System, &error),
    })
}

/// Prints a checkpoint that no witness was asked to cosign.
pub(super) fn tell(context: &mut Context, ledger: &Ledger, note: &Note) -> Result<(), Failure> {
    write(context, ledger, note, None, None)
}

fn write(
    context: &mut Context,
    ledger: &Ledger,
    note: &Note,
    cosigned: Option<&Cosigned>,
    stamped: Option<&Stamped>,
) -> Result<(), Failure> {
    let note = note.to_string();
    if context.global.json {
        let mut answer = serde_json::json!({
            "schema": "chancery.checkpoint/1",
            "size": ledger.head().size.get(),
            "note": note,
        });
        if let Some(cosigned) = cosigned {
            answer["witnesses"] = cosigned.json();
        }
        if let Some(stamped) = stamped {
            answer["timestamp"] = stamped.json();
        }
        context.out.json(&answer)?;
    } else {
        context.out.line(note.trim_end())?;
    }
    context.out.finish()?;
    context.notice("keep this elsewhere: it shows whether what came before is ever altered");
    Ok(())
}
