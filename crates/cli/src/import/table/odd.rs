//! Oddities: what a row says that is strange, and kept as it is.
//!
//! History is odd; nothing here is refused, swapped or left out.

use chancery_core::date::{Credibility, Date};
use chancery_core::fault::Fault;
use chancery_core::form::{Form, FormValue, RecordForm, member};

/// Pairs of fields, the first of which should not be later than the second.
const ASCENDING: [(&str, &str); 7] = [
    ("from", "until"),
    ("adopted", "closes"),
    ("opened", "closes"),
    ("opened", "closed"),
    ("announced", "held"),
    ("made", "due"),
    ("made", "until"),
];

/// Acts that should not come after the instrument has entered into force at all.
const SIGNING: [&str; 3] = ["signature", "signature-ad-referendum", "initialling"];

/// Returns what is odd about the records of a row.
pub(super) fn oddities(records: &[RecordForm]) -> Vec<Fault> {
    let mut found = Vec::new();
    for record in records {
        for (earlier, later) in ASCENDING {
            within(record, earlier, later, &mut found);
        }
        if record.kind == "occurrence" && text(record, "kind") == Some("entry-into-force") {
            into_force(record, records, &mut found);
        }
    }
    found
}

fn within(record: &RecordForm, earlier: &str, later: &str, found: &mut Vec<Fault>) {
    let (Some(first), Some(second)) = (dated(record, earlier), dated(record, later)) else {
        return;
    };
    if is_before(&second, &first) {
        let message = format!(
            "{}: `{later}`, {}, is before `{earlier}`, {}",
            record.kind, second.edtf, first.edtf
        );
        found.push(Fault::new(second.form.span, "odd-order", message));
    }
}

/// Tells an entry into force that comes before the text was adopted or signed.
fn into_force(occurrence: &RecordForm, records: &[RecordForm], found: &mut Vec<Fault>) {
    let Some(day) = dated(occurrence, "on") else {
        return;
    };
    let instrument = text(occurrence, "instrument");
    for other in records {
        let (what, earlier) = match other.kind.as_str() {
            "instrument" if text(other, "id") == instrument => ("adopted", dated(other, "adopted")),
            "act" if text(other, "instrument") == instrument => {
                let signs = text(other, "kind").is_some_and(|kind| SIGNING.contains(&kind));
                ("signed", dated(other, "on").filter(|_| signs))
            }
            _ => continue,
        };
        if let Some(earlier) = earlier.filter(|earlier| is_before(&day, earlier)) {
            let message = format!(
                "entry into force, {}, is before it was {what}, {}",
                day.edtf, earlier.edtf
            );
            found.push(Fault::new(day.form.span, "force-before-signature", message));
            // One word for a row: its parties signed on the same day, as far as the row goes.
            return;
        }
    }
}

struct Dated<'r> {
    form: &'r Form,
    edtf: &'r str,
}

fn dated<'r>(record: &'r RecordForm, key: &str) -> Option<Dated<'r>> {
    let form = &record.member(key)?.value;
    let edtf = match &form.value {
        FormValue::Table(members) => member(members, "edtf")?.value.as_text()?,
        _ => form.as_text()?,
    };
    (!edtf.is_empty()).then_some(Dated { form, edtf })
}

/// Returns whether one date is before another in every reading of both.
fn is_before(first: &Dated<'_>, second: &Dated<'_>) -> bool {
    let first = Date::new(first.edtf).window(Credibility::Accept).latest();
    let second = Date::new(second.edtf)
        .window(Credibility::Accept)
        .earliest();
    matches!((first, second), (Some(first), Some(second)) if first < second)
}

fn text<'r>(record: &'r RecordForm, key: &str) -> Option<&'r str> {
    record.member(key)?.value.as_text()
}
