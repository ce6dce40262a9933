//! Dossiers are read with every place kept, and every fault told.
#![allow(clippy::unwrap_used, clippy::panic)]

use chancery_cli::dossier::{Dossier, Format, Lines, Reading, parse};
use chancery_core::fault::Fault;
use chancery_core::form::{FormValue, RecordForm, Span};
use proptest::prelude::*;

fn toml(text: &str) -> Dossier {
    Dossier::new(0, Some("a.toml".into()), text.as_bytes())
}

fn json(text: &str) -> Dossier {
    Dossier::new(0, Some("a.jsonl".into()), text.as_bytes())
}

/// The text of a span, and its line and column.
fn at(dossier: &Dossier, span: Span) -> (&str, usize, usize) {
    let place = Lines::new(&dossier.text).place(span.start);
    let text = &dossier.text[span.start..span.end];
    (text, place.line, place.column)
}

fn told<'d>(dossier: &'d Dossier, fault: &Fault) -> (&'static str, &'d str, usize, usize) {
    let (text, line, column) = at(dossier, fault.span);
    (fault.code, text, line, column)
}

fn all_told<'d>(
    dossier: &'d Dossier,
    reading: &Reading,
) -> Vec<(&'static str, &'d str, usize, usize)> {
    reading
        .faults
        .iter()
        .map(|fault| told(dossier, fault))
        .collect()
}

fn kinds(reading: &Reading) -> Vec<&str> {
    reading
        .forms
        .iter()
        .map(|form| form.kind.as_str())
        .collect()
}

fn value<'f>(form: &'f RecordForm, key: &str) -> &'f FormValue {
    let member = form.members.iter().find(|member| member.key == key);
    &member.unwrap().value.value
}

#[test]
fn toml_records_come_in_the_order_of_the_text_across_kinds() {
    let dossier = toml("[[event]]\n[[actor]]\n[actor.sub]\nx = 1\n[[event]]\n[[statment]]\n");

    let reading = parse(&dossier);

    assert_eq!(kinds(&reading), ["event", "actor", "event", "statment"]);
    assert_eq!(reading.faults, []);
}

#[test]
fn toml_places_are_exact_in_characters() {
    let dossier = toml(
        "# Genève\n[[actor]]\nid = \"a\"\n\n[[ event ]]\n\"é t\".\"ü\" = 1\ntitle = { \"ü\" = [true, 2.50] }\n",
    );

    let reading = parse(&dossier);

    let event = &reading.forms[1];
    assert_eq!(at(&dossier, reading.forms[0].kind_span), ("actor", 2, 3));
    assert_eq!(at(&dossier, event.kind_span), ("event", 5, 4));
    assert_eq!(at(&dossier, event.members[0].key_span), ("\"é t\"", 6, 1));
    let FormValue::Table(title) = value(event, "title") else {
        panic!("the title is a table");
    };
    let FormValue::List(items) = &title[0].value.value else {
        panic!("it holds a list");
    };
    assert_eq!(at(&dossier, title[0].key_span), ("\"ü\"", 7, 11));
    assert_eq!(at(&dossier, items[1].span), ("2.50", 7, 24));
}

#[test]
fn toml_values_keep_what_was_written() {
    let text = "[[event]]\nday = 2016-08-26\nat = 2016-08-26 07:00:00Z\nwhole = 1_000\nfar = 99999999999999999999\npart = 2.50\ntext = 'a\"b'\nlist = [\n true,\n]\n";
    let reading = parse(&toml(text));

    let event = &reading.forms[0];
    let written = |key| value(event, key).clone();
    assert_eq!(written("day"), FormValue::Text("2016-08-26".into()));
    assert_eq!(
        written("at"),
        FormValue::Text("2016-08-26T07:00:00Z".into())
    );
    assert_eq!(written("whole"), FormValue::Whole(1000));
    assert_eq!(
        written("far"),
        FormValue::Fraction("99999999999999999999".into())
    );
    assert_eq!(written("part"), FormValue::Fraction("2.50".into()));
    assert_eq!(written("text"), FormValue::Text("a\"b".into()));
    let keys: Vec<&str> = event
        .members
        .iter()
        .map(|member| member.key.as_str())
        .collect();
    assert_eq!(
        keys,
        ["day", "at", "whole", "far", "part", "text", "list"],
        "members stand in the order of the text"
    );
}

