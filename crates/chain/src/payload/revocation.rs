//! A revocation entry: from here on a key signs nothing more.
//!
//! What the key signed before stays valid. If it was not its owner who signed,
//! the revocation says from which position on the signatures are in doubt.

use super::{MAX_REASON, MalformedPayload, is_printable};
use crate::position::Seq;

/// What stands for no position: nothing before the revocation is in doubt.
const NOTHING: u64 = u64::MAX;

/// The end of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// The position of the key entry.
    pub key: Seq,
    /// From which position on the key's signatures are in doubt; `None` if none is.
    pub since: Option<Seq>,
    /// Why, for people; it may be empty.
    pub reason: String,
}

impl Revocation {
    /// Returns the payload of a revocation entry: u64 key, u64 since, u8 length, reason.
    ///
    /// # Errors
    /// The reason is too long or not printable.
    pub fn encode(&self) -> Result<Vec<u8>, MalformedPayload> {
        check_reason(&self.reason)?;
        let mut bytes = self.key.get().to_be_bytes().to_vec();
        bytes.extend(self.since.map_or(NOTHING, Seq::get).to_be_bytes());
        bytes.push(u8::try_from(self.reason.len()).map_err(|_| MalformedPayload::Reason)?);
        bytes.extend(self.reason.as_bytes());
        Ok(bytes)
    }

    /// Reads the payload of a revocation entry.
    ///
    /// # Errors
    /// The length is wrong, or the reason none.
    pub fn decode(payload: &[u8]) -> Result<Self, MalformedPayload> {
        let short = || MalformedPayload::Length;
        let (key, rest) = payload.split_first_chunk::<8>().ok_or_else(short)?;
        let (since, rest) = rest.split_first_chunk::<8>().ok_or_else(short)?;
        let (length, reason) = rest.split_first().ok_or_else(short)?;
        if usize::from(*length) != reason.len() {
            return Err(short());
        }
        let reason = std::str::from_utf8(reason).map_err(|_| MalformedPayload::Reason)?;
        check_reason(reason)?;
        let since = u64::from_be_bytes(*since);
        Ok(Self {
            key: Seq::new(u64::from_be_bytes(*key)),
            since: (since != NOTHING).then_some(Seq::new(since)),
            reason: reason.to_owned(),
        })
    }
}

fn check_reason(reason: &str) -> Result<(), MalformedPayload> {
    let fits = reason.len() <= MAX_REASON && is_printable(reason);
    fits.then_some(()).ok_or(MalformedPayload::Reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revocation(since: Option<u64>, reason: &str) -> Revocation {
        Revocation {
            key: Seq::new(2),
            since: since.map(Seq::new),
            reason: reason.to_owned(),
        }
    }

    #[test]
    fn a_revocation_reads_as_it_was_written() {
        for written in [revocation(None, ""), revocation(Some(7), "laptop stolen")] {
            let bytes = written.encode().unwrap();

            assert_eq!(Revocation::decode(&bytes), Ok(written));
        }
    }

    #[test]
    fn a_reason_is_one_short_line() {
        let longest = "x".repeat(MAX_REASON);

        assert!(revocation(None, &longest).encode().is_ok());
        for reason in [format!("{longest}x"), "two\nlines".to_owned()] {
            let refused = revocation(None, &reason).encode();
            assert_eq!(refused, Err(MalformedPayload::Reason), "{reason:?}");
        }
    }

    #[test]
    fn bytes_too_many_or_too_few_are_no_revocation() {
        let bytes = revocation(Some(7), "lost").encode().unwrap();
        let longer = [bytes.as_slice(), b"x"].concat();

        for cut in 0..bytes.len() {
            let read = Revocation::decode(&bytes[..cut]);
            assert_eq!(read, Err(MalformedPayload::Length), "{cut} bytes");
        }
        assert_eq!(Revocation::decode(&longer), Err(MalformedPayload::Length));
    }

    #[test]
    fn a_reason_that_is_no_text_is_refused() {
        let mut bytes = revocation(None, "lost").encode().unwrap();
        bytes[18] = 0xff;

        let read = Revocation::decode(&bytes);

        assert_eq!(read, Err(MalformedPayload::Reason));
    }
}
