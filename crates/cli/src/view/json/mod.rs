//! Answers as JSON: the keys of `docs/json.md`, in their order.
//!
//! Every date is `{edtf, earliest, latest}`, an end without a bound being null.
//! Nothing here reads a clock, so that the bytes depend on the question, the
//! cut and the program alone.

mod claims;
mod commitments;
mod findings;
mod instruments;
mod others;

use chancery_core::date::Calendar;
use chancery_core::day::Day;
use chancery_core::replay::{Contradiction, Dated, Dependence, Readings, Unsupported};
use chancery_core::window::Window;
use serde_json::{Value, json};

pub use commitments::commitment;
pub use findings::findings;
pub use instruments::instrument;
pub use others::{event, issue, office, statement};

/// Returns a date: as written, and the days that it may be.
pub fn dated(dated: &Dated) -> Value {
    let mut value = json!({
        "edtf": dated.edtf,
        "earliest": end(dated.window.earliest()),
        "latest": end(dated.window.latest()),
    });
    if dated.calendar != Calendar::Gregorian {
        value["calendar"] = dated.calendar.name().into();
    }
    if dated.is_hull() {
        value["hull"] = Value::Bool(true);
    }
    value
}

/// Returns a date, or null.
pub fn maybe_dated(date: Option<&Dated>) -> Value {
    date.map_or(Value::Null, dated)
}

/// Returns the days of what was worked out and not written.
pub fn window(window: Window) -> Value {
    json!({ "earliest": end(window.earliest()), "latest": end(window.latest()) })
}

/// Returns the ids of records.
pub fn ids(readings: &Readings, seqs: &[u64]) -> Value {
    seqs.iter()
        .map(|seq| Value::from(readings.id_of(*seq)))
        .collect()
}

/// Returns which records cannot all be right, and which of their dates.
pub fn contradiction(readings: &Readings, item: &Contradiction) -> Value {
    let dates = item.happenings.iter().map(|happening| {
        json!({
            "id": readings.id_of(happening.seq),
            "seq": happening.seq,
            "field": happening.field.name(),
        })
    });
    json!({
        "records": ids(readings, &item.records),
        "seqs": item.records,
        "dates": dates.collect::<Value>(),
    })
}

/// Returns the id of a record, or null.
pub fn maybe_id(readings: &Readings, seq: Option<u64>) -> Value {
    seq.map_or(Value::Null, |seq| Value::from(readings.id_of(seq)))
}

/// Returns why a record moves nothing, or null.
pub fn unsupported(readings: &Readings, why: Option<Unsupported>) -> Value {
    why.map_or(Value::Null, |why| {
        json!({ "on": readings.id_of(why.on), "seq": why.on, "through": through(why.through) })
    })
}

/// Returns the word for how one record depends on another.
pub const fn through(dependence: Dependence) -> &'static str {
    match dependence {
        Dependence::Required => "required",
        Dependence::Evidence => "evidence",
    }
}

/// Returns a bound; before and after all days there is none.
fn end(day: Option<Day>) -> Value {
    let bounded = day.filter(|day| *day != Day::MIN && *day != Day::MAX);
    bounded.map_or(Value::Null, |day| Value::from(day.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_its_text_and_its_bounds() {
        let first = "2016-07-01".parse().unwrap();
        let last: Day = "2016-07-31".parse().unwrap();
        let july = Dated {
            edtf: Some("2016-07".to_owned()),
            calendar: Calendar::Gregorian,
            window: Window::between(Some(first), Some(last)).unwrap(),
        };

        let expected = r#"{"edtf":"2016-07","earliest":"2016-07-01","latest":"2016-07-31"}"#;
        assert_eq!(dated(&july).to_string(), expected);
    }

    #[test]
    fn what_has_no_bound_is_null() {
        let undated = Dated {
            edtf: Some(String::new()),
            calendar: Calendar::Gregorian,
            window: Window::UNKNOWN,
        };

        assert_eq!(
            dated(&undated).to_string(),
            r#"{"edtf":"","earliest":null,"latest":null}"#
        );
        let never = window(Window::AFTER_ALL).to_string();
        assert_eq!(never, r#"{"earliest":null,"latest":null}"#);
    }

    #[test]
    fn a_date_in_another_calendar_names_it() {
        let day: Day = "1917-11-07".parse().unwrap();
        let october = Dated {
            edtf: Some("1917-10-25".to_owned()),
            calendar: Calendar::Julian,
            window: Window::on(day),
        };

        assert_eq!(dated(&october)["calendar"], "julian");
        assert_eq!(dated(&october)["earliest"], "1917-11-07");
    }

    #[test]
    fn a_date_with_gaps_is_flagged() {
        let masked = Dated {
            edtf: Some("156X-12-25".to_owned()),
            calendar: Calendar::Gregorian,
            window: Window::UNKNOWN,
        };

        assert_eq!(dated(&masked)["hull"], Value::Bool(true));
    }
}
