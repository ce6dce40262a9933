//! What is to be verified: which levels, and which part of the ledger.

use std::collections::BTreeSet;

use super::Kept;

/// One of the things that a ledger is verified for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Checkpoints agree with the tree, and are signed.
    Checkpoint,
    /// Every envelope follows the one before it, and submissions are whole.
    Chain,
    /// Every envelope is the leaf that the tiles have, and the tiles fit together.
    Tree,
    /// Every body is the one that its envelope names.
    Bodies,
    /// Every submission is signed with a key that may sign it.
    Signatures,
    /// Every source file is the one that the records speak of.
    Sources,
}

/// The levels that are verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Levels(BTreeSet<Level>);

/// Is told how many bundles there are, and says which of them to verify.
pub type Choice<'a> = dyn Fn(u64) -> BTreeSet<u64> + 'a;

/// What is to be verified.
#[derive(Clone, Default)]
pub struct Asked<'a> {
    /// The levels.
    pub levels: Levels,
    /// Which bundles, if not all. The tail, an unfinished bundle, and bundles
    /// with a key in them are verified in any case; of the others it is read
    /// which kinds of entries they hold, and their leaves are taken from the tiles.
    pub choice: Option<&'a Choice<'a>>,
    /// Checkpoints that were kept elsewhere.
    pub against: &'a [Kept],
}

impl Level {
    /// All levels.
    pub const ALL: [Self; 6] = [
        Self::Checkpoint,
        Self::Chain,
        Self::Tree,
        Self::Bodies,
        Self::Signatures,
        Self::Sources,
    ];

    /// Returns the word for this level.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Checkpoint => "checkpoint",
            Self::Chain => "chain",
            Self::Tree => "tree",
            Self::Bodies => "bodies",
            Self::Signatures => "signatures",
            Self::Sources => "sources",
        }
    }
}

impl Default for Levels {
    fn default() -> Self {
        Self(Level::ALL.into())
    }
}

impl Levels {
    /// Returns these levels, with those that they rest on: a source on the
    /// record that speaks of it, and all but the checkpoints on the chain.
    pub fn of(asked: &[Level]) -> Self {
        let mut levels: BTreeSet<Level> = asked.iter().copied().collect();
        if levels.contains(&Level::Sources) {
            levels.insert(Level::Bodies);
        }
        if levels.iter().any(|level| *level != Level::Checkpoint) {
            levels.insert(Level::Chain);
        }
        Self(levels)
    }

    /// Returns these levels and one more.
    #[must_use]
    pub fn with(mut self, level: Level) -> Self {
        self.0.insert(level);
        self
    }

    /// Returns whether this level is among them.
    pub fn has(&self, level: Level) -> bool {
        self.0.contains(&level)
    }

    /// Returns whether these are all levels.
    pub fn are_all(&self) -> bool {
        self.0.len() == Level::ALL.len()
    }

    /// Returns the levels, the lowest first.
    pub fn iter(&self) -> impl Iterator<Item = Level> {
        self.0.iter().copied()
    }
}
