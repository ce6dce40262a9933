//! Commitments: who owes what to whom, and how it stands with it.
//!
//! The phase follows from what was done to the commitment, never from what is
//! claimed of it: that it was fulfilled or violated is somebody's word, and
//! counts only where it is asked how things are according to that actor. So a
//! commitment that waits for another to be fulfilled waits until it is
//! detached; one that waits for an issue to be closed or an instrument to be in
//! force waits until that is certain.

use std::collections::{BTreeMap, BTreeSet};

use crate::record::{
    Act, ClaimKind, Commitment, ConditionState, Force, Issue, Occurrence, OccurrenceKind,
    Operation, OperationKind, Statement,
};
use crate::window::Window;
use crate::worlds::{Certainty, Step};

use super::according::{According, Heard, certainties};
use super::answers::{Answers, happened};
use super::claims::{Claimed, Claims};
use super::context::Context;
use super::happening::Field;
use super::instrument::InstrumentItem;
use super::phase::{Ending, Fold, Phase, Turn, with_left};
use super::question::Dated;
use super::readings::{Reading, Unsupported};
use super::side::Side;
use super::when::When;
use super::witness::Fact;

/// What a commitment depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionItem {
    /// In words.
    pub text: Option<String>,
    /// The position of the record that it depends on.
    pub on: Option<u64>,
    /// What that must be.
    pub state: Option<ConditionState>,
}

/// A commitment on the days asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitmentItem {
    /// Its position.
    pub seq: u64,
    /// Its id.
    pub id: String,
    /// What is owed.
    pub text: String,
    /// Who owes it, without those who have left its instrument.
    pub debtors: Side,
    /// To whom it is owed.
    pub creditors: Side,
    /// The furthest phase that it has or may have; `None` where the records
    /// that it rests on cannot all be right.
    pub phase: Option<Phase>,
    /// How certain that is.
    pub certainty: Certainty,
    /// Every phase that it has or may have.
    pub phases: Vec<(Phase, Certainty)>,
    /// Whether it rests on another's word: no debtor spoke, was spoken for, or acted.
    pub attributed: bool,
    /// How certain it is that its day is past and no claim says that it was fulfilled.
    pub overdue: Option<Certainty>,
    /// What it depends on.
    pub condition: Option<ConditionItem>,
    /// What is claimed of it.
    pub claimed: Claimed,
    /// When it was made.
    pub made: Dated,
    /// From when it is owed, if not from when it was made.
    pub from: Option<Dated>,
    /// When it is due.
    pub due: Option<Dated>,
    /// The last day on which it is owed.
    pub until: Option<Dated>,
    /// The position of the instrument that it is under.
    pub under: Option<u64>,
    /// The position of the statement that it was made in.
    pub stated_in: Option<u64>,
    /// Its article.
    pub article: Option<String>,
    /// With what force it is meant to bind.
    pub force: Option<Force>,
    /// The positions of the commitment, its revisions, its statement and
    /// instrument, and what was done to it.
    pub rests_on: Vec<u64>,
    /// Why it is shown but moves nothing, if so.
    pub unsupported: Option<Unsupported>,
}

/// What is needed to place commitments beside the rest of the register.
struct Around<'a> {
    context: &'a Context<'a>,
    claims: &'a Claims<'a>,
    according: According,
    instruments: BTreeMap<u64, &'a InstrumentItem>,
    /// Who acted on which instrument by the last day: instrument, actor.
    acted: BTreeSet<(u64, u64)>,
    operations: BTreeMap<u64, Vec<(&'a Reading, &'a Operation)>>,
    /// What happened to each instrument.
    occurrences: BTreeMap<u64, Vec<(&'a Reading, &'a Occurrence)>>,
}

