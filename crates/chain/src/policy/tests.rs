//! Tests of policies: what reads, what is said of what does not, and who is enough.

use proptest::prelude::*;

use super::*;
use crate::note::NoteSignature;
use crate::payload::Origin;
use crate::position::Size;
use crate::testing::key;
use crate::tree::empty_root;

const ORIGIN: &str = "archive.example/test";

fn log() -> VerifierKey {
    VerifierKey::new(ORIGIN, key(100).verifying_key()).unwrap()
}

/// The key of the witness with this number, from zero.
fn witness(number: u8) -> VerifierKey {
    let name = format!("witness.example/w{number}");
    VerifierKey::cosigner(&name, key(number + 1).verifying_key()).unwrap()
}

/// A checkpoint cosigned by these witnesses at these seconds.
fn note(cosigned: &[(u8, u64)]) -> Note {
    let origin = Origin::new(ORIGIN).unwrap();
    let checkpoint = Checkpoint::new(&origin, Size::EMPTY, empty_root());
    let mut note = checkpoint.sign(&key(100)).unwrap();
    let text = note.text().to_owned();
    for (number, second) in cosigned {
        let (name, key) = (witness(*number).name().to_owned(), key(number + 1));
        let line = NoteSignature::of_witness(&text, &name, &key, at(*second));
        note.add(line.unwrap());
    }
    note
}

fn at(second: u64) -> Instant {
    Instant::from_micros(second * 1_000_000)
}

fn parse(text: &str) -> Result<Policy, BadPolicy> {
    Policy::parse(text.as_bytes())
}

/// The example of the specification, with keys.
fn example() -> Policy {
    let witnesses: Vec<String> = ["X1", "X2", "X3", "Y1", "Y2", "Y3"]
        .iter()
        .zip(0..)
        .map(|(name, number)| format!("witness {name} {}\n", witness(number)))
        .collect();
    let witnesses = witnesses.concat();
    let text = format!(
        "# two organisations\n\n log\t{} https://archive.example/log \n{witnesses}\
         group X-witnesses 2 X1 X2 X3\ngroup Y-witnesses any Y1 Y2 Y3\n\
         group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y",
        log()
    );
    parse(&text).unwrap()
}

fn lacks(judged: Result<Believed, Disbelieved>) -> String {
    let Err(disbelieved) = judged else {
        return String::new();
    };
    disbelieved.to_string()
}

#[test]
fn the_example_of_the_specification_is_met_and_missed_as_it_says() {
    let policy = example();

    assert_eq!(
        policy.logs()[0].url.as_deref(),
        Some("https://archive.example/log")
    );
    assert_eq!(policy.witnesses().len(), 6);
    let enough = policy.judge(&note(&[(0, 5), (2, 6), (4, 7)])).unwrap();
    assert_eq!(
        enough.signers(),
        [
            ORIGIN,
            "witness.example/w0",
            "witness.example/w2",
            "witness.example/w4"
        ]
    );
    assert_eq!(enough.cosigned[1].witness, "X3");
    assert_eq!(enough.cosigned[1].seen, at(6));
    assert_eq!(
        lacks(policy.judge(&note(&[(0, 5), (4, 7)]))),
        "too few witnesses cosigned the checkpoint: \
         X-and-Y needs 2 of X-witnesses, Y-witnesses and has Y-witnesses; \
         X-witnesses needs 2 of X1, X2, X3 and has X1"
    );
    assert_eq!(
        lacks(policy.judge(&note(&[]))),
        "too few witnesses cosigned the checkpoint: \
         X-and-Y needs 2 of X-witnesses, Y-witnesses and has none; \
         X-witnesses needs 2 of X1, X2, X3 and has none; \
         Y-witnesses needs 1 of Y1, Y2, Y3 and has none"
    );
}

