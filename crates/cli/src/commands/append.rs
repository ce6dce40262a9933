//! `chancery append`: dossiers become entries, all of them or nothing.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use chancery_chain::payload::encode_message;
use chancery_chain::{Hash, Head, Seq, Size};
use chancery_core::fault::Fault;
use chancery_ledger::founding::AnyKey;
use chancery_ledger::{
    Appending, Batch, Dossiers, Ledger, Proposal, ProposeError, Receipt, SubmitError, propose_all,
};

use super::checkpoint;
use super::receipt::Done;
use super::writing::{close, private_key};
use crate::args::AppendArgs;
use crate::context::Context;
use crate::dossier::{self, Dossier, exported};
use crate::failure::{Exit, Failure};
use crate::progress::Progress;
use crate::{chance, clock, explain};

/// Appends dossiers as one submission (an export as those that it was made of), and
/// prints the receipt.
///
/// # Errors
/// There are faults, an expectation failed, or the system failed; nothing was
/// recorded, unless the failure says that this is not known.
pub fn run(context: &mut Context, args: &AppendArgs) -> Result<(), Failure> {
    context.folder()?;
    submit(context, &read_all(&args.files)?, args)
}

/// Appends what dossiers hold; the files that `args` names are not looked at.
pub(super) fn submit(
    context: &mut Context,
    dossiers: &[Dossier],
    args: &AppendArgs,
) -> Result<(), Failure> {
    let folder = context.folder()?;
    let (parsed, mut found) = parse(dossiers);
    let is_export = exported::is_export(&parsed);
    let batches = into_batches(parsed, is_export, args, &mut found)?;
    let keys = keys(&folder, args)?;
    let log_key = args
        .checkpoint
        .then(|| private_key(&folder, None, "log"))
        .transpose()?;
    let (mut ledger, notices) = Ledger::open(&folder).map_err(|error| explain::ledger(&error))?;
    context.notices(&notices);
    if let Some(expected) = &args.expect {
        expect(expected, &ledger.head())?;
    }
    let signers: Result<Vec<Seq>, SubmitError> =
        keys.iter().map(|key| ledger.archivist(&**key)).collect();
    let signers = signers.map_err(|error| explain::submit(&error))?;
    let mut bar = Progress::new("reading", "records", context.global.quiet);
    let proposals = propose_all(ledger.store(), &batches, &signers, &mut |done, total| {
        bar.at(done, total);
    });
    drop(bar);
    let mut proposals = match proposals {
        Ok(proposals) if found.is_empty() => proposals,
        Ok(_) => return Err(context.tell_faults(dossiers, &found)),
        Err(error) => return Err(refused(context, dossiers, error, &mut found)),
    };
    let mut done = Done::of(&proposals, is_export);
    if !args.dry_run {
        for (proposal, batch) in proposals.iter_mut().zip(&batches) {
            let signed = signers.iter().position(|signer| *signer == proposal.signer);
            let Some(key) = signed.and_then(|at| keys.get(at)) else {
                continue;
            };
            let recorded = record(&mut ledger, proposal, batch, args, key);
            done.recorded
                .extend(recorded.map_err(|failure| done.before(failure))?);
        }
    }
    let note = match log_key.filter(|_| !args.dry_run) {
        Some(key) => Some(checkpoint::make(&mut ledger, &[key])?),
        None => None,
    };
    // What is recorded stays so, whether anybody reads of it or not.
    let told = done
        .tell(context, args.dry_run, &ledger.head())
        .and_then(|()| note.map_or(Ok(()), |note| checkpoint::tell(context, &ledger, &note)));
    close(ledger)?;
    told.map_err(|failure| done.before(failure))
}

/// Returns what is to become a submission each, and adds what is wrong with that.
fn into_batches(
    parsed: Dossiers,
    is_export: bool,
    args: &AppendArgs,
    found: &mut Vec<Fault>,
) -> Result<Vec<Batch>, Failure> {
    if let Some(message) = &args.message {
        encode_message(message).map_err(|error| {
            Failure::of(Exit::Refused, &error).hint("long texts are for notes and sources")
        })?;
    }
    if !is_export {
        return Ok(vec![Batch {
            dossiers: parsed,
            places: Vec::new(),
            message: args.message.clone(),
        }]);
    }
    if args.message.is_some() {
        let message = "--message is for one submission, and an export holds several";
        return Err(Failure::new(Exit::Usage, message)
            .hint("leave it out: each keeps the message that it had"));
    }
    let (batches, mut faults) = exported::batches(parsed);
    found.append(&mut faults);
    Ok(batches)
}

