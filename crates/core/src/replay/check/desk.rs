//! The desk at which a record is looked over: how days compare, how they are
//! put, and where findings are laid down.

use crate::date::Date;
use crate::record::Content;
use crate::window::Window;
use crate::worlds::Certainty;

use super::{Code, Finding};
use crate::replay::context::Context;
use crate::replay::happening::Field;
use crate::replay::readings::Reading;
use crate::replay::register::Register;

/// What a check has to hand, and what it found.
pub(super) struct Desk<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) register: &'a Register,
    pub(super) found: Vec<Finding>,
}

impl<'a> Desk<'a> {
    pub(super) const fn new(context: &'a Context<'a>, register: &'a Register) -> Self {
        Self {
            context,
            register,
            found: Vec::new(),
        }
    }

    /// Returns the records of a kind that count.
    pub(super) fn each<T: Content>(&self) -> Vec<(&'a Reading, &'a T)> {
        self.context.counting::<T>().collect()
    }

    pub(super) fn window(&self, date: &Date) -> Window {
        self.context.question.window(date)
    }

    /// Returns the days that a date of a record may have been, as far as what the
    /// records say of sequence leaves them.
    pub(super) fn at(&self, seq: u64, field: Field, date: &Date) -> Window {
        self.context.window(seq, field, date)
    }

    pub(super) fn maybe(&self, date: Option<&Date>) -> Option<Window> {
        date.map(|date| self.window(date))
    }

    /// Returns the first day on which something no longer is, its last day being `until`.
    pub(super) fn ended(&self, until: Option<&Date>) -> Window {
        self.maybe(until)
            .map_or(Window::AFTER_ALL, Window::day_after)
    }

    pub(super) fn id(&self, seq: u64) -> String {
        self.context.readings.id_of(seq)
    }

    /// Returns the ids of records with "and" before the last.
    pub(super) fn ids(&self, seqs: &[u64]) -> String {
        let ids: Vec<String> = seqs.iter().map(|seq| self.id(*seq)).collect();
        match ids.split_last() {
            Some((last, others)) if !others.is_empty() => {
                format!("{} and {last}", others.join(", "))
            }
            _ => ids.join(", "),
        }
    }

    /// Lays down what is odd for certain.
    pub(super) fn tell(&mut self, code: Code, seqs: &[u64], message: String) {
        self.tell_as(Certainty::Certain, code, seqs, message);
    }

    pub(super) fn tell_as(
        &mut self,
        certainty: Certainty,
        code: Code,
        seqs: &[u64],
        message: String,
    ) {
        self.found.push(Finding {
            code,
            certainty,
            seqs: seqs.to_vec(),
            message,
        });
    }
}

/// Returns whether one day was before the other: in every world, or in some.
///
/// What is only possible is worth saying only of days that are known to lie
/// somewhere, and not of two that were put in the same words.
pub(super) fn before(one: Window, other: Window) -> Option<Certainty> {
    if one.hi() < other.lo() {
        return Some(Certainty::Certain);
    }
    let known = |window: Window| window.earliest().is_some() && window.latest().is_some();
    let possible = known(one) && known(other) && one != other && one.lo() < other.hi();
    possible.then_some(Certainty::Possible)
}

/// Returns whether one day was before the other in every world.
pub(super) fn surely_before(one: Window, other: Window) -> bool {
    one.hi() < other.lo()
}

/// Returns a date in words: as it was written.
pub(super) fn put(date: &Date) -> String {
    if date.edtf.is_empty() {
        "an unknown day".to_owned()
    } else {
        date.told()
    }
}
