//! Readings: what each record says, once all that was said of it later is counted.
//!
//! A reading is the original with the standing supplements and corrections in
//! the order of their positions, the later winning field by field. What is
//! retracted stays here and says so; what rests on it is unsupported. What all
//! readings together amount to on a day is for [`super::register`].

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::date::Credibility;
use crate::record::{Content, Names, Record, RecordKind, given};

use super::links::{Contradiction, Links};
use super::revisions::{History, Revised};

pub use super::revisions::{Attested, Misfit, Revision, RevisionKind};
pub use super::support::{Dependence, Unsupported};

/// A record as it now reads.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Its position.
    pub seq: u64,
    /// The position of the key entry that signed its submission.
    pub signer: u64,
    /// The record as it now reads.
    pub record: Record,
    history: Option<Box<History>>,
}

/// All records up to a cut, each as it reads there.
#[derive(Clone, Debug, Default)]
pub struct Readings {
    /// In ascending order of their positions.
    rows: Vec<Reading>,
    /// The places in `rows` of each kind, by the kind's place in [`RecordKind::ALL`].
    of_kind: Vec<Vec<u32>>,
    /// The places of records with a chosen id, by the hash of the id.
    ids: Vec<(u64, u32)>,
    /// The place of each position, or [`NOWHERE`]; empty where positions lie far apart.
    places: Vec<u32>,
    /// The ids of records that were left out, by their positions: what is left names them.
    left_out: BTreeMap<u64, String>,
    /// What was expunged, by position: what is left names it still.
    expunged: BTreeMap<u64, Expunged>,
}

/// A record whose content was destroyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expunged {
    /// Its id: the one chosen, or the one that the ledger gives.
    pub id: String,
    /// The position of the entry by which it was destroyed.
    pub by: u64,
}

const NOWHERE: u32 = u32::MAX;

impl Reading {
    pub(super) const fn new(seq: u64, signer: u64, record: Record) -> Self {
        Self {
            seq,
            signer,
            record,
            history: None,
        }
    }

    /// Returns the record as it was first written, whatever was said of it later.
    pub fn original(&self) -> &Record {
        self.history
            .as_ref()
            .and_then(|history| history.original.as_ref())
            .unwrap_or(&self.record)
    }

    /// Returns the supplements and corrections of this record, in order of their
    /// positions, those that do not stand among them.
    pub fn revisions(&self) -> &[Revision] {
        self.history
            .as_ref()
            .map_or(&[], |history| &history.revisions)
    }

    /// Returns the position of the standing retraction of this record, if there is one.
    pub fn retracted_by(&self) -> Option<u64> {
        self.history.as_ref()?.retracted_by
    }

    /// Returns why this record is shown but moves nothing, if so.
    pub fn unsupported(&self) -> Option<Unsupported> {
        self.history.as_ref()?.unsupported
    }

    /// Returns the standing attestations of this record by other keys than the one that signed it.
    pub fn attested_by(&self) -> &[Attested] {
        self.history
            .as_ref()
            .map_or(&[], |history| &history.attested_by)
    }

    /// Returns whether the record counts: neither retracted nor unsupported.
    pub fn counts(&self) -> bool {
        self.history
            .as_ref()
            .is_none_or(|history| history.retracted_by.is_none() && history.unsupported.is_none())
    }

    /// Returns the positions of the record and of all that stands of its
    /// revisions, those of the revisions themselves among them.
    pub fn rests_on(&self) -> Vec<u64> {
        let mut seqs = vec![self.seq];
        seqs.extend(super::revisions::standing(self.revisions()));
        seqs
    }
}

impl Readings {
    /// Folds records, each with its position and the position of the key entry
    /// that signed its submission, into readings.
    ///
    /// They are expected in ascending order of position; of several at one
    /// position the first is taken.
    pub fn of(records: impl IntoIterator<Item = (u64, u64, Record)>) -> Self {
        let mut rows: Vec<Reading> = records
            .into_iter()
            .map(|(seq, signer, record)| Reading::new(seq, signer, record))
            .collect();
        if !rows.is_sorted_by_key(|row| row.seq) {
            rows.sort_by_key(|row| row.seq);
        }
        rows.dedup_by_key(|row| row.seq);
        // Places are counted in 32 bits; no machine holds more records.
        rows.truncate(NOWHERE as usize);
        let mut readings = Self::placed(rows);
        let revised = super::revisions::revise(&readings);
        readings.adopt(revised);
        readings
    }

