//! The form in which records come in and go out: a tree of texts, numbers,
//! lists and tables that remembers where each part stood in its file.
//!
//! It is neither TOML nor JSON: the doors read those into it and write them
//! from it, so that records are read in one way only.

/// Where something stands: a dossier, and the bytes from `start` to `end` in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The number of the dossier, in the order in which dossiers were given.
    pub dossier: usize,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// Where it stands; the default for what was made and not read.
    pub span: Span,
    /// What stands there.
    pub value: FormValue,
}

/// What a form can be.
#[derive(Clone, Debug, PartialEq)]
pub enum FormValue {
    /// A text; a TOML date without quotation marks is one as well.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number that is not whole, as it was written: no field takes one.
    Fraction(String),
    /// True or false.
    Truth(bool),
    /// Nothing: JSON's `null`. No field takes it.
    Null,
    /// A list.
    List(Vec<Form>),
    /// A table, in the order in which it was written.
    Table(Vec<Member>),
}

/// One key of a table, and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Form,
}

/// One record of a dossier, before it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordForm {
    /// The word for its kind: `statement`.
    pub kind: String,
    /// Where that word stands.
    pub kind_span: Span,
    /// Its fields.
    pub members: Vec<Member>,
}

/// Returns the member of a table with this key; the first, if it is doubled.
pub fn member<'a>(members: &'a [Member], key: &str) -> Option<&'a Member> {
    members.iter().find(|member| member.key == key)
}

impl RecordForm {
    /// Returns the member with this key; the first, if it is doubled.
    pub fn member(&self, key: &str) -> Option<&Member> {
        member(&self.members, key)
    }
}

impl Form {
    /// Returns a text that was made and not read.
    pub fn text(text: impl Into<String>) -> Self {
        Self::made(FormValue::Text(text.into()))
    }

    /// Returns a number that was made and not read.
    pub fn whole(number: i64) -> Self {
        Self::made(FormValue::Whole(number))
    }

    /// Returns a list that was made and not read.
    pub fn list(items: Vec<Self>) -> Self {
        Self::made(FormValue::List(items))
    }

    /// Returns a table that was made and not read.
    pub fn table(members: impl IntoIterator<Item = (String, Self)>) -> Self {
        let member = |(key, value)| Member {
            key,
            key_span: Span::default(),
            value,
        };
        Self::made(FormValue::Table(members.into_iter().map(member).collect()))
    }

    /// Returns the text, if this is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            FormValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns a word for what this is, for messages.
    pub fn described(&self) -> &'static str {
        match self.value {
            FormValue::Text(_) => "a text",
            FormValue::Whole(_) => "a number",
            FormValue::Fraction(_) => "a number with a fraction",
            FormValue::Truth(_) => "true or false",
            FormValue::Null => "null",
            FormValue::List(_) => "a list",
            FormValue::Table(_) => "a table",
        }
    }

    fn made(value: FormValue) -> Self {
        Self {
            span: Span::default(),
            value,
        }
    }
}