#[test]
fn one_witness_may_be_the_quorum_and_nobody_may() {
    let one = parse(&format!(
        "log {}\nwitness w {}\nquorum w\n",
        log(),
        witness(0)
    ))
    .unwrap();
    let none = parse(&format!("log {}\nquorum none\n", log())).unwrap();

    assert!(one.judge(&note(&[(0, 9)])).is_ok());
    assert_eq!(
        lacks(one.judge(&note(&[(1, 9)]))),
        "too few witnesses cosigned the checkpoint: w did not"
    );
    assert!(none.needs_nobody());
    assert_eq!(none.judge(&note(&[])).unwrap().seen, None);
}

#[test]
fn keys_by_themselves_ask_for_any_log_and_for_every_witness() {
    let policy = Policy::of(&[log(), witness(0), witness(1)]);

    assert!(policy.judge(&note(&[(0, 1), (1, 2)])).is_ok());
    assert_eq!(
        lacks(policy.judge(&note(&[(0, 1)]))),
        "too few witnesses cosigned the checkpoint: the witnesses named needs 2 of \
         witness.example/w0, witness.example/w1 and has witness.example/w0"
    );
    assert!(Policy::of(&[log()]).needs_nobody());
}

#[test]
fn a_log_that_is_not_believed_or_signs_under_another_name_does_not_count() {
    let other = VerifierKey::new("archive.example/other", key(100).verifying_key()).unwrap();
    let mut renamed = note(&[]);
    let text = renamed.text().to_owned();
    renamed.add(NoteSignature::of_log(&text, other.name(), &key(100)).unwrap());

    for (policy, note) in [
        (Policy::of(&[witness(0)]), note(&[(0, 1)])),
        (Policy::of(std::slice::from_ref(&other)), note(&[])),
        (Policy::of(&[other]), renamed),
    ] {
        let judged = policy.judge(&note);
        let expected = Disbelieved::Unsigned(Unverified::NoKnownKey);
        assert_eq!(judged, Err(expected));
    }
}

#[test]
fn a_checkpoint_that_witnesses_signed_and_its_log_did_not_is_not_believed() {
    let signed = note(&[(0, 1)]);
    let mut unsigned = Note::new(signed.text()).unwrap();
    unsigned.add(signed.signatures()[1].clone());

    let judged = Policy::of(&[log(), witness(0)]).judge(&unsigned);

    let expected = Disbelieved::Unsigned(Unverified::NoKnownKey);
    assert_eq!(judged, Err(expected));
}

#[test]
fn of_a_logs_keys_those_that_signed_are_named_and_each_once() {
    let next = VerifierKey::new(ORIGIN, key(101).verifying_key()).unwrap();

    let believed = Policy::of(&[next, log(), log()]).judge(&note(&[]));

    assert_eq!(believed.unwrap().logs, [log()]);
}

#[test]
fn a_witness_of_a_type_not_read_here_never_counts() {
    // The type of ML-DSA-44, with as many bytes as its keys have.
    let mut bytes = vec![6];
    bytes.extend([9; 1312]);
    let key = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes);
    let text = |quorum| {
        let w = witness(0);
        format!(
            "log {}\nwitness pq pq.example+01234567+{key}\nwitness w {w}\ngroup g {quorum} pq w\nquorum g\n",
            log()
        )
    };

    let any = parse(&text("any")).unwrap();
    let all = parse(&text("all")).unwrap();

    assert!(any.judge(&note(&[(0, 1)])).is_ok());
    assert!(lacks(all.judge(&note(&[(0, 1)]))).contains("g needs 2 of pq, w and has w"));
}

