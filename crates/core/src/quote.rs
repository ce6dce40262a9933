//! Finding a quotation in the text of its source.
//!
//! White-space runs compare equal, so that a quotation may span a paragraph;
//! both sides compare under Unicode normalization form C. Positions count
//! characters of the source's text as it stands, from zero.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, compose};

/// A source's text, made ready for finding quotations in it.
pub struct SourceText {
    /// The text under NFC, each run of white space one space.
    text: String,
    /// For each byte at which a character of `text` starts: the characters of
    /// the original that it came from, first and behind the last.
    origin: Vec<(usize, u64, u64)>,
}

/// Why a quote points at no one place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuoteFault {
    /// It is nowhere in the text.
    #[error("the source does not hold these words{}", near(.longest))]
    Absent {
        /// The longest beginning of the quote that does stand in the text.
        longest: String,
    },
    /// It stands in several places.
    #[error("the source holds these words {count} times")]
    Ambiguous {
        /// How often.
        count: usize,
    },
    /// It stands there, but not between the given prefix and suffix.
    #[error("the source holds these words, but not with this prefix and suffix")]
    Elsewhere,
}

impl QuoteFault {
    /// Returns a stable name for this fault.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Absent { .. } => "quote-not-found",
            Self::Ambiguous { .. } => "quote-ambiguous",
            Self::Elsewhere => "quote-elsewhere",
        }
    }

    /// Returns what would be right.
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Absent { .. } => "quote the exact words; only white space may differ",
            Self::Ambiguous { .. } => {
                "add a `prefix` or `suffix`: words that stand beside only one"
            }
            Self::Elsewhere => "the prefix ends, and the suffix begins, right at the quote",
        }
    }
}

fn near(longest: &str) -> String {
    if longest.is_empty() {
        return String::new();
    }
    format!("; it follows them as far as \"{longest}\"")
}

impl SourceText {
    /// Makes a text ready.
    pub fn new(original: &str) -> Self {
        let mut ready = Self {
            text: String::with_capacity(original.len()),
            origin: Vec::new(),
        };
        let mut characters = original.chars().enumerate().peekable();
        let mut cluster = String::new();
        while let Some((start, first)) = characters.next() {
            cluster.clear();
            cluster.push(first);
            let mut end = start + 1;
            let mut last = first;
            let blank = first.is_whitespace();
            while let Some((_, next)) = characters.peek() {
                let joins = if blank {
                    next.is_whitespace()
                } else {
                    composes(last, *next)
                };
                if !joins {
                    break;
                }
                last = *next;
                cluster.push(*next);
                end += 1;
                characters.next();
            }
            ready.push(&cluster, blank, start as u64, end as u64);
        }
        ready
    }

    fn push(&mut self, cluster: &str, blank: bool, start: u64, end: u64) {
        if blank {
            self.origin.push((self.text.len(), start, end));
            self.text.push(' ');
            return;
        }
        for c in cluster.nfc() {
            self.origin.push((self.text.len(), start, end));
            self.text.push(c);
        }
    }

    /// Returns the characters that a quote takes: its first, and behind its last.
    ///
    /// # Errors
    /// The quote does not stand in the text, or in several places.
    pub fn locate(
        &self,
        quote: &str,
        (prefix, suffix): (&str, &str),
    ) -> Result<(u64, u64), QuoteFault> {
        let quote = normalized(quote);
        let (prefix, suffix) = (normalized(prefix), normalized(suffix));
        let places = self.places(&quote);
        if places.is_empty() {
            return Err(QuoteFault::Absent {
                longest: self.longest_beginning(&quote),
            });
        }
        let found = places.len();
        let fits = |at: &usize| {
            let before = self.text[..*at].trim_end();
            let after = self.text[at + quote.len()..].trim_start();
            before.ends_with(&prefix) && after.starts_with(&suffix)
        };
        let fitting: Vec<usize> = places.into_iter().filter(fits).collect();
        match fitting.as_slice() {
            [only] => Ok(self.characters(*only, quote.len())),
            [] if found > 0 => Err(QuoteFault::Elsewhere),
            several => Err(QuoteFault::Ambiguous {
                count: several.len(),
            }),
        }
    }

