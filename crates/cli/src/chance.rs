//! Chance: the one place that draws random bytes.

use crate::failure::{Exit, Failure};

/// Fills `bytes` with random bytes of the system's.
///
/// # Errors
/// The system gives none.
#[allow(clippy::disallowed_methods)]
pub fn fill(bytes: &mut [u8]) -> Result<(), Failure> {
    getrandom::fill(bytes).map_err(|error| {
        Failure::new(Exit::System, "the system gives no random bytes").cause(error)
    })
}

/// Returns a source of random bytes that has been seen to work.
///
/// # Errors
/// The system gives none.
pub fn source() -> Result<impl FnMut(&mut [u8]), Failure> {
    let mut seed = [0; 32];
    fill(&mut seed)?;
    // One seed, stretched: drawing from the system for every record of a large
    // submission would be slow, and could fail in the midst of it.
    let mut stretched = chancery_ledger::stretch::Stretched::new(&seed);
    Ok(move |bytes: &mut [u8]| stretched.fill(bytes))
}
