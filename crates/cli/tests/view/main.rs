//! The answers of `replay`, `agreed`, `commitments` and `show`, asked of the
//! example as a user asks.
#![allow(clippy::unwrap_used)]

mod answers;
mod bench;
mod shown;
mod text;
