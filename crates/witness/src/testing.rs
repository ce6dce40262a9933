//! Small logs for tests, with a key, a tree and a past.

use chancery_chain::payload::Origin;
use chancery_chain::proof::Consistency;
use chancery_chain::tree::leaf_hash;
use chancery_chain::{Checkpoint, Frontier, Instant, Note, Size, TreeHash, VerifierKey};
use ed25519_dalek::SigningKey;

use crate::memory::Memory;
use crate::request::AddCheckpoint;
use crate::witness::Witness;

/// The name of the log.
pub(crate) const ORIGIN: &str = "archive.example/test";
/// The name of the witness.
pub(crate) const WITNESS: &str = "witness.example/w1";

/// A log that grew leaf by leaf.
#[derive(Clone)]
pub(crate) struct Log {
    leaves: Vec<TreeHash>,
}

/// Returns the private key with this seed byte.
pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// Returns the moment so many seconds after 1970.
pub(crate) fn at(second: u64) -> Instant {
    Instant::from_micros(second * 1_000_000)
}

/// Returns a witness who knows the log, in this folder.
pub(crate) fn witness(folder: &std::path::Path) -> Witness {
    let log = VerifierKey::new(ORIGIN, key(1).verifying_key()).unwrap();
    let memory = Memory::open(folder).unwrap();
    Witness::new(WITNESS, Box::new(key(7)), memory)
        .unwrap()
        .knowing(ORIGIN, log)
}

/// Returns the key that verifies what the witness cosigns.
pub(crate) fn cosigner() -> VerifierKey {
    VerifierKey::cosigner(WITNESS, key(7).verifying_key()).unwrap()
}

impl Log {
    /// Returns a log of so many leaves; those of another seed differ from the first on.
    pub(crate) fn grown(seed: u8, size: u64) -> Self {
        let leaf = |number: u64| leaf_hash(format!("{seed} {number}").as_bytes());
        Self {
            leaves: (0..size).map(leaf).collect(),
        }
    }

    /// Returns a log that begins as this one does, and goes on otherwise.
    pub(crate) fn forked(&self, at: usize, seed: u8, size: u64) -> Self {
        let mut other = Self::grown(seed, size);
        other.leaves[..at].copy_from_slice(&self.leaves[..at]);
        other
    }

    /// Returns the checkpoint of its first leaves, signed by its key.
    pub(crate) fn note(&self, size: u64) -> Note {
        self.signed(size, 1)
    }

    /// Returns the checkpoint of its first leaves, signed by the key with this seed.
    pub(crate) fn signed(&self, size: u64, seed: u8) -> Note {
        let origin = Origin::new(ORIGIN).unwrap();
        let root = self.subtree(0, usize::try_from(size).unwrap());
        let checkpoint = Checkpoint::new(&origin, Size::new(size), root);
        checkpoint.sign(&key(seed)).unwrap()
    }

    /// Returns the hashes of the consistency proof between two sizes.
    pub(crate) fn proof(&self, from: u64, to: u64) -> Vec<TreeHash> {
        let nodes = &mut |level: u32, index: u64| {
            let first = usize::try_from(index << level).unwrap();
            Ok::<_, std::convert::Infallible>(self.subtree(first, first + (1 << level)))
        };
        let proof = Consistency::make(Size::new(from), Size::new(to), nodes);
        proof.unwrap().map_or_else(Vec::new, |proof| proof.hashes)
    }

    /// Returns the request that a size be seen after another.
    pub(crate) fn request(&self, old: u64, size: u64) -> AddCheckpoint {
        let proof = if old == size {
            Vec::new()
        } else {
            self.proof(old, size)
        };
        AddCheckpoint::new(Size::new(old), proof, self.note(size)).unwrap()
    }

    /// Returns the body of that request.
    pub(crate) fn body(&self, old: u64, size: u64) -> Vec<u8> {
        self.request(old, size).to_string().into_bytes()
    }

    fn subtree(&self, first: usize, end: usize) -> TreeHash {
        let mut tree = Frontier::new();
        for leaf in &self.leaves[first..end] {
            tree.push(*leaf);
        }
        tree.root()
    }
}
