//! What is planned to be appended before the records that are being proposed.
//!
//! An export is proposed submission by submission before anything of it is
//! written. What its later submissions name in its earlier ones stands here, at
//! the positions that it will have.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use chancery_chain::{Digest, Seq};
use chancery_core::form::{FormValue, RecordForm};
use chancery_core::record::Record;

use super::Proposal;
use crate::index;

/// The records of the submissions that will have been appended.
#[derive(Default)]
pub(super) struct Planned {
    /// By position, each with the key that will sign it.
    records: BTreeMap<u64, (Seq, Rc<Record>)>,
    ids: HashMap<String, u64>,
    contents: HashMap<Vec<u8>, u64>,
    files: HashMap<Digest, PathBuf>,
    /// The positions here of the lines of an export, by the positions that they had there.
    exported: HashMap<u64, u64>,
    /// How the lines that were left out may be named.
    left_out: HashSet<String>,
}

impl Planned {
    pub(super) fn record(&self, seq: u64) -> Option<Rc<Record>> {
        self.records.get(&seq).map(|(_, record)| Rc::clone(record))
    }

    pub(super) fn signer(&self, seq: u64) -> Option<Seq> {
        self.records.get(&seq).map(|(signer, _)| *signer)
    }

    pub(super) fn id(&self, id: &str) -> Option<u64> {
        self.ids.get(id).copied()
    }

    pub(super) fn with_content(&self, content: &[u8]) -> Option<u64> {
        self.contents.get(content).copied()
    }

    pub(super) fn file(&self, digest: &Digest) -> Option<&Path> {
        self.files.get(digest).map(PathBuf::as_path)
    }

    /// Returns the position here of the line that had the position `seq` where it was exported.
    pub(super) fn exported(&self, seq: u64) -> Option<u64> {
        self.exported.get(&seq).copied()
    }

    /// Returns what readings are made of, in order of position.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u64, u64, Record)> {
        let rows = self.records.iter();
        rows.map(|(seq, (signer, record))| (*seq, signer.get(), Record::clone(record)))
    }

    /// Returns whether this only says something of a record that was left out.
    pub(super) fn is_of_left_out(&self, form: &RecordForm) -> bool {
        let key = match form.kind.as_str() {
            "correction" => "corrects",
            "supplement" => "supplements",
            "retraction" => "retracts",
            "attestation" => "attests",
            _ => return false,
        };
        let left_out = |name: Option<&str>| name.is_some_and(|name| self.left_out.contains(name));
        match form.member(key).map(|member| &member.value) {
            None => false,
            Some(value) => match &value.value {
                FormValue::List(items) => items.iter().any(|item| left_out(item.as_text())),
                _ => left_out(value.as_text()),
            },
        }
    }

    /// Notes that the record of this form, which had the position `seq`, is left out.
    pub(super) fn leave_out(&mut self, seq: u64, form: &RecordForm) {
        self.left_out.insert(format!("#{seq}"));
        let id = form.member("id").and_then(|member| member.value.as_text());
        self.left_out.extend(id.map(str::to_owned));
    }

    /// Notes what will have been appended, and where the lines of the export will be found.
    pub(super) fn add(&mut self, proposal: &Proposal, exported: Vec<(u64, u64)>) {
        for (seq, record) in (proposal.first.get()..).zip(&proposal.records) {
            match record.id() {
                Some(id) => self.ids.insert(id.as_str().to_owned(), seq),
                None => self.contents.insert(index::content(record), seq),
            };
            let record = Rc::new(record.clone());
            self.records.insert(seq, (proposal.signer, record));
        }
        self.files.extend(proposal.files.iter().cloned());
        self.exported.extend(exported);
    }
}
