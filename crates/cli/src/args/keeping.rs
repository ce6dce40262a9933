//! What the commands that keep a ledger sound take.

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
