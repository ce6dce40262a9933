//! Importers: tables of others, turned into records for `append -`.
//!
//! An importer is a function of a text. It opens nothing and writes nothing,
//! and what it cannot understand it reports with its place and leaves out.

mod actors;
mod rows;
pub mod table;
pub mod tei;
pub mod untc;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::dossier::Place;

pub use actors::Actors;

/// What a table was turned into.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// The records, each a JSON object for a line of its own, in the order of the table.
    pub lines: Vec<Value>,
    /// What was read, made and left out.
    pub counts: Counts,
    /// What could not be understood, in the order of the table.
    pub problems: Vec<Problem>,
}

/// What was read, made and left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Rows of the table, its header and blank lines aside.
    pub rows: usize,
    /// Records of actors.
    pub actors: usize,
    /// Records of acts.
    pub acts: usize,
    /// Records of acts, by their kind.
    pub acts_by_kind: BTreeMap<&'static str, usize>,
    /// Acts that a row says again, left out.
    pub repeated: usize,
    /// Headers, rows and cells that could not be understood, left out.
    pub skipped: usize,
}

/// Something in a table that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands.
    pub place: Place,
    /// What is wrong, small initial, no stop.
    pub message: String,
}

/// Returns the number of a month, written out or cut after three letters or more.
fn month_of(word: &str) -> Option<u8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.trim_end_matches('.').to_lowercase();
    let index = MONTHS
        .iter()
        .position(|month| word.len() >= 3 && month.starts_with(&word))?;
    u8::try_from(index + 1).ok()
}