    /// Goes on from these readings with the records that came after them: the
    /// readings of all, whatever was read before.
    ///
    /// What comes later may change what was read, so that all is read anew from
    /// the records as they were first written.
    #[must_use]
    pub fn extended(self, later: impl IntoIterator<Item = (u64, u64, Record)>) -> Self {
        let expunged = self.expunged;
        let before = self.rows.into_iter().map(|row| {
            let original = row.history.and_then(|history| history.original);
            (row.seq, row.signer, original.unwrap_or(row.record))
        });
        Self::of(before.chain(later)).without(expunged)
    }

    /// Takes note of what these readings lack, since it was expunged.
    #[must_use]
    pub fn without(mut self, expunged: BTreeMap<u64, Expunged>) -> Self {
        self.expunged.extend(expunged);
        self
    }

    /// Returns what these readings lack, since it was expunged, by position.
    pub fn expunged(&self) -> &BTreeMap<u64, Expunged> {
        &self.expunged
    }

    /// Returns which records cannot all be right, by their dates and by what
    /// they say of sequence.
    pub fn contradictions(&self, credibility: Credibility) -> Vec<Contradiction> {
        Links::of(self, credibility).contradictions()
    }

    /// Returns the reading of the record at this position, if there is one.
    pub fn reading(&self, seq: u64) -> Option<&Reading> {
        self.place(seq).map(|place| &self.rows[place])
    }

    /// Returns the reading and content of the record at this position, if it is
    /// of the kind and not retracted.
    pub fn get<T: Content>(&self, seq: u64) -> Option<(&Reading, &T)> {
        let reading = self.reading(seq)?;
        if reading.retracted_by().is_some() {
            return None;
        }
        Some((reading, T::of(&reading.record)?))
    }

    /// Returns all readings in order of position, retracted ones among them.
    pub fn all(&self) -> &[Reading] {
        &self.rows
    }

    /// Returns the readings of one kind in order of position, retracted ones among them.
    pub fn of_kind(&self, kind: RecordKind) -> impl ExactSizeIterator<Item = &Reading> {
        self.places_of(kind)
            .iter()
            .map(|place| &self.rows[*place as usize])
    }

    /// Returns the readings of one kind with their content, without those retracted.
    pub fn each<T: Content>(&self) -> impl Iterator<Item = (&Reading, &T)> {
        self.of_kind(T::KIND)
            .filter(|reading| reading.retracted_by().is_none())
            .filter_map(|reading| Some((reading, T::of(&reading.record)?)))
    }

    /// Returns the position of the record with this id, chosen or given by the ledger.
    pub fn seq_of(&self, id: &str) -> Option<u64> {
        if let Some((kind, seq)) = given(id) {
            let reading = self.reading(seq)?;
            let known_by_it = reading.record.kind() == kind && reading.record.id().is_none();
            return known_by_it.then_some(seq);
        }
        let hash = hash_of(id);
        let first = self.ids.partition_point(|(other, _)| *other < hash);
        self.ids[first..]
            .iter()
            .take_while(|(other, _)| *other == hash)
            .map(|(_, place)| &self.rows[*place as usize])
            .find(|row| row.record.id().is_some_and(|known| known.as_str() == id))
            .map(|row| row.seq)
    }

    /// Returns the id of the record at this position: the one chosen, or the one
    /// that the ledger gives; `#seq` where no record is held.
    pub fn id_of(&self, seq: u64) -> String {
        if let Some(reading) = self.reading(seq) {
            return id_of(reading);
        }
        let expunged = self.expunged.get(&seq).map(|expunged| &expunged.id);
        let known = self.left_out.get(&seq).or(expunged);
        known.cloned().unwrap_or_else(|| format!("#{seq}"))
    }

    /// Returns whether a record of this id is held but was left out of these readings.
    pub fn left_out(&self, id: &str) -> bool {
        let position = id.strip_prefix('#').and_then(|digits| digits.parse().ok());
        let by_position = position.is_some_and(|seq: u64| self.left_out.contains_key(&seq));
        by_position || self.left_out.values().any(|known| known == id)
    }