/// Returns the commitments that had been made, in order of position.
pub(super) fn commitments(
    context: &Context<'_>,
    claims: &Claims<'_>,
    instruments: &[InstrumentItem],
) -> Vec<CommitmentItem> {
    let acts = context.counting::<Act>().filter(|(reading, act)| {
        happened(
            context.window(reading.seq, Field::On, &act.on),
            context.question.on,
        )
        .is_some()
    });
    let mut operations: BTreeMap<u64, Vec<_>> = BTreeMap::new();
    for (reading, operation) in context.counting::<Operation>() {
        let of_commitment = operations.entry(operation.commitment.0).or_default();
        of_commitment.push((reading, operation));
    }
    let mut occurrences: BTreeMap<u64, Vec<_>> = BTreeMap::new();
    for (reading, occurrence) in context.counting::<Occurrence>() {
        let of_instrument = occurrences.entry(occurrence.instrument.0).or_default();
        of_instrument.push((reading, occurrence));
    }
    let around = Around {
        context,
        claims,
        according: According::of(context),
        instruments: instruments
            .iter()
            .filter(|item| item.unsupported.is_none())
            .map(|item| (item.seq, item))
            .collect(),
        acted: acts
            .map(|(_, act)| (act.instrument.0, context.actor(act.by.0)))
            .collect(),
        operations,
        occurrences,
    };
    let all = context.readings.each::<Commitment>();
    all.filter_map(|(reading, commitment)| around.item(reading, commitment))
        .collect()
}