#[test]
fn what_is_wrong_with_a_policy_is_said_with_its_line() {
    let (w0, w1, log) = (witness(0), witness(1), log());
    let cut = w0.to_string().replace('+', " ");
    for (text, expected) in [
        (String::new(), "line 1: a policy needs a line `quorum NAME`, or `quorum none`".to_owned()),
        ("# nothing\n".to_owned(), "line 2: a policy needs a line `quorum NAME`, or `quorum none`".to_owned()),
        ("quorum none\r\n".to_owned(), "line 1: a policy has no control characters but tabs and newlines, and this line has 0x0d".to_owned()),
        ("quorums none\n".to_owned(), "line 1: a line begins with log, witness, group or quorum, not with quorums".to_owned()),
        ("\nlog\n".to_owned(), "line 2: such a line is written: log VKEY [URL]".to_owned()),
        (format!("log {log} url more\n"), "line 1: such a line is written: log VKEY [URL]".to_owned()),
        ("witness w\n".to_owned(), "line 1: such a line is written: witness NAME VKEY [URL]".to_owned()),
        (format!("witness {cut}\n"), format!("line 1: {} is no verifier key: one is written name+hash+base64", cut.split(' ').nth(1).unwrap())),
        ("log name+00000000+AQ==\n".to_owned(), "line 1: name+00000000+AQ== is no verifier key: one is written name+hash+base64".to_owned()),
        (format!("witness w {log}\n"), format!("line 1: {log} is a log's key (type 1): a witness has one that cosigns (type 4)")),
        (format!("log {log}\nlog {log}\n"), format!("line 2: the key of {ORIGIN} stands here a second time")),
        (format!("witness a {w0}\nwitness b {w0}\n"), "line 2: the key of witness.example/w0 stands here a second time".to_owned()),
        (format!("witness a {w0}\nwitness a {w1}\n"), "line 2: the name a is taken already".to_owned()),
        (format!("witness none {w0}\n"), "line 1: the name none is taken already".to_owned()),
        (format!("witness a {w0}\ngroup a any a\n"), "line 2: the name a is taken already".to_owned()),
        ("group g any w\n".to_owned(), "line 1: no line above defines w".to_owned()),
        ("group g any none\n".to_owned(), "line 1: no line above defines none".to_owned()),
        ("group g any\n".to_owned(), "line 1: such a line is written: group NAME all|any|NUMBER NAME...".to_owned()),
        ("group g\n".to_owned(), "line 1: such a line is written: group NAME all|any|NUMBER NAME...".to_owned()),
        (format!("witness a {w0}\ngroup g any a a\n"), "line 2: a is a member already: it would count twice".to_owned()),
        (format!("witness a {w0}\ngroup g any a\ngroup h any a\n"), "line 3: a is a member already: it would count twice".to_owned()),
        (format!("witness a {w0}\ngroup g 2 a\n"), "line 2: 2 is not how many of 1 are needed: write all, any, or a number from 1 to 1".to_owned()),
        (format!("witness a {w0}\ngroup g 0 a\n"), "line 2: 0 is not how many of 1 are needed: write all, any, or a number from 1 to 1".to_owned()),
        (format!("witness a {w0}\ngroup g +1 a\n"), "line 2: +1 is not how many of 1 are needed: write all, any, or a number from 1 to 1".to_owned()),
        ("quorum w\n".to_owned(), "line 1: no line above defines w".to_owned()),
        ("quorum\n".to_owned(), "line 1: such a line is written: quorum NAME, or quorum none".to_owned()),
        ("quorum none\nquorum none\n".to_owned(), "line 2: there is a quorum already: a policy has one".to_owned()),
        ("#".repeat((1 << 20) + 1), "line 1: a policy has at most 1048576 bytes".to_owned()),
        ("#".repeat(1 << 20), "line 1: a policy needs a line `quorum NAME`, or `quorum none`".to_owned()),
        ("quorum\u{7f} none\n".to_owned(), "line 1: a policy has no control characters but tabs and newlines, and this line has 0x7f".to_owned()),
    ] {
        assert_eq!(parse(&text).unwrap_err().to_string(), expected);
    }
}

