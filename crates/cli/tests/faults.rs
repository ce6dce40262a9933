//! Faults are shown with their place, as text of 80 columns and as JSON.
#![allow(clippy::unwrap_used)]

use chancery_cli::dossier::{Dossier, parse};
use chancery_cli::faults::{SHOWN, human, json};
use chancery_core::fault::Fault;
use chancery_core::form::Span;
use proptest::prelude::*;

const TEXT: &str =
    "[[statement]]\nid = \"x\"\nsayd = \"2016\" # é\n\ttab\t\tx = 1\n漢字 e\u{301}x\n";

fn dossier(text: &str) -> Dossier {
    Dossier::new(0, Some("visits/a.toml".into()), text.as_bytes())
}

/// A fault under the first place where `words` stand.
fn under(dossier: &Dossier, words: &str, message: &str) -> Fault {
    let start = dossier.text.find(words).unwrap();
    let span = dossier.span(start, start + words.len());
    Fault::new(span, "unknown-field", message)
}

fn shown(dossier: &Dossier, fault: Fault) -> String {
    human(std::slice::from_ref(dossier), &[fault], false)
}

#[test]
fn a_fault_is_shown_with_its_place_its_line_and_what_would_be_right() {
    let dossier = dossier(TEXT);
    let fault = under(&dossier, "sayd", "there is no field `sayd` here");

    let text = shown(&dossier, fault.help("did you mean `said`?"));

    let expected = "\
error: there is no field `sayd` here
 --> visits/a.toml:3:1
  |
3 | sayd = \"2016\" # é
  | ^^^^
  |
  = help: did you mean `said`?
";
    assert_eq!(text, expected);
}

#[test]
fn the_caret_stands_right_behind_tabs_and_wide_and_combining_characters() {
    let dossier = dossier(TEXT);
    let tab = under(&dossier, "x = 1", "after tabs");
    let wide = under(&dossier, "x\n", "after wide ones");

    let text = human(std::slice::from_ref(&dossier), &[wide, tab], false);

    let expected = "\
error: after tabs
 --> visits/a.toml:4:7
  |
4 |     tab        x = 1
  |                ^^^^^

error: after wide ones
 --> visits/a.toml:5:6
  |
5 | 漢字 e\u{301}x
  |       ^
";
    assert_eq!(text, expected);
}

#[test]
fn a_fault_of_many_lines_is_shown_on_its_first() {
    let dossier = dossier("[[a]]\ntext = \"\"\"one\ntwo\"\"\"\n");
    let fault = under(&dossier, "\"\"\"one\ntwo\"\"\"", "odd");

    let text = shown(&dossier, fault);

    let expected = "\
error: odd
 --> visits/a.toml:2:8
  |
2 | text = \"\"\"one
  |        ^^^^^^
";
    assert_eq!(text, expected);
}

