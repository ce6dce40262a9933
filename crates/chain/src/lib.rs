//! The chain: how an entry is bound to everything before it.
//!
//! This crate has no storage, no network, no clock and no chance: an auditor
//! can read it alone. It knows nothing of diplomacy; a record is bytes here.

pub mod envelope;
pub mod finding;
pub mod hash;
pub mod kind;
pub mod payload;
pub mod position;
pub mod slot;

pub use envelope::{Envelope, MalformedEnvelope};
pub use finding::{Finding, Severity};
pub use hash::{BodyHash, Digest, Hash};
pub use kind::Kind;
pub use payload::{Closing, KeyPayload, Origin, Role};
pub use position::{Instant, Seq, Size};
pub use slot::Slot;
