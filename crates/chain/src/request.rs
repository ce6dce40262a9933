//! Requests: what keepers are asked to agree to, as a file that travels.
//!
//! A keeper's key may be kept where no ledger is. So what is to be decided is
//! written down, carried to each keeper, approved of there, and brought back.
//! A request holds the very payloads that the entries will have, so that what
//! a keeper is shown is what the key signature is over. Who is a keeper, and how
//! many must agree, stands there for those who have no ledger at hand: it is
//! what the ledger said when the request was written, and decides nothing.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};

use crate::authority::MAX_APPROVALS;
use crate::expunging::Quorum;
use crate::payload::{Act, ActsHash, Approval, KeyPayload, MalformedPayload, Nonce, Origin};
use crate::position::Seq;
use crate::private::{NotSigned, PrivateKey};

mod parse;
#[cfg(test)]
mod tests;

pub use parse::{LONGEST, MalformedRequest};

/// The first line of a request.
const FIRST: &str = "chancery-request@v1";
/// The most acts, and the most keepers, of a request.
const MOST: usize = 4096;

/// What keepers are asked to agree to, and who has agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    origin: Origin,
    nonce: Nonce,
    quorum: Quorum,
    keepers: Vec<Keeper>,
    acts: Vec<Act>,
    hash: ActsHash,
    approvals: Vec<Approved>,
}

/// Somebody who may agree, as the ledger said when the request was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeper {
    /// The public key.
    pub key: VerifyingKey,
    /// Whose it is, for people.
    pub name: String,
}

/// An approval in a request: its key signature has been verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approved {
    key: VerifyingKey,
    signature: Signature,
}

/// Why there is no such request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoRequest {
    /// Nothing is to be decided.
    #[error("a request is for something to be decided")]
    Empty,
    /// Too much is to be decided at once.
    #[error("a request is for at most {MOST} things")]
    TooMany,
    /// Something in it cannot be kept.
    #[error(transparent)]
    Malformed(#[from] MalformedPayload),
}

/// Why a request was not approved of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotApproved {
    /// The key was no keeper's when the request was written.
    #[error("this key is none of the keepers' that the request names")]
    NotAKeeper,
    /// The key has approved of it before.
    #[error("this key has approved of the request already")]
    Already,
    /// It has as many approvals as a submission may have.
    #[error("a request has at most {MAX_APPROVALS} approvals")]
    TooMany,
    /// The key does not sign.
    #[error(transparent)]
    NotSigned(#[from] NotSigned),
}

/// Two requests are not of one another: they ask for different things, or were
/// written at different times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the two are not copies of one request")]
pub struct NotOneRequest;

impl Request {
    /// Returns a request that nobody has agreed to yet; `nonce` is random.
    ///
    /// # Errors
    /// Nothing is to be decided, or too much, or an act cannot be kept.
    pub fn new(
        origin: Origin,
        nonce: Nonce,
        quorum: Quorum,
        keepers: Vec<Keeper>,
        acts: Vec<Act>,
    ) -> Result<Self, NoRequest> {
        if acts.is_empty() {
            return Err(NoRequest::Empty);
        }
        if acts.len() > MOST || keepers.len() > MOST {
            return Err(NoRequest::TooMany);
        }
        for keeper in &keepers {
            if !KeyPayload::may_be_named(&keeper.name) {
                return Err(MalformedPayload::KeyName.into());
            }
        }
        Ok(Self {
            hash: ActsHash::of(&acts)?,
            approvals: Vec::new(),
            origin,
            nonce,
            quorum,
            keepers,
            acts,
        })
    }

    /// Returns the name of the ledger that is to be changed.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Returns how many keepers had to agree when the request was written.
    pub fn quorum(&self) -> Quorum {
        self.quorum
    }

    /// Returns those who could agree when the request was written.
    pub fn keepers(&self) -> &[Keeper] {
        &self.keepers
    }

    /// Returns what is to be decided.
    pub fn acts(&self) -> &[Act] {
        &self.acts
    }

