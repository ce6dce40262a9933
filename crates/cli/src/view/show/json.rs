//! One entry as JSON: `chancery.show/1`.

use chancery_chain::payload::decode_message;
use chancery_chain::{Act, Approval, Closing, Hex, Kind, Origin};
use chancery_core::replay::{Misfit, Readings, RevisionKind};
use serde_json::{Map, Value, json};

use super::{Entry, Fields, Piece, Place, Revised, Shown, Signed, Vouched, kind_word};
use crate::clock;
use crate::forms;
use crate::view::json::unsupported;
use crate::view::request;

/// Returns the keys that say where an entry stands.
pub fn entry(entry: &Entry) -> Value {
    let envelope = &entry.envelope;
    json!({
        "seq": envelope.seq.get(),
        "kind": kind_word(envelope.kind),
        "hash": entry.hash.to_string(),
        "previous": envelope.previous.to_string(),
        "body_hash": envelope.kind.is_record().then(|| envelope.body_hash.to_string()),
        "expunged_by": entry.expunged.as_ref().map(|expunged| expunged.by.get()),
        "recorded_at": clock::written(envelope.recorded_at),
        "submission": envelope.submission,
        "archivist": signed(&entry.archivist),
        "message": entry.message,
    })
}

/// Returns what an entry of the chain's own says.
pub fn chain(entry: &Entry) -> Value {
    let payload = &entry.envelope.payload;
    let said = match entry.envelope.kind {
        Kind::FOUNDING => Origin::decode(payload)
            .ok()
            .map(|origin| json!({ "origin": origin.as_str() })),
        Kind::CLOSING => Closing::decode(payload).ok().map(|closing| {
            json!({
                "first": closing.first.get(),
                "count": closing.count,
                "signer": closing.signer.get(),
                "key_signature": Hex(&closing.signature.to_bytes()).to_string(),
            })
        }),
        Kind::MESSAGE => decode_message(payload)
            .ok()
            .map(|text| json!({ "text": text })),
        Kind::APPROVAL => Approval::decode(payload).ok().map(|approval| {
            json!({
                "keeper": approval.keeper.get(),
                "nonce": Hex(&approval.nonce).to_string(),
                "key_signature": Hex(&approval.signature.to_bytes()).to_string(),
            })
        }),
        act => Act::decode(act, payload)
            .ok()
            .map(|act| request::said(&act)),
    };
    said.unwrap_or_else(|| json!({ "payload": Hex(payload).to_string() }))
}

/// Returns the keys of a record with its history.
pub fn record(readings: &Readings, shown: &Shown) -> Map<String, Value> {
    let retracted = shown.retracted.as_ref();
    let named_by = shown
        .named_by
        .iter()
        .map(|seq| json!({ "seq": seq, "id": readings.id_of(*seq) }));
    let keys = [
        ("id", Value::from(shown.id.as_str())),
        ("fields", fields(&shown.fields)),
        (
            "original",
            shown.original.as_ref().map_or(Value::Null, fields),
        ),
        (
            "evidence",
            shown
                .evidence
                .iter()
                .map(|piece| one_piece(readings, piece))
                .collect(),
        ),
        (
            "revisions",
            shown
                .revisions
                .iter()
                .map(|by| revised(readings, by))
                .collect(),
        ),
        (
            "retracted",
            retracted.map_or(
                Value::Null,
                |(by, reason)| json!({ "seq": by, "reason": reason }),
            ),
        ),
        ("unsupported", unsupported(readings, shown.unsupported)),
        (
            "attested_by",
            shown
                .attested
                .iter()
                .map(|by| vouched(readings, by))
                .collect(),
        ),
        ("named_by", named_by.collect()),
    ];
    keys.into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

fn fields(fields: &Fields) -> Value {
    let pairs = fields
        .iter()
        .map(|(key, form)| (key.clone(), forms::value(form)));
    Value::Object(pairs.collect())
}

fn one_piece(readings: &Readings, piece: &Piece) -> Value {
    let evidence = &piece.evidence;
    let around = match &piece.place {
        Place::Held(around) => around.as_ref(),
        Place::NotHeld | Place::Missing | Place::Altered => None,
    };
    json!({
        "source": readings.id_of(evidence.source.0),
        "seq": evidence.source.0,
        "quote": evidence.quote,
        "prefix": evidence.prefix,
        "suffix": evidence.suffix,
        "locator": evidence.locator,
        "start": evidence.start,
        "end": evidence.end,
        "text": place(&piece.place),
        "before": around.map(|around| &around.before),
        "after": around.map(|around| &around.after),
    })
}

const fn place(place: &Place) -> &'static str {
    match place {
        Place::Held(_) => "held",
        Place::NotHeld => "not-held",
        Place::Missing => "missing",
        Place::Altered => "altered",
    }
}

fn revised(readings: &Readings, by: &Revised) -> Value {
    let change = |name: &str| {
        let found = by.changes.iter().find(|(key, _)| key == name);
        found.map(|(_, form)| forms::value(form))
    };
    json!({
        "seq": by.seq,
        "id": readings.id_of(by.seq),
        "kind": kind(by.kind),
        "stands": by.stands,
        "why_not": by.misfit.map(misfit),
        "reason": by.reason,
        "set": change("set").unwrap_or_else(|| json!({})),
        "clear": change("clear").unwrap_or_else(|| json!([])),
        "revised_by": by.revised_by.iter().map(|(seq, stands)| {
            json!({ "seq": seq, "id": readings.id_of(*seq), "stands": stands })
        }).collect::<Value>(),
        "archivist": signed(&by.archivist),
    })
}

/// Returns the word for a kind of revision.
pub const fn kind(kind: RevisionKind) -> &'static str {
    match kind {
        RevisionKind::Supplement => "supplement",
        RevisionKind::Correction => "correction",
    }
}

/// Returns the word for why a revision does not stand.
pub const fn misfit(misfit: Misfit) -> &'static str {
    match misfit {
        Misfit::Retracted(_) => "retracted",
        Misfit::Unsupported => "unsupported",
        Misfit::Unfit => "unfit",
    }
}

fn vouched(readings: &Readings, by: &Vouched) -> Value {
    json!({
        "seq": by.seq,
        "id": readings.id_of(by.seq),
        "archivist": signed(&by.archivist),
        "grounds": by.grounds,
        "lapsed": by.lapsed,
    })
}

fn signed(signed: &Signed) -> Value {
    let mut told = json!({ "seq": signed.seq, "name": signed.name });
    if signed.in_doubt {
        told["in_doubt"] = Value::Bool(true);
    }
    told
}
