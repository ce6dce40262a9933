//! The network against a count of all its worlds.
//!
//! Each random network is small enough to write out every world of it; a batch
//! of questions is then answered by the network and by the list.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod worlds_dice;

use std::collections::BTreeSet;

use chancery_core::day::Day;
use chancery_core::rule::{Delay, Rounding};
use chancery_core::window::Window;
use chancery_core::worlds::{Condition, Conflict, Link, Network, Orders, Part, Placed, Side, Step};
use worlds_dice::Dice;

/// How many networks are made: with 70 questions to each that has a world.
const NETWORKS: usize = 3_500;
/// The day 0 of these networks: a month's end is near, so that months differ.
const EPOCH: i64 = 11_012; // 2000-02-25

fn day(offset: i64) -> Day {
    Day::new(EPOCH + offset)
}

/// A random network, with the windows as they were before it was settled.
struct Case {
    network: Network<'static>,
    windows: Vec<Window>,
    worlds: Vec<Vec<Day>>,
}

impl Case {
    fn random(dice: &mut Dice) -> Self {
        let mut network = Network::default();
        let happenings = dice.between(1, 4);
        for _ in 0..happenings {
            let first = dice.between(0, 9);
            let length = dice.between(0, 5);
            network.add(Window::between(day(first), day(first + length)).unwrap());
        }
        for _ in 0..dice.between(0, 4) {
            let var = |dice: &mut Dice| usize::try_from(dice.between(0, happenings - 1)).unwrap();
            let (from, to) = (var(dice), var(dice));
            let side = *dice.pick(&[Side::AtLeast, Side::AtMost]);
            let step = random_step(dice);
            network.link(Link {
                from,
                to,
                step,
                side,
            });
        }
        let windows: Vec<Window> = (0..network.len()).map(|var| network.window(var)).collect();
        let worlds = worlds(&windows, network.links());
        Self {
            network,
            windows,
            worlds,
        }
    }

    fn settle(&mut self) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut seen = BTreeSet::new();
        for var in 0..self.network.len() {
            if seen.insert(var) {
                let joined = self.network.joined_to(var);
                seen.extend(joined.iter().copied());
                parts.push(self.network.settle(&joined));
            }
        }
        parts
    }
}

fn random_step(dice: &mut Dice) -> Step<'static> {
    let rounding = match dice.between(0, 9) {
        0 => Some(Rounding::FirstOfMonth),
        1 => Some(Rounding::FirstOfNextMonth),
        _ => None,
    };
    let delay = match dice.between(0, 9) {
        0 => Delay::Months(1),
        1 => Delay::Days(29),
        _ => Delay::Days(u32::try_from(dice.between(0, 5)).unwrap()),
    };
    Step::Due(delay, rounding)
}