#[test]
fn sub_tables_belong_to_the_record_above_them() {
    let dossier =
        toml("[[instrument]]\nid = \"x\"\n[instrument.entry_into_force]\nconsents = 60\n");

    let reading = parse(&dossier);

    let FormValue::Table(rule) = value(&reading.forms[0], "entry_into_force") else {
        panic!("the rule is a table");
    };
    assert_eq!(at(&dossier, rule[0].key_span), ("consents", 4, 1));
    assert_eq!(at(&dossier, rule[0].value.span), ("60", 4, 12));
}

#[test]
fn a_single_table_and_a_stray_field_are_told_to_be_so() {
    let dossier = toml("title = 1\n[actor]\nid = \"a\"\n[[event]]\n");

    let reading = parse(&dossier);

    let expected = [("stray-field", "title", 1, 1), ("no-list", "actor", 2, 2)];
    assert_eq!(all_told(&dossier, &reading), expected);
    assert_eq!(
        reading.faults[1].help.as_deref(),
        Some("write `[[actor]]` above each of them")
    );
    assert_eq!(kinds(&reading), ["event"]);
}

#[test]
fn every_toml_error_is_told_and_only_the_records_it_stands_in_are_left_out() {
    let dossier = toml("[[act]]\nby = \"a\n[[act]]\nby = \"b\"\n[[act]]\non = 1\non = 2\n");

    let reading = parse(&dossier);

    let expected = [("bad-toml", "", 2, 8), ("bad-toml", "on", 7, 1)];
    assert_eq!(all_told(&dossier, &reading), expected);
    assert_eq!(reading.forms.len(), 1);
    assert_eq!(value(&reading.forms[0], "by"), &FormValue::Text("b".into()));
}

#[test]
fn an_unquoted_date_that_is_none_is_told_as_a_quoted_one_is() {
    let wrong = [
        (
            "2016-02-30",
            "30",
            "if the day is not known write `\"2016-02\"`",
        ),
        ("2016-07", "2016-07", "write `\"2016-07\"`"),
        (
            "2016-07-14/2016-07-15",
            "2016-07-14/2016-07-15",
            "write `\"2016-07-14/2016-07-15\"`",
        ),
        (
            "2016-07-14T10:00:00.5Z",
            "2016-07-14T10:00:00.5Z",
            "write the time without fractions: `2016-07-14T10:00:00Z`",
        ),
    ];

    for (date, place, help) in wrong {
        let dossier = toml(&format!("[[act]]\non = {date}\n"));
        let reading = parse(&dossier);

        let [fault] = &reading.faults[..] else {
            panic!("{date}: {:?}", reading.faults)
        };
        assert_eq!(
            (fault.code, at(&dossier, fault.span).0),
            ("bad-date", place)
        );
        assert_eq!(fault.help.as_deref(), Some(help), "{date}");
    }
}

#[test]
fn toml_times_are_taken_as_edtf_writes_them() {
    for written in [
        "2016-08-26 10:00:00Z",
        "2016-08-26t10:00:00z",
        "2016-08-26T10:00:00Z",
    ] {
        let reading = parse(&toml(&format!("[[act]]\non = {written}\n")));

        let expected = FormValue::Text("2016-08-26T10:00:00Z".to_owned());
        assert_eq!(value(&reading.forms[0], "on"), &expected);
    }
}

