//! Revisions: which supplements, corrections and retractions stand, and what
//! they make of the records that they name.
//!
//! What revises a record comes after it, so the latest is settled first: when a
//! record's turn comes, all that was said of it is known. A revision that is
//! itself unsupported moves nothing; since whether it is depends on what stands,
//! the whole is gone over until it no longer changes.

use std::collections::{BTreeSet, HashMap};

use crate::record::{Attestation, Changes, RecordKind};

use super::readings::Readings;
use super::support::{self, Unsupported};
use crate::record::{Content, Record};

/// How often the whole is gone over before the last result is taken. Sources
/// retracted on the word of sources retracted in turn, nested deeper, are no
/// history but a riddle.
const ROUNDS: usize = 16;
/// The field in which supplements and corrections name their subject, and the
/// last of the fields that can be changed in them.
const CHANGEABLE_IN_A_REVISION: [u16; 2] = [17, 18];
const ID_FIELD: u16 = 1;

/// A supplement or correction of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its position.
    pub seq: u64,
    /// Whether it is a supplement or a correction.
    pub kind: RevisionKind,
    /// Whether it has a part in the reading.
    pub stands: bool,
    /// Why it does not stand, if so.
    pub misfit: Option<Misfit>,
    /// The numbers of the fields that it changes, ascending.
    pub fields: Vec<u16>,
    /// The positions of what stands of the revisions of this one, and of theirs.
    pub revised_by: Vec<u64>,
}

/// What sort of revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevisionKind {
    /// Fields that were still absent.
    Supplement,
    /// The reading was wrong.
    Correction,
}

/// Why a revision does not stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// It was retracted, by the record at this position.
    Retracted(u64),
    /// What it rests on is gone.
    Unsupported,
    /// The record with these changes would be none of its kind.
    Unfit,
}

/// A standing attestation of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attested {
    /// The position of the attestation.
    pub seq: u64,
    /// The position of the key entry that signed its submission.
    pub signer: u64,
    /// The numbers of the fields that were changed since, for which it has lapsed.
    pub lapsed: Vec<u16>,
}

/// What was said of a record later.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    pub(super) original: Option<Record>,
    pub(super) revisions: Vec<Revision>,
    pub(super) retracted_by: Option<u64>,
    pub(super) unsupported: Option<Unsupported>,
    pub(super) attested_by: Vec<Attested>,
}

/// A record of which something was said later, and how it reads if it reads otherwise.
#[derive(Clone, Debug, Default)]
pub(super) struct Revised {
    pub(super) record: Option<Record>,
    pub(super) history: History,
}

/// The revised records, by their places.
pub(super) type Revisions = HashMap<u32, Revised>;

/// Returns what became of every record of which something was said later, or
/// which lost what it rested on.
pub(super) fn revise(readings: &Readings) -> Revisions {
    let revisers = revisers(readings);
    let mut ignored = BTreeSet::new();
    let mut rounds = ROUNDS;
    let (mut revised, unsupported) = loop {
        let revised = settle(readings, &revisers, &ignored);
        let unsupported = support::unsupported(readings, &revised);
        let moved_nothing: BTreeSet<u32> = revisers
            .iter()
            .copied()
            .filter(|place| unsupported.contains_key(place))
            .collect();
        rounds -= 1;
        if moved_nothing == ignored || rounds == 0 {
            break (revised, unsupported);
        }
        ignored = moved_nothing;
    };
    for (place, why) in unsupported {
        revised.entry(place).or_default().history.unsupported = Some(why);
    }
    attest(readings, &mut revised);
    revised
}

/// Returns the record at a place as it reads so far.
pub(super) fn current<'a>(
    readings: &'a Readings,
    revised: &'a Revisions,
    place: u32,
) -> &'a Record {
    revised
        .get(&place)
        .and_then(|revised| revised.record.as_ref())
        .unwrap_or(&readings.all()[place as usize].record)
}

/// Returns the places of all that revises something, the latest first.
fn revisers(readings: &Readings) -> Vec<u32> {
    let kinds = [
        RecordKind::Supplement,
        RecordKind::Correction,
        RecordKind::Retraction,
    ];
    let mut places: Vec<u32> = kinds
        .iter()
        .flat_map(|kind| readings.places_of(*kind))
        .copied()
        .collect();
    places.sort_unstable_by(|one, other| other.cmp(one));
    places
}

/// What revises one record, the latest first, each with why it does not stand.
type Pending = HashMap<u32, Vec<(u32, Option<Misfit>)>>;

