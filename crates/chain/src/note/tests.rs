//! Tests of notes and the signatures under them.

use serde_json::Value;

use super::*;
use crate::testing::{key, shared};

fn bytes_of(case: &Value) -> Vec<u8> {
    if let Some(note) = case["note"].as_str() {
        return note.as_bytes().to_vec();
    }
    let hex = case["note_hex"].as_str().unwrap();
    (0..hex.len() / 2)
        .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
        .collect()
}

#[test]
fn the_published_notes_verify_as_they_should() {
    let Some(file) = shared("vectors/signed-note/notes.json") else {
        return;
    };
    let cases: Value = serde_json::from_str(&file).unwrap();
    for case in cases["cases"].as_array().unwrap() {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let list =
            |value: &Value| -> Vec<String> { value.as_array().unwrap().iter().map(text).collect() };
        let keys: Vec<VerifierKey> = list(&case["vkeys"])
            .iter()
            .map(|key| key.parse().unwrap())
            .collect();

        let note = Note::parse(&bytes_of(case));
        let verified = note.as_ref().ok().and_then(|note| note.verify(&keys).ok());

        let names = |keys: Vec<&VerifierKey>| -> Vec<String> {
            keys.iter().map(|key| key.name().to_owned()).collect()
        };
        let expected = case["ok"]
            .as_bool()
            .unwrap()
            .then(|| list(&case["verified"]));
        assert_eq!(verified.map(names), expected, "{}", case["desc"]);
        if let Some(error) = case["error"].as_str() {
            assert_eq!(note.is_err(), error.starts_with("malformed"), "{error}");
        } else {
            assert_eq!(note.unwrap().to_string().into_bytes(), bytes_of(case));
        }
    }
}

#[test]
fn a_note_reads_back_as_it_was_signed() {
    let note = Note::new("one\n\nthree\n").unwrap();
    let note = note.signed("archive.example/test", &key(1)).unwrap();
    let verifier = VerifierKey::new("archive.example/test", key(1).verifying_key()).unwrap();

    let read = Note::parse(note.to_string().as_bytes()).unwrap();

    assert_eq!(read, note);
    assert_eq!(read.text(), "one\n\nthree\n");
    assert_eq!(
        read.verify(std::slice::from_ref(&verifier)),
        Ok(vec![&verifier])
    );
}

#[test]
fn a_verifier_key_has_one_spelling() {
    let text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    assert_eq!(text.parse::<VerifierKey>().unwrap().to_string(), text);
    for wrong in [
        text.replace("530d903a", "530d903b"),
        text.replace("530d903a", "530D903A"),
        text.replace("530d903a", "30d903a"),
        text.replace("+Aek", "+Auk"),
        text.replace("example.com/foo", "example.com foo"),
        text.replace("example.com/foo", ""),
        format!("{text}="),
        String::new(),
    ] {
        assert_eq!(
            wrong.parse::<VerifierKey>(),
            Err(NotAVerifierKey),
            "{wrong}"
        );
    }
}

#[test]
fn a_signature_line_must_be_exact() {
    let good = "text\n\n\u{2014} name AAAAAAE=\n";
    assert!(Note::parse(good.as_bytes()).is_ok());
    for wrong in [
        "text\n\n\u{2014} name AAAAAA==\n",
        "text\n\n\u{2014} name  AAAAAAE=\n",
        "text\n\n\u{2014} na+me AAAAAAE=\n",
        "text\n\n- name AAAAAAE=\n",
        "text\n\n\u{2014} name AAAAAAE\n",
        "text\n\n\u{2014} name AAAAAAE= \n",
        "text\n\n\u{2014} na\u{2003}me AAAAAAE=\n",
        "text\n\u{2014} name AAAAAAE=\n",
        "text\r\n\n\u{2014} name AAAAAAE=\n",
    ] {
        assert!(Note::parse(wrong.as_bytes()).is_err(), "{wrong:?}");
    }
}

/// The vector of a checkpoint with a cosignature, made with another library.
fn vector() -> Value {
    let file = include_str!("../../../../tests/vectors/cosignature.json");
    serde_json::from_str(file).unwrap()
}

fn witness() -> VerifierKey {
    VerifierKey::cosigner("witness.example/w1", key(7).verifying_key()).unwrap()
}

