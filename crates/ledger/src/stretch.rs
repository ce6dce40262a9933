//! Stretching 32 random bytes to as many as are needed (BLAKE3's extended output).

/// Bytes that nobody can tell from random ones who does not know the seed.
pub struct Stretched {
    reader: blake3::OutputReader,
}

impl Stretched {
    /// Returns the bytes that this seed stretches to.
    pub fn new(seed: &[u8; 32]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("chancery v1 stretched randomness");
        hasher.update(seed);
        Self {
            reader: hasher.finalize_xof(),
        }
    }

    /// Fills `bytes` with the next ones.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        self.reader.fill(bytes);
    }
}
