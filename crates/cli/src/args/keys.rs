//! What the commands about keys take.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

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
    /// A keeper's private key [default: keys/keeper in the ledger]
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}

/// `chancery key revoke`.
#[derive(Args, Debug)]
pub struct KeyRevokeArgs {
    /// The key: #N for the one that entry N enrols, or a file with its public half
    #[arg(value_name = "KEY")]
    pub revoked: String,
    /// The first entry that is in doubt, if it was not its owner who signed
    #[arg(long, value_name = "SEQ")]
    pub since: Option<u64>,
    /// Why; public for ever
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub reason: String,
    /// A keeper's private key, or the key itself [default: keys/keeper in the ledger]
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
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
    /// A keeper's private key [default: keys/keeper in the ledger]
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
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
