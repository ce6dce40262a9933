//! `chancery export`: the records out again.

use crate::args::{ExportArgs, ExportFormat};
use crate::context::Context;
use crate::failure::Failure;
use crate::forms;

/// Writes the records up to the cut, each as it now reads, without those retracted.
///
/// # Errors
/// The ledger cannot be read.
pub fn run(context: &mut Context, args: &ExportArgs) -> Result<(), Failure> {
    let ExportFormat::Jsonl = args.format;
    let readings = context.read()?.readings()?;
    for reading in readings.all() {
        let record = &reading.record;
        // What changed a record is in its reading; exported beside it, it would change it twice.
        if reading.retracted_by().is_some() || record.subject().is_some() {
            continue;
        }
        let members = record.write(&readings);
        context
            .out
            .json(&forms::record(record.kind().name(), &members))?;
    }
    Ok(())
}
