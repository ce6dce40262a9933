//! `chancery export`: the records out again, in one form or another.

mod files;
mod graph;
mod lines;
mod provenance;
mod tables;

use crate::args::{ExportArgs, ExportFormat, GraphFormat};
use crate::context::Context;
use crate::failure::{Exit, Failure};

/// Writes the records up to the cut in the form that is asked for.
///
/// # Errors
/// The ledger cannot be read, or what is asked for cannot be written.
pub fn run(context: &mut Context, args: &ExportArgs) -> Result<(), Failure> {
    fitting(args)?;
    match args.format {
        ExportFormat::Jsonl => lines::write(context, args.files.as_deref()),
        ExportFormat::Csv => tables::write(context, args),
        ExportFormat::ProvJsonld => provenance::write(context),
        ExportFormat::Graph => graph::write(context, args.graph),
    }
}

/// Refuses what is said of another form than the one asked for: it would be passed over.
fn fitting(args: &ExportArgs) -> Result<(), Failure> {
    let said = [
        (
            ExportFormat::Jsonl,
            "jsonl",
            "--files",
            args.files.is_some(),
        ),
        (ExportFormat::Csv, "csv", "--out", args.out.is_some()),
        (ExportFormat::Csv, "csv", "--kind", args.kind.is_some()),
        (
            ExportFormat::Graph,
            "graph",
            "--graph",
            args.graph != GraphFormat::Dot,
        ),
    ];
    let stray = |(form, _, _, said): &(ExportFormat, _, _, bool)| *said && *form != args.format;
    match said.into_iter().find(stray) {
        None => Ok(()),
        Some((_, form, flag, _)) => {
            let message = format!("{flag} says something of {form} only");
            Err(Failure::new(Exit::Usage, message).hint(format!("add --format {form}")))
        }
    }
}
