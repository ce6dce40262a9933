//! What a ledger is compared with: what was kept elsewhere, read from where it is.

use std::path::Path;

use chancery_chain::Hash;
use chancery_ledger::verify::Against;
use chancery_store::verify::Kept;

use crate::args::VerifyArgs;
use crate::failure::{Exit, Failure};

/// Reads all that the command line names to compare the ledger with.
pub(super) fn read(args: &VerifyArgs) -> Result<Against, Failure> {
    let founding = args.founding.as_deref().map(founding_hash).transpose()?;
    let checkpoints = args.against.iter().map(|path| kept(path));
    Ok(Against {
        founding,
        checkpoints: checkpoints.collect::<Result<_, _>>()?,
    })
}

/// Returns the founding hash that the command line names.
pub(crate) fn founding_hash(text: &str) -> Result<Hash, Failure> {
    text.parse().map_err(|error| {
        Failure::new(Exit::Usage, format!("--founding {text}: {error}"))
            .hint("it was printed when the ledger was founded, and stands in ledger.toml")
    })
}

/// Reads a checkpoint that was kept elsewhere.
pub(super) fn kept(path: &Path) -> Result<Kept, Failure> {
    let name = path.display().to_string();
    let note = std::fs::read(path).map_err(|error| {
        Failure::new(Exit::Usage, format!("cannot read the checkpoint {name}")).cause(error)
    })?;
    Ok(Kept { name, note })
}
