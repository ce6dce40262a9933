//! What is not covered: records that no second person has attested, and passages
//! of held sources on which no record rests.
//!
//! Here all that is shown is gathered; [`json`] and [`text`] write it down.

pub mod json;
pub mod text;

use chancery_core::coverage::{Coverage, Resting};
use chancery_core::record::{Content as _, RecordKind, Source};
use chancery_core::replay::{Reading, Readings, Vouched};
use chancery_ledger::custody::{Custody, HeldText};

/// The records of one kind, by whether a second person vouches for them.
#[derive(Clone, Debug)]
pub struct OfKind {
    /// The kind.
    pub kind: RecordKind,
    /// How many are vouched for.
    pub attested: usize,
    /// The positions of those that were before they were changed, each with the
    /// names of the fields.
    pub lapsed: Vec<(u64, Vec<String>)>,
    /// The positions of those that nobody ever vouched for.
    pub unattested: Vec<u64>,
}

/// A source, and how much of its text records rest on.
#[derive(Clone, Debug)]
pub struct OfSource {
    /// Its position.
    pub seq: u64,
    /// Its title.
    pub title: String,
    /// How many records have evidence in it.
    pub records: usize,
    /// How much of its text they rest on, or why that cannot be told.
    pub held: Result<Coverage, HeldText>,
}

/// Returns the records by kind, those kinds left out of which there are none.
pub fn attestation(readings: &Readings) -> Vec<OfKind> {
    let of_kind = |kind: &RecordKind| of_kind(readings, *kind);
    RecordKind::ALL.iter().filter_map(of_kind).collect()
}

fn of_kind(readings: &Readings, kind: RecordKind) -> Option<OfKind> {
    let mut of_kind = OfKind {
        kind,
        attested: 0,
        lapsed: Vec::new(),
        unattested: Vec::new(),
    };
    let wanting = |reading: &&Reading| reading.wants_vouching();
    for reading in readings.of_kind(kind).filter(wanting) {
        match reading.vouched() {
            Vouched::Whole => of_kind.attested += 1,
            Vouched::Lapsed(fields) => {
                let name = |number: &u16| kind.field(*number).map(|spec| spec.name.to_owned());
                let names = fields.iter().filter_map(name).collect();
                of_kind.lapsed.push((reading.seq, names));
            }
            Vouched::Nobody => of_kind.unattested.push(reading.seq),
        }
    }
    let count = of_kind.attested + of_kind.lapsed.len() + of_kind.unattested.len();
    (count > 0).then_some(of_kind)
}

/// Returns the sources that are not retracted, or those of them that are asked for.
pub fn sources(readings: &Readings, custody: &Custody, asked: &[u64]) -> Vec<OfSource> {
    let resting = Resting::of(readings);
    let of_source = |(reading, source): (&Reading, &Source)| OfSource {
        seq: reading.seq,
        title: source.title.clone(),
        records: resting.records(reading.seq).len(),
        held: match custody.text(source) {
            HeldText::Text(text) => {
                let places = resting.places(reading.seq, &text);
                Ok(Coverage::of(&text, &places))
            }
            why => Err(why),
        },
    };
    let all = readings.of_kind(RecordKind::Source);
    let wanted = all.filter(|reading| {
        if asked.is_empty() {
            reading.retracted_by().is_none()
        } else {
            asked.contains(&reading.seq)
        }
    });
    wanted
        .filter_map(|reading| Some((reading, Source::of(&reading.record)?)))
        .map(of_source)
        .collect()
}
