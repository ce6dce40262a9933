//! Proposing: from the forms of dossiers to records that may be appended.
//!
//! Everything that can be wrong is found before anything is written. A record
//! that the ledger already holds is dropped; what is left is numbered.

mod around;
mod held;
mod planned;
mod rules;
mod sorting;

use std::collections::HashMap;
use std::path::PathBuf;

use chancery_chain::{Digest, Head, Seq};
use chancery_core::fault::Fault;
use chancery_core::form::RecordForm;
use chancery_core::record::{MAX_RECORD, Reader, Record, too_long};
use chancery_store::Store;

use around::{Around, PROVISIONAL};
pub use held::HeldError;
use planned::Planned;
use sorting::Sorting;

/// Dossiers as they were read: their records, and where their files are looked for.
pub struct Dossiers {
    /// The records, in order.
    pub forms: Vec<RecordForm>,
    /// For each dossier by its number, the folder that its paths start from.
    pub folders: Vec<PathBuf>,
}

/// What is to become one submission, out of several that follow one another.
pub struct Batch {
    /// The records.
    pub dossiers: Dossiers,
    /// For each record the position that it had in the ledger it was exported
    /// from, which `#n` then means; empty if it comes from no export.
    pub places: Vec<u64>,
    /// What is said of the submission as a whole.
    pub message: Option<String>,
}

/// What may be appended, right behind the head that it was made for.
pub struct Proposal {
    /// The head from which the new records are numbered.
    pub head: Head,
    /// The position of the first of them.
    pub first: Seq,
    /// The position of the key that may sign them.
    pub signer: Seq,
    /// The records that are new, with references to positions.
    pub records: Vec<Record>,
    /// The files that the records take into custody.
    pub files: Vec<(Digest, PathBuf)>,
    /// How many records the ledger held already.
    pub already_held: usize,
    /// The records of an export that were left out: attestations that the
    /// signer may not make, and what only speaks of those. By their positions there.
    pub left_out: Vec<u64>,
}

impl Proposal {
    /// Moves the proposal behind `head`, if that is where it was numbered from: the
    /// head that the submission proposed before it has made.
    pub fn follow(&mut self, head: Head) {
        if head.size.next_seq() == self.first {
            self.head = head;
        }
    }
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
    let signers = [signer];
    let plan = Plan::behind(store, &signers);
    let (proposal, _) = plan.propose(dossiers, &[], progress)?;
    Ok(proposal)
}

/// Returns what of each batch may be appended to `store`, one after the other, each
/// signed by the first of `signers` that may; nothing is written.
///
/// # Errors
/// A batch has faults: those of the first such are told. Or the ledger cannot be read.
pub fn propose_all(
    store: &Store,
    batches: &[Batch],
    signers: &[Seq],
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Vec<Proposal>, ProposeError> {
    let total: usize = batches.iter().map(|batch| batch.dossiers.forms.len()).sum();
    let mut before = 0;
    let mut plan = Plan::behind(store, signers);
    let mut proposals = Vec::with_capacity(batches.len());
    for batch in batches {
        let mut told = |done: u64, _: u64| progress(before + done, total as u64);
        let (proposal, exported) = plan.propose(&batch.dossiers, &batch.places, &mut told)?;
        before += batch.dossiers.forms.len() as u64;
        plan.go_on(batch, &proposal, exported);
        proposals.push(proposal);
    }
    Ok(proposals)
}

/// The submissions that are planned so far, and where the next one begins.
struct Plan<'a> {
    store: &'a Store,
    signers: &'a [Seq],
    planned: Planned,
    next: u64,
}

/// Where the lines of an export will be found: the position there, the position here.
type Exported = Vec<(u64, u64)>;

impl<'a> Plan<'a> {
    fn behind(store: &'a Store, signers: &'a [Seq]) -> Self {
        Self {
            store,
            signers,
            planned: Planned::default(),
            next: store.head().size.get(),
        }
    }

    /// Counts a submission among what is planned.
    fn go_on(&mut self, batch: &Batch, proposal: &Proposal, exported: Exported) {
        for (seq, form) in batch.places.iter().zip(&batch.dossiers.forms) {
            if proposal.left_out.contains(seq) {
                self.planned.leave_out(*seq, form);
            }
        }
        self.planned.add(proposal, exported);
        if !proposal.records.is_empty() {
            // The message stands behind the records, and the closing behind that.
            let chain = 1 + u64::from(batch.message.is_some());
            self.next += proposal.records.len() as u64 + chain;
        }
    }

