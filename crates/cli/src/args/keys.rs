//! What the commands about keys take.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::DecidedBy;

/// `chancery key`.
#[derive(Args, Debug)]
pub struct KeyArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: KeyCommand,
}

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// List the keys, each with its role
    List(KeyListArgs),
    /// Enrol a key
    Add(KeyAddArgs),
    /// End a key: it signs nothing more
    Revoke(KeyRevokeArgs),
    /// Put a new key in the place of one: a log's signs beside it until it is revoked
    Rotate(KeyRotateArgs),
    /// Say how many keepers must agree to destroy, to enrol a keeper, or to change this
    Quorum(KeyQuorumArgs),
}

/// `chancery key list`.
#[derive(Args, Debug)]
pub struct KeyListArgs {
    /// Only the log's verifier keys, as whoever checks a proof needs them
    #[arg(long)]
    pub log: bool,
}

/// `chancery key add`.
#[derive(Args, Debug)]
pub struct KeyAddArgs {
    /// The key, as OpenSSH keeps it; the public half is enough
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What it may do
    #[arg(long, value_name = "ROLE")]
    pub role: RoleArg,
    /// Whose it is [default: the comment in the file]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Who decides it.
    #[command(flatten)]
    pub by: DecidedBy,
}

/// `chancery key revoke`.
#[derive(Args, Debug)]
pub struct KeyRevokeArgs {
    /// The key: #N for the one that entry N enrols, or a file with its public half; whoever has
    /// the private half may end it, with --key
    #[arg(value_name = "KEY")]
    pub revoked: String,
    /// The first entry that is in doubt, if it was not its owner who signed
    #[arg(long, value_name = "SEQ")]
    pub since: Option<u64>,
    /// Why; public for ever
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub reason: String,
    /// Even if fewer keepers are left than have to agree
    #[arg(long, conflicts_with = "request")]
    pub below_quorum: bool,
    /// Who decides it.
    #[command(flatten)]
    pub by: DecidedBy,
}

/// `chancery key rotate`.
#[derive(Args, Debug)]
pub struct KeyRotateArgs {
    /// The key: #N for the one that entry N enrols, or a file with its public half
    #[arg(value_name = "KEY")]
    pub rotated: String,
    /// The new key, as OpenSSH keeps it; the public half is enough
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Who decides it.
    #[command(flatten)]
    pub by: DecidedBy,
}

/// `chancery key quorum`.
#[derive(Args, Debug)]
pub struct KeyQuorumArgs {
    /// How many keepers
    #[arg(value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    pub keepers: u8,
    /// Who decides it.
    #[command(flatten)]
    pub by: DecidedBy,
}

/// A role of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RoleArg {
    /// Signs checkpoints
    Log,
    /// Signs submissions
    Archivist,
    /// Enrols and revokes keys, and destroys bodies
    Keeper,
}
