//! The answers of a register about one subject, in words, and the records that
//! they rest on.

use std::collections::BTreeSet;

use crate::record::Record;
use crate::worlds::Certainty;

use super::{Answer, Subject};
use crate::replay::answers::has_happened;
use crate::replay::claims::Claimed;
use crate::replay::context::Context;
use crate::replay::force::ForceItem;
use crate::replay::happening::{Field, Happening};
use crate::replay::instrument::InstrumentItem;
use crate::replay::register::Register;
use crate::replay::standing::StandingItem;
use crate::replay::witness::Fact;

/// What is told where the records cannot all be right.
const WITHHELD: &str = "withheld";

/// Returns every answer that holds or may hold.
pub(super) fn answers(context: &Context<'_>, register: &Register, subject: Subject) -> Vec<Answer> {
    match subject {
        Subject::Standing { instrument, actor } => standings(register, instrument, actor),
        Subject::Record(seq) => {
            let mut found = progress(register, seq);
            found.extend(lasting(register, seq));
            found.extend(took_place(context, seq));
            found
        }
    }
}

fn answer(word: &str, certainty: Certainty, fact: Fact) -> Answer {
    Answer {
        word: word.to_owned(),
        certainty,
        fact: Some(fact),
    }
}

/// Returns the answer where the records cannot all be right, if this is one.
fn withheld(certainty: Certainty) -> Option<Answer> {
    (certainty == Certainty::Contradictory).then(|| Answer {
        word: WITHHELD.to_owned(),
        certainty,
        fact: None,
    })
}

/// Returns how an actor stands to an instrument.
fn standings(register: &Register, instrument: u64, actor: u64) -> Vec<Answer> {
    let standings = item(register, instrument).map(|item| item.standings_of(actor));
    let told = |item: &StandingItem| match item.standing {
        Some(standing) => {
            let fact = Fact::Standing(instrument, actor, standing);
            Some(answer(standing.word(), item.certainty, fact))
        }
        None => withheld(item.certainty),
    };
    standings.into_iter().flatten().filter_map(told).collect()
}

fn item(register: &Register, instrument: u64) -> Option<&InstrumentItem> {
    register
        .instruments
        .iter()
        .find(|item| item.seq == instrument)
}

/// Returns how far something has come.
fn progress(register: &Register, seq: u64) -> Vec<Answer> {
    if let Some(item) = item(register, seq) {
        let statuses = item.statuses.iter();
        let statuses =
            statuses.map(|(status, how)| answer(status.word(), *how, Fact::Status(seq, *status)));
        return statuses.chain(withheld(item.certainty)).collect();
    }
    if let Some(item) = register.commitments.iter().find(|item| item.seq == seq) {
        let phases = item.phases.iter().map(|(phase, how)| {
            let word = match phase.ending() {
                Some(ending) => format!("{} ({})", phase.word(), ending.word()),
                None => phase.word().to_owned(),
            };
            answer(&word, *how, Fact::Phase(seq, *phase))
        });
        return phases.chain(withheld(item.certainty)).collect();
    }
    let event = register.events.iter().find(|item| item.seq == seq);
    event.map_or_else(Vec::new, |item| {
        let phases = item.phases.iter();
        let phases =
            phases.map(|(phase, how)| answer(phase.word(), *how, Fact::Event(seq, *phase)));
        phases.chain(withheld(item.certainty)).collect()
    })
}

/// Returns how certain it is that an office is held, an issue open, a statement made.
fn lasting(register: &Register, seq: u64) -> Option<Answer> {
    let offices = register.offices.iter();
    let offices = offices.map(|item| (item.seq, "held", item.certainty, Fact::Office(item.seq)));
    let issues = register.issues.iter();
    let issues = issues.map(|item| (item.seq, "open", item.certainty, Fact::Issue(item.seq)));
    let statements = register.statements.iter();
    let statements =
        statements.map(|item| (item.seq, "said", item.certainty, Fact::Statement(item.seq)));
    let mut all = offices.chain(issues).chain(statements);
    all.find(|(of, ..)| *of == seq)
        .map(|(_, word, certainty, fact)| answer(word, certainty, fact))
}

/// Returns how certain it is that something was done or claimed.
fn took_place(context: &Context<'_>, seq: u64) -> Option<Answer> {
    let reading = context.readings.reading(seq)?;
    let (field, word) = match &reading.record {
        Record::Act(_) | Record::Occurrence(_) | Record::Operation(_) => (Field::On, "done"),
        Record::Claim(_) => (Field::Said, "said"),
        _ => return None,
    };
    let date = field.date(&reading.record)?;
    let certainty = has_happened(context, &context.when(seq, field, date))?;
    let fact = Fact::Done(Happening { seq, field });
    reading
        .retracted_by()
        .is_none()
        .then(|| answer(word, certainty, fact))
}

/// Returns the records that the answers rest on, the foremost first.
pub(super) fn records(
    context: &Context<'_>,
    register: &Register,
    subject: Subject,
    force: Option<&ForceItem>,
) -> Vec<u64> {
    let mut seqs = Vec::new();
    match subject {
        Subject::Standing { instrument, actor } => {
            let item = item(register, instrument);
            let standings = item.map(|item| item.standings_of(actor));
            for act in standings.into_iter().flatten().flat_map(|item| &item.acts) {
                seqs.extend(&act.rests_on);
            }
            seqs.push(instrument);
            seqs.push(actor);
        }
        Subject::Record(seq) => {
            let reading = context.readings.reading(seq);
            seqs.extend(
                reading
                    .into_iter()
                    .flat_map(crate::replay::Reading::rests_on),
            );
            seqs.extend(of_item(register, seq));
        }
    }
    if let Some(force) = force {
        let recorded = force.recorded.iter().flat_map(|recorded| &recorded.seqs);
        seqs.extend(recorded);
        let derived = force
            .derived
            .iter()
            .flat_map(|derived| &derived.completed_by);
        seqs.extend(derived.map(|deposit| deposit.seq));
    }
    for seq in seqs.clone() {
        seqs.extend(stated_in(context, seq));
    }
    let mut seen = BTreeSet::new();
    seqs.retain(|seq| context.readings.reading(*seq).is_some() && seen.insert(*seq));
    seqs
}

/// Returns what an item of the register rests on, the claims of it among them.
fn of_item(register: &Register, seq: u64) -> Vec<u64> {
    let with_claims = |rests_on: &[u64], claimed: &Claimed| {
        let claims = claimed.claims.iter().flat_map(|claim| &claim.rests_on);
        rests_on.iter().chain(claims).copied().collect()
    };
    if let Some(item) = item(register, seq) {
        return with_claims(&item.rests_on, &item.claimed);
    }
    if let Some(item) = register.commitments.iter().find(|item| item.seq == seq) {
        return with_claims(&item.rests_on, &item.claimed);
    }
    if let Some(item) = register.events.iter().find(|item| item.seq == seq) {
        return with_claims(&item.rests_on, &item.claimed);
    }
    let statement = register.statements.iter().find(|item| item.seq == seq);
    statement.map_or_else(Vec::new, |item| with_claims(&item.rests_on, &item.claimed))
}

/// Returns the statement in which a record was made, if one is named.
fn stated_in(context: &Context<'_>, seq: u64) -> Option<u64> {
    match &context.readings.reading(seq)?.record {
        Record::Claim(claim) => claim.stated_in.map(|of| of.0),
        Record::Commitment(commitment) => commitment.stated_in.map(|of| of.0),
        _ => None,
    }
}
