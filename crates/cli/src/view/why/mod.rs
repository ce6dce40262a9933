//! A proof, as it is written down: the answer, the days, the rule, the worlds,
//! and every record down to the words of its sources.
//!
//! What the answer is and what decides it is worked out by
//! `chancery_core::replay::why`; how one record is shown is [`super::show`]'s.

pub mod json;
mod rule;
pub mod text;

use super::show::{Entry, Shown};

/// A record that a proof rests on.
#[derive(Clone, Debug)]
pub struct Rested {
    /// Its entry.
    pub entry: Entry,
    /// The record with its history.
    pub shown: Shown,
}
