//! What a search found: records and passages of held sources, the best first.
//!
//! Here all that is shown is gathered; [`json`] and [`text`] write it down.
//! How words are compared and documents ranked is `chancery_core::search`'s.

pub mod json;
pub mod snippet;
pub mod text;

use std::cmp::Reverse;

use chancery_core::coverage::{Rest, Resting};
use chancery_core::record::{Content as _, RecordKind, Source};
use chancery_core::replay::{Merged, Reading, Readings, Unsupported};
use chancery_core::search::{FieldText, Found, Query, Ranking, texts};
use chancery_ledger::custody::{Custody, HeldText};

use self::snippet::{Passage, Snippet, passages, snippet};

/// What is searched, and how much of it is answered.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// Only records of this kind; of sources their texts too.
    pub kind: Option<RecordKind>,
    /// Only records that name this actor.
    pub actor: Option<u64>,
    /// Whether retracted records are searched.
    pub retracted: bool,
    /// How many answers are shown.
    pub limit: usize,
}

/// What a search found.
#[derive(Clone, Debug)]
pub struct Answer {
    /// How many records and texts hold what was looked for.
    pub found: usize,
    /// How many retracted records hold it too, if those are not searched.
    pub retracted: usize,
    /// The best of them, in order.
    pub hits: Vec<Hit>,
    /// The sources whose texts should be there and could not be read, with why.
    pub unread: Vec<(u64, HeldText)>,
}

/// A record or a source's text that holds what was looked for.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The position of the record, or of the source.
    pub seq: u64,
    /// What sort of record.
    pub kind: RecordKind,
    /// The position of its retraction, if it is retracted.
    pub retracted: Option<u64>,
    /// Why it moves nothing, if so.
    pub unsupported: Option<Unsupported>,
    /// Where the words stand.
    pub place: Place,
}

/// Where the words stand.
#[derive(Clone, Debug)]
pub enum Place {
    /// In these fields of the record.
    Record(Vec<(&'static str, Snippet)>),
    /// In the source's text: the passages, each with the records that rest on it.
    Text(Vec<(Passage, Vec<u64>)>),
}

/// A record or text that holds what is looked for, before it is known what is shown.
struct Candidate<'a> {
    reading: &'a Reading,
    found: Found,
    /// The text, if it is the source's text and not the record.
    text: Option<String>,
}

/// A search under way.
struct Search<'a> {
    query: &'a Query,
    scope: Scope,
    readings: &'a Readings,
    merged: Merged,
    ranking: Ranking,
    candidates: Vec<Candidate<'a>>,
    retracted: usize,
    unread: Vec<(u64, HeldText)>,
}

/// Searches the records as they read, and the texts of their sources.
pub fn search(readings: &Readings, custody: &Custody, query: &Query, scope: Scope) -> Answer {
    let mut search = Search {
        query,
        scope,
        readings,
        merged: Merged::of(readings),
        ranking: Ranking::default(),
        candidates: Vec::new(),
        retracted: 0,
        unread: Vec::new(),
    };
    for reading in readings.all() {
        search.record(reading);
        search.source(reading, custody);
    }
    search.answer()
}

impl<'a> Search<'a> {
    fn record(&mut self, reading: &'a Reading) {
        let texts = self.texts(reading);
        let texts = texts.iter().map(|text| (text.text.as_str(), text.weight));
        let found = self.query.look(texts);
        let asked_for = self.scope.asks_for(self.readings, &self.merged, reading);
        if reading.retracted_by().is_some() && !self.scope.retracted {
            self.retracted += usize::from(found.holds && asked_for);
            return;
        }
        self.ranking.add(&found);
        if found.holds && asked_for {
            let text = None;
            self.candidates.push(Candidate {
                reading,
                found,
                text,
            });
        }
    }

    fn source(&mut self, reading: &'a Reading, custody: &Custody) {
        let Some(source) = Source::of(&reading.record) else {
            return;
        };
        if reading.retracted_by().is_some() && !self.scope.retracted {
            return;
        }
        let text = match custody.text(source) {
            HeldText::Text(text) => text,
            HeldText::NotHeld | HeldText::NotText => return,
            why => return self.unread.push((reading.seq, why)),
        };
        let found = self.query.look([(text.as_str(), 1)]);
        self.ranking.add(&found);
        let whose = self.scope.actor.is_none();
        if found.holds && whose && self.scope.asks_for(self.readings, &self.merged, reading) {
            let text = Some(text);
            self.candidates.push(Candidate {
                reading,
                found,
                text,
            });
        }
    }

    fn texts(&self, reading: &Reading) -> Vec<FieldText> {
        texts(&self.readings.id_of(reading.seq), &reading.record)
    }

    fn answer(mut self) -> Answer {
        let mut candidates = std::mem::take(&mut self.candidates);
        let found = candidates.len();
        // Sorting keeps the order of what is equally good: that of the entries.
        candidates.sort_by_cached_key(|candidate| Reverse(self.ranking.score(&candidate.found)));
        candidates.truncate(self.scope.limit);
        let resting = Resting::of(self.readings);
        let hits = candidates
            .into_iter()
            .map(|candidate| self.hit(candidate, &resting))
            .collect();
        Answer {
            found,
            retracted: self.retracted,
            hits,
            unread: self.unread,
        }
    }

    fn hit(&self, candidate: Candidate<'_>, resting: &Resting<'_>) -> Hit {
        let reading = candidate.reading;
        let place = match candidate.text {
            None => Place::Record(self.fields(reading)),
            Some(text) => {
                let places = resting.places(reading.seq, &text);
                let passages = passages(&text, &self.query.marks(&text)).into_iter();
                let with_rests = passages.map(|passage| {
                    let rests = resting_on(&passage, &places);
                    (passage, rests)
                });
                Place::Text(with_rests.collect())
            }
        };
        Hit {
            seq: reading.seq,
            kind: reading.record.kind(),
            retracted: reading.retracted_by(),
            unsupported: reading.unsupported(),
            place,
        }
    }

    /// Returns the fields in which the words stand; a text that stands twice, once.
    fn fields(&self, reading: &Reading) -> Vec<(&'static str, Snippet)> {
        let mut shown: Vec<FieldText> = Vec::new();
        let mut fields = Vec::new();
        for text in self.texts(reading) {
            let marks = self.query.marks(&text.text);
            if marks.is_empty() || shown.iter().any(|other| other.text == text.text) {
                continue;
            }
            fields.push((text.field, snippet(&text.text, &marks)));
            shown.push(text);
        }
        fields
    }
}

impl Scope {
    fn asks_for(&self, readings: &Readings, merged: &Merged, reading: &Reading) -> bool {
        let kind = self.kind.is_none_or(|kind| kind == reading.record.kind());
        kind && self
            .actor
            .is_none_or(|actor| names(readings, merged, reading, actor))
    }
}

/// Returns whether a record is an actor's own, or names it or what turned out to be it.
fn names(readings: &Readings, merged: &Merged, reading: &Reading, actor: u64) -> bool {
    let is = |seq: u64| merged.actor(seq) == actor;
    is(reading.seq) || reading.record.refs(readings).into_iter().any(is)
}

/// Returns the records that rest on words of a passage, once each.
fn resting_on(passage: &Passage, places: &[Rest]) -> Vec<u64> {
    let meets = |place: &&Rest| place.start < passage.end && passage.start < place.end;
    let mut seqs: Vec<u64> = places.iter().filter(meets).map(|place| place.seq).collect();
    seqs.sort_unstable();
    seqs.dedup();
    seqs
}
