//! What the commands that find, cite and take stock take.

use chancery_core::record::RecordKind;
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

/// `chancery search`.
#[derive(Args, Debug)]
pub struct SearchArgs {
    /// The words; all must occur. "a phrase", word*, a OR b, NOT word
    #[arg(required = true, value_name = "WORDS")]
    pub words: Vec<String>,
    /// Only records of this kind; of sources their texts too
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    pub kind: Option<String>,
    /// Only records that name this actor
    #[arg(long, value_name = "ID")]
    pub actor: Option<String>,
    /// Search records that were retracted as well
    #[arg(long)]
    pub retracted: bool,
    /// Show so many answers, the best first
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
}

fn kinds() -> PossibleValuesParser {
    PossibleValuesParser::new(RecordKind::ALL.iter().map(|kind| kind.name()))
}

/// `chancery coverage`.
#[derive(Args, Debug)]
pub struct CoverageArgs {
    /// Only the passages of these sources
    #[arg(value_name = "SOURCE")]
    pub sources: Vec<String>,
    /// Show every list to its end, and passages whole
    #[arg(long)]
    pub all: bool,
}

/// `chancery cite`.
#[derive(Args, Debug)]
pub struct CiteArgs {
    /// An id, or #N for the record at position N
    #[arg(value_name = "REF")]
    pub reference: String,
    /// The form
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub format: CiteFormat,
}

/// The form of a citation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CiteFormat {
    /// For people.
    Text,
    /// For BibTeX and biblatex.
    Bibtex,
    /// For whatever reads the Citation Style Language's JSON.
    CslJson,
}
