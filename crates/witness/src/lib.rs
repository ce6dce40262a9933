//! The witness: sees that logs only grow, and says so under their checkpoints.
//!
//! After c2sp.org/tlog-witness. [`Witness`] is asked by any log that it knows,
//! not by this program's alone; [`client::cosign`] asks any witness. What a log
//! holds is nothing to either. Bytes are carried by whoever calls: [`server`] is
//! the one door, and it needs a clock to be handed to it.

pub mod client;
mod memory;
pub mod request;
pub mod server;
mod witness;

pub use memory::{Memory, MemoryError};
pub use request::AddCheckpoint;
pub use witness::{Answer, Witness};

#[cfg(test)]
mod testing;
