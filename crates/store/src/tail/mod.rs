//! The tail: the write-ahead file in which every submission is first recorded.
//!
//! A submission is recorded once its frame is synced here. The bytes are in
//! [`frame`], what they amount to in [`parse`], the appending in [`write`];
//! `docs/format.md` describes the file.

pub mod frame;
pub mod parse;
pub(crate) mod write;

/// The name of the tail, as findings give it.
pub(crate) const TAIL_FILE: &str = "roll/tail";
