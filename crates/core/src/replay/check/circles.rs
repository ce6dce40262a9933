//! Circles: records that lead back to themselves by what they name.

use std::collections::{BTreeMap, BTreeSet};

/// What each record names.
pub(super) type Named = BTreeMap<u64, Vec<u64>>;

/// Returns the records that lead to one another, each set once and ascending:
/// the strongly connected components, by Kosaraju's two walks.
pub(super) fn circles(names: &Named) -> Vec<Vec<u64>> {
    let mut named_by = Named::new();
    for (&from, to) in names {
        for &to in to {
            named_by.entry(to).or_default().push(from);
        }
    }
    let mut seen = BTreeSet::new();
    let mut done = Vec::new();
    for &start in names.keys() {
        done.extend(walk(start, names, &mut seen));
    }
    let mut seen = BTreeSet::new();
    let mut circles = Vec::new();
    for start in done.into_iter().rev() {
        let mut circle = walk(start, &named_by, &mut seen);
        circle.sort_unstable();
        let names_itself = |seq: &u64| names.get(seq).is_some_and(|to| to.contains(seq));
        if circle.len() > 1 || circle.first().is_some_and(names_itself) {
            circles.push(circle);
        }
    }
    circles.sort_unstable();
    circles
}

/// Returns what can be reached and was not seen before, in the order in which
/// nothing further was to be reached from it.
fn walk(start: u64, to: &Named, seen: &mut BTreeSet<u64>) -> Vec<u64> {
    let mut done = Vec::new();
    if !seen.insert(start) {
        return done;
    }
    let next = |at| to.get(&at).into_iter().flatten();
    let mut path = vec![(start, next(start))];
    while let Some((at, left)) = path.last_mut() {
        if let Some(&further) = left.find(|to| seen.insert(**to)) {
            path.push((further, next(further)));
        } else {
            done.push(*at);
            path.pop();
        }
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn named(edges: &[(u64, u64)]) -> Named {
        let mut named = Named::new();
        for (from, to) in edges {
            named.entry(*from).or_default().push(*to);
        }
        named
    }

    #[test]
    fn a_circle_is_found_by_whatever_of_several_it_goes() {
        let found = circles(&named(&[(1, 9), (1, 2), (2, 8), (2, 1), (3, 1), (4, 4)]));

        assert_eq!(found, [vec![1, 2], vec![4]]);
    }

    proptest! {
        #[test]
        fn those_that_reach_each_other_are_a_circle(
            edges in prop::collection::vec((0_u64..7, 0_u64..7), 0..16),
        ) {
            let mut reaches: BTreeSet<(u64, u64)> = edges.iter().copied().collect();
            for by in 0..7 {
                for from in 0..7 {
                    for to in 0..7 {
                        if reaches.contains(&(from, by)) && reaches.contains(&(by, to)) {
                            reaches.insert((from, to));
                        }
                    }
                }
            }
            let mut expected: Vec<Vec<u64>> = (0..7)
                .map(|one| {
                    let both = |to: &u64| {
                        reaches.contains(&(one, *to)) && reaches.contains(&(*to, one))
                    };
                    (0..7).filter(both).collect()
                })
                .filter(|circle: &Vec<u64>| !circle.is_empty())
                .collect();
            expected.sort_unstable();
            expected.dedup();

            prop_assert_eq!(circles(&named(&edges)), expected);
        }
    }
}
