//! Requests as files: writing one, reading one, and reading copies as one.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use chancery_chain::request::LONGEST;
use chancery_chain::{Act, Keyring, Origin, Request};
use chancery_ledger::{decide, ledger};

use super::writing::replace;
use crate::bounded;
use crate::chance;
use crate::context::Context;
use crate::explain;
use crate::failure::{Exit, Failure};
use crate::view::page::Page;
use crate::view::request;
use crate::view::style::Style;

/// Writes a request for what `acts` makes of the ledger's name and keys, and says what
/// is to be done with it. The ledger is only read.
pub(super) fn write(
    context: &mut Context,
    path: &Path,
    acts: impl FnOnce(&Origin, &Keyring) -> Result<Vec<Act>, Failure>,
) -> Result<(), Failure> {
    let reading = context.read_at(None)?;
    let founded = ledger::founded(&reading.roll);
    let (origin, keyring) = founded.map_err(|error| explain::ledger(&error))?;
    let acts = acts(&origin, &keyring)?;
    let mut nonce = [0; 16];
    chance::fill(&mut nonce)?;
    let request = decide::request(&origin, &keyring, reading.cut.size, acts, nonce);
    let request = request.map_err(|error| explain::decide(&error))?;
    create(path, &request.to_string())?;
    if context.global.json {
        return context.out.json(&request::json(&request));
    }
    let path = path.display();
    let mut page = Page::new(Style::of(context.global.color));
    page.text(0, &format!("wrote {path}: {}", request::agree(&request)));
    page.write(&mut context.out)?;
    context.out.finish()?;
    context.notice(&format!(
        "nothing was recorded: let the keepers `chancery approve {path}`, then `chancery enact {path}`"
    ));
    Ok(())
}

/// Reads a request.
pub(super) fn read(path: &Path) -> Result<Request, Failure> {
    let name = path.display();
    let bytes = bytes(path)
        .map_err(|error| Failure::new(Exit::Refused, format!("cannot read {name}")).cause(error))?;
    Request::parse(&bytes).map_err(|error| {
        Failure::new(Exit::Refused, format!("{name} is no request"))
            .sources(Some(&error))
            .at(name, error.line())
    })
}

/// Reads no more of a file than a request may have, and nothing of what is no file.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    bounded::start(path, LONGEST.saturating_add(1))
}

/// Adds approvals to the request in a file, and nothing but approvals; whoever else does so
/// meanwhile is waited for. Returns the request with all of them.
pub(super) fn add(path: &Path, request: Request) -> Result<Request, Failure> {
    let name = path.display();
    let system =
        |error: io::Error| Failure::new(Exit::System, format!("cannot write {name}")).cause(error);
    let _locked = locked(path).map_err(system)?;
    let mut now = read(path)?;
    now.merge(request).map_err(|_| {
        let message = format!("{name} is another request now");
        Failure::new(Exit::Expectation, message).hint("look at it anew; nothing was approved of")
    })?;
    replace(path, now.to_string().as_bytes()).map_err(system)?;
    Ok(now)
}

/// Returns the file, locked until it is dropped.
fn locked(path: &Path) -> io::Result<File> {
    loop {
        let file = File::open(path)?;
        file.lock()?;
        // Whoever had it before has put another in its place.
        let (held, there) = (file.metadata()?, std::fs::metadata(path)?);
        if (held.dev(), held.ino()) == (there.dev(), there.ino()) {
            return Ok(file);
        }
    }
}

/// Reads copies of one request.
pub(super) fn read_all(paths: &[PathBuf]) -> Result<Request, Failure> {
    let mut paths = paths.iter();
    let first = paths.next().map_or(Path::new(""), PathBuf::as_path);
    let mut request = read(first)?;
    for path in paths {
        request.merge(read(path)?).map_err(|_| {
            let (first, other) = (first.display(), path.display());
            let message = format!("{first} and {other} are not copies of one request");
            Failure::new(Exit::Refused, message).hint("enact each by itself")
        })?;
    }
    Ok(request)
}

/// Writes a file that is not there yet.
fn create(path: &Path, text: &str) -> Result<(), Failure> {
    let name = path.display();
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|error: io::Error| {
        if error.kind() == io::ErrorKind::AlreadyExists {
            let message = format!("{name} is there already");
            return Failure::new(Exit::Refused, message).hint("name a file that is not there yet");
        }
        Failure::new(Exit::System, format!("cannot write {name}")).cause(error)
    })
}
