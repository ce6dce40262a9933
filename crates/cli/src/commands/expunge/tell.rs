//! What would be destroyed, and what was: as people read it, and in JSON.

use chancery_ledger::Receipt;
use chancery_ledger::expunge::{Concern, How, Plan, SourceFile};
use serde_json::{Value, json};

use crate::context::Context;
use crate::failure::Failure;
use crate::view::page::Page;
use crate::view::say;

/// Adds what would be destroyed, what stays, and what is to be decided before.
pub(super) fn plan(page: &mut Page, plan: &Plan, with_sources: bool) {
    page.heading("To be destroyed, in every file of this ledger and for ever");
    for target in &plan.targets {
        let what = format!("{} {}", target.kind.name(), target.id);
        page.item(2, &format!("#{}", target.seq), &what);
    }
    page.heading("What stays, and is public");
    page.text(
        2,
        "the kind, the id, when it was recorded, who signed it, and",
    );
    page.labelled(2, "authority", 12, &plan.authority);
    page.labelled(2, "reason", 12, &plan.reason);
    page.heading("To be decided first: this stays as it is");
    for concern in &plan.concerns {
        page.item(2, &format!("#{}", concern.seq), &concerned(concern));
    }
    if plan.concerns.is_empty() {
        page.text(2, "nothing was found that names it or holds its words");
    }
    if !plan.files.is_empty() {
        page.heading("Its files in custody");
        for file in &plan.files {
            page.item(2, &file.name, fate(file, with_sources));
        }
    }
    if !plan.kept_aside.is_empty() {
        page.heading("Kept aside in the ledger's folder, and destroyed too");
        plan.kept_aside.iter().for_each(|name| page.text(2, name));
    }
}

/// Says what was destroyed, and where the words may be still.
pub(super) fn done(context: &mut Context, plan: &Plan, receipt: &Receipt) -> Result<(), Failure> {
    let bodies = say::number(plan.targets.len(), "record", "records");
    let Receipt {
        submission,
        first,
        last,
        ..
    } = receipt;
    context.out.line(format!(
        "\nrecorded submission {submission}: entries {first} to {last}; {bodies} expunged"
    ))?;
    let (size, head) = (receipt.size, receipt.head);
    context.out.line(format!("size: {size}\nhead: {head}"))?;
    context.out.finish()?;
    context.notice("clones, exports, backups and what the disk keeps spare are not reached");
    Ok(())
}

/// Returns the plan in JSON, and the receipt if it was carried out.
pub(super) fn json(plan: &Plan, with_sources: bool, receipt: Option<&Receipt>) -> Value {
    let record = |target: &chancery_ledger::expunge::Target| json!({ "seq": target.seq, "id": target.id, "kind": target.kind.name() });
    let file = |file: &SourceFile| {
        json!({
            "digest": file.digest.to_string(),
            "name": file.name,
            "seq": file.of,
            "shared_with": file.shared_with,
            "goes": with_sources && file.shared_with.is_empty(),
        })
    };
    let receipt = receipt.map(|receipt| {
        json!({
            "submission": receipt.submission,
            "first": receipt.first.get(),
            "last": receipt.last.get(),
            "size": receipt.size.get(),
            "head": receipt.head.to_string(),
        })
    });
    json!({
        "schema": "chancery.expunge/1",
        "records": plan.targets.iter().map(record).collect::<Value>(),
        "authority": plan.authority,
        "reason": plan.reason,
        "quorum": plan.quorum.get(),
        "to_decide": plan.concerns.iter().map(concern_json).collect::<Value>(),
        "files": plan.files.iter().map(file).collect::<Value>(),
        "kept_aside": plan.kept_aside,
        "receipt": receipt,
    })
}

fn concern_json(concern: &Concern) -> Value {
    let (how, where_) = match &concern.how {
        How::About => ("about", None),
        How::Rests => ("rests", None),
        How::Reverts => ("reverts", None),
        How::Names => ("names", None),
        How::Field(field) => ("holds-words", Some((*field).to_owned())),
        How::File(name) => ("file-holds-words", Some(name.clone())),
        How::Message => ("message-holds-words", None),
    };
    json!({
        "seq": concern.seq,
        "id": (!concern.id.is_empty()).then_some(&concern.id),
        "kind": concern.kind.map_or("message", |kind| kind.name()),
        "how": how,
        "where": where_,
    })
}

fn concerned(concern: &Concern) -> String {
    let kind = concern.kind.map_or("message", |kind| kind.name());
    let name = if concern.id.starts_with(kind) {
        concern.id.clone()
    } else {
        format!("{kind} {}", concern.id)
    };
    match &concern.how {
        How::About => format!("{name} changes or attests it, and says so still"),
        How::Rests => format!("{name} rests on it, and moves nothing without it"),
        How::Reverts => format!("{name} is changed by it, and reads as before without it"),
        How::Names => format!("{name} names it"),
        How::Field(field) => format!("{name} holds words of it, in `{field}`"),
        How::File(file) => format!("{name} holds words of it, in its file {file}"),
        How::Message => {
            "the message of a submission holds words of it, and cannot be destroyed".to_owned()
        }
    }
}

const fn fate(file: &SourceFile, with_sources: bool) -> &'static str {
    match (file.shared_with.is_empty(), with_sources) {
        (false, _) => "stays: another record speaks of it",
        (true, true) => "is destroyed too",
        (true, false) => "stays, without a record that speaks of it: --with-sources destroys it",
    }
}
