//! Sorting what was read into records that are new and records already held.

use std::collections::HashMap;

use chancery_chain::Seq;
use chancery_core::fault::Fault;
use chancery_core::form::{RecordForm, Span};
use chancery_core::record::{Id, Record};

use super::around::{Around, PROVISIONAL};
use crate::index;

/// Records sorted into new ones and ones already held.
pub(super) struct Sorting<'a> {
    around: &'a Around<'a>,
    pub(super) faults: Vec<Fault>,
    /// The new records, with their places among the forms.
    pub(super) new: Vec<(usize, Record)>,
    /// The provisional numbers of records that are held, each with the position of
    /// that record, or with the provisional number of the same one further up.
    pub(super) same: HashMap<u64, u64>,
    /// The content of the records seen so far that have no id, with their places.
    seen: HashMap<Vec<u8>, usize>,
    pub(super) held: usize,
}

impl<'a> Sorting<'a> {
    pub(super) fn new(around: &'a Around<'a>, faults: Vec<Fault>) -> Self {
        Self {
            around,
            faults,
            new: Vec::new(),
            same: HashMap::new(),
            seen: HashMap::new(),
            held: 0,
        }
    }

    pub(super) fn sort(&mut self, number: usize, form: &RecordForm, mut record: Record) {
        if !self.same.is_empty() {
            // By their numbers here, so that what names a held record compares equal.
            let same = &self.same;
            record.each_ref(self.around, &mut |seq| {
                *seq = same.get(seq).copied().unwrap_or(*seq);
            });
        }
        let Some(id) = record.id() else {
            return self.sort_nameless(number, record);
        };
        if let Some((seq, _)) = self.around.held_id(id.as_str()) {
            let same = self
                .around
                .held_record(seq.get())
                .is_some_and(|held| index::content(&held) == index::content(&record));
            if same {
                self.is_held(number, seq.get());
            } else {
                self.faults.push(taken(form, id, seq));
            }
            return;
        }
        if let Some((seq, by)) = self.around.expunged_id(id.as_str()) {
            self.faults.push(expunged(form, id, seq, by));
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
                    self.is_held(number, PROVISIONAL + first as u64);
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
        let held = self.around.with_content(&content).filter(|_| !provisional);
        if let Some(seq) = held {
            self.is_held(number, seq.get());
        } else if let Some(first) = self.seen.get(&content) {
            self.is_held(number, PROVISIONAL + *first as u64);
        } else {
            self.seen.insert(content, number);
            self.new.push((number, record));
        }
    }

    fn is_held(&mut self, number: usize, as_what: u64) {
        self.same.insert(PROVISIONAL + number as u64, as_what);
        self.held += 1;
    }

    /// Takes out the new records that are meant, and returns their places.
    pub(super) fn leave_out(&mut self, is_meant: impl Fn(&Record) -> bool) -> Vec<usize> {
        let mut places = Vec::new();
        self.new.retain(|(place, record)| {
            let meant = is_meant(record);
            places.extend(meant.then_some(*place));
            !meant
        });
        places
    }
}

fn taken(form: &RecordForm, id: &Id, seq: Seq) -> Fault {
    let id = id.as_str();
    let message = format!("`{id}` is already in the ledger, as entry {seq}, with other content");
    let help = "to change what is held, append a `correction` (the reading was wrong) or a \
                `supplement` (the world went on)";
    Fault::new(id_span(form), "id-taken", message).help(help)
}

fn expunged(form: &RecordForm, id: &Id, seq: Seq, by: Seq) -> Fault {
    let id = id.as_str();
    let message = format!("`{id}` was entry {seq}, which was expunged by entry {by}");
    let help = "what was expunged is not recorded again, and its id is not given out again";
    Fault::new(id_span(form), "expunged", message).help(help)
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
