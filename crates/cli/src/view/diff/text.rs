//! Differences as people read them: a sentence each, and what it comes from.

use chancery_core::record::{
    Actor, Commitment, Event, Instrument, Issue, Office, Record, Statement,
};
use chancery_core::replay::{Cause, Change, Difference, Differing, Part, Told};

use super::Between;
use crate::view::page::Page;
use crate::view::say;
use crate::view::text::outcomes;

/// How many causes are named before they are only counted.
const MOST_NAMED: usize = 6;
const INDENT: usize = 2;
const BELOW: usize = 4;
const CAUSES: usize = 6;

/// Adds what differs, part by part.
pub fn differences(page: &mut Page, between: &Between<'_>, all: &[Difference]) {
    let mut last = None;
    for item in all {
        if last != Some(item.part) {
            page.heading(heading(item.part));
            last = Some(item.part);
        }
        let id = between.id_of(item.seq);
        page.item(INDENT, &format!("{id}:"), &titled(between, item));
        match item.change {
            Change::Appeared | Change::Gone => came_or_went(page, between, item),
            Change::Changed => {
                for facet in &item.facets {
                    page.text(BELOW, &changed(between, facet));
                    because(page, between, &facet.because);
                }
            }
        }
    }
}

const fn heading(part: Part) -> &'static str {
    match part {
        Part::Instrument => "Instruments",
        Part::Commitment => "Commitments",
        Part::Office => "Offices",
        Part::Issue => "Issues",
        Part::Event => "Events",
        Part::Statement => "Statements",
    }
}

/// Returns what an item is called.
fn titled(between: &Between<'_>, item: &Difference) -> String {
    let readings = between.readings(item.seq);
    let seq = item.seq;
    let named = |actors: Vec<u64>| say::ids(readings, &actors);
    let entry = say::entries(&[seq]);
    let title = match item.part {
        Part::Instrument => readings
            .get::<Instrument>(seq)
            .map(|(_, of)| of.title.clone()),
        Part::Commitment => readings
            .get::<Commitment>(seq)
            .map(|(_, of)| of.text.clone()),
        Part::Event => readings.get::<Event>(seq).map(|(_, of)| of.title.clone()),
        Part::Issue => readings.get::<Issue>(seq).map(|(_, of)| of.title.clone()),
        Part::Office => readings.get::<Office>(seq).map(|(_, of)| {
            format!(
                "{}, {} of {}",
                named(vec![of.person.0]),
                of.title,
                named(vec![of.of.0])
            )
        }),
        Part::Statement => readings.get::<Statement>(seq).map(|(_, of)| {
            let speakers = named(of.speakers.iter().map(|actor| actor.0).collect());
            let text = chancery_core::replay::text(of);
            let text = text.map(|text| format!(": “{text}”"));
            format!("{speakers}{}", text.unwrap_or_default())
        }),
    };
    format!(
        "{} ({entry})",
        title.unwrap_or_else(|| "retracted since".to_owned())
    )
}

/// Adds how it stands with what is in one of the registers alone.
fn came_or_went(page: &mut Page, between: &Between<'_>, item: &Difference) {
    let state = item.facets.first();
    let words = state.and_then(|facet| facet.after.as_ref().or(facet.before.as_ref()));
    let words = words
        .map(|told_words| told(between, told_words))
        .unwrap_or_default();
    let text = match (between.cuts, item.change) {
        // That a statement was made goes without saying.
        (_, Change::Appeared) if item.part == Part::Statement => "is new".to_owned(),
        (false, Change::Gone) => format!("is no longer {words}"),
        (false, _) => format!("is new: {words}"),
        (true, Change::Gone) => format!("is no longer known to be {words}"),
        (true, _) => format!("is known by then: {words}"),
    };
    page.text(BELOW, &text);
    let mut causes: Vec<Cause> = Vec::new();
    for cause in item.facets.iter().flat_map(|facet| &facet.because) {
        if !causes.contains(cause) {
            causes.push(cause.clone());
        }
    }
    because(page, between, &causes);
}

/// Returns a sentence that says what became of something.
fn changed(between: &Between<'_>, facet: &Differing) -> String {
    let what = subject(between, facet);
    let told = |value: &Told| told(between, value);
    let (became, was) = if between.cuts {
        ("is now known as", "was known as")
    } else {
        ("became", "was")
    };
    if facet.aspect == "claim" {
        return claimed(
            &what,
            facet.before.as_ref().map(told),
            facet.after.as_ref().map(told),
        );
    }
    match (&facet.before, &facet.after) {
        (Some(before), Some(after)) => {
            format!("{what} {became} {}; {was} {}", told(after), told(before))
        }
        (None, Some(after)) => format!("{what} {became} {}", told(after)),
        (Some(before), None) => format!("{what} is no longer {}", told(before)),
        (None, None) => what,
    }
}

