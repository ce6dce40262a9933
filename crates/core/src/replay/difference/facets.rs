//! Facets: what is told of each item of a register when two are compared, and
//! which records it rests on.
//!
//! The nearest grounds stand first; those further off are asked only where the
//! nearest tell of no difference.

use crate::replay::claims::Claimed;
use crate::replay::commitment::{CommitmentItem, ConditionItem};
use crate::replay::event::EventItem;
use crate::replay::instrument::{Count, InstrumentItem};
use crate::replay::issue::IssueItem;
use crate::replay::office::OfficeItem;
use crate::replay::question::Dated;
use crate::replay::readings::Unsupported;
use crate::replay::side::Side;
use crate::replay::statement::StatementItem;
use crate::worlds::Certainty;

use super::Told;

/// Something of an item.
pub(super) struct Facet {
    pub(super) aspect: &'static str,
    pub(super) of: Option<u64>,
    pub(super) told: Told,
    /// The positions that it rests on, the nearest first.
    pub(super) grounds: Vec<Vec<u64>>,
}

/// The aspects, in the order in which they are told.
const ASPECTS: [&str; 26] = [
    "status",
    "phase",
    "state",
    "standing",
    "signatories",
    "consents",
    "parties",
    "entry into force",
    "adopted",
    "reservation",
    "amended by",
    "overdue",
    "condition",
    "depends on",
    "state awaited",
    "debtors",
    "creditors",
    "date",
    "from",
    "due",
    "until",
    "participants",
    "title",
    "text",
    "claim",
    "contested",
];

/// Returns the place of an aspect among them.
pub(super) fn place(aspect: &str) -> usize {
    let place = ASPECTS.iter().position(|other| *other == aspect);
    place.unwrap_or(ASPECTS.len())
}

/// What is told of one item, as it is gathered.
struct Gathering {
    rests_on: Vec<u64>,
    facets: Vec<Facet>,
}

impl Gathering {
    fn new(rests_on: &[u64], unsupported: Option<Unsupported>) -> Self {
        let mut gathering = Self {
            rests_on: rests_on.to_vec(),
            facets: Vec::new(),
        };
        if let Some(why) = unsupported {
            let word = vec![("unsupported".to_owned(), Certainty::Certain)];
            gathering.add("support", None, Told::Words(word), vec![vec![why.on]]);
        }
        gathering
    }

    fn add(&mut self, aspect: &'static str, of: Option<u64>, told: Told, nearest: Vec<Vec<u64>>) {
        let mut grounds = nearest;
        grounds.push(self.rests_on.clone());
        self.facets.push(Facet {
            aspect,
            of,
            told,
            grounds,
        });
    }

    fn tell(&mut self, aspect: &'static str, told: Told) {
        self.add(aspect, None, told, Vec::new());
    }

    fn words<'w>(
        &mut self,
        aspect: &'static str,
        words: impl IntoIterator<Item = (&'w str, Certainty)>,
    ) {
        self.tell(aspect, worded(words));
    }

    fn date(&mut self, aspect: &'static str, date: Option<&Dated>) {
        if let Some(date) = date {
            self.tell(aspect, Told::Date(date.clone()));
        }
    }

    fn actors(&mut self, aspect: &'static str, actors: &[u64]) {
        if !actors.is_empty() {
            let certain = actors.iter().map(|actor| (*actor, Certainty::Certain));
            self.tell(aspect, Told::Named(certain.collect()));
        }
    }

    fn side(&mut self, aspect: &'static str, side: &Side) {
        if !side.actors.is_empty() {
            self.tell(aspect, Told::Named(side.actors.clone()));
        }
    }