    /// Returns every byte of the ready text at which the quote stands, overlaps included.
    fn places(&self, quote: &str) -> Vec<usize> {
        let mut places = Vec::new();
        let step = quote.chars().next().map_or(1, char::len_utf8);
        let mut from = 0;
        while let Some(at) = self.text.get(from..).and_then(|rest| rest.find(quote)) {
            if quote.is_empty() {
                break;
            }
            places.push(from + at);
            from += at + step;
        }
        places
    }

    fn characters(&self, at: usize, length: usize) -> (u64, u64) {
        let first = self.origin.partition_point(|(byte, ..)| *byte < at);
        let behind = self
            .origin
            .partition_point(|(byte, ..)| *byte < at + length);
        let start = self.origin.get(first).map_or(0, |(_, start, _)| *start);
        let end = self
            .origin
            .get(behind.saturating_sub(1))
            .map_or(start, |(.., end)| *end);
        (start, end)
    }

    /// Returns the longest run of whole words from the quote's beginning that stands in the text.
    fn longest_beginning(&self, quote: &str) -> String {
        let ends: Vec<usize> = quote.match_indices(' ').map(|(at, _)| at).collect();
        let standing = ends.partition_point(|end| self.text.contains(&quote[..*end]));
        let longest = standing
            .checked_sub(1)
            .map_or("", |last| &quote[..ends[last]]);
        let skip = longest.chars().count().saturating_sub(40);
        let shown: String = longest.chars().skip(skip).collect();
        if skip > 0 {
            format!("…{shown}")
        } else {
            shown
        }
    }
}

/// Returns whether two texts are the same words: white-space runs and composition apart.
pub fn same_words(one: &str, other: &str) -> bool {
    normalized(one) == normalized(other)
}

/// Returns the quote as it is compared: NFC, white space folded and trimmed.
fn normalized(quote: &str) -> String {
    let composed: String = quote.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns whether `next` is changed by standing behind `last` under NFC.
fn composes(last: char, next: char) -> bool {
    canonical_combining_class(next) != 0
        || compose(last, next).is_some()
        // Hangul vowels and finals compose with the syllable before them.
        || ('\u{1160}'..='\u{11ff}').contains(&next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locate(text: &str, quote: &str) -> Result<(u64, u64), QuoteFault> {
        SourceText::new(text).locate(quote, ("", ""))
    }

    #[test]
    fn a_quote_may_span_a_paragraph() {
        let text = "He said: we met.\n\nWe  agreed on it. Then he left.";

        assert_eq!(locate(text, "we met. We agreed"), Ok((9, 28)));
    }

    #[test]
    fn positions_count_characters_and_not_bytes() {
        assert_eq!(locate("“Façade” – a word", "a word"), Ok((11, 17)));
    }

    #[test]
    fn composed_and_decomposed_letters_are_the_same() {
        assert_eq!(
            locate("Abou Daw\u{61}\u{304}d and Côte", "Co\u{302}te"),
            Ok((16, 20))
        );
        assert_eq!(locate("Co\u{302}te d'Ivoire", "Côte"), Ok((0, 5)));
    }

    #[test]
    fn a_quote_that_stands_twice_needs_its_surroundings() {
        let text = SourceText::new("the talks failed; the talks resumed");

        assert_eq!(
            text.locate("the talks", ("", "")),
            Err(QuoteFault::Ambiguous { count: 2 })
        );
        assert_eq!(text.locate("the talks", ("", "resumed")), Ok((18, 27)));
        assert_eq!(text.locate("the talks", ("failed; ", "")), Ok((18, 27)));
        assert_eq!(
            text.locate("the talks", ("", "ended")),
            Err(QuoteFault::Elsewhere)
        );
    }

    #[test]
    fn a_misquotation_is_told_as_far_as_it_follows_the_source() {
        let fault = locate(
            "we reached agreement on steps",
            "we reached agreement in full",
        );

        let longest = "we reached agreement".to_owned();
        assert_eq!(fault, Err(QuoteFault::Absent { longest }));
    }

    #[test]
    fn an_empty_quote_is_nowhere() {
        assert!(locate("text", " ").is_err());
    }
}
