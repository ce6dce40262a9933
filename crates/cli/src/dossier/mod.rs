//! Dossiers: the files in which records come in, TOML or JSON Lines.
//!
//! A dossier is read into forms that remember where they stood; what a record
//! means is not known here. Nothing is opened here either: the bytes are given.

pub mod exported;
mod json;
mod lines;
mod room;
mod toml;
mod unquoted;

use std::path::{Path, PathBuf};

use chancery_core::fault::Fault;
use chancery_core::form::{RecordForm, Span};

pub use lines::{Lines, Place};
pub(crate) use room::with_room;

/// How deep a record may be nested: far deeper than any field goes.
const DEEPEST: usize = 64;

/// How the records of a dossier are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// TOML: for people.
    Toml,
    /// One JSON object on each line: for programs.
    JsonLines,
}

/// A file of records, or what came in through standard input.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// Its number, in the order in which dossiers were given.
    pub number: usize,
    /// Where it was read; `None` for standard input.
    pub path: Option<PathBuf>,
    /// What it is called in messages.
    pub name: String,
    /// Its text, without a byte order mark; what was not UTF-8 is replaced by U+FFFD.
    pub text: String,
    /// How its records are written.
    pub format: Format,
    /// The bytes of `text` that replace what was not UTF-8.
    replaced: Vec<(usize, usize)>,
}

/// What a dossier was read as.
///
/// If there are faults, records may be missing among the forms, and a
/// reference that names nothing may name one of those.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The records that could be read, in the order of the text.
    pub forms: Vec<RecordForm>,
    /// What was wrong, in the order of the text.
    pub faults: Vec<Fault>,
}

impl Dossier {
    /// Returns the dossier that `bytes` are, read from `path` or from standard input.
    pub fn new(number: usize, path: Option<PathBuf>, bytes: &[u8]) -> Self {
        let name = match &path {
            Some(path) => path.display().to_string(),
            None => "standard input".to_owned(),
        };
        let (text, replaced) = decoded(bytes);
        let format = match path.as_deref().and_then(Path::extension) {
            Some(extension) => format_of_extension(&extension.to_string_lossy()),
            None => None,
        };
        let format = format.unwrap_or_else(|| format_of_text(&text));
        Self {
            number,
            path,
            name,
            text,
            format,
            replaced,
        }
    }

    /// Returns the place from byte `start` to byte `end` of this dossier.
    pub const fn span(&self, start: usize, end: usize) -> Span {
        Span {
            dossier: self.number,
            start,
            end,
        }
    }

    /// Returns what was not UTF-8, as faults.
    pub(crate) fn undecoded(&self) -> Vec<Fault> {
        let fault = |&(start, end): &(usize, usize)| {
            Fault::new(self.span(start, end), "not-utf-8", "this is not UTF-8")
                .help("save the dossier as UTF-8")
        };
        self.replaced.iter().map(fault).collect()
    }
}

/// Reads a dossier into records, and gathers all that is wrong with it.
pub fn parse(dossier: &Dossier) -> Reading {
    let faults = dossier.undecoded();
    if !faults.is_empty() {
        return Reading {
            forms: Vec::new(),
            faults,
        };
    }
    let mut reading = match dossier.format {
        Format::Toml => toml::parse(dossier),
        Format::JsonLines => json::parse(dossier),
    };
    reading.faults.sort_by_key(|fault| fault.span);
    // The parser may tell one thing many times: once for each level around it.
    reading.faults.dedup();
    reading
}

/// Returns the text that the bytes are, and what in it replaces what was none.
fn decoded(bytes: &[u8]) -> (String, Vec<(usize, usize)>) {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut text = String::with_capacity(bytes.len());
    let mut replaced = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            let start = text.len();
            text.push(char::REPLACEMENT_CHARACTER);
            replaced.push((start, text.len()));
        }
    }
    (text, replaced)
}

fn format_of_extension(extension: &str) -> Option<Format> {
    match extension.to_ascii_lowercase().as_str() {
        "toml" => Some(Format::Toml),
        "jsonl" | "ndjson" | "json" => Some(Format::JsonLines),
        _ => None,
    }
}

fn format_of_text(text: &str) -> Format {
    if text.trim_start().starts_with('{') {
        Format::JsonLines
    } else {
        Format::Toml
    }
}

/// Returns the fault of a value that is nested too deep.
fn too_deep(span: Span) -> Fault {
    let message = format!("this is nested more than {DEEPEST} levels deep");
    Fault::new(span, "too-deep", message)
}
