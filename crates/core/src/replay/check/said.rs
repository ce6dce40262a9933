//! Statements and claims beside what they speak of.

use std::collections::BTreeSet;

use crate::record::{Claim, ClaimKind, Commitment, Event, Statement};
use crate::window::Window;

use super::Code;
use super::desk::{Desk, put, surely_before};
use crate::replay::claims::Claimed;
use crate::replay::happening::Field;
use crate::replay::readings::Reading;

pub(super) fn check(desk: &mut Desk<'_>) {
    for (reading, claim) in desk.each::<Claim>() {
        before_it_was_so(desk, reading, claim);
        let names_nobody = claim.against.as_ref().is_none_or(Vec::is_empty);
        if claim.claims == ClaimKind::Violated && names_nobody {
            let by: Vec<u64> = claim.by.iter().map(|actor| actor.0).collect();
            let (who, id) = (desk.ids(&by), desk.id(claim.about.0));
            let said = put(&claim.said);
            let message = format!("{who} claims on {said} that {id} was violated, not by whom");
            desk.tell(
                Code::ViolationByNobody,
                &[reading.seq, claim.about.0],
                message,
            );
        }
    }
    let mut told = BTreeSet::new();
    for (reading, statement) in desk.each::<Statement>() {
        for other in statement.contradicts.iter().flatten() {
            let pair = (reading.seq.min(other.0), reading.seq.max(other.0));
            let stands = desk.context.readings.reading(other.0);
            if stands.is_some_and(Reading::counts) && told.insert(pair) {
                let message = format!("{} contradicts {}", desk.id(reading.seq), desk.id(other.0));
                desk.tell(Code::SourcesDisagree, &[reading.seq, other.0], message);
            }
        }
        replies(desk, reading, statement);
    }
    contested(desk);
}

fn replies(desk: &mut Desk<'_>, reading: &Reading, statement: &Statement) {
    for other in statement.reply_to.iter().flatten() {
        let Some((_, earlier)) = desk.context.get::<Statement>(other.0) else {
            continue;
        };
        if surely_before(desk.window(&statement.said), desk.window(&earlier.said)) {
            let message = format!(
                "{} of {} replies to {} of {}",
                desk.id(reading.seq),
                put(&statement.said),
                desk.id(other.0),
                put(&earlier.said)
            );
            desk.tell(Code::RepliesBefore, &[reading.seq, other.0], message);
        }
    }
}

fn before_it_was_so(desk: &mut Desk<'_>, reading: &Reading, claim: &Claim) {
    let is_of_the_past = matches!(
        claim.claims,
        ClaimKind::ConditionMet | ClaimKind::Fulfilled | ClaimKind::Violated | ClaimKind::Occurred
    );
    if !is_of_the_past {
        return;
    }
    let said = desk.at(reading.seq, Field::Said, &claim.said);
    let (id, about) = (desk.id(reading.seq), desk.id(claim.about.0));
    let told = format!(
        "{id}, said on {}, claims {about} {}",
        put(&claim.said),
        claim.claims.word().replace('-', " ")
    );
    let begun = |date: &crate::date::Date| date.lasted(desk.context.question.credibility).0;
    if let Some(on) = &claim.on
        && surely_before(said, begun(on))
    {
        let message = format!("{told} on {}, a later day", put(on));
        desk.tell(Code::ClaimedBefore, &[reading.seq], message);
    }
    let (began, what): (Option<Window>, _) =
        if let Some((_, commitment)) = desk.context.get::<Commitment>(claim.about.0) {
            (
                Some(desk.window(&commitment.made)),
                format!("was made on {}", put(&commitment.made)),
            )
        } else if let Some((_, event)) = desk.context.get::<Event>(claim.about.0) {
            let held = event.held.as_ref();
            let day = held.map(put).unwrap_or_default();
            (held.map(begun), format!("was held on {day}"))
        } else {
            (None, String::new())
        };
    if began.is_some_and(|began| surely_before(said, began)) {
        let message = format!("{told}, which {what}");
        desk.tell(Code::ClaimedBefore, &[reading.seq, claim.about.0], message);
    }
}

/// Tells of what claimants differ by the day that is asked about.
fn contested(desk: &mut Desk<'_>) {
    let register = desk.register;
    let mut all: Vec<(u64, &Claimed)> = Vec::new();
    all.extend(
        register
            .instruments
            .iter()
            .map(|item| (item.seq, &item.claimed)),
    );
    all.extend(
        register
            .commitments
            .iter()
            .map(|item| (item.seq, &item.claimed)),
    );
    all.extend(register.events.iter().map(|item| (item.seq, &item.claimed)));
    all.extend(
        register
            .statements
            .iter()
            .map(|item| (item.seq, &item.claimed)),
    );
    for (seq, claimed) in all.into_iter().filter(|(_, claimed)| claimed.contested) {
        let claims = claimed
            .claims
            .iter()
            .filter(|claim| claim.unsupported.is_none());
        let (mut seqs, mut words) = (vec![seq], Vec::new());
        for claim in claims {
            seqs.push(claim.seq);
            seqs.extend(&claim.denied_by);
            let (by, what) = (desk.id(claim.by), claim.claims.word());
            let denied = claim.denied_by.iter().map(|by| desk.id(*by));
            let denied: Vec<String> = denied.collect();
            words.push(if denied.is_empty() {
                format!("{what} ({by})")
            } else {
                format!("{what} ({by}; denied in {})", denied.join(", "))
            });
        }
        let message = format!("{} is contested: {}", desk.id(seq), words.join(", "));
        desk.tell(Code::ClaimsContested, &seqs, message);
    }
}
