//! Replay: what the record amounts to on a day, as known at a cut.
//!
//! First each record is read with all that was said of it later ([`Readings`]);
//! then the readings are folded into what was so in the world on the day asked
//! about ([`Register`]). Nothing here asks what day it is, refuses a record, or
//! changes one; what is odd about a history is reported elsewhere.

mod according;
mod amendment;
mod answers;
pub mod check;
mod chronicle;
mod claims;
mod commitment;
mod context;
mod dealings;
mod derive;
mod difference;
mod event;
mod filter;
mod force;
mod forces;
mod gathered;
mod grounds;
mod happening;
mod instrument;
mod issue;
mod links;
mod merged;
mod notice;
mod office;
mod others;
mod phase;
mod question;
mod readings;
mod register;
mod reservation;
mod revisions;
mod sequence;
mod side;
mod standing;
mod statement;
mod status;
mod steps;
mod support;
mod vouched;
mod when;
pub mod why;
mod witness;

pub use amendment::{AmendmentItem, BoundItem};
pub use chronicle::{Chronicled, Lasted, chronicle};
pub use claims::{ClaimItem, Claimed};
pub use commitment::{CommitmentItem, ConditionItem};
pub use difference::{Cause, Causes, Change, Difference, Differing, Part, Told};
pub use event::{EventItem, EventPhase};
pub use force::{Deposit, DerivedForce, ForceItem, RecordedForce};
pub use grounds::{terms, words};
pub use happening::{Field, Happening};
pub use instrument::{Count, Counts, InstrumentItem, Status};
pub use issue::IssueItem;
pub use links::Contradiction;
pub use merged::Merged;
pub use office::OfficeItem;
pub use phase::{Ending, Phase};
pub use question::{Dated, Period, Question};
pub use readings::{
    Attested, Dependence, Expunged, Misfit, Reading, Readings, Revision, RevisionKind, Unsupported,
};
pub use register::{Filter, Register};
pub use reservation::{Between, ReservationAnswer, ReservationItem};
pub use side::Side;
pub use standing::{ActItem, Standing, StandingItem};
pub use statement::{StatementItem, text};
pub use vouched::Vouched;
