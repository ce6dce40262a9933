//! What the commands that show change over time take.

use std::path::PathBuf;

use chancery_core::record::RecordKind;
use clap::Args;
use clap::builder::PossibleValuesParser;

/// `chancery timeline`.
#[derive(Args, Debug)]
pub struct TimelineArgs {
    /// Only what this actor has a part in
    #[arg(long, value_name = "ID")]
    pub actor: Option<String>,
    /// Only what has to do with this instrument
    #[arg(long, value_name = "ID")]
    pub instrument: Option<String>,
    /// Only what records of this kind tell [default: all but actors and sources]
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    pub kind: Option<String>,
    /// The first day shown [default: of --on, else of what happened]
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// The last day shown [default: of --on, else of what happened]
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// How many columns wide [default: as the terminal, else 80]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(60..=500))]
    pub width: Option<u16>,
    /// Draw it as SVG into this file; `-` is standard output
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub svg: Option<PathBuf>,
}

fn kinds() -> PossibleValuesParser {
    PossibleValuesParser::new(RecordKind::ALL.iter().map(|kind| kind.name()))
}

/// `chancery diff`.
#[derive(Args, Debug)]
pub struct DiffArgs {
    /// Only what concerns this actor
    #[arg(long, value_name = "ID")]
    pub actor: Option<String>,
    /// Only this instrument, and what is under or about it
    #[arg(long, value_name = "ID")]
    pub instrument: Option<String>,
    /// Exit with 1 if there is a difference
    #[arg(long)]
    pub exit_code: bool,
}
