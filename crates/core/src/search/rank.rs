//! Ranking: which of the documents that hold the words comes first.
//!
//! BM25 (Robertson & Zaragoza 2009): a rare word says more than a common one,
//! a second occurrence less than the first, and a short document more than a
//! long one. Scores are whole numbers, so that equal ones are equal wherever
//! they are worked out; what to do with ties is the caller's to say.

use super::query::Query;
use super::words::words;

/// How soon further occurrences of a word no longer count.
const SATURATION: f64 = 1.2;
/// How much the length of a document counts, of one.
const LENGTH: f64 = 0.75;
/// What a score of one is as a whole number.
const UNIT: f64 = 10_000.0;

/// What a query found in one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// How often each term occurs, by weight.
    counts: Vec<u32>,
    /// How many words the document has.
    length: u64,
    /// Whether the document holds all that is looked for, and nothing excluded.
    pub holds: bool,
}

impl Query {
    /// Looks through a document: its texts, each with its weight.
    pub fn look<'a>(&self, texts: impl IntoIterator<Item = (&'a str, u32)>) -> Found {
        let mut counts = vec![0; self.terms()];
        let mut length = 0;
        let mut excluded = false;
        for (text, weight) in texts {
            let words = words(text);
            self.count(&words, weight, &mut counts);
            excluded |= self.excludes(&words);
            length += words.len() as u64;
        }
        let holds = !excluded && self.holds(&counts);
        Found {
            counts,
            length,
            holds,
        }
    }
}

/// How common each term of a query is among all documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranking {
    documents: u64,
    words: u64,
    /// How many documents hold each term.
    holding: Vec<u64>,
}

impl Ranking {
    /// Counts a document, whether it holds what is looked for or not.
    pub fn add(&mut self, found: &Found) {
        self.documents += 1;
        self.words += found.length;
        self.holding.resize(found.counts.len(), 0);
        for (holding, count) in self.holding.iter_mut().zip(&found.counts) {
            *holding += u64::from(*count > 0);
        }
    }

    /// Returns how well a document answers the query: the more, the better.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts of words are far below 2^53, and a score is small and not negative"
    )]
    pub fn score(&self, found: &Found) -> u64 {
        let average = (self.words as f64 / self.documents.max(1) as f64).max(1.0);
        let length = 1.0 - LENGTH + LENGTH * found.length as f64 / average;
        let mut score = 0.0;
        for (holding, count) in self.holding.iter().zip(&found.counts) {
            let without = self.documents.saturating_sub(*holding) as f64;
            let rarity = (1.0 + (without + 0.5) / (*holding as f64 + 0.5)).ln();
            let times = f64::from(*count);
            score += rarity * times * (SATURATION + 1.0) / (times + SATURATION * length);
        }
        (score * UNIT).round() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(query: &str, documents: &[&str]) -> Vec<usize> {
        let query = Query::parse(query).unwrap();
        let found: Vec<Found> = documents
            .iter()
            .map(|text| query.look([(*text, 1)]))
            .collect();
        let mut ranking = Ranking::default();
        for found in &found {
            ranking.add(found);
        }
        let mut places: Vec<usize> = (0..found.len()).filter(|at| found[*at].holds).collect();
        places.sort_by_key(|at| std::cmp::Reverse(ranking.score(&found[*at])));
        places
    }

    #[test]
    fn the_shorter_of_two_comes_first() {
        let documents = [
            "the truce held for a week and then no longer",
            "the truce held",
        ];

        assert_eq!(ranked("truce", &documents), [1, 0]);
    }

    #[test]
    fn a_rare_word_says_more_than_a_common_one() {
        let documents = [
            "truce truce aleppo",
            "truce aleppo aleppo",
            "truce",
            "truce",
        ];

        assert_eq!(ranked("truce OR aleppo", &documents)[0], 1);
    }

    #[test]
    fn equals_keep_their_order() {
        assert_eq!(ranked("a", &["a b", "b c", "a c"]), [0, 2]);
    }

    #[test]
    fn a_title_weighs_more_than_a_remark() {
        let query = Query::parse("truce").unwrap();
        let (title, note) = (query.look([("truce", 3)]), query.look([("truce", 1)]));
        let mut ranking = Ranking::default();
        ranking.add(&title);
        ranking.add(&note);

        assert!(ranking.score(&title) > ranking.score(&note));
    }

    #[test]
    fn nothing_to_rank_is_no_fault() {
        let query = Query::parse("truce").unwrap();

        assert_eq!(Ranking::default().score(&query.look([])), 0);
    }
}
