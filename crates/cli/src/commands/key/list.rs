//! `chancery key list`: the keys that the ledger's entries enrol, and their ends.

use chancery_chain::note::VerifierKey;
use chancery_chain::{Enrolled, Hex, KeyPayload, Revoked, Role, Seq};
use serde_json::{Value, json};

use crate::args::KeyListArgs;
use crate::context::Context;
use crate::failure::Failure;
use crate::view::ask;
use crate::view::page::Page;
use crate::view::style::Style;

/// Lists the keys.
///
/// # Errors
/// The ledger cannot be read.
pub(super) fn run(context: &mut Context, args: &KeyListArgs) -> Result<(), Failure> {
    let reading = context.read()?;
    let (origin, keyring) = (&reading.origin, reading.keys.keyring());
    // Only the log signs notes, so only its key has the form that notes name.
    let verifier = |key: &KeyPayload| {
        let log = (key.role == Role::Log).then(|| VerifierKey::new(origin.as_str(), key.key));
        log.flatten().map(|key| key.to_string())
    };
    if args.log && !context.global.json {
        for key in keyring.log_keys(origin) {
            context.out.line(key.to_string())?;
        }
        return Ok(());
    }
    if context.global.json {
        let key = |(seq, enrolled): (Seq, &Enrolled)| {
            let key = &enrolled.key;
            json!({
                "seq": seq.get(),
                "role": key.role.name(),
                "name": key.name,
                "public": Hex(key.key.as_bytes()).to_string(),
                "verifier": verifier(key),
                "revoked": enrolled.revoked.as_ref().map(|revoked| json!({
                    "seq": revoked.at.get(),
                    "since": revoked.since.get(),
                    "reason": revoked.reason,
                })),
            })
        };
        let asked = |(_, one): &(Seq, &Enrolled)| !args.log || one.key.role == Role::Log;
        let keys: Value = keyring.iter().filter(asked).map(key).collect();
        let mut answer = ask::cut("chancery.keys/1", &reading);
        answer.insert("quorum".to_owned(), keyring.quorum().get().into());
        answer.insert("keys".to_owned(), keys);
        return context.out.json(&Value::Object(answer));
    }
    let mut page = Page::new(Style::of(context.global.color));
    page.heading(origin.as_str());
    for (seq, enrolled) in keyring.iter() {
        let key = &enrolled.key;
        page.text(0, &format!("{} {} (#{seq})", key.role.name(), key.name));
        let public = verifier(key).unwrap_or_else(|| Hex(key.key.as_bytes()).to_string());
        page.text(2, &public);
        if let Some(revoked) = &enrolled.revoked {
            page.text(2, &told(revoked));
        }
    }
    let quorum = usize::from(keyring.quorum().get());
    if quorum > 1 {
        page.gap();
        page.text(0, &format!("{quorum} keepers must agree"));
    }
    page.write(&mut context.out)
}

/// Returns the end of a key as people read it.
fn told(revoked: &Revoked) -> String {
    let doubt = if revoked.since < revoked.at {
        format!(", in doubt from entry {} on", revoked.since)
    } else {
        String::new()
    };
    let reason = match revoked.reason.as_str() {
        "" => String::new(),
        reason => format!(": {reason}"),
    };
    format!("revoked by entry {}{doubt}{reason}", revoked.at)
}
