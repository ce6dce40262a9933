//! Claims as JSON: who says what of something, judged by nobody.

use chancery_core::replay::{ClaimItem, Claimed, Readings};
use serde_json::{Value, json};

use super::{dated, ids, maybe_dated, maybe_id, unsupported};
use crate::view::say;

/// Returns the latest claims of each claimant.
pub(super) fn claims(readings: &Readings, claimed: &Claimed) -> Value {
    claimed
        .claims
        .iter()
        .map(|claim| one(readings, claim))
        .collect()
}

fn one(readings: &Readings, claim: &ClaimItem) -> Value {
    json!({
        "id": readings.id_of(claim.seq),
        "seq": claim.seq,
        "by": readings.id_of(claim.by),
        "claims": claim.claims.word(),
        "said": dated(&claim.said),
        "certainty": say::certainty(claim.certainty),
        "against": ids(readings, &claim.against),
        "on": maybe_dated(claim.on.as_ref()),
        "stated_in": maybe_id(readings, claim.stated_in),
        "denied_by": ids(readings, &claim.denied_by),
        "rests_on": claim.rests_on,
        "unsupported": unsupported(readings, claim.unsupported),
    })
}
