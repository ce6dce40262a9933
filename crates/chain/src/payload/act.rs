//! An act: what keepers decide, and what approvals are of.
//!
//! Here acts are told from other entries, and hashed as those who approve of
//! them know them: without the positions they will have. Whether those who
//! approved may decide them is for [`crate::authority`].

use super::{KeyPayload, MalformedPayload, Revocation, Role};
use crate::expunging::{Expunging, Quorum};
use crate::hash::Hex;
use crate::kind::Kind;

/// The context under which acts are hashed.
const CONTEXT: &str = "chancery v1 acts";

/// One thing that keepers decide.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Act {
    /// A key is enrolled.
    Enrol(KeyPayload),
    /// A key is revoked.
    Revoke(Revocation),
    /// A body is destroyed.
    Expunge(Expunging),
    /// So many keepers must agree from now on.
    SetQuorum(Quorum),
}

/// The hash of the acts of a submission, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActsHash([u8; 32]);

/// Hashes acts one after the other.
#[derive(Clone, Debug)]
pub struct ActsHasher(blake3::Hasher);

impl Act {
    /// Returns the kind of its entry.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Enrol(_) => Kind::KEY,
            Self::Revoke(_) => Kind::REVOCATION,
            Self::Expunge(_) => Kind::EXPUNGING,
            Self::SetQuorum(_) => Kind::QUORUM,
        }
    }

    /// Returns whether as many keepers must agree to it as the quorum says; to the others
    /// one is enough.
    pub const fn needs_quorum(&self) -> bool {
        match self {
            Self::Expunge(_) | Self::SetQuorum(_) => true,
            // Whoever could enrol keepers alone could agree with himself.
            Self::Enrol(key) => matches!(key.role, Role::Keeper),
            Self::Revoke(_) => false,
        }
    }

    /// Returns the payload of its entry.
    ///
    /// # Errors
    /// A name or a reason in it cannot be kept.
    pub fn encode(&self) -> Result<Vec<u8>, MalformedPayload> {
        match self {
            Self::Enrol(key) => key.encode(),
            Self::Revoke(revocation) => revocation.encode(),
            Self::Expunge(expunging) => expunging.encode(),
            Self::SetQuorum(quorum) => Ok(quorum.encode()),
        }
    }

    /// Reads the act of an entry of this kind.
    ///
    /// # Errors
    /// Entries of this kind are no acts that this program knows, or the payload does not read.
    pub fn decode(kind: Kind, payload: &[u8]) -> Result<Self, MalformedPayload> {
        match kind {
            Kind::KEY => KeyPayload::decode(payload).map(Self::Enrol),
            Kind::REVOCATION => Revocation::decode(payload).map(Self::Revoke),
            Kind::EXPUNGING => Expunging::decode(payload).map(Self::Expunge),
            Kind::QUORUM => Quorum::decode(payload).map(Self::SetQuorum),
            _ => Err(MalformedPayload::NoAct(kind)),
        }
    }
}

impl ActsHash {
    /// Returns the hash of these acts, in this order.
    ///
    /// # Errors
    /// One of them cannot be encoded.
    pub fn of(acts: &[Act]) -> Result<Self, MalformedPayload> {
        let mut hasher = ActsHasher::new();
        for act in acts {
            hasher.add(act.kind(), &act.encode()?);
        }
        Ok(hasher.finish())
    }

    /// Returns the bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Display for ActsHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Hex(&self.0).fmt(f)
    }
}

impl Default for ActsHasher {
    fn default() -> Self {
        Self::new()
    }
}

impl ActsHasher {
    /// Returns a hasher that has seen no act.
    pub fn new() -> Self {
        Self(blake3::Hasher::new_derive_key(CONTEXT))
    }

    /// Adds an act: u16 kind, u16 length, payload.
    pub fn add(&mut self, kind: Kind, payload: &[u8]) {
        // An envelope's payload is shorter than 512 bytes.
        let length = u16::try_from(payload.len()).unwrap_or(u16::MAX);
        self.0.update(&kind.get().to_be_bytes());
        self.0.update(&length.to_be_bytes());
        self.0.update(payload);
    }

    /// Returns the hash of the acts added.
    pub fn finish(&self) -> ActsHash {
        ActsHash(self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_acts_is_shown_as_digits() {
        let hash = ActsHash::of(&[Act::SetQuorum(Quorum::ONE)]).unwrap();

        assert_eq!(hash.to_string(), Hex(hash.as_bytes()).to_string());
        assert_eq!(hash.to_string().len(), 64);
    }

    #[test]
    fn acts_are_hashed_in_their_order_and_each_apart() {
        let quorum = |keepers| Act::SetQuorum(Quorum::new(keepers).unwrap());
        let of = |acts: &[Act]| ActsHash::of(acts).unwrap();

        assert_ne!(of(&[quorum(1), quorum(2)]), of(&[quorum(2), quorum(1)]));
        assert_ne!(of(&[quorum(1), quorum(2)]), of(&[quorum(1)]));
        assert_eq!(of(&[]), ActsHasher::new().finish());
    }
}
