//! The filter: taking away from a register what was not asked for.
//!
//! Everything has been folded by then, so what is left is what it was.

use crate::worlds::Certainty;

use super::context::Context;
use super::register::{Filter, Register};
use super::side::Side;

pub(super) fn apply(register: &mut Register, filter: &Filter, context: &Context<'_>) {
    if let Some(actor) = filter.actor {
        of_actor(register, context, context.actor(actor));
    }
    if !filter.instruments.is_empty() {
        of_instruments(register, context, &filter.instruments);
    }
    if let Some(tag) = &filter.tag {
        tagged(register, context, tag);
    }
    if let Some(certainty) = filter.certainty {
        as_certain(register, certainty);
    }
}

fn of_actor(register: &mut Register, context: &Context<'_>, actor: u64) {
    let is = |seq: &u64| context.actor(*seq) == actor;
    let on_side = |side: &Side| side.actors.iter().any(|(member, _)| is(member));
    for instrument in &mut register.instruments {
        instrument
            .standings
            .retain(|standing| standing.actor == actor);
        instrument.unsupported_acts.retain(|act| is(&act.by));
        instrument
            .reservations
            .retain(|item| item.concerns(Some(actor)));
    }
    register
        .instruments
        .retain(|item| !item.standings.is_empty() || !item.unsupported_acts.is_empty());
    register
        .commitments
        .retain(|item| on_side(&item.debtors) || on_side(&item.creditors));
    register
        .offices
        .retain(|item| is(&item.person) || is(&item.of));
    register.issues.retain(|item| item.actors.iter().any(is));
    register
        .events
        .retain(|item| item.participants.iter().any(|(who, _)| is(who)));
    register.statements.retain(|item| {
        let spoken = item.speakers.iter().chain(&item.on_behalf_of);
        spoken.chain(&item.to).chain(&item.via).any(is)
    });
}

fn of_instruments(register: &mut Register, context: &Context<'_>, instruments: &[u64]) {
    let is = |seq: u64| instruments.contains(&seq);
    register.instruments.retain(|item| is(item.seq));
    register
        .commitments
        .retain(|item| item.under.is_some_and(is));
    register.offices.clear();
    register.events.clear();
    register
        .issues
        .retain(|item| item.about.iter().any(|seq| is(*seq)));
    register.statements.retain(|item| {
        let statement = context.readings.get::<crate::record::Statement>(item.seq);
        statement.is_some_and(|(_, statement)| statement.about.iter().flatten().any(|of| is(of.0)))
    });
}

fn tagged(register: &mut Register, context: &Context<'_>, tag: &str) {
    let has = |seq: u64| {
        let reading = context.readings.reading(seq);
        reading.is_some_and(|reading| reading.record.tags().iter().any(|known| known == tag))
    };
    register.instruments.retain(|item| has(item.seq));
    register.commitments.retain(|item| has(item.seq));
    register.offices.retain(|item| has(item.seq));
    register.issues.retain(|item| has(item.seq));
    register.events.retain(|item| has(item.seq));
    register.statements.retain(|item| has(item.seq));
}

fn as_certain(register: &mut Register, certainty: Certainty) {
    for instrument in &mut register.instruments {
        instrument
            .standings
            .retain(|standing| standing.certainty == certainty);
        instrument
            .reservations
            .retain(|item| item.certainty == certainty);
    }
    register
        .instruments
        .retain(|item| item.certainty == certainty || !item.standings.is_empty());
    register
        .commitments
        .retain(|item| item.certainty == certainty);
    register.offices.retain(|item| item.certainty == certainty);
    register.issues.retain(|item| item.certainty == certainty);
    register.events.retain(|item| item.certainty == certainty);
    register
        .statements
        .retain(|item| item.certainty == certainty);
}
