//! Which commands take `--according-to` and `--attested`.
//!
//! Both change what an answer is, so a command whose answer they do not change
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
        Ok(())
    }
}

fn refused(option: &str, commands: &str) -> Failure {
    Failure::new(Exit::Usage, format!("this command does not take {option}"))
        .hint(format!("it is for {commands}"))
}
