//! The command line: what can be asked, and in which words.
//!
//! What each command takes stands in a module for its sort; here is what all
//! have in common.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

mod auditing;
mod copying;
mod deciding;
mod expunging;
mod finding;
mod help;
mod keeping;
mod keys;
mod proof;
mod reading;
mod sides;
mod tables;
mod timestamp;
mod verifying;
mod views;
mod witness;
mod writing;

pub use auditing::{AuditArgs, AuditCommand, AuditReportArgs};
pub use copying::{CloneArgs, PushArgs, RollArgs, RollCommand};
pub use deciding::{ApproveArgs, DecidedBy, EnactArgs};
pub use expunging::ExpungeArgs;
pub use finding::{CiteArgs, CiteFormat, CoverageArgs, SearchArgs};
pub use help::{CompletionsArgs, ManArgs};
pub use keeping::{CheckpointArgs, ProveArgs, RepairArgs, VerifyProofArgs};
pub use keys::{
    KeyAddArgs, KeyArgs, KeyCommand, KeyListArgs, KeyQuorumArgs, KeyRevokeArgs, KeyRotateArgs,
    RoleArg,
};
pub use proof::WhyArgs;
pub use reading::{
    AgreedArgs, CertaintyArg, CheckArgs, CommitmentsArgs, DateArgs, LogArgs, PhaseArg, ReplayArgs,
    ShowArgs, WordsArg,
};
pub use tables::{
    CsvArgs, ExportArgs, ExportFormat, GraphFormat, ImportArgs, ImportFormat, TeiArgs, UntcArgs,
};
pub use timestamp::TimestampArgs;
pub use verifying::{LevelArg, PartArgs, VerifyArgs};
pub use views::{DiffArgs, TimelineArgs};
pub use witness::{WitnessArgs, WitnessCommand, WitnessInitArgs, WitnessServeArgs};
pub use writing::{AppendArgs, AttestArgs, DemoArgs, InitArgs};

/// The heading of what holds for every command.
pub(crate) const GLOBAL: &str = "Options of every command";

/// What is said of `--ledger`.
const LEDGER_HELP: &str =
    "The ledger's folder [env: CHANCERY_LEDGER; default: the nearest at or above this one]";

/// A ledger of the diplomatic record: who said, agreed and undertook what, and when.
///
/// Statements are appended, never changed; anyone can verify that nothing was
/// altered or removed; and the record can be replayed on any day, as the world
/// was and as it was then known.
#[derive(Debug, Parser)]
#[command(
    name = "chancery",
    version,
    max_term_width = 80,
    arg_required_else_help = true
)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// What holds for every command.
#[derive(Args, Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // Each is an option of its own: all their combinations occur.
pub struct Global {
    /// The ledger's folder.
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "DIR", help = LEDGER_HELP)]
    pub ledger: Option<PathBuf>,
    /// The day that is asked about, or an EDTF period: some day in it [default: today]
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "DATE")]
    pub on: Option<String>,
    /// Only what was so on every day of the period
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub throughout: bool,
    /// How far dates with `?`, `~` or `%` are believed
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "HOW", default_value = "strict")]
    pub credibility: CredibilityArg,
    /// What was known: a size, an entry's hash, a checkpoint file, or a day [default: everything]
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "CUT")]
    pub known_at: Option<String>,
    /// Take this actor's word for what was fulfilled or violated, and which conditions were met
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "ACTOR")]
    pub according_to: Option<String>,
    /// Only what a second person vouched for
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub attested: bool,
    /// What "today" means in an answer
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "DAY")]
    pub today: Option<String>,
    /// Answer in JSON
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub json: bool,
    /// When to use colours
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Say nothing but the answer and errors
    #[arg(short, long, global = true, help_heading = GLOBAL)]
    pub quiet: bool,
    /// Say what is done (twice: in detail)
    #[arg(short, long, global = true, help_heading = GLOBAL, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

impl Global {
    /// Returns whether what goes to standard error may have colours.
    pub fn colours_on_stderr(&self) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
            }
        }
    }
}

/// How far qualified dates are believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CredibilityArg {
    /// Each mark widens the date by a unit of its finest part, each way.
    #[default]
    Strict,
    /// They are taken as written.
    Accept,
}

impl CredibilityArg {
    /// Returns the word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Accept => "accept",
        }
    }
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// If a person is looking.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a ledger of the example, verify it and replay it
    Demo(DemoArgs),
    /// Found a ledger
    Init(InitArgs),
    /// Append dossiers: all of them or nothing
    Append(AppendArgs),
    /// Vouch for records that another archivist appended
    Attest(AttestArgs),
    /// Reconstruct the whole register on a day
    Replay(ReplayArgs),
    /// Say who agreed to what, and when
    Agreed(AgreedArgs),
    /// Say who owes what to whom on a day
    Commitments(CommitmentsArgs),
    /// Draw what happened, in the order of the days
    Timeline(TimelineArgs),
    /// Say how two days differ (--on A..B), or what was known of one (--known-at A..B)
    Diff(DiffArgs),
    /// Say what in the record is odd
    Check(CheckArgs),
    /// Prove an answer, down to the words of the sources
    Why(WhyArgs),
    /// Show one record with its history
    Show(ShowArgs),
    /// List the entries
    Log(LogArgs),
    /// Find words in the records and in the texts of sources
    Search(SearchArgs),
    /// Cite one record, with the hashes to tell it by
    Cite(CiteArgs),
    /// Say what nobody attested, and what of the sources was left out
    Coverage(CoverageArgs),
    /// Say what a date means
    Date(DateArgs),
    /// Verify that nothing was altered or removed
    Verify(Box<VerifyArgs>),
    /// Say what the recorded audits amount to
    Audit(AuditArgs),
    /// Sign how far the ledger goes, to be kept elsewhere
    Checkpoint(CheckpointArgs),
    /// Be a witness: cosign the checkpoints of ledgers that only grow
    Witness(WitnessArgs),
    /// Show to somebody who has no ledger that one entry is in this one
    Prove(ProveArgs),
    /// Check such a proof; this takes no ledger
    VerifyProof(VerifyProofArgs),
    /// List the ledger's keys, enrol and revoke them
    Key(KeyArgs),
    /// Destroy what records say, for good, and leave that it was done
    Expunge(ExpungeArgs),
    /// Approve, as a keeper, of what a request asks for; this takes no ledger
    Approve(ApproveArgs),
    /// Record what keepers have approved of, and do it
    Enact(EnactArgs),
    /// Rebuild what is damaged from the other copies
    Repair(RepairArgs),
    /// Publish the roll, as static files for any web server
    Roll(RollArgs),
    /// Make a ledger's folder of a published roll, and verify all of it
    Clone(CloneArgs),
    /// Turn tables and letters into records for `append -`
    Import(ImportArgs),
    /// Write the records out again
    Export(ExportArgs),
    /// Write the completions for a shell to standard output
    Completions(CompletionsArgs),
    /// Write manual pages into a folder
    Man(ManArgs),
}
