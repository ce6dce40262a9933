//! According to one: what a single actor claims of commitments, and the phases
//! that they have if it is right.
//!
//! A claim counts from the day that it is of, or was said on if it names none,
//! even where it was said later: what was known when is asked by the cut. Of the
//! claims whose day has come the one said last stands, and one that withdraws
//! leaves none; one that withdraws another by name leaves all but that one.
//! Nobody's word is weighed here against another's.

use std::collections::{BTreeMap, BTreeSet};

use crate::record::{Claim, ClaimKind};
use crate::window::Window;
use crate::worlds::Certainty;

use super::answers::{Answers, happened};
use super::claims::withdrawn;
use super::context::Context;
use super::happening::{Field, Happening};
use super::phase::{Fold, Phase};
use super::readings::Reading;
use super::when::When;

/// What the actor that is asked about claims, by the commitment that it is about.
#[derive(Default)]
pub(super) struct According {
    about: BTreeMap<u64, Vec<Word>>,
}

/// One claim of that actor.
struct Word {
    seq: u64,
    claims: ClaimKind,
    /// The claim that this one takes back, where it names one of the actor's own.
    withdraws: Option<u64>,
    said: Window,
    from: When<'static>,
    rests_on: Vec<u64>,
}

/// What is claimed of one commitment, and then of the one that it depends on.
pub(super) struct Heard<'a> {
    own: &'a [Word],
    of_condition: &'a [Word],
    conditional: bool,
}

impl According {
    /// Gathers the claims of the actor that is asked about, if one is.
    pub(super) fn of(context: &Context<'_>) -> Self {
        let mut according = Self::default();
        let Some(actor) = context.question.according_to else {
            return according;
        };
        let actor = context.actor(actor);
        for (reading, claim) in context.counting::<Claim>() {
            if claim.by.iter().any(|by| context.actor(by.0) == actor) {
                let withdrawn = withdrawn(context, claim, actor);
                let subject = withdrawn.map_or(claim.about.0, |withdrawn| withdrawn.about.0);
                let about = according.about.entry(subject).or_default();
                about.push(Word {
                    withdraws: withdrawn.map(|_| claim.about.0),
                    ..Word::of(context, reading, claim)
                });
            }
        }
        according
    }

    /// Returns what is claimed of a commitment, and of the one whose fulfilment it waits for.
    pub(super) fn heard(&self, seq: u64, conditional: bool, waits_for: Option<u64>) -> Heard<'_> {
        let about = |seq| self.about.get(&seq).map_or(&[][..], Vec::as_slice);
        Heard {
            own: about(seq),
            of_condition: waits_for.map_or(&[], about),
            conditional,
        }
    }
}

impl Word {
    fn of(context: &Context<'_>, reading: &Reading, claim: &Claim) -> Self {
        let seq = reading.seq;
        let from = match &claim.on {
            Some(on) => {
                let (first, _) = on.lasted(context.question.credibility);
                let field = Field::On;
                When::on(Happening { seq, field }, first)
            }
            None => context.when(seq, Field::Said, &claim.said),
        };
        Self {
            seq,
            claims: claim.claims,
            withdraws: None,
            said: context.window(seq, Field::Said, &claim.said),
            from,
            rests_on: reading.rests_on(),
        }
    }

    /// Returns whether this was said before the other in every world; of one
    /// day, what was recorded later was said later.
    fn surely_before(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.said.hi(), other.said.lo());
        mine < theirs || (mine == theirs && self.seq < other.seq)
    }

    /// Returns the day from which what is claimed of a condition is certain:
    /// that it was fulfilled, from the last it may be; that it was not, from the first.
    fn certain_from(&self) -> When<'static> {
        let window = self.from.window;
        let day = match self.claims {
            ClaimKind::Fulfilled => window.hi(),
            _ => window.lo(),
        };
        When::within(Window::on(day))
    }
}

impl Heard<'_> {
    /// Returns when each claim begins to count.
    pub(super) fn whens(&self) -> impl Iterator<Item = When<'static>> {
        let own = self.own.iter().map(|word| word.from.clone());
        own.chain(self.of_condition.iter().map(Word::certain_from))
    }

    /// Returns the phases that there may be after what was done, and after these
    /// of the claims, by their places in [`Self::whens`]; none before it was made.
    pub(super) fn phases(&self, fold: Fold, words: impl Iterator<Item = usize>) -> Vec<Phase> {
        let (mut own, mut of_condition) = (Vec::new(), Vec::new());
        for place in words {
            match place.checked_sub(self.own.len()) {
                None => own.push(&self.own[place]),
                Some(place) => of_condition.push(&self.of_condition[place]),
            }
        }
        let of_condition = last(&of_condition);
        let met = !of_condition.is_empty()
            && of_condition
                .iter()
                .all(|kind| *kind == ClaimKind::Fulfilled);
        let fold = Fold {
            detached: fold.detached || met,
            ..fold
        };
        let own = last(&own);
        let mut phases: Vec<Phase> = if own.is_empty() {
            fold.phase().into_iter().collect()
        } else {
            own.iter()
                .filter_map(|kind| self.phase(fold, *kind))
                .collect()
        };
        phases.sort_unstable();
        phases.dedup();
        phases
    }

    /// Returns the phase if this is the actor's last word.
    fn phase(&self, fold: Fold, kind: ClaimKind) -> Option<Phase> {
        let detached = match kind {
            ClaimKind::ConditionMet => true,
            ClaimKind::ConditionFailed => !self.conditional,
            _ => fold.detached,
        };
        let phase = Fold { detached, ..fold }.phase()?;
        Some(match kind {
            ClaimKind::Fulfilled => Phase::Fulfilled,
            ClaimKind::Violated => Phase::Violated,
            _ => phase,
        })
    }

    /// Returns the positions of the claims that count by the last of the days
    /// asked about, or may.
    pub(super) fn rests_on(&self, context: &Context<'_>) -> Vec<u64> {
        let words = self.own.iter().chain(self.of_condition);
        let counts = |word: &&Word| happened(word.from.window, context.question.on).is_some();
        words
            .filter(counts)
            .flat_map(|word| word.rests_on.iter().copied())
            .collect()
    }
}

/// Returns what is claimed in those of the claims that may be the last said, of
/// those that none of the others takes back.
fn last(words: &[&Word]) -> Vec<ClaimKind> {
    let withdrawn: BTreeSet<u64> = words.iter().filter_map(|word| word.withdraws).collect();
    let stands = |word: &&&Word| word.withdraws.is_none() && !withdrawn.contains(&word.seq);
    let standing: Vec<&Word> = words.iter().filter(stands).copied().collect();
    let is_last = |word: &&&Word| !standing.iter().any(|other| word.surely_before(other));
    standing
        .iter()
        .filter(is_last)
        .map(|word| word.claims)
        .collect()
}

/// Returns every phase that there may be, each with how certain it is. Where it
/// cannot be told which of an actor's claims was its last, one state has several.
pub(super) fn certainties(answers: &Answers<Vec<Phase>>) -> Vec<(Phase, Certainty)> {
    let phases: BTreeSet<Phase> = answers.values().into_iter().flatten().copied().collect();
    let certainty = |phase: Phase| {
        answers.certainty(|so| so.contains(&phase))?;
        let alone = answers.certainty(|so| *so == [phase]);
        let certain = alone.filter(|alone| *alone == Certainty::Certain);
        Some((phase, certain.unwrap_or(Certainty::Possible)))
    };
    phases.into_iter().filter_map(certainty).collect()
}
