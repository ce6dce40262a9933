//! The courier: carries files of a ledger between places.
//!
//! A place is a folder, a web server, or a bucket of an object store. The courier
//! believes nothing that it is handed: lengths are limited, and what the bytes are
//! worth is for the chain to say. It does not know what a record is. The only crate
//! that speaks to a network; it asks no clock.

mod bucket;
pub mod carry;
pub mod compare;
mod copy;
mod error;
mod folder;
mod place;
pub mod web;

pub use carry::{CarryError, Carrying};
pub use copy::Copy;
pub use error::PlaceError;
pub use place::Place;

#[cfg(test)]
#[path = "../../../tests/support/server.rs"]
mod server;
#[cfg(test)]
mod tests;
