//! Conditions: of which consents a treaty takes how many to enter into force.
//!
//! All that is asked for must be met on one day. Actors are numbers. Whoever
//! continues an actor whose consent counts adds nothing to how many there are,
//! but is among those required as itself. One more consent never undoes a
//! condition that is met.

use std::collections::BTreeMap;

use super::exact::{PerCent, Scaled};

/// What must be met, all of it, on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// How many must have consented; `None` if it is not a matter of how many.
    pub consents: Option<u64>,
    /// Who must be among them.
    pub requires: Vec<u64>,
    /// Groups, and how many of each must be among them.
    pub groups: Vec<Group>,
    /// Each actor's share.
    pub shares: Vec<(u64, PerCent)>,
    /// How much of the shares theirs must amount to, if that is asked for.
    pub at_least: Option<PerCent>,
}

/// Actors of whom so many must have consented.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Who belongs to it.
    pub of: Vec<u64>,
    /// How many of them.
    pub at_least: u64,
}

/// By whom a consent was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct By {
    /// Who gave it.
    pub actor: u64,
    /// As whose it counts: the giver's own, or that of an actor it continues.
    pub counts_as: u64,
}

/// A condition laid out over a list of consents.
#[derive(Clone, Debug)]
pub struct Asked {
    consents: Option<u64>,
    /// The number of who it counts as, for each consent.
    heads: Vec<usize>,
    /// How many numbers there are.
    most_heads: usize,
    /// The consents of each required actor.
    requires: Vec<Vec<usize>>,
    /// The consents of each group.
    groups: Vec<(Vec<usize>, u64)>,
    /// The consents of each actor with a share.
    shares: Vec<Vec<usize>>,
    scaled: Option<Scaled>,
}

/// How far a condition is met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many consents there are.
    pub consents: u64,
    /// Of those required, who is there, in the order of the condition.
    pub requires: Vec<bool>,
    /// How many there are of each group, in the order of the condition.
    pub groups: Vec<u64>,
    /// How much the shares amount to, in the parts of the condition.
    shares: u128,
}

impl Condition {
    /// Returns whether anything is asked for.
    pub fn is_empty(&self) -> bool {
        self.consents.is_none()
            && self.requires.is_empty()
            && self.groups.is_empty()
            && self.at_least.is_none()
    }

    /// Lays the condition out over consents given by these; `None` if its
    /// shares cannot be added exactly.
    pub fn over(&self, by: &[By]) -> Option<Asked> {
        let mut heads = BTreeMap::new();
        let mut of_actor: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        let mut head_of_each = Vec::with_capacity(by.len());
        for (place, each) in by.iter().enumerate() {
            let next = heads.len();
            head_of_each.push(*heads.entry(each.counts_as).or_insert(next));
            of_actor.entry(each.actor).or_default().push(place);
        }
        let places = |actor: &u64| of_actor.get(actor).cloned().unwrap_or_default();
        let scaled = match self.at_least {
            None => None,
            Some(at_least) => {
                let shares: Vec<PerCent> = self.shares.iter().map(|(_, share)| *share).collect();
                Some(Scaled::of(&shares, at_least)?)
            }
        };
        let group = |group: &Group| (group.of.iter().flat_map(places).collect(), group.at_least);
        Some(Asked {
            consents: self.consents,
            heads: head_of_each,
            most_heads: heads.len(),
            requires: self.requires.iter().map(places).collect(),
            groups: self.groups.iter().map(group).collect(),
            shares: self.shares.iter().map(|(actor, _)| places(actor)).collect(),
            scaled,
        })
    }
}

impl Asked {
    /// Returns how far the consents that stand meet what is asked for.
    pub fn tally(&self, standing: &[bool]) -> Tally {
        let stands = |place: &usize| standing.get(*place).copied().unwrap_or(false);
        let any = |places: &Vec<usize>| places.iter().any(stands);
        let shares = self.scaled.iter().flat_map(|scaled| &scaled.shares);
        Tally {
            consents: self.heads_among(&mut (0..self.heads.len()).filter(stands)),
            requires: self.requires.iter().map(any).collect(),
            groups: self
                .groups
                .iter()
                .map(|(of, _)| self.heads_among(&mut of.iter().copied().filter(stands)))
                .collect(),
            shares: shares
                .zip(&self.shares)
                .filter(|(_, places)| any(places))
                .map(|(share, _)| share)
                .sum(),
        }
    }

    /// Returns whether that is enough.
    pub fn is_met(&self, tally: &Tally) -> bool {
        let enough = |at_least: u64, so_many: u64| so_many >= at_least;
        let mut groups = self.groups.iter().zip(&tally.groups);
        self.consents
            .is_none_or(|needed| enough(needed, tally.consents))
            && tally.requires.iter().all(|there| *there)
            && groups.all(|((_, at_least), so_many)| enough(*at_least, *so_many))
            && self.has_the_shares(tally)
    }

    /// Returns whether the shares are enough, if shares are asked for.
    pub fn has_the_shares(&self, tally: &Tally) -> bool {
        let scaled = self.scaled.as_ref();
        scaled.is_none_or(|scaled| tally.shares >= scaled.at_least)
    }

    /// Returns what the shares of a tally amount to, if shares are asked for.
    pub fn per_cent(&self, tally: &Tally) -> Option<PerCent> {
        self.scaled.as_ref()?.per_cent(tally.shares)
    }

    /// Returns how many actors these consents count as.
    fn heads_among(&self, places: &mut dyn Iterator<Item = usize>) -> u64 {
        let mut seen = vec![false; self.most_heads];
        let mut count = 0;
        for place in places {
            let seen = &mut seen[self.heads[place]];
            count += u64::from(!std::mem::replace(seen, true));
        }
        count
    }
}

impl Tally {
    /// Takes over whatever was met further in another tally of the same condition.
    pub fn raise_to(&mut self, other: &Self) {
        self.requires.resize(other.requires.len(), false);
        self.groups.resize(other.groups.len(), 0);
        self.consents = self.consents.max(other.consents);
        self.shares = self.shares.max(other.shares);
        for (here, there) in self.requires.iter_mut().zip(&other.requires) {
            *here |= there;
        }
        for (here, there) in self.groups.iter_mut().zip(&other.groups) {
            *here = (*here).max(*there);
        }
    }
}
