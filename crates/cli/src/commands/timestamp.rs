//! Time stamps on checkpoints: asking an authority, and keeping what it signed.
//!
//! What is stamped is the text of a checkpoint: origin, size and root. What comes back is
//! kept in the ledger's folder beside the proof, and is worth keeping elsewhere, with
//! the checkpoint; `verify --timestamp` reads it there. Whether it is true is for
//! `chancery_stamp` to say.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use chancery_chain::{Instant, Note, Size};
use chancery_courier::web;
use chancery_stamp::{MAX_TOKEN, Stamp, Token, Trusted, query};
use serde_json::{Value, json};

use crate::args::TimestampArgs;
use crate::bounded;
use crate::chance;
use crate::clock;
use crate::context::Context;
use crate::failure::{Exit, Failure};

/// The folder of a ledger's time stamps.
const FOLDER: &str = "timestamps";

/// What is to be asked of an authority, and whom to believe.
pub(super) struct Stamping<'a> {
    address: Option<&'a str>,
    request: Option<&'a Path>,
    trusted: Option<Trusted>,
}

/// What asking came to.
pub(super) enum Stamped {
    /// The question was written into a file.
    Asked,
    /// The authority answered, and this is where it lies in the ledger's folder.
    Kept {
        stamp: Stamp,
        file: String,
        believed: bool,
    },
}

impl<'a> Stamping<'a> {
    /// Returns what the command line says to ask; `None` if it says nothing.
    pub(super) fn of(args: &'a TimestampArgs) -> Result<Option<Self>, Failure> {
        let stamping = Self {
            address: args.timestamp.as_deref(),
            request: args.timestamp_request.as_deref(),
            trusted: args.tsa.as_deref().map(trusted).transpose()?,
        };
        let asked = stamping.address.is_some() || stamping.request.is_some();
        Ok(asked.then_some(stamping))
    }

    /// Asks for a stamp on this checkpoint.
    pub(super) fn ask(&self, folder: &Path, size: Size, note: &Note) -> Result<Stamped, Failure> {
        let mut bytes = [0; 8];
        chance::fill(&mut bytes)?;
        let nonce = u64::from_be_bytes(bytes);
        let question = query(note.text().as_bytes(), nonce);
        if let Some(path) = self.request {
            fs::write(path, question).map_err(|error| {
                let message = format!("cannot write {}", path.display());
                Failure::new(Exit::System, message).cause(error)
            })?;
            return Ok(Stamped::Asked);
        }
        let answer = send(self.address.unwrap_or_default(), question)?;
        let verified = Token::parse(&answer).and_then(|token| {
            token.verify(note.text().as_bytes(), Some(nonce), self.trusted.as_ref())
        });
        let stamp = verified.map_err(|error| {
            Failure::new(Exit::No, "the checkpoint was made, but not stamped").cause(error)
        })?;
        Ok(Stamped::Kept {
            stamp,
            file: keep(folder, size, &answer)?,
            believed: self.trusted.is_some(),
        })
    }
}

impl Stamped {
    /// Says when the checkpoint was stamped, and by whom.
    pub(super) fn tell(&self, context: &Context) {
        match self {
            Self::Asked => context
                .notice("the question was written: have it stamped before more is appended, and keep the answer (.tsr) with this checkpoint"),
            Self::Kept {
                stamp,
                file,
                believed,
            } => {
                let rest = "; not believed yet, since no --tsa vouches for it";
                let rest = if *believed { "" } else { rest };
                context.notice(&format!("stamped {}{rest}; kept in {file}", told(stamp)));
            }
        }
    }

    /// Returns the same for `--json`.
    pub(super) fn json(&self) -> Value {
        match self {
            Self::Asked => Value::Null,
            Self::Kept {
                stamp,
                file,
                believed,
            } => {
                let mut value = json(stamp);
                value["file"] = json!(file);
                value["believed"] = json!(believed);
                value
            }
        }
    }
}

/// Returns a stamp as people read it: when, how exactly, and by whom.
pub(super) fn told(stamp: &Stamp) -> String {
    let when = clock::written(Instant::from_micros(stamp.micros));
    let within = stamp.accuracy.map(|micros| {
        let seconds = micros.div_ceil(1_000_000);
        format!(" (to {seconds} s)")
    });
    let within = within.unwrap_or_default();
    format!("at {when}{within} by {}", stamp.authority)
}

/// Returns a stamp for `--json`.
pub(super) fn json(stamp: &Stamp) -> Value {
    json!({
        "at": clock::written(Instant::from_micros(stamp.micros)),
        "accuracy_micros": stamp.accuracy,
        "authority": stamp.authority,
        "policy": stamp.policy,
    })
}

/// Reads the certificates of those who vouch for authorities.
pub(super) fn trusted(file: &Path) -> Result<Trusted, Failure> {
    let name = file.display();
    let text = bounded::read(file, bounded::TEXT).map_err(|error| {
        Failure::new(Exit::Usage, format!("cannot read the certificates {name}")).cause(error)
    })?;
    Trusted::from_pem(&text).map_err(|error| {
        Failure::new(Exit::Usage, format!("{name} holds no certificate")).cause(error)
    })
}

/// Sends a question to an authority, after RFC 3161, 3.4.
fn send(address: &str, question: Vec<u8>) -> Result<Vec<u8>, Failure> {
    let failure = || Failure::new(Exit::System, "the checkpoint was made, but not stamped");
    let kind = "application/timestamp-query";
    let answer = web::post(address, kind, question, MAX_TOKEN as u64)
        .map_err(|error| failure().cause(error))?;
    if answer.status != 200 {
        let message = format!("{address} answered {}", answer.status);
        return Err(failure()
            .cause(message)
            .hint("is that the address of an authority on time, after RFC 3161?"));
    }
    Ok(answer.body)
}

/// Puts an answer down under the size of its checkpoint; earlier ones stay.
fn keep(folder: &Path, size: Size, answer: &[u8]) -> Result<String, Failure> {
    let write = |path: &Path| -> std::io::Result<()> {
        let mut file = File::create_new(path)?;
        file.write_all(answer)?;
        file.sync_all()
    };
    let failure = |error| {
        let message = "the checkpoint was stamped, but the stamp cannot be kept";
        Failure::new(Exit::System, message).cause(error)
    };
    fs::create_dir_all(folder.join(FOLDER)).map_err(failure)?;
    for copy in 1_u32.. {
        let again = if copy == 1 {
            String::new()
        } else {
            format!("-{copy}")
        };
        let name = format!("{FOLDER}/{size}{again}.tsr");
        match write(&folder.join(&name)) {
            Ok(()) => return Ok(name),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failure(error)),
        }
    }
    Err(failure(std::io::Error::other("there are too many")))
}
