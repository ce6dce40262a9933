//! `chancery key`: the keys that the ledger's entries enrol.

use chancery_chain::note::VerifierKey;
use chancery_chain::{Hex, KeyPayload, Role, Seq};
use chancery_ledger::ledger;
use serde_json::{Value, json};

use crate::args::{KeyArgs, KeyCommand, KeyListArgs};
use crate::context::Context;
use crate::explain;
use crate::failure::Failure;
use crate::view::ask;
use crate::view::page::Page;
use crate::view::style::Style;

/// Does what is asked with the keys.
///
/// # Errors
/// The ledger cannot be read.
pub fn run(context: &mut Context, args: &KeyArgs) -> Result<(), Failure> {
    match &args.command {
        KeyCommand::List(args) => list(context, args),
    }
}

fn list(context: &mut Context, args: &KeyListArgs) -> Result<(), Failure> {
    let reading = context.read()?;
    let (origin, keyring) =
        ledger::founded(&reading.roll).map_err(|error| explain::ledger(&error))?;
    // Only the log signs notes, so only its key has the form that notes name.
    let verifier = |key: &KeyPayload| {
        let log = (key.role == Role::Log).then(|| VerifierKey::new(origin.as_str(), key.key));
        log.flatten().map(|key| key.to_string())
    };
    if args.log && !context.global.json {
        for key in keyring.log_keys(&origin) {
            context.out.line(key.to_string())?;
        }
        return Ok(());
    }
    if context.global.json {
        let key = |(seq, key): (Seq, &KeyPayload)| {
            json!({
                "seq": seq.get(),
                "role": key.role.name(),
                "name": key.name,
                "public": Hex(key.key.as_bytes()).to_string(),
                "verifier": verifier(key),
            })
        };
        let asked = |(_, key): &(Seq, &KeyPayload)| !args.log || key.role == Role::Log;
        let keys: Value = keyring.iter().filter(asked).map(key).collect();
        let mut answer = ask::cut("chancery.keys/1", &reading);
        answer.insert("keys".to_owned(), keys);
        return context.out.json(&Value::Object(answer));
    }
    let mut page = Page::new(Style::of(context.global.color));
    page.heading(origin.as_str());
    for (seq, key) in keyring.iter() {
        page.text(0, &format!("{} {} (#{seq})", key.role.name(), key.name));
        let public = verifier(key).unwrap_or_else(|| Hex(key.key.as_bytes()).to_string());
        page.text(2, &public);
    }
    page.write(&mut context.out)
}
