//! What the command that verifies a ledger takes.

use std::path::PathBuf;

use chancery_store::verify::Level;
use clap::{Args, ValueEnum};

/// `chancery verify`.
#[derive(Args, Debug, Default)]
pub struct VerifyArgs {
    /// Verify the roll that was published at PLACE, and no ledger of yours
    #[arg(long, value_name = "PLACE", conflicts_with = "store")]
    pub roll: Option<String>,
    /// Check the store's copy as well
    #[arg(long)]
    pub store: bool,
    /// The hash that the first submission must end in
    #[arg(long, value_name = "HASH")]
    pub founding: Option<String>,
    /// A checkpoint that was kept elsewhere; several bracket what differs. Or a copy of the ledger,
    /// as `clone` takes it: the entries that differ are named
    #[arg(long, value_name = "FILE|URL|PLACE")]
    pub against: Vec<PathBuf>,
    /// Your own pin: made at first, and moved on as the ledger grows from there
    #[arg(long, value_name = "FILE")]
    pub pin: Option<PathBuf>,
    /// A verifier key that must have signed its checkpoint: the log's, or a witness's
    #[arg(long, value_name = "KEY")]
    pub key: Vec<String>,
    /// Which logs are trusted, and which witnesses must have cosigned its checkpoint
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// A time stamp (RFC 3161) on its checkpoint, or on one of --against
    #[arg(long, value_name = "FILE", requires = "tsa")]
    pub timestamp: Vec<PathBuf>,
    /// Certificates (PEM) of those who vouch for authorities on time
    #[arg(long, value_name = "FILE", requires = "timestamp")]
    pub tsa: Option<PathBuf>,
    /// Which part is verified, and where that is recorded.
    #[command(flatten)]
    pub part: PartArgs,
}

/// Which part of a ledger is verified, and where that is recorded.
#[derive(Args, Debug, Default)]
pub struct PartArgs {
    /// Verify this level alone, with those it rests on; several can be named [default: all]
    #[arg(long, value_name = "LEVEL", value_delimiter = ',')]
    pub level: Vec<LevelArg>,
    /// Verify the entries A to B, and what lies in a bundle of 256 with them
    #[arg(long, value_name = "A..B", conflicts_with_all = ["since", "sample"])]
    pub range: Option<String>,
    /// Take what this checkpoint covers as verified, if the ledger continues it
    #[arg(long, value_name = "FILE", conflicts_with = "sample")]
    pub since: Option<PathBuf>,
    /// Verify at least N entries drawn by chance, or P in a hundred
    #[arg(long, value_name = "N|P%")]
    pub sample: Option<String>,
    /// Draw the sample that this number stands for, and not another
    #[arg(long, value_name = "NUMBER", requires = "sample")]
    pub seed: Option<u64>,
    /// Record in FILE what was verified [default: audits.jsonl in the ledger]
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    pub record: Option<Option<PathBuf>>,
    /// Who verifies, for the record [default: the user's name on this machine]
    #[arg(long, value_name = "NAME", requires = "record")]
    pub by: Option<String>,
}

/// A level of verifying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LevelArg {
    /// Checkpoints agree with the tree and are signed
    Checkpoint,
    /// Each envelope follows the one before; submissions are whole
    Chain,
    /// Each envelope is a leaf of the tree, and the tiles fit together
    Tree,
    /// Each body is the one that its envelope names, and reads
    Bodies,
    /// Each submission is signed with a key that may
    Signatures,
    /// Each source file is the one that the records speak of
    Sources,
}

impl LevelArg {
    /// Returns the level.
    pub const fn level(self) -> Level {
        match self {
            Self::Checkpoint => Level::Checkpoint,
            Self::Chain => Level::Chain,
            Self::Tree => Level::Tree,
            Self::Bodies => Level::Bodies,
            Self::Signatures => Level::Signatures,
            Self::Sources => Level::Sources,
        }
    }
}
