//! What the command that verifies a ledger takes.

use std::path::PathBuf;

use clap::Args;

/// `chancery verify`.
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// Check the store's copy as well
    #[arg(long)]
    pub store: bool,
    /// The hash that the first submission must end in
    #[arg(long, value_name = "HASH")]
    pub founding: Option<String>,
    /// A checkpoint that was kept elsewhere; several bracket what differs
    #[arg(long, value_name = "FILE")]
    pub against: Vec<PathBuf>,
}
