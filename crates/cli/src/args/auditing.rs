//! What the command that reports on audits takes.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `chancery audit`.
#[derive(Args, Debug)]
pub struct AuditArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: AuditCommand,
}

/// What can be done with recorded audits.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Say which entries were verified lately, and which were not
    Report(AuditReportArgs),
}

/// `chancery audit report`.
#[derive(Args, Debug)]
pub struct AuditReportArgs {
    /// What `verify --record` wrote; several are read together [default: audits.jsonl in the ledger]
    #[arg(long, value_name = "FILE")]
    pub log: Vec<PathBuf>,
    /// Every entry was to be verified within so many days: if one was not, the answer is no [default: 30, and no answer]
    #[arg(long, value_name = "DAYS")]
    pub within: Option<u32>,
    /// Write the report as a page for a browser, and not to standard output
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}
