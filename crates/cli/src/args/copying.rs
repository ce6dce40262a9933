//! What the commands that carry a ledger between places take.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `chancery roll`.
#[derive(Args, Debug)]
pub struct RollArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: RollCommand,
}

/// What can be done with the roll.
#[derive(Debug, Subcommand)]
pub enum RollCommand {
    /// Publish what the last checkpoint covers to a folder, a web server or an object store
    Push(PushArgs),
}

/// `chancery roll push`.
#[derive(Args, Debug)]
pub struct PushArgs {
    /// A folder, `http://…`, `https://…` or `s3://BUCKET/PREFIX`
    #[arg(value_name = "PLACE")]
    pub place: String,
    /// Look at every file there, not only at those since its checkpoint
    #[arg(long)]
    pub every: bool,
    /// Remove all unfinished files there that full ones have superseded
    #[arg(long)]
    pub prune: bool,
    /// Leave out bodies and source files: whoever has the copy can witness that nothing is
    /// changed, and reads nothing of what the records say
    #[arg(long)]
    pub without_bodies: bool,
}

/// `chancery clone`.
#[derive(Args, Debug)]
pub struct CloneArgs {
    /// A published roll: a folder, `http://…`, `https://…` or `s3://BUCKET/PREFIX`; or another
    /// ledger's folder
    #[arg(value_name = "PLACE")]
    pub place: String,
    /// The folder to make; one that an earlier clone made is brought up to date
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// The log's verifier key, or a file that holds it: the checkpoint must be signed with it
    #[arg(long, value_name = "KEY")]
    pub key: Vec<String>,
    /// Which logs are trusted, and which witnesses must have cosigned
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// The hash that the first submission must end in
    #[arg(long, value_name = "HASH")]
    pub founding: Option<String>,
}
