//! Entry into force: the recorded day beside the rule's, and beside what must
//! come before it.

use std::collections::BTreeMap;

use crate::record::{Act, Instrument, Occurrence, OccurrenceKind};
use crate::window::Window;

use super::Code;
use super::desk::{Desk, before, put, surely_before};
use crate::replay::happening::Field;
use crate::replay::instrument::InstrumentItem;
use crate::replay::readings::Reading;
use crate::replay::standing::is_signature;

type Dated<'a> = Vec<(&'a Reading, &'a Occurrence)>;

pub(super) fn check(desk: &mut Desk<'_>) {
    let mut recorded: BTreeMap<u64, Dated<'_>> = BTreeMap::new();
    for (reading, occurrence) in desk.each::<Occurrence>() {
        if occurrence.kind == OccurrenceKind::EntryIntoForce {
            let of_instrument = recorded.entry(occurrence.instrument.0).or_default();
            of_instrument.push((reading, occurrence));
        }
    }
    let mut signatures: BTreeMap<u64, Vec<(&Reading, &Act)>> = BTreeMap::new();
    for (reading, act) in desk.each::<Act>() {
        if is_signature(act.kind) {
            let of_instrument = signatures.entry(act.instrument.0).or_default();
            of_instrument.push((reading, act));
        }
    }
    let register = desk.register;
    for item in register
        .instruments
        .iter()
        .filter(|item| item.unsupported.is_none())
    {
        beside_the_rule(desk, item);
        twice(desk, recorded.get(&item.seq).map_or(&[], Vec::as_slice));
        before_adoption(desk, item);
        before_signature(
            desk,
            item,
            signatures.get(&item.seq).map_or(&[], Vec::as_slice),
        );
    }
}

fn beside_the_rule(desk: &mut Desk<'_>, item: &InstrumentItem) {
    let force = &item.entry_into_force;
    let Some(recorded) = force.recorded.as_ref().filter(|_| item.has_rule) else {
        return;
    };
    let on = recorded.on.told();
    let mut seqs = vec![item.seq];
    seqs.extend(&recorded.seqs);
    let id = &item.id;
    match &force.derived {
        Some(derived) if derived.window.intersect(recorded.on.window).is_none() => {
            seqs.extend(derived.completed_by.iter().map(|deposit| deposit.seq));
            let message = format!(
                "{id} entered into force on {on} by the record, and on {} by its rule",
                derived.window
            );
            desk.tell(Code::ForceDiffersFromRule, &seqs, message);
        }
        None if force.undecided.is_none() => {
            if let Some(reason) = &force.reason {
                let message = format!(
                    "{id} entered into force on {on} by the record; by its rule it has not: \
                     {reason}"
                );
                desk.tell(Code::ForceWithoutConsents, &seqs, message);
            }
        }
        _ => {}
    }
}

fn twice(desk: &mut Desk<'_>, recorded: &[(&Reading, &Occurrence)]) {
    let Some(((first, one), others)) = recorded.split_first() else {
        return;
    };
    let window = desk.window(&one.on);
    for (reading, other) in others {
        if window.intersect(desk.window(&other.on)).is_none() {
            let message = format!(
                "{} entered into force on {} ({}) and on {} ({})",
                desk.id(one.instrument.0),
                put(&one.on),
                desk.id(first.seq),
                put(&other.on),
                desk.id(reading.seq)
            );
            let seqs = [first.seq, reading.seq];
            desk.tell(Code::ForceRecordedTwice, &seqs, message);
        }
    }
}

/// Returns the positions that the day of entry into force rests on, and how it is known.
fn rests_on(item: &InstrumentItem) -> (Vec<u64>, &'static str) {
    let force = &item.entry_into_force;
    match (&force.recorded, &force.derived) {
        (Some(recorded), _) => (recorded.seqs.clone(), "by the record"),
        (None, Some(derived)) => {
            let deposits = derived.completed_by.iter();
            (deposits.map(|deposit| deposit.seq).collect(), "by its rule")
        }
        (None, None) => (Vec::new(), ""),
    }
}

/// Returns the day that governs, unless no day can be told.
fn governing(item: &InstrumentItem) -> Option<Window> {
    let undecided = item.entry_into_force.undecided.is_some();
    item.in_force().filter(|_| !undecided)
}

fn before_adoption(desk: &mut Desk<'_>, item: &InstrumentItem) {
    let instrument = desk.context.get::<Instrument>(item.seq);
    let adopted = instrument.and_then(|(_, instrument)| instrument.adopted.as_ref());
    let Some((adopted, in_force)) = adopted.zip(governing(item)) else {
        return;
    };
    if let Some(certainty) = before(in_force, desk.at(item.seq, Field::Adopted, adopted)) {
        let (by, how) = rests_on(item);
        let message = format!(
            "{} is in force from {in_force} {how}, and was adopted on {}",
            item.id,
            put(adopted)
        );
        let seqs = [vec![item.seq], by].concat();
        desk.tell_as(certainty, Code::ForceBeforeAdoption, &seqs, message);
    }
}

fn before_signature(desk: &mut Desk<'_>, item: &InstrumentItem, signed: &[(&Reading, &Act)]) {
    let first = signed
        .iter()
        .min_by_key(|(reading, act)| (desk.window(&act.on).lo(), reading.seq));
    let Some(((reading, act), in_force)) = first.zip(governing(item)) else {
        return;
    };
    if surely_before(in_force, desk.at(reading.seq, Field::On, &act.on)) {
        let (by, how) = rests_on(item);
        let message = format!(
            "{} is in force from {in_force} {how}, and was first signed on {}, by {}",
            item.id,
            put(&act.on),
            desk.id(act.by.0)
        );
        let seqs = [vec![item.seq], by, vec![reading.seq]].concat();
        desk.tell(Code::ForceBeforeSignature, &seqs, message);
    }
}