fn claimed(by: &str, before: Option<String>, after: Option<String>) -> String {
    match (before, after) {
        (Some(before), Some(after)) => format!("{by} now claims: {after}; claimed: {before}"),
        (None, Some(after)) => format!("{by} now claims: {after}"),
        (Some(before), None) => format!("{by} no longer claims: {before}"),
        (None, None) => by.to_owned(),
    }
}

fn subject(between: &Between<'_>, facet: &Differing) -> String {
    let of = facet.of.map(|seq| between.id_of(seq)).unwrap_or_default();
    match facet.aspect {
        "standing" | "claim" => of,
        "reservation" | "amended by" => format!("{} {of}", facet.aspect),
        "status" | "phase" | "state" | "overdue" | "contested" | "support" => "it".to_owned(),
        "adopted" => "the day of adoption".to_owned(),
        "date" => "its day".to_owned(),
        "from" => "its first day".to_owned(),
        "until" => "its last day".to_owned(),
        "condition" => "its condition".to_owned(),
        "depends on" => "what it depends on".to_owned(),
        "state awaited" => "the state that it waits for".to_owned(),
        "participants" => "who has a part in it".to_owned(),
        "due" => "the day on which it is due".to_owned(),
        aspect => aspect.to_owned(),
    }
}

fn told(between: &Between<'_>, value: &Told) -> String {
    match value {
        Told::Words(words) => {
            let words: Vec<_> = words
                .iter()
                .map(|(word, how)| (word.as_str(), *how))
                .collect();
            outcomes(&words, |word| word.replace('-', " "))
        }
        Told::Date(date) => say::dated(date),
        Told::Count(count) if count.certain == count.possible => count.certain.to_string(),
        Told::Count(count) => format!("{}–{}", count.certain, count.possible),
        Told::Text(text) => format!("“{text}”"),
        Told::Named(actors) => {
            let named = actors
                .iter()
                .map(|(actor, how)| format!("{}{}", say::possibly(*how), between.id_of(*actor)));
            named.collect::<Vec<_>>().join(", ")
        }
    }
}

/// Adds what a difference comes from, if that is known.
fn because(page: &mut Page, between: &Between<'_>, causes: &[Cause]) {
    if causes.is_empty() {
        return;
    }
    let named = causes.iter().take(MOST_NAMED);
    let mut named: Vec<String> = named.map(|cause| one_cause(between, cause)).collect();
    if causes.len() > MOST_NAMED {
        named.push(format!("and {} more", causes.len() - MOST_NAMED));
    }
    page.aside(CAUSES, &format!("because of {}", named.join("; ")));
}

fn one_cause(between: &Between<'_>, cause: &Cause) -> String {
    let entry = say::entries(&[cause.seq]);
    if let Some((what, date)) = &cause.happened {
        let what = what.replace('-', " ");
        let by = by(between, cause.seq);
        return format!("{what}{by}, {} ({entry})", say::dated(date));
    }
    let reading = between.readings(cause.seq).reading(cause.seq);
    let reason = match reading.map(|reading| &reading.record) {
        Some(Record::Correction(of)) => Some(of.reason.as_str()),
        Some(Record::Retraction(of)) => Some(of.reason.as_str()),
        _ => None,
    };
    let reason = reason.map(|reason| format!(": “{reason}”"));
    format!(
        "{} ({entry}){}",
        between.id_of(cause.seq),
        reason.unwrap_or_default()
    )
}

/// Returns who did it, where a record says so.
fn by(between: &Between<'_>, seq: u64) -> String {
    let readings = between.readings(seq);
    let actors = match readings.reading(seq).map(|reading| &reading.record) {
        Some(Record::Act(act)) => vec![act.by.0],
        Some(Record::Claim(claim)) => claim.by.iter().map(|actor| actor.0).collect(),
        Some(Record::Statement(of)) => of.speakers.iter().map(|actor| actor.0).collect(),
        _ => Vec::new(),
    };
    let known = actors
        .iter()
        .all(|actor| readings.get::<Actor>(*actor).is_some());
    if actors.is_empty() || !known {
        return String::new();
    }
    format!(" by {}", say::ids(readings, &actors))
}
