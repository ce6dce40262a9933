//! Dates that stand in TOML without quotation marks.
//!
//! TOML knows days and times of its own, and fewer than EDTF: what it does not
//! understand may be a date all the same, that only wants quotation marks. What
//! a date means is not known here.

use chancery_core::date::Date;
use chancery_core::fault::Fault;
use chancery_core::form::Span;

use super::Dossier;

/// The code of a date that is none, in quotation marks or without.
const BAD_DATE: &str = "bad-date";

/// Returns what is wrong with the date that the parser did not understand, if it
/// was one: more than the parser can tell.
pub(super) fn not_understood(dossier: &Dossier, span: Span, parser: &str) -> Option<Fault> {
    let words = ["invalid date", "invalid time", "invalid offset"];
    let of_a_date = words.iter().any(|words| parser.starts_with(words));
    let text = dossier.text.get(span.start..span.end)?;
    match Date::new(text).check() {
        Ok(()) if text.starts_with(|first: char| first.is_ascii_digit()) => {
            let fault = Fault::new(span, BAD_DATE, "this date wants quotation marks");
            Some(fault.help(format!("write `\"{text}\"`")))
        }
        Err(fault) if of_a_date => {
            let before: usize = text.chars().take(fault.offset).map(char::len_utf8).sum();
            let start = span.start + before;
            let place = dossier.span(start, span.end);
            let place = if start < span.end { place } else { span };
            let help = fault.help.as_deref().map(quoted);
            let mut told = Fault::new(place, BAD_DATE, fault.message);
            told.help = help;
            Some(told)
        }
        _ => None,
    }
}

/// Returns the date as EDTF writes it, and what is wrong with it if EDTF cannot.
///
/// To TOML, `2016-08-26 10:00:00` and `2016-08-26t10:00:00` are the same as
/// `2016-08-26T10:00:00`.
pub(super) fn as_edtf(written: &str, span: Span) -> (String, Option<Fault>) {
    if !written.contains('-') {
        return (String::new(), Some(without_day(span)));
    }
    let mut text = written.to_ascii_uppercase();
    if text.as_bytes().get(10) == Some(&b' ') {
        text.replace_range(10..11, "T");
    }
    let Some((whole, rest)) = text.split_once('.') else {
        return (text, None);
    };
    let offset = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let text = format!("{whole}{offset}");
    let message = "a time has no fractions of a second here";
    let help = format!("write the time without fractions: `{text}`");
    let fault = Fault::new(span, BAD_DATE, message).help(help);
    (text, Some(fault))
}

fn without_day(span: Span) -> Fault {
    let help =
        "write the day, as in `2016-08-26T10:00:00`; what is no date goes in quotation marks";
    Fault::new(span, BAD_DATE, "a time without a day is no date").help(help)
}

/// Returns the help with quotation marks around the dates that it names, which
/// most of them want in TOML.
fn quoted(help: &str) -> String {
    let part = |(place, part): (usize, &str)| {
        let is_date = place % 2 == 1 && Date::new(part).check().is_ok();
        if is_date {
            format!("\"{part}\"")
        } else {
            part.to_owned()
        }
    };
    let parts: Vec<String> = help.split('`').enumerate().map(part).collect();
    parts.join("`")
}