/// Reads the private keys named, or the one in the ledger's own folder.
fn keys(folder: &Path, args: &AppendArgs) -> Result<Vec<AnyKey>, Failure> {
    if args.key.is_empty() {
        return Ok(vec![private_key(folder, None, "archivist")?]);
    }
    let keys = args.key.iter();
    keys.map(|path| private_key(folder, Some(path), "archivist"))
        .collect()
}

/// Records what was proposed, unless it is nothing.
fn record(
    ledger: &mut Ledger,
    proposal: &mut Proposal,
    batch: &Batch,
    args: &AppendArgs,
    key: &AnyKey,
) -> Result<Option<Receipt>, Failure> {
    if proposal.records.is_empty() {
        return Ok(None);
    }
    let mut random = chance::source()?;
    let appending = Appending {
        key: &**key,
        now: clock::now(),
        accept_clock_jump: args.accept_clock_jump,
        message: batch.message.as_deref(),
        random: &mut random,
    };
    proposal.follow(ledger.head());
    ledger
        .append(proposal, appending)
        .map(Some)
        .map_err(|error| explain::submit(&error))
}

fn read_all(files: &[PathBuf]) -> Result<Vec<Dossier>, Failure> {
    let mut dossiers = Vec::new();
    for (number, path) in files.iter().enumerate() {
        let is_standard = path.as_os_str() == "-";
        let bytes = if is_standard {
            standard_input()
        } else {
            std::fs::read(path)
        };
        let bytes = bytes.map_err(|error| {
            Failure::new(
                Exit::Refused,
                format!("cannot read the dossier {}", path.display()),
            )
            .cause(error)
        })?;
        let named = (!is_standard).then(|| path.clone());
        dossiers.push(Dossier::new(number, named, &bytes));
    }
    Ok(dossiers)
}

fn standard_input() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns what could be read of the dossiers, and what was wrong with the rest.
fn parse(dossiers: &[Dossier]) -> (Dossiers, Vec<Fault>) {
    let mut parsed = Dossiers {
        forms: Vec::new(),
        folders: Vec::new(),
    };
    let mut found = Vec::new();
    for dossier in dossiers {
        let reading = dossier::parse(dossier);
        found.extend(reading.faults);
        tracing::info!(
            dossier = dossier.name,
            records = reading.forms.len(),
            "read a dossier"
        );
        parsed.forms.extend(reading.forms);
        let folder = dossier.path.as_deref().and_then(Path::parent);
        parsed
            .folders
            .push(folder.unwrap_or(Path::new("")).to_owned());
    }
    (parsed, found)
}

/// Tells all that is wrong: with the writing, and with what was written.
fn refused(
    context: &Context,
    dossiers: &[Dossier],
    error: ProposeError,
    found: &mut Vec<Fault>,
) -> Failure {
    let ProposeError::Refused(mut others) = error else {
        return Failure::of(Exit::System, &error);
    };
    if !found.is_empty() {
        // The record that is named may be one that could not be read.
        others.retain(|fault| fault.code != "unknown-reference");
    }
    found.append(&mut others);
    found.sort_by_key(|fault| fault.span);
    context.tell_faults(dossiers, found)
}

fn expect(expected: &str, head: &Head) -> Result<(), Failure> {
    let wrong = || {
        Failure::new(
            Exit::Usage,
            format!("--expect {expected} is no expectation"),
        )
        .hint("write --expect head:HASH or --expect size:N")
    };
    let (what, value) = expected.split_once(':').ok_or_else(wrong)?;
    let (met, found) = match what {
        "size" => {
            let size: Size = value.parse().map_err(|_| wrong())?;
            (size == head.size, head.size.to_string())
        }
        "head" => {
            let hash: Hash = value.parse().map_err(|_| wrong())?;
            (hash == head.hash, head.hash.to_string())
        }
        _ => return Err(wrong()),
    };
    if met {
        return Ok(());
    }
    let message = format!("expected {what} {value}, but the ledger is at {what} {found}");
    Err(Failure::new(Exit::Expectation, message)
        .hint("somebody else has appended: look at the log, then send it again"))
}
