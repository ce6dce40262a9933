//! `chancery log`: the entries, submission by submission, the newest first.

use chancery_chain::payload::decode_message;
use chancery_chain::{Envelope, Hash, Kind, Seq, Slot};
use chancery_core::record::Record;
use chancery_ledger::history::{self, Submission};
use serde_json::json;

use crate::args::LogArgs;
use crate::clock;
use crate::context::{Context, Reading};
use crate::explain;
use crate::failure::Failure;
use crate::view::say;
use crate::view::show::kind_word;

/// One entry as the log shows it.
struct Line {
    seq: Seq,
    hash: Hash,
    kind: String,
    id: String,
    expunged_by: Option<Seq>,
}

/// Lists the submissions up to the cut, and their entries.
///
/// # Errors
/// The ledger cannot be read.
pub fn run(context: &mut Context, args: &LogArgs) -> Result<(), Failure> {
    let reading = context.read()?;
    let submissions =
        history::submissions(&reading.roll).map_err(|error| explain::history(&error))?;
    let known = submissions
        .iter()
        .filter(|submission| submission.end() <= reading.cut.size);
    for submission in known.rev().take(args.last.unwrap_or(usize::MAX)) {
        show(context, &reading, submission)?;
    }
    Ok(())
}

fn show(context: &mut Context, reading: &Reading, submission: &Submission) -> Result<(), Failure> {
    let (lines, message) = lines(reading, submission)?;
    let keys = &reading.keys;
    let signer = keys.name(submission.signer).unwrap_or("an unknown key");
    let in_doubt = keys.doubts(submission.last);
    if context.global.json {
        return as_json(
            context,
            submission,
            (signer, in_doubt),
            message.as_deref(),
            &lines,
        );
    }
    let when = clock::written_short(submission.recorded_at);
    let out = &mut context.out;
    out.line(format!(
        "submission {} · {when} · signed by {signer}{} · {}",
        submission.number,
        if in_doubt { ", in doubt" } else { "" },
        say::number(lines.len(), "entry", "entries"),
    ))?;
    if let Some(message) = message {
        out.line(format!("    {message}"))?;
    }
    for line in lines {
        let hash: String = line.hash.to_string().chars().take(12).collect();
        let expunged = line.expunged_by.map(|by| format!("expunged by #{by}"));
        out.line(
            format!(
                "  #{:<6} {hash}  {:<12} {}",
                line.seq.get(),
                line.kind,
                expunged.unwrap_or(line.id)
            )
            .trim_end(),
        )?;
    }
    Ok(())
}

/// Returns the entries of a submission, and what was said of it as a whole.
fn lines(
    reading: &Reading,
    submission: &Submission,
) -> Result<(Vec<Line>, Option<String>), Failure> {
    let mut lines = Vec::new();
    let mut message = None;
    for entry in reading.roll.entries(submission.first) {
        let (seq, entry) = entry.map_err(|error| explain::read(&error))?;
        if seq > submission.last {
            break;
        }
        let Ok(envelope) = Envelope::decode(&entry.envelope) else {
            continue;
        };
        if envelope.kind == Kind::MESSAGE {
            message = decode_message(&envelope.payload).ok();
        }
        let (kind, id) = described(&envelope, &entry.slot);
        lines.push(Line {
            seq,
            hash: Hash::of_envelope(&entry.envelope),
            kind,
            id,
            expunged_by: match entry.slot {
                Slot::Expunged(by) => Some(by),
                Slot::None | Slot::Body { .. } => None,
            },
        });
    }
    Ok((lines, message))
}

fn as_json(
    context: &mut Context,
    submission: &Submission,
    (signer, in_doubt): (&str, bool),
    message: Option<&str>,
    lines: &[Line],
) -> Result<(), Failure> {
    let entry = |line: &Line| {
        let id = (!line.id.is_empty()).then_some(&line.id);
        let mut entry = json!({ "seq": line.seq.get(), "hash": line.hash.to_string(), "kind": line.kind, "id": id });
        if let Some(by) = line.expunged_by {
            entry["expunged_by"] = json!(by.get());
        }
        entry
    };
    let mut signer = json!({ "seq": submission.signer.get(), "name": signer });
    if in_doubt {
        signer["in_doubt"] = json!(true);
    }
    context.out.json(&json!({
        "schema": "chancery.log/1",
        "submission": submission.number,
        "first": submission.first.get(),
        "last": submission.last.get(),
        "recorded_at": clock::written(submission.recorded_at),
        "signer": signer,
        "message": message,
        "entries": lines.iter().map(entry).collect::<Vec<_>>(),
    }))
}

/// Returns the word for an entry's kind, and the id that a record has or was given.
fn described(envelope: &Envelope, slot: &Slot) -> (String, String) {
    let word = kind_word(envelope.kind);
    let id = match slot {
        Slot::Body { body, .. } => {
            let record = Record::decode(envelope.kind.get(), envelope.schema, body).ok();
            record.map(|record| match record.id() {
                Some(chosen) => chosen.as_str().to_owned(),
                None => format!("{word}-{}", envelope.seq),
            })
        }
        Slot::None | Slot::Expunged(_) => None,
    };
    (word, id.unwrap_or_default())
}