#[test]
fn a_key_of_a_type_not_read_here_is_spelt_as_any_other() {
    let key = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, [6, 9, 9]);
    for (spelt, reads) in [
        ("pq.example+0123456f", true),
        ("pq.example+0123456", false),
        ("pq.example+0123456F", false),
        ("pq.example+0123456ff", false),
        ("+0123456f", false),
        ("pq\u{2003}example+0123456f", false),
    ] {
        let policy = parse(&format!("log {spelt}+{key}\nquorum none\n"));

        let fault = PolicyFault::Key(format!("{spelt}+{key}"));
        let expected = (!reads).then_some(BadPolicy { line: 1, fault });
        assert_eq!(policy.err(), expected, "{spelt}");
    }
}

#[test]
fn names_are_bytes_and_may_be_any() {
    let mut text = format!(
        "witness K {}\nwitness \u{212a} {}\n",
        witness(0),
        witness(1)
    )
    .into_bytes();
    text.extend(b"group \xff any K\n# \xfe\nquorum \xff\n");

    let policy = Policy::parse(&text).unwrap().for_logs(&[log()]);

    assert!(policy.judge(&note(&[(0, 1)])).is_ok());
    assert!(policy.judge(&note(&[(1, 1)])).is_err());
}

/// A witness, or a group of which so many are needed.
#[derive(Clone, Debug)]
enum Tree {
    Witness,
    Group(usize, Vec<Tree>),
}

fn trees() -> impl Strategy<Value = Tree> {
    Just(Tree::Witness).prop_recursive(4, 12, 4, |inner| {
        (
            any::<prop::sample::Index>(),
            prop::collection::vec(inner, 1..4),
        )
            .prop_map(|(least, members)| Tree::Group(least.index(members.len()) + 1, members))
    })
}

/// Writes the lines of a tree, and returns its name.
fn write(tree: &Tree, witnesses: &mut u8, lines: &mut Vec<String>) -> String {
    match tree {
        Tree::Witness => {
            let name = format!("w{witnesses}");
            lines.push(format!("witness {name} {}", witness(*witnesses)));
            *witnesses += 1;
            name
        }
        Tree::Group(least, members) => {
            let names: Vec<String> = members
                .iter()
                .map(|it| write(it, witnesses, lines))
                .collect();
            let name = format!("g{}", lines.len());
            lines.push(format!("group {name} {least} {}", names.join(" ")));
            name
        }
    }
}

/// Whether a tree is met, as it is defined; `next` is its first witness.
fn defined(tree: &Tree, next: &mut u8, present: &dyn Fn(u8) -> bool) -> bool {
    match tree {
        Tree::Witness => {
            *next += 1;
            present(*next - 1)
        }
        Tree::Group(least, members) => {
            let met = members.iter().map(|it| defined(it, next, present));
            met.filter(|met| *met).count() >= *least
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_quorum_is_met_and_was_met_last_as_counting_says(
        tree in trees(),
        seconds in prop::collection::vec(prop::option::of(1_u64..6), 64),
    ) {
        let (mut count, mut lines) = (0, vec![format!("log {}", log())]);
        let quorum = write(&tree, &mut count, &mut lines);
        lines.push(format!("quorum {quorum}"));
        let policy = parse(&lines.join("\n")).unwrap();
        let second = |number: u8| seconds.get(usize::from(number)).copied().flatten();
        let cosigned: Vec<(u8, u64)> = (0..count.min(64))
            .filter_map(|number| Some((number, second(number)?)))
            .collect();

        let judged = policy.judge(&note(&cosigned));

        let met = |since: u64| defined(&tree, &mut 0, &|it| second(it).is_some_and(|it| it >= since));
        prop_assert_eq!(judged.is_ok(), met(0));
        let latest = (0..6).rev().find(|since| met(*since));
        prop_assert_eq!(judged.ok().and_then(|it| it.seen), latest.map(at));
    }

    #[test]
    fn no_text_makes_the_reader_panic(lines in prop::collection::vec("(log|witness|group|quorum|none|any|all|[a-c0-3]|[ \t])*", 0..8)) {
        let _ = parse(&lines.join("\n"));
    }
}
