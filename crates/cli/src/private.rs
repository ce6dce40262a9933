//! Private keys for the commands that sign: in a file, locked in one, or with an agent.
//!
//! A passphrase is read from the file that `CHANCERY_PASSPHRASE_FILE` names, or
//! asked for on the terminal, without echo. No command takes one as an argument:
//! arguments can be seen by everybody on a machine.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

use chancery_chain::Role;
use chancery_ledger::agent::Agent;
use chancery_ledger::founding::{AnyKey, GivenKey};
use chancery_ledger::keyfile::{self, KeyFile, KeyFileError, LockedKey};
use ed25519_dalek::VerifyingKey;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use crate::explain;
use crate::failure::{Exit, Failure};

/// The variable that names the file with a passphrase.
const PASSPHRASE_FILE: &str = "CHANCERY_PASSPHRASE_FILE";
/// The variable in which an ssh agent is announced.
const AGENT: &str = "SSH_AUTH_SOCK";
/// How often a passphrase is asked for before giving up.
const ATTEMPTS: usize = 3;

/// A key that can sign, and the comment of its file.
pub(crate) struct Private {
    /// The key.
    pub(crate) key: AnyKey,
    /// Whose it is.
    pub(crate) comment: String,
}

/// Returns the private key that a file names, wherever its private half is.
///
/// # Errors
/// The file cannot be used, or neither file nor agent has the private half.
pub(crate) fn open(path: &Path) -> Result<Private, Failure> {
    let file = read(path)?;
    match held(path, file)? {
        (Some(key), comment) => Ok(Private { key, comment }),
        (None, _) => Err(without(path)),
    }
}

/// Returns the key that a ledger is to be founded with: one that can sign, for those
/// that may have to.
///
/// # Errors
/// The file cannot be used.
pub(crate) fn given(role: Role, path: &Path) -> Result<GivenKey, Failure> {
    let file = read(path)?;
    if role == Role::Archivist {
        return Ok(GivenKey::of(role, file));
    }
    let public = file.public;
    let (private, comment) = held(path, file)?;
    Ok(GivenKey {
        role,
        public,
        comment,
        private,
    })
}

/// Reads a key file; if only its public half is there, that.
fn read(path: &Path) -> Result<KeyFile, Failure> {
    let public = beside(path);
    let is_elsewhere = !path.exists() && public.exists();
    let path = if is_elsewhere { &public } else { path };
    KeyFile::read(path).map_err(|error| explain::key(&error))
}

/// Returns where the public half of a key file is kept as well.
fn beside(path: &Path) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".pub");
    PathBuf::from(beside)
}

/// Returns the private half, if it can be had, and the comment.
fn held(path: &Path, file: KeyFile) -> Result<(Option<AnyKey>, String), Failure> {
    let (public, comment) = (file.public, file.comment);
    if let Some(key) = file.private {
        return Ok((Some(Box::new(key)), comment));
    }
    let Some(locked) = file.locked else {
        return Ok((with_agent(&public)?, comment));
    };
    // Whoever has given the key to an agent does not want to be asked; and an agent
    // that cannot be reached is no reason not to ask.
    if let Ok(Some(key)) = with_agent(&public) {
        return Ok((Some(key), comment_beside(path)));
    }
    let file = unlock(&locked)?;
    let key = file.private.map(|key| -> AnyKey { Box::new(key) });
    Ok((key, file.comment))
}

/// Returns the comment in the `.pub` file beside a locked key, which tells none.
fn comment_beside(path: &Path) -> String {
    let file = KeyFile::read(&beside(path));
    file.map_or_else(|_| String::new(), |file| file.comment)
}

fn with_agent(public: &VerifyingKey) -> Result<Option<AnyKey>, Failure> {
    let Some(agent) = agent() else {
        return Ok(None);
    };
    let key = agent.key(public).map_err(|error| {
        Failure::of(Exit::System, &error)
            .hint("start one with `eval $(ssh-agent)`, or name the file with the private key")
    })?;
    Ok(key.map(|key| -> AnyKey { Box::new(key) }))
}

fn agent() -> Option<Agent> {
    let socket = std::env::var_os(AGENT).filter(|value| !value.is_empty())?;
    Some(Agent::at(Path::new(&socket)))
}

fn without(path: &Path) -> Failure {
    let path = path.display();
    let message = format!("{path} holds a public key: it cannot sign");
    let failure = Failure::new(Exit::Refused, message);
    if agent().is_some() {
        return failure
            .cause("the ssh agent does not hold its private half")
            .hint("give it to the agent with `ssh-add`, or name the file without .pub");
    }
    failure.hint("name the file without .pub, or start an ssh agent that holds the key")
}

fn unlock(locked: &LockedKey) -> Result<KeyFile, Failure> {
    let told = |error: KeyFileError| explain::key(&error);
    let named = std::env::var_os(PASSPHRASE_FILE).filter(|value| !value.is_empty());
    if let Some(named) = named {
        let passphrase = keyfile::read_passphrase(Path::new(&named)).map_err(told)?;
        return locked.unlock(passphrase.as_bytes()).map_err(told);
    }
    let path = locked.path().display();
    let mut wrong = None;
    for _ in 0..ATTEMPTS {
        let asked = ask(&format!("passphrase of {path}: ")).map_err(|error| {
            let message = format!("the key in {path} is locked by a passphrase");
            Failure::new(Exit::Refused, message)
                .cause(format!("it cannot be asked for on a terminal: {error}"))
                .hint(format!(
                    "name a file with the passphrase in {PASSPHRASE_FILE}, or give the key to \
                     an ssh agent"
                ))
        })?;
        match locked.unlock(asked.trim_end_matches(['\r', '\n']).as_bytes()) {
            Ok(file) => return Ok(file),
            Err(error) => wrong = Some(error),
        }
    }
    let path = locked.path().to_owned();
    Err(told(
        wrong.unwrap_or(KeyFileError::WrongPassphrase { path }),
    ))
}

/// Asks for a line on the terminal, which does not show what is typed.
fn ask(question: &str) -> io::Result<Zeroizing<String>> {
    let mut terminal = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    let hidden = Hidden::on(terminal.try_clone()?)?;
    terminal.write_all(question.as_bytes())?;
    // Room enough from the start: what grows leaves copies behind.
    let mut line = Zeroizing::new(String::with_capacity(4096));
    BufReader::new(&terminal).read_line(&mut line)?;
    drop(hidden);
    if line.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line)
}

/// A terminal that does not show what is typed, until this is dropped.
struct Hidden {
    terminal: File,
    before: Termios,
}

impl Hidden {
    fn on(terminal: File) -> io::Result<Self> {
        let before = tcgetattr(&terminal)?;
        let mut quiet = before.clone();
        quiet.local_modes -= LocalModes::ECHO;
        // The line's end alone is shown, so that what follows has its own line.
        quiet.local_modes |= LocalModes::ECHONL;
        tcsetattr(&terminal, OptionalActions::Now, &quiet)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // Nothing better can be done if it fails: `stty sane` mends it.
        tcsetattr(&self.terminal, OptionalActions::Now, &self.before).ok();
    }
}
