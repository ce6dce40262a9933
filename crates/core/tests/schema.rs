//! The schema as `docs/format.md` publishes it, and bytes that are for ever.
//!
//! The tables of the document are made from the code, so that neither can say
//! what the other does not; `CHANCERY_WRITE_VECTORS=1` writes them anew, and
//! writes golden bytes only where there are none yet.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::too_many_lines
)]

use std::fmt::Write as _;
use std::path::PathBuf;

use chancery_core::date::Date;
use chancery_core::record::*;
use serde::Serialize;

const BEGIN: &str = "<!-- schema 1: made from the code -->\n";
const END: &str = "<!-- end of schema 1 -->\n";

fn project(path: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join(path)
}

fn writes() -> bool {
    std::env::var_os("CHANCERY_WRITE_VECTORS").is_some()
}

fn fields_table(text: &mut String, title: &str, fields: &[FieldSpec]) {
    writeln!(
        text,
        "**{title}**\n\n| field | number | type |\n| --- | --- | --- |"
    )
    .unwrap();
    for field in fields {
        let kind = field.type_name.replace(' ', "");
        let kind = if field.required {
            kind
        } else {
            format!("option of {kind}")
        };
        writeln!(text, "| `{}` | {} | {kind} |", field.name, field.number).unwrap();
    }
    text.push('\n');
}

macro_rules! tables {
    ($text:ident: $($name:ident),*) => {
        $( fields_table(&mut $text, stringify!($name), $name::FIELDS); )*
    };
}

macro_rules! vocabularies {
    ($text:ident: $($name:ident),*) => { $(
        let words: Vec<String> = $name::ALL
            .iter()
            .enumerate()
            .map(|(number, word)| format!("{number} `{}`", word.word()))
            .collect();
        writeln!($text, "- **{}**: {}", stringify!($name), words.join(", ")).unwrap();
    )* };
}

fn schema() -> String {
    let mut text = String::from("### Records\n\n");
    for kind in RecordKind::ALL {
        fields_table(
            &mut text,
            &format!("{} {}", kind.number(), kind.name()),
            kind.fields(),
        );
    }
    text.push_str("### Tables inside records\n\n");
    tables!(text: WrittenDate, Evidence, Order, Span, Code, Name, GroupMember, Participant,
        RegisterNumber, WrittenCondition, EntryIntoForce, Each, Group, WithdrawalTerms);
    text.push_str("### Words\n\n");
    vocabularies!(text: ActorKind, EventKind, ParticipantRole, Mode, InstrumentKind, Force, Terms,
        Reservations, ActKind, Vote, OccurrenceKind, OperationKind, ClaimKind, ConditionState,
        RoundingWord, AfterWord);
    text.push('\n');
    text
}

#[test]
fn the_format_document_says_what_the_code_says() {
    let path = project("docs/format.md");
    let document = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = document.split_once(BEGIN).expect("the schema's first mark");
    let (held, after) = rest.split_once(END).expect("the schema's last mark");

    if writes() && held != schema() {
        std::fs::write(&path, format!("{before}{BEGIN}{}{END}{after}", schema())).unwrap();
        return;
    }
    assert!(
        held == schema(),
        "docs/format.md is not as the code is: CHANCERY_WRITE_VECTORS=1"
    );
}

