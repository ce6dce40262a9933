//! `chancery checkpoint`: signs how far the ledger goes.

use std::path::Path;

use chancery_ledger::Ledger;
use chancery_ledger::checkpoint::SignError;

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
    let (mut ledger, notices) = Ledger::open(&folder).map_err(|error| explain::ledger(&error))?;
    context.notices(&notices);
    make(context, &mut ledger, &folder, args.key.as_deref())?;
    close(ledger)
}

/// Makes a checkpoint of an open ledger and prints it.
pub(super) fn make(
    context: &mut Context,
    ledger: &mut Ledger,
    folder: &Path,
    key: Option<&Path>,
) -> Result<(), Failure> {
    let key = private_key(folder, key, "log")?;
    let note = ledger.checkpoint(&key).map_err(|error| match error {
        SignError::NotTheLogKey => Failure::of(Exit::Refused, &error)
            .hint("the log key signs checkpoints: name its file with --key"),
        _ => Failure::of(Exit::System, &error),
    })?;
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
    context.notice("keep this elsewhere: it shows whether anything before it is ever altered");
    Ok(())
}
