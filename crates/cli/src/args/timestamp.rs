//! How a checkpoint is stamped by an authority on time.

use std::path::PathBuf;

use clap::Args;

/// Whom `chancery checkpoint` asks when it is.
#[derive(Args, Debug)]
pub struct TimestampArgs {
    /// Ask the authority on time at this address (RFC 3161) to stamp it
    #[arg(long, value_name = "URL")]
    pub timestamp: Option<String>,
    /// Write the question into a file instead, to be carried to an authority
    #[arg(long, value_name = "FILE", conflicts_with = "timestamp")]
    pub timestamp_request: Option<PathBuf>,
    /// Certificates (PEM) of those who vouch for authorities on time
    #[arg(long, value_name = "FILE")]
    pub tsa: Option<PathBuf>,
}
