//! The chain: how an entry is bound to everything before it.
//!
//! This crate has no storage, no network, no clock and no chance: an auditor
//! can read it alone. It knows nothing of diplomacy; a record is bytes here.

pub mod audit;
pub mod authority;
pub mod bundle;
pub mod checkpoint;
pub mod envelope;
pub mod expunging;
pub mod finding;
pub mod hash;
pub mod head;
pub mod keyring;
pub mod kind;
pub mod note;
pub mod payload;
pub mod policy;
pub mod position;
pub mod private;
pub mod proof;
pub mod request;
pub mod seal;
pub mod slot;
#[cfg(test)]
pub(crate) mod testing;
pub mod tile;
pub mod tree;

pub use audit::examined::Examined;
pub use audit::{Audit, Audited, Checks};
pub use authority::{BadApproval, Decision, Weighed};
pub use checkpoint::{Checkpoint, MalformedCheckpoint};
pub use envelope::{Envelope, MalformedEnvelope};
pub use expunging::{Expunging, Quorum};
pub use finding::{Finding, Severity};
pub use hash::{BodyHash, Digest, Hash, Hex};
pub use head::Head;
pub use keyring::{Enrolled, Keyring, Revoked};
pub use kind::Kind;
pub use note::{Note, VerifierKey};
pub use payload::{Act, ActsHash, Approval, Closing, KeyPayload, Nonce, Origin, Revocation, Role};
pub use policy::Policy;
pub use position::{Instant, Seq, Size};
pub use private::{NotSigned, PrivateKey};
pub use proof::{BadProof, Consistency, Inclusion, ProofFile};
pub use request::Request;
pub use seal::{Draft, Entry, SealError, Signer};
pub use slot::Slot;
pub use tree::{Frontier, TreeHash};
