//! `chancery import tei`: letters and papers become sources, their texts files.

use std::collections::BTreeSet;
use std::path::Path;

use chancery_core::date::Date;
use chancery_core::fault::Fault;
use chancery_core::record::{Id, slug};
use serde_json::{Value, json};

use super::read;
use crate::args::TeiArgs;
use crate::context::Context;
use crate::dossier::Dossier;
use crate::failure::{Exit, Failure};
use crate::import::tei::{Paper, tei};

/// Reads TEI files and writes a source for each paper, and its text beside it.
///
/// # Errors
/// A file cannot be read or holds what cannot be understood, or a text cannot be written.
pub(super) fn run(context: &mut Context, args: &TeiArgs) -> Result<(), Failure> {
    let mut files = Vec::new();
    for (number, path) in args.files.iter().enumerate() {
        files.push(Dossier::new(number, Some(path.clone()), &read(path)?));
    }
    let mut faults = Vec::new();
    let mut papers: Vec<(String, Paper)> = Vec::new();
    let mut ids = BTreeSet::new();
    for (file, path) in files.iter().zip(&args.files) {
        match tei(file) {
            Err(fault) => faults.push(fault),
            Ok(found) => {
                for paper in found {
                    match id(&paper, path, args, &mut ids) {
                        Ok(id) => papers.push((id, paper)),
                        Err(message) => {
                            let span = file.span(paper.start, paper.start);
                            let help = "each paper wants an `xml:id` of its own";
                            faults.push(Fault::new(span, "bad-id", message).help(help));
                        }
                    }
                }
            }
        }
    }
    if !faults.is_empty() {
        return Err(context.tell_faults(&files, &faults));
    }
    let file = |id: &str| args.texts.join(format!("{id}.txt"));
    for (id, paper) in &papers {
        free(&file(id), &paper.text)?;
    }
    std::fs::create_dir_all(&args.texts).map_err(|error| unwritten(&args.texts, error))?;
    for (id, paper) in &papers {
        let file = file(id);
        std::fs::write(&file, &paper.text).map_err(|error| unwritten(&file, error))?;
        if paper.date.is_none() {
            context.notice(&format!("{id}: no date is given that can be read"));
        }
        let source = source(id, paper, &file, args.repository.as_deref());
        context.out.json(&source)?;
    }
    Ok(())
}

/// Refuses to write a text over another one: nobody could have it back.
fn free(file: &Path, text: &str) -> Result<(), Failure> {
    match std::fs::read(file) {
        Ok(held) if held != text.as_bytes() => {
            let message = format!(
                "{} is there already, and says something else",
                file.display()
            );
            let hint = "nothing was written; name another folder with --texts, or move that file";
            Err(Failure::new(Exit::Refused, message).hint(hint))
        }
        _ => Ok(()),
    }
}

fn unwritten(path: &Path, error: std::io::Error) -> Failure {
    Failure::new(Exit::System, format!("cannot write {}", path.display())).cause(error)
}

/// Returns the id of a paper, unless it makes none or another paper has it.
fn id(
    paper: &Paper,
    path: &Path,
    args: &TeiArgs,
    ids: &mut BTreeSet<String>,
) -> Result<String, String> {
    let stem = || {
        path.file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
    };
    let own = paper.id.clone().or_else(stem).unwrap_or_default();
    let id = slug(&format!(
        "{} {own}",
        args.prefix.as_deref().unwrap_or_default()
    ));
    if Id::new(&id).is_none() {
        return Err(format!("`{own}` makes no id"));
    }
    if !ids.insert(id.clone()) {
        return Err(format!("two papers have the id `{id}`"));
    }
    Ok(id)
}

fn source(id: &str, paper: &Paper, file: &Path, repository: Option<&str>) -> Value {
    let title = if paper.title.is_empty() {
        id
    } else {
        &paper.title
    };
    let mut source = json!({ "record": "source", "id": id, "title": title, "kind": "document" });
    let from = (!paper.from.is_empty()).then(|| paper.from.join("; "));
    let to = (!paper.to.is_empty()).then(|| format!("to {}", paper.to.join("; ")));
    let dated = paper
        .date
        .clone()
        .filter(|date| Date::new(date).check().is_ok());
    let fields = [
        ("creator", from),
        ("published", dated),
        ("language", paper.language.clone()),
        ("place", paper.place.clone()),
        ("repository", repository.map(str::to_owned)),
        ("reference", paper.id.clone()),
        ("note", to),
    ];
    for (key, value) in fields {
        if let Some(value) = value {
            source[key] = json!(value);
        }
    }
    source["file"] = json!(file.display().to_string());
    source["media_type"] = json!("text/plain");
    source
}
