//! Tables for spreadsheets: one for each kind of record, as the records now read.
//!
//! They are for looking at; what comes in again is JSON Lines.

use std::fs;

use chancery_core::date::Calendar;
use chancery_core::fault::meant;
use chancery_core::form::{Form, FormValue, member};
use chancery_core::record::RecordKind;
use chancery_core::replay::Readings;

use crate::args::ExportArgs;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::forms;

/// Writes the table of one kind to standard output, or all that are not empty into a folder.
///
/// # Errors
/// The ledger cannot be read, there is no such kind, or a table cannot be written.
pub(super) fn write(context: &mut Context, args: &ExportArgs) -> Result<(), Failure> {
    let kinds = match (&args.kind, &args.out) {
        (Some(name), _) => vec![kind(name)?],
        (None, Some(_)) => RecordKind::ALL.to_vec(),
        (None, None) => {
            let message = "which table? a kind of record each has one";
            return Err(Failure::new(Exit::Usage, message)
                .hint("name a folder for all, --out DIR, or one kind, --kind KIND"));
        }
    };
    let readings = context.read()?.readings()?;
    for kind in kinds {
        let table = table(&readings, kind)?;
        let Some(folder) = &args.out else {
            context.out.line(table.trim_end_matches('\n'))?;
            continue;
        };
        if readings.of_kind(kind).len() == 0 {
            continue;
        }
        let place = folder.join(format!("{}.csv", kind.name()));
        let made = fs::create_dir_all(folder).and_then(|()| fs::write(&place, table));
        made.map_err(|error| {
            let message = format!("cannot write {}", place.display());
            Failure::new(Exit::System, message).cause(error)
        })?;
    }
    Ok(())
}

fn kind(name: &str) -> Result<RecordKind, Failure> {
    RecordKind::from_name(name).ok_or_else(|| {
        let names = RecordKind::ALL.iter().map(|kind| kind.name());
        let help = meant(name, names, "the kinds are");
        Failure::new(Exit::Usage, format!("there is no kind of record `{name}`")).hint(help)
    })
}

fn table(readings: &Readings, kind: RecordKind) -> Result<String, Failure> {
    let mut columns: Vec<&str> = kind.fields().iter().map(|spec| spec.name).collect();
    columns.retain(|name| *name != "id");
    if kind == RecordKind::Correction {
        columns.push("clear");
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let first = ["seq", "id", "unsupported"].iter().chain(&columns);
    writer.write_record(first).map_err(failed)?;
    for reading in readings.of_kind(kind) {
        if reading.retracted_by().is_some() {
            continue;
        }
        let unsupported = if reading.unsupported().is_some() {
            "true"
        } else {
            ""
        };
        let mut row = vec![
            reading.seq.to_string(),
            readings.id_of(reading.seq),
            unsupported.to_owned(),
        ];
        let members = reading.record.write(readings);
        let cells = columns.iter().map(|column| {
            let found = members.iter().find(|(key, _)| key == column);
            found.map_or_else(String::new, |(_, form)| harmless(cell(form)))
        });
        row.extend(cells);
        writer.write_record(&row).map_err(failed)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| failed(error.into_error().into()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn failed(error: csv::Error) -> Failure {
    Failure::new(Exit::System, "cannot write the table").cause(error)
}

/// Returns what stands in a cell: a text as it is, a list joined by `; `, a date
/// as EDTF if it is Gregorian, and any other table as JSON.
fn cell(form: &Form) -> String {
    match &form.value {
        FormValue::Text(text) => text.clone(),
        FormValue::List(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(Form::as_text).collect();
            match texts.filter(|texts| !texts.iter().any(|text| text.contains(';'))) {
                Some(texts) => texts.join("; "),
                None => forms::value(form).to_string(),
            }
        }
        FormValue::Table(members) => {
            let text = |key| member(members, key).and_then(|member| member.value.as_text());
            let gregorian = text("calendar").is_none_or(|name| name == Calendar::Gregorian.name());
            let edtf = text("edtf").filter(|_| gregorian);
            edtf.map_or_else(|| forms::value(form).to_string(), str::to_owned)
        }
        _ => forms::value(form).to_string(),
    }
}

/// Puts an apostrophe before what a spreadsheet would take for a formula, and
/// before an apostrophe, so that one taken away gives the text again.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\'', '\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell
    }
}
