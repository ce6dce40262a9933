//! Instruments: their status, their day of entry into force, and who stands how
//! to each.

use std::collections::BTreeMap;

use crate::day::Day;
use crate::record::{ActKind, Force as Binding, Instrument, InstrumentKind};
use crate::record::{OccurrenceKind, Terms};
use crate::window::Window;
use crate::worlds::Certainty;

use super::amendment::{AmendmentItem, amend};
use super::answers::Answers;
use super::claims::{Claimed, Claims};
use super::context::Context;
use super::dealings::Stood;
use super::force::{Force, ForceItem};
use super::forces::forces;
use super::gathered::{Gathered, gather};
use super::happening::{Field, on};
use super::question::Dated;
use super::readings::Unsupported;
use super::reservation::{Among, ReservationItem, reservations};
use super::standing::{ActItem, Done, StandingItem};
use super::status::{Turn, status_after};
use super::steps::Moment;
use super::when::When;
use super::witness::Fact;

pub use super::status::Status;

/// An instrument on the days asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstrumentItem {
    /// Its position.
    pub seq: u64,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What sort of instrument.
    pub kind: InstrumentKind,
    /// With what force it is meant to bind.
    pub force: Option<Binding>,
    /// Whether its text is public.
    pub terms: Option<Terms>,
    /// When its text was adopted.
    pub adopted: Option<Dated>,
    /// The furthest status that it has or may have; `None` where the records
    /// that it rests on cannot all be right.
    pub status: Option<Status>,
    /// How certain that is.
    pub certainty: Certainty,
    /// Every status that it has or may have, from the least far to the furthest.
    pub statuses: Vec<(Status, Certainty)>,
    /// Its day of entry into force.
    pub entry_into_force: ForceItem,
    /// How many stand how.
    pub counts: Counts,
    /// Whether it has a rule of entry into force.
    pub has_rule: bool,
    /// Those for whom it is in force, or may be.
    pub parties: Vec<(u64, Certainty)>,
    /// Since when it is in force for each of them.
    pub(super) party_since: BTreeMap<u64, Window>,
    /// Those bound by it without a consent of their own, as they became parties
    /// to what it amends after it had entered into force.
    pub(super) joined: Vec<(u64, Certainty)>,
    /// Who stands how, in order of the actors' positions.
    pub standings: Vec<StandingItem>,
    /// The reservations that stand or may stand, in order of position.
    pub reservations: Vec<ReservationItem>,
    /// What amends it and is in force, or may be, in order of position.
    pub amended_by: Vec<AmendmentItem>,
    /// Acts that have lost what they rest on and move nothing.
    pub unsupported_acts: Vec<ActItem>,
    /// What is claimed of it.
    pub claimed: Claimed,
    /// The positions of the instrument, its occurrences, and their standing revisions.
    pub rests_on: Vec<u64>,
    /// Why it is shown but moves nothing, if so.
    pub unsupported: Option<Unsupported>,
}

impl InstrumentItem {
    /// Returns its day of entry into force: the one recorded, else the one
    /// derived, else all days on which it may have been.
    pub fn in_force(&self) -> Option<Window> {
        self.entry_into_force.window()
    }

    /// Returns all whom it binds: its parties, and those bound by it without a
    /// consent of their own (VCLT 40 (5)).
    pub(super) fn bound(&self) -> Vec<(u64, Certainty)> {
        let mut bound = self.parties.clone();
        for &(actor, certainty) in &self.joined {
            match bound.iter_mut().find(|(other, _)| *other == actor) {
                Some((_, known)) => *known = certainty.min(*known),
                None => bound.push((actor, certainty)),
            }
        }
        bound
    }

    /// Returns how an actor stands, or may stand.
    pub fn standings_of(&self, actor: u64) -> &[StandingItem] {
        let first = self.standings.partition_point(|item| item.actor < actor);
        let after = self.standings.partition_point(|item| item.actor <= actor);
        &self.standings[first..after]
    }
}

/// How many stand how to an instrument.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Whoever has signed.
    pub signatories: Count,
    /// Whoever has consented to be bound and has not left.
    pub consents: Count,
    /// Those for whom it is in force, those who have given notice among them.
    pub parties: Count,
}

