//! What the commands that keep a ledger sound take.

use std::path::PathBuf;

use clap::Args;

use super::timestamp::TimestampArgs;

/// `chancery checkpoint`.
#[derive(Args, Debug)]
pub struct CheckpointArgs {
    /// The log's private key; both, while it is being replaced [default:
    /// keys/log in the ledger]
    #[arg(long, value_name = "FILE")]
    pub key: Vec<PathBuf>,
    /// Ask the witness at this address to cosign it; several are asked in turn
    #[arg(long, value_name = "URL")]
    pub cosign: Vec<String>,
    /// Whose cosignatures count, and how many are needed; without --cosign, every
    /// witness with an address in it is asked
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Whether an authority on time is asked.
    #[command(flatten)]
    pub timestamp: TimestampArgs,
}

/// `chancery repair`.
#[derive(Args, Debug)]
pub struct RepairArgs {
    /// Take what is lost here from this copy too, as far as the chain proves it: a published
    /// roll (a folder, `http://…`, `https://…` or `s3://BUCKET/PREFIX`), or another ledger's
    /// folder
    #[arg(long, value_name = "PLACE")]
    pub from: Option<String>,
}

/// `chancery prove`.
#[derive(Args, Debug)]
pub struct ProveArgs {
    /// An id, or #N for the entry at position N
    #[arg(value_name = "REF")]
    pub reference: String,
    /// Show the body, with the salt that its hash was made with
    #[arg(long)]
    pub body: bool,
}

/// `chancery verify-proof`.
#[derive(Args, Debug)]
pub struct VerifyProofArgs {
    /// The proof
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The log's verifier key, or a file that holds it; several while a key is being replaced.
    /// A witness's key: it must have cosigned
    #[arg(long, required_unless_present = "policy", value_name = "KEY")]
    pub key: Vec<String>,
    /// Which logs are trusted, and which witnesses must have cosigned
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
}
