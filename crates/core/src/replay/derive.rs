//! Deriving: the day of entry into force that follows from a rule and from the
//! deposits known at the cut.
//!
//! Here it is decided whose consent counts: an actor once, a succession unless
//! the one succeeded counts already, under `eligible` only while its giver is a
//! party to the other instrument. What a rule leaves open is not guessed: then
//! no day follows, and the reason says why.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::day::Day;
use crate::record::{ActKind, EntryIntoForce};
use crate::rule::{
    Asked, By, Condition, Consent, Group, Others, PerCent, Tally, Terms, entry_into_force_when,
};
use crate::window::Window;

use super::context::Context;
use super::force::{Deposit, DerivedForce, Given, delay, rounding};
use super::happening::on;
use super::others::others;

/// How many of those still missing are named in a reason.
const MOST_NAMED: usize = 12;

/// Whose consent may count.
pub(super) enum Eligibility {
    /// Everyone's.
    Everyone,
    /// That of these actors, while each is a party to another instrument.
    Parties(BTreeMap<u64, Vec<Spell>>),
    /// Nobody can tell, for this reason.
    Unknown(String),
}

/// A time in which an actor is a party to an instrument.
#[derive(Clone, Copy)]
pub(super) struct Spell {
    pub(super) from: Window,
    /// The first day on which it no longer is.
    pub(super) until: Option<Window>,
}

/// Why no day follows from a rule.
pub(super) enum Underived {
    /// The consents do not suffice.
    TooFew(String),
    /// What the rule asks for cannot be told, so that it may have been met on
    /// any of these days; there is none before the first consent.
    Undecided(String, Option<Window>),
}

/// What follows from a rule.
pub(super) struct Derivation {
    pub(super) day: DerivedForce,
    pub(super) terms: Terms,
    /// When the rule is met by all others, by the position of an uncertain deposit.
    pub(super) others: BTreeMap<u64, Others>,
}

/// A consent that counts.
struct Counted {
    consent: Consent,
    by: By,
    deposit: Deposit,
}

/// Returns the day that follows from the rule.
pub(super) fn derive(
    context: &Context<'_>,
    rule: &EntryIntoForce,
    given: &[Given],
    eligibility: &Eligibility,
) -> Result<Derivation, Underived> {
    let asked = condition(context, rule);
    let counted = counted(context, rule, asked.as_ref().ok(), given, eligibility);
    let undecided = |reason: String| {
        let first = counted.iter().map(|counted| counted.consent.on.lo()).min();
        let since = first.map(|first| Some(first).filter(|day| *day != Day::MIN));
        Underived::Undecided(reason, since.and_then(|first| Window::between(first, None)))
    };
    if let Eligibility::Unknown(reason) = eligibility {
        return Err(undecided(reason.clone()));
    }
    if let Some(reason) = withheld(context, &counted) {
        return Err(undecided(reason));
    }
    let condition = asked.map_err(undecided)?;
    let terms = terms(context, rule).map_err(undecided)?;
    let by: Vec<By> = counted.iter().map(|counted| counted.by).collect();
    let laid_out = condition.over(&by);
    let asked = laid_out.ok_or_else(|| {
        undecided("the rule's `shares` are too long to be added exactly".to_owned())
    })?;
    let consents: Vec<Consent> = counted.iter().map(|counted| counted.consent).collect();
    let most = RefCell::new(Tally::default());
    let derived = entry_into_force_when(&terms, &consents, &|standing| {
        let tally = asked.tally(standing);
        most.borrow_mut().raise_to(&tally);
        asked.is_met(&tally)
    });
    match derived {
        Some(derived) => {
            let deposit = |place: usize| counted.get(place).map(|counted| counted.deposit);
            let completed_by = derived.completed_by.into_iter();
            Ok(Derivation {
                day: DerivedForce {
                    window: derived.window,
                    completion: derived.completion,
                    completed_by: completed_by.filter_map(deposit).collect(),
                },
                terms,
                others: others_of(&counted, &consents, &asked),
            })
        }
        None if condition.is_empty() => {
            Err(undecided("the rule names no number of consents".to_owned()))
        }
        None if asked.is_met(&asked.tally(&[])) => Err(undecided(
            "the rule needs no consent and names no day".to_owned(),
        )),
        None => Err(Underived::TooFew(lacking(
            context,
            rule,
            &condition,
            &asked,
            &most.borrow(),
        ))),
    }
}