    fn propose(
        &self,
        dossiers: &Dossiers,
        places: &[u64],
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(Proposal, Exported), ProposeError> {
        let around = Around::new(self.store, dossiers, places, &self.planned);
        let mut reader = Reader::new(&around);
        let read = self.read(dossiers, !places.is_empty(), &mut reader, progress);
        let mut sorting = Sorting::new(&around, std::mem::take(&mut reader.faults));
        for (number, record) in read.into_iter().enumerate() {
            if let Some(record) = record {
                sorting.sort(number, &dossiers.forms[number], record);
            }
        }
        let signer = self.signer(&sorting, &around);
        let mut left_out = if places.is_empty() {
            Vec::new()
        } else {
            sorting.leave_out(|record| rules::is_of_own(record, &around, signer))
        };
        let speaks_of_left_out = |form: &RecordForm| self.planned.is_of_left_out(form);
        left_out.extend((0..places.len()).filter(|at| speaks_of_left_out(&dossiers.forms[*at])));
        left_out.sort_unstable();
        // What is held already was judged when it was appended: only new records are judged now.
        for (place, record) in &sorting.new {
            let form = &dossiers.forms[*place];
            rules::check(record, form, &around, signer, &mut reader);
        }
        sorting.faults.append(&mut reader.faults);
        if let Some(error) = around.failure() {
            return Err(error.into());
        }
        if !sorting.faults.is_empty() {
            sorting.faults.sort_by_key(|fault| fault.span);
            return Err(ProposeError::Refused(sorting.faults));
        }
        let left_out = left_out.into_iter().map(|at| places[at]).collect();
        let (proposal, numbers) = self
            .number(sorting, &around, signer, left_out)
            .map_err(ProposeError::Refused)?;
        let exported = (PROVISIONAL..).zip(places);
        let exported = exported.filter_map(|(here, there)| Some((*there, *numbers.get(&here)?)));
        Ok((proposal, exported.collect()))
    }

    /// Reads all forms, but those that only speak of what was left out.
    fn read(
        &self,
        dossiers: &Dossiers,
        is_export: bool,
        reader: &mut Reader<'_>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Vec<Option<Record>> {
        let mut read = Vec::with_capacity(dossiers.forms.len());
        for (done, form) in dossiers.forms.iter().enumerate() {
            if done % PROGRESS_EVERY == 0 {
                progress(done as u64, dossiers.forms.len() as u64);
            }
            if is_export && self.planned.is_of_left_out(form) {
                read.push(None);
                continue;
            }
            let told = reader.faults.len();
            let record = Record::read(form, reader);
            // A record is never dropped without a word.
            if record.is_none() && reader.faults.len() == told {
                let message = "this record cannot be read";
                reader.fault(Fault::new(form.kind_span, "unreadable", message));
            }
            read.push(record);
        }
        read
    }

    /// Returns the first key that may sign all that is new, or else the first.
    fn signer(&self, sorting: &Sorting<'_>, around: &Around<'_>) -> Seq {
        let may_sign = |signer: &&Seq| {
            let mut new = sorting.new.iter();
            !new.any(|(_, record)| rules::is_of_own(record, around, **signer))
        };
        let first = self.signers.first().copied().unwrap_or(Seq::FIRST);
        self.signers.iter().find(may_sign).copied().unwrap_or(first)
    }

    /// Puts positions in the place of provisional numbers; returns them beside the proposal.
    fn number(
        &self,
        sorting: Sorting<'_>,
        around: &Around<'_>,
        signer: Seq,
        left_out: Vec<u64>,
    ) -> Result<(Proposal, HashMap<u64, u64>), Vec<Fault>> {
        let (mut new, already_held) = (sorting.new, sorting.held);
        let mut numbers: HashMap<u64, u64> = new
            .iter()
            .zip(self.next..)
            .map(|((place, _), seq)| (PROVISIONAL + *place as u64, seq))
            .collect();
        for (one, other) in sorting.same {
            let seq = numbers.get(&other).copied();
            numbers.extend(
                seq.or((other < PROVISIONAL).then_some(other))
                    .map(|seq| (one, seq)),
            );
        }
        let mut faults = Vec::new();
        for (place, record) in &mut new {
            faults.extend(renumber(*place, record, &numbers, around));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let proposal = Proposal {
            head: self.store.head(),
            first: Seq::new(self.next),
            signer,
            records: new.into_iter().map(|(_, record)| record).collect(),
            files: around.taken_files(),
            already_held,
            left_out,
        };
        Ok((proposal, numbers))
    }
}

fn renumber(
    place: usize,
    record: &mut Record,
    numbers: &HashMap<u64, u64>,
    around: &Around<'_>,
) -> Option<Fault> {
    let mut lost = false;
    record.each_ref(around, &mut |seq| match numbers.get(seq) {
        Some(number) => *seq = *number,
        None => lost |= *seq >= PROVISIONAL,
    });
    if lost {
        // A provisional number would be in the ledger for ever.
        let message = "this names a record that is not among those to be appended";
        return Some(Fault::new(around.span(place), "unknown-reference", message));
    }
    let length = record.encode().len();
    (length > MAX_RECORD).then(|| too_long(around.span(place), length))
}
