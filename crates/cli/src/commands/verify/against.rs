//! What a ledger is compared with: what was kept elsewhere, read from where it is.

use std::path::Path;

use chancery_chain::Hash;
use chancery_chain::note::MAX_NOTE;
use chancery_courier::web;
use chancery_ledger::verify::Against;
use chancery_store::verify::Kept;

use super::copies;
use super::pin::Pin;
use crate::args::VerifyArgs;
use crate::bounded;
use crate::failure::{Exit, Failure};

/// Reads all that the command line names to compare the ledger with.
pub(super) fn read(args: &VerifyArgs, pin: Option<&Pin>) -> Result<Against, Failure> {
    let founding = args.founding.as_deref().map(founding_hash).transpose()?;
    let checkpoints = args.against.iter().map(|path| kept(path));
    let mut checkpoints = checkpoints.collect::<Result<Vec<_>, _>>()?;
    checkpoints.extend(pin.and_then(Pin::kept));
    Ok(Against {
        founding: founding.or_else(|| pin.and_then(Pin::founding)),
        checkpoints,
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
    if let Some(elsewhere) = copies::at(path)? {
        let note = elsewhere.published.bytes;
        return Ok(Kept { name, note });
    }
    if name.starts_with("http://") || name.starts_with("https://") {
        return fetched(name);
    }
    let note = bounded::read(path, MAX_NOTE).map_err(|error| {
        Failure::new(Exit::Usage, format!("cannot read the checkpoint {name}")).cause(error)
    })?;
    Ok(Kept { name, note })
}

/// Fetches a checkpoint from a web server.
fn fetched(name: String) -> Result<Kept, Failure> {
    let message = format!("cannot fetch the checkpoint {name}");
    match web::get(&name, MAX_NOTE as u64) {
        Ok(answer) if answer.status == 200 => {
            let note = answer.body;
            Ok(Kept { name, note })
        }
        Ok(answer) => Err(Failure::new(Exit::System, message)
            .cause(format!("the server answers {}", answer.status))
            .hint("name the checkpoint itself: it lies in the roll, as `checkpoint`")),
        Err(error) => Err(Failure::new(Exit::System, message).sources(Some(&error))),
    }
}