/// Every way to pick one day in each window that the links allow.
fn worlds(windows: &[Window], links: &[Link<'_>]) -> Vec<Vec<Day>> {
    let all = windows
        .iter()
        .fold(vec![Vec::new()], |worlds: Vec<Vec<Day>>, window| {
            let days: Vec<Day> = (window.lo().days()..=window.hi().days())
                .map(Day::new)
                .collect();
            let longer = |world: &Vec<Day>| {
                let world = world.clone();
                let days = days.clone();
                days.into_iter()
                    .map(move |day| [&world[..], &[day]].concat())
            };
            worlds.iter().flat_map(longer).collect()
        });
    let allowed = |world: &Vec<Day>| {
        links.iter().all(|link| {
            let reached = link.step.of(world[link.from]);
            match link.side {
                Side::AtLeast => world[link.to] >= reached,
                Side::AtMost => world[link.to] <= reached,
            }
        })
    };
    all.into_iter().filter(allowed).collect()
}

fn is_met(condition: Condition, world: &[Day]) -> bool {
    match condition {
        Condition::By(var, day) => world[var] <= day,
        Condition::After(var, day) => world[var] > day,
        Condition::InOrder(first, then) => world[first] <= world[then],
        Condition::Before(first, then) => world[first] < world[then],
    }
}

fn random_condition(dice: &mut Dice, happenings: usize) -> Condition {
    let mut var =
        || usize::try_from(dice.between(0, i64::try_from(happenings).unwrap() - 1)).unwrap();
    let (one, other) = (var(), var());
    let on = day(dice.between(-1, 15));
    match dice.between(0, 3) {
        0 => Condition::By(one, on),
        1 => Condition::After(one, on),
        2 => Condition::InOrder(one, other),
        _ => Condition::Before(one, other),
    }
}

/// What happened by a day in a world, in order, with what came on one day told.
fn order(world: &[Day], steps: &[usize], by: Day) -> Vec<usize> {
    let mut order: Vec<usize> = (0..steps.len())
        .filter(|step| world[steps[*step]] <= by)
        .collect();
    order.sort_by_key(|step| (world[steps[*step]], *step));
    order
}

#[test]
fn every_answer_of_a_network_is_that_of_all_its_worlds() {
    let mut dice = Dice::of("network");
    let (mut questions, mut contradictions) = (0, 0);
    for _ in 0..NETWORKS {
        let mut case = Case::random(&mut dice);
        let parts = case.settle();
        let contradictory = parts
            .iter()
            .any(|part| matches!(part, Part::Contradictory(_)));
        assert_eq!(contradictory, case.worlds.is_empty(), "{:?}", case.network);
        assert!(!parts.contains(&Part::Open));
        if contradictory {
            contradictions += 1;
            continue;
        }
        for var in 0..case.network.len() {
            let days = case.worlds.iter().map(|world| world[var]);
            let (first, last) = (days.clone().min().unwrap(), days.max().unwrap());
            assert_eq!(
                case.network.window(var),
                Window::between(first, last).unwrap()
            );
        }
        for _ in 0..70 {
            questions += 1;
            let count = dice.between(1, 3);
            let conditions: Vec<Condition> = (0..count)
                .map(|_| random_condition(&mut dice, case.network.len()))
                .collect();
            let met = |world: &Vec<Day>| conditions.iter().all(|each| is_met(*each, world));
            let expected = case.worlds.iter().any(met);
            let found = case.network.world_where(&conditions).unwrap();
            assert_eq!(
                found.is_some(),
                expected,
                "{conditions:?} in {:?}",
                case.network
            );
            if let Some(world) = found {
                assert!(met(&world) && case.worlds.contains(&world), "{world:?}");
            }
        }
    }
    println!("{questions} questions, {contradictions} networks without a world");
    assert!(questions >= 100_000);
    assert!(contradictions > 100);
}

#[test]
fn the_orders_of_linked_happenings_are_those_of_all_worlds() {
    let mut dice = Dice::of("orders");
    for _ in 0..NETWORKS {
        let mut case = Case::random(&mut dice);
        case.settle();
        let by = day(dice.between(0, 12));
        let steps: Vec<usize> = (0..dice.between(1, 5))
            .map(|_| {
                usize::try_from(dice.between(0, i64::try_from(case.network.len()).unwrap() - 1))
                    .unwrap()
            })
            .collect();
        let expected: BTreeSet<Vec<usize>> = case
            .worlds
            .iter()
            .map(|world| order(world, &steps, by))
            .collect();

        let mut found = BTreeSet::new();
        let mut twice = false;
        let exact =
            Orders::new(&mut case.network, &steps, by, None).run(&mut |order: &[Placed]| {
                twice |= !found.insert(order.iter().map(|placed| placed.step).collect::<Vec<_>>());
            });

        assert!(exact && !twice);
        assert_eq!(found, expected, "{steps:?} by {by} in {:?}", case.network);
    }
}

#[test]
fn days_are_told_apart_after_the_step_that_asks_for_it() {
    let mut dice = Dice::of("apart");
    for _ in 0..NETWORKS {
        let mut case = Case::random(&mut dice);
        case.settle();
        let from = day(dice.between(0, 8));
        let by = from.plus_days(dice.between(1, 4));
        let mut steps: Vec<usize> = (0..case.network.len()).collect();
        let mark = case.network.add(Window::on(from));
        steps.push(mark);
        let expected: BTreeSet<Vec<(usize, bool)>> = case
            .worlds
            .iter()
            .map(|world| {
                let world = [&world[..], &[from]].concat();
                let order = order(&world, &steps, by);
                let mark = order
                    .iter()
                    .position(|step| *step == steps.len() - 1)
                    .unwrap();
                let same = |place: usize| {
                    place > mark + 1 && world[order[place]] == world[order[place - 1]]
                };
                (0..order.len())
                    .map(|place| (order[place], same(place)))
                    .collect()
            })
            .collect();

        let mut found = BTreeSet::new();
        let exact = Orders::new(&mut case.network, &steps, by, Some(mark)).run(&mut |order| {
            found.insert(
                order
                    .iter()
                    .map(|placed| (placed.step, placed.same_day))
                    .collect(),
            );
        });

        assert!(exact);
        assert_eq!(found, expected, "from {from} by {by} in {:?}", case.network);
    }
}

#[test]
fn nothing_of_a_conflict_can_be_spared() {
    let mut dice = Dice::of("conflicts");
    let mut conflicts = 0;
    for _ in 0..NETWORKS {
        let mut case = Case::random(&mut dice);
        for part in case.settle() {
            let Part::Contradictory(Conflict { links, .. }) = part else {
                continue;
            };
            conflicts += 1;
            let kept = |left_out: Option<usize>| -> Vec<Link<'_>> {
                let links = links.iter().filter(|link| Some(**link) != left_out);
                links
                    .map(|link| case.network.links()[*link].clone())
                    .collect()
            };
            assert!(worlds(&case.windows, &kept(None)).is_empty());
            for link in &links {
                assert!(!worlds(&case.windows, &kept(Some(*link))).is_empty());
            }
        }
    }
    assert!(conflicts > 100);
}

