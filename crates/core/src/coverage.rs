//! Coverage: on which passages of a source records rest, and on which none does.
//!
//! A record rests on the words that its evidence quotes. Only records that
//! count do: neither retracted nor unsupported. Whether a record is right about
//! the words, and whether what it leaves out matters, is for a person to say.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::quote::{SourceText, same_words};
use crate::record::Evidence;
use crate::replay::Readings;

/// The evidence of all records that count, source by source.
#[derive(Clone, Debug, Default)]
pub struct Resting<'a>(BTreeMap<u64, Vec<(u64, &'a Evidence)>>);

/// A passage of a source on which a record rests: its characters, from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rest {
    /// The first character.
    pub start: u64,
    /// The character behind the last.
    pub end: u64,
    /// The record.
    pub seq: u64,
}

/// A passage on which no record rests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Its first character, from zero.
    pub start: u64,
    /// The character behind its last.
    pub end: u64,
    /// The line that it begins in, from one.
    pub line: u64,
    /// Its words, as they stand.
    pub text: String,
}

/// How much of a text records rest on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// How many letters and digits the text has.
    pub characters: u64,
    /// On how many of them a record rests.
    pub covered: u64,
    /// The passages on which none rests, in order.
    pub left_out: Vec<Passage>,
}

impl<'a> Resting<'a> {
    /// Gathers the evidence of the records that count.
    pub fn of(readings: &'a Readings) -> Self {
        let mut by_source: BTreeMap<u64, Vec<(u64, &Evidence)>> = BTreeMap::new();
        for reading in readings.all().iter().filter(|reading| reading.counts()) {
            for piece in reading.record.evidence() {
                let of_source = by_source.entry(piece.source.0).or_default();
                of_source.push((reading.seq, piece));
            }
        }
        Self(by_source)
    }

    /// Returns the records with evidence in a source, once each, in order.
    pub fn records(&self, source: u64) -> Vec<u64> {
        let mut seqs: Vec<u64> = self.pieces(source).iter().map(|(seq, _)| *seq).collect();
        seqs.dedup();
        seqs
    }

