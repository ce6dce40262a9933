//! The rule of entry into force as it was applied, in words.

use chancery_core::record::{Act, EntryIntoForce, Instrument};
use chancery_core::replay::why::{Proof, Step};
use chancery_core::replay::{Dated, DerivedForce, ForceItem, Readings};
use chancery_core::window::Window;

use crate::view::say;

/// Returns the lines that say how the day of entry into force is known.
pub(super) fn lines(readings: &Readings, proof: &Proof, all: bool) -> Vec<String> {
    let Some((seq, force)) = proof.instrument.zip(proof.force.as_ref()) else {
        return Vec::new();
    };
    let instrument = readings.get::<Instrument>(seq);
    let rule = instrument.and_then(|(_, instrument)| instrument.entry_into_force.as_ref());
    let mut lines = Vec::new();
    if let Some(recorded) = &force.recorded {
        let (on, by) = (say::dated(&recorded.on), say::entries(&recorded.seqs));
        lines.push(format!("recorded: in force from {on} ({by}); this governs"));
    }
    let Some(rule) = rule else {
        if lines.is_empty() {
            lines.push("no rule of entry into force and no day of it is recorded".to_owned());
        }
        return lines;
    };
    lines.push(format!(
        "the rule (#{seq}) asks for {}",
        asked(readings, rule)
    ));
    match &force.derived {
        Some(derived) => lines.extend(applied(readings, &proof.arithmetic, derived)),
        None => lines.extend(reason(force)),
    }
    if let Some(own) = &proof.own {
        let steps = own.steps.iter();
        let each = steps.map(|step| format!("{}: {}", step.what, days(step.leads_to)));
        lines.push(format!("for this actor a later day (#{}):", own.consent));
        lines.extend(each.map(|step| format!("  {step}")));
    }
    if all {
        lines.extend(consents(readings, seq));
    }
    lines
}

fn reason(force: &ForceItem) -> Option<String> {
    let reason = force.reason.as_ref()?;
    Some(format!("no day follows from it: {reason}"))
}

/// Returns what a rule asks for, in words.
fn asked(readings: &Readings, rule: &EntryIntoForce) -> String {
    let ids = |seqs: Vec<u64>| say::ids(readings, &seqs);
    let mut words = Vec::new();
    words.extend(
        rule.consents
            .map(|count| say::counted(count, count, "consent", "consents")),
    );
    if let Some(requires) = &rule.requires {
        words.push(format!(
            "that of {}",
            ids(requires.iter().map(|of| of.0).collect())
        ));
    }
    for group in rule.groups.iter().flatten() {
        let of = ids(group.of.iter().map(|of| of.0).collect());
        words.push(format!("{} among {of}", group.at_least));
    }
    if let (Some(shares), Some(at_least)) = (&rule.shares, &rule.at_least) {
        let count = say::number(shares.0.len(), "actor", "actors");
        words.push(format!("{} per cent of the shares of {count}", at_least.0));
    }
    if let Some(eligible) = &rule.eligible {
        words.push(format!(
            "of parties to {} only",
            readings.id_of(eligible.0.0)
        ));
    }
    if let Some(excluding) = &rule.excluding {
        let of = ids(excluding.iter().map(|of| of.0).collect());
        words.push(format!("without that of {of}"));
    }
    if words.is_empty() {
        return "nothing".to_owned();
    }
    words.join(", ")
}

/// Returns the arithmetic, a line for each step.
fn applied(readings: &Readings, steps: &[Step], derived: &DerivedForce) -> Vec<String> {
    let by: Vec<String> = derived
        .completed_by
        .iter()
        .map(|deposit| format!("{} (#{})", readings.id_of(deposit.actor), deposit.seq))
        .collect();
    let line = |(place, step): (usize, &Step)| {
        let day = days(step.leads_to);
        match (place, by.is_empty()) {
            (0, false) => format!("{}: {day}, with {}", step.what, by.join(", ")),
            _ => format!("{}: {day}", step.what),
        }
    };
    steps.iter().enumerate().map(line).collect()
}

/// Returns every consent that is recorded, in order of its day.
fn consents(readings: &Readings, instrument: u64) -> Vec<String> {
    let acts = readings.each::<Act>().filter(|(reading, act)| {
        act.instrument.0 == instrument && act.kind.is_consent() && reading.counts()
    });
    let mut acts: Vec<(Window, u64, String)> = acts
        .map(|(reading, act)| {
            let window = act.on.window(chancery_core::date::Credibility::Accept);
            let told = format!(
                "{} {} by {} (#{})",
                act.on.told(),
                act.kind.word(),
                readings.id_of(act.by.0),
                reading.seq
            );
            (window, reading.seq, told)
        })
        .collect();
    acts.sort_by_key(|(window, seq, _)| (window.lo(), window.hi(), *seq));
    let count = say::number(acts.len(), "consent is recorded", "consents are recorded");
    let title = format!("{count}, of which the rule counts those that it names:");
    let each = acts.into_iter().map(|(_, _, told)| format!("  {told}"));
    std::iter::once(title).chain(each).collect()
}

/// Returns a window in words.
pub(super) fn days(window: Window) -> String {
    say::dated(&Dated::from(window))
}
