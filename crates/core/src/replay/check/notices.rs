//! Events and their days, what is past without a word, and what has lost its support.

use crate::record::Event;
use crate::worlds::Certainty;

use super::Code;
use super::desk::{Desk, put, surely_before};
use crate::replay::event::EventPhase;
use crate::replay::readings::{Dependence, Reading};

pub(super) fn check(desk: &mut Desk<'_>) {
    for (reading, event) in desk.each::<Event>() {
        days_of(desk, reading, event);
    }
    overdue(desk);
    no_record(desk);
    let context = desk.context;
    for reading in context.readings.all() {
        if reading.retracted_by().is_none() {
            state(desk, reading);
        }
    }
}

fn days_of(desk: &mut Desk<'_>, reading: &Reading, event: &Event) {
    let Some(held) = &event.held else { return };
    let (begun, last) = held.lasted(desk.context.question.credibility);
    let id = desk.id(reading.seq);
    if let Some(announced) = &event.announced
        && surely_before(begun, desk.window(announced))
    {
        let message = format!(
            "{id} was held on {}, announced on {}",
            put(held),
            put(announced)
        );
        desk.tell(Code::HeldBeforeAnnounced, &[reading.seq], message);
    }
    if let Some(called_off) = &event.called_off
        && surely_before(last, desk.window(called_off))
    {
        let day = put(called_off);
        let message = format!(
            "{id} was held on {}, and called off only on {day}",
            put(held)
        );
        desk.tell(Code::CalledOffAfterHeld, &[reading.seq], message);
    }
}

fn overdue(desk: &mut Desk<'_>) {
    let register = desk.register;
    for item in &register.commitments {
        let Some((certainty, due)) = item.overdue.zip(item.due.as_ref()) else {
            continue;
        };
        let due = due.told();
        let debtors: Vec<u64> = item
            .debtors
            .actors
            .iter()
            .map(|(actor, _)| *actor)
            .collect();
        let message = format!(
            "{} was due {due} from {}, and nobody claims that it was fulfilled",
            item.id,
            desk.ids(&debtors)
        );
        desk.tell_as(certainty, Code::Overdue, &[item.seq], message);
    }
}

fn no_record(desk: &mut Desk<'_>) {
    let register = desk.register;
    for item in &register.events {
        let Some(planned) = &item.planned_for else {
            continue;
        };
        if (item.phase, item.certainty) == (Some(EventPhase::NoRecord), Certainty::Certain) {
            let day = planned.told();
            let message = format!(
                "{} was planned for {day}; nothing says what became of it",
                item.id
            );
            desk.tell(Code::NoRecordOfEvent, &[item.seq], message);
        }
    }
}

fn state(desk: &mut Desk<'_>, reading: &Reading) {
    let (seq, id) = (reading.seq, desk.id(reading.seq));
    if let Some(why) = reading.unsupported() {
        let gone = desk.id(why.on);
        let what = match why.through {
            Dependence::Required => "names",
            Dependence::Evidence => "rests only on",
        };
        let message = format!("{id} {what} {gone}, which is retracted or unsupported itself");
        desk.tell(Code::Unsupported, &[seq, why.on], message);
    }
    for attested in reading
        .attested_by()
        .iter()
        .filter(|by| !by.lapsed.is_empty())
    {
        let kind = reading.record.kind();
        let names = attested
            .lapsed
            .iter()
            .filter_map(|number| kind.field(*number));
        let names: Vec<&str> = names.map(|spec| spec.name).collect();
        let message = format!(
            "{} of {id} has lapsed for {}, changed since",
            desk.id(attested.seq),
            names.join(", ")
        );
        desk.tell(Code::AttestationLapsed, &[seq, attested.seq], message);
    }
}
