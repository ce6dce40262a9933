//! What the commands take by which keepers decide, together or each where the key is.

use std::path::PathBuf;

use clap::Args;

/// Who decides: a keeper at hand, or those who will be asked.
#[derive(Args, Debug)]
pub struct DecidedBy {
    /// A keeper's private key [default: keys/keeper in the ledger]
    #[arg(long, value_name = "FILE", conflicts_with = "request")]
    pub key: Option<PathBuf>,
    /// Decide nothing: write what keepers are asked to approve of into this file
    #[arg(long, value_name = "FILE")]
    pub request: Option<PathBuf>,
}

/// `chancery approve`.
#[derive(Args, Debug)]
pub struct ApproveArgs {
    /// The request, to which the approval is added
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The keeper's private key
    #[arg(long, value_name = "FILE", required_unless_present = "dry_run")]
    pub key: Option<PathBuf>,
    /// Show what is asked for and who has approved, and approve of nothing
    #[arg(long, conflicts_with_all = ["key", "yes"])]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

/// `chancery enact`.
#[derive(Args, Debug)]
pub struct EnactArgs {
    /// The request with its approvals; copies that were approved of apart count together
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The private key that signs the submission: an archivist's, or a keeper's, who thereby
    /// agrees too [default: keys/archivist in the ledger]
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Destroy the files in custody too that no other record speaks of
    #[arg(long)]
    pub with_sources: bool,
    /// Even if fewer keepers are left than have to agree
    #[arg(long)]
    pub below_quorum: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}
