//! Time stamps after RFC 3161: that bytes were there at a time, in the word of an authority.
//!
//! A checkpoint says how far a ledger goes and not since when. A time-stamping
//! authority signs the SHA-256 of the checkpoint's text together with the time; it learns
//! nothing but the hash, and need not know what a ledger is. This crate writes the
//! question, reads the answer and verifies it. It opens no file, speaks to no network,
//! asks no clock, and decides about no ledger: whom to believe is an argument.
//!
//! Certificates and key signatures are judged by `webpki` and `ring`. The three small
//! structures of RFC 3161 itself are read here, since the crate that has them refuses
//! times with fractions of a second, which the RFC allows and authorities send.

mod query;
mod structure;
mod token;
mod trust;

pub use query::query;
pub use token::{Stamp, Token, TokenError};
pub use trust::{NoCertificate, Trusted};

/// The longest answer of an authority that is read, in bytes.
pub const MAX_TOKEN: usize = 1 << 16;

#[cfg(test)]
mod tests;
