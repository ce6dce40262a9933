//! The audit log: who verified what, when, against what, and what came of it.
//!
//! One line of JSON for each audit, only ever added to. The log is kept outside
//! of what the ledger proves: whoever can write to it can forge it, so that it
//! is a memory aid and no evidence. What it amounts to is for [`coverage`],
//! and whether an audit counts for [`standing`].

pub mod coverage;
mod kept;
pub mod standing;

use serde::{Deserialize, Serialize};

pub use kept::{FILE, Log, append, read};

/// The schema of a line.
pub const SCHEMA: &str = "chancery.audit/1";

/// One audit, as it stands in the log.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Audit {
    /// `chancery.audit/1`.
    pub schema: String,
    /// When it began, in UTC.
    pub at: String,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
    /// Who verified, by their own account.
    pub by: Option<String>,
    /// The program and its version.
    pub program: String,
    /// The ledger's name.
    pub origin: Option<String>,
    /// The head hash after submission 0.
    pub founding: Option<String>,
    /// How many entries there were.
    pub size: u64,
    /// The head hash.
    pub head: String,
    /// The root of the tree.
    pub root: Option<String>,
    /// The levels that were verified.
    pub levels: Vec<String>,
    /// How much was to be verified: `whole`, `range`, `since` or `sample`.
    pub extent: String,
    /// The entries that were looked at: first and last of each range.
    pub covered: Vec<(u64, u64)>,
    /// How many of the first entries were taken as verified, for a checkpoint's sake.
    pub taken_as_verified: u64,
    /// How a sample was drawn.
    pub sample: Option<Sample>,
    /// What the ledger was compared with.
    pub against: Against,
    /// The verdict in a word: `self-consistent`, `authentic`, `incomplete` or `damaged`.
    pub verdict: String,
    /// How much was looked at.
    pub checked: Checked,
    /// What was found, by code.
    pub findings: Vec<Found>,
}

/// How a sample was drawn.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Sample {
    /// The number that stands for it.
    pub seed: u64,
    /// How many bundles.
    pub bundles: u64,
    /// Out of how many.
    pub of: u64,
}

/// What a ledger was compared with.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Against {
    /// Whether the founding hash was given and is the ledger's.
    pub founding: bool,
    /// The sizes of the checkpoints kept elsewhere that it agrees with.
    pub checkpoints: Vec<u64>,
    /// The size of its checkpoint that is signed as the keys or the policy ask.
    #[serde(default)]
    pub signed: Option<u64>,
}

/// How much was looked at.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Checked {
    /// Entries read and hashed.
    pub entries: u64,
    /// Bodies compared with their hashes.
    pub bodies: u64,
    /// Tiles compared.
    pub tiles: u64,
    /// Key signatures verified.
    pub signatures: u64,
    /// Source files hashed.
    pub sources: u64,
    /// Bytes of the roll read.
    pub bytes: u64,
}

/// The findings of one code.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Found {
    /// The code.
    pub code: String,
    /// The severity's word.
    pub severity: String,
    /// How many there were.
    pub count: u64,
    /// The first entry concerned, if entries are.
    pub first: Option<u64>,
    /// The last entry concerned.
    pub last: Option<u64>,
    /// The first file concerned, if one is.
    pub file: Option<String>,
    /// What the first of them says.
    pub message: String,
}
