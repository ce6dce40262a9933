//! A citation of one entry: who said or did what and when, where that stands, and
//! by which hashes a reader can tell, long from now, that it is the same entry.
//!
//! Here all that is cited is gathered; [`text`], [`bibtex`] and [`csl`] write it
//! down. What the record is about is put into words by `what`.

pub mod bibtex;
pub mod csl;
pub mod json;
pub mod text;
mod what;

use chancery_chain::Digest;
use chancery_core::date::Date;
use chancery_core::record::{Content as _, Evidence, Record, RecordKind, Source};
use chancery_core::replay::{Reading, Readings, RevisionKind};

use super::say;
use super::show::Entry;
use crate::clock;

/// What is cited of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    /// The record's id.
    pub id: String,
    /// What sort of record.
    pub kind: RecordKind,
    /// In words: "statement, paraphrased".
    pub described: String,
    /// Whether the record is of a treaty.
    pub treaty: bool,
    /// The names of those who said or did it.
    pub who: Vec<String>,
    /// What was said or done, or what it is called.
    pub title: String,
    /// When.
    pub date: Option<Date>,
    /// Where.
    pub place: Option<String>,
    /// What it rests on.
    pub sources: Vec<CitedSource>,
    /// What was said of the record by the cut: "corrected by correction-12 (#12)".
    pub changes: Vec<String>,
    /// The entry and the ledger that it is in.
    pub held: Held,
}

/// A source, and the place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitedSource {
    /// Title, creator, publisher, day, archive and reference, as far as known.
    pub words: Vec<String>,
    /// Where in it: the locator, and the characters of the held text.
    pub places: Vec<String>,
    /// Where it was to be had.
    pub url: Option<String>,
}

/// The entry and the ledger that it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The ledger's name.
    pub origin: String,
    /// The entry's position.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
    /// The number of its submission.
    pub submission: u64,
    /// When it was recorded.
    pub recorded_at: String,
    /// The size of the tree that it is under.
    pub size: u64,
    /// The root of that tree.
    pub root: String,
    /// Whether the log key signed that root.
    pub signed: bool,
}

/// The tree that an entry is cited under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// Its size.
    pub size: u64,
    /// Its root.
    pub root: String,
    /// Whether the log key signed it.
    pub signed: bool,
}

/// Returns what is to be cited of a record.
pub fn cited(
    readings: &Readings,
    reading: &Reading,
    entry: &Entry,
    (origin, tree): (&str, Tree),
) -> Cited {
    let what = what::of(readings, &reading.record);
    let envelope = &entry.envelope;
    Cited {
        id: readings.id_of(reading.seq),
        kind: reading.record.kind(),
        described: what.described,
        treaty: what.treaty,
        who: what.who,
        title: what.title,
        date: what.date.cloned(),
        place: what.place.cloned(),
        sources: own_copy(&reading.record)
            .into_iter()
            .chain(sources(readings, evidence(readings, &reading.record)))
            .collect(),
        changes: changes(readings, reading),
        held: Held {
            origin: origin.to_owned(),
            seq: reading.seq,
            hash: entry.hash.to_string(),
            submission: envelope.submission,
            recorded_at: clock::written(envelope.recorded_at),
            size: tree.size,
            root: tree.root,
            signed: tree.signed,
        },
    }
}

/// Returns what was said of a record, in words, in the order of the entries.
pub fn changes(readings: &Readings, reading: &Reading) -> Vec<String> {
    let standing = reading.revisions().iter().filter(|by| by.stands);
    let mut changes: Vec<String> = standing
        .map(|by| {
            let verb = match by.kind {
                RevisionKind::Correction => "corrected",
                RevisionKind::Supplement => "supplemented",
            };
            format!("{verb} by {} (#{})", readings.id_of(by.seq), by.seq)
        })
        .collect();
    if let Some(by) = reading.retracted_by() {
        changes.push(format!("retracted by {} (#{by})", readings.id_of(by)));
    }
    if let Some(why) = reading.unsupported() {
        let on = readings.id_of(why.on);
        changes.push(format!("unsupported since {on} (#{}) is gone", why.on));
    }
    changes
}

/// Returns what a record rests on: its own evidence, or else that of the statement
/// in which it was made.
fn evidence<'a>(readings: &'a Readings, record: &'a Record) -> &'a [Evidence] {
    let stated_in = match record {
        Record::Claim(claim) => claim.stated_in,
        Record::Commitment(commitment) => commitment.stated_in,
        _ => None,
    };
    let own = record.evidence();
    let statement = stated_in.filter(|_| own.is_empty());
    let statement = statement.and_then(|seq| readings.reading(seq.0));
    statement.map_or(own, |statement| statement.record.evidence())
}

