//! Actors: whether they existed when they are said to have acted, and whether
//! two of them may be one.

use std::collections::BTreeMap;

use crate::date::Date;
use crate::record::with_article;
use crate::record::{Act, Actor, Claim, Commitment, Office, Operation, Parties, Statement};

use super::Code;
use super::desk::{Desk, put, surely_before};
use crate::replay::readings::Reading;

pub(super) fn check(desk: &mut Desk<'_>) {
    for (reading, act) in desk.each::<Act>() {
        let what = format!("{} of", act.kind.word());
        existed(desk, reading, act.by.0, &what, &act.on);
    }
    for (reading, statement) in desk.each::<Statement>() {
        for speaker in &statement.speakers {
            existed(desk, reading, speaker.0, "statement of", &statement.said);
        }
    }
    for (reading, claim) in desk.each::<Claim>() {
        for by in &claim.by {
            existed(desk, reading, by.0, "claim of", &claim.said);
        }
    }
    for (reading, commitment) in desk.each::<Commitment>() {
        if let Parties::Listed(debtors) = &commitment.debtors {
            for debtor in debtors {
                existed(desk, reading, debtor.0, "commitment of", &commitment.made);
            }
        }
    }
    for (reading, operation) in desk.each::<Operation>() {
        let what = format!("{} of", operation.kind.word());
        for by in operation.by.iter().flatten() {
            existed(desk, reading, by.0, &what, &operation.on);
        }
    }
    for (reading, office) in desk.each::<Office>() {
        let days = (office.from.as_ref(), office.until.as_ref());
        for holder in [office.person.0, office.of.0] {
            within(
                desk,
                holder,
                days,
                "the office",
                &[reading.seq, holder],
                reading.seq,
            );
        }
    }
    for (reading, actor) in desk.each::<Actor>() {
        parts(desk, reading, actor);
    }
    circles(desk);
    alike(desk);
}

/// Tells it if an actor did something on a day on which it did not exist.
fn existed(desk: &mut Desk<'_>, reading: &Reading, by: u64, what: &str, on: &Date) {
    let Some((_, actor)) = desk.context.get::<Actor>(by) else {
        return;
    };
    let day = desk.window(on);
    let told = format!(
        "{}'s {what} {} ({})",
        desk.id(by),
        put(on),
        desk.id(reading.seq)
    );
    let seqs = [reading.seq, by];
    if let Some(from) = &actor.from
        && surely_before(day, desk.window(from))
    {
        let message = format!("{told} lies before {}, its first day", put(from));
        desk.tell(Code::ActorNotYet, &seqs, message);
    }
    if let Some(until) = &actor.until
        && surely_before(desk.window(until), day)
    {
        let message = format!("{told} lies after {}, its last day", put(until));
        desk.tell(Code::ActorNoLonger, &seqs, message);
    }
}

type Days<'a> = (Option<&'a Date>, Option<&'a Date>);

/// Tells it if a period lies, in part, outside the days of an actor.
fn within(desk: &mut Desk<'_>, actor: u64, days: Days<'_>, what: &str, seqs: &[u64], of: u64) {
    let Some((_, lived)) = desk.context.get::<Actor>(actor) else {
        return;
    };
    let (id, name) = (desk.id(actor), desk.id(of));
    if let (Some(from), Some(first)) = (days.0, &lived.from)
        && surely_before(desk.window(from), desk.window(first))
    {
        let message = format!(
            "{what} of {name} begins on {}, before {id} itself on {}",
            put(from),
            put(first)
        );
        desk.tell(Code::PeriodOutsideLifetime, seqs, message);
    }
    if let (Some(until), Some(last)) = (days.1, &lived.until)
        && surely_before(desk.window(last), desk.window(until))
    {
        let message = format!(
            "{what} of {name} ends on {}, after {id} itself on {}",
            put(until),
            put(last)
        );
        desk.tell(Code::PeriodOutsideLifetime, seqs, message);
    }
}

