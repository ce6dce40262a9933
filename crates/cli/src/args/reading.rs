//! What the commands that read take.

use chancery_core::date::Calendar;
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

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
    /// What it rests on leaves no possible world.
    Contradictory,
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
    /// Only those between that actor and this one
    #[arg(long, value_name = "ID", requires = "actor")]
    pub with: Option<String>,
    /// Only those in this phase, or possibly in it
    #[arg(long, value_name = "PHASE")]
    pub phase: Option<PhaseArg>,
    /// Only those that stand so near to the words of a source
    #[arg(long, value_name = "HOW")]
    pub words: Option<WordsArg>,
    /// Only those under an instrument whose text is not public
    #[arg(long)]
    pub unpublished: bool,
}

/// A phase of a commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PhaseArg {
    /// Not owed yet.
    Pending,
    /// Its condition is unmet.
    Conditional,
    /// Owed.
    Active,
    /// Suspended.
    Suspended,
    /// Violated, by the word of --according-to.
    Violated,
    /// Fulfilled, by the word of --according-to.
    Fulfilled,
    /// Owed no longer.
    Ended,
}

/// How near a commitment stands to the words of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WordsArg {
    /// In the words of the source.
    Quoted,
    /// In other words, with the same meaning.
    Paraphrased,
    /// By somebody who tells what another said.
    Attributed,
    /// On no source at all.
    None,
}

/// `chancery check`.
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// Only what concerns this instrument
    #[arg(long, value_name = "ID")]
    pub instrument: Option<String>,
    /// Only what concerns this actor
    #[arg(long, value_name = "ID")]
    pub actor: Option<String>,
    /// All of each sort, and what is odd in some possible worlds only
    #[arg(long)]
    pub all: bool,
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
    /// The calendar that they are written in; the days told are Gregorian
    #[arg(long, value_name = "NAME", value_parser = calendars(), default_value = "gregorian")]
    pub calendar: String,
}

fn calendars() -> PossibleValuesParser {
    PossibleValuesParser::new(Calendar::ALL.map(Calendar::name))
}