#[test]
fn a_cosignature_made_elsewhere_verifies_and_tells_its_time() {
    let vector = vector();
    let keys = ["log", "witness"].map(|who| vector[who].as_str().unwrap().parse().unwrap());
    let note = Note::parse(vector["note"].as_str().unwrap().as_bytes()).unwrap();

    let signers = note.signers(&keys.each_ref()).unwrap();

    let seen = Instant::from_micros(vector["time"].as_u64().unwrap() * 1_000_000);
    let expected = [(&keys[0], None), (&keys[1], Some(seen))];
    let found: Vec<_> = signers.iter().map(|it| (it.key, it.seen)).collect();
    assert_eq!(found, expected);
    assert_eq!(keys[1], witness());
}

#[test]
fn a_cosignature_is_made_byte_for_byte_as_elsewhere() {
    let vector = vector();
    let seen = Instant::from_micros(vector["time"].as_u64().unwrap() * 1_000_000 + 999_999);
    let whole = vector["note"].as_str().unwrap();
    let note = Note::parse(whole.as_bytes()).unwrap();

    let mut made = Note::new(note.text()).unwrap();
    made.add(NoteSignature::of_log(note.text(), "archive.example/test", &key(1)).unwrap());
    made.add(NoteSignature::of_witness(note.text(), witness().name(), &key(7), seen).unwrap());

    assert_eq!(made.to_string(), whole);
}

#[test]
fn every_byte_of_a_cosignature_counts() {
    let note = Note::parse(vector()["note"].as_str().unwrap().as_bytes()).unwrap();
    let line = &note.signatures()[1];

    for place in 0..line.bytes.len() {
        let mut changed = Note::new(note.text()).unwrap();
        let mut signature = line.clone();
        signature.bytes[place] ^= 1;
        changed.add(signature);

        let name = witness().name().to_owned();
        assert_eq!(
            changed.signers(&[&witness()]),
            Err(Unverified::Invalid { name })
        );
    }
}

#[test]
fn a_logs_signature_is_no_cosignature_and_the_other_way_round() {
    let text = "archive.example/test\n";
    let (name, seen) = ("archive.example/test", Instant::from_micros(1_000_000));
    let log = VerifierKey::new(name, key(1).verifying_key()).unwrap();
    let witness = VerifierKey::cosigner(name, key(1).verifying_key()).unwrap();
    let of_log = NoteSignature::of_log(text, name, &key(1)).unwrap();
    let of_witness = NoteSignature::of_witness(text, name, &key(1), seen).unwrap();

    for (signature, other) in [(of_log, &witness), (of_witness, &log)] {
        let mut note = Note::new(text).unwrap();
        note.add(NoteSignature {
            id: other.id(),
            ..signature
        });
        assert!(matches!(
            note.signers(&[other]),
            Err(Unverified::Invalid { .. })
        ));
    }
}

#[test]
fn a_cosignature_from_beyond_all_time_is_none() {
    let (text, time) = ("text\n", u64::MAX);
    let mut bytes = time.to_be_bytes().to_vec();
    let message = format!("cosignature/v1\ntime {time}\n{text}");
    bytes.extend(ed25519_dalek::Signer::sign(&key(7), message.as_bytes()).to_bytes());
    let (name, id) = (witness().name().to_owned(), witness().id());
    let mut note = Note::new(text).unwrap();
    note.add(NoteSignature { name, id, bytes });

    assert!(matches!(
        note.signers(&[&witness()]),
        Err(Unverified::Invalid { .. })
    ));
}

#[test]
fn signatures_of_other_types_are_carried_and_ignored() {
    let mut note = Note::parse(vector()["note"].as_str().unwrap().as_bytes()).unwrap();
    // As long as a post-quantum cosignature: a time and 2,420 bytes.
    note.add(NoteSignature {
        name: "witness.example/pq".to_owned(),
        id: 6,
        bytes: vec![6; 2428],
    });

    let read = Note::parse(note.to_string().as_bytes()).unwrap();

    assert_eq!(read, note);
    assert_eq!(read.signers(&[&witness()]).unwrap().len(), 1);
}

#[test]
fn signature_lines_read_back_and_nothing_else_does() {
    let note = vector();
    let (_, lines) = note["note"].as_str().unwrap().split_once("\n\n").unwrap();

    let read = parse_signatures(lines).unwrap();

    let again: Vec<String> = read.iter().map(ToString::to_string).collect();
    assert_eq!(again, lines.lines().collect::<Vec<_>>());
    for wrong in [
        "",
        "\n",
        lines.trim_end(),
        &format!("\n{lines}"),
        &format!("{lines}\n"),
    ] {
        assert!(parse_signatures(wrong).is_err(), "{wrong:?}");
    }
    assert_eq!(
        parse_signatures(&lines.repeat(51)),
        Err(MalformedNote::Count)
    );
}

