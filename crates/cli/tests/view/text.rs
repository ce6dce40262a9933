//! Answers as people read them: in 80 columns, plain, and saying what they speak of.

use crate::bench::{BEFORE, Bench};

#[test]
fn a_text_answer_fits_eighty_columns_and_is_plain() {
    let bench = Bench::geneva();
    let questions: [&[&str]; 5] = [
        &["replay", "--on", "2016-08-27"],
        &["replay", "--on", "2016-07-14", "--certainty", "possible"],
        &["agreed", "--on", "2016-09-30"],
        &["commitments", "--on", "2016-09-20"],
        &["show", "envoy-recalls-parties"],
    ];

    for question in questions {
        let text = bench.ask(question);

        assert!(
            text.lines().all(|line| line.chars().count() <= 80),
            "{text}"
        );
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn a_text_answer_says_of_which_day_and_cut_it_speaks() {
    let bench = Bench::geneva();

    let all = bench.ask(&["commitments", "--on", "2016-08-27"]);
    let part = bench.ask(&["commitments", "--on", "2016-08-27", "--known-at", BEFORE]);

    assert!(
        all.contains("\non 2016-08-27, as known at 117 entries (everything recorded)\n"),
        "{all}"
    );
    assert!(
        part.contains("\non 2016-08-27, as known at 105 of 117 entries\n"),
        "{part}"
    );
}

#[test]
fn a_text_answer_says_by_whose_word_somebody_is_bound() {
    let bench = Bench::geneva();

    let text = bench.ask(&["commitments", "--on", "2016-08-27", "--actor", "de-mistura"]);

    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        folded.contains("de-mistura → syrian-parties: Call the parties back"),
        "{text}"
    );
    assert!(
        folded.contains("conditional; condition: “once every issue is settled”"),
        "{text}"
    );
    assert!(folded.contains("by kerry's word only"), "{text}");
}

#[test]
fn what_a_record_says_cannot_steer_the_terminal() {
    let bench = Bench::of(concat!(
        "[[instrument]]\nid = \"i\"\nkind = \"treaty\"\nadopted = \"2000\"\n",
        "title = \"A\\u001b[31m red \\u202e title\"\n",
    ));

    for question in [&["agreed"][..], &["replay"], &["show", "i"]] {
        let text = bench.ask(question);

        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }
}

#[test]
fn a_text_answer_passes_over_what_was_agreed_to_later() {
    let bench = Bench::geneva();

    let all = bench.ask(&["agreed", "--on", "2016-02-24"]);
    let named = bench.ask(&["agreed", "september-plan", "--on", "2016-02-24"]);

    let to_come = "not adopted yet: resolution-2268, moscow-understanding, september-plan";
    assert!(all.contains(to_come), "{all}");
    assert!(!all.contains("Plan of the United States"), "{all}");
    assert!(named.contains("Plan of the United States"), "{named}");
}