/// Returns when the rule is met by the others, by the position of each act to
/// which the rest of the consents are others once and for all.
fn others_of(counted: &[Counted], consents: &[Consent], asked: &Asked) -> BTreeMap<u64, Others> {
    // Whoever leaves takes away what was met: then it is not by a day alone
    // that one more deposit comes too late.
    if consents.iter().any(|consent| consent.until.is_some()) {
        return BTreeMap::new();
    }
    let once = |place: usize| {
        let of_actor = counted.iter();
        let by = counted[place].by.actor;
        of_actor.filter(|other| other.by.actor == by).count() == 1
    };
    let met = |standing: &[bool]| asked.is_met(&asked.tally(standing));
    let found = others(consents, &once, &met).into_iter();
    found
        .map(|(place, others)| (counted[place].deposit.seq, others))
        .collect()
}

/// Returns why nothing follows, if records on which a consent rests cannot all be right.
fn withheld(context: &Context<'_>, counted: &[Counted]) -> Option<String> {
    let mut seqs = counted.iter().map(|counted| counted.deposit.seq);
    let contradiction = seqs.find_map(|seq| context.links.contradiction(on(seq)))?;
    let records = contradiction.records.iter();
    let ids: Vec<String> = records
        .take(MOST_NAMED)
        .map(|seq| format!("`{}`", context.readings.id_of(*seq)))
        .collect();
    Some(format!("{} cannot all be right", ids.join(", ")))
}

/// Returns what the rule asks for, or why that cannot be told.
fn condition(context: &Context<'_>, rule: &EntryIntoForce) -> Result<Condition, String> {
    let exact = |text: &str| {
        let number = PerCent::read(text);
        number.ok_or_else(|| format!("`{text}` is too long to be counted exactly"))
    };
    let shares = rule.shares.iter().flat_map(|shares| &shares.0);
    let shares = shares.map(|share| Ok((context.actor(share.actor.0), exact(&share.per_cent.0)?)));
    let shares: Vec<_> = shares.collect::<Result<_, String>>()?;
    let at_least = rule.at_least.as_ref().map(|number| exact(&number.0));
    let at_least = at_least.transpose()?;
    match (shares.is_empty(), at_least) {
        (false, None) => return Err("the rule names `shares`, but no `at_least`".to_owned()),
        (true, Some(_)) => return Err("the rule names `at_least`, but no `shares`".to_owned()),
        _ => {}
    }
    let group = |group: &crate::record::Group| Group {
        of: context.actors(group.of.iter().map(|actor| actor.0)),
        at_least: group.at_least,
    };
    Ok(Condition {
        consents: rule.consents,
        requires: context.actors(rule.requires.iter().flatten().map(|actor| actor.0)),
        groups: rule.groups.iter().flatten().map(group).collect(),
        shares,
        at_least,
    })
}

fn terms(context: &Context<'_>, rule: &EntryIntoForce) -> Result<Terms, String> {
    let window = |date| context.question.window(date);
    let on_day = match &rule.on_day {
        None => None,
        Some(date) => {
            let day = window(date).day();
            Some(day.ok_or_else(|| "the rule's `on_day` is not one day".to_owned())?)
        }
    };
    Ok(Terms {
        needed: rule.consents.unwrap_or(0),
        delay: delay(rule.delay.as_ref()),
        rounding: rule.rounding.map(rounding),
        not_before: rule.not_before.as_ref().map(window),
        on_day,
    })
}

/// Returns the consents that count, ordered by actor and day.
fn counted(
    context: &Context<'_>,
    rule: &EntryIntoForce,
    condition: Option<&Condition>,
    given: &[Given],
    eligibility: &Eligibility,
) -> Vec<Counted> {
    let excluded = rule.excluding.iter().flatten();
    let excluded: BTreeSet<u64> = excluded.map(|actor| context.actor(actor.0)).collect();
    let counts = |consent: &&Given| {
        let of_kind = match &rule.counting {
            Some(kinds) => kinds.contains(&consent.kind),
            None => consent.kind.is_consent(),
        };
        of_kind && !excluded.contains(&consent.actor)
    };
    let mut counting: Vec<&Given> = given.iter().filter(counts).collect();
    counting.sort_by_key(|consent| (consent.actor, consent.on.lo(), consent.seq));
    let heads = heads(&counting);
    // A succession to one who counts already adds nothing, unless the successor
    // is named itself.
    let named = |actor| condition.is_some_and(|condition| names(condition, actor));
    counting.retain(|consent| {
        let own = heads
            .get(&consent.seq)
            .is_none_or(|head| *head == consent.actor);
        own || named(consent.actor)
    });
    let counted = counting.into_iter().flat_map(|consent| {
        let counts_as = heads.get(&consent.seq).copied().unwrap_or(consent.actor);
        let counted = move |(on, until)| Counted {
            consent: Consent { on, until },
            by: By {
                actor: consent.actor,
                counts_as,
            },
            deposit: Deposit {
                actor: consent.actor,
                seq: consent.seq,
            },
        };
        eligible(consent, eligibility).into_iter().map(counted)
    });
    without_repeated(counted)
}

