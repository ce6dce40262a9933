//! Surroundings in which every reference names something: an importer sees no ledger.

use chancery_core::fault::Fault;
use chancery_core::form::RecordForm;
use chancery_core::quote::QuoteFault;
use chancery_core::record::{Custody, Reader, Record, RecordKind, Surroundings, Target};

/// Faults that only the ledger can find.
const OF_THE_LEDGER: [&str; 3] = ["wrong-kind", "unknown-reference", "unreadable-file"];

struct Anything;

impl Surroundings for Anything {
    fn resolve(&self, _reference: &str) -> Option<Target> {
        Some(Target {
            seq: 0,
            kind: RecordKind::Actor,
            held: false,
            subject: None,
        })
    }

    fn id_of(&self, _seq: u64) -> String {
        String::new()
    }

    fn similar(&self, _reference: &str) -> Option<String> {
        None
    }

    fn locate(
        &self,
        _source: u64,
        _quote: &str,
        _around: (&str, &str),
    ) -> Result<Option<(u64, u64)>, QuoteFault> {
        Ok(None)
    }

    fn custody(&self, _path: &str, _dossier: usize) -> Result<Custody, String> {
        Err(String::new())
    }
}

/// Returns what is wrong with a record, whatever the ledger holds.
pub(super) fn faults(record: &RecordForm) -> Vec<Fault> {
    let mut reader = Reader::new(&Anything);
    let _ = Record::read(record, &mut reader);
    let mut faults = reader.faults;
    faults.retain(|fault| !OF_THE_LEDGER.contains(&fault.code));
    for fault in &mut faults {
        // The remedy for a date is written in EDTF, and would stand in a cell of another form.
        if fault.code == "bad-date" {
            fault.help = Some("correct the table: nothing is swapped or guessed here".to_owned());
        }
    }
    faults
}
