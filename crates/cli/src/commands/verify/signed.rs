//! Whether checkpoints are signed, and cosigned, as whoever verifies asks; and
//! what follows from the times at which witnesses saw them.

use std::path::Path;

use chancery_chain::note::{MAX_NOTE, Unverified};
use chancery_chain::policy::{Believed, Disbelieved};
use chancery_chain::{Checkpoint, Finding, Note, Policy};
use chancery_ledger::verify::Verified;
use chancery_ledger::vouched::Vouched;
use chancery_store::RollReader;
use chancery_store::verify::Kept;

use crate::args::VerifyArgs;
use crate::commands::trust;
use crate::failure::Failure;
use crate::{bounded, clock};

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
    let policy = policy_for(policy, verified);
    let mut all = Vec::new();
    match own(&policy, folder) {
        Ok(signed) => {
            let holds = agrees(OWN, verified) && (by_keys || !policy.needs_nobody());
            verified.believed = holds.then(|| signed.believed.checkpoint.size());
            all.push(signed);
        }
        Err(finding) => verified.report.findings.push(*finding),
    }
    for kept in kept {
        match judge_one(&policy, &kept.name, &kept.note) {
            Ok(signed) => all.push(signed),
            Err(fault) => verified.report.findings.extend(beside(&kept.name, &fault)),
        }
    }
    tell_back_dated(folder, &all, verified);
    all
}

/// Judges the ledger's own checkpoint.
fn own(policy: &Policy, folder: &Path) -> Result<Signed, Box<Finding>> {
    let note = bounded::plain(&folder.join(OWN), MAX_NOTE).map_err(|_| {
        let message = "there is no checkpoint whose signatures could be judged";
        Box::new(Finding::damage("checkpoint-disbelieved", message).file(OWN))
    })?;
    judge_one(policy, OWN, &note).map_err(|fault| Box::new(disbelieved(OWN, &fault)))
}

/// Returns the policy with the ledger's own log keys, if it names no log.
fn policy_for(policy: &Policy, verified: &Verified) -> Policy {
    let policy = policy.clone();
    match &verified.report.origin {
        Some(origin) if policy.logs().is_empty() => {
            policy.for_logs(&verified.report.keyring.log_keys(origin))
        }
        _ => policy,
    }
}

fn judge_one(policy: &Policy, name: &str, note: &[u8]) -> Result<Signed, Disbelieved> {
    let unsigned = |_| Disbelieved::Unsigned(Unverified::NoKnownKey);
    let note = Note::parse(note).map_err(unsigned)?;
    let believed = policy.judge(&note)?;
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

fn tell_back_dated(folder: &Path, signed: &[Signed], verified: &mut Verified) {
    // What cannot be read has been told already.
    let Ok(roll) = RollReader::open(folder) else {
        return;
    };
    for signed in signed
        .iter()
        .filter(|it| agrees(&it.name, verified))
        .collect::<Vec<_>>()
    {
        let Some(at) = signed.believed.seen else {
            continue;
        };
        let size = signed.believed.checkpoint.size();
        let vouched = Vouched { size, at };
        verified
            .report
            .findings
            .extend(back_dated(&vouched, &roll, &signed.name));
    }
}

/// Returns the finding that entries claim to be older than somebody else's word allows.
pub(super) fn back_dated(vouched: &Vouched, roll: &RollReader, name: &str) -> Option<Finding> {
    let found = vouched.back_dated(roll).ok().flatten()?;
    let (size, at) = (vouched.size, clock::written_short(vouched.at));
    let message = format!("appended after {at}, when there were {size} entries, and dated before");
    let finding = Finding::damage("back-dated", message).between(found.first, found.last);
    let claimed = clock::written_short(found.claimed);
    Some(finding.values(at, claimed).file(name))
}

/// Returns how many entries the checkpoint in these bytes covers.
pub(super) fn covers(note: &[u8]) -> Option<Checkpoint> {
    Checkpoint::parse(Note::parse(note).ok()?.text()).ok()
}
