//! `chancery import csv`: any table becomes records, by a mapping file.

use chancery_core::fault::Fault;
use serde_json::{Value, json};

use super::{read, write_report};
use crate::args::CsvArgs;
use crate::context::Context;
use crate::dossier::{Dossier, Lines};
use crate::failure::Failure;
use crate::faults::{self, SHOWN};
use crate::import::table::{Made, Mapping, import};
use crate::view::say::number;

/// Reads tables by a mapping, and writes records, one a line.
///
/// # Errors
/// The mapping or a table cannot be read, or holds what cannot be understood;
/// then nothing is written, unless the rows of it are to be skipped.
pub(super) fn run(context: &mut Context, args: &CsvArgs) -> Result<(), Failure> {
    let mapping = Dossier::new(0, Some(args.mapping.clone()), &read(&args.mapping)?);
    let mut dossiers = vec![mapping];
    for (number, path) in args.files.iter().enumerate() {
        dossiers.push(Dossier::new(number + 1, Some(path.clone()), &read(path)?));
    }
    let parsed = Mapping::parse(&dossiers[0]);
    let mapping = parsed.map_err(|found| context.tell_faults(&dossiers[..1], &found))?;
    let made = import(&mapping, &dossiers[1..]);
    if let Some(path) = &args.report {
        write_report(path, &report(&dossiers, &made))?;
    }
    if !made.misfits.is_empty() {
        return Err(context.tell_faults(&dossiers, &made.misfits));
    }
    tell_oddities(context, &dossiers, &made);
    let of_mapping = made.faults.iter().any(|fault| fault.span.dossier == 0);
    if !made.faults.is_empty() && (of_mapping || !args.lenient) {
        let failure = context.tell_faults(&dossiers, &made.faults);
        if !of_mapping && !context.global.json {
            hint("with --lenient the rows of these are left out");
        }
        return Err(failure);
    }
    if !made.faults.is_empty() {
        tell_skipped(context, &dossiers, &made);
    }
    for line in &made.lines {
        context.out.json(line)?;
    }
    Ok(())
}

/// Says on standard error what is strange, a line for each.
#[allow(clippy::print_stderr)]
fn tell_oddities(context: &Context, dossiers: &[Dossier], made: &Made) {
    let places = Places::new(dossiers);
    if context.global.json {
        for oddity in &made.oddities {
            let mut told = places.fault(oddity);
            told["schema"] = json!("chancery.notice/1");
            eprintln!("{told}");
        }
        return;
    }
    for oddity in made.oddities.iter().take(SHOWN) {
        let place = places.written(oddity);
        context.notice(&format!("{place}: {}", oddity.message));
    }
    let more = made.oddities.len().saturating_sub(SHOWN);
    if more > 0 {
        context.notice(&format!("… and {more} more, all of them in the --report"));
    }
    let silent: usize = made
        .counts
        .iter()
        .map(|counts| counts.rows_without_record)
        .sum();
    if silent > 0 {
        let rows = number(silent, "row makes", "rows make");
        context.notice(&format!(
            "{rows} no record, by the conditions of the mapping"
        ));
    }
}

/// Says what was left out, since that was asked for.
#[allow(clippy::print_stderr)]
fn tell_skipped(context: &Context, dossiers: &[Dossier], made: &Made) {
    if context.global.json {
        eprintln!("{}", faults::json(dossiers, &made.faults));
        return;
    }
    let colours = context.global.colours_on_stderr();
    eprint!("{}", faults::human(dossiers, &made.faults, colours));
    let skipped: usize = made.counts.iter().map(|counts| counts.rows_skipped).sum();
    eprintln!("error: {} left out", number(skipped, "row is", "rows are"));
}

#[allow(clippy::print_stderr)]
fn hint(text: &str) {
    eprintln!("hint: {text}");
}

/// Where faults stand, in all files.
struct Places<'d> {
    dossiers: &'d [Dossier],
    lines: Vec<Lines<'d>>,
}

impl<'d> Places<'d> {
    fn new(dossiers: &'d [Dossier]) -> Self {
        let lines = dossiers.iter().map(|dossier| Lines::new(&dossier.text));
        Self {
            dossiers,
            lines: lines.collect(),
        }
    }

    fn place(&self, fault: &Fault) -> Option<(&'d str, usize, usize)> {
        let dossier = self.dossiers.get(fault.span.dossier)?;
        let place = self.lines.get(fault.span.dossier)?.place(fault.span.start);
        Some((&dossier.name, place.line, place.column))
    }

    fn written(&self, fault: &Fault) -> String {
        let place = self.place(fault);
        place.map_or_else(String::new, |(file, line, column)| {
            format!("{file}:{line}:{column}")
        })
    }

    fn fault(&self, fault: &Fault) -> Value {
        let place = self.place(fault);
        json!({
            "file": place.map(|(file, _, _)| file),
            "line": place.map(|(_, line, _)| line),
            "column": place.map(|(_, _, column)| column),
            "code": fault.code,
            "message": fault.message,
            "help": fault.help,
        })
    }
}

/// Returns what was read, made and left out, and everything that was found.
fn report(dossiers: &[Dossier], made: &Made) -> Value {
    let places = Places::new(dossiers);
    let told = |faults: &[Fault]| -> Vec<Value> {
        faults.iter().map(|fault| places.fault(fault)).collect()
    };
    let tables = dossiers.iter().skip(1).zip(&made.counts);
    let table =
        |(dossier, counts): (&Dossier, _)| json!({ "file": dossier.name, "counts": counts });
    let problems: Vec<Fault> = made.misfits.iter().chain(&made.faults).cloned().collect();
    json!({
        "schema": "chancery.import-csv/1",
        "mapping": dossiers.first().map(|mapping| &mapping.name),
        "tables": tables.map(table).collect::<Vec<_>>(),
        "problems": told(&problems),
        "oddities": told(&made.oddities),
    })
}
