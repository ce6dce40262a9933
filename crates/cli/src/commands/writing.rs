//! What the commands that write have in common: the key, being sure, and letting go.

use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

use chancery_ledger::Ledger;
use chancery_ledger::founding::AnyKey;

use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::private;

/// What somebody has to confirm.
#[derive(Clone, Copy)]
pub(super) struct Sure {
    /// What is to be typed.
    pub(super) word: &'static str,
    /// What is said before it is asked for.
    pub(super) why: &'static str,
    /// What is said if it is not confirmed.
    pub(super) not_done: &'static str,
}

/// Reads the private key named, or the one in the ledger's own folder.
pub(super) fn private_key(
    ledger: &Path,
    named: Option<&Path>,
    role: &str,
) -> Result<AnyKey, Failure> {
    let path = named.map_or_else(|| ledger.join("keys").join(role), Path::to_owned);
    let opened = private::open(&path).map_err(|failure| match named {
        None if !path.exists() => {
            failure.hint(format!("name the {role}'s private key: --key FILE"))
        }
        _ => failure,
    })?;
    Ok(opened.key)
}

/// Lets go of the ledger; whatever was recorded stays so even if this fails.
pub(super) fn close(ledger: Ledger) -> Result<(), Failure> {
    ledger.close().map_err(|error| {
        Failure::of(Exit::System, &error)
            .hint("nothing is lost: the next command that writes makes the store again")
    })
}

/// Asks whoever sits at the terminal; where nobody does, `--yes` must have been said.
#[allow(clippy::print_stderr)]
pub(super) fn confirm(context: &Context, yes: bool, sure: Sure) -> Result<(), Failure> {
    let Sure {
        word,
        why,
        not_done,
    } = sure;
    if yes {
        return Ok(());
    }
    let input = io::stdin();
    if context.global.json || !input.is_terminal() {
        let message = format!("{not_done}: {why}, and nobody confirmed it");
        return Err(Failure::new(Exit::Usage, message).hint("repeat it with --yes"));
    }
    let (first, rest) = why.split_at(1);
    let why = first.to_uppercase() + rest;
    eprint!("\n{why}. To go on, type `{word}`: ");
    let _ = io::stderr().flush();
    let mut line = String::new();
    input.read_line(&mut line)?;
    if line.trim() == word {
        return Ok(());
    }
    Err(Failure::new(Exit::Refused, not_done))
}

/// Replaces a file, or makes it, so that after a power cut either the old or the new
/// bytes stand there. What a link leads to is replaced, not the link, and who may read
/// the file stays the same.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // Nobody else's file is written over: it has a name that is not there yet.
    let temporary = folder.join(format!(".{name}.{}.new", std::process::id()));
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&temporary)?;
    let replaced = put(file, &path, &temporary, bytes);
    if replaced.is_err() {
        fs::remove_file(&temporary).ok();
    }
    replaced?;
    File::open(folder)?.sync_all()
}

fn put(mut file: File, path: &Path, temporary: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Ok(before) = fs::metadata(path) {
        file.set_permissions(before.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(temporary, path)
}
