use ed25519_dalek::SigningKey;
use proptest::prelude::*;

use super::*;
use crate::authority::Decision;
use crate::expunging::{Expunging, MAX_AUTHORITY, MAX_ID, MAX_REASON};
use crate::payload::{MAX_KEY_NAME, Revocation, Role};
use crate::testing::{ARCHIVIST, KEEPER, Ledger, enrolment, key, origin};

/// The private keys of the keepers that the request names.
const KEEPERS: [u8; 3] = [3, 9, 10];

fn acts() -> Vec<Act> {
    vec![
        Act::Expunge(Expunging {
            seq: Seq::new(7),
            id: "courier-named".to_owned(),
            authority: "decision-12".to_owned(),
            reason: "names a person under protection".to_owned(),
        }),
        Act::Enrol(enrolment(Role::Archivist, 8)),
        Act::Revoke(Revocation {
            key: ARCHIVIST,
            since: Some(Seq::new(5)),
            reason: "stolen".to_owned(),
        }),
        Act::SetQuorum(Quorum::ONE),
    ]
}

fn request() -> Request {
    let keeper = |seed: &u8| Keeper {
        key: key(*seed).verifying_key(),
        name: format!("keeper {seed}"),
    };
    let (quorum, keepers) = (Quorum::new(2).unwrap(), KEEPERS.iter().map(keeper));
    Request::new(origin(), [7; 16], quorum, keepers.collect(), acts()).unwrap()
}

fn approved(by: &[u8]) -> Request {
    let mut request = request();
    for seed in by {
        request.approve(&key(*seed)).unwrap();
    }
    request
}

#[test]
fn a_request_reads_as_it_was_written() {
    for request in [request(), approved(&[3]), approved(&[9, 3, 10])] {
        let text = request.to_string();

        let read = Request::parse(text.as_bytes());

        assert_eq!(read, Ok(request));
    }
}

#[test]
fn a_request_is_the_published_one() {
    let published = include_str!("../../../../tests/vectors/request.txt");

    assert_eq!(approved(&[3, 9]).to_string(), published);
}

#[test]
fn a_request_that_mail_gave_other_line_ends_is_the_same() {
    let text = approved(&[3]).to_string().replace('\n', "\r\n");

    let read = Request::parse(text.as_bytes());

    assert_eq!(read, Ok(approved(&[3])));
}

#[test]
fn copies_approved_of_apart_become_one() {
    let mut here = approved(&[3]);

    here.merge(approved(&[9, 3])).unwrap();
    let refused = Request::new(
        origin(),
        [8; 16],
        here.quorum(),
        Vec::new(),
        here.acts().to_vec(),
    );
    let refused = here.merge(refused.unwrap());

    assert_eq!(here, approved(&[3, 9]));
    assert_eq!(refused, Err(NotOneRequest));
}

#[test]
fn only_a_keeper_approves_and_once() {
    let mut request = approved(&[3]);

    assert_eq!(request.approve(&key(2)), Err(NotApproved::NotAKeeper));
    assert_eq!(request.approve(&key(3)), Err(NotApproved::Already));
}

#[test]
fn a_request_for_nothing_is_none() {
    let none = Request::new(origin(), [0; 16], Quorum::ONE, Vec::new(), Vec::new());

    assert_eq!(none, Err(NoRequest::Empty));
}

#[test]
fn the_approvals_are_those_that_the_ledger_counts() {
    let request = approved(&[3, 9]);
    let ledger = Ledger::founded();
    let mut keyring = crate::keyring::Keyring::new();
    for entry in &ledger.entries {
        let envelope = crate::envelope::Envelope::decode(&entry.envelope).unwrap();
        keyring.learn(&envelope).unwrap();
    }
    keyring.enrol(Seq::new(4), enrolment(Role::Keeper, 9));
    let enrolled = |known: &VerifyingKey| {
        let mut keys = keyring.in_force(Role::Keeper, Seq::new(9));
        let found = keys.find(|(_, one)| one.key == *known);
        found.map(|(seq, _)| seq)
    };

    let mut decision = Decision::new();
    for act in request.acts() {
        decision.decide(act.kind(), &act.encode().unwrap());
    }
    for approval in request.approvals(enrolled) {
        decision.approve(Seq::new(12), approval);
    }
    let weighed = decision.weigh(&origin(), &keyring, Seq::new(9), None);

    let keepers: Vec<Seq> = weighed.keepers.values().copied().collect();
    assert_eq!(weighed.faults, []);
    assert_eq!(keepers.len(), 2);
    assert!(keepers.contains(&KEEPER) && keepers.contains(&Seq::new(4)));
}

