//! The commands, one module each.

pub mod agreed;
pub mod append;
pub mod attest;
pub mod audit;
pub mod check;
pub mod checkpoint;
pub mod cite;
pub mod commitments;
pub mod copying;
mod cosign;
pub mod coverage;
pub mod date;
pub mod demo;
pub mod diff;
pub mod export;
pub mod expunge;
pub mod help_pages;
pub mod import;
pub mod init;
pub mod key;
pub mod log;
pub mod prove;
mod receipt;
pub mod repair;
pub mod replay;
pub mod search;
pub mod show;
pub mod timeline;
mod timestamp;
mod trust;
pub mod verify;
pub mod verify_proof;
pub mod why;
pub mod witness;

mod writing;
