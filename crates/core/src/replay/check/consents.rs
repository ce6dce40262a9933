//! Consents and notices of one actor toward one instrument, in their order.

use std::collections::BTreeMap;

use crate::record::{Act, ActKind, Instrument, NotBefore};
use crate::rule::falls_due;
use crate::window::Window;

use super::Code;
use super::desk::{Desk, before, put, surely_before};
use crate::replay::force::delay;
use crate::replay::happening::Field;
use crate::replay::instrument::InstrumentItem;
use crate::replay::readings::Reading;
use crate::replay::standing::is_signature;

type Acts<'a> = Vec<(&'a Reading, &'a Act)>;

pub(super) fn check(desk: &mut Desk<'_>) {
    let mut dealings: BTreeMap<(u64, u64), Acts<'_>> = BTreeMap::new();
    for (reading, act) in desk.each::<Act>() {
        let key = (act.instrument.0, desk.context.actor(act.by.0));
        dealings.entry(key).or_default().push((reading, act));
    }
    for ((instrument, _), acts) in dealings {
        signed_after(desk, &acts);
        repeated(desk, &acts);
        for (reading, act) in acts.iter().filter(|(_, act)| is_notice(act.kind)) {
            without_consent(desk, reading, act, &acts);
            too_early(desk, reading, act, instrument);
            revoked_late(desk, reading, act, &acts);
        }
    }
}

const fn is_notice(kind: ActKind) -> bool {
    matches!(kind, ActKind::Denunciation | ActKind::Withdrawal)
}

/// Returns whether an act gives an actor something that it can leave.
const fn binds(kind: ActKind) -> bool {
    kind.is_consent()
        || matches!(
            kind,
            ActKind::Concurrence | ActKind::Endorsement | ActKind::ProvisionalApplication
        )
}

fn signed_after(desk: &mut Desk<'_>, acts: &Acts<'_>) {
    let signatures = acts
        .iter()
        .filter(|(_, act)| is_signature(act.kind) && !act.kind.is_consent());
    for (reading, signature) in signatures {
        let on = desk.at(reading.seq, Field::On, &signature.on);
        let earlier = acts
            .iter()
            .find(|(_, act)| act.kind.is_consent() && surely_before(desk.window(&act.on), on));
        if let Some((consent, act)) = earlier {
            let message = format!(
                "{} signed {} on {}, after its {} of {}",
                desk.id(signature.by.0),
                desk.id(signature.instrument.0),
                put(&signature.on),
                act.kind.word(),
                put(&act.on)
            );
            desk.tell(
                Code::SignatureAfterConsent,
                &[reading.seq, consent.seq],
                message,
            );
        }
    }
}

fn repeated(desk: &mut Desk<'_>, acts: &Acts<'_>) {
    let may_end = |kind| is_notice(kind) || kind == ActKind::WithdrawalOfAct;
    if acts.iter().any(|(_, act)| may_end(act.kind)) {
        return;
    }
    let consents = acts
        .iter()
        .filter(|(_, act)| act.kind.is_consent() && act.territory.is_none());
    let mut consents: Acts<'_> = consents.copied().collect();
    consents.sort_by_key(|(reading, act)| (desk.window(&act.on).lo(), reading.seq));
    let Some(((first, earlier), others)) = consents.split_first() else {
        return;
    };
    for (reading, act) in others {
        let message = format!(
            "{} consented to {} by {} of {}, having done so by {} of {}",
            desk.id(act.by.0),
            desk.id(act.instrument.0),
            act.kind.word(),
            put(&act.on),
            earlier.kind.word(),
            put(&earlier.on)
        );
        desk.tell(Code::ConsentRepeated, &[reading.seq, first.seq], message);
    }
}

fn without_consent(desk: &mut Desk<'_>, reading: &Reading, notice: &Act, acts: &Acts<'_>) {
    let on = desk.window(&notice.on);
    let possible = acts
        .iter()
        .any(|(_, act)| binds(act.kind) && desk.window(&act.on).lo() <= on.hi());
    if possible {
        return;
    }
    let (who, id) = (desk.id(notice.by.0), desk.id(notice.instrument.0));
    let what = format!("{who} gave notice of {} from {id}", notice.kind.word());
    let later = acts.iter().find(|(_, act)| binds(act.kind));
    let (seqs, rest) = match later {
        Some((later, act)) => (
            vec![reading.seq, later.seq],
            format!("and consented only later, on {}", put(&act.on)),
        ),
        None => (
            vec![reading.seq],
            "and no consent of it is recorded".to_owned(),
        ),
    };
    let message = format!("{what} on {}, {rest}", put(&notice.on));
    desk.tell(Code::WithdrawalWithoutConsent, &seqs, message);
}

fn too_early(desk: &mut Desk<'_>, reading: &Reading, notice: &Act, seq: u64) {
    let Some((_, instrument)) = desk.context.get::<Instrument>(seq) else {
        return;
    };
    let terms = instrument.withdrawal.as_ref();
    let Some(not_before) = terms.and_then(|terms| terms.not_before.as_ref()) else {
        return;
    };
    let (first, told) = match not_before {
        NotBefore::On(date) => (desk.window(date), put(date)),
        NotBefore::After(span) => {
            let items = &desk.register.instruments;
            let place = items.binary_search_by_key(&seq, |item| item.seq);
            let item = place.ok().map(|place| &items[place]);
            // It may have entered into force later for this actor, never earlier.
            let Some(day) = item
                .and_then(InstrumentItem::in_force)
                .and_then(Window::earliest)
            else {
                return;
            };
            let day = falls_due(day, delay(Some(span)), None);
            (Window::not_before(day), format!("{day} at the earliest"))
        }
    };
    if let Some(certainty) = before(desk.at(reading.seq, Field::On, &notice.on), first) {
        let message = format!(
            "{} gave notice of {} from {} on {}; the first day for that is {told}",
            desk.id(notice.by.0),
            notice.kind.word(),
            desk.id(seq),
            put(&notice.on)
        );
        desk.tell_as(
            certainty,
            Code::NoticeTooEarly,
            &[reading.seq, seq],
            message,
        );
    }
}

fn revoked_late(desk: &mut Desk<'_>, reading: &Reading, notice: &Act, acts: &Acts<'_>) {
    let Some(end) = end_of(desk, notice) else {
        return;
    };
    let revoking = acts.iter().filter(|(_, act)| {
        act.kind == ActKind::WithdrawalOfAct
            && act.target.is_some_and(|target| target.0 == reading.seq)
    });
    for (revocation, act) in revoking {
        let on = desk.at(revocation.seq, Field::On, &act.on);
        if on.lo() < end.hi() {
            continue;
        }
        let message = format!(
            "{} revoked on {} its notice of {} from {}, which had taken effect on {end}",
            desk.id(act.by.0),
            put(&act.on),
            put(&notice.on),
            desk.id(notice.instrument.0)
        );
        let seqs = [revocation.seq, reading.seq];
        desk.tell(Code::RevocationTooLate, &seqs, message);
    }
}

/// Returns when a notice takes effect, if that is known.
fn end_of(desk: &Desk<'_>, notice: &Act) -> Option<Window> {
    if let Some(effective) = &notice.effective {
        return Some(desk.window(effective));
    }
    let (_, instrument) = desk.context.get::<Instrument>(notice.instrument.0)?;
    let span = instrument.withdrawal.as_ref()?.notice.as_ref()?;
    let due = |day| falls_due(day, delay(Some(span)), None);
    let on = desk.window(&notice.on);
    Window::between(on.earliest().map(due), on.latest().map(due))
}
