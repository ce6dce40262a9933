//! What sort of entry an envelope opens: one of the chain's own, or a record.
//!
//! Numbers below 256 are the chain's: their whole content is the envelope's
//! payload, and they have no body. Numbers from 256 are records: they have a
//! body and no payload. A number that this program does not know is verified
//! by those two rules alone, so that an old program can check a newer ledger.

use std::fmt;

/// The kind of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(u16);

impl Kind {
    /// The first entry of a ledger: its origin.
    pub const FOUNDING: Self = Self(0);
    /// A key with its role and name.
    pub const KEY: Self = Self(1);
    /// The end of a submission, with its key signature.
    pub const CLOSING: Self = Self(2);
    /// A key is revoked.
    pub const REVOCATION: Self = Self(3);
    /// A keeper's approval of what the submission decides.
    pub const APPROVAL: Self = Self(4);
    /// A body is destroyed.
    pub const EXPUNGING: Self = Self(5);
    /// Reserved: a body is sealed until a date.
    pub const CLOSURE: Self = Self(6);
    /// What the archivist says of a submission as a whole.
    pub const MESSAGE: Self = Self(7);
    /// How many keepers must agree before a body is destroyed.
    pub const QUORUM: Self = Self(8);
    /// The first number that a record may have.
    pub const FIRST_RECORD: Self = Self(256);

    /// Returns the kind with this number.
    pub const fn new(number: u16) -> Self {
        Self(number)
    }

    /// Returns the number.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// Returns whether this is a record, with a body, and not one of the chain's own.
    pub const fn is_record(self) -> bool {
        self.0 >= Self::FIRST_RECORD.0
    }

    /// Returns whether this is something that keepers decide: of the chain's own
    /// kinds all but those that found, say, approve and close. A kind that this
    /// program does not know is taken for one.
    pub const fn is_act(self) -> bool {
        let said = matches!(
            self,
            Self::FOUNDING | Self::CLOSING | Self::APPROVAL | Self::MESSAGE
        );
        !self.is_record() && !said
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_from_256_on_are_records() {
        let is_record = |number| Kind::new(number).is_record();

        assert_eq!([0, 8, 255].map(is_record), [false; 3]);
        assert_eq!([256, 257, u16::MAX].map(is_record), [true; 3]);
    }

    #[test]
    fn of_the_chains_own_kinds_all_are_acts_but_those_that_found_say_approve_and_close() {
        let acts = (0..300).filter(|number| Kind::new(*number).is_act());

        let expected: Vec<u16> = (0..256)
            .filter(|number| ![0, 2, 4, 7].contains(number))
            .collect();
        assert_eq!(acts.collect::<Vec<_>>(), expected);
    }
}
