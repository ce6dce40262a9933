//! Whether checkpoints are signed, and cosigned, as whoever verifies asks.

use std::path::Path;

use chancery_chain::note::{MAX_NOTE, Unverified};
use chancery_chain::policy::{Believed, Disbelieved};
use chancery_chain::{Checkpoint, Finding, Note, Policy};
use chancery_ledger::verify::Verified;
use chancery_store::verify::Kept;

use crate::args::VerifyArgs;
use crate::bounded;
use crate::commands::trust;
use crate::failure::Failure;

/// The ledger's own checkpoint, relative to its folder.
pub(super) const OWN: &str = "roll/checkpoint";

/// A checkpoint that is signed as was asked.
pub(super) struct Signed {
    /// Its file.
    pub(super) name: String,
    /// Who signed it, and when.
    pub(super) believed: Believed,
}

/// Returns whom the command line says to trust, if it does.
pub(super) fn policy(args: &VerifyArgs) -> Result<Option<Policy>, Failure> {
    if args.key.is_empty() && args.policy.is_none() {
        return Ok(None);
    }
    trust::policy(&args.key, args.policy.as_deref()).map(Some)
}

/// Judges the ledger's own checkpoint and those that were kept elsewhere, and adds
/// what is found to what verifying came to.
pub(super) fn judge(
    policy: &Policy,
    folder: &Path,
    kept: &[Kept],
    verified: &mut Verified,
) -> Vec<Signed> {
    let by_keys = !policy.logs().is_empty();
    let mut all = Vec::new();
    match own(policy, folder, verified) {
        Ok(signed) => {
            let holds = agrees(OWN, verified) && (by_keys || !policy.needs_nobody());
            verified.believed = holds.then(|| signed.believed.checkpoint.size());
            all.push(signed);
        }
        Err(finding) => verified.report.findings.push(*finding),
    }
    for kept in kept {
        match judge_one(policy, &kept.name, &kept.note, verified) {
            Ok(signed) => all.push(signed),
            Err(fault) => verified.report.findings.extend(beside(&kept.name, &fault)),
        }
    }
    all
}

/// Judges the ledger's own checkpoint.
fn own(policy: &Policy, folder: &Path, verified: &Verified) -> Result<Signed, Box<Finding>> {
    let note = bounded::plain(&folder.join(OWN), MAX_NOTE).map_err(|_| {
        let message = "there is no checkpoint whose signatures could be judged";
        Box::new(Finding::damage("checkpoint-disbelieved", message).file(OWN))
    })?;
    judge_one(policy, OWN, &note, verified).map_err(|fault| Box::new(disbelieved(OWN, &fault)))
}

/// Returns the policy for a note with the log keys of the ledger that were in force
/// at its size, if the policy names no log.
fn policy_for(policy: &Policy, note: &Note, verified: &Verified) -> Policy {
    let policy = policy.clone();
    let checkpoint = Checkpoint::parse(note.text());
    match (&verified.report.origin, checkpoint) {
        (Some(origin), Ok(checkpoint)) if policy.logs().is_empty() => {
            let keyring = &verified.report.keyring;
            policy.for_logs(&keyring.log_keys_at(origin, checkpoint.size()))
        }
        _ => policy,
    }
}

fn judge_one(
    policy: &Policy,
    name: &str,
    note: &[u8],
    verified: &Verified,
) -> Result<Signed, Disbelieved> {
    let unsigned = |_| Disbelieved::Unsigned(Unverified::NoKnownKey);
    let note = Note::parse(note).map_err(unsigned)?;
    let believed = policy_for(policy, &note, verified).judge(&note)?;
    let name = name.to_owned();
    Ok(Signed { name, believed })
}

/// Returns what is to be said of a checkpoint that was kept elsewhere: that too
/// few cosigned it is worth knowing; the log's signature is compared by itself.
fn beside(name: &str, fault: &Disbelieved) -> Option<Finding> {
    match fault {
        Disbelieved::Quorum { .. } => {
            Some(Finding::notice("checkpoint-uncosigned", fault.to_string()).file(name))
        }
        Disbelieved::Unsigned(Unverified::Invalid { .. }) => Some(disbelieved(name, fault)),
        _ => None,
    }
}

fn disbelieved(name: &str, fault: &Disbelieved) -> Finding {
    let source = std::error::Error::source(fault);
    let why = source.map_or_else(String::new, |source| format!(": {source}"));
    Finding::damage("checkpoint-disbelieved", format!("{fault}{why}")).file(name)
}

/// Returns whether nothing bad was found of a checkpoint.
pub(super) fn agrees(name: &str, verified: &Verified) -> bool {
    let mut findings = verified.report.findings.iter();
    !findings.any(|finding| finding.file.as_deref() == Some(name))
}

/// Returns how many entries the checkpoint in these bytes covers.
pub(super) fn covers(note: &[u8]) -> Option<Checkpoint> {
    Checkpoint::parse(Note::parse(note).ok()?.text()).ok()
}
