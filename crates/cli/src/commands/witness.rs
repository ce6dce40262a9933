//! `chancery witness`: sees that other ledgers only grow, and says so.

use std::collections::BTreeSet;
use std::net::TcpListener;

use chancery_chain::note::{KeyType, VerifierKey};
use chancery_ledger::keyfile;
use chancery_witness::{Memory, MemoryError, Witness, server};
use ed25519_dalek::SigningKey;
use serde_json::json;

use super::trust;
use crate::args::{WitnessArgs, WitnessCommand, WitnessInitArgs, WitnessServeArgs};
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::private::Private;
use crate::{chance, clock, explain, private};

/// The name of the key's file, in the witness's folder.
const KEY: &str = "key";

/// Makes a witness, or lets one work.
///
/// # Errors
/// What is named cannot be used.
pub fn run(context: &mut Context, args: &WitnessArgs) -> Result<(), Failure> {
    match &args.command {
        WitnessCommand::Init(args) => init(context, args),
        WitnessCommand::Serve(args) => serve(context, args),
    }
}

fn init(context: &mut Context, args: &WitnessInitArgs) -> Result<(), Failure> {
    let mut seed = [0; 32];
    chance::fill(&mut seed)?;
    let public = SigningKey::from_bytes(&seed).verifying_key();
    let verifier = VerifierKey::cosigner(&args.name, public).ok_or_else(|| {
        let message = format!("--name {} is no name for a key", args.name);
        Failure::new(Exit::Usage, message)
            .hint("a name has no white space and no `+`, such as witness.example/archive")
    })?;
    Memory::create(&args.state).map_err(|error| remembering(&error))?;
    let path = args.state.join(KEY);
    keyfile::write_new(&path, &seed, &args.name).map_err(|error| explain::key(&error))?;
    if context.global.json {
        return context.out.json(&json!({
            "schema": "chancery.witness/1",
            "name": verifier.name(),
            "verifier": verifier.to_string(),
        }));
    }
    context.out.line(verifier.to_string())?;
    context.out.finish()?;
    let path = path.display();
    context.notice(&format!(
        "new key: {path}; whoever has it can sign as this witness"
    ));
    Ok(())
}

fn serve(context: &mut Context, args: &WitnessServeArgs) -> Result<(), Failure> {
    let path = args.key.clone().unwrap_or_else(|| args.state.join(KEY));
    let Private { key, comment: name } = private::open(&path)?;
    let memory = Memory::open(&args.state).map_err(|error| remembering(&error))?;
    let mut witness = Witness::new(&name, key, memory).ok_or_else(|| {
        let message = format!("the comment of {} is no name for a witness", path.display());
        Failure::new(Exit::Refused, message).hint(
            "`ssh-keygen -c -C NAME -f FILE` changes it; a name has no white space and no `+`",
        )
    })?;
    let logs = logs(args)?;
    for log in &logs {
        witness = witness.knowing(log.name(), log.clone());
    }
    // What cannot be remembered is told before anybody asks.
    witness.seen().map_err(|error| remembering(&error))?;
    let unheard = |error: std::io::Error| {
        let message = format!("cannot listen at {}", args.listen);
        Failure::new(Exit::System, message).cause(error)
    };
    let listener = TcpListener::bind(&args.listen).map_err(unheard)?;
    let address = listener.local_addr().map_err(unheard)?;
    // A log whose key is being replaced has two.
    let names: BTreeSet<&str> = logs.iter().map(VerifierKey::name).collect();
    let names: Vec<&str> = names.into_iter().collect();
    if context.global.json {
        context.out.json(&json!({
            "schema": "chancery.witness/1",
            "name": name,
            "verifier": witness.verifier().to_string(),
            "address": format!("http://{address}"),
            "logs": names,
        }))?;
    } else {
        context.out.line(format!("http://{address}"))?;
    }
    context.out.finish()?;
    context.notice(&format!("{name} witnesses {}", names.join(", ")));
    server::serve(witness, listener, clock::now).map_err(unheard)
}

/// Returns the keys of the logs that are to be witnessed.
fn logs(args: &WitnessServeArgs) -> Result<Vec<VerifierKey>, Failure> {
    let mut logs = Vec::new();
    for text in &args.log {
        let named = trust::named("--log", text)?;
        let is_witness = |key: &VerifierKey| key.kind() == KeyType::Cosignature;
        if named.iter().any(is_witness) {
            let message = format!("--log {text} is a witness's key");
            return Err(Failure::new(Exit::Usage, message)
                .hint("`chancery key list --log` shows a ledger's"));
        }
        logs.extend(named);
    }
    if let Some(file) = &args.policy {
        let policy = trust::read(file)?;
        let known = policy.logs().iter().filter_map(|log| log.key.clone());
        logs.extend(known);
        if logs.is_empty() {
            let message = format!("{} names no log", file.display());
            return Err(Failure::new(Exit::Usage, message).hint("a line for each: log VKEY"));
        }
    }
    Ok(logs)
}

fn remembering(error: &MemoryError) -> Failure {
    match error {
        MemoryError::NotOne { .. } => Failure::of(Exit::Refused, error).hint(
            "`chancery witness init` makes one; if there was one, it has lost its memory, \
             and must not go on under its name",
        ),
        MemoryError::Damaged { .. } => Failure::of(Exit::No, error)
            .hint("put the file back from a copy, or begin anew under another name"),
        MemoryError::Exists { .. } => Failure::of(Exit::Refused, error),
        _ => Failure::of(Exit::System, error),
    }
}
