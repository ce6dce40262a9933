//! `chancery key`: the keys that the ledger's entries enrol and revoke.

mod change;
mod list;

pub(super) use change::tell;

use crate::args::{KeyArgs, KeyCommand};
use crate::context::Context;
use crate::failure::Failure;

/// Does what is asked with the keys.
///
/// # Errors
/// The ledger cannot be read, or what is asked may not be decided.
pub fn run(context: &mut Context, args: &KeyArgs) -> Result<(), Failure> {
    match &args.command {
        KeyCommand::List(args) => list::run(context, args),
        KeyCommand::Add(args) => change::add(context, args),
        KeyCommand::Revoke(args) => change::revoke(context, args),
        KeyCommand::Rotate(args) => change::rotate(context, args),
        KeyCommand::Quorum(args) => change::quorum(context, args),
    }
}