    /// Returns the passages of a source's text on which records rest, in order.
    ///
    /// A quote counts where it was found; if its words do not stand there (the
    /// text came later, or another was put in its place), where they stand now.
    /// One that stands nowhere, or in several places, counts nowhere.
    pub fn places(&self, source: u64, text: &str) -> Vec<Rest> {
        let characters: Vec<char> = text.chars().collect();
        let ready = OnceCell::new();
        let mut places: Vec<Rest> = self
            .pieces(source)
            .iter()
            .filter_map(|(seq, piece)| {
                let found = kept(piece, &characters)
                    .or_else(|| found(piece, ready.get_or_init(|| SourceText::new(text))));
                let (start, end) = found?;
                let seq = *seq;
                Some(Rest { start, end, seq })
            })
            .collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    fn pieces(&self, source: u64) -> &[(u64, &'a Evidence)] {
        self.0.get(&source).map_or(&[], Vec::as_slice)
    }
}

/// Returns where a quote was found, if its words stand there.
fn kept(piece: &Evidence, characters: &[char]) -> Option<(u64, u64)> {
    let (start, end) = piece.start.zip(piece.end)?;
    let place = usize::try_from(start).ok()?..usize::try_from(end).ok()?;
    let there: String = characters.get(place)?.iter().collect();
    same_words(&there, piece.quote.as_deref()?).then_some((start, end))
}

fn found(piece: &Evidence, text: &SourceText) -> Option<(u64, u64)> {
    let beside = |words: &'_ Option<String>| words.clone().unwrap_or_default();
    let (prefix, suffix) = (beside(&piece.prefix), beside(&piece.suffix));
    text.locate(piece.quote.as_deref()?, (&prefix, &suffix))
        .ok()
}

impl Coverage {
    /// Weighs a text against the passages on which records rest.
    pub fn of(text: &str, places: &[Rest]) -> Self {
        let characters: Vec<char> = text.chars().collect();
        let rested = rested(characters.len(), places);
        let mut coverage = Self::default();
        let mut line = 1;
        let mut open: Option<(usize, u64)> = None;
        for (at, c) in characters.iter().enumerate() {
            if c.is_alphanumeric() {
                coverage.characters += 1;
                coverage.covered += u64::from(rested[at]);
            }
            let ends = rested[at] || (*c == '\n' && is_blank_line(&characters[at + 1..]));
            match open {
                Some((start, first_line)) if ends => {
                    coverage.leave_out(&characters, start, at, first_line);
                    open = None;
                }
                None if !ends && !c.is_whitespace() => open = Some((at, line)),
                _ => {}
            }
            line += u64::from(*c == '\n');
        }
        if let Some((start, first_line)) = open {
            coverage.leave_out(&characters, start, characters.len(), first_line);
        }
        coverage
    }

    /// Adds a passage, if it has a word.
    fn leave_out(&mut self, characters: &[char], start: usize, end: usize, line: u64) {
        let passage = &characters[start..end];
        if !passage.iter().any(|c| c.is_alphanumeric()) {
            return;
        }
        // What closes the sentence before is none of this passage.
        let closing = passage.iter().take_while(|c| closes(**c));
        let skipped = &passage[..closing.count()];
        let line = line + skipped.iter().filter(|c| **c == '\n').count() as u64;
        let start = start + skipped.len();
        let blank = passage.iter().rev().take_while(|c| c.is_whitespace());
        let end = end - blank.count();
        self.left_out.push(Passage {
            start: start as u64,
            end: end as u64,
            line,
            text: characters[start..end].iter().collect(),
        });
    }

    /// Returns of a hundred characters how many are covered, rounded down.
    pub const fn per_cent(&self) -> u64 {
        if self.characters == 0 {
            return 100;
        }
        self.covered.saturating_mul(100) / self.characters
    }
}

/// Returns whether a character ends what stands before it.
const fn closes(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '”' | '’' | '»'
        )
}

/// Returns for each character whether a record rests on it.
fn rested(length: usize, places: &[Rest]) -> Vec<bool> {
    let mut rested = vec![false; length];
    for place in places {
        let bound = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(length);
        let (start, end) = (bound(place.start), bound(place.end));
        if start < end {
            rested[start..end].fill(true);
        }
    }
    rested
}

/// Returns whether a line begins here that holds nothing but white space.
fn is_blank_line(rest: &[char]) -> bool {
    let mut line = rest.iter().take_while(|c| **c != '\n');
    line.all(|c| c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn rest(start: u64, end: u64) -> Rest {
        Rest { start, end, seq: 7 }
    }

    fn left_out(text: &str, places: &[Rest]) -> Vec<(u64, u64, u64, String)> {
        let passages = Coverage::of(text, places).left_out.into_iter();
        passages
            .map(|found| (found.start, found.end, found.line, found.text))
            .collect()
    }

    #[test]
    fn what_no_record_rests_on_is_left_out_paragraph_by_paragraph() {
        let text = "One “é” here.\n\nTwo words\nand more.\n";

        let expected = [
            (0, 5, 1, "One “".to_owned()),
            (8, 13, 1, "here.".to_owned()),
            (15, 34, 3, "Two words\nand more.".to_owned()),
        ];
        assert_eq!(left_out(text, &[rest(5, 6)]), expected);
    }

    #[test]
    fn signs_and_spaces_between_quotes_are_not_left_out() {
        let coverage = Coverage::of("one, two.", &[rest(0, 3), rest(5, 8)]);

        assert_eq!((coverage.characters, coverage.covered), (6, 6));
        assert_eq!(coverage.left_out, []);
        assert_eq!(coverage.per_cent(), 100);
    }

    #[test]
    fn a_hundred_per_cent_is_nothing_less() {
        let text = "a".repeat(1000);

        assert_eq!(Coverage::of(&text, &[rest(0, 999)]).per_cent(), 99);
        assert_eq!(Coverage::of("", &[]).per_cent(), 100);
    }

    #[test]
    fn places_beyond_the_text_cover_nothing_and_break_nothing() {
        let coverage = Coverage::of("word", &[rest(2, u64::MAX), rest(9, 3)]);

        assert_eq!(coverage.covered, 2);
    }

    proptest! {
        #[test]
        fn every_letter_is_covered_or_left_out_and_never_both(
            text in "[a-c .\\n“]{0,60}",
            places in prop::collection::vec((0_u64..60, 0_u64..20), 0..4),
        ) {
            let places: Vec<Rest> = places.iter().map(|(at, long)| rest(*at, at + long)).collect();
            let coverage = Coverage::of(&text, &places);
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count() as u64;

            let left: u64 = coverage.left_out.iter().map(|found| letters(&found.text)).sum();

            prop_assert_eq!(coverage.characters, letters(&text));
            prop_assert_eq!(coverage.covered + left, coverage.characters);
            for (at, c) in (0_u64..).zip(text.chars()).filter(|(_, c)| c.is_alphanumeric()) {
                let rests = places.iter().any(|place| place.start <= at && at < place.end);
                let out = coverage.left_out.iter().any(|found| found.start <= at && at < found.end);
                prop_assert_ne!(rests, out, "{} at {}", c, at);
            }
            for found in &coverage.left_out {
                let line = text.chars().take(usize::try_from(found.start).unwrap());
                prop_assert_eq!(found.line, 1 + line.filter(|c| *c == '\n').count() as u64);
            }
        }
    }
}