#[test]
fn a_line_that_is_none_is_named() {
    let text = approved(&[3]).to_string();
    let cases = [
        (
            "chancery-request@v1",
            "chancery-request@v2",
            MalformedRequest::FirstLine,
        ),
        (
            "origin ",
            "origin a+b ",
            line(2, "`origin` and the ledger's name"),
        ),
        (
            "nonce B",
            "nonce ",
            line(3, "`nonce` and sixteen bytes in base64"),
        ),
        (
            "quorum 2",
            "quorum 02",
            line(4, "`quorum` and a number of keepers"),
        ),
        (
            "quorum 2",
            "quorum 0",
            line(4, "`quorum` and a number of keepers"),
        ),
        (
            "keeper 3",
            "keeper\t3",
            MalformedRequest::None(MalformedPayload::KeyName.into()),
        ),
        (
            "act 8 AQ==",
            "act 8 AA==",
            line(11, "`act`, its kind, and its payload in base64"),
        ),
        (
            "act 8 AQ==",
            "act 9 AQ==",
            line(11, "`act`, its kind, and its payload in base64"),
        ),
        (
            "act 8 AQ==",
            "acts 8 AQ==",
            line(11, "`keeper`, `act`, or an empty line"),
        ),
        (
            "approval ",
            "approved ",
            line(13, "`approval`, a key and a signature in base64"),
        ),
    ];
    for (from, to, expected) in cases {
        let changed = text.replacen(from, to, 1);

        assert_ne!(changed, text, "{from}");
        assert_eq!(Request::parse(changed.as_bytes()), Err(expected), "{to}");
    }
}

#[test]
fn an_approval_of_something_else_or_given_twice_is_refused_with_its_line() {
    let text = approved(&[3]).to_string();
    let last = text.lines().last().unwrap();
    let other = text.replacen("quorum 2", "quorum 1", 1);
    let other_act = text.replacen("act 8 AQ==", "act 8 Ag==", 1);

    let twice = Request::parse(format!("{text}{last}\n").as_bytes());
    let of_another = Request::parse(other_act.as_bytes());

    assert_eq!(twice, Err(MalformedRequest::Approval { line: 14 }));
    assert_eq!(of_another, Err(MalformedRequest::Approval { line: 13 }));
    // What only tells people something is not signed, and decides nothing.
    assert!(Request::parse(other.as_bytes()).is_ok());
}

#[test]
fn what_is_too_long_or_no_text_is_refused_unread() {
    let of = |length| Request::parse(&vec![b'a'; length]);

    assert_eq!(of(LONGEST), Err(MalformedRequest::FirstLine));
    assert_eq!(of(LONGEST + 1), Err(MalformedRequest::TooLong));
    assert_eq!(Request::parse(&[0xff]), Err(MalformedRequest::Text));
}

#[test]
fn what_is_wrong_with_one_line_says_which() {
    let none = NoRequest::from(MalformedPayload::KeyName);

    assert_eq!(MalformedRequest::FirstLine.line(), Some(1));
    assert_eq!(line(7, "").line(), Some(7));
    assert_eq!(MalformedRequest::Approval { line: 13 }.line(), Some(13));
    assert_eq!(MalformedRequest::Text.line(), None);
    assert_eq!(MalformedRequest::TooLong.line(), None);
    assert_eq!(MalformedRequest::None(none).line(), None);
}

/// The keepers with these private keys, whose names are as long as may be.
fn keepers(seeds: std::ops::Range<u64>) -> Vec<Keeper> {
    let keeper = |seed| Keeper {
        key: numbered(seed).verifying_key(),
        name: format!("{seed:0MAX_KEY_NAME$}"),
    };
    seeds.map(keeper).collect()
}

