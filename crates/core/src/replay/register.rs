//! The register: what all records together amount to, on the days asked about.
//!
//! Each concern is folded in a module of its own; here they are put together,
//! each once, and a filter takes away what was not asked for. Retracted records
//! have no part in it; unsupported ones are shown and move nothing. Everything
//! names the positions it rests on.

use crate::worlds::Certainty;

use super::claims::Claims;
use super::commitment::{CommitmentItem, commitments};
use super::context::Context;
use super::event::{EventItem, events};
use super::instrument::{InstrumentItem, instruments};
use super::issue::{IssueItem, issues};
use super::links::Contradiction;
use super::office::{OfficeItem, offices};
use super::question::Question;
use super::readings::Readings;
use super::statement::{StatementItem, statements};

/// What the records amount to on the days asked about.
#[derive(Clone, Debug)]
pub struct Register {
    /// What was asked.
    pub question: Question,
    /// The instruments, in order of position.
    pub instruments: Vec<InstrumentItem>,
    /// The commitments that had been made, in order of position.
    pub commitments: Vec<CommitmentItem>,
    /// The offices held.
    pub offices: Vec<OfficeItem>,
    /// The issues open.
    pub issues: Vec<IssueItem>,
    /// The events planned, under way, held, called off, or without a record.
    pub events: Vec<EventItem>,
    /// The statements made.
    pub statements: Vec<StatementItem>,
    /// Which records, of whatever day, cannot all be right.
    pub contradictions: Vec<Contradiction>,
    /// All records, of whatever day, that have lost what they rest on.
    pub unsupported: Vec<u64>,
}

/// What is asked for of a register; what is absent takes nothing away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only what this actor has a part in.
    pub actor: Option<u64>,
    /// Only these instruments, and what is under or about them; all if empty.
    pub instruments: Vec<u64>,
    /// Only records with this tag.
    pub tag: Option<String>,
    /// Only what is as certain as this.
    pub certainty: Option<Certainty>,
}

impl Register {
    /// Returns the answer of the readings to the question, without what the filter takes away.
    pub fn of(readings: &Readings, question: &Question, filter: Option<&Filter>) -> Self {
        let context = Context::new(readings, *question);
        let claims = Claims::of(&context);
        let instruments = instruments(&context, &claims);
        let commitments = commitments(&context, &claims, &instruments);
        let lost = |reading: &&super::Reading| {
            reading.unsupported().is_some() && reading.retracted_by().is_none()
        };
        let mut register = Self {
            question: *question,
            instruments,
            commitments,
            offices: offices(&context),
            issues: issues(&context),
            events: events(&context, &claims),
            statements: statements(&context, &claims),
            contradictions: context.links.contradictions(),
            unsupported: readings
                .all()
                .iter()
                .filter(lost)
                .map(|row| row.seq)
                .collect(),
        };
        if let Some(filter) = filter {
            super::filter::apply(&mut register, filter, &context);
        }
        register
    }

    /// Returns only the instruments of the answer: who agreed to what.
    pub fn instruments(readings: &Readings, question: &Question) -> Vec<InstrumentItem> {
        let context = Context::new(readings, *question);
        instruments(&context, &Claims::of(&context))
    }
}
