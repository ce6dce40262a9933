//! Conditions of entry into force against an oracle that tries every day of
//! every uncertain deposit.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;

use chancery_core::day::Day;
use chancery_core::rule::{
    By, Condition, Consent, Delay, Group, PerCent, Terms, entry_into_force_when,
};
use chancery_core::window::Window;
use proptest::prelude::*;

/// A deposit: by whom, as whose it counts, from when to when it may have been
/// made, and the same of its withdrawal.
type Deposit = (u64, u64, (i64, i64), Option<(i64, i64)>);

fn days() -> impl Strategy<Value = (i64, i64)> {
    (0_i64..12, 0_i64..3).prop_map(|(first, length)| (first, first + length))
}

fn deposits() -> impl Strategy<Value = Vec<Deposit>> {
    let head = |actor: u64, own: bool| if own { actor } else { 0 };
    let deposit = (
        0_u64..4,
        any::<bool>(),
        days(),
        proptest::option::weighted(0.3, days()),
    )
        .prop_map(move |(actor, own, on, until)| (actor, head(actor, own), on, until));
    proptest::collection::vec(deposit, 0..6)
}

fn conditions() -> impl Strategy<Value = (Condition, Vec<u64>, u64)> {
    let actors = || proptest::collection::btree_set(0_u64..4, 0..3);
    let group = (actors(), 0_u64..3).prop_map(|(of, at_least)| Group {
        of: of.into_iter().collect(),
        at_least,
    });
    let groups = proptest::collection::vec(group, 0..3);
    let sevenths = (proptest::collection::vec(0_u64..4, 4), 0_u64..8);
    (proptest::option::of(0_u64..4), actors(), groups, sevenths).prop_map(
        |(consents, requires, groups, (shares, at_least))| {
            let exact = |sevenths: u64| PerCent::read(&format!("{sevenths}/7")).unwrap();
            let of_actor = (0..).zip(&shares);
            let condition = Condition {
                consents,
                requires: requires.into_iter().collect(),
                groups,
                shares: of_actor
                    .map(|(actor, share)| (actor, exact(*share)))
                    .collect(),
                at_least: Some(exact(at_least)),
            };
            (condition, shares, at_least)
        },
    )
}

/// Returns whether these deposits meet the condition, its shares being sevenths.
fn met(condition: &Condition, shares: &[u64], at_least: u64, standing: &[Deposit]) -> bool {
    let actors: BTreeSet<u64> = standing.iter().map(|deposit| deposit.0).collect();
    let heads = |of: &dyn Fn(u64) -> bool| {
        let of_these = standing.iter().filter(|deposit| of(deposit.0));
        of_these
            .map(|deposit| deposit.1)
            .collect::<BTreeSet<_>>()
            .len() as u64
    };
    let sevenths: u64 = (0..)
        .zip(shares)
        .filter(|(actor, _)| actors.contains(actor))
        .map(|(_, share)| share)
        .sum();
    condition
        .consents
        .is_none_or(|needed| heads(&|_| true) >= needed)
        && condition
            .requires
            .iter()
            .all(|actor| actors.contains(actor))
        && condition
            .groups
            .iter()
            .all(|group| heads(&|actor| group.of.contains(&actor)) >= group.at_least)
        && sevenths >= at_least
}

/// Returns every choice of one day for each deposit and each withdrawal.
fn worlds(deposits: &[Deposit]) -> Vec<Vec<(i64, Option<i64>)>> {
    let mut worlds = vec![Vec::new()];
    for (_, _, on, until) in deposits {
        let mut choices = Vec::new();
        for on in on.0..=on.1 {
            match until {
                None => choices.push((on, None)),
                Some(until) => choices.extend((until.0..=until.1).map(|until| (on, Some(until)))),
            }
        }
        let longer = |world: &Vec<_>| {
            choices
                .iter()
                .map(|choice| [&world[..], &[*choice]].concat())
                .collect::<Vec<_>>()
        };
        worlds = worlds.iter().flat_map(longer).collect();
    }
    worlds
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_window_of_a_rule_has_the_bounds_of_all_worlds(
        deposits in deposits(),
        (condition, shares, at_least) in conditions(),
        fixed in proptest::option::of(0_i64..12),
        delay in 0_u32..5,
    ) {
        let terms = Terms {
            delay: Delay::Days(delay),
            on_day: fixed.map(Day::new),
            ..Terms::default()
        };
        let window = |(first, last): (i64, i64)| Window::between(Day::new(first), Day::new(last)).unwrap();
        let consents: Vec<Consent> = deposits
            .iter()
            .map(|(_, _, on, until)| Consent { on: window(*on), until: until.map(window) })
            .collect();
        let by: Vec<By> = deposits.iter().map(|(actor, counts_as, ..)| By { actor: *actor, counts_as: *counts_as }).collect();
        prop_assume!(!met(&condition, &shares, at_least, &[]));

        let asked = condition.over(&by).unwrap();
        let derived = entry_into_force_when(&terms, &consents, &|standing| asked.is_met(&asked.tally(standing)));

        let force_in = |world: &Vec<(i64, Option<i64>)>| (0..16).find_map(|today| {
            let stand = deposits.iter().zip(world);
            let stand: Vec<Deposit> = stand
                .filter(|(_, (on, until))| *on <= today && until.is_none_or(|until| today < until))
                .map(|(deposit, _)| *deposit)
                .collect();
            met(&condition, &shares, at_least, &stand).then(|| match fixed {
                Some(fixed) if today <= fixed => fixed,
                _ => today + i64::from(delay),
            })
        });
        let days: Vec<Option<i64>> = worlds(&deposits).iter().map(force_in).collect();
        let first = days.iter().flatten().min().map(|day| Day::new(*day));
        let last = days.iter().copied().collect::<Option<Vec<i64>>>().and_then(|all| all.into_iter().max());
        let expected = first.map(|first| Window::between(first, last.map(Day::new)).unwrap());
        prop_assert_eq!(derived.map(|derived| derived.window), expected);
    }
}
