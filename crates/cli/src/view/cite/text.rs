//! A citation for people.

use super::{Cited, dated};
use crate::view::page::Page;

/// Adds the citation.
pub fn citation(page: &mut Page, cited: &Cited) {
    page.text(0, &head(cited));
    for source in &cited.sources {
        page.text(2, &format!("In: {}.", source.line()));
    }
    if !cited.changes.is_empty() {
        page.text(2, &format!("{}.", capital(&cited.changes.join(", "))));
    }
    let held = &cited.held;
    page.text(2, &format!("Held: {}, as {}.", held.place(), cited.id));
    page.text(2, &format!("Entry hash (BLAKE3): {}", held.hash));
    page.text(2, &format!("Under: {}.", held.tree()));
    page.text(2, &format!("Root (SHA-256, RFC 6962): {}", held.root));
}

/// Returns the first sentence: who, what, of which sort, where and when.
fn head(cited: &Cited) -> String {
    let mut words = vec![cited.described.clone()];
    words.extend(cited.place.clone());
    words.extend(cited.date.as_ref().map(dated));
    let who = match cited.who.join(", ") {
        who if who.is_empty() => who,
        who => format!("{who}. "),
    };
    let stop = if cited.title.ends_with(['.', '!', '?', '…']) {
        ""
    } else {
        "."
    };
    let words = capital(&words.join(", "));
    format!("{who}“{}”{stop} {words}.", cited.title)
}

/// Returns a sentence with a capital at its beginning.
fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::cite::testing::hostile;
    use crate::view::style::Style;

    #[test]
    fn a_citation_says_who_what_when_where_and_by_which_hashes() {
        let mut page = Page::new(Style::PLAIN);

        citation(&mut page, &hostile());

        let expected = [
            "Küçük & Sons, Norland. “50% of \\{it}, $5 ~ #1_a ^ \"so\"\u{fffd}[31m @end }”. Statement,",
            "quoted, Geneva, 1921-03~ (“last month”).",
            "  In: Minutes, FO 12/7, characters 97 to 170, https://archive.example/a_b.",
            "  Corrected by correction-12 (#12).",
            "  Held: ledger archive.example/talks, entry 9, submission 1, recorded",
            "  2026-11-24T01:02:03Z, as offer.of-talks_1.",
            "  Entry hash (BLAKE3): ab12",
            "  Under: tree of 15 entries, signed as a checkpoint.",
            "  Root (SHA-256, RFC 6962): cm9v+/dA==",
        ];
        assert_eq!(page.lines(), expected);
    }
}
