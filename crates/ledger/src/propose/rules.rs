//! What is refused at the door, beyond what each field's own reading refuses.
//!
//! Rules refuse a new record; replay never refuses an old one.

use chancery_chain::Seq;
use chancery_core::fault::Fault;
use chancery_core::form::{Form, FormValue, RecordForm, Span, member};
use chancery_core::record::{
    Commitment, ConditionState, Names as _, Parties, Reader, Record, RecordKind, Supplement,
    WrittenCondition,
};

use super::around::{Around, PROVISIONAL};

/// Tells what is wrong with a record that reads well by itself.
pub(super) fn check(
    record: &Record,
    form: &RecordForm,
    around: &Around<'_>,
    signer: Seq,
    reader: &mut Reader<'_>,
) {
    match record {
        Record::Correction(correction) => {
            earlier(form, "corrects", &[correction.corrects.0], reader);
        }
        Record::Retraction(retraction) => {
            earlier(form, "retracts", &[retraction.retracts.0], reader);
        }
        Record::Supplement(supplement) => {
            earlier(form, "supplements", &[supplement.supplements.0], reader);
            still_absent(supplement, form, around, reader);
        }
        Record::Attestation(attestation) => {
            let seqs: Vec<u64> = attestation
                .attests
                .iter()
                .map(|attested| attested.0)
                .collect();
            earlier(form, "attests", &seqs, reader);
            another_person(&seqs, form, around, signer, reader);
        }
        Record::Commitment(commitment) => {
            of_an_instrument(commitment, form, reader);
            condition_fits(commitment, form, around, reader);
        }
        Record::Actor(actor) => {
            let named = actor
                .same_as
                .is_some_and(|same| around.is_form(same.0, form));
            if named {
                let message = "an actor is the same as itself already";
                reader.fault(Fault::new(
                    item_span(form, "same_as", 0),
                    "self-reference",
                    message,
                ));
            }
        }
        _ => {}
    }
}

/// What changes, attests or retracts names only what the ledger holds already.
fn earlier(form: &RecordForm, key: &str, seqs: &[u64], reader: &mut Reader<'_>) {
    for (place, _) in seqs
        .iter()
        .enumerate()
        .filter(|(_, seq)| **seq >= PROVISIONAL)
    {
        let message = format!("`{key}` names a record of this same submission");
        let help = "it names earlier entries only: put the fields right in the record itself, or \
                    append that record first";
        reader.fault(Fault::new(item_span(form, key, place), "not-earlier", message).help(help));
    }
}

/// Returns whether this attests a record that the key at `signer` vouched for itself.
pub(super) fn is_of_own(record: &Record, around: &Around<'_>, signer: Seq) -> bool {
    let Record::Attestation(attestation) = record else {
        return false;
    };
    let mut attests = attestation.attests.iter().map(|attested| attested.0);
    attests.any(|seq| seq < PROVISIONAL && around.held().vouched_by(seq, signer))
}

/// A record is attested by another key than the one that appended it.
fn another_person(
    seqs: &[u64],
    form: &RecordForm,
    around: &Around<'_>,
    signer: Seq,
    reader: &mut Reader<'_>,
) {
    for (place, seq) in seqs.iter().enumerate() {
        if *seq < PROVISIONAL && around.held().vouched_by(*seq, signer) {
            let message = "the key that appended or changed a record cannot attest it";
            let help = "a second archivist attests it, with `--key FILE`";
            let span = item_span(form, "attests", place);
            reader.fault(Fault::new(span, "same-person", message).help(help));
        }
    }
}

/// `@parties` are those of the instrument that the commitment is under.
fn of_an_instrument(commitment: &Commitment, form: &RecordForm, reader: &mut Reader<'_>) {
    if commitment.under.is_some() {
        return;
    }
    let sides = [
        ("debtors", Some(&commitment.debtors)),
        ("creditors", commitment.creditors.as_ref()),
    ];
    for (key, _) in sides
        .into_iter()
        .filter(|(_, side)| *side == Some(&Parties::OfInstrument))
    {
        let message = "`@parties` of which instrument?";
        let help = "name the instrument with `under`, or list the actors";
        reader.fault(Fault::new(item_span(form, key, 0), "no-instrument", message).help(help));
    }
}

/// What a condition depends on can come to be what the condition says.
fn condition_fits(
    commitment: &Commitment,
    form: &RecordForm,
    around: &Around<'_>,
    reader: &mut Reader<'_>,
) {
    let Some(WrittenCondition {
        on: Some(on),
        state: Some(state),
        ..
    }) = commitment.condition.as_ref().map(|condition| &condition.0)
    else {
        return;
    };
    let (right, what) = match around.kind(on.0) {
        Some(RecordKind::Issue) => (ConditionState::Closed, "an issue is `closed`"),
        Some(RecordKind::Instrument) => (ConditionState::InForce, "an instrument is `in-force`"),
        _ => (ConditionState::Fulfilled, "a commitment is `fulfilled`"),
    };
    if *state != right {
        let message = format!("this can never be `{}`", state.word());
        reader.fault(
            Fault::new(item_span(form, "condition", 0), "bad-condition", message).help(what),
        );
    }
}

/// A supplement sets only what is absent as the record now reads.
fn still_absent(
    supplement: &Supplement,
    form: &RecordForm,
    around: &Around<'_>,
    reader: &mut Reader<'_>,
) {
    let Some(reads) = around.held().reading(supplement.supplements.0) else {
        return;
    };
    let present = reads.to_fields();
    for change in &supplement.set.0 {
        let first = around.supplemented(supplement.supplements.0, change.field);
        if first && !present.contains_key(&change.field) {
            continue;
        }
        let name = reads
            .kind()
            .field(change.field)
            .map_or("", |spec| spec.name);
        let message = format!("`{name}` is not absent: the record has it already");
        let help = "if it was read wrongly, append a `correction`";
        reader.fault(Fault::new(set_span(form, name), "not-absent", message).help(help));
    }
}

fn set_span(form: &RecordForm, name: &str) -> Span {
    let set = form.member("set").map(|member| &member.value.value);
    let Some(FormValue::Table(members)) = set else {
        return form.kind_span;
    };
    member(members, name).map_or(form.kind_span, |member| member.key_span)
}

fn item_span(form: &RecordForm, key: &str, place: usize) -> Span {
    match form.member(key).map(|member| &member.value) {
        Some(Form {
            value: FormValue::List(items),
            span,
        }) => items.get(place).map_or(*span, |item| item.span),
        Some(other) => other.span,
        None => form.kind_span,
    }
}
