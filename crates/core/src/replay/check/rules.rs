//! Rules of entry into force that can never be met, or look at themselves.

use std::collections::{BTreeMap, BTreeSet};

use crate::record::{EntryIntoForce, Instrument};
use crate::rule::PerCent;

use super::Code;
use super::circles::circles;
use super::desk::Desk;

pub(super) fn check(desk: &mut Desk<'_>) {
    let mut eligible = BTreeMap::new();
    for (reading, instrument) in desk.each::<Instrument>() {
        let Some(rule) = &instrument.entry_into_force else {
            continue;
        };
        eligible.extend(rule.eligible.as_ref().map(|of| (reading.seq, vec![of.0.0])));
        groups(desk, reading.seq, rule);
        required(desk, reading.seq, rule);
        shares(desk, reading.seq, rule);
    }
    for circle in circles(&eligible) {
        let message = match circle.as_slice() {
            [only] => format!("the rule of {} counts only its own parties", desk.id(*only)),
            _ => format!(
                "the rules of {} count only parties to one another",
                desk.ids(&circle)
            ),
        };
        desk.tell(Code::RuleCircle, &circle, message);
    }
}

fn groups(desk: &mut Desk<'_>, seq: u64, rule: &EntryIntoForce) {
    let excluded = excluded(desk, rule);
    for group in rule.groups.iter().flatten() {
        let members = desk.context.actors(group.of.iter().map(|actor| actor.0));
        let count = members.iter().filter(|actor| !excluded.contains(actor));
        let count = u64::try_from(count.count()).unwrap_or(u64::MAX);
        if group.at_least > count {
            let message = format!(
                "the rule of {} asks for {} of a group of which {count} can count",
                desk.id(seq),
                group.at_least
            );
            desk.tell(Code::RuleCannotBeMet, &[seq], message);
        }
    }
}

fn excluded(desk: &Desk<'_>, rule: &EntryIntoForce) -> BTreeSet<u64> {
    let excluded = rule.excluding.iter().flatten();
    excluded.map(|actor| desk.context.actor(actor.0)).collect()
}

fn required(desk: &mut Desk<'_>, seq: u64, rule: &EntryIntoForce) {
    let excluded = excluded(desk, rule);
    let required = rule.requires.iter().flatten().map(|actor| actor.0);
    for actor in desk.context.actors(required) {
        if excluded.contains(&actor) {
            let message = format!(
                "the rule of {} requires {}, whose consent it excludes",
                desk.id(seq),
                desk.id(actor)
            );
            desk.tell(Code::RuleCannotBeMet, &[seq, actor], message);
        }
    }
}

fn shares(desk: &mut Desk<'_>, seq: u64, rule: &EntryIntoForce) {
    let shares = rule.shares.iter().flat_map(|shares| &shares.0);
    let shares: Option<Vec<PerCent>> = shares
        .map(|share| PerCent::read(&share.per_cent.0))
        .collect();
    let Some(sum) = shares
        .filter(|shares| !shares.is_empty())
        .and_then(|shares| PerCent::sum(&shares))
    else {
        return;
    };
    let id = desk.id(seq);
    if sum.exceeds(PerCent::WHOLE) {
        let message = format!("the shares in the rule of {id} sum to {sum} per cent");
        desk.tell(Code::SharesExceedTheWhole, &[seq], message);
    }
    let at_least = rule.at_least.as_ref();
    let at_least = at_least.and_then(|number| PerCent::read(&number.0));
    if let Some(at_least) = at_least.filter(|at_least| at_least.exceeds(sum)) {
        let message =
            format!("the rule of {id} asks for {at_least} per cent, and its shares sum to {sum}");
        desk.tell(Code::RuleCannotBeMet, &[seq], message);
    }
}
