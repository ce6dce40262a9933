//! Whom a command trusts: verifier keys as they are given, and policies.

use std::path::Path;

use chancery_chain::Policy;
use chancery_chain::note::{KeyType, VerifierKey};
use chancery_chain::policy::{Believed, Cosigned};
use serde_json::{Value, json};

use crate::failure::{Exit, Failure};
use crate::{bounded, clock};

/// Returns what these keys and this policy ask of a checkpoint. With both, the
/// logs are those of the keys, and the witnesses those of the policy.
pub(crate) fn policy(keys: &[String], file: Option<&Path>) -> Result<Policy, Failure> {
    let keys: Result<Vec<_>, Failure> = keys.iter().map(|text| named("--key", text)).collect();
    let keys = keys?.concat();
    let Some(file) = file else {
        return Ok(Policy::of(&keys));
    };
    let policy = read(file)?;
    if keys.is_empty() {
        return Ok(policy);
    }
    if let Some(witness) = keys.iter().find(|key| key.kind() == KeyType::Cosignature) {
        let message = format!("--key {witness} is a witness's key");
        let hint = "with --policy, the witnesses are those that it names";
        return Err(Failure::new(Exit::Usage, message).hint(hint));
    }
    Ok(policy.for_logs(&keys))
}

/// Reads a policy file.
pub(crate) fn read(file: &Path) -> Result<Policy, Failure> {
    let name = file.display();
    let bytes = bounded::read(file, bounded::TEXT).map_err(|error| {
        Failure::new(Exit::Usage, format!("cannot read the policy {name}")).cause(error)
    })?;
    Policy::parse(&bytes).map_err(|error| {
        Failure::new(Exit::Usage, format!("{name} is no policy"))
            .at(name, Some(error.line))
            .cause(error)
            .hint("its form is that of c2sp.org/tlog-policy; docs/witnesses.md shows one")
    })
}

/// Returns the verifier keys that a flag names: one as it is written, or all that a file
/// holds, one to a line; while a log's key is being replaced it has two.
pub(crate) fn named(flag: &str, text: &str) -> Result<Vec<VerifierKey>, Failure> {
    if let Ok(key) = text.parse() {
        return Ok(vec![key]);
    }
    let held = bounded::read(Path::new(text), bounded::KEY).unwrap_or_default();
    let held = String::from_utf8(held).unwrap_or_default();
    let keys: Result<Vec<VerifierKey>, _> = held.split_whitespace().map(str::parse).collect();
    keys.ok().filter(|keys| !keys.is_empty()).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("{flag} {text} is no verifier key"))
            .hint("give the log's key as `chancery key list` shows it, or a file that holds it")
    })
}

/// Returns who cosigned a checkpoint, and when, as people read it.
pub(crate) fn told(cosigned: &Cosigned) -> String {
    let (witness, key) = (cosigned.witness.as_str(), cosigned.key.name());
    let when = clock::written_short(cosigned.seen);
    if witness == key {
        return format!("by {witness} at {when}");
    }
    format!("by {witness} ({key}) at {when}")
}

/// Returns who cosigned a checkpoint, and when, for `--json`.
pub(crate) fn cosigned(believed: &Believed) -> Value {
    let one = |it: &Cosigned| {
        json!({
            "witness": it.witness,
            "key": it.key.name(),
            "at": clock::written(it.seen),
        })
    };
    believed.cosigned.iter().map(one).collect()
}
