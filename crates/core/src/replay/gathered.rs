//! Gathered: what was done toward each instrument, and what happened to it.
//!
//! The acts come by actor, merged actors as one; acts that have lost what they
//! rest on are kept apart, since they move nothing, and so are acceptances of a
//! reservation, which are no consent to be bound.

use std::collections::BTreeMap;

use crate::record::{Act, ActKind, Instrument, Occurrence};

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
    /// Acceptances of another's reservation.
    pub(super) acceptances: Vec<(&'a Reading, &'a Act)>,
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
        let (counting, unsupported): (Vec<_>, Vec<_>) =
            acts.into_iter().partition(|(act, _)| act.counts());
        let (acceptances, counting) = counting
            .into_iter()
            .partition(|(_, act)| accepts_a_reservation(context, act));
        let gathered = Gathered {
            reading,
            instrument,
            dealings: by_actor(context, counting),
            occurrences: occurrences.remove(&reading.seq).unwrap_or_default(),
            acceptances,
            unsupported,
        };
        (reading.seq, gathered)
    };
    context.readings.each::<Instrument>().map(of_seq).collect()
}

/// Returns whether an act accepts a reservation; it is then no consent to be bound.
fn accepts_a_reservation(context: &Context<'_>, act: &Act) -> bool {
    let target = act.target.filter(|_| act.kind == ActKind::Acceptance);
    let target = target.and_then(|target| context.get::<Act>(target.0));
    target.is_some_and(|(_, target)| {
        matches!(target.kind, ActKind::Reservation | ActKind::Declaration)
    })
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