    fn claims(&mut self, claimed: &Claimed) {
        let mut by: Vec<u64> = claimed.claims.iter().map(|claim| claim.by).collect();
        by.sort_unstable();
        by.dedup();
        for by in by {
            let claims = || claimed.claims.iter().filter(|claim| claim.by == by);
            let words = claims().map(|claim| (claim.claims.word(), claim.certainty));
            let grounds = claims().flat_map(|claim| claim.rests_on.clone()).collect();
            self.add("claim", Some(by), worded(words), vec![grounds]);
        }
        if claimed.contested {
            let claims = claimed.claims.iter();
            let grounds = claims.flat_map(|claim| claim.rests_on.clone()).collect();
            let told = worded([("contested", Certainty::Certain)]);
            self.add("contested", None, told, vec![grounds]);
        }
    }
}

/// Returns words with how certain they are; none where the records contradict each other.
fn worded<'w>(words: impl IntoIterator<Item = (&'w str, Certainty)>) -> Told {
    let owned = |(word, certainty): (&str, Certainty)| (word.to_owned(), certainty);
    Told::Words(words.into_iter().map(owned).collect())
}

pub(super) fn of_instrument(item: &InstrumentItem) -> Vec<Facet> {
    let mut told = Gathering::new(&item.rests_on, item.unsupported);
    let force = &item.entry_into_force;
    let deposits = force
        .derived
        .iter()
        .flat_map(|derived| &derived.completed_by);
    let deposits: Vec<u64> = deposits.map(|deposit| deposit.seq).collect();
    let acts = item.standings.iter().flat_map(|standing| &standing.acts);
    let acts: Vec<u64> = acts.flat_map(|act| act.rests_on.clone()).collect();
    let further = vec![deposits, acts.clone()];
    let words = item
        .statuses
        .iter()
        .map(|(status, certainty)| (status.word(), *certainty));
    let statuses = match item.status {
        Some(_) => worded(words),
        None => worded([("contradictory", item.certainty)]),
    };
    told.add(
        "status",
        None,
        statuses,
        further_from(&item.rests_on, &further),
    );
    standings(&mut told, item, &further);
    for (aspect, count) in counts(item) {
        told.add(aspect, None, Told::Count(count), vec![acts.clone()]);
    }
    if let Some(window) = force.window() {
        let recorded = force.recorded.as_ref().map(|recorded| recorded.on.clone());
        let date = recorded.unwrap_or_else(|| Dated::from(window));
        let grounds = further_from(&item.rests_on, &further);
        told.add("entry into force", None, Told::Date(date), grounds);
    }
    told.date("adopted", item.adopted.as_ref());
    for reservation in &item.reservations {
        let words = worded([("stands", reservation.certainty)]);
        let grounds = vec![reservation.rests_on.clone()];
        told.add("reservation", Some(reservation.seq), words, grounds);
    }
    for amendment in &item.amended_by {
        let words = worded([("in-force", amendment.certainty)]);
        told.add(
            "amended by",
            Some(amendment.seq),
            words,
            vec![vec![amendment.seq]],
        );
    }
    told.tell("title", Told::Text(item.title.clone()));
    told.claims(&item.claimed);
    told.facets
}

fn further_from(nearest: &[u64], further: &[Vec<u64>]) -> Vec<Vec<u64>> {
    std::iter::once(nearest.to_vec())
        .chain(further.iter().cloned())
        .collect()
}

fn standings(told: &mut Gathering, item: &InstrumentItem, further: &[Vec<u64>]) {
    let mut actors: Vec<u64> = item
        .standings
        .iter()
        .map(|standing| standing.actor)
        .collect();
    actors.dedup();
    for actor in actors {
        let of_actor = item.standings_of(actor);
        let word = |item: &super::super::StandingItem| {
            let word = item
                .standing
                .map_or("contradictory", super::super::Standing::word);
            (word, item.certainty)
        };
        let words = worded(of_actor.iter().map(word));
        let acts = of_actor.iter().flat_map(|standing| &standing.acts);
        let mut acts: Vec<u64> = acts.flat_map(|act| act.rests_on.clone()).collect();
        acts.sort_unstable();
        acts.dedup();
        let mut grounds = further_from(&acts, std::slice::from_ref(&item.rests_on));
        grounds.extend(further.iter().cloned());
        told.add("standing", Some(actor), words, grounds);
    }
}

