//! Issues: which questions are open between actors.

use crate::record::Issue;
use crate::window::Window;
use crate::worlds::Certainty;

use super::answers::held;
use super::context::Context;
use super::happening::Field;
use super::question::Dated;
use super::readings::Unsupported;
use super::when::When;
use super::witness::Fact;

/// An issue that is open, or may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueItem {
    /// Its position.
    pub seq: u64,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// When it was opened, if that was recorded.
    pub opened: Option<Dated>,
    /// When it was or will be closed, if that was recorded.
    pub closed: Option<Dated>,
    /// Between whom.
    pub actors: Vec<u64>,
    /// What it is about.
    pub about: Vec<u64>,
    /// How certain it is that it is open.
    pub certainty: Certainty,
    /// The positions of the issue and its standing revisions.
    pub rests_on: Vec<u64>,
    /// Why it is shown but moves nothing, if so.
    pub unsupported: Option<Unsupported>,
}

/// Returns the issues open, in order of position. On the day on which it is
/// closed an issue is open no longer.
pub(super) fn issues(context: &Context<'_>) -> Vec<IssueItem> {
    let question = &context.question;
    let item = |(reading, issue): (&super::Reading, &Issue)| {
        let opened = issue.opened.as_ref().map(|date| question.dated(date));
        let closed = issue.closed.as_ref().map(|date| question.dated(date));
        let when = |field, date| context.when(reading.seq, field, date);
        let begun = issue.opened.as_ref();
        let begun = begun.map_or(When::within(Window::UNKNOWN), |date| {
            when(Field::Opened, date)
        });
        let ended = issue.closed.as_ref();
        let ended = ended.map(|date| when(Field::Closed, date));
        context.witness_span(
            |fact| *fact == Fact::Issue(reading.seq),
            &begun,
            ended.as_ref(),
        );
        Some(IssueItem {
            seq: reading.seq,
            id: context.readings.id_of(reading.seq),
            title: issue.title.clone(),
            opened,
            closed,
            actors: issue.actors.iter().flatten().map(|actor| actor.0).collect(),
            about: issue.about.iter().flatten().map(|about| about.0).collect(),
            certainty: held(context, &begun, ended.as_ref())?,
            rests_on: reading.rests_on(),
            unsupported: reading.unsupported(),
        })
    };
    context.readings.each::<Issue>().filter_map(item).collect()
}
