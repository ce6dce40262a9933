//! `chancery verify-proof`: checks a proof, with no ledger at hand.

use chancery_chain::note::VerifierKey;
use chancery_chain::proof::{ProofFile, Proved};
use chancery_chain::{Hash, Hex};
use chancery_core::record::{Names, Record, RecordKind};
use serde_json::{Value, json};

use super::trust;
use crate::args::VerifyProofArgs;
use crate::bounded;
use crate::clock;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::forms;
use crate::view::page::Page;
use crate::view::show::{self, kind_word};
use crate::view::style::Style;

/// How wide the labels are.
const COLUMN: usize = 12;

/// What is that long is no proof file, and need not be read to its end to tell.
const MORE_THAN_A_PROOF: usize = 2_000_000;

/// Checks a proof and says what it proves.
///
/// # Errors
/// It is no proof, or it proves nothing under the key that is trusted.
pub fn run(context: &mut Context, args: &VerifyProofArgs) -> Result<(), Failure> {
    let policy = trust::policy(&args.key, args.policy.as_deref())?;
    let name = args.file.display();
    let bytes = bounded::start(&args.file, MORE_THAN_A_PROOF)
        .map_err(|error| Failure::new(Exit::Refused, format!("cannot read {name}")).cause(error))?;
    let proof = ProofFile::parse(&bytes).map_err(|error| {
        Failure::new(Exit::Refused, format!("{name} is no proof of an entry")).sources(Some(&error))
    })?;
    let proved = proof.check_under(&policy).map_err(|error| {
        Failure::new(Exit::No, format!("{name} proves nothing")).sources(Some(&error))
    })?;
    let hash = Hash::of_envelope(&proof.envelope);
    if context.global.json {
        return context.out.json(&as_json(&proved, hash));
    }
    let mut page = Page::new(Style::of(context.global.color));
    tell(&mut page, &proved, hash);
    page.write(&mut context.out)
}

fn tell(page: &mut Page, proved: &Proved, hash: Hash) {
    let (envelope, believed) = (&proved.envelope, &proved.believed);
    let (origin, size) = (believed.checkpoint.origin(), believed.checkpoint.size());
    page.text(0, &format!("proved: {origin} has this entry"));
    let when = clock::written_short(envelope.recorded_at);
    let entry = format!(
        "#{}, {}, recorded {when}",
        envelope.seq,
        kind_word(envelope.kind)
    );
    page.labelled(2, "entry", COLUMN, &entry);
    page.labelled(2, "hash", COLUMN, &hash.to_string());
    let logs: Vec<&str> = believed.logs.iter().map(VerifierKey::name).collect();
    let under = format!("{size} entries, signed by {}", logs.join(", "));
    page.labelled(2, "checkpoint", COLUMN, &under);
    for it in &believed.cosigned {
        page.labelled(2, "cosigned", COLUMN, &trust::told(it));
    }
    let body = match (&proved.body, record(proved)) {
        (_, Some(record)) => {
            page.heading(&format!(
                "It says, naming others by their positions ({})",
                id(&record)
            ));
            return show::text::fields(page, &record.write(&Positions));
        }
        (Some(body), None) => format!("{} bytes of a kind not known here", body.len()),
        (None, None) if envelope.kind.is_record() => "not shown; this is its hash:".to_owned(),
        (None, None) => return,
    };
    page.labelled(2, "body", COLUMN, &body);
    if proved.body.is_none() {
        page.labelled(2, "", COLUMN, &envelope.body_hash.to_string());
    }
}

fn as_json(proved: &Proved, hash: Hash) -> Value {
    let envelope = &proved.envelope;
    json!({
        "schema": "chancery.proof/1",
        "proved": true,
        "origin": proved.believed.checkpoint.origin(),
        "seq": envelope.seq.get(),
        "kind": kind_word(envelope.kind),
        "hash": hash.to_string(),
        "recorded_at": clock::written(envelope.recorded_at),
        "submission": envelope.submission,
        "body_hash": envelope.kind.is_record().then(|| envelope.body_hash.to_string()),
        "body": proved.body.as_ref().map(|body| Hex(body).to_string()),
        "record": said(proved),
        "checkpoint": {
            "size": proved.believed.checkpoint.size().get(),
            "root": proved.believed.checkpoint.root().to_string(),
        },
        "signers": proved.believed.signers(),
        "cosigned": trust::cosigned(&proved.believed),
    })
}

/// Returns the record that the body is, if it is shown and of a kind known here.
fn record(proved: &Proved) -> Option<Record> {
    let (kind, schema) = (proved.envelope.kind.get(), proved.envelope.schema);
    Record::decode(kind, schema, proved.body.as_ref()?).ok()
}

fn said(proved: &Proved) -> Option<Value> {
    let record = record(proved)?;
    let members = record.write(&Positions);
    Some(forms::record(record.kind().name(), &members))
}

fn id(record: &Record) -> &str {
    record.id().map_or("it has no id", |id| id.as_str())
}

/// Names for whoever has one entry and not the others.
struct Positions;

impl Names for Positions {
    fn name(&self, seq: u64) -> String {
        format!("#{seq}")
    }

    fn kind(&self, _seq: u64) -> Option<RecordKind> {
        None
    }

    fn subject_kind(&self, _seq: u64) -> Option<RecordKind> {
        None
    }
}
