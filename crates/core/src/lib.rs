//! What the record says: kinds of record, dates, rules, replay.
//!
//! This crate opens no file, asks no clock, draws no random number and logs
//! nothing; it knows no hash. Whoever reads it learns what a record means, and
//! not how it is kept.

pub mod coverage;
pub mod date;
pub mod day;
pub mod fault;
pub mod form;
pub mod quote;
pub mod record;
pub mod replay;
pub mod rule;
pub mod search;
pub mod window;
pub mod worlds;
