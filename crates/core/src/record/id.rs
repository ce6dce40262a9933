//! The id of a record: a slug, never confidential, unique over all kinds.

use serde::{Deserialize, Serialize};

use super::RecordKind;
use super::reader::Reader;
use super::value::{Names, Value};
use crate::fault::Fault;
use crate::form::Form;

/// The longest id, in bytes.
pub const MAX_ID: usize = 128;

/// The id of a record: `[a-z0-9][a-z0-9._-]*`, at most [`MAX_ID`] bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id(String);

impl Id {
    /// Returns the id, if `text` is one that an archivist may choose.
    pub fn new(text: &str) -> Option<Self> {
        let chosen = is_slug(text) && given(text).is_none();
        chosen.then(|| Self(text.to_owned()))
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Either the id that every record of a kind has, or one that may be absent.
pub(crate) trait ChosenId {
    /// Returns the id, if there is one.
    fn chosen(&self) -> Option<&Id>;
}

impl ChosenId for Id {
    fn chosen(&self) -> Option<&Id> {
        Some(self)
    }
}

impl ChosenId for Option<Id> {
    fn chosen(&self) -> Option<&Id> {
        self.as_ref()
    }
}

/// Returns the kind and position in an id that the ledger gave: `act-640`.
pub fn given(text: &str) -> Option<(RecordKind, u64)> {
    let (kind, number) = text.rsplit_once('-')?;
    let plain = number == "0" || !number.starts_with('0');
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let kind = RecordKind::from_name(kind)?;
    if plain && digits {
        Some((kind, number.parse().ok()?))
    } else {
        None
    }
}

fn is_slug(text: &str) -> bool {
    let small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let start = text.bytes().next().is_some_and(small);
    start
        && text.len() <= MAX_ID
        && text
            .bytes()
            .all(|byte| small(byte) || b"._-".contains(&byte))
}

impl Value for Id {
    const EXPECTED: &'static str = "an id: small letters, digits, '.', '_' and '-'";

    fn read(form: &Form, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(text) = form.as_text() else {
            return reader.expected(form, Self::EXPECTED);
        };
        if let Some(id) = Self::new(text) {
            return Some(id);
        }
        let (message, help) = if given(text).is_some() {
            let message = format!("`{text}` is of the form that the ledger gives");
            (
                message,
                "choose an id that is not a kind and a number".to_owned(),
            )
        } else {
            let message = format!("`{text}` is no id");
            (message, suggestion(text))
        };
        reader.fault(Fault::new(form.span, "bad-id", message).help(help));
        None
    }

    fn write(&self, _names: &dyn Names) -> Form {
        Form::text(&self.0)
    }
}

/// Returns the id that a text was most likely meant to be, in a sentence.
fn suggestion(text: &str) -> String {
    let slug = slug(text);
    if is_slug(&slug) && given(&slug).is_none() {
        format!("write `{slug}`: small letters, digits, '.', '_' and '-', at most {MAX_ID} bytes")
    } else {
        format!("an id has small letters, digits, '.', '_' and '-', at most {MAX_ID} bytes")
    }
}

/// Returns the slug of a name: NFKD, marks dropped, ASCII lower case, each run
/// of anything else one `-`, ends trimmed: `cote-d-ivoire`.
pub fn slug(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;

    let mut slug = String::new();
    for c in name.nfkd().filter(|c| !is_combining_mark(*c)) {
        let c = c.to_ascii_lowercase();
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}
