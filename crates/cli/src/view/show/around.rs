//! The words around a quote, in the held text of its source.

use chancery_core::record::{Content as _, Evidence, Source};
use chancery_core::replay::Readings;
use chancery_ledger::custody::{Custody, HeldText};

/// How many characters are shown on each side of a quote.
const EACH_SIDE: usize = 60;

/// Where a piece of evidence stands in its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the text that is held: between these words, if a place in it is known.
    Held(Option<Around>),
    /// The source has no file in custody, or one that is no text.
    NotHeld,
    /// The file that should be in custody is missing or cannot be read.
    Missing,
    /// The file in custody is not the one that was taken in.
    Altered,
}

/// A quote between the words beside it, white space folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Around {
    /// The words before.
    pub before: String,
    /// The quote as the source has it.
    pub quote: String,
    /// The words after.
    pub after: String,
    /// Whether the text goes on before, and after, what is shown.
    pub cut: (bool, bool),
}

/// Returns where a piece of evidence stands.
pub(super) fn place(custody: &Custody, readings: &Readings, evidence: &Evidence) -> Place {
    let source = readings.reading(evidence.source.0);
    let text = source
        .and_then(|source| Source::of(&source.record))
        .map_or(HeldText::NotHeld, |source| custody.text(source));
    let place = evidence.start.zip(evidence.end);
    match text {
        HeldText::Text(text) => Place::Held(place.map(|(start, end)| around(&text, start, end))),
        HeldText::NotHeld | HeldText::NotText => Place::NotHeld,
        HeldText::Missing => Place::Missing,
        HeldText::Altered => Place::Altered,
    }
}

/// Returns the characters from `start` to `end` and the words beside them.
fn around(text: &str, start: u64, end: u64) -> Around {
    let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    let (start, end) = (place(start), place(end));
    let first = start.saturating_sub(EACH_SIDE);
    let take = |from: usize, to: usize| -> String {
        text.chars()
            .skip(from)
            .take(to.saturating_sub(from))
            .collect()
    };
    let before = take(first, start);
    let after = take(end, end.saturating_add(EACH_SIDE));
    let cut_before = first > 0;
    let cut_after = text.chars().nth(end.saturating_add(EACH_SIDE)).is_some();
    Around {
        before: folded(from_whole_word(&before, cut_before)),
        quote: folded(&take(start, end)),
        after: folded(to_whole_word(&after, cut_after)),
        cut: (cut_before, cut_after),
    }
}

/// Returns the text from its first whole word on, if it was cut somewhere.
fn from_whole_word(text: &str, cut: bool) -> &str {
    if !cut {
        return text;
    }
    text.find(char::is_whitespace).map_or("", |at| &text[at..])
}

/// Returns the text up to its last whole word, if it was cut somewhere.
fn to_whole_word(text: &str, cut: bool) -> &str {
    if !cut {
        return text;
    }
    text.rfind(char::is_whitespace).map_or("", |at| &text[..at])
}

/// Returns the text with each run of white space as one space, at its ends too.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !folded.ends_with(' ') {
            folded.push(c);
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_stands_between_whole_words() {
        let text = format!("{} the quote {}", "before ".repeat(20), "after ".repeat(20));
        let start = text.find("the quote").unwrap() as u64;

        let found = around(&text, start, start + 9);

        assert_eq!(found.quote, "the quote");
        assert!(found.before.starts_with(" before") && found.before.ends_with("before "));
        assert!(found.after.starts_with(" after") && found.after.ends_with("after"));
    }

    #[test]
    fn positions_count_characters_and_lines_are_folded() {
        let found = around("“é”\n\nnext  word", 5, 9);

        let (before, quote, after) = ("“é” ", "next", " word");
        let cut = (false, false);
        let (before, quote, after) = (before.into(), quote.into(), after.into());
        let expected = Around {
            before,
            quote,
            after,
            cut,
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn positions_beyond_the_text_show_nothing() {
        let found = around("short", u64::MAX - 1, u64::MAX);

        assert_eq!((found.quote.as_str(), found.after.as_str()), ("", ""));
    }
}