    /// Returns how many records there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the place of a position among the readings.
    pub(super) fn place(&self, seq: u64) -> Option<usize> {
        if self.places.is_empty() {
            return self.rows.binary_search_by_key(&seq, |row| row.seq).ok();
        }
        let place = *self.places.get(usize::try_from(seq).ok()?)?;
        (place != NOWHERE).then_some(place as usize)
    }

    /// Returns the place of a position among the readings, in 32 bits.
    pub(super) fn place32(&self, seq: u64) -> Option<u32> {
        self.place(seq).and_then(|place| u32::try_from(place).ok())
    }

    /// Returns the places of the records of one kind, ascending.
    pub(super) fn places_of(&self, kind: RecordKind) -> &[u32] {
        self.of_kind
            .get(kind_index(kind))
            .map_or(&[], Vec::as_slice)
    }

    /// Returns the readings at these positions, each as it reads among all.
    pub(super) fn only(mut self, kept: &BTreeSet<u64>) -> Self {
        let rows = std::mem::take(&mut self.rows);
        let (rows, gone): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| kept.contains(&row.seq));
        let mut left_out = self.left_out;
        left_out.extend(gone.iter().map(|row| (row.seq, id_of(row))));
        Self {
            left_out,
            expunged: self.expunged,
            ..Self::placed(rows)
        }
    }

    /// Returns rows in ascending order of position with all that finds them.
    fn placed(rows: Vec<Reading>) -> Self {
        Self {
            of_kind: places_by_kind(&rows),
            ids: places_by_id(&rows),
            places: places_by_seq(&rows),
            left_out: BTreeMap::new(),
            expunged: BTreeMap::new(),
            rows,
        }
    }

    fn adopt(&mut self, revised: HashMap<u32, Revised>) {
        for (place, revised) in revised {
            let Some(row) = self.rows.get_mut(place as usize) else {
                continue;
            };
            let mut history = revised.history;
            if let Some(record) = revised.record {
                history.original = Some(std::mem::replace(&mut row.record, record));
            }
            row.history = Some(Box::new(history));
        }
    }
}

impl Names for Readings {
    fn name(&self, seq: u64) -> String {
        self.id_of(seq)
    }

    fn kind(&self, seq: u64) -> Option<RecordKind> {
        self.reading(seq).map(|reading| reading.record.kind())
    }

    fn subject_kind(&self, seq: u64) -> Option<RecordKind> {
        let reading = self.reading(seq)?;
        match reading.record {
            Record::Correction(_) | Record::Supplement(_) => self.kind(reading.record.subject()?),
            _ => None,
        }
    }
}

fn id_of(row: &Reading) -> String {
    match row.record.id() {
        Some(id) => id.as_str().to_owned(),
        None => format!("{}-{}", row.record.kind().name(), row.seq),
    }
}

fn kind_index(kind: RecordKind) -> usize {
    RecordKind::ALL
        .iter()
        .position(|other| *other == kind)
        .unwrap_or(RecordKind::ALL.len())
}

fn places_by_kind(rows: &[Reading]) -> Vec<Vec<u32>> {
    let mut places = vec![Vec::new(); RecordKind::ALL.len()];
    for (place, row) in (0_u32..).zip(rows) {
        if let Some(places) = places.get_mut(kind_index(row.record.kind())) {
            places.push(place);
        }
    }
    places
}

/// Returns the place of each position, unless there are far more positions than records.
fn places_by_seq(rows: &[Reading]) -> Vec<u32> {
    let Some(last) = rows.last().and_then(|row| usize::try_from(row.seq).ok()) else {
        return Vec::new();
    };
    if last / 4 > rows.len() {
        return Vec::new();
    }
    let mut places = vec![NOWHERE; last + 1];
    for (place, row) in (0_u32..).zip(rows) {
        if let Some(slot) = usize::try_from(row.seq)
            .ok()
            .and_then(|seq| places.get_mut(seq))
        {
            *slot = place;
        }
    }
    places
}

fn places_by_id(rows: &[Reading]) -> Vec<(u64, u32)> {
    let chosen = |(place, row): (u32, &Reading)| Some((hash_of(row.record.id()?.as_str()), place));
    let mut ids: Vec<_> = (0..).zip(rows).filter_map(chosen).collect();
    ids.sort_unstable();
    ids
}

/// Returns a hash that is the same in every run of one program; it is never stored.
fn hash_of(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}
