//! The ledger: where what the record says meets what the chain proves.
//!
//! Here a dossier's records are judged, numbered, sealed and appended; here
//! the roll is read back into records. Everything that needs the time or
//! chance takes them as arguments; nothing is printed.

pub mod agent;
pub mod checkpoint;
pub mod copies;
pub mod cosign;
pub mod custody;
pub mod cut;
pub mod decide;
pub mod expunge;
pub mod founding;
pub mod history;
pub mod keyfile;
pub mod keys_at;
pub mod ledger;
pub mod propose;
pub mod prove;
pub mod repair;
pub mod settings;
pub mod spoken;
pub mod stretch;
pub mod verify;
pub mod vouched;

mod index;

pub use ledger::{Appending, Ledger, LedgerError, Receipt, SubmitError};
pub use propose::{Batch, Dossiers, Proposal, ProposeError, propose, propose_all};
