//! Submitting: what is appended, what is dropped, what is refused.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use chancery_chain::{Instant, Origin, Seq};
use chancery_core::form::{Form, FormValue, Member, RecordForm, Span};
use chancery_core::record::{Names, Record};
use chancery_ledger::keyfile::KeyFile;
use chancery_ledger::{
    Appending, Dossiers, Ledger, Proposal, ProposeError, Receipt, SubmitError, founding, history,
    propose,
};
use chancery_store::RollReader;
use ed25519_dalek::SigningKey;

const NOON: u64 = 1_472_299_200_000_000;
const MINUTE: u64 = 60_000_000;
const DAY: u64 = 24 * 60 * MINUTE;

/// A ledger in a folder of its own, and the key of its archivist.
struct Desk {
    folder: tempfile::TempDir,
    ledger: Ledger,
    key: SigningKey,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let origin = Origin::new("test.example/submitting").unwrap();
        let now = Instant::from_micros(NOON);
        founding::found(folder.path(), &origin, &[], now, &mut seeded).unwrap();
        let file = KeyFile::read(&folder.path().join("keys/archivist")).unwrap();
        let (ledger, _) = Ledger::open(folder.path()).unwrap();
        let key = file.private.unwrap();
        Self {
            folder,
            ledger,
            key,
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn propose(&self, forms: Vec<RecordForm>) -> Result<Proposal, ProposeError> {
        let signer = self.ledger.archivist(&self.key).unwrap();
        let folders = vec![self.path().to_owned()];
        let dossiers = Dossiers { forms, folders };
        propose(self.ledger.store(), &dossiers, signer, &mut |_, _| {})
    }

    fn submit_at(
        &mut self,
        forms: Vec<RecordForm>,
        now: u64,
        message: Option<&str>,
    ) -> Result<Receipt, SubmitError> {
        let proposal = self
            .propose(forms)
            .unwrap_or_else(|error| panic!("{error:?}"));
        let appending = Appending {
            key: &self.key,
            now: Instant::from_micros(now),
            accept_clock_jump: false,
            message,
            random: &mut seeded,
        };
        self.ledger.append(&proposal, appending)
    }

    fn submit(&mut self, forms: Vec<RecordForm>) -> Receipt {
        self.submit_at(forms, NOON, None).unwrap()
    }

    /// Returns the codes of the faults for which `forms` are refused.
    fn faults(&self, forms: Vec<RecordForm>) -> Vec<&'static str> {
        match self.propose(forms) {
            Err(ProposeError::Refused(faults)) => faults.iter().map(|fault| fault.code).collect(),
            Ok(_) => Vec::new(),
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// Randomness that is none: the same bytes each time.
fn seeded(bytes: &mut [u8]) {
    for (at, byte) in (1_u8..).zip(bytes) {
        *byte = at;
    }
}

/// Returns the form of a record: `text` has a field a line, `name = value`.
fn record(kind: &str, text: &str) -> RecordForm {
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

fn member(key: &str, value: Form) -> Member {
    Member {
        key: key.to_owned(),
        key_span: Span::default(),
        value,
    }
}

/// Returns the form of a value: `{name: value}` is a table, all else a text.
fn form(value: &str) -> Form {
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

fn actor(id: &str) -> RecordForm {
    record(
        "actor",
        &format!("id = {id}\nname = Somebody\nkind = person"),
    )
}

fn office(person: &str) -> RecordForm {
    record(
        "office",
        &format!("person = {person}\ntitle = Envoy\nof = {person}"),
    )
}

#[test]
fn a_message_does_not_shift_what_references_point_at() {
    let mut desk = Desk::new();
    let forms = vec![office("kerry"), actor("kerry")];

    let receipt = desk
        .submit_at(forms, NOON, Some("the first dossier"))
        .unwrap();

    let roll = RollReader::open(desk.path()).unwrap();
    let readings = history::readings(&roll, roll.size(), &mut |_, _| {}).unwrap();
    let office = readings
        .reading(receipt.first.get())
        .unwrap()
        .record
        .clone();
    let Record::Office(office) = office else {
        panic!("{office:?}")
    };
    assert_eq!(readings.name(office.person.0), "kerry");
    let last = Seq::new(receipt.first.get() + 3);
    assert_eq!(receipt.last, last, "two records, message, closing");
}

#[test]
fn what_is_held_already_is_dropped_whether_it_has_an_id_or_not() {
    let mut desk = Desk::new();
    desk.submit(vec![actor("kerry"), office("kerry")]);

    let again = desk
        .propose(vec![actor("kerry"), office("kerry"), actor("lavrov")])
        .unwrap();

    assert_eq!((again.records.len(), again.already_held), (1, 2));
}

#[test]
fn a_record_that_stands_twice_in_one_submission_is_appended_once() {
    let desk = Desk::new();
    let twice = vec![
        actor("kerry"),
        actor("kerry"),
        office("kerry"),
        office("kerry"),
    ];

    let proposal = desk.propose(twice).unwrap();

    assert_eq!((proposal.records.len(), proposal.already_held), (2, 2));
}

#[test]
fn an_id_names_one_record_only() {
    let mut desk = Desk::new();
    let other = || record("actor", "id = kerry\nname = Another\nkind = person");

    assert_eq!(desk.faults(vec![actor("kerry"), other()]), ["doubled-id"]);
    desk.submit(vec![actor("kerry")]);
    assert_eq!(desk.faults(vec![other()]), ["id-taken"]);
}

#[test]
fn a_supplement_sets_what_is_absent_and_is_harmless_when_sent_again() {
    let mut desk = Desk::new();
    let ended = || {
        record(
            "supplement",
            "supplements = office-5\nset = {until: 2017-01-20}",
        )
    };
    let again = || {
        record(
            "supplement",
            "supplements = office-5\nset = {until: 2017-01-21}",
        )
    };
    desk.submit(vec![office("kerry"), actor("kerry")]);

    desk.submit(vec![ended()]);

    assert_eq!(desk.propose(vec![ended()]).unwrap().already_held, 1);
    assert_eq!(desk.faults(vec![again()]), ["not-absent"]);
}

#[test]
fn changes_name_earlier_entries_only() {
    let desk = Desk::new();
    let correction = record(
        "correction",
        "corrects = kerry\nreason = x\nset = {name: John}",
    );

    assert_eq!(
        desk.faults(vec![actor("kerry"), correction]),
        ["not-earlier"]
    );
}

#[test]
fn nobody_attests_what_the_same_key_appended() {
    let mut desk = Desk::new();
    desk.submit(vec![actor("kerry")]);

    let attestation = record("attestation", "attests = kerry\ngrounds = read beside it");

    assert_eq!(desk.faults(vec![attestation]), ["same-person"]);
}

#[test]
fn the_ledgers_time_never_goes_back() {
    let mut desk = Desk::new();
    desk.submit_at(vec![actor("a")], NOON + DAY, None).unwrap();

    let clamped = desk
        .submit_at(vec![actor("b")], NOON + DAY - 4 * MINUTE, None)
        .unwrap();
    let behind = desk.submit_at(vec![actor("c")], NOON + DAY - 6 * MINUTE, None);
    let ahead = desk.submit_at(vec![actor("c")], NOON + 402 * DAY, None);

    assert!(matches!(behind, Err(SubmitError::ClockBehind)));
    assert!(matches!(ahead, Err(SubmitError::ClockAhead)));
    let roll = RollReader::open(desk.path()).unwrap();
    let submissions = history::submissions(&roll).unwrap();
    let last = submissions.last().unwrap();
    assert_eq!(
        (last.last, last.recorded_at.micros()),
        (clamped.last, NOON + DAY)
    );
}

#[test]
fn a_key_that_is_not_an_archivists_signs_nothing() {
    let mut desk = Desk::new();
    let proposal = desk.propose(vec![actor("kerry")]).unwrap();
    let before = desk.ledger.head();
    let stranger = SigningKey::from_bytes(&[9; 32]);
    let appending = Appending {
        key: &stranger,
        now: Instant::from_micros(NOON),
        accept_clock_jump: false,
        message: None,
        random: &mut seeded,
    };

    let refused = desk.ledger.append(&proposal, appending);

    assert!(matches!(refused, Err(SubmitError::NotAnArchivist { .. })));
    assert_eq!(desk.ledger.head(), before);
}

#[test]
fn a_message_that_cannot_be_printed_is_refused() {
    let mut desk = Desk::new();

    let refused = desk.submit_at(vec![actor("kerry")], NOON, Some("two\nlines"));

    assert!(matches!(refused, Err(SubmitError::Seal(_))));
}

#[test]
fn private_keys_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    let mode = |path: &str| {
        let metadata = std::fs::metadata(desk.path().join(path)).unwrap();
        metadata.permissions().mode() & 0o777
    };

    for file in ["keys/log", "keys/archivist", "keys/keeper"] {
        assert_eq!(mode(file), 0o600);
    }
    assert_eq!(mode("keys"), 0o700);
}
