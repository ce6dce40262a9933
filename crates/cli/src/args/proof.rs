//! What the commands that prove an answer take.

use clap::Args;

/// `chancery why`.
#[derive(Args, Debug)]
pub struct WhyArgs {
    /// The id of what an answer is about, or #N for the entry at position N
    #[arg(value_name = "ID")]
    pub reference: String,
    /// Of an instrument: why this actor stands to it as it does
    #[arg(long, value_name = "ID")]
    pub actor: Option<String>,
    /// Every record in full, and every consent that a rule may count
    #[arg(long)]
    pub all: bool,
}
