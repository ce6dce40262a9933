//! core

pub mod date;
pub mod day;
pub mod window;