/// Returns the sources of a record, each once, with all places in it.
fn sources(readings: &Readings, evidence: &[Evidence]) -> Vec<CitedSource> {
    let mut seqs: Vec<u64> = Vec::new();
    let mut sources: Vec<CitedSource> = Vec::new();
    for piece in evidence {
        let seq = piece.source.0;
        let at = seqs.iter().position(|known| *known == seq);
        let at = at.unwrap_or_else(|| {
            seqs.push(seq);
            sources.push(source(readings, seq));
            sources.len() - 1
        });
        if let Some(found) = sources.get_mut(at) {
            found.places.extend(place(piece));
        }
    }
    sources
}

/// Returns where a source that is itself cited is kept, if anything is said of it.
fn own_copy(record: &Record) -> Option<CitedSource> {
    let source = Source::of(record)?;
    let kept = [&source.publisher, &source.repository, &source.reference];
    let file = source.file.as_ref().map(|file| {
        let digest = Digest::from_bytes(file.digest);
        format!("file of {} bytes, BLAKE3 {digest}", file.length)
    });
    let copy = CitedSource {
        words: kept.into_iter().flatten().cloned().collect(),
        places: file.into_iter().collect(),
        url: source.url.clone(),
    };
    (!copy.line().is_empty()).then_some(copy)
}

fn source(readings: &Readings, seq: u64) -> CitedSource {
    let found = readings.reading(seq).map(|reading| &reading.record);
    let Some(source) = found.and_then(Source::of) else {
        let words = vec![readings.id_of(seq)];
        return CitedSource {
            words,
            places: Vec::new(),
            url: None,
        };
    };
    let title = format!("{} ({}, #{seq})", source.title, readings.id_of(seq));
    let mut words = vec![title];
    words.extend(
        [&source.creator, &source.publisher]
            .into_iter()
            .flatten()
            .cloned(),
    );
    words.extend(source.published.as_ref().map(dated));
    words.extend(
        [&source.repository, &source.reference]
            .into_iter()
            .flatten()
            .cloned(),
    );
    CitedSource {
        words,
        places: Vec::new(),
        url: source.url.clone(),
    }
}

fn place(piece: &Evidence) -> Vec<String> {
    let mut places: Vec<String> = piece.locator.iter().cloned().collect();
    if let Some((start, end)) = piece.start.zip(piece.end) {
        places.push(format!("characters {start} to {end}"));
    }
    places
}

/// Returns a date as it was written, with the words of the source for it.
fn dated(date: &Date) -> String {
    let told = match date.edtf.as_str() {
        "" => "undated".to_owned(),
        _ => date.told(),
    };
    match &date.phrase {
        Some(phrase) => format!("{told} (“{phrase}”)"),
        None => told,
    }
}

impl CitedSource {
    /// Returns the source with its places in one line.
    fn line(&self) -> String {
        let places = self.places.join("; ");
        let mut words = self.words.clone();
        words.extend((!places.is_empty()).then_some(places));
        words.extend(self.url.clone());
        words.join(", ")
    }
}

impl Held {
    /// Returns where the entry is: "archive.example/talks, entry 9, submission 1, …".
    fn place(&self) -> String {
        let (origin, seq, submission) = (&self.origin, self.seq, self.submission);
        let when = &self.recorded_at;
        format!("ledger {origin}, entry {seq}, submission {submission}, recorded {when}")
    }

    /// Returns what the tree is: "tree of 15 entries, signed as a checkpoint".
    fn tree(&self) -> String {
        let count = usize::try_from(self.size).unwrap_or(usize::MAX);
        let entries = say::number(count, "entry", "entries");
        let signed = if self.signed {
            ", signed as a checkpoint"
        } else {
            ", not under a checkpoint"
        };
        format!("tree of {entries}{signed}")
    }
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;

    /// Returns a citation of a statement whose words are as hostile as words can be.
    pub(crate) fn hostile() -> Cited {
        Cited {
            id: "offer.of-talks_1".to_owned(),
            kind: RecordKind::Statement,
            described: "statement, quoted".to_owned(),
            treaty: false,
            who: vec!["Küçük & Sons".to_owned(), "Norland".to_owned()],
            title: "50% of \\{it}, $5 ~ #1_a ^ \"so\"\u{1b}[31m\n@end }".to_owned(),
            date: Some(Date {
                phrase: Some("last month".to_owned()),
                ..Date::new("1921-03~")
            }),
            place: Some("Geneva".to_owned()),
            sources: vec![CitedSource {
                words: vec!["Minutes".to_owned(), "FO 12/7".to_owned()],
                places: vec!["characters 97 to 170".to_owned()],
                url: Some("https://archive.example/a_b".to_owned()),
            }],
            changes: vec!["corrected by correction-12 (#12)".to_owned()],
            held: Held {
                origin: "archive.example/talks".to_owned(),
                seq: 9,
                hash: "ab12".to_owned(),
                submission: 1,
                recorded_at: "2026-11-24T01:02:03Z".to_owned(),
                size: 15,
                root: "cm9v+/dA==".to_owned(),
                signed: true,
            },
        }
    }
}
