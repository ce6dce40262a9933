//! Statements: who had said what.

use crate::record::{Mode, Statement};
use crate::worlds::Certainty;

use super::answers::has_happened;
use super::claims::{Claimed, Claims};
use super::context::Context;
use super::happening::Field;
use super::question::Dated;
use super::readings::{Reading, Unsupported};
use super::witness::Fact;

/// A statement that was made, or may have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementItem {
    /// Its position.
    pub seq: u64,
    /// Its id.
    pub id: String,
    /// Who said it.
    pub speakers: Vec<u64>,
    /// When.
    pub said: Dated,
    /// How near the text is to the words spoken.
    pub mode: Mode,
    /// The text; if none was given, the only quote of its evidence.
    pub text: Option<String>,
    /// In what office or capacity.
    pub capacity: Option<String>,
    /// On whose behalf.
    pub on_behalf_of: Vec<u64>,
    /// To whom.
    pub to: Vec<u64>,
    /// Who relays it.
    pub via: Vec<u64>,
    /// On what occasion.
    pub occasion: Option<u64>,
    /// The positions of what it contradicts.
    pub contradicts: Vec<u64>,
    /// What is claimed of it.
    pub claimed: Claimed,
    /// How certain it is that it had been made.
    pub certainty: Certainty,
    /// The positions of the statement and its standing revisions.
    pub rests_on: Vec<u64>,
    /// Why it is shown but moves nothing, if so.
    pub unsupported: Option<Unsupported>,
}

/// Returns the statements made by the last day asked about, in order of position.
pub(super) fn statements(context: &Context<'_>, claims: &Claims<'_>) -> Vec<StatementItem> {
    let question = &context.question;
    let item = |(reading, statement): (&Reading, &Statement)| {
        let said = context.when(reading.seq, Field::Said, &statement.said);
        context.witness_span(|fact| *fact == Fact::Statement(reading.seq), &said, None);
        let certainty = has_happened(context, &said)?;
        Some(StatementItem {
            seq: reading.seq,
            id: context.readings.id_of(reading.seq),
            speakers: statement.speakers.iter().map(|actor| actor.0).collect(),
            said: question.dated(&statement.said),
            mode: statement.mode,
            text: text(statement),
            capacity: statement.capacity.clone(),
            on_behalf_of: statement
                .on_behalf_of
                .iter()
                .flatten()
                .map(|actor| actor.0)
                .collect(),
            to: statement.to.iter().flatten().map(|actor| actor.0).collect(),
            via: statement
                .via
                .iter()
                .flatten()
                .map(|actor| actor.0)
                .collect(),
            occasion: statement.occasion.map(|event| event.0),
            contradicts: statement
                .contradicts
                .iter()
                .flatten()
                .map(|said| said.0)
                .collect(),
            claimed: claims.about(context, reading.seq),
            certainty,
            rests_on: reading.rests_on(),
            unsupported: reading.unsupported(),
        })
    };
    context
        .readings
        .each::<Statement>()
        .filter_map(item)
        .collect()
}

/// Returns the text of a statement: if none was given, the only quote of its evidence.
pub fn text(statement: &Statement) -> Option<String> {
    if statement.text.is_some() {
        return statement.text.clone();
    }
    let mut quotes = statement
        .evidence
        .iter()
        .flatten()
        .filter_map(|piece| piece.quote.as_ref());
    let only = quotes.next()?;
    quotes.next().is_none().then(|| only.clone())
}
