//! Conflicts: which happenings and links cannot all be right.
//!
//! The links that brought two bounds across each other are a conflict already
//! where they count in days. What is left of them when each in turn has been
//! left out on trial is one of which nothing can be spared.

use std::collections::BTreeSet;

use super::network::{BUDGET, Conflict, Network, Var};
use super::raise::Stop;

/// How many links are left out on trial.
const TRIALS: usize = 64;

/// Returns a conflict among happenings whose bounds crossed.
pub(super) fn of(network: &Network<'_>, vars: &[Var], stop: &Stop) -> Conflict {
    let mut links = match stop {
        Stop::NoDay(links) if is_conflict(network, links) => links.clone(),
        _ => vars
            .iter()
            .flat_map(|var| network.touching[*var].iter().copied())
            .collect(),
    };
    links.sort_unstable();
    links.dedup();
    if links.len() <= TRIALS {
        for link in links.clone() {
            let without: Vec<usize> = links.iter().copied().filter(|each| *each != link).collect();
            if is_conflict(network, &without) {
                links = without;
            }
        }
    }
    let ends = links.iter().map(|link| &network.links[*link]);
    let vars: BTreeSet<Var> = ends.flat_map(|link| [link.from, link.to]).collect();
    Conflict {
        vars: vars.into_iter().collect(),
        links,
    }
}

/// Returns whether these links alone leave no world.
fn is_conflict(network: &Network<'_>, links: &[usize]) -> bool {
    let ends = links.iter().map(|link| &network.links[*link]);
    let vars: BTreeSet<Var> = ends.flat_map(|link| [link.from, link.to]).collect();
    let vars: Vec<Var> = vars.into_iter().collect();
    let place = |var: Var| vars.binary_search(&var).unwrap_or_default();
    let mut part = Network::default();
    for var in &vars {
        part.add(network.windows[*var]);
    }
    for link in links {
        let mut link = network.links[*link].clone();
        (link.from, link.to) = (place(link.from), place(link.to));
        part.link(link);
    }
    let all: Vec<Var> = (0..part.len()).collect();
    let budget = &mut (BUDGET / TRIALS);
    matches!(part.narrowed(&all, budget), Err(Stop::NoDay(_)))
}
