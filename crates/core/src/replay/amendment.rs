//! Amendments: which text governs between which parties.
//!
//! Whoever is a party to a treaty and to what amends it is bound by the treaty
//! as amended, toward all others who are; between everybody else, and toward
//! them, the treaty governs as it was before (VCLT 30 (4), 40 (4)). Whoever
//! becomes a party to the treaty after the amendment has entered into force is
//! a party to the treaty as amended (40 (5)), unless it has told by an act of
//! non-intention toward the amendment that it means otherwise.

use std::collections::BTreeMap;

use crate::record::{Act, ActKind, Instrument};
use crate::window::Window;
use crate::worlds::Certainty;

use super::answers::{both, happened, has_happened};
use super::context::Context;
use super::happening::Field;
use super::instrument::{InstrumentItem, Status};

/// An amendment in force, and whom it binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmendmentItem {
    /// The position of the instrument that amends.
    pub seq: u64,
    /// How certain it is that it is in force.
    pub certainty: Certainty,
    /// The parties between which the treaty as amended governs.
    pub bound: Vec<BoundItem>,
    /// The parties between which, and toward which, it governs as it was.
    pub not_bound: Vec<(u64, Certainty)>,
}

/// A party bound by an amendment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoundItem {
    /// Who.
    pub actor: u64,
    /// How certain that is.
    pub certainty: Certainty,
    /// Whether it is bound without a consent of its own to the amendment, since
    /// it became a party to the treaty later.
    pub joined_later: bool,
}

/// Fills in what amends each of these instruments.
pub(super) fn amend(context: &Context<'_>, items: &mut [InstrumentItem]) {
    let mut amended: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for (reading, instrument) in context.counting::<Instrument>() {
        for of in instrument.amends.iter().flatten() {
            amended.entry(of.0).or_default().push(reading.seq);
        }
    }
    if amended.is_empty() {
        return;
    }
    let unwilling = unwilling(context);
    let place = |items: &[InstrumentItem], seq| items.binary_search_by_key(&seq, |item| item.seq);
    for (of, by) in amended {
        let Ok(original) = place(items, of) else {
            continue;
        };
        let amendments = by.into_iter().filter_map(|seq| {
            let amendment = &items[place(items, seq).ok()?];
            let apart = |actor: u64| unwilling.get(&(seq, actor)).copied();
            amendment_of(context, &items[original], amendment, &apart)
        });
        let amendments: Vec<AmendmentItem> = amendments.collect();
        for amendment in &amendments {
            if let Ok(place) = place(items, amendment.seq) {
                items[place].joined.extend(joined(amendment));
            }
        }
        items[original].amended_by = amendments;
    }
}

/// Returns whom an amendment binds that did not consent to it.
fn joined(amendment: &AmendmentItem) -> impl Iterator<Item = (u64, Certainty)> {
    let joined = amendment.bound.iter().filter(|bound| bound.joined_later);
    joined.map(|bound| (bound.actor, bound.certainty))
}

/// Returns who has told that it does not intend to be bound by which instrument.
fn unwilling(context: &Context<'_>) -> BTreeMap<(u64, u64), Certainty> {
    let acts = context.counting::<Act>();
    let acts = acts.filter(|(_, act)| act.kind == ActKind::NonIntention);
    let told = acts.filter_map(|(reading, act)| {
        let on = context.when(reading.seq, Field::On, &act.on);
        let who = (act.instrument.0, context.actor(act.by.0));
        Some((who, has_happened(context, &on)?))
    });
    let mut unwilling = BTreeMap::new();
    for (who, certainty) in told {
        let known = unwilling.entry(who).or_insert(certainty);
        *known = certainty.min(*known);
    }
    unwilling
}

fn amendment_of(
    context: &Context<'_>,
    original: &InstrumentItem,
    amendment: &InstrumentItem,
    apart: &dyn Fn(u64) -> Option<Certainty>,
) -> Option<AmendmentItem> {
    let in_force = in_force(context, amendment)?;
    let (mut bound, mut not_bound) = (Vec::new(), Vec::new());
    for &(actor, party) in &original.parties {
        let mut consenting = amendment.parties.iter();
        let consented = consenting
            .find(|(other, _)| *other == actor)
            .map(|(_, certainty)| *certainty);
        let joined = match apart(actor) {
            Some(Certainty::Certain) => None,
            Some(Certainty::Possible | Certainty::Contradictory) => Some(Certainty::Possible),
            None => Some(in_force),
        };
        let joined = joined
            .zip(joined_later(original, amendment, actor))
            .map(|(willing, joined)| both(both(joined, in_force), willing));
        // What is certain comes before what is possible.
        let most = consented.into_iter().chain(joined).min();
        if let Some(certainty) = most {
            bound.push(BoundItem {
                actor,
                certainty: both(certainty, party),
                joined_later: consented.is_none(),
            });
        }
        if most != Some(Certainty::Certain) {
            let certainty = most.map_or(party, |_| Certainty::Possible);
            not_bound.push((actor, certainty));
        }
    }
    Some(AmendmentItem {
        seq: amendment.seq,
        certainty: in_force,
        bound,
        not_bound,
    })
}

/// Returns how certain it is that an amendment is in force on the days asked about.
fn in_force(context: &Context<'_>, amendment: &InstrumentItem) -> Option<Certainty> {
    happened(amendment.in_force()?, context.question.on)?;
    let in_force = |status: &Status| matches!(status, Status::InForce | Status::Suspended);
    let mut statuses = amendment.statuses.iter();
    let some = statuses.clone().filter(|(status, _)| in_force(status));
    let certainties = some.map(|(_, certainty)| *certainty).min()?;
    // In force or suspended, one or the other, is certain if nothing else is possible.
    if statuses.all(|(status, _)| in_force(status)) {
        return Some(Certainty::Certain);
    }
    Some(certainties)
}

/// Returns how certain it is that an actor became a party to the original only
/// after the amendment had entered into force.
fn joined_later(
    original: &InstrumentItem,
    amendment: &InstrumentItem,
    actor: u64,
) -> Option<Certainty> {
    let since: Window = *original.party_since.get(&actor)?;
    let in_force = amendment.in_force()?;
    if since.lo() > in_force.hi() {
        Some(Certainty::Certain)
    } else if since.hi() > in_force.lo() {
        Some(Certainty::Possible)
    } else {
        None
    }
}