fn counts(item: &InstrumentItem) -> [(&'static str, Count); 3] {
    [
        ("signatories", item.counts.signatories),
        ("consents", item.counts.consents),
        ("parties", item.counts.parties),
    ]
}

pub(super) fn of_commitment(item: &CommitmentItem) -> Vec<Facet> {
    let mut told = Gathering::new(&item.rests_on, item.unsupported);
    let phases = item.phases.iter().map(|(phase, certainty)| {
        let ended = phase
            .ending()
            .map(|ending| format!("ended ({})", ending.word()));
        (ended.unwrap_or_else(|| phase.word().to_owned()), *certainty)
    });
    let phases = match item.phase {
        Some(_) => Told::Words(phases.collect()),
        None => worded([("contradictory", item.certainty)]),
    };
    told.tell("phase", phases);
    if let Some(certainty) = item.overdue {
        told.words("overdue", [("overdue", certainty)]);
    }
    if let Some(condition) = &item.condition {
        conditions(&mut told, condition);
    }
    told.side("debtors", &item.debtors);
    told.side("creditors", &item.creditors);
    told.date("date", Some(&item.made));
    told.date("from", item.from.as_ref());
    told.date("due", item.due.as_ref());
    told.date("until", item.until.as_ref());
    told.tell("text", Told::Text(item.text.clone()));
    told.claims(&item.claimed);
    told.facets
}

fn conditions(told: &mut Gathering, condition: &ConditionItem) {
    if let Some(text) = &condition.text {
        told.tell("condition", Told::Text(text.clone()));
    }
    if let Some(on) = condition.on {
        let named = Told::Named(vec![(on, Certainty::Certain)]);
        told.tell("depends on", named);
    }
    if let Some(state) = condition.state {
        told.words("state awaited", [(state.word(), Certainty::Certain)]);
    }
}

pub(super) fn of_office(item: &OfficeItem) -> Vec<Facet> {
    let mut told = Gathering::new(&item.rests_on, item.unsupported);
    told.words("state", [("held", item.certainty)]);
    told.actors("participants", &[item.person, item.of]);
    told.date("from", item.from.as_ref());
    told.date("until", item.until.as_ref());
    told.tell("title", Told::Text(item.title.clone()));
    told.facets
}

pub(super) fn of_issue(item: &IssueItem) -> Vec<Facet> {
    let mut told = Gathering::new(&item.rests_on, item.unsupported);
    told.words("state", [("open", item.certainty)]);
    told.actors("participants", &item.actors);
    told.date("from", item.opened.as_ref());
    told.date("until", item.closed.as_ref());
    told.tell("title", Told::Text(item.title.clone()));
    told.facets
}

pub(super) fn of_event(item: &EventItem) -> Vec<Facet> {
    let mut told = Gathering::new(&item.rests_on, item.unsupported);
    let phases = item.phases.iter();
    let phases = phases.map(|(phase, certainty)| (phase.word(), *certainty));
    match item.phase {
        Some(_) => told.words("phase", phases),
        None => told.words("phase", [("contradictory", item.certainty)]),
    }
    let dates = [
        &item.held,
        &item.called_off,
        &item.planned_for,
        &item.announced,
    ];
    told.date("date", dates.into_iter().flatten().next());
    let actors: Vec<u64> = item.participants.iter().map(|(actor, _)| *actor).collect();
    told.actors("participants", &actors);
    told.tell("title", Told::Text(item.title.clone()));
    told.claims(&item.claimed);
    told.facets
}

pub(super) fn of_statement(item: &StatementItem) -> Vec<Facet> {
    let mut told = Gathering::new(&item.rests_on, item.unsupported);
    told.words("state", [("made", item.certainty)]);
    told.actors("participants", &item.speakers);
    told.date("date", Some(&item.said));
    if let Some(text) = &item.text {
        told.tell("text", Told::Text(text.clone()));
    }
    told.claims(&item.claimed);
    told.facets
}
