//! sled, kept from taking the program with it.
//!
//! On damaged files sled panics in places. Every call goes through here, which
//! turns a panic into an error and keeps it off the terminal.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

/// Why the working copy cannot be used. It can always be made again from the roll.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// sled reported an error.
    #[error("the working copy in the store cannot be used")]
    Sled(#[from] sled::Error),
    /// sled panicked, which it does on damaged files.
    #[error("the working copy in the store is damaged: {message}")]
    Panicked {
        /// What sled said.
        message: String,
    },
    /// Something that must be there is not, or does not read.
    #[error("the working copy in the store is damaged: {what}")]
    Malformed {
        /// What does not read.
        what: String,
    },
    /// A file of the store cannot be read or synced.
    #[error(transparent)]
    File(#[from] crate::files::FileError),
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Calls `work`, and returns a panic as an error.
pub(super) fn guarded<T>(work: impl FnOnce() -> sled::Result<T>) -> Result<T, EngineError> {
    quieten();
    let before = QUIET.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(before);
    match outcome {
        Ok(result) => Ok(result?),
        Err(cause) => Err(EngineError::Panicked {
            message: said(cause.as_ref()),
        }),
    }
}

/// Keeps panics that are caught here from being printed; all others are.
fn quieten() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                print(info);
            }
        }));
    });
}

fn said(cause: &(dyn Any + Send)) -> String {
    let text = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied());
    text.unwrap_or("it gave no reason").to_owned()
}
