//! `chancery import`: what others wrote becomes records for `append -`.

mod table;
mod tei;
mod untc;

use std::path::Path;

use serde_json::Value;

use crate::args::{ImportArgs, ImportFormat};
use crate::context::Context;
use crate::failure::{Exit, Failure};

/// Reads what others wrote, and writes records, one a line.
///
/// # Errors
/// It cannot be read, or holds what cannot be understood; then nothing is
/// written, unless that is to be skipped.
pub fn run(context: &mut Context, args: &ImportArgs) -> Result<(), Failure> {
    match &args.format {
        ImportFormat::Untc(args) => untc::run(context, args),
        ImportFormat::Csv(args) => table::run(context, args),
        ImportFormat::Tei(args) => tei::run(context, args),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| {
        Failure::new(Exit::Refused, format!("cannot read {}", path.display())).cause(error)
    })
}

fn write_report(path: &Path, report: &Value) -> Result<(), Failure> {
    std::fs::write(path, format!("{report:#}\n")).map_err(|error| {
        Failure::new(Exit::System, format!("cannot write {}", path.display())).cause(error)
    })
}
