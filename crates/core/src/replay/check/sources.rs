//! Sources: when they were published beside what they report, and what they
//! were made from.

use std::collections::{BTreeMap, BTreeSet};

use crate::date::Date;
use crate::record::{Claim, Evidence, Source, Statement};
use crate::window::Window;

use super::Code;
use super::circles::circles;
use super::desk::{Desk, put};
use crate::replay::readings::Reading;

pub(super) fn check(desk: &mut Desk<'_>) {
    for (reading, statement) in desk.each::<Statement>() {
        reported(desk, reading, &statement.said);
    }
    for (reading, claim) in desk.each::<Claim>() {
        reported(desk, reading, &claim.said);
    }
    for (reading, source) in desk.each::<Source>() {
        origin(desk, reading, source);
    }
    let mut next = BTreeMap::new();
    for (reading, source) in desk.each::<Source>() {
        let from = source.derived_from.iter().flatten();
        next.insert(reading.seq, from.map(|from| from.0).collect());
    }
    for circle in circles(&next) {
        let message = match circle.as_slice() {
            [only] => format!("{} is said to be made from itself", desk.id(*only)),
            _ => format!("{} are said to be made from one another", desk.ids(&circle)),
        };
        desk.tell(Code::SourcesInACircle, &circle, message);
    }
    let context = desk.context;
    for reading in context
        .readings
        .all()
        .iter()
        .filter(|reading| reading.counts())
    {
        derived(desk, reading);
    }
}

/// Returns whether one day lies more than a day before the other: less may be
/// no more than the clocks of two places.
fn well_before(one: Window, other: Window) -> bool {
    one.latest()
        .is_some_and(|latest| latest.plus_days(1) < other.lo())
}

fn reported(desk: &mut Desk<'_>, reading: &Reading, said: &Date) {
    let evidence = reading.record.evidence();
    let window = desk.window(said);
    let published = |piece: &Evidence| {
        let (_, source) = desk.context.get::<Source>(piece.source.0)?;
        let published = source.published.as_ref()?;
        let early = well_before(desk.window(published), window);
        early.then(|| (piece.source.0, put(published)))
    };
    let early: Option<Vec<(u64, String)>> = evidence.iter().map(published).collect();
    let Some(early) = early.filter(|early| !early.is_empty()) else {
        return;
    };
    let each: BTreeSet<(u64, String)> = early.into_iter().collect();
    let told = each
        .iter()
        .map(|(seq, day)| format!("{}, published {day}", desk.id(*seq)));
    let message = format!(
        "{} was said on {} and rests on {}",
        desk.id(reading.seq),
        put(said),
        told.collect::<Vec<_>>().join("; ")
    );
    let seqs: Vec<u64> = std::iter::once(reading.seq)
        .chain(each.iter().map(|(seq, _)| *seq))
        .collect();
    desk.tell(Code::ReportedBeforeSaid, &seqs, message);
}

fn origin(desk: &mut Desk<'_>, reading: &Reading, source: &Source) {
    for from in source.derived_from.iter().flatten() {
        let Some((_, first)) = desk.context.get::<Source>(from.0) else {
            continue;
        };
        let (Some(one), Some(other)) = (&source.published, &first.published) else {
            continue;
        };
        if well_before(desk.window(one), desk.window(other)) {
            let message = format!(
                "{}, published {}, is made from {}, published {}",
                desk.id(reading.seq),
                put(one),
                desk.id(from.0),
                put(other)
            );
            desk.tell(Code::SourceBeforeItsOrigin, &[reading.seq, from.0], message);
        }
    }
}

/// Tells it if a record rests on a source of which the original is held, and
/// does not rest on that too.
fn derived(desk: &mut Desk<'_>, reading: &Reading) {
    let own: BTreeSet<u64> = reading
        .record
        .evidence()
        .iter()
        .map(|piece| piece.source.0)
        .collect();
    for &seq in &own {
        let origins = held_origins(desk, seq);
        if origins.is_empty() || origins.iter().any(|origin| own.contains(origin)) {
            continue;
        }
        let message = format!(
            "{} rests on {}, which is made from {}, and that is held",
            desk.id(reading.seq),
            desk.id(seq),
            desk.ids(&origins)
        );
        let seqs = [vec![reading.seq, seq], origins].concat();
        desk.tell(Code::DerivedSource, &seqs, message);
    }
}

/// Returns the sources that one was made from, near or far, whose files are held.
fn held_origins(desk: &Desk<'_>, seq: u64) -> Vec<u64> {
    let mut seen = BTreeSet::from([seq]);
    let (mut queue, mut held) = (vec![seq], Vec::new());
    while let Some(at) = queue.pop() {
        let source = desk.context.get::<Source>(at);
        let from = source.and_then(|(_, source)| source.derived_from.as_ref());
        for origin in from.into_iter().flatten() {
            if !seen.insert(origin.0) {
                continue;
            }
            queue.push(origin.0);
            let source = desk.context.get::<Source>(origin.0);
            if source.is_some_and(|(_, source)| source.file.is_some()) {
                held.push(origin.0);
            }
        }
    }
    held.sort_unstable();
    held
}
