//! `chancery append`: dossiers become entries, all of them or nothing.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use chancery_chain::payload::encode_message;
use chancery_chain::{Hash, Head, Size};
use chancery_core::fault::Fault;
use chancery_ledger::{Appending, Dossiers, Ledger, Proposal, ProposeError, Receipt, propose};
use ed25519_dalek::SigningKey;

use super::checkpoint;
use super::writing::{close, private_key};
use crate::args::AppendArgs;
use crate::context::Context;
use crate::dossier::{self, Dossier};
use crate::failure::{Exit, Failure};
use crate::progress::Progress;
use crate::view::say::number;
use crate::{chance, clock, explain};

/// Appends dossiers as one submission, and prints the receipt.
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
    let key = private_key(&folder, args.key.as_deref(), "archivist")?;
    let log_key = args
        .checkpoint
        .then(|| private_key(&folder, None, "log"))
        .transpose()?;
    let (mut ledger, notices) = Ledger::open(&folder).map_err(|error| explain::ledger(&error))?;
    context.notices(&notices);
    if let Some(expected) = &args.expect {
        expect(expected, &ledger.head())?;
    }
    let signer = ledger
        .archivist(&key)
        .map_err(|error| explain::submit(&error))?;
    let mut bar = Progress::new("reading", "records", context.global.quiet);
    let proposal = propose(ledger.store(), &parsed, signer, &mut |done, total| {
        bar.at(done, total);
    });
    drop(bar);
    let proposal = match proposal {
        Ok(proposal) if found.is_empty() => proposal,
        Ok(_) => return Err(context.tell_faults(dossiers, &found)),
        Err(error) => return Err(refused(context, dossiers, error, &mut found)),
    };
    if let Some(message) = &args.message {
        encode_message(message).map_err(|error| {
            Failure::of(Exit::Refused, &error).hint("long texts are for notes and sources")
        })?;
    }
    let receipt = if args.dry_run || proposal.records.is_empty() {
        None
    } else {
        Some(record(&mut ledger, &proposal, args, &key)?)
    };
    let note = match log_key.filter(|_| !args.dry_run) {
        Some(key) => Some(checkpoint::make(&mut ledger, &key)?),
        None => None,
    };
    // What is recorded stays so, whether anybody reads of it or not.
    let told = tell(context, args, &proposal, receipt.as_ref(), &ledger.head())
        .and_then(|()| note.map_or(Ok(()), |note| checkpoint::tell(context, &ledger, &note)));
    close(ledger)?;
    told.map_err(|failure| match receipt {
        Some(receipt) => failure.hint(format!("submission {} was recorded", receipt.submission)),
        None => failure,
    })
}

fn record(
    ledger: &mut Ledger,
    proposal: &Proposal,
    args: &AppendArgs,
    key: &SigningKey,
) -> Result<Receipt, Failure> {
    let mut random = chance::source()?;
    let appending = Appending {
        key,
        now: clock::now(),
        accept_clock_jump: args.accept_clock_jump,
        message: args.message.as_deref(),
        random: &mut random,
    };
    ledger
        .append(proposal, appending)
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

fn tell(
    context: &mut Context,
    args: &AppendArgs,
    proposal: &Proposal,
    receipt: Option<&Receipt>,
    head: &Head,
) -> Result<(), Failure> {
    let (records, held) = (proposal.records.len(), proposal.already_held);
    if context.global.json {
        context.out.json(&serde_json::json!({
            "schema": "chancery.receipt/1",
            "submission": receipt.map(|receipt| receipt.submission),
            "first": receipt.map(|receipt| receipt.first.get()),
            "last": receipt.map(|receipt| receipt.last.get()),
            "size": head.size.get(),
            "head": head.hash.to_string(),
            "records": records,
            "already_held": held,
        }))?;
        return context.out.finish();
    }
    let already = if held == 0 {
        String::new()
    } else {
        format!(", {held} already held")
    };
    let records = number(records, "record", "records");
    match receipt {
        Some(receipt) => {
            let (number, first, last) = (receipt.submission, receipt.first, receipt.last);
            context.out.line(format!(
                "recorded submission {number}: {records} as entries {first} to {last}{already}"
            ))?;
        }
        None if args.dry_run => {
            context.out.line(format!(
                "would record {records}{already}; nothing was written"
            ))?;
        }
        None => context.out.line(format!("nothing new{already}"))?,
    }
    context
        .out
        .line(format!("size: {}\nhead: {}", head.size, head.hash))?;
    context.out.finish()
}
