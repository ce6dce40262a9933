//! Gathered: what was done toward each instrument, and what happened to it.
//!
//! The acts come by actor, merged actors as one; acts that have lost what they
//! rest on are kept apart, since they move nothing.

use std::collections::BTreeMap;

use crate::record::{Act, Instrument, Occurrence};

use super::context::Context;
use super::dealings::Dealings;
use super::readings::Reading;

/// All that happened to one instrument.
pub(super) struct Gathered<'a> {
    pub(super) reading: &'a Reading,
    pub(super) instrument: &'a Instrument,
    /// What each actor did, in order of the actors' positions.
    pub(super) dealings: Vec<Dealings<'a>>,
    pub(super) occurrences: Vec<(&'a Reading, &'a Occurrence)>,
    /// Acts that have lost what they rest on.
    pub(super) unsupported: Vec<(&'a Reading, &'a Act)>,
}

/// Records by the instrument that they are about.
type ByInstrument<'a, T> = BTreeMap<u64, Vec<(&'a Reading, &'a T)>>;

/// Returns what happened to each instrument, by its position.
pub(super) fn gather<'a>(context: &Context<'a>) -> BTreeMap<u64, Gathered<'a>> {
    let mut acts: ByInstrument<'_, Act> = BTreeMap::new();
    for (reading, act) in context.readings.each::<Act>() {
        let of_instrument = acts.entry(act.instrument.0).or_default();
        of_instrument.push((reading, act));
    }
    let mut occurrences: ByInstrument<'_, Occurrence> = BTreeMap::new();
    for (reading, occurrence) in context.counting::<Occurrence>() {
        let of_instrument = occurrences.entry(occurrence.instrument.0).or_default();
        of_instrument.push((reading, occurrence));
    }
    let of_seq = |(reading, instrument): (&'a Reading, &'a Instrument)| {
        let acts = acts.remove(&reading.seq).unwrap_or_default();
        let (counting, unsupported) = acts.into_iter().partition(|(act, _)| act.counts());
        let gathered = Gathered {
            reading,
            instrument,
            dealings: by_actor(context, counting),
            occurrences: occurrences.remove(&reading.seq).unwrap_or_default(),
            unsupported,
        };
        (reading.seq, gathered)
    };
    context.readings.each::<Instrument>().map(of_seq).collect()
}

fn by_actor<'a>(context: &Context<'_>, acts: Vec<(&'a Reading, &'a Act)>) -> Vec<Dealings<'a>> {
    let mut by_actor: BTreeMap<u64, Vec<_>> = BTreeMap::new();
    for (reading, act) in acts {
        let of_actor = by_actor.entry(context.actor(act.by.0)).or_default();
        of_actor.push((reading, act));
    }
    by_actor
        .into_iter()
        .map(|(actor, acts)| Dealings::new(context, actor, acts.into_iter()))
        .collect()
}
