//! Reading a request: what is a line of it, and what is none.
//!
//! A request comes from elsewhere, and may be anything. Each line has one right
//! spelling, its end aside, and an approval that is none is refused with its line
//! rather than passed over: somebody relies on it.

use std::str::{FromStr, Lines};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};

use super::{FIRST, Keeper, NoRequest, Request};
use crate::expunging::Quorum;
use crate::kind::Kind;
use crate::payload::{Act, Nonce, Origin};

/// The longest request that is read, in bytes: more than any that can be written takes.
pub const LONGEST: usize = 5_000_000;

/// Why bytes are no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MalformedRequest {
    /// They are too many.
    #[error("a request has at most {LONGEST} bytes")]
    TooLong,
    /// They are no text.
    #[error("a request is text in UTF-8")]
    Text,
    /// The first line is another.
    #[error("a request begins with the line {FIRST}")]
    FirstLine,
    /// A line is none that may stand there.
    #[error("line {line}: {expected} is expected here")]
    Line {
        /// Its number, from one.
        line: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// An approval is not by the key that it names, or of something else, or doubled.
    #[error("line {line}: this is no approval of what is asked for by the key that it names")]
    Approval {
        /// Its number, from one.
        line: usize,
    },
    /// What is asked for is none.
    #[error(transparent)]
    None(#[from] NoRequest),
}

impl MalformedRequest {
    /// Returns the number of the line that is wrong, from one, if it is one line.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::FirstLine => Some(1),
            Self::Line { line, .. } | Self::Approval { line } => Some(*line),
            Self::TooLong | Self::Text | Self::None(_) => None,
        }
    }
}

/// The lines of a request, with their numbers.
struct Reader<'a> {
    lines: Lines<'a>,
    next: Option<&'a str>,
    number: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let mut lines = text.lines();
        let next = lines.next();
        let number = 1;
        Self {
            lines,
            next,
            number,
        }
    }

    fn advance(&mut self) {
        self.next = self.lines.next();
        self.number += 1;
    }

    /// Returns what follows `word` on the next line, if it is one that begins so.
    fn after(&mut self, word: &str) -> Option<&'a str> {
        let rest = self.next?.strip_prefix(word)?.strip_prefix(' ')?;
        self.advance();
        Some(rest)
    }

    /// Returns what `read` makes of the next line, which begins with `word`.
    fn one<T>(
        &mut self,
        word: &str,
        expected: &'static str,
        read: impl Fn(&'a str) -> Option<T>,
    ) -> Result<T, MalformedRequest> {
        let line = self.number;
        let read = self.after(word).and_then(read);
        read.ok_or(MalformedRequest::Line { line, expected })
    }

    /// Returns what `read` makes of the next lines, as far as they begin with `word`.
    fn several<T>(
        &mut self,
        word: &str,
        expected: &'static str,
        read: impl Fn(&'a str) -> Option<T>,
    ) -> Result<Vec<T>, MalformedRequest> {
        let mut found = Vec::new();
        let begins = |line: &str| line.split(' ').next() == Some(word);
        while self.next.is_some_and(begins) {
            found.push(self.one(word, expected, &read)?);
        }
        Ok(found)
    }
}

impl Request {
    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// They are no request; nothing in them may be used.
    pub fn parse(bytes: &[u8]) -> Result<Self, MalformedRequest> {
        if bytes.len() > LONGEST {
            return Err(MalformedRequest::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| MalformedRequest::Text)?;
        let mut lines = Reader::new(text);
        if lines.next != Some(FIRST) {
            return Err(MalformedRequest::FirstLine);
        }
        lines.advance();
        let origin = lines.one("origin", "`origin` and the ledger's name", |name| {
            Origin::new(name).ok()
        })?;
        let nonce = "`nonce` and sixteen bytes in base64";
        let nonce: Nonce = lines.one("nonce", nonce, bytes_of)?;
        let quorum = lines.one("quorum", "`quorum` and a number of keepers", |number| {
            spelled(number).and_then(Quorum::new)
        })?;
        let keeper = "`keeper`, a key in base64, and a name";
        let keepers = lines.several("keeper", keeper, keeper_of)?;
        let act = "`act`, its kind, and its payload in base64";
        let acts = lines.several("act", act, act_of)?;
        let end = lines.number;
        if lines.next != Some("") {
            let expected = "`keeper`, `act`, or an empty line";
            return Err(MalformedRequest::Line {
                line: end,
                expected,
            });
        }
        lines.advance();
        let mut request = Self::new(origin, nonce, quorum, keepers, acts)?;
        while lines.next.is_some() {
            let line = lines.number;
            let expected = "`approval`, a key and a signature in base64";
            let (key, signature) = lines.one("approval", expected, approval_of)?;
            if !request.take(key, signature) {
                return Err(MalformedRequest::Approval { line });
            }
        }
        Ok(request)
    }
}

fn keeper_of(text: &str) -> Option<Keeper> {
    let (key, name) = text.split_once(' ')?;
    Some(Keeper {
        key: VerifyingKey::from_bytes(&bytes_of(key)?).ok()?,
        name: name.to_owned(),
    })
}

fn act_of(text: &str) -> Option<Act> {
    let (kind, payload) = text.split_once(' ')?;
    let payload = STANDARD.decode(payload).ok()?;
    let act = Act::decode(Kind::new(spelled(kind)?), &payload).ok()?;
    // What is signed is what was read, to the byte.
    (act.encode().ok()? == payload).then_some(act)
}

fn approval_of(text: &str) -> Option<(VerifyingKey, Signature)> {
    let (key, signature) = text.split_once(' ')?;
    let key = VerifyingKey::from_bytes(&bytes_of(key)?).ok()?;
    Some((key, Signature::from_bytes(&bytes_of(signature)?)))
}

fn bytes_of<const N: usize>(text: &str) -> Option<[u8; N]> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

/// Reads a number in its one right spelling.
fn spelled<T: FromStr + ToString>(text: &str) -> Option<T> {
    let number: T = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}
