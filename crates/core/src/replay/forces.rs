//! Forces: the entry into force of every instrument, those first on whose
//! parties the rules of others depend.
//!
//! A rule with `eligible` looks at who is a party to another instrument, and
//! that one's rule may look at a third. Where that leads back in a circle none
//! of them has a beginning: no day follows for any instrument on it.

use std::collections::BTreeMap;

use crate::day::Day;
use crate::record::{Instrument, OccurrenceKind};
use crate::window::Window;

use super::context::Context;
use super::derive::{Eligibility, Spell};
use super::force::Force;
use super::gathered::Gathered;
use super::happening::Field;

/// Returns the entry into force of each instrument, by its position.
pub(super) fn forces(
    context: &Context<'_>,
    gathered: &BTreeMap<u64, Gathered<'_>>,
) -> BTreeMap<u64, Force> {
    let mut forces = BTreeMap::new();
    for &seq in gathered.keys() {
        let (path, circle) = path(seq, gathered, &forces);
        // The last one on the path depends on none that is still open.
        for (place, &at) in path.iter().enumerate().rev() {
            let Some(of) = gathered.get(&at) else {
                continue;
            };
            let eligibility = match circle {
                Some(first) if place >= first => in_circle(context, &path[first..], at),
                _ => eligibility(context, of.instrument, gathered, &forces),
            };
            forces.insert(at, force(context, of, &eligibility));
        }
    }
    forces
}

/// Returns the instruments from this one on, each naming the next as that to
/// whose parties it looks, up to one that is done already; and the place in
/// that path at which a circle begins, if it ends in one.
fn path(
    seq: u64,
    gathered: &BTreeMap<u64, Gathered<'_>>,
    done: &BTreeMap<u64, Force>,
) -> (Vec<u64>, Option<usize>) {
    let (mut path, mut places) = (Vec::new(), BTreeMap::new());
    let mut next = Some(seq);
    while let Some(at) = next.filter(|at| !done.contains_key(at)) {
        if let Some(first) = places.insert(at, path.len()) {
            return (path, Some(first));
        }
        path.push(at);
        next = gathered.get(&at).and_then(|of| looks_to(of.instrument));
    }
    (path, None)
}

fn looks_to(instrument: &Instrument) -> Option<u64> {
    let rule = instrument.entry_into_force.as_ref()?;
    Some(rule.eligible.as_ref()?.0.0)
}

fn in_circle(context: &Context<'_>, circle: &[u64], at: u64) -> Eligibility {
    let turned = circle.iter().position(|one| *one == at).unwrap_or(0);
    let (before, from_here) = circle.split_at(turned);
    let ids = from_here.iter().chain(before).chain([&at]).skip(1);
    let ids: Vec<String> = ids
        .map(|seq| format!("`{}`", context.readings.id_of(*seq)))
        .collect();
    Eligibility::Unknown(format!(
        "the rule counts only parties to {}: a circle",
        ids.join(", that one's only parties to ")
    ))
}

fn eligibility(
    context: &Context<'_>,
    instrument: &Instrument,
    gathered: &BTreeMap<u64, Gathered<'_>>,
    forces: &BTreeMap<u64, Force>,
) -> Eligibility {
    let Some(seq) = looks_to(instrument) else {
        return Eligibility::Everyone;
    };
    let found = gathered.get(&seq).filter(|of| of.reading.counts());
    match found.zip(forces.get(&seq)) {
        Some((of, force)) => Eligibility::Parties(spells(context, of, force)),
        None => Eligibility::Unknown(format!(
            "the rule counts only parties to `{}`, which does not stand",
            context.readings.id_of(seq)
        )),
    }
}

fn force(context: &Context<'_>, of: &Gathered<'_>, eligibility: &Eligibility) -> Force {
    let dealings = of.dealings.iter();
    let given: Vec<_> = dealings
        .flat_map(|dealings| dealings.consents(context, of.instrument))
        .collect();
    Force::of(context, of.instrument, &of.occurrences, &given, eligibility)
}

/// Returns when each actor was a party to an instrument.
fn spells(context: &Context<'_>, of: &Gathered<'_>, force: &Force) -> BTreeMap<u64, Vec<Spell>> {
    let over = of.occurrences.iter().filter(|(_, occurrence)| {
        let kind = occurrence.kind;
        matches!(
            kind,
            OccurrenceKind::Termination | OccurrenceKind::Invalidity
        )
    });
    let over = over.map(|(reading, each)| context.window(reading.seq, Field::On, &each.on));
    let over = over.reduce(Window::earlier);
    let mut spells: BTreeMap<u64, Vec<Spell>> = BTreeMap::new();
    for dealings in &of.dealings {
        for given in dealings.consents(context, of.instrument) {
            let from = force.party_from(given.on, given.effective);
            let Some(from) = from.filter(|from| given.kind.is_consent() && from.lo() != Day::MAX)
            else {
                continue;
            };
            let until = given.until.into_iter().chain(over).reduce(Window::earlier);
            spells
                .entry(dealings.actor)
                .or_default()
                .push(Spell { from, until });
        }
    }
    spells
}
