//! `chancery checkpoint`: signs how far the ledger goes.

use chancery_chain::Note;
use chancery_ledger::Ledger;
use chancery_ledger::checkpoint::SignError;
use ed25519_dalek::SigningKey;

use super::cosign::{self, Asking, Cosigned};
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
    let folder = context.folder()?;
    let key = private_key(&folder, args.key.as_deref(), "log")?;
    let (mut ledger, notices) = Ledger::open(&folder).map_err(|error| explain::ledger(&error))?;
    context.notices(&notices);
    let guess = cosign::guess(&ledger);
    let mut note = make(&mut ledger, &key)?;
    let asked = asking.map(|asking| asking.ask(&mut ledger, &mut note, guess));
    let cosigned = asked.transpose()?;
    let told = write(context, &ledger, &note, cosigned.as_ref());
    close(ledger)?;
    told?;
    cosigned.map_or(Ok(()), |cosigned| cosigned.conclude(context))
}

/// Makes a checkpoint of an open ledger.
pub(super) fn make(ledger: &mut Ledger, key: &SigningKey) -> Result<Note, Failure> {
    ledger.checkpoint(key).map_err(|error| match error {
        SignError::NotTheLogKey => Failure::of(Exit::Refused, &error)
            .hint("the log key signs checkpoints: name its file with --key"),
        _ => Failure::of(Exit::System, &error),
    })
}

/// Prints a checkpoint that no witness was asked to cosign.
pub(super) fn tell(context: &mut Context, ledger: &Ledger, note: &Note) -> Result<(), Failure> {
    write(context, ledger, note, None)
}

fn write(
    context: &mut Context,
    ledger: &Ledger,
    note: &Note,
    cosigned: Option<&Cosigned>,
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
        context.out.json(&answer)?;
    } else {
        context.out.line(note.trim_end())?;
    }
    context.out.finish()?;
    context.notice("keep this elsewhere: it shows whether what came before is ever altered");
    Ok(())
}