fn settle(readings: &Readings, revisers: &[u32], ignored: &BTreeSet<u32>) -> Revisions {
    let mut revised = Revisions::new();
    let mut pending = Pending::new();
    for &place in revisers {
        if let Some(said) = pending.remove(&place) {
            let outcome = apply(readings, &revised, place, &said);
            revised.insert(place, outcome);
        }
        let retracted = revised
            .get(&place)
            .and_then(|revised| revised.history.retracted_by);
        let misfit = match retracted {
            Some(by) => Some(Misfit::Retracted(by)),
            None => ignored.contains(&place).then_some(Misfit::Unsupported),
        };
        let subject = current(readings, &revised, place).subject();
        let subject = subject.and_then(|seq| readings.place32(seq));
        // Nothing can revise what comes after it: such a reference says nothing.
        if let Some(subject) = subject.filter(|subject| *subject < place) {
            pending.entry(subject).or_default().push((place, misfit));
        }
    }
    for (place, said) in pending {
        let outcome = apply(readings, &revised, place, &said);
        revised.insert(place, outcome);
    }
    revised
}

/// Returns what `said`, the latest first, makes of the record at `place`.
fn apply(
    readings: &Readings,
    revised: &Revisions,
    place: u32,
    said: &[(u32, Option<Misfit>)],
) -> Revised {
    let original = &readings.all()[place as usize].record;
    let kind = original.kind();
    let mut history = History::default();
    let mut record = None;
    let mut fields = None;
    for &(reviser, mut misfit) in said.iter().rev() {
        let seq = readings.all()[reviser as usize].seq;
        let (revision, changes) = match current(readings, revised, reviser) {
            Record::Supplement(content) => (RevisionKind::Supplement, &content.set),
            Record::Correction(content) => (RevisionKind::Correction, &content.changes),
            _ => {
                if misfit.is_none() {
                    history.retracted_by.get_or_insert(seq);
                }
                continue;
            }
        };
        if misfit.is_none() {
            let before = fields.get_or_insert_with(|| original.to_fields());
            match changed(kind, before, changes) {
                Some((after, reads)) => (fields, record) = (Some(after), Some(reads)),
                None => misfit = Some(Misfit::Unfit),
            }
        }
        history.revisions.push(Revision {
            seq,
            kind: revision,
            stands: misfit.is_none(),
            misfit,
            fields: changes.0.iter().map(|change| change.field).collect(),
            revised_by: revised
                .get(&reviser)
                .map_or_else(Vec::new, |revised| standing(&revised.history.revisions)),
        });
    }
    Revised { record, history }
}

/// Returns the positions of the revisions that stand, and of what stands of theirs.
pub(super) fn standing(revisions: &[Revision]) -> Vec<u64> {
    let stand = revisions.iter().filter(|revision| revision.stands);
    let each = stand.flat_map(|revision| {
        std::iter::once(revision.seq).chain(revision.revised_by.iter().copied())
    });
    let mut seqs: Vec<u64> = each.collect();
    seqs.sort_unstable();
    seqs
}

type Fields = crate::record::Fields;

/// Returns the fields after the changes and the record that they make, if they make one.
fn changed(kind: RecordKind, fields: &Fields, changes: &Changes) -> Option<(Fields, Record)> {
    let revision = matches!(kind, RecordKind::Supplement | RecordKind::Correction);
    let allowed =
        |field: u16| field != ID_FIELD && (!revision || CHANGEABLE_IN_A_REVISION.contains(&field));
    if !changes.0.iter().all(|change| allowed(change.field)) {
        return None;
    }
    let mut after = fields.clone();
    changes.apply(&mut after);
    let record = crate::record::Record::from_fields(kind, &after)?;
    Some((after, record))
}

fn attest(readings: &Readings, revised: &mut Revisions) {
    let mut said: Vec<(u32, Attested)> = Vec::new();
    for &place in readings.places_of(RecordKind::Attestation) {
        let history = revised.get(&place).map(|revised| &revised.history);
        let gone =
            |history: &History| history.retracted_by.is_some() || history.unsupported.is_some();
        let Some(content) = Attestation::of(current(readings, revised, place)) else {
            continue;
        };
        if history.is_some_and(gone) {
            continue;
        }
        let row = &readings.all()[place as usize];
        let targets = content
            .attests
            .iter()
            .filter_map(|of| readings.place32(of.0));
        for target in targets.collect::<BTreeSet<_>>() {
            if target < place && readings.all()[target as usize].signer != row.signer {
                let (seq, signer) = (row.seq, row.signer);
                let lapsed = lapsed_since(revised.get(&target), seq);
                said.push((
                    target,
                    Attested {
                        seq,
                        signer,
                        lapsed,
                    },
                ));
            }
        }
    }
    for (target, attested) in said {
        let revised = revised.entry(target).or_default();
        revised.history.attested_by.push(attested);
    }
}

fn lapsed_since(revised: Option<&Revised>, seq: u64) -> Vec<u16> {
    let revisions = revised.map_or(&[][..], |revised| &revised.history.revisions);
    let since = revisions
        .iter()
        .filter(|revision| revision.stands && revision.seq > seq);
    let fields: BTreeSet<u16> = since.flat_map(|revision| revision.fields.clone()).collect();
    fields.into_iter().collect()
}
