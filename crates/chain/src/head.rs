//! The head: how far the ledger goes, and the hash that it ends in.
//!
//! Whoever holds a head can add to the ledger, and can tell any other history
//! of the same length from this one. A head is no proof to others; a signed
//! checkpoint is.

use crate::hash::Hash;
use crate::position::{Instant, Size};

/// How far a ledger goes, always at the end of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many entries there are.
    pub size: Size,
    /// The hash of the last entry's envelope; zeros if there is none.
    pub hash: Hash,
    /// How many submissions there are.
    pub submissions: u64,
    /// When the last submission was recorded.
    pub recorded_at: Instant,
}

impl Head {
    /// The head of a ledger without entries.
    pub const EMPTY: Self = Self {
        size: Size::EMPTY,
        hash: Hash::ZERO,
        submissions: 0,
        recorded_at: Instant::from_micros(0),
    };
}
