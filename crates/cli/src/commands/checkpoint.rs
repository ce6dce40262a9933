//! `chancery checkpoint`: signs how far the ledger goes.

use chancery_chain::Note;
use chancery_ledger::Ledger;
use chancery_ledger::checkpoint::SignError;
use ed25519_dalek::SigningKey;

use super::writing::{close, private_key};
use crate::args::CheckpointArgs;
use crate::context::Context;
use crate::explain;
use crate::failure::{Exit, Failure};

/// Makes a checkpoint and prints it.
///
/// # Errors
/// There is no log key, or the roll cannot be made ready.
pub fn run(context: &mut Context, args: &CheckpointArgs) -> Result<(), Failure> {
    let folder = context.folder()?;
    let key = private_key(&folder, args.key.as_deref(), "log")?;
    let (mut ledger, notices) = Ledger::open(&folder).map_err(|error| explain::ledger(&error))?;
    context.notices(&notices);
    let note = make(&mut ledger, &key)?;
    let told = tell(context, &ledger, &note);
    close(ledger)?;
    told
}

/// Makes a checkpoint of an open ledger.
pub(super) fn make(ledger: &mut Ledger, key: &SigningKey) -> Result<Note, Failure> {
    ledger.checkpoint(key).map_err(|error| match error {
        SignError::NotTheLogKey => Failure::of(Exit::Refused, &error)
            .hint("the log key signs checkpoints: name its file with --key"),
        _ => Failure::of(Exit::System, &error),
    })
}

/// Prints a checkpoint.
pub(super) fn tell(context: &mut Context, ledger: &Ledger, note: &Note) -> Result<(), Failure> {
    let note = note.to_string();
    if context.global.json {
        context.out.json(&serde_json::json!({
            "schema": "chancery.checkpoint/1",
            "size": ledger.head().size.get(),
            "note": note,
        }))?;
    } else {
        context.out.line(note.trim_end())?;
    }
    context.out.finish()?;
    context.notice("keep this elsewhere: it shows whether what came before is ever altered");
    Ok(())
}
