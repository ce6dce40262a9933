//! `chancery key add`, `revoke` and `rotate`: what keepers decide about keys.

use std::path::Path;

use chancery_chain::payload::Revocation;
use chancery_chain::{Act, KeyPayload, Role, Seq};
use chancery_ledger::decide::DecideError;
use chancery_ledger::keyfile::KeyFile;
use chancery_ledger::{Ledger, Receipt};
use serde_json::json;

use crate::args::{KeyAddArgs, KeyRevokeArgs, KeyRotateArgs, RoleArg};
use crate::clock;
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
    decide(context, args.key.as_deref(), |ledger| {
        let comment = Some(file.comment.as_str()).filter(|it| KeyPayload::may_be_named(it));
        let name = match role {
            // Checkpoints name the ledger, and so must the key that signs them.
            Role::Log => ledger.origin().as_str(),
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
    decide(context, args.key.as_deref(), |ledger| {
        Ok(vec![Act::Revoke(Revocation {
            key: named(ledger, &args.revoked)?,
            since: args.since.map(Seq::new),
            reason: args.reason.clone(),
        })])
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
    decide(context, args.key.as_deref(), |ledger| {
        let seq = named(ledger, &args.rotated)?;
        let old = ledger.keyring().get(seq).cloned();
        let old = old.ok_or_else(|| refused(&DecideError::NotAKey(seq)))?;
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
    if is_log {
        let rotated = &args.rotated;
        context.notice(&format!(
            "sign checkpoints with both keys now (--key twice); later `chancery key revoke '{rotated}'`"
        ));
    }
    Ok(())
}

/// Records these acts, and says so.
fn decide(
    context: &mut Context,
    key: Option<&Path>,
    acts: impl FnOnce(&Ledger) -> Result<Vec<Act>, Failure>,
) -> Result<(), Failure> {
    let folder = context.folder()?;
    let key = private_key(&folder, key, "keeper")?;
    let (mut ledger, notices) = Ledger::open(&folder).map_err(|error| explain::ledger(&error))?;
    context.notices(&notices);
    let acts = acts(&ledger)?;
    let done = ledger.decide(acts, &*key, clock::now());
    let receipt = done.map_err(|error| refused(&error))?;
    let told = tell(context, &receipt);
    close(ledger)?;
    told
}

fn tell(context: &mut Context, receipt: &Receipt) -> Result<(), Failure> {
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
fn named(ledger: &Ledger, text: &str) -> Result<Seq, Failure> {
    if let Some(digits) = text.strip_prefix('#') {
        let seq = digits.parse().map(Seq::new);
        return seq.map_err(|_| {
            Failure::new(Exit::Usage, format!("{text} is no position"))
                .hint("`chancery key list` shows where each key is enrolled, as #N")
        });
    }
    let public = read(Path::new(text))?.public;
    let keys = ledger.keyring().iter();
    let of_it = keys.filter(|(_, one)| one.key.key == public);
    let best = of_it.max_by_key(|(seq, one)| (one.revoked.is_none(), *seq));
    best.map(|(seq, _)| seq).ok_or_else(|| {
        Failure::new(Exit::Refused, format!("the key in {text} is not enrolled"))
            .hint("`chancery key list` shows those that are")
    })
}

fn read(path: &Path) -> Result<KeyFile, Failure> {
    KeyFile::read(path).map_err(|error| explain::key(&error))
}

fn refused(error: &DecideError) -> Failure {
    let hint = match error {
        DecideError::Submit(error) => return explain::submit(error),
        DecideError::NotAKeeper => "keepers enrol and revoke: name a keeper's key with --key FILE",
        DecideError::Quorum { .. } => "see `docs/keys.md`",
        DecideError::WasRevoked { .. } => "make a new key: `ssh-keygen -t ed25519 -f FILE`",
        DecideError::Last { .. } => "enrol another one first: `chancery key add`",
        _ => "`chancery key list` shows the keys, and what became of them",
    };
    Failure::of(Exit::Refused, error).hint(hint)
}
