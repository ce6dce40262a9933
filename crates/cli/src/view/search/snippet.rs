//! Snippets: the words that were looked for, between the words beside them.

use chancery_core::search::Mark;

/// How many characters are shown before the first of the words.
const BEFORE: usize = 60;
/// How many characters a snippet has, unless the words alone are longer.
const LENGTH: usize = 180;
/// How far words may stand from the first of a passage to be in it still.
const REACH: usize = 110;

/// A piece of a text, white space folded, with what was looked for marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// Its pieces in order, each with whether it was looked for.
    pub pieces: Vec<(String, bool)>,
    /// Whether the text goes on before, and after, what is shown.
    pub cut: (bool, bool),
}

/// A passage of a source's text that holds words that were looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The first character of the first word, counted from zero.
    pub start: u64,
    /// The character behind the last word.
    pub end: u64,
    /// The line of the first word, counted from one.
    pub line: u64,
    /// The passage between the words beside it.
    pub snippet: Snippet,
}

/// Returns the piece of a text around the first of these marks, which are in order.
pub fn snippet(text: &str, marks: &[Mark]) -> Snippet {
    let first = marks.first().map_or((0, 0), |mark| (mark.start, mark.end));
    let start = to_whole_word(text, back(text, first.0, BEFORE), first.0);
    let end = from_whole_word(text, first.1, forth(text, start, LENGTH).max(first.1));
    let mut pieces = Vec::new();
    let mut at = start;
    for mark in marks.iter().filter(|mark| mark.end <= end) {
        // Words of one mark may be words of another.
        if mark.end <= at {
            continue;
        }
        let from = mark.start.max(at);
        push(&mut pieces, text.get(at..from), false);
        push(&mut pieces, text.get(from..mark.end), true);
        at = mark.end;
    }
    push(&mut pieces, text.get(at..end), false);
    Snippet {
        pieces,
        cut: (start > 0, !text[end..].trim().is_empty()),
    }
}

/// Returns the passages of a text that hold marked words: those with the most
/// different ones first, and else in the order of the text.
pub fn passages(text: &str, marks: &[Mark]) -> Vec<Passage> {
    let mut groups: Vec<&[Mark]> = Vec::new();
    let mut rest = marks;
    while let Some(first) = rest.first() {
        let reach = forth(text, first.start, REACH).max(first.end);
        let length = rest.iter().take_while(|mark| mark.end <= reach).count();
        let (group, behind) = rest.split_at(length.max(1));
        groups.push(group);
        rest = behind;
    }
    let mut counted = Counted {
        byte: 0,
        characters: 0,
        lines: 0,
    };
    let mut passages: Vec<(usize, Passage)> = groups
        .into_iter()
        .map(|group| passage(text, group, &mut counted))
        .collect();
    passages.sort_by_key(|(terms, _)| std::cmp::Reverse(*terms));
    passages.into_iter().map(|(_, passage)| passage).collect()
}

fn passage(text: &str, group: &[Mark], counted: &mut Counted) -> (usize, Passage) {
    let start = group.first().map_or(0, |mark| mark.start);
    let end = group.iter().map(|mark| mark.end).max().unwrap_or(start);
    counted.go_to(text, start);
    let (first, line) = (counted.characters, counted.lines + 1);
    let length = text[start..end].chars().count() as u64;
    let mut terms: Vec<usize> = group.iter().map(|mark| mark.term).collect();
    terms.sort_unstable();
    terms.dedup();
    let passage = Passage {
        start: first,
        end: first + length,
        line,
        snippet: snippet(text, group),
    };
    (terms.len(), passage)
}

/// How many characters and lines lie before a byte; it only goes forward.
struct Counted {
    byte: usize,
    characters: u64,
    lines: u64,
}

impl Counted {
    fn go_to(&mut self, text: &str, byte: usize) {
        let between = text.get(self.byte..byte).unwrap_or_default();
        self.characters += between.chars().count() as u64;
        self.lines += between.matches('\n').count() as u64;
        self.byte = self.byte.max(byte);
    }
}