/// A number of which not all is certain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many there are for certain.
    pub certain: u64,
    /// How many there may be: the certain ones and the possible.
    pub possible: u64,
}

impl Count {
    fn add(&mut self, certainty: Option<Certainty>) {
        self.possible += u64::from(certainty.is_some());
        self.certain += u64::from(certainty == Some(Certainty::Certain));
    }
}

/// Returns all instruments, in order of position.
pub(super) fn instruments(context: &Context<'_>, claims: &Claims<'_>) -> Vec<InstrumentItem> {
    let gathered = gather(context);
    let mut forces = forces(context, &gathered);
    let item = |(seq, gathered): (u64, Gathered<'_>)| {
        let force = forces.remove(&seq)?;
        Some(History { gathered, force }.item(context, claims))
    };
    let mut items: Vec<_> = gathered.into_iter().filter_map(item).collect();
    amend(context, &mut items);
    items
}

/// Who stands how to an instrument.
#[derive(Default)]
struct Actors {
    counts: Counts,
    parties: Vec<(u64, Certainty)>,
    party_since: BTreeMap<u64, Window>,
    standings: Vec<StandingItem>,
}

/// All that happened to one instrument, and its entry into force.
struct History<'a> {
    gathered: Gathered<'a>,
    force: Force,
}