impl Around<'_> {
    fn item(&self, reading: &Reading, commitment: &Commitment) -> Option<CommitmentItem> {
        let question = &self.context.question;
        let under = self.under(commitment);
        let debtors = Side::of(self.context, Some(&commitment.debtors), under);
        let phases = self.phases(reading.seq, commitment, &debtors);
        let withheld = phases.is_none();
        let phases = phases.unwrap_or_default();
        let (phase, certainty) = match phases.last() {
            _ if withheld => (None, Certainty::Contradictory),
            last => last.map(|(phase, certainty)| (Some(*phase), *certainty))?,
        };
        let claimed = self.claims.about(self.context, reading.seq);
        let dated = |date: &Option<_>| date.as_ref().map(|date| question.dated(date));
        let due = dated(&commitment.due);
        let condition = commitment
            .condition
            .as_ref()
            .map(|condition| ConditionItem {
                text: condition.0.text.clone(),
                on: condition.0.on.map(|on| on.0),
                state: condition.0.state,
            });
        Some(CommitmentItem {
            seq: reading.seq,
            id: self.context.readings.id_of(reading.seq),
            text: commitment.text.clone(),
            attributed: self.attributed(commitment, &debtors),
            debtors: debtors.still_owing(under),
            creditors: Side::of(self.context, commitment.creditors.as_ref(), under),
            phase,
            certainty,
            overdue: self.overdue(due.as_ref(), &phases, &claimed),
            phases,
            condition,
            claimed,
            made: question.dated(&commitment.made),
            from: dated(&commitment.from),
            due,
            until: dated(&commitment.until),
            under: commitment.under.map(|under| under.0),
            stated_in: commitment.stated_in.map(|statement| statement.0),
            article: commitment.article.clone(),
            force: commitment.force,
            rests_on: self.rests_on(reading, commitment),
            unsupported: reading.unsupported(),
        })
    }

    fn under(&self, commitment: &Commitment) -> Option<&InstrumentItem> {
        self.instruments.get(&commitment.under?.0).copied()
    }

    /// Returns every phase that the commitment has or may have, ascending; none
    /// before it was made. `None` where what they rest on cannot all be right.
    fn phases(
        &self,
        seq: u64,
        commitment: &Commitment,
        debtors: &Side,
    ) -> Option<Vec<(Phase, Certainty)>> {
        let turns = self.turns(seq, commitment);
        let heard = self.heard(seq, commitment);
        let whens = turns.iter().map(|(_, when)| when.clone());
        let whens: Vec<When<'_>> = whens.chain(heard.whens()).collect();
        let start = Fold {
            owed: commitment.from.is_none(),
            in_force: !self.held_back(commitment),
            detached: commitment.condition.is_none(),
            ..Fold::default()
        };
        let state = |order: &[usize]| {
            let taken = order.iter().filter_map(|index| turns.get(*index));
            let fold = taken.fold(start, |fold, (turn, _)| fold.after(*turn));
            let words = order
                .iter()
                .filter_map(|step| step.checked_sub(turns.len()));
            heard.phases(fold, words)
        };
        let asked = |fact: &Fact| match fact {
            Fact::Phase(of, phase) => (*of == seq).then_some(*phase),
            _ => None,
        };
        let context = self.context;
        context.witness(asked, &whens, &state, |asked, so| so.contains(asked));
        let answers = Answers::of(context, &whens, &state);
        if answers.is_contradictory() {
            return None;
        }
        let phases = certainties(&answers);
        let under = self.under(commitment);
        Some(match under.and_then(|item| debtors.left(item)) {
            Some(left) => with_left(phases, left),
            None => phases,
        })
    }

    fn turns(&self, seq: u64, commitment: &Commitment) -> Vec<(Turn, When<'static>)> {
        let when = |field, date| self.context.when(seq, field, date);
        let mut turns = vec![(Turn::Made, when(Field::Made, &commitment.made))];
        turns.extend(
            commitment
                .from
                .as_ref()
                .map(|from| (Turn::Owed, when(Field::From, from))),
        );
        if let Some(in_force) = self.in_force(commitment) {
            turns.push((Turn::InForce, in_force));
        }
        turns.extend(
            self.condition_met(commitment)
                .map(|window| (Turn::Detached, When::within(window))),
        );
        for (reading, operation) in self.operations.get(&seq).into_iter().flatten() {
            let turn = match operation.kind {
                OperationKind::Detach => Turn::Detached,
                OperationKind::Suspend => Turn::Suspended,
                OperationKind::Resume => Turn::Resumed,
                OperationKind::Release => Turn::Ended(Ending::Released),
                OperationKind::Cancel => Turn::Ended(Ending::Cancelled),
                OperationKind::Supersede => Turn::Ended(Ending::Superseded),
            };
            let on = self.context.when(reading.seq, Field::On, &operation.on);
            turns.push((turn, on));
        }
        turns.extend(self.turns_of_instrument(commitment));
        if let Some(until) = &commitment.until {
            turns.push((
                Turn::Ended(Ending::Expired),
                when(Field::Until, until).then(&Step::days(1)),
            ));
        }
        turns
    }

    /// Returns what is claimed of the commitment, and of what it depends on, by
    /// the actor that is asked about.
    fn heard(&self, seq: u64, commitment: &Commitment) -> Heard<'_> {
        let condition = commitment.condition.as_ref().map(|condition| &condition.0);
        let fulfilled = Some(ConditionState::Fulfilled);
        let on = condition.filter(|condition| condition.state == fulfilled);
        let on = on.and_then(|condition| condition.on);
        self.according
            .heard(seq, condition.is_some(), on.map(|on| on.0))
    }

    /// Returns when the commitment's instrument entered into force.
    fn in_force(&self, commitment: &Commitment) -> Option<When<'static>> {
        self.under(commitment)?.entry_into_force.when()
    }

    /// Returns what became of the commitment's instrument, and with it of the commitment.
    fn turns_of_instrument(&self, commitment: &Commitment) -> Vec<(Turn, When<'static>)> {
        let under = self.under(commitment).map(|item| item.seq);
        let occurrences = under.and_then(|seq| self.occurrences.get(&seq));
        let turn = |(reading, occurrence): &(&Reading, &Occurrence)| {
            let turn = match occurrence.kind {
                OccurrenceKind::Suspension => Turn::InstrumentSuspended,
                OccurrenceKind::Resumption => Turn::InstrumentResumed,
                OccurrenceKind::Termination | OccurrenceKind::Invalidity => {
                    Turn::Ended(Ending::Terminated)
                }
                OccurrenceKind::EntryIntoForce | OccurrenceKind::ProvisionalEntryIntoForce => {
                    return None;
                }
            };
            let on = self.context.when(reading.seq, Field::On, &occurrence.on);
            Some((turn, on))
        };
        occurrences.into_iter().flatten().filter_map(turn).collect()
    }

    /// Returns whether the commitment waits for its instrument: one with neither
    /// rule nor recorded day holds nothing back.
    fn held_back(&self, commitment: &Commitment) -> bool {
        self.under(commitment)
            .is_some_and(|item| item.has_rule || item.entry_into_force.recorded.is_some())
    }

    /// Returns the day from which what the commitment depends on is certain; of
    /// an instrument whose rule cannot be applied, all days on which it may
    /// have entered into force, since no later day makes that certain.
    fn condition_met(&self, commitment: &Commitment) -> Option<Window> {
        let condition = &commitment.condition.as_ref()?.0;
        let on = condition.on?.0;
        let window = match condition.state? {
            ConditionState::Closed => {
                let (_, issue) = self.context.get::<Issue>(on)?;
                self.context
                    .window(on, Field::Closed, issue.closed.as_ref()?)
            }
            ConditionState::InForce => {
                let item = self.instruments.get(&on)?;
                if let Some(undecided) = item.entry_into_force.undecided {
                    return Some(undecided);
                }
                item.in_force()?
            }
            // Whether a commitment was fulfilled is never more than claimed: by
            // whom one listens to, see `heard`.
            ConditionState::Fulfilled => return None,
        };
        window.latest().map(Window::on)
    }

    fn attributed(&self, commitment: &Commitment, debtors: &Side) -> bool {
        if debtors.all_parties {
            return false;
        }
        let is_debtor = |seq: u64| {
            let actor = self.context.actor(seq);
            debtors.actors.iter().any(|(debtor, _)| *debtor == actor)
        };
        let stated_in = commitment.stated_in;
        let spoke = stated_in.and_then(|seq| self.context.get::<Statement>(seq.0));
        let spoke = spoke.is_some_and(|(_, statement)| {
            let behalf = statement.on_behalf_of.iter().flatten();
            statement
                .speakers
                .iter()
                .chain(behalf)
                .any(|actor| is_debtor(actor.0))
        });
        let acted = commitment.under.is_some_and(|under| {
            let mut debtors = debtors.actors.iter();
            debtors.any(|(debtor, _)| self.acted.contains(&(under.0, *debtor)))
        });
        !spoke && !acted
    }

    fn overdue(
        &self,
        due: Option<&Dated>,
        phases: &[(Phase, Certainty)],
        claimed: &Claimed,
    ) -> Option<Certainty> {
        let past = happened(due?.window.day_after(), self.context.question.on)?;
        let is_owed = |(phase, _): &&(Phase, Certainty)| *phase == Phase::Active;
        let (_, owed) = phases.iter().find(is_owed)?;
        let mut supported = claimed
            .claims
            .iter()
            .filter(|claim| claim.unsupported.is_none());
        let fulfilled = supported.any(|claim| claim.claims == ClaimKind::Fulfilled);
        (!fulfilled).then(|| super::answers::both(past, *owed))
    }

    fn rests_on(&self, reading: &Reading, commitment: &Commitment) -> Vec<u64> {
        let mut seqs = reading.rests_on();
        let condition = commitment.condition.as_ref();
        let named = [
            commitment.stated_in.map(|statement| statement.0),
            commitment.under.map(|under| under.0),
            condition.and_then(|condition| condition.0.on.map(|on| on.0)),
        ];
        for seq in named.into_iter().flatten() {
            if !seqs.contains(&seq) {
                seqs.push(seq);
            }
        }
        for (reading, operation) in self.operations.get(&reading.seq).into_iter().flatten() {
            let on = self.context.window(reading.seq, Field::On, &operation.on);
            if happened(on, self.context.question.on).is_some() {
                seqs.extend(reading.rests_on());
            }
        }
        seqs.extend(self.heard(reading.seq, commitment).rests_on(self.context));
        seqs
    }
}
