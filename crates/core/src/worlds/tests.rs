//! Each answer against a count of all worlds.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn window(first: i64, last: i64) -> Window {
    Window::between(Day::new(first), Day::new(last)).unwrap()
}

/// Every way to pick one day in each window.
fn worlds(windows: &[Window]) -> Vec<Vec<i64>> {
    windows.iter().fold(vec![Vec::new()], |worlds, window| {
        let days = window.lo().days()..=window.hi().days();
        let longer = |world: &Vec<i64>| {
            let world = world.clone();
            days.clone().map(move |day| [&world[..], &[day]].concat())
        };
        worlds.iter().flat_map(longer).collect()
    })
}

fn answer(truths: impl Iterator<Item = bool>) -> Answer {
    let truths: Vec<bool> = truths.collect();
    Answer::new(truths.iter().all(|truth| *truth), truths.contains(&true))
}

/// The order of what has happened by `day` in a world.
fn order(world: &[i64], day: i64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..world.len())
        .filter(|index| world[*index] <= day)
        .collect();
    order.sort_by_key(|index| (world[*index], *index));
    order
}

#[test]
fn what_has_no_bound_is_never_certain() {
    assert_eq!(happened_by(Window::UNKNOWN, Day::new(0)), Answer::Possible);
    assert_eq!(
        holds_on(Window::UNKNOWN, None, Day::new(0)),
        Answer::Possible
    );
    assert_eq!(
        holds_on(window(0, 0), Some(Window::UNKNOWN), Day::new(5)),
        Answer::Possible
    );
}

#[test]
fn what_never_began_and_never_ends_always_holds() {
    let end = Some(Window::AFTER_ALL.day_after());

    assert_eq!(
        holds_on(Window::BEFORE_ALL, end, Day::new(0)),
        Answer::Certain
    );
    assert_eq!(holds_on(window(3, 4), end, Day::new(2)), Answer::Excluded);
}

#[test]
fn an_end_is_the_first_day_on_which_it_no_longer_holds() {
    let last_day = window(5, 5);
    let ended = Some(last_day.day_after());

    assert_eq!(holds_on(window(1, 1), ended, Day::new(5)), Answer::Certain);
    assert_eq!(holds_on(window(1, 1), ended, Day::new(6)), Answer::Excluded);
}

#[test]
fn a_history_without_happenings_has_one_outcome() {
    let outcomes = outcomes(&[], Day::new(0), &<[usize]>::len);

    assert_eq!(outcomes.values, [(0, Certainty::Certain)]);
}

#[test]
fn happenings_of_one_day_keep_the_order_of_the_list() {
    let outcomes = outcomes(
        &[window(3, 3), window(1, 1), window(3, 3)],
        Day::new(3),
        &<[usize]>::to_vec,
    );

    assert_eq!(outcomes.values, [(vec![1, 0, 2], Certainty::Certain)]);
}

#[test]
fn precise_days_cost_no_more_than_sorting() {
    let windows: Vec<Window> = (0..50_000)
        .map(|index| window(index * 7 % 977, index * 7 % 977))
        .collect();

    let outcomes = outcomes(&windows, Day::new(500), &<[usize]>::len);

    assert!(outcomes.exact);
    assert_eq!(outcomes.values.len(), 1);
}

#[test]
fn many_happenings_of_one_day_cost_no_more_than_sorting() {
    let windows = vec![window(3, 3); 50_000];

    let outcomes = outcomes(&windows, Day::new(3), &<[usize]>::len);

    assert_eq!(outcomes.values, [(50_000, Certainty::Certain)]);
}

#[test]
fn too_many_orders_end_in_an_answer_that_says_so() {
    let windows = vec![window(0, 1_000); 200];

    let outcomes = outcomes(&windows, Day::new(500), &<[usize]>::to_vec);

    assert!(!outcomes.exact);
    assert!(
        outcomes
            .values
            .iter()
            .all(|(_, certainty)| *certainty == Certainty::Possible)
    );
}

#[test]
fn unbounded_windows_are_searched_like_others() {
    let windows = [
        Window::UNKNOWN,
        Window::not_after(Day::new(3)),
        Window::not_before(Day::new(2)),
    ];

    let outcomes = outcomes(&windows, Day::new(3), &<[usize]>::to_vec);

    let orders: Vec<Vec<usize>> = outcomes
        .values
        .into_iter()
        .map(|(order, _)| order)
        .collect();
    // Day 3 alone is left after 2 has happened on day 2 and 1 on day 3, and on
    // one day 0 comes before 1.
    let expected: [&[usize]; 10] = [
        &[0, 1],
        &[0, 1, 2],
        &[0, 2, 1],
        &[1],
        &[1, 0],
        &[1, 0, 2],
        &[1, 2],
        &[1, 2, 0],
        &[2, 0, 1],
        &[2, 1],
    ];
    assert_eq!(orders, expected);
}

fn tiny_window() -> impl Strategy<Value = Window> {
    (0_i64..5, 0_i64..4).prop_map(|(first, length)| window(first, first + length))
}

proptest! {
    #[test]
    fn the_outcomes_are_those_of_all_worlds(
        windows in proptest::collection::vec(tiny_window(), 0..5),
        day in 0_i64..9,
    ) {
        let expected: BTreeSet<Vec<usize>> =
            worlds(&windows).iter().map(|world| order(world, day)).collect();

        let outcomes = outcomes(&windows, Day::new(day), &<[usize]>::to_vec);

        prop_assert!(outcomes.exact);
        let only = expected.len() == 1;
        prop_assert!(outcomes.values.iter().all(|(_, found)| (*found == Certainty::Certain) == only));
        let found: BTreeSet<Vec<usize>> = outcomes.values.into_iter().map(|(order, _)| order).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn spans_are_answered_as_by_counting_worlds(
        begun in tiny_window(),
        ended in tiny_window(),
        first in 0_i64..9,
        length in 0_i64..3,
    ) {
        let worlds: Vec<Vec<i64>> =
            worlds(&[begun, ended]).into_iter().filter(|world| world[0] <= world[1]).collect();
        if worlds.is_empty() {
            return Ok(());
        }
        let last = first + length;
        let holds = |world: &[i64], day: i64| world[0] <= day && day < world[1];
        let count = |truth: &dyn Fn(&[i64]) -> bool| answer(worlds.iter().map(|world| truth(world)));
        let (from, to) = (Day::new(first), Day::new(last));

        let on = holds_on(begun, Some(ended), from);
        let throughout = holds_throughout(begun, Some(ended), from, to);
        let within = holds_within(begun, Some(ended), from, to);

        prop_assert_eq!(on, count(&|world| holds(world, first)));
        prop_assert_eq!(throughout, count(&|world| (first..=last).all(|day| holds(world, day))));
        prop_assert_eq!(within, count(&|world| (first..=last).any(|day| holds(world, day))));
    }

    #[test]
    fn a_happening_is_answered_as_by_counting_worlds(happening in tiny_window(), day in 0_i64..9) {
        let expected = answer(worlds(&[happening]).iter().map(|world| world[0] <= day));

        prop_assert_eq!(happened_by(happening, Day::new(day)), expected);
    }
}
