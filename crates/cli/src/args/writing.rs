//! What the commands that write records take.

use std::path::PathBuf;

use clap::Args;

/// `chancery demo`.
#[derive(Args, Debug)]
pub struct DemoArgs {
    /// The folder to make the ledger in; it must not exist yet
    #[arg(default_value = "geneva-2016-ledger")]
    pub folder: PathBuf,
}

/// `chancery init`.
#[derive(Args, Debug)]
pub struct InitArgs {
    /// The folder to found the ledger in; empty, or not there yet
    pub folder: PathBuf,
    /// The ledger's name, unlike any other's: like archive.example/syria
    #[arg(long, value_name = "NAME")]
    pub origin: String,
    /// A founding key, as log=FILE, archivist=FILE or keeper=FILE (OpenSSH Ed25519; a
    /// .pub file for an archivist, or if an ssh agent holds the key); roles not given get new keys under DIR/keys
    #[arg(long, value_name = "ROLE=FILE")]
    pub key: Vec<String>,
}

/// `chancery append`.
#[derive(Args, Debug)]
pub struct AppendArgs {
    /// Dossiers in TOML or JSON Lines; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What to say of the submission as a whole; public, and never destroyed
    #[arg(long, short, value_name = "TEXT")]
    pub message: Option<String>,
    /// Do everything but write
    #[arg(long)]
    pub dry_run: bool,
    /// Append only if the ledger is as it was: head:HASH or size:N
    #[arg(long, value_name = "WHAT")]
    pub expect: Option<String>,
    /// The archivist's private key [default: keys/archivist in the ledger]; of several, each
    /// submission of an export is signed by the first that may
    #[arg(long, value_name = "FILE")]
    pub key: Vec<PathBuf>,
    /// Make a checkpoint afterwards
    #[arg(long)]
    pub checkpoint: bool,
    /// Believe a clock more than 400 days ahead of the ledger
    #[arg(long)]
    pub accept_clock_jump: bool,
}

/// `chancery attest`.
#[derive(Args, Debug)]
pub struct AttestArgs {
    /// The records: their ids, or #N for the entry at position N
    #[arg(required = true, value_name = "REF")]
    pub records: Vec<String>,
    /// On what grounds: what was compared with what
    #[arg(long, value_name = "TEXT")]
    pub grounds: String,
    /// Do everything but write
    #[arg(long)]
    pub dry_run: bool,
    /// The private key of an archivist who appended none of them [default: keys/archivist in the
    /// ledger]
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}
