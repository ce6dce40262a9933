//! `chancery key add`, `revoke`, `rotate` and `quorum`: what keepers decide about keys.

use std::path::Path;

use chancery_chain::payload::Revocation;
use chancery_chain::{Act, KeyPayload, Keyring, Origin, Quorum, Role, Seq};
use chancery_ledger::decide::{DecideError, Resolution};
use chancery_ledger::keyfile::KeyFile;
use chancery_ledger::{Ledger, Receipt};
use serde_json::json;

use crate::args::{DecidedBy, KeyAddArgs, KeyQuorumArgs, KeyRevokeArgs, KeyRotateArgs, RoleArg};
use crate::clock;
use crate::commands::request;
use crate::commands::writing::{close, private_key};
use crate::context::Context;
use crate::explain;
use crate::failure::{Exit, Failure};

/// Enrols a key.
///
/// # Errors
/// The file holds none, or it may not be enrolled.
pub(super) fn add(context: &mut Context, args: &KeyAddArgs) -> Result<(), Failure> {
    let file = read(&args.file)?;
    let role = match args.role {
        RoleArg::Log => Role::Log,
        RoleArg::Archivist => Role::Archivist,
        RoleArg::Keeper => Role::Keeper,
    };
    decide(context, &args.by, false, |origin, _| {
        let comment = Some(file.comment.as_str()).filter(|it| KeyPayload::may_be_named(it));
        let name = match role {
            // Checkpoints name the ledger, and so must the key that signs them.
            Role::Log => origin.as_str(),
            _ => args.name.as_deref().or(comment).unwrap_or(role.name()),
        };
        if !KeyPayload::may_be_named(name) {
            let message = format!("{name:?} is no name for a key");
            return Err(Failure::new(Exit::Usage, message)
                .hint("a name has 1 to 64 bytes of printable text"));
        }
        Ok(vec![Act::Enrol(KeyPayload {
            role,
            key: file.public,
            name: name.to_owned(),
        })])
    })
}

/// Ends a key.
///
/// # Errors
/// There is no such key, or it may not be revoked.
pub(super) fn revoke(context: &mut Context, args: &KeyRevokeArgs) -> Result<(), Failure> {
    decide(context, &args.by, args.below_quorum, |_, keyring| {
        Ok(vec![Act::Revoke(Revocation {
            key: named(keyring, &args.revoked)?,
            since: args.since.map(Seq::new),
            reason: args.reason.clone(),
        })])
    })
}

/// Says how many keepers must agree from now on.
///
/// # Errors
/// There are not so many, or that may not be decided.
pub(super) fn quorum(context: &mut Context, args: &KeyQuorumArgs) -> Result<(), Failure> {
    decide(context, &args.by, false, |_, _| {
        Ok(Quorum::new(args.keepers)
            .map(Act::SetQuorum)
            .into_iter()
            .collect())
    })
}

/// Puts a new key in the place of one: in the same submission the new one is enrolled
/// and the old one revoked. A log's stays in force meanwhile, so that both can sign.
///
/// # Errors
/// There is no such key, or that may not be decided.
pub(super) fn rotate(context: &mut Context, args: &KeyRotateArgs) -> Result<(), Failure> {
    let file = read(&args.file)?;
    let mut is_log = false;
    decide(context, &args.by, false, |_, keyring| {
        let seq = named(keyring, &args.rotated)?;
        let old = keyring.get(seq).cloned();
        let old = old.ok_or_else(|| explain::decide(&DecideError::NotAKey(seq)))?;
        is_log = old.role == Role::Log;
        let enrolled = Act::Enrol(KeyPayload {
            key: file.public,
            ..old
        });
        let revoked = Act::Revoke(Revocation {
            key: seq,
            since: None,
            reason: "replaced".to_owned(),
        });
        Ok(std::iter::once(enrolled)
            .chain((!is_log).then_some(revoked))
            .collect())
    })?;
    if is_log && args.by.request.is_none() {
        let rotated = &args.rotated;
        context.notice(&format!(
            "sign checkpoints with both keys now (--key twice); later `chancery key revoke '{rotated}'`"
        ));
    }
    Ok(())
}

/// Records these acts, and says so; or writes a request for them.
fn decide(
    context: &mut Context,
    by: &DecidedBy,
    below_quorum: bool,
    acts: impl FnOnce(&Origin, &Keyring) -> Result<Vec<Act>, Failure>,
) -> Result<(), Failure> {
    if let Some(path) = &by.request {
        return request::write(context, path, acts);
    }
    let folder = context.folder()?;
    let key = private_key(&folder, by.key.as_deref(), "keeper")?;
    let (ledger, notices) = Ledger::open(&folder).map_err(|error| explain::ledger(&error))?;
    context.notices(&notices);
    let resolution = Resolution {
        acts: acts(ledger.origin(), ledger.keyring())?,
        below_quorum,
        ..Resolution::default()
    };
    let done = ledger.decide(resolution, &*key, clock::now());
    let (ledger, receipt) = done.map_err(|error| explain::decide(&error))?;
    let told = tell(context, &receipt);
    close(ledger)?;
    told
}

/// Says what was recorded.
pub(in crate::commands) fn tell(context: &mut Context, receipt: &Receipt) -> Result<(), Failure> {
    let (first, last) = (receipt.first, receipt.last);
    if context.global.json {
        context.out.json(&json!({
            "schema": "chancery.decision/1",
            "submission": receipt.submission,
            "first": first.get(),
            "last": last.get(),
            "size": receipt.size.get(),
            "head": receipt.head.to_string(),
        }))?;
    } else {
        let submission = receipt.submission;
        context.out.line(format!(
            "recorded submission {submission}: entries {first} to {last}"
        ))?;
        let (size, head) = (receipt.size, receipt.head);
        context.out.line(format!("size: {size}\nhead: {head}"))?;
    }
    context.out.finish()
}

/// Returns the key entry that is meant: by its position, or by a file with the key,
/// of which the one that is in force, or else the last.
fn named(keyring: &Keyring, text: &str) -> Result<Seq, Failure> {
    if let Some(digits) = text.strip_prefix('#') {
        let seq = digits.parse().map(Seq::new);
        return seq.map_err(|_| {
            Failure::new(Exit::Usage, format!("{text} is no position"))
                .hint("`chancery key list` shows where each key is enrolled, as #N")
        });
    }
    let public = read(Path::new(text))?.public;
    let of_it = keyring.iter().filter(|(_, one)| one.key.key == public);
    let best = of_it.max_by_key(|(seq, one)| (one.revoked.is_none(), *seq));
    best.map(|(seq, _)| seq).ok_or_else(|| {
        Failure::new(Exit::Refused, format!("the key in {text} is not enrolled"))
            .hint("`chancery key list` shows those that are")
    })
}

fn read(path: &Path) -> Result<KeyFile, Failure> {
    KeyFile::read(path).map_err(|error| explain::key(&error))
}
