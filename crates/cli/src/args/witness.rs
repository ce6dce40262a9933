//! What a witness takes.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

/// `chancery witness`.
#[derive(Args, Debug)]
pub struct WitnessArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: WitnessCommand,
}

/// What a witness does.
#[derive(Debug, Subcommand)]
pub enum WitnessCommand {
    /// Make a witness: its folder and its key
    Init(WitnessInitArgs),
    /// Cosign the checkpoints of logs that only grow, until stopped
    Serve(WitnessServeArgs),
}

/// `chancery witness init`.
#[derive(Args, Debug)]
pub struct WitnessInitArgs {
    /// The folder in which it remembers what it saw
    #[arg(long, value_name = "DIR")]
    pub state: PathBuf,
    /// Its name, unlike any other witness's: witness.example/archive
    #[arg(long, value_name = "NAME")]
    pub name: String,
}

/// `chancery witness serve`.
#[derive(Args, Debug)]
#[command(group(ArgGroup::new("known").args(["log", "policy"]).required(true).multiple(true)))]
pub struct WitnessServeArgs {
    /// The folder in which it remembers what it saw
    #[arg(long, value_name = "DIR")]
    pub state: PathBuf,
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: String,
    /// Its private key, whose comment is its name [default: key in the folder]
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// The verifier key of a log, or a file that holds it
    #[arg(long, value_name = "KEY")]
    pub log: Vec<String>,
    /// A policy: all logs in it
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
}
