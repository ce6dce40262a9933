//! Words: how a text is split for searching, and which words count as one.
//!
//! Words are those of UAX #29, split further at whatever is neither letter nor
//! digit, so that "Kerry's" holds "Kerry" and a hyphen joins nothing. They are
//! compared without accents, case and compatibility forms. No language is
//! known here: a plural is another word.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;
use unicode_segmentation::UnicodeSegmentation;

/// A word, and where in its text it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word as it is compared.
    pub folded: String,
    /// Its first byte.
    pub start: usize,
    /// The byte behind its last.
    pub end: usize,
}

/// Returns the words of a text, in order.
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for (start, segment) in text.unicode_word_indices() {
        split(segment, start, &mut words);
    }
    words
}

/// Adds the parts of a segment that lie between what is neither letter nor digit.
fn split(segment: &str, at: usize, words: &mut Vec<Word>) {
    let mut part: Option<usize> = None;
    for (byte, c) in segment.char_indices() {
        let inside = c.is_alphanumeric() || canonical_combining_class(c) != 0;
        match (inside, part) {
            (true, None) => part = Some(byte),
            (false, Some(first)) => {
                push(segment, (first, byte), at, words);
                part = None;
            }
            _ => {}
        }
    }
    if let Some(first) = part {
        push(segment, (first, segment.len()), at, words);
    }
}

fn push(segment: &str, (first, behind): (usize, usize), at: usize, words: &mut Vec<Word>) {
    let folded = fold(&segment[first..behind]);
    if !folded.is_empty() {
        let (start, end) = (at + first, at + behind);
        words.push(Word { folded, start, end });
    }
}

/// Returns a word as it is compared: NFKD, accents dropped, case folded.
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let decomposed = word.nfkd().filter(|c| !is_accent(*c));
    // By way of the capitals, so that "ß" is "ss" and both small sigmas are one.
    let capital = decomposed.flat_map(char::to_uppercase);
    let small = capital.flat_map(char::to_lowercase);
    let mut folded = String::with_capacity(word.len());
    for c in small.nfkd().filter(|c| !is_accent(*c)) {
        match without_stroke(c) {
            Some(plain) => folded.push_str(plain),
            None => folded.push(c),
        }
    }
    folded
}

/// Returns whether a mark may be left out: an accent, a vowel point. Signs without
/// which a syllable is another one (virama, kana voicing) may not.
fn is_accent(c: char) -> bool {
    !matches!(canonical_combining_class(c), 0 | 8 | 9)
}

/// Returns the plain form of a letter whose stroke or ligature is no mark to Unicode.
const fn without_stroke(c: char) -> Option<&'static str> {
    Some(match c {
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'æ' => "ae",
        'œ' => "oe",
        'ħ' => "h",
        'ŧ' => "t",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn accents_and_case_do_not_tell_words_apart() {
        for (written, plain) in [
            ("Küçük", "kucuk"),
            ("CÔTE", "cote"),
            ("Co\u{302}te", "cote"),
            ("İstanbul", "istanbul"),
            ("IĞDIR", "igdir"),
            ("Iğdır", "igdir"),
            ("Straße", "strasse"),
            ("Łódź", "lodz"),
            ("Ærø", "aero"),
            ("ﬁnal", "final"),
            ("Σίσυφος", "σισυφοσ"),
            ("Лавро́в", "лавров"),
            ("مُحَمَّد", "محمد"),
        ] {
            assert_eq!(fold(written), plain, "{written}");
        }
    }

    #[test]
    fn signs_that_make_another_syllable_stay() {
        assert_ne!(fold("か\u{3099}"), fold("か"));
        assert_ne!(fold("क्"), fold("क"));
    }

    #[test]
    fn words_end_at_apostrophes_hyphens_and_stops() {
        assert_eq!(
            folded("Kerry's al-Nusra: l’accord, example.org; 27_08"),
            [
                "kerry", "s", "al", "nusra", "l", "accord", "example", "org", "27", "08"
            ]
        );
    }

    #[test]
    fn text_without_spaces_is_split_by_signs() {
        assert_eq!(folded("停火协议"), ["停", "火", "协", "议"]);
    }

    #[test]
    fn a_word_knows_where_it_stands() {
        let text = "“Façade” – deux";

        let places: Vec<&str> = words(text)
            .iter()
            .map(|word| &text[word.start..word.end])
            .collect();

        assert_eq!(places, ["Façade", "deux"]);
    }

    proptest! {
        #[test]
        fn folding_what_is_folded_changes_nothing(text in "\\PC{0,12}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn words_stand_in_order_where_they_say(text in "\\PC{0,40}") {
            let mut behind = 0;
            for word in words(&text) {
                prop_assert!(behind <= word.start && word.start < word.end);
                prop_assert_eq!(fold(&text[word.start..word.end]), word.folded);
                behind = word.end;
            }
        }
    }
}