#[test]
fn a_circle_that_nothing_holds_is_found() {
    let mut network = Network::default();
    let (one, other) = (network.add(Window::UNKNOWN), network.add(Window::UNKNOWN));
    network.at_least(one, other, Step::days(1));
    network.at_least(other, one, Step::SAME);

    let part = network.settle(&[one, other]);

    let conflict = Conflict {
        vars: vec![one, other],
        links: vec![0, 1],
    };
    assert_eq!(part, Part::Contradictory(conflict));
}

#[test]
fn a_circle_of_months_and_days_may_fit_in_some_months_only() {
    let month = || Step::Due(Delay::Months(1), None);
    let within = |days: u32| {
        let mut network = Network::default();
        let one = network.add(Window::UNKNOWN);
        let other = network.add(Window::UNKNOWN);
        network.at_least(one, other, month());
        network.at_most(one, other, Step::days(days));
        network.settle(&[one, other])
    };

    assert_eq!(within(28), Part::Settled);
    assert!(matches!(within(27), Part::Contradictory(_) | Part::Open));
}

#[test]
fn a_month_that_must_be_short_narrows_to_february() {
    let mut network = Network::default();
    let from_2001: Day = "2001-01-05".parse().unwrap();
    let one = network.add(Window::not_before(from_2001));
    let other = network.add(Window::UNKNOWN);
    network.at_least(one, other, Step::Due(Delay::Months(1), None));
    network.at_most(one, other, Step::days(28));

    let part = network.settle(&[one, other]);

    assert_eq!(part, Part::Settled);
    assert_eq!(network.window(one).to_string(), "2001-01-31/..");
}

#[test]
fn bounds_that_are_not_there_stay_away() {
    let mut network = Network::default();
    let made = network.add(Window::not_before(day(3)));
    let done = network.add(Window::UNKNOWN);
    network.at_least(made, done, Step::days(2));

    let part = network.settle(&[made, done]);

    assert_eq!(part, Part::Settled);
    assert_eq!(network.window(made), Window::not_before(day(3)));
    assert_eq!(network.window(done), Window::not_before(day(5)));
}

#[test]
fn many_small_parts_cost_no_more_than_one_large() {
    let mut network = Network::default();
    let pairs: Vec<[usize; 2]> = (0..50_000)
        .map(|_| {
            let made = network.add(Window::not_before(day(3)));
            let done = network.add(Window::UNKNOWN);
            network.at_least(made, done, Step::SAME);
            [made, done]
        })
        .collect();

    for pair in &pairs {
        assert_eq!(network.settle(pair), Part::Settled);
    }

    assert_eq!(network.window(99_999), Window::not_before(day(3)));
}
