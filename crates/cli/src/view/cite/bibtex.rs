//! A citation for BibTeX and biblatex: an entry of the type `@misc`.

use chancery_core::date::{Credibility, Date};

use super::{Cited, csl};
use crate::view::page::clean;

/// Returns the citation as lines.
pub fn citation(cited: &Cited) -> Vec<String> {
    let held = &cited.held;
    let mut fields: Vec<(&str, String)> = Vec::new();
    // Twice in braces: a name is taken as a whole, and " and " stands between two.
    let authors = cited
        .who
        .iter()
        .map(|name| format!("{{{}}}", escaped(name)));
    let authors: Vec<String> = authors.collect();
    if !authors.is_empty() {
        fields.push(("author", authors.join(" and ")));
    }
    fields.push(("title", format!("{{{}}}", escaped(&cited.title))));
    let span = cited.date.as_ref().and_then(csl::span);
    if let Some([first, ..]) = span.as_deref() {
        fields.push(("year", first[0].to_string()));
    }
    let date = cited.date.as_ref().map(gregorian);
    if let Some(date) = date.filter(|date| is_read_by_biblatex(date)) {
        fields.push(("date", date));
    }
    fields.push(("type", escaped(&cited.described)));
    fields.extend(cited.place.iter().map(|place| ("address", escaped(place))));
    let sources: Vec<String> = cited
        .sources
        .iter()
        .map(|source| escaped(&source.line()))
        .collect();
    if !sources.is_empty() {
        fields.push(("howpublished", format!("In: {}", sources.join("; "))));
    }
    let mut notes = cited.changes.clone();
    notes.push(held.place());
    notes.push(format!("entry hash (BLAKE3) {}", held.hash));
    notes.push(held.tree());
    notes.push(format!("root (SHA-256, RFC 6962) {}", held.root));
    fields.push(("note", escaped(&notes.join("; "))));
    let mut lines = vec![format!("@misc{{{},", cited.id)];
    let field = |(key, value): (&str, String)| format!("  {key} = {{{value}}},");
    lines.extend(fields.into_iter().map(field));
    lines.push("}".to_owned());
    lines
}

/// Returns a date as it is read without a word of its calendar: as it was
/// written if it is Gregorian, else as its days.
fn gregorian(date: &Date) -> String {
    match date.calendar_note() {
        None => date.edtf.clone(),
        Some(_) => date.window(Credibility::Accept).to_string(),
    }
}

/// Returns whether a date has only signs that biblatex takes as they are; it knows
/// EDTF as far as level 1.
fn is_read_by_biblatex(date: &str) -> bool {
    let known = |c: char| c.is_ascii_digit() || "-/.~?XTZ:+".contains(c);
    !date.is_empty() && date.chars().all(known)
}

/// Returns a text that TeX sets as it stands, and whose braces balance.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '{' => escaped.push_str("\\textbraceleft{}"),
            '}' => escaped.push_str("\\textbraceright{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '$' | '&' | '#' | '%' | '_' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::cite::testing::hostile;
    use proptest::prelude::*;

    #[test]
    fn hostile_words_are_set_as_they_stand() {
        let expected = [
            "@misc{offer.of-talks_1,",
            "  author = {{Küçük \\& Sons} and {Norland}},",
            "  title = {{50\\% of \\textbackslash{}\\textbraceleft{}it\\textbraceright{}, \\$5 \
             \\textasciitilde{} \\#1\\_a \\textasciicircum{} \"so\"\u{fffd}[31m @end \
             \\textbraceright{}}},",
            "  year = {1921},",
            "  date = {1921-03~},",
            "  type = {statement, quoted},",
            "  address = {Geneva},",
            "  howpublished = {In: Minutes, FO 12/7, characters 97 to 170, \
             https://archive.example/a\\_b},",
            "  note = {corrected by correction-12 (\\#12); ledger archive.example/talks, entry 9, \
             submission 1, recorded 2026-11-24T01:02:03Z; entry hash (BLAKE3) ab12; tree of 15 \
             entries, signed as a checkpoint; root (SHA-256, RFC 6962) cm9v+/dA==},",
            "}",
        ];
        assert_eq!(citation(&hostile()), expected);
    }

    proptest! {
        #[test]
        fn braces_balance_whatever_is_cited(title in "[{}\\\\%a]{0,12}") {
            let cited = Cited { title, ..hostile() };
            let mut depth = 0_i64;
            for c in citation(&cited).concat().chars() {
                depth += i64::from(c == '{') - i64::from(c == '}');
                prop_assert!(depth >= 0);
            }
            prop_assert_eq!(depth, 0);
        }
    }
}
