//! An ssh agent: it holds private keys, signs with them, and never gives them away.
//!
//! Two messages of its protocol (draft-ietf-sshm-ssh-agent) are spoken, over the
//! socket at which it listens: which keys it holds, and to sign with one. What it
//! answers is not believed: lengths are bounded, and a signature is verified.

use std::fmt;
use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chancery_chain::{NotSigned, PrivateKey};
use ed25519_dalek::{Signature, VerifyingKey};

/// The longest message that is read, in bytes: what OpenSSH takes too.
const LONGEST: usize = 262_144;
/// How long is waited for an answer: an agent may first ask a person.
const PATIENCE: Duration = Duration::from_mins(2);

const REQUEST_IDENTITIES: u8 = 11;
const IDENTITIES_ANSWER: u8 = 12;
const SIGN_REQUEST: u8 = 13;
const SIGN_RESPONSE: u8 = 14;
const ALGORITHM: &[u8] = b"ssh-ed25519";

/// Why an agent did not answer as it should.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AgentError {
    /// Nothing listens there, or it went silent.
    #[error("cannot speak to the ssh agent at {}", socket.display())]
    Socket {
        /// Where it should listen.
        socket: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It answered something that is no answer.
    #[error("the ssh agent at {} gives no answer that makes sense", socket.display())]
    Nonsense {
        /// Where it listens.
        socket: PathBuf,
    },
    /// It does not sign: it no longer has the key, is locked, or a person said no.
    #[error("the ssh agent at {} refuses to sign with this key", socket.display())]
    Refused {
        /// Where it listens.
        socket: PathBuf,
    },
}

/// An ssh agent, known by the socket at which it listens.
#[derive(Clone, Debug)]
pub struct Agent {
    socket: PathBuf,
}

/// A key whose private half an agent holds.
#[derive(Clone)]
pub struct AgentKey {
    agent: Agent,
    public: VerifyingKey,
}

impl Agent {
    /// Returns the agent that listens at this socket; it is not asked anything yet.
    pub fn at(socket: &Path) -> Self {
        Self {
            socket: socket.to_owned(),
        }
    }

    /// Returns the key with this public half, if the agent holds the private one.
    ///
    /// # Errors
    /// The agent does not answer as it should.
    pub fn key(&self, public: &VerifyingKey) -> Result<Option<AgentKey>, AgentError> {
        let answer = self.ask(&[REQUEST_IDENTITIES])?;
        let held = holds(&answer, public).ok_or_else(|| self.nonsense())?;
        Ok(held.then(|| AgentKey {
            agent: self.clone(),
            public: *public,
        }))
    }

    fn sign(&self, public: &VerifyingKey, message: &[u8]) -> Result<Signature, AgentError> {
        let mut request = vec![SIGN_REQUEST];
        put(&mut request, &blob(public));
        put(&mut request, message);
        put_number(&mut request, 0);
        let answer = self.ask(&request)?;
        if answer.first() != Some(&SIGN_RESPONSE) {
            return Err(AgentError::Refused {
                socket: self.socket.clone(),
            });
        }
        let signature = signature(&answer).ok_or_else(|| self.nonsense())?;
        let verified = public.verify_strict(message, &signature);
        verified.map(|()| signature).map_err(|_| self.nonsense())
    }

    fn ask(&self, request: &[u8]) -> Result<Vec<u8>, AgentError> {
        let failed = |source| AgentError::Socket {
            socket: self.socket.clone(),
            source,
        };
        let mut message = Vec::new();
        put(&mut message, request);
        let mut stream = UnixStream::connect(&self.socket).map_err(failed)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
        stream.set_write_timeout(Some(PATIENCE)).map_err(failed)?;
        stream.write_all(&message).map_err(failed)?;
        let mut length = [0; 4];
        stream.read_exact(&mut length).map_err(failed)?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        if !(1..=LONGEST).contains(&length) {
            return Err(self.nonsense());
        }
        let mut answer = vec![0; length];
        stream.read_exact(&mut answer).map_err(failed)?;
        Ok(answer)
    }

    fn nonsense(&self) -> AgentError {
        AgentError::Nonsense {
            socket: self.socket.clone(),
        }
    }
}

impl PrivateKey for AgentKey {
    fn public(&self) -> VerifyingKey {
        self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, NotSigned> {
        let signed = self.agent.sign(&self.public, message);
        signed.map_err(|error| {
            let source = std::error::Error::source(&error).map(ToString::to_string);
            let source = source.map_or_else(String::new, |source| format!(": {source}"));
            NotSigned {
                why: format!("{error}{source}"),
            }
        })
    }
}

impl fmt::Debug for AgentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AgentKey").finish_non_exhaustive()
    }
}

/// Returns whether a list of identities names this key; `None` if it is no such list.
fn holds(answer: &[u8], public: &VerifyingKey) -> Option<bool> {
    let mut rest = answer.strip_prefix(&[IDENTITIES_ANSWER])?;
    let own = blob(public);
    let mut held = false;
    for _ in 0..take_number(&mut rest)? {
        held |= take(&mut rest)? == own;
        // Whose it is, says a comment; the agent's word for that is not needed.
        take(&mut rest)?;
    }
    Some(held)
}

fn signature(answer: &[u8]) -> Option<Signature> {
    let mut rest = answer.strip_prefix(&[SIGN_RESPONSE])?;
    let mut whole = take(&mut rest)?;
    let algorithm = take(&mut whole)?;
    let signature = take(&mut whole)?;
    let fits = algorithm == ALGORITHM && rest.is_empty() && whole.is_empty();
    Signature::from_slice(signature).ok().filter(|_| fits)
}

/// Returns a public key as the protocol spells it.
fn blob(public: &VerifyingKey) -> Vec<u8> {
    let mut blob = Vec::new();
    put(&mut blob, ALGORITHM);
    put(&mut blob, public.as_bytes());
    blob
}

fn put(message: &mut Vec<u8>, bytes: &[u8]) {
    put_number(message, u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    message.extend(bytes);
}

fn put_number(message: &mut Vec<u8>, number: u32) {
    message.extend(number.to_be_bytes());
}

fn take<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(take_number(rest)?).ok()?;
    let (bytes, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(bytes)
}

fn take_number(rest: &mut &[u8]) -> Option<u32> {
    let (number, behind) = rest.split_first_chunk::<4>()?;
    *rest = behind;
    Some(u32::from_be_bytes(*number))
}

#[cfg(test)]
mod tests;
