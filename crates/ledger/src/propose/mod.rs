//! Proposing: from the forms of dossiers to records that may be appended.
//!
//! Everything that can be wrong is found before anything is written. A record
//! that the ledger already holds is dropped; what is left is numbered.

mod around;
mod held;
mod rules;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use chancery_chain::{Digest, Head, Seq};
use chancery_core::fault::Fault;
use chancery_core::form::{RecordForm, Span};
use chancery_core::record::{Id, MAX_RECORD, Reader, Record, too_long};
use chancery_store::Store;

use around::{Around, PROVISIONAL};
pub use held::HeldError;

use crate::index;

/// Dossiers as they were read: their records, and where their files are looked for.
pub struct Dossiers {
    /// The records, in order.
    pub forms: Vec<RecordForm>,
    /// For each dossier by its number, the folder that its paths start from.
    pub folders: Vec<PathBuf>,
}

/// What may be appended, right behind the head that it was made for.
pub struct Proposal {
    /// The head from which the new records are numbered.
    pub head: Head,
    /// The records that are new, with references to positions.
    pub records: Vec<Record>,
    /// The files that the records take into custody.
    pub files: Vec<(Digest, PathBuf)>,
    /// How many records the ledger held already.
    pub already_held: usize,
}

/// Why nothing may be appended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProposeError {
    /// The dossiers have these faults.
    #[error("the dossiers have {} faults", .0.len())]
    Refused(Vec<Fault>),
    /// What the ledger holds cannot be read.
    #[error(transparent)]
    Held(#[from] HeldError),
}

/// How many records are read between two words of progress.
const PROGRESS_EVERY: usize = 256;

/// Returns what of `dossiers` may be appended to `store`, signed by the key at `signer`;
/// `progress` is told how many records are read, of how many.
///
/// # Errors
/// There are faults, all of them told; or the ledger cannot be read.
pub fn propose(
    store: &Store,
    dossiers: &Dossiers,
    signer: Seq,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Proposal, ProposeError> {
    let around = Around::new(store, dossiers);
    let mut reader = Reader::new(&around);
    let mut read = Vec::with_capacity(dossiers.forms.len());
    for (done, form) in dossiers.forms.iter().enumerate() {
        if done % PROGRESS_EVERY == 0 {
            progress(done as u64, dossiers.forms.len() as u64);
        }
        let told = reader.faults.len();
        let record = Record::read(form, &mut reader);
        // A record is never dropped without a word.
        if record.is_none() && reader.faults.len() == told {
            reader.fault(Fault::new(
                form.kind_span,
                "unreadable",
                "this record cannot be read",
            ));
        }
        read.push(record);
    }
    let mut sorting = Sorting {
        around: &around,
        faults: std::mem::take(&mut reader.faults),
        new: Vec::new(),
        seen: HashSet::new(),
        held: 0,
    };
    for (number, record) in read.into_iter().enumerate() {
        if let Some(record) = record {
            sorting.sort(number, &dossiers.forms[number], record);
        }
    }
    // What is held already was judged when it was appended: only new records are judged now.
    for (place, record) in &sorting.new {
        rules::check(
            record,
            &dossiers.forms[*place],
            &around,
            signer,
            &mut reader,
        );
    }
    sorting.faults.append(&mut reader.faults);
    if let Some(error) = around.failure() {
        return Err(error.into());
    }
    if !sorting.faults.is_empty() {
        sorting.faults.sort_by_key(|fault| fault.span);
        return Err(ProposeError::Refused(sorting.faults));
    }
    let Sorting { new, held, .. } = sorting;
    number(new, held, &around, store).map_err(ProposeError::Refused)
}

/// Sorts records into new ones and ones already held.
struct Sorting<'a> {
    around: &'a Around<'a>,
    faults: Vec<Fault>,
    /// The new records, with their places among the forms.
    new: Vec<(usize, Record)>,
    /// The content of the records seen so far that have no id.
    seen: HashSet<Vec<u8>>,
    held: usize,
}

impl Sorting<'_> {
    fn sort(&mut self, number: usize, form: &RecordForm, record: Record) {
        let Some(id) = record.id() else {
            return self.sort_nameless(number, record);
        };
        if let Some((seq, _)) = self.around.held_id(id.as_str()) {
            let same = self
                .around
                .held_record(seq.get())
                .is_some_and(|held| index::content(&held) == index::content(&record));
            if same {
                self.held += 1;
            } else {
                self.faults.push(taken(form, id, seq));
            }
            return;
        }
        match self.around.first_with(id.as_str()) {
            Some(first) if first != number => {
                // The new records stand in the order of their places.
                let earlier = self.new.binary_search_by_key(&first, |(place, _)| *place);
                let earlier = earlier.ok().map(|at| &self.new[at]);
                let same = earlier
                    .is_some_and(|(_, earlier)| index::content(earlier) == index::content(&record));
                if same {
                    self.held += 1;
                } else if earlier.is_some() {
                    self.faults.push(doubled(form, id));
                }
            }
            _ => self.new.push((number, record)),
        }
    }

    fn sort_nameless(&mut self, number: usize, mut record: Record) {
        let mut provisional = false;
        record.each_ref(self.around, &mut |seq| provisional |= *seq >= PROVISIONAL);
        let content = index::content(&record);
        let held = !provisional && self.around.holds_content(&content);
        if held || !self.seen.insert(content) {
            self.held += 1;
        } else {
            self.new.push((number, record));
        }
    }
}

fn number(
    mut new: Vec<(usize, Record)>,
    already_held: usize,
    around: &Around<'_>,
    store: &Store,
) -> Result<Proposal, Vec<Fault>> {
    let first = store.head().size.get();
    let numbers: HashMap<u64, u64> = new
        .iter()
        .zip(first..)
        .map(|((place, _), seq)| (PROVISIONAL + *place as u64, seq))
        .collect();
    let mut faults = Vec::new();
    for (place, record) in &mut new {
        let mut lost = false;
        record.each_ref(around, &mut |seq| match numbers.get(seq) {
            Some(number) => *seq = *number,
            None => lost |= *seq >= PROVISIONAL,
        });
        if lost {
            // A provisional number would be in the ledger for ever.
            let message = "this names a record that is not among those to be appended";
            faults.push(Fault::new(
                around.span(*place),
                "unknown-reference",
                message,
            ));
        }
        let length = record.encode().len();
        if length > MAX_RECORD {
            faults.push(too_long(around.span(*place), length));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let records = new.into_iter().map(|(_, record)| record).collect();
    Ok(Proposal {
        head: store.head(),
        records,
        files: around.taken_files(),
        already_held,
    })
}

fn taken(form: &RecordForm, id: &Id, seq: Seq) -> Fault {
    let id = id.as_str();
    let message = format!("`{id}` is already in the ledger, as entry {seq}, with other content");
    let help = "to change what is held, append a `correction` (the reading was wrong) or a \
                `supplement` (the world went on)";
    Fault::new(id_span(form), "id-taken", message).help(help)
}

fn doubled(form: &RecordForm, id: &Id) -> Fault {
    let message = format!(
        "`{}` stands twice in these dossiers, with different content",
        id.as_str()
    );
    Fault::new(id_span(form), "doubled-id", message).help("give one of them another id")
}

fn id_span(form: &RecordForm) -> Span {
    form.member("id")
        .map_or(form.kind_span, |member| member.value.span)
}
