//! The store: entries, kept durably and in two forms.
//!
//! The roll is the record: static files, written first. sled holds a working
//! copy with an index. Each can be made again from the other. This crate knows
//! the chain and nothing of records: a body is bytes here.

mod adopt;
mod engine;
mod expunge;
mod fault;
mod files;
mod floor;
pub mod keys;
pub mod lock;
pub mod mark;
pub mod repair;
pub mod roll;
mod signers;
pub mod store;
pub mod tail;
pub mod verify;

pub use adopt::{AdoptError, adopt, check_no_own_entries};
pub use engine::{EngineError, IndexPair};
pub use expunge::{ExpungeError, SOURCES_ASIDE, SOURCES_FOLDER, kept_aside};
pub use files::{FileError, open_plain};
pub use lock::{Lock, LockError};
pub use repair::{OtherCopy, RepairError, Repaired, repair_roll, repair_store};
pub use roll::bundles::BundleError;
pub use roll::reader::{Entries, ReadError, RollReader};
pub use store::{
    AppendError, CheckpointError, DoesNotFollow, IndexOf, OpenError, SettleError, Settled, Store,
};
pub use verify::{
    Checked, Kept, Report, VerifyError, verify_roll, verify_store, verify_whole_roll,
};

#[cfg(test)]
mod tests;
