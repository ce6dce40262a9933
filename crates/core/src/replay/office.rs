//! Offices: who holds which.

use crate::record::Office;
use crate::window::Window;
use crate::worlds::Certainty;

use super::answers::held;
use super::context::Context;
use super::question::Dated;
use super::readings::Unsupported;

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
        let begun = from.as_ref().map_or(Window::UNKNOWN, |from| from.window);
        let ended = until.as_ref().map(|until| until.window.day_after());
        Some(OfficeItem {
            seq: reading.seq,
            id: context.readings.id_of(reading.seq),
            person: office.person.0,
            title: office.title.clone(),
            of: office.of.0,
            from,
            until,
            certainty: held(begun, ended, question.on)?,
            rests_on: reading.rests_on(),
            unsupported: reading.unsupported(),
        })
    };
    context.readings.each::<Office>().filter_map(item).collect()
}
