//! `chancery export`: the records out again, in one form or another.

mod files;
mod graph;
mod lines;
mod provenance;
mod tables;

use crate::args::{ExportArgs, ExportFormat};
use crate::context::Context;
use crate::failure::Failure;

/// Writes the records up to the cut in the form that is asked for.
///
/// # Errors
/// The ledger cannot be read, or what is asked for cannot be written.
pub fn run(context: &mut Context, args: &ExportArgs) -> Result<(), Failure> {
    match args.format {
        ExportFormat::Jsonl => lines::write(context, args.files.as_deref()),
        ExportFormat::Csv => tables::write(context, args),
        ExportFormat::ProvJsonld => provenance::write(context),
        ExportFormat::Graph => graph::write(context, args.graph),
    }
}