fn numbered(seed: u64) -> SigningKey {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    SigningKey::from_bytes(&bytes)
}

/// An expunging with the longest texts that it may have.
fn longest_act() -> Act {
    Act::Expunge(Expunging {
        seq: Seq::new(7),
        id: "i".repeat(MAX_ID),
        authority: "a".repeat(MAX_AUTHORITY),
        reason: "r".repeat(MAX_REASON),
    })
}

#[test]
fn the_longest_request_that_can_be_written_is_read() {
    let acts = vec![longest_act(); 4096];
    let keepers = keepers(0..4096);
    let mut request = Request::new(origin(), [7; 16], Quorum::ONE, keepers, acts).unwrap();
    for seed in 0..255 {
        request.approve(&numbered(seed)).unwrap();
    }

    let text = request.to_string().replace('\n', "\r\n");

    assert_eq!(Request::parse(text.as_bytes()), Ok(request));
}

#[test]
fn a_request_for_too_much_at_once_is_none() {
    let of = |keepers, acts| {
        let acts = vec![Act::SetQuorum(Quorum::ONE); acts];
        Request::new(origin(), [7; 16], Quorum::ONE, keepers, acts)
    };
    let named = vec![keepers(0..1).remove(0); 4097];

    assert_eq!(of(Vec::new(), 4097), Err(NoRequest::TooMany));
    assert_eq!(of(named, 1), Err(NoRequest::TooMany));
}

#[test]
fn a_request_has_no_more_approvals_than_a_submission() {
    let unapproved = || {
        let acts = vec![Act::SetQuorum(Quorum::ONE)];
        Request::new(origin(), [7; 16], Quorum::ONE, keepers(0..256), acts).unwrap()
    };
    let by = |seeds: std::ops::Range<u64>| {
        let mut request = unapproved();
        seeds.for_each(|seed| request.approve(&numbered(seed)).unwrap());
        request
    };
    let (mut full, last) = (by(0..255), by(255..256));
    let line = last.to_string().lines().last().unwrap().to_owned();
    let number = full.to_string().lines().count() + 1;

    let read = Request::parse(format!("{full}{line}\n").as_bytes());

    assert_eq!(read, Err(MalformedRequest::Approval { line: number }));
    assert_eq!(full.approve(&numbered(255)), Err(NotApproved::TooMany));
    full.merge(last).unwrap();
    assert_eq!(full, by(0..255));
}

#[test]
fn a_request_says_what_is_asked_and_of_whom_and_who_agreed() {
    let request = approved(&[9, 3]);

    let names: Vec<&str> = request
        .keepers()
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(names, ["keeper 3", "keeper 9", "keeper 10"]);
    assert_eq!(request.quorum().get(), 2);
    assert_eq!(request.origin(), &origin());
    assert_eq!(request.acts(), acts());
    assert_eq!(request.acts_hash(), &ActsHash::of(&acts()).unwrap());
    let of = |seed: u8| key(seed).verifying_key();
    let agreed: Vec<VerifyingKey> = request.approved().copied().collect();
    assert_eq!(agreed, [of(9), of(3)]);
    assert_eq!(request.name_of(&of(10)), Some("keeper 10"));
    assert_eq!(request.name_of(&of(2)), None);
}

fn line(line: usize, expected: &'static str) -> MalformedRequest {
    MalformedRequest::Line { line, expected }
}

proptest! {
    #[test]
    fn a_changed_byte_never_approves_of_something_else(at in 0usize..900, to: u8) {
        let original = approved(&[3, 9]);
        let mut bytes = original.to_string().into_bytes();
        let at = at % bytes.len();
        bytes[at] = to;

        if let Ok(read) = Request::parse(&bytes) {
            // Whoever is counted has signed just these acts for just this ledger.
            prop_assert_eq!(read.approved().count(), 2);
            prop_assert_eq!(read.acts(), original.acts());
            prop_assert_eq!(read.origin(), original.origin());
        }
    }
}