/// One record of each kind, with as many sorts of value as its fields have.
fn records() -> Vec<Record> {
    let id = |text: &str| Id::new(text).unwrap();
    let evidence = vec![Evidence {
        source: SourceRef(7),
        quote: Some("exact words".into()),
        prefix: None,
        suffix: Some("after".into()),
        locator: Some("p. 3".into()),
        start: Some(120),
        end: Some(131),
    }];
    let written = Date {
        edtf: "2016-07".into(),
        phrase: Some("last month".into()),
        calendar: Some("gregorian".into()),
        because: Some("counted from the day of speaking".into()),
    };
    let days = |days| Span {
        days: Some(days),
        months: None,
    };
    macro_rules! record {
        ($kind:ident { $($field:ident: $value:expr,)* } none $($absent:ident)*) => {
            Record::from($kind {
                evidence: None, order: None, note: None, tags: None, codes: None,
                $($field: $value,)* $($absent: None,)*
            })
        };
    }
    let statement = Statement {
        speakers: vec![ActorRef(5), ActorRef(6)],
        said: Date::new("2016-08-26"),
        mode: Mode::Paraphrased,
        evidence: Some(evidence),
        order: Some(vec![Order {
            after: Some(AnyRef(9)),
            before: None,
            same_day: None,
            at_least: Some(days(0)),
            at_most: Some(days(30)),
        }]),
        note: Some("§ “ü”".into()),
        tags: Some(vec!["syria".into()]),
        codes: Some(vec![Code {
            scheme: "plover-2024".into(),
            code: "AGREE".into(),
        }]),
        id: Some(()).map(|()| id("s")).unwrap(),
        text: None,
        capacity: Some("Secretary of State".into()),
        on_behalf_of: None,
        to: None,
        via: None,
        place: None,
        occasion: Some(EventRef(11)),
        about: Some(vec![AnyRef(12)]),
        corroborates: None,
        contradicts: Some(vec![SayingRef(13)]),
        reply_to: None,
    };
    let rule = EntryIntoForce {
        consents: Some(60),
        counting: Some(vec![ActKind::Ratification]),
        excluding: Some(vec![ActorRef(8)]),
        eligible: Some(Eligible(InstrumentRef(14))),
        requires: None,
        shares: Some(Shares(vec![Share {
            actor: ActorRef(5),
            per_cent: Exact("17.89".into()),
        }])),
        at_least: Some(Exact("2/3".into())),
        groups: Some(vec![Group {
            of: vec![ActorRef(5)],
            at_least: 1,
        }]),
        delay: Some(days(60)),
        rounding: Some(RoundingWord::FirstOfNextMonth),
        not_before: Some(Date::new("1995-01-13")),
        on_day: None,
        each: Some(Each {
            after: Some(AfterWord::EntryIntoForce),
            delay: Some(days(30)),
            rounding: None,
        }),
    };
    let changes = Changes(vec![
        Change {
            field: 4,
            value: None,
        },
        Change {
            field: 18,
            value: Some(vec![2, 0, 0, 0]),
        },
    ]);
    vec![
        record!(Actor {
            id: id("usa"), name: "United States".into(), kind: ActorKind::State,
            names: Some(vec![Name { name: "USA".into(), from: None, until: None, language: Some("en".into()) }]),
            identifiers: Labels::try_from(vec![("iso3166".into(), "US".into())]).ok(),
            members: Some(vec![GroupMember { actor: ActorRef(5), from: Some(written.clone()), until: None }]),
        } none from until predecessors same_as),
        record!(Office {
            person: ActorRef(5), title: "Secretary of State".into(), of: ActorRef(6), from: Some(Date::new("")),
        } none id until),
        record!(Source {
            id: id("src"), title: "A news item".into(),
            file: Some(Custody { digest: [7; 32], length: 4242, name: "item.txt".into() }),
            media_type: Some("text/plain".into()), derived_from: Some(vec![SourceRef(3)]),
        } none kind creator publisher published revised captured url language rights repository reference level
          extent part_of place access disclaimer),
        record!(Event {
            id: id("talks"), title: "Talks".into(), kind: Some(EventKind::Talks),
            held: Some(Date::new("2016-07-14/2016-07-15")),
            participants: Some(vec![Participant { actor: ActorRef(5), role: Some(ParticipantRole::Party) }]),
        } none announced planned_for called_off place),
        Record::from(statement),
        record!(Issue {
            id: id("issue"), title: "Details".into(), opened: Some(Date::new("../2016-08-26")),
        } none closed actors about),
        record!(Instrument {
            id: id("treaty"), title: "A treaty".into(), kind: InstrumentKind::Treaty, force: Some(Force::Legal),
            terms: Some(Terms::Public), reservations: Some(Reservations::Prohibited),
            references: Some(vec![RegisterNumber { register: "UNTS".into(), number: "27531".into() }]),
            entry_into_force: Some(rule),
            withdrawal: Some(WithdrawalTerms {
                notice: Some(Span { days: None, months: Some(12) }),
                not_before: Some(NotBefore::After(days(365))),
            }),
        } none adopted opened closes place depositary amends supersedes implements cites text),
        record!(Act {
            instrument: InstrumentRef(14), by: ActorRef(5), kind: ActKind::Vote, on: Date::new("1998-07-17"),
            vote: Some(Vote::Abstain), precludes_entry_into_force: Some(true), target: Some(ActRef(15)),
        } none id effective signed_by article succeeds territory text treats_as),
        record!(Occurrence {
            instrument: InstrumentRef(14), kind: OccurrenceKind::EntryIntoForce, on: Date::new("2002-07-01"),
            according_to: Some(vec![AuthorityRef(7)]),
        } none id),
        record!(Commitment {
            id: id("c"), debtors: Parties::OfInstrument, text: "To cease fire".into(), made: written,
            creditors: Some(Parties::Listed(vec![ActorRef(6)])),
            condition: Some(Condition(WrittenCondition {
                text: Some("if implemented".into()), on: Some(ConditionRef(16)), state: Some(ConditionState::Closed),
            })),
        } none under article stated_in force from due until place),
        record!(Operation {
            commitment: CommitmentRef(17), kind: OperationKind::Supersede, on: Date::new("2016-09"),
            to: Some(vec![SuccessorRef(18)]),
        } none id by),
        record!(Claim {
            about: ClaimableRef(17), claims: ClaimKind::Violated, by: vec![ActorRef(5)], said: Date::new("2016-08-26"),
            on: Some(Date::new("2016-08-20/2016-08-26")),
        } none id against stated_in),
        record!(Attestation { attests: vec![AnyRef(17)], grounds: "read beside it".into(), } none id),
        record!(Supplement { supplements: AnyRef(17), set: changes.clone(), } none id),
        record!(Correction { corrects: AnyRef(17), changes: changes, reason: "misread".into(), } none id),
        record!(Retraction { retracts: AnyRef(17), reason: "never said".into(), } none id),
    ]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

#[test]
fn published_bytes_never_change() {
    let lines = records().into_iter().map(|record| {
        format!(
            "{} {} {}\n",
            record.kind().number(),
            record.kind().name(),
            hex(&record.encode())
        )
    });
    let made: String = lines.collect();
    let path = project("tests/vectors/records-schema-1.txt");

    if writes() && !path.exists() {
        std::fs::write(&path, &made).unwrap();
    }

    let held = std::fs::read_to_string(&path).unwrap();
    for (held, made) in held.lines().zip(made.lines()) {
        assert_eq!(held, made);
    }
    assert_eq!(held.lines().count(), RecordKind::ALL.len());
}

#[test]
fn every_kind_reads_back_from_its_bytes_and_from_its_fields() {
    for record in records() {
        let bytes = record.encode();

        let read = Record::decode(record.kind().number(), SCHEMA, &bytes);

        assert_eq!(read.as_ref(), Ok(&record));
        assert_eq!(
            Record::from_fields(record.kind(), &record.to_fields()),
            Some(record)
        );
    }
}

#[test]
fn another_implementation_of_the_encoding_agrees() {
    fn other<T: Serialize>(value: &T) -> Vec<u8> {
        bincode1::serialize(value).unwrap()
    }
    for record in records() {
        let bytes = match &record {
            Record::Actor(record) => other(record.as_ref()),
            Record::Statement(record) => other(record.as_ref()),
            Record::Instrument(record) => other(record.as_ref()),
            Record::Commitment(record) => other(record.as_ref()),
            Record::Correction(record) => other(record.as_ref()),
            _ => continue,
        };

        assert_eq!(bytes, record.encode());
    }
}

#[test]
fn bytes_that_are_cut_lengthened_or_altered_never_read_as_the_same_record() {
    for record in records() {
        let (number, bytes) = (record.kind().number(), record.encode());
        for length in 0..bytes.len() {
            assert!(Record::decode(number, SCHEMA, &bytes[..length]).is_err());
        }
        let longer = [bytes.as_slice(), &[0]].concat();
        assert!(Record::decode(number, SCHEMA, &longer).is_err());
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut altered = bytes.clone();
                altered[at] ^= 1 << bit;
                if let Ok(read) = Record::decode(number, SCHEMA, &altered) {
                    assert_ne!(read, record);
                    assert_eq!(read.encode(), altered, "one record, one encoding");
                }
            }
        }
    }
}

#[test]
fn a_length_that_lies_allocates_nothing() {
    let mut body = vec![0; 12];
    body[..8].copy_from_slice(&u64::MAX.to_le_bytes());

    for kind in RecordKind::ALL {
        assert!(Record::decode(kind.number(), SCHEMA, &body).is_err());
    }
}

#[test]
fn unknown_kinds_and_schemas_are_told_apart_from_damage() {
    assert_eq!(
        Record::decode(999, SCHEMA, &[]),
        Err(MalformedRecord::Kind(999))
    );
    assert_eq!(Record::decode(256, 2, &[]), Err(MalformedRecord::Schema(2)));
}
