//! What a line of an export says of its place: `@seq`, `@submission`, `@message`.
//!
//! Records that come from several submissions become several again, in the same
//! order. What the records say is not looked at here.

use chancery_core::fault::Fault;
use chancery_core::form::{FormValue, Member, RecordForm, Span};
use chancery_ledger::{Batch, Dossiers};

/// The position that the record had in its ledger.
pub const SEQ: &str = "@seq";
/// The number of the submission that it was in.
pub const SUBMISSION: &str = "@submission";
/// What was said of that submission as a whole.
pub const MESSAGE: &str = "@message";

/// Returns whether any of these records says where it stood in another ledger.
pub fn is_export(dossiers: &Dossiers) -> bool {
    let of_a_place = |member: &Member| [SEQ, SUBMISSION, MESSAGE].contains(&member.key.as_str());
    let mut forms = dossiers.forms.iter();
    forms.any(|form| form.members.iter().any(of_a_place))
}

/// Returns the submissions that the records were in, and what is wrong with
/// what they say of that.
pub fn batches(dossiers: Dossiers) -> (Vec<Batch>, Vec<Fault>) {
    let Dossiers { forms, folders } = dossiers;
    let mut batches: Vec<(u64, Batch)> = Vec::new();
    let mut faults = Vec::new();
    let mut last = None;
    for mut form in forms {
        let place = match place(&mut form) {
            Ok(place) => place,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        let submission = batches.last().map(|(number, _)| *number);
        if last.is_some_and(|last| last >= place.seq) || submission > Some(place.submission) {
            let message = "this line stands before one that it came after";
            let help = "the lines of an export are kept in their order: `@seq` ascends";
            faults.push(Fault::new(form.kind_span, "out-of-order", message).help(help));
        }
        last = Some(place.seq);
        if submission != Some(place.submission) {
            let dossiers = Dossiers {
                forms: Vec::new(),
                folders: folders.clone(),
            };
            let batch = Batch {
                dossiers,
                places: Vec::new(),
                message: None,
            };
            batches.push((place.submission, batch));
        }
        if let Some((_, batch)) = batches.last_mut() {
            match place.message {
                Some((_, span)) if !batch.places.is_empty() => {
                    let message = "a message stands in the first line of its submission";
                    faults.push(Fault::new(span, "out-of-order", message));
                }
                first => batch.message = first.map(|(text, _)| text).or(batch.message.take()),
            }
            batch.dossiers.forms.push(form);
            batch.places.push(place.seq);
        }
    }
    let batches = batches.into_iter().map(|(_, batch)| batch).collect();
    (batches, faults)
}

/// Where a line of an export stood.
struct Place {
    seq: u64,
    submission: u64,
    /// The message, and where it is given.
    message: Option<(String, Span)>,
}

/// Takes what is said of its place out of a form.
fn place(form: &mut RecordForm) -> Result<Place, Fault> {
    let (seq, submission) = (number(form, SEQ)?, number(form, SUBMISSION)?);
    let message = match take(form, MESSAGE)? {
        None => None,
        Some(member) => {
            let text = member.value.as_text().map(str::to_owned);
            let fits = |text: &String| chancery_chain::payload::encode_message(text).is_ok();
            let wrong = || {
                let message = "this is no message: 1 to 400 bytes of text on one line";
                Fault::new(member.value.span, "bad-message", message)
            };
            Some((text.filter(fits).ok_or_else(wrong)?, member.value.span))
        }
    };
    Ok(Place {
        seq,
        submission,
        message,
    })
}

fn number(form: &mut RecordForm, key: &str) -> Result<u64, Fault> {
    let Some(member) = take(form, key)? else {
        let message = format!("this record has no `{key}`, and others here do");
        let help = "the lines of an export are appended by themselves, each with `@seq` and \
                    `@submission`";
        return Err(Fault::new(form.kind_span, "mixed-export", message).help(help));
    };
    let whole = match member.value.value {
        FormValue::Whole(number) => u64::try_from(number).ok(),
        _ => None,
    };
    whole.ok_or_else(|| {
        let found = member.value.described();
        let message = format!("expected a whole number, zero or more, found {found}");
        Fault::new(member.value.span, "wrong-type", message)
    })
}

/// Takes the member with this key out of a form, if it has one.
fn take(form: &mut RecordForm, key: &str) -> Result<Option<Member>, Fault> {
    let at = form.members.iter().position(|member| member.key == key);
    let taken = at.map(|at| form.members.remove(at));
    match form.member(key) {
        Some(second) => {
            let message = format!("`{key}` is given twice");
            Err(Fault::new(second.key_span, "doubled-field", message))
        }
        None => Ok(taken),
    }
}