/// Returns the byte so many characters before `at`.
fn back(text: &str, at: usize, characters: usize) -> usize {
    let before = text[..at].char_indices().rev();
    before.take(characters).last().map_or(at, |(byte, _)| byte)
}

/// Returns the byte so many characters after `at`.
fn forth(text: &str, at: usize, characters: usize) -> usize {
    let after = text[at..].char_indices().nth(characters);
    after.map_or(text.len(), |(byte, _)| at + byte)
}

/// Returns the first byte from `at` on that begins a whole word, but not beyond `limit`.
fn to_whole_word(text: &str, at: usize, limit: usize) -> usize {
    if at == 0 {
        return 0;
    }
    let space = text[at..limit].find(char::is_whitespace);
    space.map_or(limit, |space| at + space)
}

/// Returns the last byte up to `at` that ends a whole word, but not before `limit`.
fn from_whole_word(text: &str, limit: usize, at: usize) -> usize {
    if at == text.len() {
        return at;
    }
    let space = text[limit..at].rfind(char::is_whitespace);
    space.map_or(limit, |space| limit + space)
}

/// Adds a piece, white space folded, and none at the beginning of all.
fn push(pieces: &mut Vec<(String, bool)>, text: Option<&str>, marked: bool) {
    let mut folded = String::new();
    let mut blank = pieces.last().is_none_or(|(text, _)| text.ends_with(' '));
    for c in text.unwrap_or_default().chars() {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !blank {
            folded.push(c);
        }
        blank = c == ' ';
    }
    if !folded.is_empty() {
        pieces.push((folded, marked));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chancery_core::search::Query;

    fn marks(text: &str, query: &str) -> Vec<Mark> {
        Query::parse(query).unwrap().marks(text)
    }

    fn put(snippet: &Snippet) -> String {
        let put = |(text, marked): &(String, bool)| match marked {
            true => format!("[{text}]"),
            false => text.clone(),
        };
        snippet.pieces.iter().map(put).collect()
    }

    #[test]
    fn a_short_text_is_shown_whole() {
        let text = "Withdraw behind  the\nriver.";

        let found = snippet(text, &marks(text, "river withdraw"));

        assert_eq!(put(&found), "[Withdraw] behind the [river].");
        assert_eq!(found.cut, (false, false));
    }

    #[test]
    fn a_long_text_is_cut_at_whole_words_around_what_was_looked_for() {
        let text = format!("{}river {}", "önce ".repeat(50), "sonra ".repeat(50));

        let found = snippet(&text, &marks(&text, "river"));

        let put = put(&found);
        assert!(
            put.starts_with("önce önce") && put.ends_with("sonra"),
            "{put}"
        );
        assert!(
            put.contains(" [river] ") && put.chars().count() <= LENGTH + 2,
            "{put}"
        );
        assert_eq!(found.cut, (true, true));
    }

    #[test]
    fn words_that_overlap_are_marked_once() {
        let text = "the cessation of hostilities began";

        let found = snippet(text, &marks(text, "\"cessation of\" \"of hostilities\""));

        assert_eq!(put(&found), "the [cessation of][ hostilities] began");
    }

    #[test]
    fn a_passage_knows_its_characters_and_its_line() {
        let text = "“é”\n\nThe truce\nheld. A truce.";

        let found = passages(text, &marks(text, "\"truce held\""));

        let places: Vec<(u64, u64, u64)> = found
            .iter()
            .map(|passage| (passage.start, passage.end, passage.line))
            .collect();
        assert_eq!(places, [(9, 19, 3)]);
    }

    #[test]
    fn passages_with_more_of_the_words_come_first() {
        let text = format!("truce {} truce in Aleppo", "x ".repeat(80));

        let found = passages(&text, &marks(&text, "truce aleppo"));

        assert_eq!(found.len(), 2);
        assert!(put(&found[0].snippet).contains("[Aleppo]"));
    }
}