impl History<'_> {
    fn item(self, context: &Context<'_>, claims: &Claims<'_>) -> InstrumentItem {
        let (reading, instrument) = (self.gathered.reading, self.gathered.instrument);
        let statuses = self.statuses(context, reading.seq, instrument);
        let withheld = statuses.is_none();
        let statuses = statuses.unwrap_or_default();
        let (status, certainty) = match statuses.last() {
            _ if withheld => (None, Certainty::Contradictory),
            Some((status, certainty)) => (Some(*status), *certainty),
            None => (Some(Status::Drafted), Certainty::Possible),
        };
        let over = self.over(context);
        let stood = self.stood(context, &over);
        let among = Among::new(context, &self.gathered, &self.force, &over);
        let reservations = reservations(&among);
        let unsupported_acts = self.gathered.unsupported.iter();
        let unsupported_acts = unsupported_acts
            .filter_map(|(reading, act)| Done::new(context, reading, act).item(context));
        let dated = |date: &Option<_>| date.as_ref().map(|date| context.question.dated(date));
        InstrumentItem {
            seq: reading.seq,
            id: context.readings.id_of(reading.seq),
            title: instrument.title.clone(),
            kind: instrument.kind,
            force: instrument.force,
            terms: instrument.terms,
            adopted: dated(&instrument.adopted),
            status,
            certainty,
            statuses,
            unsupported_acts: unsupported_acts.collect(),
            counts: stood.counts,
            has_rule: instrument.entry_into_force.is_some(),
            parties: stood.parties,
            party_since: stood.party_since,
            joined: Vec::new(),
            standings: stood.standings,
            reservations,
            amended_by: Vec::new(),
            claimed: claims.about(context, reading.seq),
            rests_on: self.rests_on(),
            unsupported: reading.unsupported(),
            entry_into_force: self.force.item,
        }
    }

    /// Returns who stands how.
    fn stood(&self, context: &Context<'_>, over: &[When<'static>]) -> Actors {
        let instrument = self.gathered.instrument;
        let mut all = Actors::default();
        for dealings in &self.gathered.dealings {
            let stood = dealings.fold(context, instrument, &self.force, over);
            all.counts.add(&stood);
            if let Some(certainty) = stood.certainty(|moment| moment.party) {
                all.parties.push((dealings.actor, certainty));
                let since = dealings.party_since(context, instrument, &self.force);
                all.party_since
                    .extend(since.map(|since| (dealings.actor, since)));
            }
            all.standings.extend(stood.items(context, dealings));
        }
        all
    }

    fn rests_on(&self) -> Vec<u64> {
        let mut rests_on = self.gathered.reading.rests_on();
        let occurrences = self.gathered.occurrences.iter();
        rests_on.extend(occurrences.flat_map(|(each, _)| each.rests_on()));
        rests_on
    }

    /// Returns every status that the instrument has or may have, ascending;
    /// `None` where what it rests on cannot all be right.
    fn statuses(
        &self,
        context: &Context<'_>,
        seq: u64,
        instrument: &Instrument,
    ) -> Option<Vec<(Status, Certainty)>> {
        let (steps, whens) = self.turns(context, seq, instrument);
        let state = |order: &[usize]| status_after(order.iter().map(|index| steps[*index]));
        let asked = |fact: &Fact| match fact {
            Fact::Status(of, status) => (*of == seq).then_some(*status),
            _ => None,
        };
        context.witness(asked, &whens, &state, |asked, so| *so == Some(*asked));
        Answers::of(context, &whens, &state).certainties()
    }

    fn turns(
        &self,
        context: &Context<'_>,
        seq: u64,
        instrument: &Instrument,
    ) -> (Vec<Turn>, Vec<When<'static>>) {
        let signature = |kind: ActKind| kind.is_consent() || super::standing::is_signature(kind);
        let signed = self.first_of(context, signature);
        let of_date = |field, date: &Option<_>| Some(context.when(seq, field, date.as_ref()?));
        let opened = of_date(Field::Opened, &instrument.opened);
        let force = self.force.item.when();
        let latest = |when: &Option<When<'_>>| when.as_ref()?.window.latest();
        let not_after = |days: &[Option<Day>]| {
            let first = days.iter().flatten().min();
            When::within(first.map_or(Window::UNKNOWN, |day| Window::not_after(*day)))
        };
        let after_negotiation = self.first_of(context, |kind| kind != ActKind::Participation);
        // Where the day is not known, the text was there for whatever came of it.
        let adopted = of_date(Field::Adopted, &instrument.adopted).unwrap_or_else(|| {
            not_after(&[latest(&opened), latest(&after_negotiation), latest(&force)])
        });
        let any = self.first_of(context, |_| true);
        let drafting = not_after(&[adopted.window.latest(), latest(&any)]);
        let mut turns = vec![(Turn::Drafting, drafting), (Turn::Adopted, adopted)];
        turns.extend(opened.or(signed).map(|when| (Turn::Opened, when)));
        turns.extend(force.map(|when| (Turn::InForce, when)));
        for (reading, occurrence) in &self.gathered.occurrences {
            let turn = match occurrence.kind {
                OccurrenceKind::Suspension => Turn::Suspended,
                OccurrenceKind::Resumption => Turn::Resumed,
                OccurrenceKind::Termination => Turn::Terminated,
                OccurrenceKind::Invalidity => Turn::Invalid,
                OccurrenceKind::EntryIntoForce | OccurrenceKind::ProvisionalEntryIntoForce => {
                    continue;
                }
            };
            turns.push((turn, context.when(reading.seq, Field::On, &occurrence.on)));
        }
        turns.into_iter().unzip()
    }

    /// Returns the days on which the instrument was terminated or is invalid.
    fn over(&self, context: &Context<'_>) -> Vec<When<'static>> {
        let ends = self.gathered.occurrences.iter().filter(|(_, occurrence)| {
            matches!(
                occurrence.kind,
                OccurrenceKind::Termination | OccurrenceKind::Invalidity
            )
        });
        ends.map(|(reading, each)| context.when(reading.seq, Field::On, &each.on))
            .collect()
    }

    /// Returns when the first act of these kinds was done, as far as acts that
    /// are a part of no contradiction tell.
    fn first_of(
        &self,
        context: &Context<'_>,
        kinds: impl Fn(ActKind) -> bool,
    ) -> Option<When<'static>> {
        let acts = self
            .gathered
            .dealings
            .iter()
            .flat_map(|dealings| &dealings.acts);
        let acts = acts.filter(|done| kinds(done.act.kind));
        let withheld =
            |done: &&Done<'_>| context.links.contradiction(on(done.reading.seq)).is_some();
        let told = acts.clone().filter(|done| !withheld(done));
        let first = told.map(|done| done.on).reduce(Window::earlier);
        first
            .map(When::within)
            .or_else(|| acts.map(Done::when).next())
    }
}

impl Counts {
    fn add(&mut self, stood: &Stood) {
        self.signatories
            .add(stood.certainty(|moment: &Moment| moment.signed));
        self.consents
            .add(stood.certainty(|moment: &Moment| moment.consented));
        self.parties
            .add(stood.certainty(|moment: &Moment| moment.party));
    }
}
