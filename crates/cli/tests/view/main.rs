//! The answers of `replay`, `agreed`, `commitments` and `show`, asked of the
//! example as a user asks.
#![allow(clippy::unwrap_used, clippy::panic)]

mod answers;
mod bench;
mod catalogue;
mod proved;
mod shown;
mod text;
