//! Acts beside their instrument and the acts that they are aimed at.

use crate::record::{Act, ActKind, Actor, Instrument, Reservations};

use super::Code;
use super::desk::{Desk, before, put, surely_before};
use crate::replay::happening::Field;
use crate::replay::readings::Reading;
use crate::replay::standing::is_signature;

pub(super) fn check(desk: &mut Desk<'_>) {
    for (reading, act) in desk.each::<Act>() {
        if let Some((_, instrument)) = desk.context.get::<Instrument>(act.instrument.0) {
            beside_instrument(desk, reading, act, instrument);
        }
        target(desk, reading, act);
        if act.kind == ActKind::Succession {
            succession(desk, reading, act);
        }
        effect(desk, reading, act);
    }
}

fn beside_instrument(desk: &mut Desk<'_>, reading: &Reading, act: &Act, instrument: &Instrument) {
    let on = desk.at(reading.seq, Field::On, &act.on);
    let seqs = [reading.seq, act.instrument.0];
    let (who, what) = (desk.id(act.by.0), act.kind.word());
    let told = format!("{who}'s {what} of {}", put(&act.on));
    let signs = is_signature(act.kind);
    if let Some(adopted) = instrument
        .adopted
        .as_ref()
        .filter(|_| signs || act.kind.is_consent())
        && let Some(certainty) = before(on, desk.at(act.instrument.0, Field::Adopted, adopted))
    {
        let (id, day) = (desk.id(act.instrument.0), put(adopted));
        let message = format!("{told} lies before the adoption of {id} on {day}");
        desk.tell_as(certainty, Code::ActBeforeAdoption, &seqs, message);
    }
    if let Some(opened) = instrument.opened.as_ref().filter(|_| signs)
        && let Some(certainty) = before(on, desk.at(act.instrument.0, Field::Opened, opened))
    {
        let (id, day) = (desk.id(act.instrument.0), put(opened));
        let message = format!("{told} lies before {id} was opened for signature on {day}");
        desk.tell_as(certainty, Code::SignatureBeforeOpening, &seqs, message);
    }
    if let Some(closes) = instrument.closes.as_ref().filter(|_| signs)
        && let Some(certainty) = before(desk.window(closes), on)
    {
        let (id, day) = (desk.id(act.instrument.0), put(closes));
        let message = format!("{told} lies after {day}, the last day for signing {id}");
        desk.tell_as(certainty, Code::SignatureAfterClosing, &seqs, message);
    }
    let prohibited = instrument.reservations == Some(Reservations::Prohibited);
    if prohibited && act.kind == ActKind::Reservation {
        let id = desk.id(act.instrument.0);
        let message = format!("{told} is to {id}, which prohibits reservations");
        desk.tell(Code::ReservationProhibited, &seqs, message);
    }
}

fn target(desk: &mut Desk<'_>, reading: &Reading, act: &Act) {
    let own = desk.id(reading.seq);
    let Some(aimed) = act.target.map(|target| target.0) else {
        if act.kind == ActKind::WithdrawalOfAct {
            let who = desk.id(act.by.0);
            let message = format!(
                "{own} of {} withdraws an act of {who}, and it is not said which",
                put(&act.on)
            );
            desk.tell(Code::WithdrawsNothing, &[reading.seq], message);
        }
        return;
    };
    let Some((_, other)) = desk.context.get::<Act>(aimed) else {
        return;
    };
    let seqs = [reading.seq, aimed];
    let same = desk.context.actor(act.by.0) == desk.context.actor(other.by.0);
    let (who, whose, id) = (desk.id(act.by.0), desk.id(other.by.0), desk.id(aimed));
    let (what, on, kind) = (act.kind.word(), put(&act.on), other.kind.word());
    if other.instrument != act.instrument {
        let (one, another) = (desk.id(act.instrument.0), desk.id(other.instrument.0));
        let message = format!(
            "{who}'s {what} of {on}, toward {one}, is aimed at {id}, an act toward {another}"
        );
        desk.tell(Code::TargetElsewhere, &seqs, message);
    }
    if act.kind == ActKind::WithdrawalOfAct && !same {
        let message = format!("on {on} {who} withdraws {id}, which is {whose}'s {kind}");
        desk.tell(Code::TargetOfAnother, &seqs, message);
    }
    if act.kind == ActKind::Objection {
        if same {
            let message = format!("on {on} {who} objects to {id}, its own {kind}");
            desk.tell(Code::ObjectionToOneself, &seqs, message);
        }
        if !matches!(other.kind, ActKind::Reservation | ActKind::Declaration) {
            let message = format!("on {on} {who} objects to {id}, which is {whose}'s {kind}");
            desk.tell(Code::ObjectionToNoReservation, &seqs, message);
        }
    }
}

fn succession(desk: &mut Desk<'_>, reading: &Reading, act: &Act) {
    let (who, on) = (desk.id(act.by.0), put(&act.on));
    let Some(succeeds) = act.succeeds else {
        let id = desk.id(act.instrument.0);
        let message = format!("{who} succeeds to {id} on {on}, and it is not said after whom");
        desk.tell(Code::SuccessionWithoutPredecessor, &[reading.seq], message);
        return;
    };
    let Some((_, before)) = desk.context.get::<Actor>(succeeds.0) else {
        return;
    };
    let gone = desk.ended(before.until.as_ref());
    if surely_before(desk.at(reading.seq, Field::On, &act.on), gone) {
        let whom = desk.id(succeeds.0);
        let still = match &before.until {
            Some(until) => format!("which existed until {}", put(until)),
            None => "of which no end is recorded".to_owned(),
        };
        let message = format!("{who} succeeds on {on} to what {whom} agreed to, {still}");
        let seqs = [reading.seq, succeeds.0];
        desk.tell(Code::PredecessorStillThere, &seqs, message);
    }
}

fn effect(desk: &mut Desk<'_>, reading: &Reading, act: &Act) {
    let Some(effective) = act
        .effective
        .as_ref()
        .filter(|_| act.kind != ActKind::Succession)
    else {
        return;
    };
    if surely_before(desk.window(effective), desk.window(&act.on)) {
        let (who, what) = (desk.id(act.by.0), act.kind.word());
        let (on, from) = (put(&act.on), put(effective));
        let message = format!("{who}'s {what} of {on} has effect from {from}, before it was done");
        desk.tell(Code::EffectBeforeAct, &[reading.seq], message);
    }
}
