//! A desk with a ledger on it, and records made of short texts.

#![allow(clippy::unwrap_used, clippy::panic, dead_code)]

use std::path::Path;

use chancery_chain::{Instant, Origin, Role};
use chancery_core::form::{Form, FormValue, Member, RecordForm, Span};
use chancery_ledger::{
    Appending, Dossiers, Ledger, Proposal, ProposeError, Receipt, SubmitError, founding, keyfile,
    propose,
};
use ed25519_dalek::SigningKey;

pub(crate) const NOON: u64 = 1_472_299_200_000_000;
pub(crate) const MINUTE: u64 = 60_000_000;
pub(crate) const DAY: u64 = 24 * 60 * MINUTE;

/// A ledger in a folder of its own, and the key of its archivist.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
    pub(crate) ledger: Ledger,
    key: SigningKey,
}

impl Desk {
    /// Returns a desk whose archivist's key, and a colleague's, are made of equal bytes.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = tempfile::tempdir().unwrap();
        let given = [1, 2].map(|byte| {
            let path = keys.path().join(byte.to_string());
            keyfile::write_new(&path, &[byte; 32], "somebody").unwrap();
            let file = keyfile::KeyFile::read(&path).unwrap();
            founding::GivenKey::of(Role::Archivist, file)
        });
        let origin = Origin::new("test.example/submitting").unwrap();
        let now = Instant::from_micros(NOON);
        founding::found(folder.path(), &origin, given.into(), now, &mut seeded).unwrap();
        let (ledger, _) = Ledger::open(folder.path()).unwrap();
        let key = SigningKey::from_bytes(&[1; 32]);
        Self {
            folder,
            ledger,
            key,
        }
    }

    /// Lets the colleague sit down at the desk.
    pub(crate) fn hand_over(&mut self) {
        self.key = SigningKey::from_bytes(&[2; 32]);
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn propose(&self, forms: Vec<RecordForm>) -> Result<Proposal, ProposeError> {
        let signer = self.ledger.archivist(&self.key).unwrap();
        let folders = vec![self.path().to_owned()];
        let dossiers = Dossiers { forms, folders };
        propose(self.ledger.store(), &dossiers, signer, &mut |_, _| {})
    }

    pub(crate) fn submit_at(
        &mut self,
        forms: Vec<RecordForm>,
        now: u64,
        message: Option<&str>,
    ) -> Result<Receipt, SubmitError> {
        let proposal = self
            .propose(forms)
            .unwrap_or_else(|error| panic!("{error:?}"));
        self.append_at(&proposal, now, message)
    }

    pub(crate) fn append(&mut self, proposal: &Proposal) -> Result<Receipt, SubmitError> {
        self.append_at(proposal, NOON, None)
    }

    fn append_at(
        &mut self,
        proposal: &Proposal,
        now: u64,
        message: Option<&str>,
    ) -> Result<Receipt, SubmitError> {
        let appending = Appending {
            key: &self.key,
            now: Instant::from_micros(now),
            accept_clock_jump: false,
            message,
            random: &mut seeded,
        };
        self.ledger.append(proposal, appending)
    }

    pub(crate) fn submit(&mut self, forms: Vec<RecordForm>) -> Receipt {
        self.submit_at(forms, NOON, None).unwrap()
    }

    /// Returns the codes of the faults for which `forms` are refused.
    pub(crate) fn faults(&self, forms: Vec<RecordForm>) -> Vec<&'static str> {
        match self.propose(forms) {
            Err(ProposeError::Refused(faults)) => faults.iter().map(|fault| fault.code).collect(),
            Ok(_) => Vec::new(),
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// Randomness that is none: the same bytes each time.
pub(crate) fn seeded(bytes: &mut [u8]) {
    for (at, byte) in (1_u8..).zip(bytes) {
        *byte = at;
    }
}

/// Returns the form of a record: `text` has a field a line, `name = value`.
pub(crate) fn record(kind: &str, text: &str) -> RecordForm {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let member = |line: &str| {
        let (key, value) = line.trim().split_once(" = ").unwrap();
        member(key, form(value))
    };
    RecordForm {
        kind: kind.to_owned(),
        kind_span: Span::default(),
        members: lines.map(member).collect(),
    }
}

pub(crate) fn member(key: &str, value: Form) -> Member {
    Member {
        key: key.to_owned(),
        key_span: Span::default(),
        value,
    }
}

/// Returns the form of a value: `{name: value}` is a table, all else a text.
pub(crate) fn form(value: &str) -> Form {
    let Some(inner) = value
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
    else {
        return Form::text(value);
    };
    let (key, value) = inner.split_once(": ").unwrap();
    let members = vec![member(key, form(value))];
    Form {
        span: Span::default(),
        value: FormValue::Table(members),
    }
}

pub(crate) fn actor(id: &str) -> RecordForm {
    record(
        "actor",
        &format!("id = {id}\nname = Somebody\nkind = person"),
    )
}

pub(crate) fn office(person: &str) -> RecordForm {
    record(
        "office",
        &format!("person = {person}\ntitle = Envoy\nof = {person}"),
    )
}

/// Returns a table of texts.
pub(crate) fn table(pairs: &[(&str, &str)]) -> Form {
    let members = pairs
        .iter()
        .map(|(key, value)| member(key, Form::text(*value)));
    Form {
        span: Span::default(),
        value: FormValue::Table(members.collect()),
    }
}

/// Returns a list.
pub(crate) fn list(items: Vec<Form>) -> Form {
    Form::list(items)
}