#[test]
fn json_lines_keep_their_places() {
    let dossier = json(
        "\n{\"record\": \"act\", \"é\": \"x\", \"on\": [1, -2.5e3]}\r\n\n{\"on\":null,\"record\":\"actor\"}",
    );

    let reading = parse(&dossier);

    assert_eq!(kinds(&reading), ["act", "actor"]);
    let act = &reading.forms[0];
    assert_eq!(at(&dossier, act.kind_span), ("\"act\"", 2, 12));
    assert_eq!(at(&dossier, act.members[1].key_span), ("\"on\"", 2, 29));
    assert_eq!(
        at(&dossier, act.members[1].value.span),
        ("[1, -2.5e3]", 2, 35)
    );
    assert_eq!(value(&reading.forms[1], "on"), &FormValue::Null);
}

#[test]
fn each_bad_json_line_is_its_own_fault_and_the_others_are_read() {
    let lines = [
        r#"{"record":"act",}"#,
        r#"{"record":"event"}"#,
        r#"{"record":"act""#,
        r"[1]",
        r#"{"by":"a"}"#,
        r#"{"record":7}"#,
        r#"{"é":01}"#,
        r#"{"record":"act"} // done"#,
        "{\"a\":\"\u{1}\"}",
        r#"{"a":"\ud800"}"#,
        r#"{record:"act"}"#,
        r"{'record':1}",
    ];
    let dossier = json(&lines.join("\n"));

    let reading = parse(&dossier);

    let places: Vec<_> = all_told(&dossier, &reading)
        .into_iter()
        .map(|(code, _, line, column)| (code, line, column))
        .collect();
    let expected = [
        ("bad-json", 1, 17),
        ("bad-json", 3, 16),
        ("no-record", 4, 1),
        ("missing-record", 5, 1),
        ("wrong-type", 6, 11),
        ("bad-json", 7, 7),
        ("bad-json", 8, 18),
        ("bad-json", 9, 7),
        ("bad-json", 10, 7),
        ("bad-json", 11, 2),
        ("bad-json", 12, 2),
    ];
    assert_eq!(places, expected);
    assert_eq!(kinds(&reading), ["event"]);
}

