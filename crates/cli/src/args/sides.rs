//! Which commands take `--according-to`, `--attested` and `--known-at`.
//!
//! All change what an answer is, so a command whose answer they do not change
//! refuses them: whoever asked would believe that it had heard.

use super::{Cli, Command};
use crate::failure::{Exit, Failure};

impl Cli {
    /// Returns an error if an option was given that means nothing to the command.
    ///
    /// # Errors
    /// There is one.
    pub fn check_sides(&self) -> Result<(), Failure> {
        let command = &self.command;
        let phases = matches!(
            command,
            Command::Replay(_) | Command::Commitments(_) | Command::Diff(_) | Command::Why(_)
        );
        if self.global.according_to.is_some() && !phases {
            return Err(refused(
                "--according-to",
                "replay, commitments, diff and why",
            ));
        }
        let records = matches!(
            command,
            Command::Agreed(_) | Command::Search(_) | Command::Timeline(_)
        );
        if self.global.attested && !phases && !records {
            let commands = "replay, agreed, commitments, timeline, diff, search and why";
            return Err(refused("--attested", commands));
        }
        let of_now = matches!(
            command,
            Command::Verify(_)
                | Command::VerifyProof(_)
                | Command::Prove(_)
                | Command::Audit(_)
                | Command::Checkpoint(_)
                | Command::Repair(_)
        );
        if self.global.known_at.is_some() && of_now {
            let commands = "commands that answer from the records, as replay, show and log";
            return Err(refused("--known-at", commands));
        }
        Ok(())
    }
}

fn refused(option: &str, commands: &str) -> Failure {
    Failure::new(Exit::Usage, format!("this command does not take {option}"))
        .hint(format!("it is for {commands}"))
}
