//! `chancery search`: the records, and the texts of sources, that hold words.

use chancery_core::record::RecordKind;
use chancery_core::search::Query;
use chancery_ledger::custody::Custody;
use serde_json::Value;

use crate::args::SearchArgs;
use crate::context::Context;
use crate::failure::{Exit, Failure};
use crate::view::page::Page;
use crate::view::search::{self, Scope};
use crate::view::style::Style;
use crate::view::{ask, say};

/// Finds the words in what was held at the cut.
///
/// # Errors
/// The query asks for nothing, no such actor is known, or the ledger cannot be read.
pub fn run(context: &mut Context, args: &SearchArgs) -> Result<(), Failure> {
    let written = written(&args.words);
    let query = Query::parse(&written).map_err(|fault| {
        let message = format!("`{written}`: {fault}");
        Failure::new(Exit::Usage, message).hint(fault.help())
    })?;
    let reading = context.read()?;
    let readings = reading.readings()?;
    let scope = Scope {
        kind: args.kind.as_deref().and_then(RecordKind::from_name),
        actor: ask::actor(&readings, args.actor.as_deref())?,
        retracted: args.retracted,
        limit: args.limit,
    };
    let custody = Custody::of(&context.folder()?);
    let answer = search::search(&readings, &custody, &query, scope);
    if context.global.json {
        let mut keys = ask::cut("chancery.search/1", &reading);
        ask::lacking(&mut keys, &reading);
        keys.insert("attested".to_owned(), Value::from(reading.attested));
        keys.insert("query".to_owned(), Value::from(written));
        keys.extend(search::json::answer(&readings, &answer));
        return context.out.json(&Value::Object(keys));
    }
    let mut page = Page::new(Style::of(context.global.color));
    page.heading(reading.origin.as_str());
    let found = match answer.found {
        0 => "nothing".to_owned(),
        found => say::number(found, "answer", "answers"),
    };
    let known_at = ask::known_at(&reading);
    page.text(0, &format!("{written}: {found}, {known_at}"));
    search::text::answer(&mut page, &readings, &answer);
    page.write(&mut context.out)
}

/// Returns the query that the words of a command line make up.
///
/// The shell takes the quotation marks of a phrase away, so that a word with
/// spaces in it is one, unless it has signs of its own.
fn written(words: &[String]) -> String {
    let word = |word: &String| {
        let spaced = word.trim().contains(char::is_whitespace);
        if spaced && !has_signs(word) {
            format!("\"{word}\"")
        } else {
            word.clone()
        }
    };
    words.iter().map(word).collect::<Vec<_>>().join(" ")
}

fn has_signs(text: &str) -> bool {
    let is_sign = |word: &str| word == "OR" || word == "NOT" || word.starts_with('-');
    text.contains(['"', '“', '”', '„']) || text.split_whitespace().any(is_sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(words: &[&str]) -> String {
        written(
            &words
                .iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn what_the_shell_took_the_quotation_marks_from_is_a_phrase() {
        assert_eq!(query(&["cessation of", "truce"]), "\"cessation of\" truce");
        assert_eq!(query(&["truce"]), "truce");
    }

    #[test]
    fn what_has_signs_of_its_own_is_left_as_it_is() {
        for own in ["a \"b c\"", "a OR b", "a -b", "a NOT b"] {
            assert_eq!(query(&[own]), own);
        }
    }
}
