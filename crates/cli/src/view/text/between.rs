//! What is so between some of an instrument's parties and not between others:
//! reservations with the answers to them, and amendments.

use chancery_core::replay::{
    AmendmentItem, Between, InstrumentItem, Readings, ReservationAnswer, ReservationItem,
};
use chancery_core::worlds::Certainty;

use super::{BELOW, INDENT, outcomes};
use crate::view::page::Page;
use crate::view::say;

/// How many actors are named before they are only counted.
const MOST_NAMED: usize = 8;

/// Adds the reservations in which `actor` has a part, or all of them.
pub(super) fn reservations(
    page: &mut Page,
    readings: &Readings,
    item: &InstrumentItem,
    actor: Option<u64>,
) {
    let asked = item.reservations.iter().filter(|each| each.concerns(actor));
    for (place, reservation) in asked.enumerate() {
        if place == 0 {
            page.gap();
        }
        let head = format!("{}:", said(readings, reservation));
        let mut rest = format!("{} ", say::dated(&reservation.on));
        if let Some(article) = &reservation.article {
            let numbered = article.starts_with(|first: char| first.is_ascii_digit());
            let word = if numbered { "article " } else { "" };
            rest.push_str(&format!("on {word}{article} "));
        }
        rest.push_str(&format!("({})", say::entries(&reservation.rests_on)));
        if let Some(text) = &reservation.text {
            rest.push_str(&format!(": {text}"));
        }
        page.item(INDENT, &head, &rest);
        for answer in &reservation.answers {
            page.text(BELOW, &answered(readings, answer));
        }
        if reservation.certainty != Certainty::Contradictory {
            let possibly = say::possibly(reservation.certainty);
            let text = format!("toward all other parties: {possibly}as modified");
            page.text(BELOW, &text);
        }
    }
}

/// Returns one line for all reservations, if there are any.
pub(super) fn reservations_in_short(readings: &Readings, item: &InstrumentItem) -> Vec<String> {
    let line = |reservation: &ReservationItem| {
        let answers = reservation.answers.iter();
        let answers: Vec<String> = answers
            .map(|answer| {
                let (possibly, kind) = (say::possibly(answer.certainty), answer.kind.word());
                format!("{possibly}{kind} by {}", readings.id_of(answer.by))
            })
            .collect();
        let answers = if answers.is_empty() {
            String::new()
        } else {
            format!("; {}", answers.join(", "))
        };
        let entries = say::entries(&reservation.rests_on);
        format!("{} ({entries}){answers}", said(readings, reservation))
    };
    item.reservations.iter().map(line).collect()
}

/// Returns "reservation by norland", and that it only possibly stands if so.
fn said(readings: &Readings, item: &ReservationItem) -> String {
    let stands = match item.certainty {
        Certainty::Certain => "",
        Certainty::Possible => ", possibly standing",
        Certainty::Contradictory => ", whose records cannot all be right",
    };
    format!(
        "{} by {}{stands}",
        item.kind.word(),
        readings.id_of(item.by)
    )
}

fn answered(readings: &Readings, answer: &ReservationAnswer) -> String {
    let (possibly, kind) = (say::possibly(answer.certainty), answer.kind.word());
    let treats_as = answer.treats_as.as_ref();
    let treats_as = treats_as
        .map(|other| format!(", treating it as {other}"))
        .unwrap_or_default();
    format!(
        "{possibly}{kind} by {} {} ({}){treats_as}: {}",
        readings.id_of(answer.by),
        say::dated(&answer.on),
        say::entries(&answer.rests_on),
        outcomes(&answer.between, |between| english(between).to_owned())
    )
}

const fn english(between: Between) -> &'static str {
    match between {
        Between::NotBothParties => "not in force between the two, of whom one is no party",
        Between::NotInForce => "not in force between the two",
        Between::ExceptReserved => "in force between the two but for what is reserved",
        Between::AsModified => "in force between the two as modified",
        Between::InFull => "in force between the two in full",
    }
}

/// Returns which text governs between whom, a line for each amendment.
pub(super) fn amendments(readings: &Readings, item: &InstrumentItem) -> Vec<String> {
    let line = |amendment: &AmendmentItem| {
        let bound = amendment.bound.iter().map(|bound| {
            let later = if bound.joined_later {
                ", which joined later"
            } else {
                ""
            };
            (bound.actor, bound.certainty, later)
        });
        let bound = named(readings, &bound.collect::<Vec<_>>());
        let others = amendment.not_bound.iter();
        let others = others.map(|(actor, certainty)| (*actor, *certainty, ""));
        let others = named(readings, &others.collect::<Vec<_>>());
        let possibly = say::possibly(amendment.certainty);
        let by = format!("{} (#{})", readings.id_of(amendment.seq), amendment.seq);
        match (bound, others) {
            (None, _) => format!("{possibly}amended by {by}, which binds none of its parties"),
            (Some(_), None) => format!("{possibly}amended by {by} for all its parties"),
            (Some(bound), Some(others)) => format!(
                "{possibly}amended by {by} between {bound}; as it was before toward {others}"
            ),
        }
    };
    item.amended_by.iter().map(line).collect()
}

fn named(readings: &Readings, actors: &[(u64, Certainty, &str)]) -> Option<String> {
    if actors.len() > MOST_NAMED {
        return Some(format!("{} parties", actors.len()));
    }
    let name = |(actor, certainty, later): &(u64, Certainty, &str)| {
        format!(
            "{}{}{later}",
            say::possibly(*certainty),
            readings.id_of(*actor)
        )
    };
    let names: Vec<String> = actors.iter().map(name).collect();
    match names.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        [others @ .., last] => Some(format!("{} and {last}", others.join(", "))),
    }
}
