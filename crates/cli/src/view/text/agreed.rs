//! Who agreed to what: an instrument with a table of the actors' standings.

use chancery_core::replay::{ActItem, Count, InstrumentItem, Readings, Standing, StandingItem};
use chancery_core::worlds::Certainty;

use super::between::{amendments, reservations};
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
    for line in amendments(readings, item) {
        page.text(INDENT, &line);
    }
    if let Some(counts) = counts(item) {
        page.text(INDENT, &counts);
    }
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
        let rows = rows(readings, &standings);
        page.table(INDENT, &["actor", "standing", "since", "acts"], &rows);
    }
    reservations(page, readings, item, actor);
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

/// Returns how many stand how; of what is no treaty, only what there is to count.
fn counts(item: &InstrumentItem) -> Option<String> {
    let counted = |count: Count, one: &str, several: &str| {
        say::counted(count.certain, count.possible, one, several)
    };
    let counts = item.counts;
    let all = [counts.signatories, counts.consents, counts.parties];
    let mut words = Vec::new();
    if all.iter().any(|count| count.possible > 0) || item.standings.is_empty() {
        words.push(counted(counts.signatories, "signatory", "signatories"));
        words.push(counted(counts.consents, "consent", "consents"));
        words.push(counted(counts.parties, "party", "parties"));
    }
    let concurring = concurring(item);
    if concurring.possible > 0 {
        words.push(counted(concurring, "concurring", "concurring"));
    }
    (!words.is_empty()).then(|| words.join(", "))
}

fn concurring(item: &InstrumentItem) -> Count {
    let concurring = |standing: &&StandingItem| standing.standing == Some(Standing::Concurring);
    item.standings
        .iter()
        .filter(concurring)
        .fold(Count::default(), |count, standing| Count {
            certain: count.certain + u64::from(standing.certainty == Certainty::Certain),
            possible: count.possible + 1,
        })
}

/// Returns a row for each standing; of an actor that may stand in several ways
/// the acts are listed once.
fn rows(readings: &Readings, standings: &[&StandingItem]) -> Vec<Vec<String>> {
    let mut last = None;
    let row = |item: &&StandingItem| {
        let again = last.replace(item.actor) == Some(item.actor);
        let acts: Vec<String> = item.acts.iter().map(|act| one_act(readings, act)).collect();
        let standing = match item.standing {
            Some(standing) => format!("{}{}", say::possibly(item.certainty), standing.word()),
            None => "contradictory".to_owned(),
        };
        vec![
            readings.id_of(item.actor),
            standing,
            say::dated(&item.since),
            if again {
                "as above".to_owned()
            } else {
                acts.join("\n")
            },
        ]
    };
    standings.iter().map(row).collect()
}

fn one_act(readings: &Readings, act: &ActItem) -> String {
    let (possibly, kind) = (say::possibly(act.certainty), act.kind.word());
    let mut text = format!("{possibly}{kind} {}", say::dated(&act.on));
    if let Some(vote) = act.vote {
        text = format!("{text} ({})", vote.word());
    }
    if let Some(effective) = &act.effective {
        text = format!("{text}, effective {}", say::dated(effective));
    }
    if !act.signed_by.is_empty() {
        text = format!("{text}, signed by {}", say::ids(readings, &act.signed_by));
    }
    format!("{text} {}", say::entries(&act.rests_on))
}