    /// Returns what the approvals are of.
    pub fn acts_hash(&self) -> &ActsHash {
        &self.hash
    }

    /// Returns the keys that have approved, each once, in the order in which they did.
    pub fn approved(&self) -> impl Iterator<Item = &VerifyingKey> {
        self.approvals.iter().map(|approved| &approved.key)
    }

    /// Returns the name that the request gives to a key.
    pub fn name_of(&self, key: &VerifyingKey) -> Option<&str> {
        let mut keepers = self.keepers.iter();
        let keeper = keepers.find(|keeper| keeper.key == *key)?;
        Some(&keeper.name)
    }

    /// Adds the approval of this key.
    ///
    /// # Errors
    /// It is none of the keepers', has approved before, or does not sign.
    pub fn approve(&mut self, key: &dyn PrivateKey) -> Result<(), NotApproved> {
        let public = key.public();
        if self.name_of(&public).is_none() {
            return Err(NotApproved::NotAKeeper);
        }
        if self.approved().any(|known| *known == public) {
            return Err(NotApproved::Already);
        }
        if self.approvals.len() >= MAX_APPROVALS {
            return Err(NotApproved::TooMany);
        }
        // Which entry enrols the key is not known here, and is not signed.
        let signed = Approval::sign(&self.origin, Seq::FIRST, self.nonce, &self.hash, key)?;
        self.approvals.push(Approved {
            key: public,
            signature: signed.signature,
        });
        Ok(())
    }

    /// Takes over the approvals of another copy of this request.
    ///
    /// # Errors
    /// It is another request.
    pub fn merge(&mut self, other: Self) -> Result<(), NotOneRequest> {
        let same = (&self.origin, &self.nonce, &self.hash);
        if same != (&other.origin, &other.nonce, &other.hash) {
            return Err(NotOneRequest);
        }
        for approved in other.approvals {
            let is_new = self.approved().all(|known| *known != approved.key);
            if is_new && self.approvals.len() < MAX_APPROVALS {
                self.approvals.push(approved);
            }
        }
        Ok(())
    }

    /// Returns the approvals as entries hold them, where `enrolled` tells which entry
    /// enrols a keeper's key; those of other keys are left out.
    pub fn approvals(&self, enrolled: impl Fn(&VerifyingKey) -> Option<Seq>) -> Vec<Approval> {
        let approval = |approved: &Approved| {
            Some(Approval {
                keeper: enrolled(&approved.key)?,
                nonce: self.nonce,
                signature: approved.signature,
            })
        };
        self.approvals.iter().filter_map(approval).collect()
    }

    /// Adds an approval that was made elsewhere; returns whether it is one.
    fn take(&mut self, key: VerifyingKey, signature: Signature) -> bool {
        let approval = Approval {
            keeper: Seq::FIRST,
            nonce: self.nonce,
            signature,
        };
        let is_new = self.approved().all(|known| *known != key);
        let fits = is_new && self.approvals.len() < MAX_APPROVALS;
        let counts = fits && approval.is_by(&self.origin, &self.hash, &key);
        if counts {
            self.approvals.push(Approved { key, signature });
        }
        counts
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base64 = |bytes: &[u8]| STANDARD.encode(bytes);
        writeln!(f, "{FIRST}\norigin {}", self.origin.as_str())?;
        writeln!(f, "nonce {}", base64(&self.nonce))?;
        writeln!(f, "quorum {}", self.quorum.get())?;
        for Keeper { key, name } in &self.keepers {
            writeln!(f, "keeper {} {name}", base64(key.as_bytes()))?;
        }
        for act in &self.acts {
            // They were encoded once, for the hash.
            let payload = act.encode().unwrap_or_default();
            writeln!(f, "act {} {}", act.kind(), base64(&payload))?;
        }
        writeln!(f)?;
        for Approved { key, signature } in &self.approvals {
            let (key, signature) = (base64(key.as_bytes()), base64(&signature.to_bytes()));
            writeln!(f, "approval {key} {signature}")?;
        }
        Ok(())
    }
}
