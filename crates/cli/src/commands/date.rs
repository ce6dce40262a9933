//! `chancery date`: what a date means.

use std::io::BufRead;

use chancery_core::date::{Calendar, Explained, explain_in};
use chancery_core::day::Day;
use serde_json::json;

use crate::args::DateArgs;
use crate::context::Context;
use crate::failure::{Exit, Failure};

/// Explains dates, one after the other.
///
/// # Errors
/// One of them is no date: the answer is no.
pub fn run(context: &mut Context, args: &DateArgs) -> Result<(), Failure> {
    let calendar = Calendar::named(&args.calendar)
        .map_err(|fault| Failure::new(Exit::Usage, format!("--calendar: {}", fault.message)))?;
    let mut all_valid = true;
    for text in &args.dates {
        if text != "-" {
            all_valid &= answer(context, text, calendar)?;
            continue;
        }
        for line in std::io::stdin().lock().lines() {
            let line = line.map_err(|error| {
                Failure::new(Exit::Refused, "standard input is no text").cause(error)
            })?;
            all_valid &= answer(context, &line, calendar)?;
        }
    }
    if all_valid {
        Ok(())
    } else {
        Err(Failure::told(Exit::No))
    }
}

fn answer(context: &mut Context, text: &str, calendar: Calendar) -> Result<bool, Failure> {
    let explained = explain_in(text, calendar);
    if context.global.json {
        context.out.json(&as_json(&explained))?;
    } else {
        context.out.line(as_text(&explained))?;
    }
    Ok(explained.valid)
}

fn as_json(explained: &Explained) -> serde_json::Value {
    let mut value = in_keys(explained);
    if explained.calendar != Calendar::Gregorian {
        value["calendar"] = explained.calendar.name().into();
    }
    value
}

fn in_keys(explained: &Explained) -> serde_json::Value {
    let day = |day: Option<Day>| day.map(|day| day.to_string());
    if let Some(fault) = &explained.error {
        return json!({
            "schema": "chancery.date/1",
            "edtf": explained.edtf,
            "valid": false,
            "error": { "offset": fault.offset, "message": fault.message, "help": fault.help },
        });
    }
    json!({
        "schema": "chancery.date/1",
        "edtf": explained.edtf,
        "valid": true,
        "level": explained.level,
        "earliest": day(explained.earliest),
        "latest": day(explained.latest),
        "approximate": explained.approximate,
        "uncertain": explained.uncertain,
        "hull": explained.hull,
        "english": explained.english,
    })
}

fn as_text(explained: &Explained) -> String {
    use std::fmt::Write;
    let shown = if explained.edtf.is_empty() {
        "\"\""
    } else {
        &explained.edtf
    };
    let mut text = shown.to_owned();
    // Writing to a String cannot fail.
    if let Some(fault) = &explained.error {
        let caret = " ".repeat(fault.offset);
        let _ = write!(text, "\n{caret}^ {}", fault.message);
        if let Some(help) = &fault.help {
            let _ = write!(text, "\n  help: {help}");
        }
        return text;
    }
    let end = |day: Option<Day>| day.map_or_else(|| "no bound".to_owned(), |day| day.to_string());
    let _ = write!(
        text,
        "\n  {}\n  earliest {}, latest {}{}; EDTF level {}",
        explained.english.as_deref().unwrap_or_default(),
        end(explained.earliest),
        end(explained.latest),
        if explained.calendar == Calendar::Gregorian {
            ""
        } else {
            " (Gregorian)"
        },
        explained.level.unwrap_or_default(),
    );
    if explained.hull {
        let _ = write!(text, "\n  not every day between is meant");
    }
    text
}
