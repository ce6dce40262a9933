//! Which actors the names in a table are: `--actors FILE`.
//!
//! A TOML table from names to ids, or to what else is to be said of the actor:
//! `"European Union" = { id = "european-union", kind = "organisation" }`.

use std::collections::BTreeMap;

use chancery_core::fault::{Fault, listed, meant};
use chancery_core::form::Span;
use chancery_core::record::{ActorKind, Id};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::dossier::{Dossier, with_room};

/// The keys that an actor's table may have.
const KEYS: [&str; 3] = ["id", "kind", "name"];

/// What is known of the actors that a table names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actors {
    by_name: BTreeMap<String, Known>,
}

/// What is known of an actor; of what is not, the table's name decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) id: Option<Id>,
    pub(super) kind: Option<ActorKind>,
    pub(super) name: Option<String>,
}

impl Actors {
    /// Reads a file of actors.
    ///
    /// # Errors
    /// It is no TOML, or says of an actor what cannot be said.
    pub fn parse(dossier: &Dossier) -> Result<Self, Vec<Fault>> {
        let (actors, mut faults) = with_room(|| {
            let mut reader = Reader {
                dossier,
                faults: Vec::new(),
            };
            (reader.file(), reader.faults)
        })
        .unwrap_or_else(|error| {
            let message = format!("there is no memory to read this file with: {error}");
            let fault = Fault::new(dossier.span(0, 0), "unreadable", message);
            (Self::default(), vec![fault])
        });
        faults.sort_by_key(|fault| fault.span);
        if faults.is_empty() {
            Ok(actors)
        } else {
            Err(faults)
        }
    }

    /// Returns what is known of the actor with this name, white space folded.
    pub(super) fn known(&self, name: &str) -> Option<&Known> {
        self.by_name.get(name)
    }
}

struct Reader<'d> {
    dossier: &'d Dossier,
    faults: Vec<Fault>,
}

type Item<'i> = Spanned<DeValue<'i>>;

impl Reader<'_> {
    fn file(&mut self) -> Actors {
        match DeTable::parse(&self.dossier.text) {
            Ok(table) => self.actors(table.into_inner()),
            Err(error) => {
                let range = error.span().unwrap_or_default();
                self.fault(range, "bad-toml", error.message().to_owned());
                Actors::default()
            }
        }
    }

    fn actors(&mut self, table: DeTable<'_>) -> Actors {
        let mut by_name = BTreeMap::new();
        for (name, value) in table {
            let known = self.known(&value);
            let folded = super::untc::folded(name.get_ref());
            if by_name.insert(folded, known).is_some() {
                let message = format!("`{}` is given twice", name.get_ref());
                self.fault(name.span(), "doubled-field", message);
            }
        }
        Actors { by_name }
    }

    fn known(&mut self, value: &Item<'_>) -> Known {
        let mut known = Known::default();
        match value.get_ref() {
            DeValue::String(_) => known.id = self.id(value),
            DeValue::Table(members) => {
                for (key, value) in members {
                    match key.get_ref().as_ref() {
                        "id" => known.id = self.id(value),
                        "kind" => known.kind = self.kind(value),
                        "name" => known.name = self.text(value).map(super::untc::folded),
                        _ => self.unknown(key),
                    }
                }
            }
            _ => {
                let message = "expected an id, or { id = \"…\", kind = \"…\" }".to_owned();
                self.fault(value.span(), "wrong-type", message);
            }
        }
        known
    }

    fn id(&mut self, value: &Item<'_>) -> Option<Id> {
        let text = self.text(value)?;
        let id = Id::new(text);
        if id.is_none() {
            self.fault(value.span(), "bad-id", format!("`{text}` is no id"));
        }
        id
    }

    fn kind(&mut self, value: &Item<'_>) -> Option<ActorKind> {
        let text = self.text(value)?;
        let known = ActorKind::ALL.iter().copied();
        let kind = known.clone().find(|kind| kind.word() == text);
        if kind.is_none() {
            let message = format!("`{text}` is not a kind of actor");
            let help = format!("it is one of {}", listed(known.map(ActorKind::word)));
            let span = self.span(value.span());
            self.faults
                .push(Fault::new(span, "unknown-word", message).help(help));
        }
        kind
    }

    fn text<'v>(&mut self, value: &'v Item<'_>) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.fault(value.span(), "wrong-type", "expected a text".to_owned());
        }
        text
    }

    fn unknown(&mut self, key: &Spanned<DeString<'_>>) {
        let word = key.get_ref();
        let help = meant(word, KEYS.into_iter(), "the fields are");
        let message = format!("there is no field `{word}` here");
        let span = self.span(key.span());
        self.faults
            .push(Fault::new(span, "unknown-field", message).help(help));
    }

    fn fault(&mut self, range: std::ops::Range<usize>, code: &'static str, message: String) {
        let span = self.span(range);
        self.faults.push(Fault::new(span, code, message));
    }

    fn span(&self, range: std::ops::Range<usize>) -> Span {
        self.dossier.span(range.start, range.end)
    }
}
