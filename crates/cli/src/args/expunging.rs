//! What the command that destroys takes.

use clap::Args;

use super::DecidedBy;

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
    #[arg(long, conflicts_with = "request")]
    pub with_sources: bool,
    /// Show what would be destroyed, and destroy nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Who decides it.
    #[command(flatten)]
    pub by: DecidedBy,
}