#[test]
fn the_end_of_a_dossier_has_a_caret() {
    let dossier = dossier("{\"record\": \"act\"\n");
    let text = shown(
        &dossier,
        Fault::new(dossier.span(16, 16), "bad-json", "cut short"),
    );

    let expected = "\
error: cut short
 --> visits/a.toml:1:17
  |
1 | {\"record\": \"act\"
  |                 ^
";
    assert_eq!(text, expected);
}

#[test]
fn a_long_line_is_cut_around_its_fault() {
    let line = format!(
        "{{\"text\": \"{}\", \"onn\": \"{}\"}}",
        "word ".repeat(400),
        "x".repeat(1990)
    );
    let dossier = Dossier::new(0, None, line.as_bytes());
    let fault = under(&dossier, "\"onn\"", "odd").help("did you mean `on`?");

    let text = shown(&dossier, fault);

    let expected = "\
error: odd
 --> standard input:1:2014
  |
1 | ...ord word word word word word \", \"onn\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...
  |                                    ^^^^^
  |
  = help: did you mean `on`?
";
    assert_eq!(text, expected);
}

#[test]
fn long_messages_are_broken_between_words() {
    let dossier = dossier(TEXT);
    let many =
        "the fields are id, speakers, said, mode, text, as, for, to, via, place, occasion or about";
    let fault = under(&dossier, "sayd", many).help(many);

    let text = shown(&dossier, fault);

    let expected = "\
error: the fields are id, speakers, said, mode, text, as, for, to, via, place,
       occasion or about
 --> visits/a.toml:3:1
  |
3 | sayd = \"2016\" # é
  | ^^^^
  |
  = help: the fields are id, speakers, said, mode, text, as, for, to, via,
          place, occasion or about
";
    assert_eq!(text, expected);
}

#[test]
fn what_would_move_the_cursor_is_written_out() {
    let dossier = Dossier::new(0, Some("a\u{1b}[2J.toml".into()), b"x = \"\x1b[31m\"\n");
    let fault = under(&dossier, "x", "there is no field `\u{1b}[31m\u{202e}`");

    let text = shown(&dossier, fault);

    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
}

#[test]
fn colours_are_for_those_who_ask_for_them() {
    let dossier = dossier(TEXT);
    let fault = under(&dossier, "sayd", "odd");

    let text = human(&[dossier], &[fault], true);

    assert!(text.contains("\u{1b}[1m"), "{text:?}");
}

#[test]
fn fifty_faults_are_shown_and_the_others_counted() {
    let text = "x\n".repeat(53);
    let dossier = dossier(&text);
    let faults: Vec<Fault> = (0..53)
        .rev()
        .map(|line| Fault::new(dossier.span(2 * line, 2 * line + 1), "odd", "odd"))
        .collect();

    let text = human(std::slice::from_ref(&dossier), &faults, false);
    let object: serde_json::Value = serde_json::from_str(&json(&[dossier], &faults)).unwrap();

    assert!(text.starts_with("error: odd\n --> visits/a.toml:1:1\n"));
    assert!(text.ends_with("\n\n… and 3 more\n"));
    assert_eq!(text.matches("error: odd").count(), SHOWN);
    assert_eq!(object["faults"].as_array().unwrap().len(), SHOWN);
    assert_eq!(object["more"], 3);
}

#[test]
fn json_counts_lines_and_characters_from_one() {
    let dossiers = [
        dossier(TEXT),
        Dossier::new(1, None, "é {\"record\"".as_bytes()),
    ];
    let faults = [
        Fault::new(dossiers[1].span(3, 4), "bad-json", "odd"),
        under(&dossiers[0], "x\n", "odder").help("so"),
    ];

    let line = json(&dossiers, &faults);

    let expected = concat!(
        r#"{"schema":"chancery.error/1","faults":["#,
        r#"{"file":"visits/a.toml","line":5,"column":6,"code":"unknown-field","message":"odder","help":"so"},"#,
        r#"{"file":"standard input","line":1,"column":3,"code":"bad-json","message":"odd","help":null}]}"#
    );
    assert_eq!(line, expected);
}

#[test]
fn a_fault_of_no_dossier_is_shown_without_a_place() {
    let fault = Fault::new(Span::default(), "odd", "odd").help("so");

    assert_eq!(
        human(&[], std::slice::from_ref(&fault), false),
        "error: odd\n |\n = help: so\n"
    );
    assert_eq!(human(&[], &[], false), "");
    assert!(json(&[], &[fault]).contains(r#""file":null,"line":null,"#));
}

#[test]
fn what_a_reading_finds_is_shown_where_it_stands() {
    let dossier = Dossier::new(0, Some("a.jsonl".into()), b"{\"record\":\"act\",}\n");
    let faults = parse(&dossier).faults;

    let expected = "\
error: this is no JSON: key must be a string
 --> a.jsonl:1:17
  |
1 | {\"record\":\"act\",}
  |                 ^
  |
  = help: each line holds one whole record, as strict JSON
";
    assert_eq!(human(&[dossier], &faults, false), expected);
}

proptest! {
    #[test]
    fn no_text_and_no_span_make_the_showing_panic(
        text in "[a\u{301}\u{200d}漢\t\r\n\u{1b}\u{202e}é x]{0,120}",
        times in 1_usize..40,
        start in 0_usize..9000,
        length in 0_usize..300,
    ) {
        let dossier = dossier(&text.repeat(times));
        let fault = Fault::new(dossier.span(start, start + length), "odd", text);

        let dossiers = [dossier];
        let _ = json(&dossiers, std::slice::from_ref(&fault));
        let _ = human(&dossiers, &[fault], true);
    }
}
