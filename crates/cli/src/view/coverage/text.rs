//! What is not covered, as people read it.

use chancery_core::coverage::{Coverage, Passage};
use chancery_core::replay::Readings;
use chancery_ledger::custody::HeldText;

use super::{OfKind, OfSource};
use crate::view::page::Page;
use crate::view::say;

const INDENT: usize = 2;
/// How much is shown of each list, unless all is asked for.
const MOST: usize = 8;
/// How many characters of a passage are shown, unless all is asked for.
const LENGTH: usize = 200;

/// Adds the records by kind. With `all`, every list is shown to its end.
pub fn attestation(page: &mut Page, readings: &Readings, kinds: &[OfKind], all: bool) {
    page.heading("Attested by a second person");
    if kinds.is_empty() {
        page.text(INDENT, "there are no records");
        return;
    }
    let row = |kind: &OfKind| {
        vec![
            kind.kind.name().to_owned(),
            kind.attested.to_string(),
            kind.lapsed.len().to_string(),
            kind.unattested.len().to_string(),
        ]
    };
    let mut rows: Vec<Vec<String>> = kinds.iter().map(row).collect();
    let sum = |count: &dyn Fn(&OfKind) -> usize| kinds.iter().map(count).sum::<usize>().to_string();
    rows.push(vec![
        "all".to_owned(),
        sum(&|kind| kind.attested),
        sum(&|kind| kind.lapsed.len()),
        sum(&|kind| kind.unattested.len()),
    ]);
    page.table(
        INDENT,
        &["kind", "attested", "lapsed", "not attested"],
        &rows,
    );
    let named = |(seq, fields): &(u64, Vec<String>)| {
        format!(
            "{} (#{seq}; changed since: {})",
            readings.id_of(*seq),
            fields.join(", ")
        )
    };
    let lapsed = kinds.iter().flat_map(|kind| &kind.lapsed).map(named);
    list(page, "lapsed", lapsed.collect(), all);
    let named = |seq: &u64| format!("{} (#{seq})", readings.id_of(*seq));
    let unattested = kinds.iter().flat_map(|kind| &kind.unattested).map(named);
    list(page, "not attested", unattested.collect(), all);
}

fn list(page: &mut Page, label: &str, mut names: Vec<String>, all: bool) {
    if names.is_empty() {
        return;
    }
    let left = if all {
        0
    } else {
        names.len().saturating_sub(MOST)
    };
    names.truncate(names.len() - left);
    let mut text = names.join(", ");
    if left > 0 {
        text += &format!(" and {left} more");
    }
    page.gap();
    page.labelled(INDENT, label, 14, &text);
}

/// Adds the sources. With `all`, every passage is shown, and whole.
pub fn sources(page: &mut Page, readings: &Readings, sources: &[OfSource], all: bool) {
    page.heading("Passages on which no record rests");
    if sources.is_empty() {
        page.text(INDENT, "there are no sources");
    }
    for source in sources {
        page.gap();
        let head = format!("{} (#{})", readings.id_of(source.seq), source.seq);
        page.item(INDENT, &head, &source.title);
        let records = match source.records {
            0 => "evidence of no record".to_owned(),
            count => format!("evidence of {}", say::number(count, "record", "records")),
        };
        match &source.held {
            Ok(coverage) => held(page, coverage, &records, all),
            Err(why) => page.text(INDENT + 2, &format!("{}; {records}", not(why))),
        }
    }
}

const fn not(why: &HeldText) -> &'static str {
    match why {
        HeldText::NotText => "the file is no text",
        HeldText::Missing => "the file is missing",
        HeldText::Altered => "the file was altered",
        HeldText::Text(_) | HeldText::NotHeld => "no text is held",
    }
}

fn held(page: &mut Page, coverage: &Coverage, records: &str, all: bool) {
    let (covered, characters) = (coverage.covered, coverage.characters);
    let per_cent = coverage.per_cent();
    let text =
        format!("{per_cent} % covered: {covered} of {characters} letters and digits; {records}");
    page.text(INDENT + 2, &text);
    let shown = if all { coverage.left_out.len() } else { MOST };
    for passage in coverage.left_out.iter().take(shown) {
        one_passage(page, passage, all);
    }
    let left = coverage.left_out.len().saturating_sub(shown);
    if left > 0 {
        let more = say::number(left, "passage more", "passages more");
        page.aside(INDENT + 2, &format!("and {more}: --all shows them"));
    }
}

fn one_passage(page: &mut Page, passage: &Passage, all: bool) {
    let place = format!(
        "line {}, characters {} to {}:",
        passage.line, passage.start, passage.end
    );
    let mut text = passage.text.clone();
    if !all && text.chars().count() > LENGTH {
        text = text.chars().take(LENGTH).collect::<String>() + "…";
    }
    page.item(INDENT + 2, &place, &text);
}
