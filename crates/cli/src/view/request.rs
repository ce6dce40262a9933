//! What keepers are asked to agree to: as people read it, and in JSON.
//!
//! A keeper signs what is shown here: the ledger's name and the acts, of which the hash
//! is shown too, so that two can tell whether they see the same. Who could agree and how
//! many had to is only what the request says, and no part of it.

use chancery_chain::payload::Revocation;
use chancery_chain::{Act, Expunging, Hex, KeyPayload, Request, Seq};
use serde_json::{Map, Value, json};

use super::page::Page;
use super::say;
use super::show::kind_word;

/// How wide the labels are.
const COLUMN: usize = 12;
/// What is said of a key that a request does not name.
const UNNAMED: &str = "a key that it does not name";

/// Adds what is asked for, by whom it is to be approved, and who has.
pub fn page(page: &mut Page, request: &Request) {
    let origin = request.origin().as_str();
    page.heading(&format!("To be decided for {origin}"));
    for act in request.acts() {
        self::act(page, act);
    }
    page.labelled(2, "their hash", COLUMN, &request.acts_hash().to_string());
    page.heading("Approved by, as the request names them");
    for key in request.approved() {
        let name = request.name_of(key).unwrap_or(UNNAMED);
        page.item(2, name, &Hex(key.as_bytes()).to_string());
    }
    if request.approved().next().is_none() {
        page.text(2, "nobody yet");
    }
    page.gap();
    page.text(0, &format!("As the request says, {}", agree(request)));
}

/// Says who has approved, as the request names them.
pub fn approvers(request: &Request) -> String {
    let names = request
        .approved()
        .map(|key| request.name_of(key).unwrap_or(UNNAMED));
    names.collect::<Vec<_>>().join(", ")
}

/// Says how many keepers had to agree when the request was written, and who could.
pub fn agree(request: &Request) -> String {
    let quorum = usize::from(request.quorum().get());
    let names: Vec<&str> = request
        .keepers()
        .iter()
        .map(|keeper| keeper.name.as_str())
        .collect();
    format!(
        "{} must agree, of: {}",
        say::number(quorum, "keeper", "keepers"),
        names.join(", ")
    )
}

/// Returns the request in JSON, as `chancery.request/1`.
pub fn json(request: &Request) -> Value {
    let named =
        |name: Option<&str>, key: &[u8]| json!({ "name": name, "key": Hex(key).to_string() });
    let approved = request.approved();
    let approved = approved.map(|key| named(request.name_of(key), key.as_bytes()));
    let keepers = request.keepers().iter();
    let keepers = keepers.map(|keeper| named(Some(&keeper.name), keeper.key.as_bytes()));
    json!({
        "schema": "chancery.request/1",
        "origin": request.origin().as_str(),
        "acts": request.acts().iter().map(act_json).collect::<Value>(),
        "acts_hash": request.acts_hash().to_string(),
        "quorum": request.quorum().get(),
        "keepers": keepers.collect::<Value>(),
        "approved": approved.collect::<Value>(),
    })
}

fn act(page: &mut Page, act: &Act) {
    match act {
        Act::Expunge(expunging) => {
            let Expunging { seq, id, .. } = expunging;
            let named = if id.is_empty() { "no id" } else { id };
            page.item(2, &format!("#{seq}"), &format!("is destroyed, {named}"));
            page.labelled(4, "authority", COLUMN, &expunging.authority);
            page.labelled(4, "reason", COLUMN, &expunging.reason);
        }
        Act::Enrol(KeyPayload { role, key, name }) => {
            page.text(2, &format!("a key is enrolled as {}: {name}", role.name()));
            page.text(4, &Hex(key.as_bytes()).to_string());
        }
        Act::Revoke(revocation) => revoked(page, revocation),
        Act::SetQuorum(quorum) => {
            let keepers = say::number(usize::from(quorum.get()), "keeper", "keepers");
            page.text(2, &format!("from now on {keepers} must agree"));
        }
        _ => page.text(2, &format!("an entry of kind {}", act.kind())),
    }
}

fn revoked(page: &mut Page, revocation: &Revocation) {
    let doubt = match revocation.since {
        Some(since) => format!(", and in doubt from entry {since} on"),
        None => String::new(),
    };
    page.text(
        2,
        &format!("the key of entry {} is revoked{doubt}", revocation.key),
    );
    if !revocation.reason.is_empty() {
        page.labelled(4, "reason", COLUMN, &revocation.reason);
    }
}

/// Returns what an act says, the same in a request and as an entry.
pub fn said(act: &Act) -> Value {
    match act {
        Act::Expunge(expunging) => json!({
            "expunged": expunging.seq.get(),
            "id": (!expunging.id.is_empty()).then_some(&expunging.id),
            "authority": expunging.authority,
            "reason": expunging.reason,
        }),
        Act::Enrol(key) => json!({
            "role": key.role.name(),
            "name": key.name,
            "key": Hex(key.key.as_bytes()).to_string(),
        }),
        Act::Revoke(revocation) => json!({
            "revoked": revocation.key.get(),
            "since": revocation.since.map(Seq::get),
            "reason": revocation.reason,
        }),
        Act::SetQuorum(quorum) => json!({ "keepers": quorum.get() }),
        other => json!({ "payload": Hex(&other.encode().unwrap_or_default()).to_string() }),
    }
}

fn act_json(act: &Act) -> Value {
    let mut told = Map::new();
    told.insert("kind".to_owned(), kind_word(act.kind()).into());
    if let Value::Object(members) = said(act) {
        told.extend(members);
    }
    Value::Object(told)
}
