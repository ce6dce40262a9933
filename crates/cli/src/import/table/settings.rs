//! What a mapping sets: texts, pairs, separators, and how dates are written.
//!
//! Whatever is no such setting is a fault with its place and a remedy.

use std::collections::BTreeMap;

use chancery_core::fault::{Fault, listed, meant};
use chancery_core::form::{Form, FormValue, Member};

use super::dates::DateForm;
use super::mapping::{DateRules, Nothing};
use super::pattern::Named;

/// What a cell says that is no date.
const NOTHINGS: [(&str, Nothing); 3] = [
    ("absent", Nothing::Absent),
    ("unknown", Nothing::Unknown),
    ("open", Nothing::Open),
];

/// Reads settings, and gathers what is wrong with them.
pub(super) struct Settings {
    /// What was found wrong so far.
    pub(super) faults: Vec<Fault>,
}

impl Settings {
    /// Returns a text, or the texts of a list.
    pub(super) fn texts(&mut self, form: &Form) -> Vec<Named> {
        match &form.value {
            FormValue::Text(text) => vec![Named {
                name: text.clone(),
                span: form.span,
            }],
            FormValue::List(items) => items.iter().flat_map(|item| self.texts(item)).collect(),
            _ => {
                self.expected(form, "a text, or a list of texts");
                Vec::new()
            }
        }
    }

    /// Returns a text that is not empty.
    pub(super) fn filled(&mut self, form: &Form) -> Option<String> {
        let text = form.as_text().filter(|text| !text.is_empty());
        if text.is_none() {
            self.expected(form, "a text that is not empty");
        }
        text.map(str::to_owned)
    }

    /// Returns whether this is true.
    pub(super) fn truth(&mut self, form: &Form) -> bool {
        if let FormValue::Truth(truth) = form.value {
            return truth;
        }
        self.expected(form, "true or false");
        false
    }

    /// Returns the members of a table.
    pub(super) fn table<'f>(&mut self, form: &'f Form) -> Option<&'f [Member]> {
        if let FormValue::Table(members) = &form.value {
            return Some(members);
        }
        self.expected(form, "a table");
        None
    }

    /// Returns the pairs of a table of texts.
    pub(super) fn map(&mut self, form: &Form) -> BTreeMap<String, String> {
        let Some(members) = self.table(form) else {
            return BTreeMap::new();
        };
        self.pairs(members)
    }

    /// Returns the pairs of a table of texts.
    pub(super) fn pairs(&mut self, members: &[Member]) -> BTreeMap<String, String> {
        let mut pairs = BTreeMap::new();
        for member in members {
            match member.value.as_text() {
                Some(text) => {
                    pairs.insert(member.key.clone(), text.to_owned());
                }
                None => self.expected(&member.value, "a text"),
            }
        }
        pairs
    }

    /// Returns the byte between two cells.
    pub(super) fn separator(&mut self, form: &Form) -> Option<u8> {
        let separator = match form.as_text() {
            Some("tab") => Some(b'\t'),
            Some(text) => match text.as_bytes() {
                [byte] if !b"\"\r\n".contains(byte) => Some(*byte),
                _ => None,
            },
            None => None,
        };
        if separator.is_none() {
            self.expected(form, "\",\", \";\", \"tab\" or another single character");
        }
        separator
    }

    /// Returns how dates are written; of other keys, only those in `beside` are known.
    pub(super) fn dates(&mut self, members: &[Member], beside: &[&str]) -> DateRules {
        // Of a column `dates` are its forms; in `[dates]` they are simply the forms.
        let forms = if beside.is_empty() { "forms" } else { "dates" };
        let mut rules = DateRules::default();
        for member in members {
            match member.key.as_str() {
                key if key == forms => rules.forms = self.forms(&member.value),
                "sentinels" => {
                    let sentinels = self.table(&member.value).unwrap_or_default();
                    for member in sentinels {
                        if let Some(nothing) = self.nothing(&member.value) {
                            rules.sentinels.insert(member.key.clone(), nothing);
                        }
                    }
                }
                "blank" => rules.blank = self.nothing(&member.value),
                key if beside.contains(&key) => {}
                _ => {
                    let known = [forms, "sentinels", "blank"].into_iter();
                    let known: Vec<&str> = known.chain(beside.iter().copied()).collect();
                    self.unknown(member, &known);
                }
            }
        }
        rules
    }

    fn forms(&mut self, form: &Form) -> Option<Vec<DateForm>> {
        let mut forms = Vec::new();
        for written in self.texts(form) {
            match DateForm::parse(&written.name) {
                Ok(form) => forms.push(form),
                Err(message) => {
                    let help = "write %d, %m, %B (the month's name) and %Y, or \"edtf\"";
                    let fault = Fault::new(written.span, "bad-date-form", message);
                    self.faults.push(fault.help(help));
                }
            }
        }
        (!forms.is_empty()).then_some(forms)
    }

    fn nothing(&mut self, form: &Form) -> Option<Nothing> {
        let text = form.as_text().unwrap_or_default();
        let nothing = NOTHINGS.iter().find(|(word, _)| *word == text);
        if nothing.is_none() {
            let words = listed(NOTHINGS.iter().map(|(word, _)| *word));
            self.expected(form, &words);
        }
        nothing.map(|(_, nothing)| *nothing)
    }

    /// Tells a key that is not known.
    pub(super) fn unknown(&mut self, member: &Member, known: &[&str]) {
        let message = format!("there is no setting `{}` here", member.key);
        let help = meant(&member.key, known.iter().copied(), "the settings are");
        let fault = Fault::new(member.key_span, "unknown-setting", message);
        self.faults.push(fault.help(help));
    }

    fn expected(&mut self, form: &Form, expected: &str) {
        let found = match form.as_text() {
            Some(text) => format!("`{text}`"),
            None => form.described().to_owned(),
        };
        let message = format!("expected {expected}, found {found}");
        self.faults
            .push(Fault::new(form.span, "wrong-type", message));
    }
}