#[test]
fn doubled_keys_and_huge_numbers_are_kept_for_the_reader_of_records() {
    let reading = parse(&json(r#"{"record":"act","on":1,"on":1e999}"#));

    let members = &reading.forms[0].members;
    let keys: Vec<&str> = members.iter().map(|member| member.key.as_str()).collect();
    assert_eq!(keys, ["on", "on"]);
    assert_eq!(members[1].value.value, FormValue::Fraction("1e999".into()));
}

#[test]
fn a_line_with_two_kinds_is_no_record() {
    let dossier = json(r#"{"record":"act","record":"actor"}"#);

    let reading = parse(&dossier);

    let expected = [("doubled-field", "\"record\"", 1, 17)];
    assert_eq!(all_told(&dossier, &reading), expected);
    assert_eq!(reading.forms, []);
}

#[test]
fn nothing_is_nested_deep_enough_to_overflow_the_stack() {
    let lists = format!("{{\"record\":{}1{}}}", "[".repeat(64), "]".repeat(64));
    let flood = "[".repeat(100_000);
    let keys = ["a"; 79].join(".");
    let tables = format!(
        "[[actor]]\n{}{keys} = 1{}",
        format!("{keys} = {{").repeat(78),
        "}".repeat(78)
    );
    let brackets = format!("[[actor]]\nx = {flood}");
    for dossier in [json(&lists), toml(&tables)] {
        let reading = parse(&dossier);

        assert_eq!(reading.forms, []);
        assert_eq!(reading.faults[0].code, "too-deep");
    }
    for dossier in [json(&flood), toml(&brackets)] {
        assert!(!parse(&dossier).faults.is_empty());
    }
}

#[test]
fn what_is_not_utf_8_is_told_with_its_place() {
    let dossier = Dossier::new(3, None, b"[[actor]]\nid = \"\xC3\xA9\xFFx\"\n\xFE");

    let reading = parse(&dossier);

    let expected = [
        ("not-utf-8", "\u{fffd}", 2, 8),
        ("not-utf-8", "\u{fffd}", 3, 1),
    ];
    assert_eq!(all_told(&dossier, &reading), expected);
    assert_eq!(reading.faults[0].span.dossier, 3);
}

#[test]
fn a_byte_order_mark_is_no_character() {
    let dossier = Dossier::new(0, None, b"\xEF\xBB\xBF  {\"record\":\"act\"}");

    let reading = parse(&dossier);

    assert_eq!(at(&dossier, reading.forms[0].kind_span), ("\"act\"", 1, 13));
}

#[test]
fn the_format_is_chosen_by_the_name_or_else_by_the_text() {
    let format = |path: Option<&str>, text: &str| {
        Dossier::new(0, path.map(Into::into), text.as_bytes()).format
    };

    assert_eq!(format(Some("x.JSONL"), ""), Format::JsonLines);
    assert_eq!(format(Some("x.ndjson"), ""), Format::JsonLines);
    assert_eq!(format(Some("x.json"), ""), Format::JsonLines);
    assert_eq!(format(Some("x.toml"), "{}"), Format::Toml);
    assert_eq!(format(None, "\n {}"), Format::JsonLines);
    assert_eq!(format(None, "# a\n[[actor]]"), Format::Toml);
    assert_eq!(format(Some("x"), "{"), Format::JsonLines);
}

#[test]
fn an_offset_behind_the_end_or_inside_a_character_has_a_place() {
    let lines = Lines::new("é\r\nb");

    assert_eq!((lines.place(1).line, lines.place(1).column), (1, 1));
    assert_eq!((lines.place(99).line, lines.place(99).column), (2, 2));
    assert_eq!(lines.line(0), (0, "é"));
    assert_eq!(lines.line(99), (4, "b"));
}

#[test]
fn the_dossiers_of_the_example_are_read_whole() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/geneva-2016");
    let mut read = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();

        let reading = parse(&Dossier::new(0, Some(path), &bytes));

        assert_eq!(reading.faults, []);
        let headers = bytes.split(|byte| *byte == b'\n');
        let headers = headers.filter(|line| line.starts_with(b"[["));
        assert_eq!(reading.forms.len(), headers.count());
        read += 1;
    }
    assert_ne!(read, 0);
}

/// Text that comes near to being a dossier.
fn nearly() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("[[actor]]\n".to_owned()),
        Just("[[actor".to_owned()),
        Just("[actor.x]\n".to_owned()),
        Just("id = \"é\"\n".to_owned()),
        Just("x.y = {a = 1, b = [2016-01-01]}\n".to_owned()),
        Just("\"\"\"".to_owned()),
        Just("{\"record\":\"act\",\"on\":[1,{}]}\n".to_owned()),
        Just("{\"a\":\"\\ud83d\\ude00\"}\n".to_owned()),
        "[\\]\\[{}\"'=.,:\n\r\t #\\\\a0é]{0,6}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn every_span_is_text(dossier: &Dossier) {
    let reading = parse(dossier);

    for span in reading.faults.iter().map(|fault| fault.span) {
        assert!(dossier.text.get(span.start..span.end).is_some());
    }
    for form in &reading.forms {
        for span in form.members.iter().map(|member| member.value.span) {
            assert!(dossier.text.get(span.start..span.end).is_some());
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        every_span_is_text(&Dossier::new(0, Some("a.toml".into()), &bytes));
        every_span_is_text(&Dossier::new(0, Some("a.json".into()), &bytes));
    }

    #[test]
    fn no_near_miss_makes_the_reading_panic(text in nearly()) {
        every_span_is_text(&toml(&text));
        every_span_is_text(&json(&text));
    }
}
