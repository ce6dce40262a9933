//! What the commands that take records in and write them out take.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

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
    /// Any table (CSV), by a mapping file
    Csv(CsvArgs),
    /// Letters and papers in TEI XML: a source for each, and its text
    Tei(TeiArgs),
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

/// `chancery import csv`.
#[derive(Args, Debug)]
pub struct CsvArgs {
    /// The tables
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Which records the rows become, in TOML: see docs/import.md
    #[arg(long, value_name = "FILE")]
    pub mapping: PathBuf,
    /// Leave out the rows that cannot be understood, instead of giving up
    #[arg(long)]
    pub lenient: bool,
    /// Write what was read, made and left out, and all that is odd, to this file, in JSON
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// `chancery import tei`.
#[derive(Args, Debug)]
pub struct TeiArgs {
    /// The TEI files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Write the texts into this folder; `append -` finds them if it is called where this is
    #[arg(long, value_name = "DIR", default_value = "texts")]
    pub texts: PathBuf,
    /// What the ids of the sources begin with
    #[arg(long, value_name = "TEXT")]
    pub prefix: Option<String>,
    /// Who keeps the papers
    #[arg(long, value_name = "NAME")]
    pub repository: Option<String>,
}

/// `chancery export`.
#[derive(Args, Debug)]
pub struct ExportArgs {
    /// In what form
    #[arg(long, value_name = "FORM", default_value = "jsonl")]
    pub format: ExportFormat,
    /// Copy the source files that the records speak of to below this folder; put the lines there
    /// as well, and `append` finds them
    #[arg(long, value_name = "DIR")]
    pub files: Option<PathBuf>,
    /// csv: write a table for each kind into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "kind")]
    pub out: Option<PathBuf>,
    /// csv: write the table of this kind of record to standard output
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// graph: how to write it
    #[arg(long, value_name = "FORM", default_value = "dot")]
    pub graph: GraphFormat,
}

/// In what form records are written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// JSON Lines: every record as it was appended, for `append` elsewhere
    Jsonl,
    /// Tables for spreadsheets, one for each kind of record, as the records now read
    Csv,
    /// Where each entry comes from, in the terms of W3C PROV-O, as JSON-LD
    ProvJsonld,
    /// Who is bound to whom on the day asked about
    Graph,
}

/// How a graph is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// For Graphviz
    Dot,
    /// XML for graph editors
    Graphml,
}
