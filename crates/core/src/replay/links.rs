//! Links: what the readings say of the time between happenings.
//!
//! They are gathered in [`super::sequence`]. Here they are settled once for a
//! question, part by part, and every fold takes its windows from what is left;
//! a part without a world is a contradiction.

use std::collections::{BTreeMap, BTreeSet};

use crate::date::Credibility;
use crate::window::Window;
use crate::worlds::{Conflict, Link, Network, Part, Var};

use super::happening::Happening;
use super::readings::Readings;
use super::sequence::Said;

/// Records that cannot all be right: their dates and what they say of sequence
/// leave no world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The positions of the records, ascending. None of them can be spared.
    pub records: Vec<u64>,
    /// The dates that cannot all be as they are.
    pub happenings: Vec<Happening>,
}

/// The happenings that links join, with the windows that these leave them.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    network: Network<'static>,
    vars: BTreeMap<Happening, Var>,
    /// Each happening, by its place in the network.
    happenings: Vec<Happening>,
    /// Which part of the network each happening is in.
    part_of: Vec<usize>,
    parts: Vec<Joined>,
}

/// Happenings that are joined by links.
#[derive(Clone, Debug)]
struct Joined {
    vars: Vec<Var>,
    state: State,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Settled,
    Open,
    Contradictory(Contradiction),
}

impl Links {
    /// Returns the links of the readings that count.
    pub(super) fn of(readings: &Readings, credibility: Credibility) -> Self {
        let Said {
            network,
            vars,
            happenings,
            by,
        } = Said::by(readings, credibility);
        let mut links = Self {
            part_of: vec![0; network.len()],
            network,
            vars,
            happenings,
            parts: Vec::new(),
        };
        links.settle(&by);
        links
    }

    fn settle(&mut self, by: &[u64]) {
        let mut seen = vec![false; self.network.len()];
        for var in 0..self.network.len() {
            if seen[var] {
                continue;
            }
            let vars = self.network.joined_to(var);
            for &joined in &vars {
                seen[joined] = true;
                self.part_of[joined] = self.parts.len();
            }
            let state = match self.network.settle(&vars) {
                Part::Settled => State::Settled,
                Part::Open => State::Open,
                Part::Contradictory(Conflict { vars, links }) => {
                    let of_vars = vars.iter().map(|var| self.happenings[*var].seq);
                    let of_links = links.iter().map(|link| by[*link]);
                    let records: BTreeSet<u64> = of_vars.chain(of_links).collect();
                    State::Contradictory(Contradiction {
                        records: records.into_iter().collect(),
                        happenings: vars.iter().map(|var| self.happenings[*var]).collect(),
                    })
                }
            };
            self.parts.push(Joined { vars, state });
        }
    }

    /// Returns the window that the links leave to a happening, if any link bears on it.
    pub(super) fn window(&self, of: Happening) -> Option<Window> {
        self.vars.get(&of).map(|var| self.network.window(*var))
    }

    /// Returns the part of the network that a happening is in, if it is in any.
    pub(super) fn part(&self, of: Happening) -> Option<usize> {
        self.vars.get(&of).map(|var| self.part_of[*var])
    }

    /// Returns the contradiction that a happening is a part of, or is joined to.
    pub(super) fn contradiction(&self, of: Happening) -> Option<&Contradiction> {
        match &self.parts.get(self.part(of)?)?.state {
            State::Contradictory(contradiction) => Some(contradiction),
            State::Settled | State::Open => None,
        }
    }

    /// Returns all contradictions, in order of their first records.
    pub(super) fn contradictions(&self) -> Vec<Contradiction> {
        let mut all: Vec<Contradiction> = self
            .parts
            .iter()
            .filter_map(|part| match &part.state {
                State::Contradictory(contradiction) => Some(contradiction.clone()),
                State::Settled | State::Open => None,
            })
            .collect();
        all.sort_by(|one, other| one.records.cmp(&other.records));
        all
    }

    /// Returns whether the windows in a part may be wider than its worlds.
    pub(super) fn is_open(&self, part: usize) -> bool {
        self.parts
            .get(part)
            .is_some_and(|part| part.state == State::Open)
    }

    /// Adds a part to a network, with its links; returns where each of its
    /// happenings is there.
    pub(super) fn add_to(
        &self,
        network: &mut Network<'_>,
        part: usize,
        places: &mut BTreeMap<Happening, Var>,
    ) {
        let Some(part) = self.parts.get(part) else {
            return;
        };
        let moved: BTreeMap<Var, Var> = part
            .vars
            .iter()
            .map(|var| (*var, network.add(self.network.window(*var))))
            .collect();
        for link in self.network.links_of(&part.vars) {
            if let (Some(from), Some(to)) = (moved.get(&link.from), moved.get(&link.to)) {
                network.link(Link {
                    from: *from,
                    to: *to,
                    step: link.step.clone(),
                    side: link.side,
                });
            }
        }
        places.extend(moved.iter().map(|(var, at)| (self.happenings[*var], *at)));
    }
}
