//! JSON Lines: every record as it was appended, one a line, in order.
//!
//! `append` makes the same register of it at every cut. Nothing is applied
//! here: corrections and retractions are lines like any other.

use std::collections::BTreeMap;
use std::path::Path;

use chancery_chain::payload::decode_message;
use chancery_chain::{Envelope, Kind, Seq, Slot};
use chancery_core::form::Form;
use chancery_core::record::{Custody, Names, RecordKind};
use chancery_core::replay::Readings;

use super::files;
use crate::context::{Context, Reading};
use crate::dossier::exported::{MESSAGE, SEQ, SUBMISSION};
use crate::explain;
use crate::failure::Failure;
use crate::forms;
use crate::view::say::number;

/// Writes the lines to standard output, and the files they name below `folder`.
///
/// # Errors
/// The ledger cannot be read, or a file cannot be copied.
pub(super) fn write(context: &mut Context, folder: Option<&Path>) -> Result<(), Failure> {
    let reading = context.read()?;
    let places = Places::of(&reading)?;
    let readings = reading.readings()?;
    let names = ExportNames(&readings);
    let mut last = None;
    for read in readings.all() {
        let record = read.original();
        let mut members = Vec::new();
        let submission = places.submissions.get(&read.seq).copied();
        members.push((SEQ, read.seq));
        members.extend(submission.map(|number| (SUBMISSION, number)));
        let mut members: Vec<(String, Form)> = members
            .into_iter()
            .map(|(key, number)| (key.to_owned(), whole(number)))
            .collect();
        // Once for each submission: on its first line.
        let message = submission.filter(|_| last != submission);
        if let Some(text) = message.and_then(|number| places.messages.get(&number)) {
            members.push((MESSAGE.to_owned(), Form::text(text)));
        }
        last = submission;
        members.extend(record.write(&names));
        let line = forms::record(record.kind().name(), &members);
        context.out.json(&line)?;
        for file in folder.map_or_else(Vec::new, |_| record.files(&names)) {
            let ledger = context.folder()?;
            folder.map_or(Ok(()), |folder| files::copy(&ledger, &file, folder))?;
        }
    }
    if places.opaque > 0 {
        let entries = number(places.opaque, "entry", "entries");
        context.notice(&format!(
            "{entries} not written: expunged, or of a kind or schema that a newer program knows"
        ));
    }
    Ok(())
}

fn whole(number: u64) -> Form {
    Form::whole(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Which submission each record is in, and what was said of each as a whole.
struct Places {
    submissions: BTreeMap<u64, u64>,
    messages: BTreeMap<u64, String>,
    /// How many records cannot be written.
    opaque: usize,
}

impl Places {
    fn of(reading: &Reading) -> Result<Self, Failure> {
        let mut places = Self {
            submissions: BTreeMap::new(),
            messages: BTreeMap::new(),
            opaque: 0,
        };
        for entry in reading.roll.entries(Seq::FIRST) {
            let (seq, entry) = entry.map_err(|error| explain::read(&error))?;
            if !reading.cut.size.holds(seq) {
                break;
            }
            let Ok(envelope) = Envelope::decode(&entry.envelope) else {
                continue;
            };
            let number = envelope.submission;
            if envelope.kind == Kind::MESSAGE {
                let message = decode_message(&envelope.payload).ok();
                places.messages.extend(message.map(|text| (number, text)));
            }
            let known = RecordKind::from_number(envelope.kind.get()).is_some()
                && envelope.schema == chancery_core::record::SCHEMA;
            match entry.slot {
                Slot::Body { .. } if known => {
                    places.submissions.insert(seq.get(), number);
                }
                Slot::None => {}
                _ => places.opaque += 1,
            }
        }
        Ok(places)
    }
}

/// The names that an export uses: `#n` for a record without an id of its own is
/// the line with that `@seq`.
pub(super) struct ExportNames<'a>(pub(super) &'a Readings);

impl Names for ExportNames<'_> {
    fn name(&self, seq: u64) -> String {
        let reading = self.0.reading(seq);
        let id = reading.and_then(|reading| reading.record.id());
        id.map_or_else(|| format!("#{seq}"), |id| id.as_str().to_owned())
    }

    fn kind(&self, seq: u64) -> Option<RecordKind> {
        self.0.kind(seq)
    }

    fn subject_kind(&self, seq: u64) -> Option<RecordKind> {
        self.0.subject_kind(seq)
    }

    fn file(&self, file: &Custody) -> String {
        file.named_path()
    }
}
