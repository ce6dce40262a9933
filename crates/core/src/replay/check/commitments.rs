//! Commitments: their days, and what was done to them.

use std::collections::BTreeMap;

use crate::record::{Commitment, Issue, Office, Operation, OperationKind, Parties};
use crate::window::Window;

use super::Code;
use super::actors::reversed;
use super::desk::{Desk, put, surely_before};
use crate::replay::happening::Field;
use crate::replay::readings::Reading;

type Done<'a> = Vec<(&'a Reading, &'a Operation)>;

pub(super) fn check(desk: &mut Desk<'_>) {
    let mut operations: BTreeMap<u64, Done<'_>> = BTreeMap::new();
    for (reading, operation) in desk.each::<Operation>() {
        let of_commitment = operations.entry(operation.commitment.0).or_default();
        of_commitment.push((reading, operation));
    }
    for (reading, commitment) in desk.each::<Commitment>() {
        let days = (commitment.from.as_ref(), commitment.until.as_ref());
        reversed(desk, reading.seq, "", days);
        days_of(desk, reading, commitment);
        let of_all = [Some(&commitment.debtors), commitment.creditors.as_ref()];
        let of_all = of_all.contains(&Some(&Parties::OfInstrument));
        if of_all && commitment.under.is_none() {
            let id = desk.id(reading.seq);
            let message = format!("{id} speaks of all parties, and is under no instrument");
            desk.tell(Code::PartiesOfNothing, &[reading.seq], message);
        }
        if let Some(done) = operations.get(&reading.seq) {
            after_the_end(desk, reading, commitment, done);
        }
    }
    for (reading, office) in desk.each::<Office>() {
        reversed(
            desk,
            reading.seq,
            "",
            (office.from.as_ref(), office.until.as_ref()),
        );
    }
    for (reading, issue) in desk.each::<Issue>() {
        reversed(
            desk,
            reading.seq,
            "",
            (issue.opened.as_ref(), issue.closed.as_ref()),
        );
    }
}

fn days_of(desk: &mut Desk<'_>, reading: &Reading, commitment: &Commitment) {
    let made = desk.at(reading.seq, Field::Made, &commitment.made);
    let id = desk.id(reading.seq);
    let of = [
        (Code::DueBeforeMade, &commitment.due, "is due on"),
        (Code::OverBeforeMade, &commitment.until, "is owed until"),
    ];
    for (code, date, what) in of {
        if let Some(date) = date
            .as_ref()
            .filter(|date| surely_before(desk.window(date), made))
        {
            let day = put(date);
            let message = format!(
                "{id} {what} {day}, and was made on {}",
                put(&commitment.made)
            );
            desk.tell(code, &[reading.seq], message);
        }
    }
}

/// What ended a commitment: on which days, told how, by which record.
struct End {
    on: Window,
    told: String,
    by: u64,
}

fn after_the_end(desk: &mut Desk<'_>, reading: &Reading, commitment: &Commitment, done: &Done<'_>) {
    let is_end = |kind| {
        matches!(
            kind,
            OperationKind::Release | OperationKind::Cancel | OperationKind::Supersede
        )
    };
    let mut ends: Vec<End> = Vec::new();
    ends.extend(commitment.until.as_ref().map(|until| End {
        on: desk.window(until),
        told: format!("expired with {}", put(until)),
        by: reading.seq,
    }));
    let endings = done.iter().filter(|(_, operation)| is_end(operation.kind));
    ends.extend(endings.map(|(reading, operation)| End {
        on: desk.window(&operation.on),
        told: format!(
            "ended by {} on {}",
            desk.id(reading.seq),
            put(&operation.on)
        ),
        by: reading.seq,
    }));
    ends.sort_by_key(|end| (end.on.hi(), end.by));
    for (by, operation) in done {
        let on = desk.at(by.seq, Field::On, &operation.on);
        let ended = ends
            .iter()
            .find(|end| end.by != by.seq && surely_before(end.on, on));
        if let Some(end) = ended {
            let message = format!(
                "{} of {} on {}: it had {} already",
                operation.kind.word(),
                desk.id(reading.seq),
                put(&operation.on),
                end.told
            );
            desk.tell(
                Code::OperationAfterEnd,
                &[by.seq, reading.seq, end.by],
                message,
            );
        }
    }
}
