//! Claims: what actors say of a commitment, an instrument, an event, an act, a
//! statement or another claim.
//!
//! The ledger judges none of them. They are listed from the day they were said,
//! the latest of each claimant; where these differ the matter is contested. One
//! that its own claimant withdrew by name is listed no more.

use std::collections::{BTreeMap, BTreeSet};

use crate::record::{Claim, ClaimKind};
use crate::window::Window;
use crate::worlds::Certainty;

use super::answers::{both, happened, has_happened};
use super::context::Context;
use super::happening::Field;
use super::question::Dated;
use super::readings::{Reading, Unsupported};

/// A claim, as the latest or possibly the latest of one claimant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimItem {
    /// Its position.
    pub seq: u64,
    /// Who claims it, in this place.
    pub by: u64,
    /// What is claimed.
    pub claims: ClaimKind,
    /// When it was said.
    pub said: Dated,
    /// How certain it is that it had been said.
    pub certainty: Certainty,
    /// Who is said to have done it.
    pub against: Vec<u64>,
    /// The day claimed of.
    pub on: Option<Dated>,
    /// The statement it was made in.
    pub stated_in: Option<u64>,
    /// The positions of claims that deny this one.
    pub denied_by: Vec<u64>,
    /// The positions of the claim and its standing revisions.
    pub rests_on: Vec<u64>,
    /// Why it is shown but makes nothing contested, if so.
    pub unsupported: Option<Unsupported>,
}

/// What is claimed of something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claimed {
    /// The latest claims of each claimant, in order of their days.
    pub claims: Vec<ClaimItem>,
    /// Whether claimants differ, or one claim is denied by another.
    pub contested: bool,
}

/// All claims, by what they are about.
pub(super) struct Claims<'a> {
    about: BTreeMap<u64, Vec<(&'a Reading, &'a Claim)>>,
}

impl<'a> Claims<'a> {
    pub(super) fn of(context: &Context<'a>) -> Self {
        let mut about: BTreeMap<u64, Vec<_>> = BTreeMap::new();
        for (reading, claim) in context.readings.each::<Claim>() {
            about
                .entry(claim.about.0)
                .or_default()
                .push((reading, claim));
        }
        Self { about }
    }

    /// Returns what is claimed of the record at this position.
    pub(super) fn about(&self, context: &Context<'_>, seq: u64) -> Claimed {
        let Some(all) = self.about.get(&seq) else {
            return Claimed::default();
        };
        let mut by_claimant: BTreeMap<u64, Vec<Said<'_>>> = BTreeMap::new();
        let mut unsupported = Vec::new();
        for &(reading, claim) in all {
            let when = context.when(reading.seq, Field::Said, &claim.said);
            let window = when.window;
            let Some(certainty) = has_happened(context, &when) else {
                continue;
            };
            for by in context.actors(claim.by.iter().map(|actor| actor.0)) {
                let certainty = match self.taken_back(context, reading.seq, by) {
                    Some(Certainty::Certain) => continue,
                    Some(perhaps) => both(certainty, perhaps),
                    None => certainty,
                };
                let said = Said {
                    reading,
                    claim,
                    by,
                    window,
                    certainty,
                };
                if reading.counts() {
                    by_claimant.entry(by).or_default().push(said);
                } else {
                    unsupported.push(said);
                }
            }
        }
        let mut latest: Vec<Said<'_>> = by_claimant.into_values().flat_map(latest).collect();
        latest.sort_by_key(|said| {
            (
                said.window.lo(),
                said.window.hi(),
                said.reading.seq,
                said.by,
            )
        });
        let mut claims: Vec<ClaimItem> =
            latest.iter().map(|said| self.item(context, said)).collect();
        let contested = contested(&claims);
        claims.extend(unsupported.iter().map(|said| self.item(context, said)));
        Claimed { claims, contested }
    }

    fn item(&self, context: &Context<'_>, said: &Said<'_>) -> ClaimItem {
        let (reading, claim) = (said.reading, said.claim);
        ClaimItem {
            seq: reading.seq,
            by: said.by,
            claims: claim.claims,
            said: context.question.dated(&claim.said),
            certainty: said.certainty,
            against: claim
                .against
                .iter()
                .flatten()
                .map(|actor| actor.0)
                .collect(),
            on: claim.on.as_ref().map(|date| context.question.dated(date)),
            stated_in: claim.stated_in.map(|statement| statement.0),
            denied_by: self.denials(context, reading.seq),
            rests_on: reading.rests_on(),
            unsupported: reading.unsupported(),
        }
    }

    /// Returns how certain it is that the claimant took this claim back by name.
    fn taken_back(&self, context: &Context<'_>, seq: u64, by: u64) -> Option<Certainty> {
        let all = self.about.get(&seq).into_iter().flatten();
        let taken_back = all.filter_map(|&(reading, claim)| {
            withdrawn(context, claim, by).filter(|_| reading.counts())?;
            let when = context.when(reading.seq, Field::Said, &claim.said);
            has_happened(context, &when)
        });
        taken_back.min()
    }

    fn denials(&self, context: &Context<'_>, seq: u64) -> Vec<u64> {
        let denies = |(reading, claim): &&(&Reading, &Claim)| {
            let said = context.window(reading.seq, Field::Said, &claim.said);
            claim.claims == ClaimKind::Denied
                && reading.counts()
                && happened(said, context.question.on).is_some()
        };
        let all = self.about.get(&seq).into_iter().flatten();
        all.filter(denies).map(|(reading, _)| reading.seq).collect()
    }
}

/// Returns the claim that the actor takes back by this one: its own, by name.
pub(super) fn withdrawn<'a>(context: &Context<'a>, claim: &Claim, actor: u64) -> Option<&'a Claim> {
    let by = |claim: &Claim| claim.by.iter().any(|by| context.actor(by.0) == actor);
    let (_, other) = context.get::<Claim>(claim.about.0)?;
    (claim.claims == ClaimKind::Withdrawn && by(claim) && by(other)).then_some(other)
}

/// A claim by one of its claimants.
struct Said<'a> {
    reading: &'a Reading,
    claim: &'a Claim,
    by: u64,
    window: Window,
    certainty: Certainty,
}

/// Returns the claims of one claimant that may be the latest.
fn latest(mut said: Vec<Said<'_>>) -> Vec<Said<'_>> {
    said.sort_by_key(|said| (said.window.hi(), said.window.lo(), said.reading.seq));
    let certain = said
        .iter()
        .rposition(|said| said.certainty == Certainty::Certain);
    let Some(last) = certain else {
        return said;
    };
    let bound = said[last].window.lo();
    let mut place = 0;
    said.retain(|said| {
        let keep = place >= last || said.window.hi() > bound;
        place += 1;
        keep
    });
    said
}

fn contested(claims: &[ClaimItem]) -> bool {
    let standing = claims
        .iter()
        .filter(|claim| claim.claims != ClaimKind::Withdrawn);
    let kinds: BTreeSet<ClaimKind> = standing.clone().map(|claim| claim.claims).collect();
    let claimants: BTreeSet<u64> = standing.clone().map(|claim| claim.by).collect();
    let differ = kinds.len() > 1 && claimants.len() > 1;
    differ
        || standing
            .into_iter()
            .any(|claim| !claim.denied_by.is_empty())
}
