//! How two registers differ, as text and as JSON.
//!
//! What differs, and what it comes from, is worked out in
//! `chancery_core::replay`; here it is only put into words.

pub mod json;
pub mod text;

use chancery_core::replay::Readings;

/// Between what was compared.
pub struct Between<'a> {
    /// The readings of the first register.
    pub before: &'a Readings,
    /// The readings of the second one.
    pub after: &'a Readings,
    /// Whether it was two cuts, and not two days.
    pub cuts: bool,
}

impl Between<'_> {
    /// Returns the readings that hold this record: the later if both do.
    pub fn readings(&self, seq: u64) -> &Readings {
        if self.after.reading(seq).is_some() {
            self.after
        } else {
            self.before
        }
    }

    /// Returns the id of a record that one of them holds.
    pub fn id_of(&self, seq: u64) -> String {
        self.readings(seq).id_of(seq)
    }
}
