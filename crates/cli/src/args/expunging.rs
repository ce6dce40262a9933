//! What the command that destroys takes.

use std::path::PathBuf;

use clap::Args;

/// `chancery expunge`.
#[derive(Args, Debug)]
pub struct ExpungeArgs {
    /// The records: their ids, or #N for the entry at position N
    #[arg(required = true, value_name = "REF")]
    pub records: Vec<String>,
    /// By whose authority: the record that says so, by id or as #N, or words; public for ever
    #[arg(long, value_name = "REF")]
    pub authority: String,
    /// Why; public for ever, and never the words that are destroyed
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Destroy the files in custody too that no other record speaks of
    #[arg(long)]
    pub with_sources: bool,
    /// Show what would be destroyed, and destroy nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// A keeper's private key [default: keys/keeper in the ledger]
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}