/// Returns as whose consent each succession counts that does not count as its own.
fn heads(counting: &[&Given]) -> BTreeMap<u64, u64> {
    let succeeding =
        |consent: &&&Given| consent.kind == ActKind::Succession && consent.succeeds.is_some();
    let mut head_of: BTreeMap<u64, u64> = counting
        .iter()
        .filter(|consent| !succeeding(consent))
        .map(|consent| (consent.actor, consent.actor))
        .collect();
    let mut by_day: Vec<&Given> = counting.iter().filter(succeeding).copied().collect();
    by_day.sort_by_key(|consent| (consent.on.lo(), consent.seq));
    let mut heads = BTreeMap::new();
    for consent in by_day {
        let continued = consent
            .succeeds
            .and_then(|actor| head_of.get(&actor))
            .copied();
        let head = continued.unwrap_or(consent.actor);
        head_of.entry(consent.actor).or_insert(head);
        heads.insert(consent.seq, head);
    }
    heads
}

/// Returns whether a condition names an actor.
fn names(condition: &Condition, actor: u64) -> bool {
    condition.requires.contains(&actor)
        || condition
            .groups
            .iter()
            .any(|group| group.of.contains(&actor))
        || condition.shares.iter().any(|(of, _)| *of == actor)
}

/// Returns from when until when a consent counts, as often as it does.
fn eligible(consent: &Given, eligibility: &Eligibility) -> Vec<(Window, Option<Window>)> {
    let Eligibility::Parties(spells) = eligibility else {
        return vec![(consent.on, consent.until)];
    };
    let spells = spells.get(&consent.actor).into_iter().flatten();
    let both = |spell: &Spell| {
        let until = consent.until.into_iter().chain(spell.until);
        (consent.on.later(spell.from), until.reduce(Window::earlier))
    };
    spells.map(both).collect()
}

/// Returns the consents without those that add nothing to an earlier one of the
/// same actor; they come ordered by actor and day.
fn without_repeated(consents: impl Iterator<Item = Counted>) -> Vec<Counted> {
    let mut counted: Vec<Counted> = Vec::new();
    for next in consents {
        let repeats = |last: &Counted| {
            let (last_one, one) = (last.consent, next.consent);
            let lasts = last_one.until.is_none() || last_one.until == one.until;
            last.by == next.by && last_one.on.hi() <= one.on.lo() && lasts
        };
        if !counted.last().is_some_and(repeats) {
            counted.push(next);
        }
    }
    counted
}

/// Returns what the consents fall short of, at their most.
fn lacking(
    context: &Context<'_>,
    rule: &EntryIntoForce,
    condition: &Condition,
    asked: &Asked,
    most: &Tally,
) -> String {
    let mut lacking = Vec::new();
    if let Some(needed) = condition.consents.filter(|needed| most.consents < *needed) {
        lacking.push(format!("{} of {needed} consents", most.consents));
    }
    let required = condition.requires.iter().zip(&most.requires);
    let missing: Vec<u64> = required
        .filter(|(_, there)| !**there)
        .map(|(actor, _)| *actor)
        .collect();
    if !missing.is_empty() {
        let (all, there) = (
            condition.requires.len(),
            condition.requires.len() - missing.len(),
        );
        let missing = named(context, &missing);
        lacking.push(format!("{there} of {all} required (missing: {missing})"));
    }
    for (place, (group, there)) in condition.groups.iter().zip(&most.groups).enumerate() {
        if *there < group.at_least {
            let needed = group.at_least;
            lacking.push(format!("{there} of {needed} of group {}", place + 1));
        }
    }
    if let Some((needed, there)) = rule.at_least.as_ref().zip(asked.per_cent(most))
        && !asked.has_the_shares(most)
    {
        lacking.push(format!("shares of {there} per cent, {} needed", needed.0));
    }
    if lacking.is_empty() {
        return "what is asked for was never all met on one day".to_owned();
    }
    lacking.join(", ")
}

fn named(context: &Context<'_>, actors: &[u64]) -> String {
    let ids = actors.iter().take(MOST_NAMED);
    let mut ids: Vec<String> = ids.map(|actor| context.readings.id_of(*actor)).collect();
    if let Some(more) = actors
        .len()
        .checked_sub(MOST_NAMED)
        .filter(|more| *more > 0)
    {
        ids.push(format!("{more} more"));
    }
    ids.join(", ")
}
