//! Offices: who holds which.

use crate::record::Office;
use crate::window::Window;
use crate::worlds::{Certainty, Step};

use super::answers::held;
use super::context::Context;
use super::happening::Field;
use super::question::Dated;
use super::readings::Unsupported;
use super::when::When;
use super::witness::Fact;

/// An office that is held, or may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeItem {
    /// Its position.
    pub seq: u64,
    /// Its id.
    pub id: String,
    /// Who holds it.
    pub person: u64,
    /// What it is called.
    pub title: String,
    /// Whose office it is.
    pub of: u64,
    /// From when, if that was recorded.
    pub from: Option<Dated>,
    /// The last day, if that was recorded.
    pub until: Option<Dated>,
    /// How certain it is that it is held.
    pub certainty: Certainty,
    /// The positions of the office and its standing revisions.
    pub rests_on: Vec<u64>,
    /// Why it is shown but moves nothing, if so.
    pub unsupported: Option<Unsupported>,
}

/// Returns the offices held, in order of position.
pub(super) fn offices(context: &Context<'_>) -> Vec<OfficeItem> {
    let question = &context.question;
    let item = |(reading, office): (&super::Reading, &Office)| {
        let from = office.from.as_ref().map(|date| question.dated(date));
        let until = office.until.as_ref().map(|date| question.dated(date));
        let when = |field, date| context.when(reading.seq, field, date);
        let begun = office.from.as_ref();
        let begun = begun.map_or(When::within(Window::UNKNOWN), |from| {
            when(Field::From, from)
        });
        let ended = office.until.as_ref();
        let ended = ended.map(|until| when(Field::Until, until).then(&Step::days(1)));
        context.witness_span(
            |fact| *fact == Fact::Office(reading.seq),
            &begun,
            ended.as_ref(),
        );
        Some(OfficeItem {
            seq: reading.seq,
            id: context.readings.id_of(reading.seq),
            person: office.person.0,
            title: office.title.clone(),
            of: office.of.0,
            from,
            until,
            certainty: held(context, &begun, ended.as_ref())?,
            rests_on: reading.rests_on(),
            unsupported: reading.unsupported(),
        })
    };
    context.readings.each::<Office>().filter_map(item).collect()
}
