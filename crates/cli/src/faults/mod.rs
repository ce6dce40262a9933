//! Faults, shown: as text with the line and a caret, or as one JSON object.
//!
//! What is shown is returned, never printed. Text that came out of a dossier
//! is untrusted: control characters do not reach the terminal.

mod excerpt;

use chancery_core::fault::Fault;
use serde_json::{Value, json};

use crate::dossier::{Dossier, Lines, Place};

/// How many faults are shown; of the others only the number.
pub const SHOWN: usize = 50;

/// Returns the faults as people read them, in 80 columns, in the order of the dossiers.
///
/// A fault of no dossier among `dossiers` is shown without a place. With
/// `colours`, ANSI escape sequences mark what is what.
pub fn human(dossiers: &[Dossier], faults: &[Fault], colours: bool) -> String {
    let (shown, more) = ordered(dossiers, faults);
    let mut texts: Vec<String> = shown
        .iter()
        .map(|shown| excerpt::render(shown, colours))
        .collect();
    if more > 0 {
        texts.push(format!("… and {more} more"));
    }
    let mut text = texts.join("\n\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// Returns the faults as one line of JSON: a `chancery.error/1`.
///
/// Where there are more than [`SHOWN`], `more` says how many are left out.
pub fn json(dossiers: &[Dossier], faults: &[Fault]) -> String {
    let (shown, more) = ordered(dossiers, faults);
    let faults: Vec<Value> = shown.iter().map(Shown::json).collect();
    let mut object = json!({ "schema": "chancery.error/1", "faults": faults });
    if more > 0 {
        object["more"] = json!(more);
    }
    object.to_string()
}

/// A fault, and where in which dossier it stands.
struct Shown<'a> {
    fault: &'a Fault,
    place: Option<Located<'a>>,
}

struct Located<'a> {
    dossier: &'a Dossier,
    place: Place,
    /// The first byte of the line, and the line.
    line: (usize, &'a str),
}

impl Shown<'_> {
    fn json(&self) -> Value {
        let place = self.place.as_ref();
        json!({
            "file": place.map(|located| &located.dossier.name),
            "line": place.map(|located| located.place.line),
            "column": place.map(|located| located.place.column),
            "code": self.fault.code,
            "message": self.fault.message,
            "help": self.fault.help,
        })
    }
}

/// Returns the first faults in the order of the dossiers, and how many more there are.
fn ordered<'a>(dossiers: &'a [Dossier], faults: &'a [Fault]) -> (Vec<Shown<'a>>, usize) {
    let mut sorted: Vec<&Fault> = faults.iter().collect();
    sorted.sort_by_key(|fault| fault.span);
    sorted.dedup();
    let more = sorted.len().saturating_sub(SHOWN);
    sorted.truncate(SHOWN);
    let mut shown = Vec::with_capacity(sorted.len());
    for group in sorted.chunk_by(|a, b| a.span.dossier == b.span.dossier) {
        let number = group.first().map(|fault| fault.span.dossier);
        let dossier = dossiers
            .iter()
            .find(|dossier| Some(dossier.number) == number);
        let lines = dossier.map(|dossier| (dossier, Lines::new(&dossier.text)));
        shown.extend(group.iter().map(|fault| Shown {
            fault,
            place: lines.as_ref().map(|(dossier, lines)| Located {
                dossier,
                place: lines.place(fault.span.start),
                line: lines.line(fault.span.start),
            }),
        }));
    }
    (shown, more)
}
