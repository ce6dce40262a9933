//! Who agreed to what: an instrument with a table of the actors' standings.

use chancery_core::replay::{ActItem, Count, InstrumentItem, Readings, StandingItem};

use super::instruments::{described, force};
use super::{INDENT, claims, lost, unsupported};
use crate::view::page::Page;
use crate::view::say;

/// Adds an instrument, with the standing of `actor` or of all.
pub fn agreed(page: &mut Page, readings: &Readings, item: &InstrumentItem, actor: Option<u64>) {
    page.heading(&format!("{} ({})", item.title, item.id));
    page.text(
        INDENT,
        &format!("{} ({})", described(item), say::entries(&item.rests_on)),
    );
    for line in force(readings, item, true) {
        page.text(INDENT, &line);
    }
    page.text(INDENT, &counts(item));
    claims(page, readings, &item.claimed);
    unsupported(page, readings, item.unsupported);
    let asked = |standing: &&StandingItem| actor.is_none_or(|actor| standing.actor == actor);
    let standings: Vec<&StandingItem> = item.standings.iter().filter(asked).collect();
    let acts = item.unsupported_acts.iter();
    let gone: Vec<&ActItem> = acts
        .filter(|act| actor.is_none_or(|actor| act.by == actor))
        .collect();
    if standings.is_empty() && gone.is_empty() {
        page.text(INDENT, "nobody stands to it in any way that is known");
        return;
    }
    if !standings.is_empty() {
        let rows: Vec<Vec<String>> = standings
            .iter()
            .map(|standing| row(readings, standing))
            .collect();
        page.table(INDENT, &["actor", "standing", "since", "acts"], &rows);
    }
    for act in gone {
        let why = readings
            .reading(act.seq)
            .and_then(chancery_core::replay::Reading::unsupported);
        let why = why.map(|why| lost(readings, why)).unwrap_or_default();
        let text = format!(
            "{} by {}: {why}",
            one_act(readings, act),
            readings.id_of(act.by)
        );
        page.item(INDENT, "unsupported:", &text);
    }
}

fn counts(item: &InstrumentItem) -> String {
    let counted = |count: Count, one: &str, several: &str| {
        say::counted(count.certain, count.possible, one, several)
    };
    let mut words = vec![
        counted(item.counts.signatories, "signatory", "signatories"),
        counted(item.counts.consents, "consent", "consents"),
        counted(item.counts.parties, "party", "parties"),
    ];
    // What is no treaty has none of the three, and is agreed to all the same.
    let political: usize = item
        .standings
        .iter()
        .filter(|standing| standing.standing == chancery_core::replay::Standing::Concurring)
        .count();
    if political > 0 {
        words.push(format!("{political} concurring"));
    }
    words.join(", ")
}

fn row(readings: &Readings, item: &StandingItem) -> Vec<String> {
    let acts: Vec<String> = item.acts.iter().map(|act| one_act(readings, act)).collect();
    vec![
        readings.id_of(item.actor),
        format!("{}{}", say::possibly(item.certainty), item.standing.word()),
        say::dated(&item.since),
        acts.join("; "),
    ]
}

fn one_act(readings: &Readings, act: &ActItem) -> String {
    let (possibly, kind) = (say::possibly(act.certainty), act.kind.word());
    let mut text = format!("{possibly}{kind} {}", say::dated(&act.on));
    if let Some(vote) = act.vote {
        text.push_str(&format!(" ({})", vote.word()));
    }
    if let Some(effective) = &act.effective {
        text.push_str(&format!(", effective {}", say::dated(effective)));
    }
    if !act.signed_by.is_empty() {
        text.push_str(&format!(
            ", signed by {}",
            say::ids(readings, &act.signed_by)
        ));
    }
    format!("{text} {}", say::entries(&act.rests_on))
}
