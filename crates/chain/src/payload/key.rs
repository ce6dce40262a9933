//! A key entry: a public key, what it may do, and whose it is.

use ed25519_dalek::VerifyingKey;

use super::{MAX_KEY_NAME, MalformedPayload, is_printable};

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Signs checkpoints; its key name is the origin.
    Log,
    /// Signs submissions.
    Archivist,
    /// Enrols and revokes keys, and destroys bodies.
    Keeper,
}

/// A key, enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPayload {
    /// What it may do.
    pub role: Role,
    /// The Ed25519 public key.
    pub key: VerifyingKey,
    /// Whose it is, for people.
    pub name: String,
}

impl Role {
    /// All roles, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Log, Self::Archivist, Self::Keeper];

    /// Returns the number that stands for this role in bytes.
    pub const fn number(self) -> u8 {
        match self {
            Self::Log => 1,
            Self::Archivist => 2,
            Self::Keeper => 3,
        }
    }

    /// Returns the word for this role.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Archivist => "archivist",
            Self::Keeper => "keeper",
        }
    }
}

impl KeyPayload {
    /// Returns whether a key may have this name.
    pub fn may_be_named(name: &str) -> bool {
        check_key_name(name).is_ok()
    }

    /// Returns the payload of a key entry: u8 role, 32 bytes of key, u8 length, name.
    ///
    /// # Errors
    /// The name is empty, too long, or not printable.
    pub fn encode(&self) -> Result<Vec<u8>, MalformedPayload> {
        check_key_name(&self.name)?;
        let mut bytes = vec![self.role.number()];
        bytes.extend(self.key.as_bytes());
        bytes.push(u8::try_from(self.name.len()).map_err(|_| MalformedPayload::KeyName)?);
        bytes.extend(self.name.as_bytes());
        Ok(bytes)
    }

    /// Reads the payload of a key entry.
    ///
    /// # Errors
    /// The length is wrong, the role unknown, the key no key, or the name none.
    pub fn decode(payload: &[u8]) -> Result<Self, MalformedPayload> {
        let (role, rest) = payload.split_first().ok_or(MalformedPayload::Length)?;
        let (key, rest) = rest
            .split_first_chunk::<32>()
            .ok_or(MalformedPayload::Length)?;
        let (length, name) = rest.split_first().ok_or(MalformedPayload::Length)?;
        if usize::from(*length) != name.len() {
            return Err(MalformedPayload::Length);
        }
        let role = Role::ALL.into_iter().find(|known| known.number() == *role);
        let name = std::str::from_utf8(name).map_err(|_| MalformedPayload::KeyName)?;
        check_key_name(name)?;
        Ok(Self {
            role: role.ok_or(MalformedPayload::Role(payload[0]))?,
            key: VerifyingKey::from_bytes(key).map_err(|_| MalformedPayload::Key)?,
            name: name.to_owned(),
        })
    }
}

fn check_key_name(name: &str) -> Result<(), MalformedPayload> {
    let fits = (1..=MAX_KEY_NAME).contains(&name.len());
    if fits && is_printable(name) {
        Ok(())
    } else {
        Err(MalformedPayload::KeyName)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::enrolment;

    #[test]
    fn a_key_entry_reads_as_it_was_written_and_no_beginning_of_it_does() {
        for role in Role::ALL {
            let written = enrolment(role, 2);
            let bytes = written.encode().unwrap();

            assert_eq!(KeyPayload::decode(&bytes), Ok(written));
            for length in 0..bytes.len() {
                let read = KeyPayload::decode(&bytes[..length]);
                assert_eq!(read, Err(MalformedPayload::Length), "{length}");
            }
        }
    }

    #[test]
    fn a_role_has_the_word_that_scripts_rely_on() {
        assert_eq!(Role::ALL.map(Role::name), ["log", "archivist", "keeper"]);
    }

    #[test]
    fn a_key_is_named_in_one_short_line() {
        let named = |name: &str| KeyPayload {
            name: name.to_owned(),
            ..enrolment(Role::Keeper, 3)
        };
        let longest = "x".repeat(MAX_KEY_NAME);

        assert!(KeyPayload::may_be_named(&longest));
        assert!(named(&longest).encode().is_ok());
        for wrong in ["", "two\nlines", &format!("{longest}x")] {
            assert!(!KeyPayload::may_be_named(wrong), "{wrong:?}");
            let refused = named(wrong).encode();
            assert_eq!(refused, Err(MalformedPayload::KeyName), "{wrong:?}");
        }
    }
}
