//! `chancery import untc`: status tables become records for `append -`.

use std::path::Path;

use chancery_core::record::Id;
use serde_json::json;

use super::{read, write_report};
use crate::args::UntcArgs;
use crate::context::Context;
use crate::dossier::Dossier;
use crate::failure::{Exit, Failure};
use crate::import::untc::untc;
use crate::import::{Actors, Counts, Imported};
use crate::view::say;

/// Reads tables and writes records, one a line.
///
/// # Errors
/// A table cannot be read, or holds what cannot be understood; then nothing is
/// written, unless that is to be skipped.
pub(super) fn run(context: &mut Context, args: &UntcArgs) -> Result<(), Failure> {
    if Id::new(&args.instrument).is_none() {
        let message = format!("--instrument {} is no id", args.instrument);
        return Err(Failure::new(Exit::Usage, message)
            .hint("an id has small letters, digits, '.', '_' and '-'"));
    }
    let actors = args
        .actors
        .as_deref()
        .map(|path| actors(context, path))
        .transpose()?;
    let actors = actors.unwrap_or_default();
    let mut tables = Vec::new();
    for path in &args.files {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::new(Exit::Refused, format!("cannot read {}", path.display())).cause(error)
        })?;
        tables.push((path.as_path(), untc(&text, &args.instrument, &actors)));
    }
    if let Some(report) = &args.report {
        write_report(report, &told(&tables))?;
    }
    problems(context, args, &tables)?;
    for line in tables.iter().flat_map(|(_, table)| &table.lines) {
        context.out.json(line)?;
    }
    Ok(())
}

fn actors(context: &Context, path: &Path) -> Result<Actors, Failure> {
    let dossier = Dossier::new(0, Some(path.to_owned()), &read(path)?);
    Actors::parse(&dossier)
        .map_err(|found| context.tell_faults(std::slice::from_ref(&dossier), &found))
}

/// Tells what could not be understood; unless it may be skipped, that is the end.
#[allow(clippy::print_stderr)]
fn problems(
    context: &Context,
    args: &UntcArgs,
    tables: &[(&Path, Imported)],
) -> Result<(), Failure> {
    let mut told = Vec::new();
    for (path, table) in tables {
        for problem in &table.problems {
            let (line, column) = (problem.place.line, problem.place.column);
            if context.global.json {
                told.push(json!({
                    "file": path.display().to_string(), "line": line, "column": column,
                    "code": "not-understood", "message": problem.message, "help": null,
                }));
            } else {
                eprintln!(
                    "error: {}:{line}:{column}: {}",
                    path.display(),
                    problem.message
                );
                told.push(json!(null));
            }
        }
    }
    if told.is_empty() || (args.lenient && !context.global.json) {
        return Ok(());
    }
    if context.global.json {
        eprintln!(
            "{}",
            json!({ "schema": "chancery.error/1", "faults": told })
        );
    } else {
        let cells = say::number(told.len(), "place", "places");
        eprintln!("error: {cells} not understood; nothing was written");
        eprintln!("hint: with --lenient they are skipped");
    }
    if args.lenient {
        Ok(())
    } else {
        Err(Failure::told(Exit::Refused))
    }
}

fn told(tables: &[(&Path, Imported)]) -> serde_json::Value {
    let table = |(path, table): &(&Path, Imported)| {
        let counts: &Counts = &table.counts;
        let problem = |problem: &crate::import::Problem| {
            json!({
                "line": problem.place.line,
                "column": problem.place.column,
                "message": problem.message,
            })
        };
        json!({
            "file": path.display().to_string(),
            "counts": counts,
            "problems": table.problems.iter().map(problem).collect::<Vec<_>>(),
        })
    };
    json!({
        "schema": "chancery.import/1",
        "tables": tables.iter().map(table).collect::<Vec<_>>(),
    })
}
