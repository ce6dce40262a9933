//! Room on the stack for what calls itself as deep as a text is nested.

use std::io;

/// Enough for what the TOML parser may nest before it gives up: eighty tables,
/// one in another, each under a key of eighty parts.
const STACK: usize = 64 << 20;

/// Calls `work` on a stack that no TOML overflows, and returns what it returns.
///
/// # Errors
/// There is no memory for the stack.
pub(crate) fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> io::Result<T> {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK);
        let thread = builder.spawn_scoped(scope, work)?;
        match thread.join() {
            Ok(made) => Ok(made),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
