//! Queries: the words that somebody looks for, and where in a text they stand.
//!
//! All words must occur. Words in quotation marks are a phrase, `OR` stands
//! between alternatives, `-` or `NOT` before what must not occur, and `*`
//! behind the beginning of a word. Which texts are one document, and which
//! document comes first, is said elsewhere.

use super::words::{Word, words};

/// What somebody looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Everything that is looked for, in the order in which it was written.
    terms: Vec<Term>,
    /// The places in `terms` of which one of each must occur.
    all: Vec<Vec<usize>>,
    /// What must not occur.
    none: Vec<Term>,
}

/// A word or a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    /// Its words, as they are compared.
    words: Vec<String>,
    /// Whether the last is only the beginning of a word.
    open: bool,
}

/// Where a term of the query stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The first byte.
    pub start: usize,
    /// The byte behind the last.
    pub end: usize,
    /// Which term, by its place in the query.
    pub term: usize,
}

/// Why a query asks for nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryFault {
    /// There is no word in it.
    #[error("there is no word to look for")]
    Empty,
    /// It only says what must not occur.
    #[error("every word is excluded, so there is nothing to look for")]
    OnlyExcluded,
    /// A quotation mark has no other one.
    #[error("the quotation mark before `{after}` is not closed")]
    Unbalanced {
        /// What stands behind it.
        after: String,
    },
    /// Something that was asked for has neither letter nor digit.
    #[error("`{text}` holds no word")]
    NoWord {
        /// What was written.
        text: String,
    },
    /// A `*` that is not behind the beginning of a word.
    #[error("the `*` in `{text}` is not at the end of a word")]
    Star {
        /// What was written.
        text: String,
    },
    /// `OR` or `NOT` without a word behind it, or `OR` without one before it.
    #[error("`{word}` stands alone")]
    Dangling {
        /// Which of them.
        word: &'static str,
    },
}

impl QueryFault {
    /// Returns what would be right.
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Empty | Self::NoWord { .. } => "give words of letters or digits",
            Self::OnlyExcluded => "give a word that must occur as well",
            Self::Unbalanced { .. } => "a phrase stands between two quotation marks",
            Self::Star { .. } => "`hostil*` finds every word that begins so",
            Self::Dangling { .. } => "`OR` stands between two words, and `NOT` before one",
        }
    }
}

/// What stands in a query: a word or phrase as written, or one of the signs.
enum Item {
    Term(Term),
    Or,
    Not,
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// It asks for nothing, or it is not clear for what.
    pub fn parse(text: &str) -> Result<Self, QueryFault> {
        let mut query = Self {
            terms: Vec::new(),
            all: Vec::new(),
            none: Vec::new(),
        };
        let (mut or, mut not) = (false, false);
        for item in items(text)? {
            match item {
                Item::Or if or || not || query.all.is_empty() => {
                    return Err(QueryFault::Dangling { word: "OR" });
                }
                Item::Or => or = true,
                Item::Not if or || not => return Err(QueryFault::Dangling { word: "NOT" }),
                Item::Not => not = true,
                Item::Term(term) => {
                    query.add(term, or, not);
                    (or, not) = (false, false);
                }
            }
        }
        match (or, not) {
            (true, _) => Err(QueryFault::Dangling { word: "OR" }),
            (_, true) => Err(QueryFault::Dangling { word: "NOT" }),
            _ if query.terms.is_empty() && query.none.is_empty() => Err(QueryFault::Empty),
            _ if query.terms.is_empty() => Err(QueryFault::OnlyExcluded),
            _ => Ok(query),
        }
    }

    fn add(&mut self, term: Term, or: bool, not: bool) {
        if not {
            self.none.push(term);
            return;
        }
        let place = self.terms.len();
        self.terms.push(term);
        match self.all.last_mut().filter(|_| or) {
            Some(alternatives) => alternatives.push(place),
            None => self.all.push(vec![place]),
        }
    }

    /// Returns how many words and phrases are looked for.
    pub fn terms(&self) -> usize {
        self.terms.len()
    }

    /// Returns whether a document holds what is looked for, if it holds each term so often.
    pub fn holds(&self, counts: &[u32]) -> bool {
        let occurs = |place: &usize| counts.get(*place).is_some_and(|count| *count > 0);
        self.all.iter().all(|any| any.iter().any(occurs))
    }

    /// Returns whether a text holds something that must not occur.
    pub(super) fn excludes(&self, words: &[Word]) -> bool {
        let occurs = |term: &Term| (0..words.len()).any(|at| term.stands_at(words, at));
        self.none.iter().any(occurs)
    }

    /// Adds to `counts` how often each term stands in a text, each time `weight`-fold.
    pub(super) fn count(&self, words: &[Word], weight: u32, counts: &mut [u32]) {
        for (term, count) in self.terms.iter().zip(counts) {
            let times = (0..words.len()).filter(|at| term.stands_at(words, *at));
            let times = u32::try_from(times.count()).unwrap_or(u32::MAX);
            *count = count.saturating_add(times.saturating_mul(weight));
        }
    }

    /// Returns where in a text the terms stand, in the order of the text.
    pub fn marks(&self, text: &str) -> Vec<Mark> {
        let words = words(text);
        let mut marks = Vec::new();
        for (place, term) in self.terms.iter().enumerate() {
            let standing = (0..words.len()).filter(|at| term.stands_at(&words, *at));
            marks.extend(standing.map(|at| Mark {
                start: words[at].start,
                end: words[at + term.words.len() - 1].end,
                term: place,
            }));
        }
        marks.sort_unstable();
        marks
    }
}

