//! The order of durable steps, made testable: a test can stop after any of them.
//!
//! Outside tests a step is nothing. What a power cut leaves of a single write
//! is tested on the bytes themselves, not here.

use crate::files::FileError;

/// Marks that something durable has been done.
#[cfg(not(test))]
#[allow(clippy::unnecessary_wraps, reason = "in tests it can fail")]
pub(crate) const fn step(_name: &'static str) -> Result<(), FileError> {
    Ok(())
}

#[cfg(test)]
pub(crate) use testing::{partial_write, step};

#[cfg(test)]
pub(crate) mod testing {
    use std::cell::{Cell, RefCell};
    use std::io;
    use std::path::PathBuf;

    use super::FileError;

    thread_local! {
        static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
        static PART: Cell<Option<usize>> = const { Cell::new(None) };
        static SEEN: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }

    /// Lets so many steps of this thread succeed, and the next one fail.
    pub(crate) fn stop_after(steps: Option<usize>) {
        LEFT.set(steps);
        SEEN.take();
    }

    /// Lets the next write to the tail stop after so many bytes.
    pub(crate) fn stop_within_write(bytes: Option<usize>) {
        PART.set(bytes);
    }

    /// Returns the steps made since [`stop_after`].
    pub(crate) fn seen() -> Vec<&'static str> {
        SEEN.with_borrow(Clone::clone)
    }

    pub(crate) fn partial_write(length: usize) -> Option<usize> {
        PART.take().map(|part| part.min(length))
    }

    pub(crate) fn step(name: &'static str) -> Result<(), FileError> {
        SEEN.with_borrow_mut(|seen| seen.push(name));
        match LEFT.get() {
            None => Ok(()),
            Some(0) => Err(FileError {
                action: "go on after",
                path: PathBuf::from(name),
                source: io::Error::other("a test stopped here"),
            }),
            Some(left) => {
                LEFT.set(Some(left - 1));
                Ok(())
            }
        }
    }
}
