//! The command line: what can be asked, and in which words.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

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
    max_term_width = 100,
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
pub struct Global {
    /// The ledger's folder.
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "DIR", help = LEDGER_HELP)]
    pub ledger: Option<PathBuf>,
    /// The day that is asked about, or an EDTF period: some day in it [default: today]
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "DATE")]
    pub on: Option<String>,
    /// What was known: a size, an entry's hash, a checkpoint file, or a day [default: everything]
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "CUT")]
    pub known_at: Option<String>,
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
    /// Show one record with its history
    Show(ShowArgs),
    /// List the entries
    Log(LogArgs),
    /// Say what a date means
    Date(DateArgs),
    /// Verify that nothing was altered or removed
    Verify(VerifyArgs),
    /// Sign how far the ledger goes, to be kept elsewhere
    Checkpoint(CheckpointArgs),
    /// Rebuild what is damaged from the other copy
    Repair(RepairArgs),
    /// Turn tables into records for `append -`
    Import(ImportArgs),
    /// Write the records out again
    Export(ExportArgs),
    /// Write the completions for a shell to standard output
    Completions(CompletionsArgs),
    /// Write manual pages into a folder
    Man(ManArgs),
}

/// `chancery completions`.
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// `chancery man`.
#[derive(Args, Debug)]
pub struct ManArgs {
    /// The folder; it is made if it is not there
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// `chancery demo`.
#[derive(Args, Debug)]
pub struct DemoArgs {
    /// The folder to make the ledger in; it must not exist yet
    #[arg(default_value = "geneva-2016-ledger")]
    pub folder: PathBuf,
}

/// `chancery init`.
#[derive(Args, Debug)]
pub struct InitArgs {
    /// The folder to found the ledger in; empty, or not there yet
    pub folder: PathBuf,
    /// The ledger's name, unlike any other's: like archive.example/syria
    #[arg(long, value_name = "NAME")]
    pub origin: String,
    /// A founding key, as log=FILE, archivist=FILE or keeper=FILE (OpenSSH Ed25519; an
    /// archivist's may be a .pub file); roles not given get new keys under DIR/keys
    #[arg(long, value_name = "ROLE=FILE")]
    pub key: Vec<String>,
}

/// `chancery append`.
#[derive(Args, Debug)]
pub struct AppendArgs {
    /// Dossiers in TOML or JSON Lines; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What to say of the submission as a whole; public, and never destroyed
    #[arg(long, short, value_name = "TEXT")]
    pub message: Option<String>,
    /// Do everything but write
    #[arg(long)]
    pub dry_run: bool,
    /// Append only if the ledger is as it was: head:HASH or size:N
    #[arg(long, value_name = "WHAT")]
    pub expect: Option<String>,
    /// The archivist's private key [default: keys/archivist in the ledger]
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Make a checkpoint afterwards
    #[arg(long)]
    pub checkpoint: bool,
    /// Believe a clock more than 400 days ahead of the ledger
    #[arg(long)]
    pub accept_clock_jump: bool,
}

/// `chancery attest`.
#[derive(Args, Debug)]
pub struct AttestArgs {
    /// The records: their ids, or #N for the entry at position N
    #[arg(required = true, value_name = "REF")]
    pub records: Vec<String>,
    /// On what grounds: what was compared with what
    #[arg(long, value_name = "TEXT")]
    pub grounds: String,
    /// Do everything but write
    #[arg(long)]
    pub dry_run: bool,
    /// The private key of an archivist who appended none of them [default: keys/archivist in the
    /// ledger]
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}

/// `chancery replay`.
#[derive(Args, Debug)]
pub struct ReplayArgs {
    /// Only what concerns this actor
    #[arg(long, value_name = "ID")]
    pub actor: Option<String>,
    /// Only what concerns this instrument
    #[arg(long, value_name = "ID")]
    pub instrument: Option<String>,
    /// Only records with this tag
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
    /// Only answers of this certainty
    #[arg(long, value_name = "HOW")]
    pub certainty: Option<CertaintyArg>,
}

/// How certain an answer must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CertaintyArg {
    /// It holds in every possible world.
    Certain,
    /// It holds in some possible world, and not in every one.
    Possible,
}

/// `chancery agreed`.
#[derive(Args, Debug)]
pub struct AgreedArgs {
    /// Only these instruments
    #[arg(value_name = "INSTRUMENT")]
    pub instruments: Vec<String>,
    /// Only this actor's standing
    #[arg(long, value_name = "ID")]
    pub actor: Option<String>,
}

/// `chancery commitments`.
#[derive(Args, Debug)]
pub struct CommitmentsArgs {
    /// Only those of which this actor is debtor or creditor
    #[arg(long, value_name = "ID")]
    pub actor: Option<String>,
}

/// `chancery show`.
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// An id, or #N for the entry at position N
    #[arg(value_name = "REF")]
    pub reference: String,
}

/// `chancery log`.
#[derive(Args, Debug)]
pub struct LogArgs {
    /// Show only the last N submissions
    #[arg(short = 'n', long, value_name = "N")]
    pub last: Option<usize>,
}

/// `chancery date`.
#[derive(Args, Debug)]
pub struct DateArgs {
    /// Dates in EDTF; `-` reads one a line from standard input; a year before 1 BC goes behind `--`
    #[arg(required = true, value_name = "EDTF")]
    pub dates: Vec<String>,
}

/// `chancery verify`.
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// Check the store's copy as well
    #[arg(long)]
    pub store: bool,
    /// The hash that the first submission must end in
    #[arg(long, value_name = "HASH")]
    pub founding: Option<String>,
}

/// `chancery checkpoint`.
#[derive(Args, Debug)]
pub struct CheckpointArgs {
    /// The log's private key [default: keys/log in the ledger]
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}

/// `chancery repair`.
#[derive(Args, Debug)]
pub struct RepairArgs {}

/// `chancery import`.
#[derive(Args, Debug)]
pub struct ImportArgs {
    /// What to read.
    #[command(subcommand)]
    pub format: ImportFormat,
}

/// What can be imported.
#[derive(Debug, Subcommand)]
pub enum ImportFormat {
    /// A status table of the United Nations Treaty Collection (CSV)
    Untc(UntcArgs),
}

/// `chancery import untc`.
#[derive(Args, Debug)]
pub struct UntcArgs {
    /// The tables
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The id of the instrument that the table is of
    #[arg(long, value_name = "ID")]
    pub instrument: String,
    /// Names of participants and their ids, in TOML
    #[arg(long, value_name = "FILE")]
    pub actors: Option<PathBuf>,
    /// Skip what cannot be understood, instead of giving up
    #[arg(long)]
    pub lenient: bool,
    /// Write what was read, made and skipped to this file, in JSON
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// `chancery export`.
#[derive(Args, Debug)]
pub struct ExportArgs {
    /// In what form
    #[arg(long, value_name = "FORM", default_value = "jsonl")]
    pub format: ExportFormat,
}

/// In what form records are written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// JSON Lines, a record a line, as it now reads.
    Jsonl,
}