impl Term {
    /// Returns the term that these words make up, if there are any.
    fn of(text: &str) -> Result<Self, QueryFault> {
        let (plain, open) = match text.trim_end().strip_suffix('*') {
            Some(plain) => (plain, true),
            None => (text, false),
        };
        let words: Vec<Word> = words(plain);
        let Some(last) = words.last() else {
            return Err(QueryFault::NoWord {
                text: text.to_owned(),
            });
        };
        if plain.contains('*') || (open && last.end != plain.len()) {
            return Err(QueryFault::Star {
                text: text.to_owned(),
            });
        }
        let words = words.into_iter().map(|word| word.folded).collect();
        Ok(Self { words, open })
    }

    /// Returns whether the term begins with the word at this place. No word is empty.
    fn stands_at(&self, words: &[Word], at: usize) -> bool {
        let Some(found) = words.get(at..at + self.words.len()) else {
            return false;
        };
        let last = self.words.len() - 1;
        let same = |(place, (word, found)): (usize, (&String, &Word))| {
            if self.open && place == last {
                found.folded.starts_with(word.as_str())
            } else {
                found.folded == *word
            }
        };
        self.words.iter().zip(found).enumerate().all(same)
    }
}

const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„')
}

fn items(text: &str) -> Result<Vec<Item>, QueryFault> {
    let mut items = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let behind = &rest[first.len_utf8()..];
        if is_quote(first) {
            let Some((phrase, behind)) = behind.split_once(is_quote) else {
                let after = behind.chars().take(20).collect();
                return Err(QueryFault::Unbalanced { after });
            };
            items.push(Item::Term(Term::of(phrase)?));
            rest = behind.trim_start();
            continue;
        }
        if first == '-' && behind.starts_with(|c: char| !c.is_whitespace()) {
            items.push(Item::Not);
            rest = behind;
            continue;
        }
        let ends = |c: char| c.is_whitespace() || is_quote(c);
        let (word, behind) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        items.push(match word {
            "OR" => Item::Or,
            "NOT" => Item::Not,
            _ => Item::Term(Term::of(word)?),
        });
        rest = behind.trim_start();
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(query: &str, text: &str) -> bool {
        let query = Query::parse(query).unwrap();
        let words = words(text);
        let mut counts = vec![0; query.terms()];
        query.count(&words, 1, &mut counts);
        query.holds(&counts) && !query.excludes(&words)
    }

    #[test]
    fn all_words_must_occur_in_any_order() {
        assert!(holds(
            "hostilities CESSATION",
            "the cessation of hostilities"
        ));
        assert!(!holds("cessation war", "the cessation of hostilities"));
    }

    #[test]
    fn a_phrase_stands_together_and_in_order() {
        let text = "a cessation\nof hostilities, at last";

        assert!(holds("\"cessation of hostilities\"", text));
        assert!(holds("“hostilities at last”", text));
        assert!(!holds("\"hostilities of cessation\"", text));
        assert!(!holds("\"cessation hostilities\"", text));
    }

    #[test]
    fn a_word_with_a_hyphen_or_an_apostrophe_is_a_phrase() {
        assert!(holds("al-nusra", "Al Nusra Front"));
        assert!(!holds("al-nusra", "Nusra al Front"));
        assert!(holds("kerry", "Kerry’s word"));
    }

    #[test]
    fn either_of_two_words_is_enough_between_or() {
        assert!(holds("putin OR kerry moscow", "Kerry in Moscow"));
        assert!(!holds("putin OR kerry moscow", "Kerry in Geneva"));
    }

    #[test]
    fn what_is_excluded_must_not_occur() {
        assert!(holds("geneva -moscow", "Kerry in Geneva"));
        assert!(!holds("geneva -moscow", "Geneva, after Moscow"));
        assert!(!holds(
            "geneva NOT \"after moscow\"",
            "Geneva, after Moscow"
        ));
    }

    #[test]
    fn a_star_stands_for_the_rest_of_a_word() {
        assert!(holds("hostil*", "hostilities"));
        assert!(holds(
            "\"cessation of hostil*\"",
            "cessation of hostilities"
        ));
        assert!(!holds("hostil", "hostilities"));
    }

    #[test]
    fn marks_are_where_the_terms_stand() {
        let text = "“Küçük” and kucuk";
        let query = Query::parse("küçük").unwrap();

        let marked: Vec<&str> = query
            .marks(text)
            .iter()
            .map(|mark| &text[mark.start..mark.end])
            .collect();

        assert_eq!(marked, ["Küçük", "kucuk"]);
    }

    #[test]
    fn a_query_that_asks_for_nothing_is_refused() {
        let fault = |text: &str| Query::parse(text).unwrap_err();

        assert_eq!(fault(" "), QueryFault::Empty);
        assert_eq!(fault("-war"), QueryFault::OnlyExcluded);
        let after = "of war".to_owned();
        assert_eq!(fault("end \"of war"), QueryFault::Unbalanced { after });
        assert!(matches!(fault("war & peace"), QueryFault::NoWord { .. }));
        assert!(matches!(fault("w*r"), QueryFault::Star { .. }));
        assert!(matches!(fault("\"war *\""), QueryFault::Star { .. }));
        for dangling in [
            "OR war",
            "war OR",
            "war NOT",
            "war OR OR peace",
            "war OR -peace",
        ] {
            assert!(
                matches!(fault(dangling), QueryFault::Dangling { .. }),
                "{dangling}"
            );
        }
    }
}