#[test]
fn a_note_never_gets_more_signatures_than_it_may_have() {
    let mut note = Note::new("text\n").unwrap();
    for number in 0..200 {
        note.add(NoteSignature {
            name: "name".to_owned(),
            id: number,
            bytes: vec![1],
        });
        note.add(NoteSignature {
            name: "name".to_owned(),
            id: number,
            bytes: vec![1],
        });
    }

    assert_eq!(note.signatures().len(), MAX_SIGNATURES);
    assert!(Note::parse(note.to_string().as_bytes()).is_ok());
}

#[test]
fn a_key_that_signs_again_stands_there_once() {
    let (name, text) = (witness().name().to_owned(), "text\n");
    let line = |second: u64| {
        let seen = Instant::from_micros(second * 1_000_000);
        NoteSignature::of_witness(text, &name, &key(7), seen).unwrap()
    };
    let other = NoteSignature::of_log(text, &name, &key(7)).unwrap();
    let mut note = Note::new(text).unwrap();
    for signature in [line(1), other.clone(), line(2)] {
        note.renew(signature);
    }

    assert_eq!(note.signatures(), [other, line(2)]);
}

#[test]
fn a_note_is_as_long_as_it_may_be_and_no_longer() {
    let line = "\u{2014} name AAAAAAE=\n";
    let of = |length: usize| format!("{}\n\n{line}", "x".repeat(length - line.len() - 2));

    assert!(Note::parse(of(1_000_000).as_bytes()).is_ok());
    let longer = Note::parse(of(1_000_001).as_bytes());
    assert_eq!(longer, Err(MalformedNote::Length));
    let text = format!("{}\n", "x".repeat(999_999));
    assert!(Note::new(&text).is_none() && Note::new(&text[1..]).is_some());
}

#[test]
fn a_line_that_is_no_signature_is_named() {
    let line = "\u{2014} name AAAAAAE=\n";

    let third = parse_signatures(&format!("{line}{line}no signature\n"));

    assert_eq!(third, Err(MalformedNote::Signature { line: 3 }));
}

#[test]
fn a_key_that_signed_twice_is_one_signer() {
    let (name, text) = (witness().name().to_owned(), "text\n");
    let mut note = Note::new(text).unwrap();
    for second in [1, 2] {
        let seen = Instant::from_micros(second * 1_000_000);
        note.add(NoteSignature::of_witness(text, &name, &key(7), seen).unwrap());
    }

    let known = [witness()];

    assert_eq!(note.signers(&[&known[0]]).unwrap().len(), 2);
    assert_eq!(note.verify(&known), Ok(vec![&known[0]]));
}

#[test]
fn a_key_that_signs_again_takes_the_place_of_no_other() {
    let line = |name: &str, id, byte| NoteSignature {
        name: name.to_owned(),
        id,
        bytes: vec![byte],
    };
    let others = [line("name", 2, 0), line("other", 1, 0)];
    let mut note = Note::new("text\n").unwrap();
    for signature in [line("name", 1, 0)].iter().chain(&others) {
        note.add(signature.clone());
    }

    note.renew(line("name", 1, 9));

    let [second, third] = others;
    assert_eq!(note.signatures(), [second, third, line("name", 1, 9)]);
}

#[test]
fn a_line_is_by_a_key_only_if_it_has_both_its_name_and_its_identifier() {
    let text = "text\n";
    let signed = NoteSignature::of_log(text, "archive.example/test", &key(1)).unwrap();
    let verifier = VerifierKey::new("archive.example/test", key(1).verifying_key()).unwrap();
    let of_another_name = NoteSignature {
        name: "archive.example/other".to_owned(),
        bytes: vec![1],
        ..signed.clone()
    };
    let of_another_key = NoteSignature {
        id: signed.id ^ 1,
        bytes: vec![1],
        ..signed.clone()
    };
    let mut note = Note::new(text).unwrap();
    for line in [of_another_name, of_another_key, signed] {
        note.add(line);
    }

    let known = [verifier];

    assert_eq!(note.verify(&known), Ok(vec![&known[0]]));
}