fn parts(desk: &mut Desk<'_>, reading: &Reading, actor: &Actor) {
    let own = reading.seq;
    reversed(desk, own, "", (actor.from.as_ref(), actor.until.as_ref()));
    for name in actor.names.iter().flatten() {
        let days = (name.from.as_ref(), name.until.as_ref());
        let what = format!("the name “{}”", name.name);
        within(desk, own, days, &what, &[own], own);
        reversed(desk, own, &what, days);
    }
    for member in actor.members.iter().flatten() {
        let days = (member.from.as_ref(), member.until.as_ref());
        let what = format!("the membership, for {},", desk.id(member.actor.0));
        let seqs = [own, member.actor.0];
        within(desk, own, days, &what, &[own], own);
        within(desk, member.actor.0, days, &what, &seqs, own);
        reversed(desk, own, &what, days);
    }
}

/// Tells it if a period ends before it begins.
pub(super) fn reversed(desk: &mut Desk<'_>, seq: u64, what: &str, days: Days<'_>) {
    let (Some(from), Some(until)) = days else {
        return;
    };
    if surely_before(desk.window(until), desk.window(from)) {
        let id = desk.id(seq);
        let what = if what.is_empty() {
            id
        } else {
            format!("{what} of {id}")
        };
        let message = format!(
            "{what} ends on {}, before it begins on {}",
            put(until),
            put(from)
        );
        desk.tell(Code::EndsBeforeItBegins, &[seq], message);
    }
}

/// Tells which actors are said to be one another in a circle.
fn circles(desk: &mut Desk<'_>) {
    let same = |(reading, actor): (&Reading, &Actor)| Some((reading.seq, vec![actor.same_as?.0]));
    let next = desk.each::<Actor>().into_iter().filter_map(same).collect();
    for circle in super::circles::circles(&next) {
        let message = format!(
            "{} are said to be one another in a circle",
            desk.ids(&circle)
        );
        let message = match circle.as_slice() {
            [only] => format!("{} is said to be the same as itself", desk.id(*only)),
            _ => message,
        };
        desk.tell(Code::SameAsCircle, &circle, message);
    }
}

/// Tells which actors may be one, and are not said to be.
fn alike(desk: &mut Desk<'_>) {
    let mut named: BTreeMap<(String, _), (&str, Vec<u64>)> = BTreeMap::new();
    let mut identified: BTreeMap<(String, String), Vec<u64>> = BTreeMap::new();
    for (reading, actor) in desk.each::<Actor>() {
        let name = (actor.name.trim().to_lowercase(), actor.kind);
        let (_, seqs) = named.entry(name).or_insert((&actor.name, Vec::new()));
        seqs.push(reading.seq);
        let pairs = actor
            .identifiers
            .iter()
            .flat_map(crate::record::Labels::pairs);
        for pair in pairs {
            identified
                .entry(pair.clone())
                .or_default()
                .push(reading.seq);
        }
    }
    for ((_, kind), (name, seqs)) in named {
        let what = format!("are each {} called “{name}”", with_article(kind.word()));
        pair_up(desk, Code::SameName, &seqs, &what);
    }
    for ((scheme, value), seqs) in identified {
        let what = format!("have the same {scheme}, {value}");
        pair_up(desk, Code::SameIdentifier, &seqs, &what);
    }
}

fn pair_up(desk: &mut Desk<'_>, code: Code, seqs: &[u64], what: &str) {
    let mut one_of_each: BTreeMap<u64, u64> = BTreeMap::new();
    for seq in seqs {
        one_of_each.entry(desk.context.actor(*seq)).or_insert(*seq);
    }
    let different: Vec<u64> = one_of_each.into_values().collect();
    if different.len() > 1 {
        let message = format!("{} {what}", desk.ids(&different));
        desk.tell(code, &different, message);
    }
}
