//! Sequence: which links the readings give rise to.
//!
//! An act is not before its `target`, an operation not before its commitment
//! was made, what lasted from a day until another did not end before it began,
//! and every `order` is kept; all else that looks odd about a history is for a
//! check to tell. What the windows grant of themselves needs no link, so that
//! precise days which are in order cost nothing.

use std::collections::BTreeMap;

use crate::date::Credibility;
use crate::record::{Act, Actor, Commitment, Content, Event, Issue, Office, Operation};
use crate::record::{Order, Record};
use crate::window::Window;
use crate::worlds::{Link, Network, Side, Step, Var};

use super::force::delay;
use super::happening::{Field, Happening, on, spoken_of};
use super::readings::{Reading, Readings};

/// What the readings say of sequence.
pub(super) struct Said {
    pub(super) network: Network<'static>,
    pub(super) vars: BTreeMap<Happening, Var>,
    /// Each happening, by its place in the network.
    pub(super) happenings: Vec<Happening>,
    /// The record that says so, by the link's place.
    pub(super) by: Vec<u64>,
}

impl Said {
    /// Returns what the readings that count say.
    pub(super) fn by(readings: &Readings, credibility: Credibility) -> Self {
        let mut gathering = Gathering {
            readings,
            credibility,
            said: Self {
                network: Network::default(),
                vars: BTreeMap::new(),
                happenings: Vec::new(),
                by: Vec::new(),
            },
        };
        gathering.targets();
        gathering.operations();
        gathering.spans();
        gathering.orders();
        gathering.said
    }
}

struct Gathering<'r> {
    readings: &'r Readings,
    credibility: Credibility,
    said: Said,
}

/// The first happening, and the one that is not before it.
type InOrder = (Happening, Happening);

impl<'r> Gathering<'r> {
    fn counting<T: Content>(&self) -> impl Iterator<Item = (&'r Reading, &'r T)> + use<'r, T> {
        let each = self.readings.each::<T>();
        each.filter(|(reading, _)| reading.counts())
    }

    /// No act is before the one that it is aimed at.
    fn targets(&mut self) {
        for (reading, act) in self.counting::<Act>() {
            if let Some(target) = act.target {
                self.in_order(reading.seq, (on(target.0), on(reading.seq)));
            }
        }
    }

    /// Nothing is done to a commitment before it was made.
    fn operations(&mut self) {
        for (reading, operation) in self.counting::<Operation>() {
            let made = Happening {
                seq: operation.commitment.0,
                field: Field::Made,
            };
            self.in_order(reading.seq, (made, on(reading.seq)));
        }
    }

    /// Nothing ends before it began.
    fn spans(&mut self) {
        self.spans_of::<Actor>(Field::From, Field::Until);
        self.spans_of::<Office>(Field::From, Field::Until);
        self.spans_of::<Commitment>(Field::From, Field::Until);
        self.spans_of::<Issue>(Field::Opened, Field::Closed);
        self.spans_of::<Event>(Field::Held, Field::HeldUntil);
    }

    fn spans_of<T: Content>(&mut self, begun: Field, ended: Field) {
        for (reading, _) in self.counting::<T>() {
            let has = |field: Field| field.date(&reading.record).is_some();
            if has(begun) && has(ended) {
                let seq = reading.seq;
                let at = |field| Happening { seq, field };
                self.in_order(seq, (at(begun), at(ended)));
            }
        }
    }

    /// Whatever a record says of sequence is so.
    fn orders(&mut self) {
        for reading in self.readings.all() {
            if reading.record.orders().is_empty() || !reading.counts() {
                continue;
            }
            let Some(own) = spoken_of(reading.seq, &reading.record) else {
                continue;
            };
            for order in reading.record.orders() {
                self.order(reading.seq, own, order);
            }
        }
    }

    fn order(&mut self, by: u64, own: InOrder, order: &Order) {
        let other = order.named().and_then(|of| self.readings.reading(of));
        let other = other.filter(|other| other.counts());
        let Some(other) = other.and_then(|other| spoken_of(other.seq, &other.record)) else {
            return;
        };
        if order.same_day.is_some() {
            self.link(by, own.0, other.0, Step::SAME, Side::AtLeast);
            self.link(by, own.0, other.0, Step::SAME, Side::AtMost);
            return;
        }
        let (first, then) = match order.after {
            Some(_) => (other.1, own.0),
            None => (own.1, other.0),
        };
        let step = |span| Step::Due(delay(Some(span)), None);
        let least = order.at_least.as_ref().map_or(Step::SAME, step);
        self.link(by, first, then, least, Side::AtLeast);
        if let Some(most) = &order.at_most {
            self.link(by, first, then, step(most), Side::AtMost);
        }
    }

    fn in_order(&mut self, by: u64, (first, then): InOrder) {
        self.link(by, first, then, Step::SAME, Side::AtLeast);
    }

    /// Adds a link, unless one of its happenings has no part in any world, or
    /// it goes without saying.
    fn link(
        &mut self,
        by: u64,
        first: Happening,
        then: Happening,
        step: Step<'static>,
        side: Side,
    ) {
        let Some((one, other)) = self.window(first).zip(self.window(then)) else {
            return;
        };
        let (from, to) = (0, 0);
        let mut link = Link {
            from,
            to,
            step,
            side,
        };
        if link.goes_without_saying(one, other) {
            return;
        }
        (link.from, link.to) = (self.var(first, one), self.var(then, other));
        self.said.network.link(link);
        self.said.by.push(by);
    }

    fn window(&self, of: Happening) -> Option<Window> {
        let reading = self.readings.reading(of.seq)?;
        let record: &Record = &reading.record;
        reading
            .counts()
            .then(|| of.field.window(record, self.credibility))?
    }

    fn var(&mut self, of: Happening, window: Window) -> Var {
        let said = &mut self.said;
        *said.vars.entry(of).or_insert_with(|| {
            said.happenings.push(of);
            said.network.add(window)
        })
    }
}
